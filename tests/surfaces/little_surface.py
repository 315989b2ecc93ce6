"""A small Mackie surface for tests, written from the protocol's bytes alone: motors under fingers, lights, texts.

It knows nothing of the program's own codec. Its motors take a quarter of a second from end to end; a finger stops them
where they are. A motor that is driven while a finger rests on it is noted: that is the fault which people feel.
"""

from __future__ import annotations

from collections.abc import Callable

FULL_TRAVEL_SECONDS = 0.25
TOP = 1023


class Motor:
    """One motor fader; positions are its real ten bits."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._from, self._to, self._since = 0, 0, clock()
        self.finger = False
        self.fought = 0
        self.driven = 0

    @property
    def at(self) -> int:
        done = TOP * (self._clock() - self._since) / FULL_TRAVEL_SECONDS
        way = self._to - self._from
        return self._to if done >= abs(way) else self._from + round(done if way > 0 else -done)

    def drive(self, to: int) -> None:
        self.driven += 1
        if self.finger:
            self.fought += 1
            return
        self._from, self._to, self._since = self.at, to, self._clock()

    def stop(self, at: int) -> None:
        self._from = self._to = at


class LittleSurface:
    """One unit. `out` gets each message that it sends."""

    def __init__(self, clock: Callable[[], float], out: Callable[[bytes], None], device: int = 0x14) -> None:
        self._out, self.device = out, device
        self.motors = [Motor(clock) for _ in range(9)]
        self.lcd = bytearray(b"?" * 112)
        self.lit: dict[int, int] = {}
        self.rings: dict[int, int] = {}
        self.digits: dict[int, int] = {}
        self.meters: list[tuple[int, int]] = []
        self.colors = b""
        self.odd: list[bytes] = []

    # From the host

    def receive(self, message: bytes) -> None:
        status = message[0]
        if 0xE0 <= status <= 0xE8 and len(message) == 3:
            self.motors[status & 0xF].drive((message[2] << 7 | message[1]) >> 4)
        elif status == 0x90 and len(message) == 3:
            self.lit[message[1]] = message[2]
        elif status == 0xB0 and 0x30 <= message[1] <= 0x37:
            self.rings[message[1] - 0x30] = message[2]
        elif status == 0xB0 and 0x40 <= message[1] <= 0x4B:
            self.digits[message[1] - 0x40] = message[2]
        elif status == 0xD0 and len(message) == 2:
            self.meters.append((message[1] >> 4, message[1] & 0xF))
        elif message[:5] == bytes((0xF0, 0, 0, 0x66, self.device)) and message[-1] == 0xF7:
            self._system(message[5], message[6:-1])
        else:
            self.odd.append(message)

    def _system(self, command: int, data: bytes) -> None:
        if command == 0x12:
            text = data[1:]
            self.lcd[data[0] : data[0] + len(text)] = text
        elif command == 0x72:
            self.colors = data
        elif command == 0x00:
            self.announce()
        else:
            self.odd.append(data)

    def announce(self) -> None:
        """Answer a device query, as after a switch-on."""
        self._out(bytes((0xF0, 0, 0, 0x66, self.device, 0x01, *range(11), 0xF7)))

    def upper(self, strip: int) -> str:
        return self.lcd[7 * strip : 7 * strip + 7].decode("ascii").strip()

    def lower(self, strip: int) -> str:
        return self.lcd[56 + 7 * strip : 56 + 7 * strip + 7].decode("ascii").strip()

    @property
    def time(self) -> str:
        """Digits of the time display from left to right, each dot behind its digit."""
        codes = [self.digits.get(place, 0x20) for place in range(9, -1, -1)]
        return "".join(
            chr(code & 0x3F if code & 0x20 else (code & 0x3F) + 0x40) + ("." if code & 0x40 else "") for code in codes
        ).strip()

    # A person's hands

    def touch(self, fader: int) -> None:
        motor = self.motors[fader]
        motor.stop(motor.at)
        motor.finger = True
        self._out(bytes((0x90, 0x68 + fader, 0x7F)))

    def move(self, fader: int, to: int) -> None:
        self.motors[fader].stop(to)
        value = to << 4 | to >> 6
        self._out(bytes((0xE0 | fader, value & 0x7F, value >> 7)))

    def lift(self, fader: int) -> None:
        self.motors[fader].finger = False
        self._out(bytes((0x90, 0x68 + fader, 0x00)))

    def press(self, note: int) -> None:
        self.down(note)
        self.up(note)

    def down(self, note: int) -> None:
        self._out(bytes((0x90, note, 0x7F)))

    def up(self, note: int) -> None:
        self._out(bytes((0x90, note, 0x00)))

    def turn(self, knob: int, ticks: int) -> None:
        self._out(bytes((0xB0, 0x10 + knob, ticks if ticks > 0 else 0x40 | -ticks)))

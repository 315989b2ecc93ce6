"""Session over one open port: values out at the pace of a cable, control changes in, and echoes ignored."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.midi_cc.control import Button, Entry, Knob
from remote_mixer.drivers.midi_cc.decoder import CallLater, Decoder, Timer
from remote_mixer.drivers.midi_ports import Link

ECHO_SECONDS = 0.15
"""Time after the last send in which an answer may be an echo of any value of the gesture."""
SETTLED_SECONDS = 1.0
"""Time after the last send in which a neighbouring value is the console's rounding; later it is a move."""
MOST_REMEMBERED = 256


class Echo:
    """Numbers sent on one control, to tell echoes from moves. Times are seconds of any monotonic clock.

    Gear echoes what it receives, at once or a little later, and often rounded by one. Counted as moves, such
    echoes would pull a fader back under the finger.
    """

    def __init__(self) -> None:
        self._sent: deque[int] = deque(maxlen=MOST_REMEMBERED)
        self._last_at = 0.0
        self._answered: tuple[int, int] | None = None  # the number, and its tolerance

    def sent(self, raw: int, now: float) -> None:
        """Record a number that was sent."""
        if now - self._last_at > ECHO_SECONDS:
            self._sent.clear()
        self._sent.append(raw)
        self._last_at = now
        self._answered = None

    def is_echo(self, raw: int, tolerance: int, now: float) -> bool:
        """Return whether a received number is an echo within the tolerance; after a move, none is until the next send.

        Echoes arrive in sending order, so a number sent before the last echoed one is not an echo.
        """
        if not self._sent:
            return False
        candidates = list(self._sent) if now - self._last_at <= ECHO_SECONDS else [self._sent[-1]]
        place = next((p for p, ours in enumerate(candidates) if abs(ours - raw) <= tolerance), None)
        if place is None or now - self._last_at > SETTLED_SECONDS:
            self._sent.clear()
            return False
        self._answered = raw, tolerance
        for _ in range(place if len(candidates) > 1 else 0):
            self._sent.popleft()
        return True

    @property
    def stands_at(self) -> int | None:
        """The console's number where it differs from the one sent last; None where it does not, or no echo came."""
        if not self._sent or not self._answered:
            return None
        raw, tolerance = self._answered
        return raw if abs(self._sent[-1] - raw) > tolerance else None

    def rest(self, now: float) -> float:
        """Return the seconds until no echo of an earlier value can come; 0 or less when that time is over."""
        return self._last_at + ECHO_SECONDS - now

    def forget(self) -> None:
        """Count nothing as an echo until the next send."""
        self._sent.clear()


MESSAGES_A_SECOND = 580
"""A DIN cable carries about 1,000; this stays under 600 in every second anywhere."""
ROUNDING, COARSE_ROUNDING = 1, 128
"""Tolerances of an echo: one lower is common; without the fine half, one coarse step."""


class PacedLink:
    """A link that keeps the pace of a cable."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._free_at = time.monotonic()

    def send(self, messages: list[bytes]) -> None:
        """Send messages now; `rest` grows by the time that they take."""
        for message in messages:
            self.link.send(message)
        self._free_at = max(self._free_at, time.monotonic()) + len(messages) / MESSAGES_A_SECOND

    @property
    def rest(self) -> float:
        """Seconds until the next messages may leave."""
        return max(0.0, self._free_at - time.monotonic())


class Session:
    """The controls of one map on one link.

    values      the console's values by local path, as far as known
    on_move     called with (local path, value) when the console moves a param itself
    call_later  the loop's
    """

    def __init__(
        self, line: PacedLink, values: Mapping[str, Value], on_move: Callable[[str, Value], None], call_later: CallLater
    ) -> None:
        self.line = line
        self._values = dict(values)
        self._on_move = on_move
        self._call_later = call_later
        self._settling: dict[str, Timer] = {}
        self._entries: Mapping[str, Entry] = {}
        self._echoes: dict[str, Echo] = {}
        self._decoder = Decoder({}, self._decoded, call_later)

    def set_entries(self, entries: Mapping[str, Entry]) -> None:
        """Replace the controls; a control that stays keeps its echoes."""
        stay = {path: echo for path, echo in self._echoes.items() if entries.get(path) == self._entries[path]}
        for path in self._settling.keys() - stay.keys():
            self._settling.pop(path).cancel()
        self._entries = entries
        self._echoes = {path: Echo() for path in entries} | stay
        self._decoder.set_controls({path: entry.control for path, entry in entries.items()})

    def close(self) -> None:
        """Stop the decoder and all timers."""
        self._decoder.close()
        for timer in self._settling.values():
            timer.cancel()
        self._settling.clear()

    def receive(self, channel: int, number: int, value: int) -> None:
        """Handle an incoming control change."""
        self._decoder.take(channel, number, value)

    def send(self, path: str, value: Value) -> None:
        """Send one value; a momentary button is pressed only where that changes its state."""
        entry = self._entries.get(path)
        if not entry or (is_momentary(entry) and self._values.get(path) == value):
            return
        self._values[path] = value
        self._send(path, entry.raw(value), entry.messages(value))

    def send_raw(self, path: str, *numbers: int) -> None:
        """Send numbers on a control at once, whatever their meaning."""
        for raw in numbers:
            self._send(path, raw, self._entries[path].control.messages(raw))

    def _send(self, path: str, raw: int, messages: list[bytes]) -> None:
        self.line.send(messages)
        self._decoder.sent(path, raw)
        self._echoes[path].sent(raw, time.monotonic())

    def _decoded(self, path: str, raw: int, coarse: bool) -> None:
        entry, echo = self._entries[path], self._echoes[path]
        value = entry.value(raw)
        rounding = 0 if isinstance(entry, Button) else COARSE_ROUNDING if coarse else ROUNDING
        if not echo.is_echo(entry.raw(value), rounding, time.monotonic()):
            self._moved(path, value)
        elif echo.stands_at is not None and path not in self._settling:
            self._settle(path)

    def _settle(self, path: str) -> None:
        """Wait until no echo of an earlier value can come; if the console's value then differs, report it."""
        self._settling.pop(path, None)
        echo = self._echoes[path]
        rest = echo.rest(time.monotonic())
        if rest > 0:
            self._settling[path] = self._call_later(rest, lambda: self._settle(path))
        elif echo.stands_at is not None:
            raw = echo.stands_at
            echo.forget()
            self._moved(path, self._entries[path].value(raw))

    def _moved(self, path: str, value: Value) -> None:
        self._values[path] = value
        self._on_move(path, value)


def wiggle(entry: Entry, value: Value) -> list[tuple[int, ...]]:
    """Return the groups of numbers that move a control a little and end at a value, for MIDI learn in a DAW.

    Each group leaves at once. A momentary button is pressed an even number of times, so that its state stays the same.
    """
    raw = entry.raw(value)
    if isinstance(entry, Knob):
        return [(raw - 1 if raw > entry.low else raw + 1,), (raw,)] * 3
    if entry.momentary:
        return [(entry.on, entry.off)] * 2
    return [(entry.off if raw == entry.on else entry.on,), (raw,)] * 3


def resting(entry: Entry) -> Value:
    """Return a safe value for a control whose value is unknown: mid travel, or off."""
    return entry.value((entry.low + entry.high + 1) // 2 if isinstance(entry, Knob) else entry.off)


def is_momentary(entry: Entry) -> bool:
    """Return whether a control is a momentary button, which each send toggles."""
    return isinstance(entry, Button) and entry.momentary

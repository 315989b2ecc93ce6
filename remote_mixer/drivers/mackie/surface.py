"""Surface as the DAW has painted it: all units' strips in one row, main fader, LEDs, displays."""

from __future__ import annotations

from collections.abc import Callable

from remote_mixer.desk.params import Value
from remote_mixer.drivers.mackie.banks import UNNAMED, Window
from remote_mixer.drivers.mackie.displays import Lcd, Meters, TimeDisplay
from remote_mixer.drivers.mackie.feedback import Pan
from remote_mixer.drivers.mackie.texts import PanTexts
from remote_mixer.midi import mackie as protocol
from remote_mixer.midi.mackie import STRIPS
from remote_mixer.midi.messages import CONTROL_CHANGE, NOTE_ON, PITCH_BEND, SYSEX

_NOTE_OFF, _PRESSURE = 0x80, 0xD0
_TIME_CHANNEL_STATUS = {CONTROL_CHANGE, CONTROL_CHANGE | 0xF}
"""Channel 1, and 16 for DAWs that send the time there."""


class Surface:
    """State painted by the DAW. Strips count from 0 over all units; fader number `width` is main. None is unpainted.

    takes_fader  called with (fader, 14 bits); returns whether the DAW's value counts now
    clock        seconds
    """

    def __init__(self, units: int, takes_fader: Callable[[int, int], bool], clock: Callable[[], float]) -> None:
        self.width = units * STRIPS
        self.faders: list[float | None] = [None] * (self.width + 1)
        self.rings: list[int | None] = [None] * self.width
        self.leds: dict[str, list[bool | None]] = {led: [None] * self.width for led in protocol.STRIP_LEDS}
        self.globals: dict[str, bool | None] = dict.fromkeys(protocol.GLOBAL_LEDS)
        self.meters = Meters(self.width, clock)
        self.time = TimeDisplay()
        self.changes = 0
        """Count of painted changes, without meters and time."""
        self.fresh: set[tuple[int, str]] = set()
        """Painted and not reported yet: (strip, item), strip −1 for the surface itself."""
        self.names: Window = ("",) * self.width
        self.painted_names: set[int] = set()
        """Strips whose names were painted since this was cleared, changed or not."""
        self.texts: Window = ("",) * self.width
        self._painted: set[tuple[int, str]] = set()
        self.colors: list[str | None] = [None] * self.width
        self._lcds = [Lcd() for _ in range(units)]
        self._second_lcds = [Lcd() for _ in range(units)]
        self._pan_texts = PanTexts()
        self._takes_fader = takes_fader

    def receive(self, unit: int, message: bytes) -> None:
        """Handle one whole message to a unit; unknown ones are ignored."""
        status = message[0]
        first = unit * STRIPS
        if status == _PRESSURE:
            self._meter(first, message[1])
        elif status & 0xF0 == PITCH_BEND:
            self._fader(unit, status & 0xF, message[1] | message[2] << 7)
        elif status in {NOTE_ON, _NOTE_OFF}:
            self._led(first, message[1], message[2] if status == NOTE_ON else 0)
        elif status in _TIME_CHANNEL_STATUS:
            self._control(first, message[1], message[2])
        elif status == SYSEX:
            self._system(unit, message)

    def set_fader(self, fader: int, value: int) -> None:
        """Set a fader to the DAW's value (14 bits)."""
        position = protocol.fader_position(value)
        if self.faders[fader] != position:
            self.faders[fader] = position
            self._differs(fader, "fader")

    def painted(self) -> bool:
        """Return whether any strip shows a track."""
        return any(self.window())

    def forget_painted(self) -> None:
        """Begin to note what is painted from now on."""
        self.painted_names, self._painted = set(), set()

    @property
    def _repainted(self) -> bool:
        """Whether ring and mute light of most strips were painted since then, as of a window that has moved."""
        return sum({(strip, "pan"), (strip, "mute")} <= self._painted for strip in range(self.width)) * 2 > self.width

    @property
    def unread(self) -> set[int]:
        """The strips of a window that was painted anew since then whose names were not: they were lost, or not sent.

        A DAW that paints only differences shows by half of the names alone that it was: whole units lose theirs.
        """
        anew = self._repainted or len(self.painted_names) * 2 >= self.width
        return set(range(self.width)) - self.painted_names if anew else set()

    def was_painted(self, strip: int, what: str) -> bool:
        """Return whether a strip's ring or light was painted since `forget_painted`."""
        return (strip, what) in self._painted

    def is_painted(self, strip: int, what: str) -> bool:
        """Return whether a strip shows its own value: painted, or by a DAW that paints only differences."""
        return (strip, what) in self._painted or not self._repainted

    def drop_unpainted(self) -> None:
        """Make unknown lights and pans that were not painted with all the rest: they are the former window's.

        Not faders: Ardour sends none where the former window's stood at the same place.
        """
        for strip in range(self.width) if self._repainted else ():
            for led, row in self.leds.items():
                if (strip, led) not in self._painted:
                    self._set(row, strip, lit=None, led=led)
            if (strip, "pan") not in self._painted:
                self._ring(strip, None)

    def window(self) -> Window:
        """Return a name for each strip: "" without a track, UNNAMED for a track without a name."""
        return tuple(name or (UNNAMED if self._alive(strip) else "") for strip, name in enumerate(self.names))

    def value(self, strip: int, what: str) -> Value:
        """Return the value of a strip's fader, pan, colour or LED."""
        if what == "color":
            return self.colors[strip]
        if what == "fader":
            return self.faders[strip]
        if what == "pan":
            pan = self.pan(strip)
            return pan.position if pan else None
        return self.leds[what][strip]

    def pan(self, strip: int) -> Pan | None:
        """Return where a strip's pan stands: by a text beside its ring, or by the ring alone; None if it is dark."""
        ring = self.rings[strip]
        if ring is None:
            return None
        coarse = ring / (protocol.RING_STEPS - 1)
        for text in (self.texts[strip], self.names[strip]):
            fine = self._pan_texts.position(text, coarse)
            if fine is not None:
                return Pan(fine, fine=True)
        return Pan(coarse, fine=False)

    def _alive(self, strip: int) -> bool:
        return bool(
            self.faders[strip] or self.rings[strip] is not None or any(row[strip] for row in self.leds.values())
        )

    def _differs(self, strip: int, what: str) -> None:
        self.changes += 1
        self.fresh.add((strip, what))

    def _meter(self, first: int, data: int) -> None:
        if data >> 4 < STRIPS:
            self.meters.receive(first + (data >> 4), data & 0xF)

    def _fader(self, unit: int, place: int, value: int) -> None:
        if place > STRIPS or (place == STRIPS and unit):
            return
        fader = self.width if place == STRIPS else unit * STRIPS + place
        if self._takes_fader(fader, value):
            self.set_fader(fader, value)

    def _led(self, first: int, note: int, velocity: int) -> None:
        row, place = divmod(note, STRIPS)
        if row < len(protocol.STRIP_LEDS):
            led = protocol.STRIP_LEDS[row]
            self._painted.add((first + place, led))
            self._set(self.leds[led], first + place, lit=protocol.is_lit(led, velocity), led=led)
        elif note in protocol.GLOBAL_OF_NOTE and not first:
            self._global(protocol.GLOBAL_OF_NOTE[note], lit=protocol.is_lit("", velocity))

    def _global(self, local: str, *, lit: bool) -> None:
        self.globals[local] = lit
        self.fresh.add((-1, local))

    def _set(self, row: list[bool | None], strip: int, *, lit: bool | None, led: str) -> None:
        if row[strip] is not lit:
            row[strip] = lit
            self._differs(strip, led)

    def _control(self, first: int, number: int, value: int) -> None:
        if 0 <= number - protocol.RING_CC < STRIPS:
            self._painted.add((first + number - protocol.RING_CC, "pan"))
            self._ring(first + number - protocol.RING_CC, protocol.ring_step(value))
        elif 0 <= number - protocol.TIME_CC < protocol.TIME_DIGITS and not first:
            self.time.paint(number - protocol.TIME_CC, value)

    def _ring(self, strip: int, step: int | None) -> None:
        if self.rings[strip] != step:
            self.rings[strip] = step
            self._differs(strip, "pan")

    def _system(self, unit: int, message: bytes) -> None:
        if message.startswith(protocol.SECOND_LCD):
            self._paint(unit, self._second_lcds[unit], message[len(protocol.SECOND_LCD) : -1])
        command = protocol.command(message)
        if command is None:
            return
        number, data = command
        if number == protocol.LCD:
            self._paint(unit, self._lcds[unit], data)
        elif number == protocol.COLORS:
            self._color(unit, data)
        elif number in {protocol.FADERS_DOWN, protocol.ALL_OFF, protocol.LEDS_OFF, protocol.RESET}:
            self._clear(unit, number)

    def time_text(self) -> str:
        """Return the text of the time display."""
        return self.time.text(beats=self.globals["transport/beats"] is not False)

    def _color(self, unit: int, numbers: bytes) -> None:
        """Set the colours of a unit's strips; a number that no X-Touch has makes one unknown."""
        names = dict(enumerate(protocol.COLOR_NAMES))
        for strip, number in enumerate(numbers[:STRIPS], unit * STRIPS):
            if self.colors[strip] != names.get(number):
                self.colors[strip] = names.get(number)
                self._differs(strip, "color")

    def _paint(self, unit: int, lcd: Lcd, data: bytes) -> None:
        """Paint an LCD from an offset on. Where a unit has two, a blank row of the first is shown by the second."""
        former = self.names, self.texts
        self.painted_names |= {unit * STRIPS + strip for strip in lcd.named(data[0], len(data) - 1)} if data else set()
        if not data or not lcd.paint(data[0], data[1:]):
            return
        lcds = list(zip(self._lcds, self._second_lcds, strict=True))
        self.names = tuple(name for one, two in lcds for name in (one.names if any(one.names) else two.names))
        self.texts = tuple(text for one, two in lcds for text in (one.texts if any(one.texts) else two.texts))
        for what, rows in (("name", (former[0], self.names)), ("text", (former[1], self.texts))):
            for strip, (was, now) in enumerate(zip(*rows, strict=True)):
                if was != now:
                    self._differs(strip, what)

    def _clear(self, unit: int, command: int) -> None:
        """Reset a unit, as the real surface does when the DAW starts or quits."""
        strips = range(unit * STRIPS, (unit + 1) * STRIPS)
        if command != protocol.LEDS_OFF:
            for strip in strips:
                self.set_fader(strip, 0)
        if command != protocol.FADERS_DOWN:
            for strip in strips:
                self._dark(strip)
        if command in {protocol.ALL_OFF, protocol.RESET}:
            for lcd in (self._lcds[unit], self._second_lcds[unit]):
                self._paint(unit, lcd, b"\0" + b" " * 112)

    def _dark(self, strip: int) -> None:
        self._ring(strip, None)
        for led, row in self.leds.items():
            self._set(row, strip, lit=False, led=led)

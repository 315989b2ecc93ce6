"""One unit's display: two rows of 56 characters, seven for each strip, painted in pieces at any offset."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf

from remote_mixer.desk.meters import ZERO_DB, encode
from remote_mixer.drivers.mackie.protocol import STRIPS, TIME_DIGITS

ROW = 56
CELL = ROW // STRIPS
"""Characters a strip."""


class Lcd:
    """The display as the DAW has painted it so far; blank at first."""

    def __init__(self) -> None:
        self._characters = bytearray(b" " * (2 * ROW))
        self.names = self.texts = ("",) * STRIPS
        """The upper and the lower row, a text for each strip."""

    def paint(self, offset: int, characters: bytes) -> bool:
        """Put characters from an offset (0–111) on, which may span strips and rows; return whether anything differs.

        What would run over the end is cut off, and bytes that are no characters in Latin-1 are blanks.
        """
        fitting = characters[: max(2 * ROW - offset, 0)]
        self._characters[offset : offset + len(fitting)] = bytes(map(_printable, fitting))
        former = self.names, self.texts
        self.names, self.texts = self._row(0), self._row(ROW)
        return former != (self.names, self.texts)

    def _row(self, start: int) -> tuple[str, ...]:
        row = self._characters[start : start + ROW].decode("latin-1")
        return tuple(row[at : at + CELL].strip() for at in range(0, ROW, CELL))


def _printable(character: int) -> int:
    return character if 0x20 <= character < 0x7F or character >= 0xA0 else 0x20


TIME_LENGTH = 2 * TIME_DIGITS
"""Most characters of the display as a text."""


class TimeDisplay:
    """Digits from right to left, each with a dot of its own behind it; blank at first."""

    def __init__(self) -> None:
        self._digits = [" "] * TIME_DIGITS

    def paint(self, digit: int, value: int) -> None:
        """Light a digit (0 is the rightmost): the lower six bits are a character, the next one its dot."""
        self._digits[TIME_DIGITS - 1 - digit] = _character(value & 0x3F) + ("." if value & 0x40 else "")

    def text(self) -> str:
        """Return what it shows."""
        return "".join(self._digits).strip()


def _character(code: int) -> str:
    return chr(code + 0x40 if code < 0x20 else code) if code else " "


LEVELS_DB = (-inf, -60.0, -50.0, -40.0, -30.0, -20.0, -14.0, -10.0, -8.0, -6.0, -4.0, -2.0, -0.5)
"""By level 0–C. The scale is the DAW's choice; this is TouchMCU's, whose last step (0 dB) stands half a decibel lower
here, because what has clipped is said apart."""
TOP = len(LEVELS_DB) - 1
SET_CLIP, CLEAR_CLIP = 0xE, 0xF
FALL_SECONDS = 1.8
"""From full scale to nothing, as the real surface's leds fall."""
_FINE = 8  # codes a level, so that a bar falls smoothly


def _code(step: int) -> int:
    level, part = divmod(step, _FINE)
    if level < 1:
        return 0
    above = LEVELS_DB[min(level + 1, TOP)]
    return encode(LEVELS_DB[level] + (above - LEVELS_DB[level]) * part / _FINE)


_CODES = bytes(_code(step) for step in range(TOP * _FINE + 1))


class Meters:
    """The bars of all strips of a surface.

    clock  seconds
    """

    def __init__(self, strips: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._levels = [(0, -inf)] * strips  # level and when it came
        self._clipped: set[int] = set()
        self._new_clips: set[int] = set()

    def receive(self, strip: int, value: int) -> None:
        """Take what the DAW says of a strip: a level 0–C, or its clip led on (E) or off (F)."""
        if value == SET_CLIP:
            self._new_clips |= {strip} - self._clipped
            self._clipped.add(strip)
        elif value == CLEAR_CLIP:
            self._clipped.discard(strip)
        else:
            self._levels[strip] = (min(value, TOP), self._clock())

    def readings(self, strips: Iterable[int]) -> bytes:
        """Return a code for each of these strips; a clip that is news reads 0 dB once, and the page latches it."""
        now = self._clock()
        codes = bytes(ZERO_DB if strip in self._new_clips else self._fallen(strip, now) for strip in strips)
        self._new_clips.clear()
        return codes

    def _fallen(self, strip: int, now: float) -> int:
        level, at = self._levels[strip]
        if not level:
            return 0
        step = (level - (now - at) * TOP / FALL_SECONDS) * _FINE
        return _CODES[int(step)] if step > 0 else 0

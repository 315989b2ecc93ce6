"""Displays of the surface: LCD, time display and level meters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate
from math import inf

from remote_mixer.desk.meters import ZERO_DB, encode
from remote_mixer.midi.mackie import CELL, CLEAR_CLIP, LEVELS_DB, ROW, SET_CLIP, STRIPS, TIME_DIGITS


class Lcd:
    """One unit's LCD, blank at first: two rows of 56 characters, seven for each strip."""

    def __init__(self) -> None:
        self._characters = bytearray(b" " * (2 * ROW))
        self.names = self.texts = ("",) * STRIPS
        """Upper and lower row, a text for each strip."""

    def paint(self, offset: int, characters: bytes) -> bool:
        """Write characters from an offset (0–111) on, across strips and rows; return whether any text changed.

        Characters past the end are dropped; bytes that are not printable Latin-1 become blanks.
        """
        fitting = characters[: max(2 * ROW - offset, 0)]
        self._characters[offset : offset + len(fitting)] = bytes(map(_printable, fitting))
        former = self.names, self.texts
        self.names, self.texts = self._row(0), self._row(ROW)
        return former != (self.names, self.texts)

    @staticmethod
    def named(offset: int, length: int) -> range:
        """Return the strips of the upper row that characters from an offset on are written to."""
        return range(min(offset // CELL, STRIPS), min(-(-(offset + length) // CELL), STRIPS))

    def _row(self, start: int) -> tuple[str, ...]:
        row = self._characters[start : start + ROW].decode("latin-1")
        return tuple(row[at : at + CELL].strip() for at in range(0, ROW, CELL))


def _printable(character: int) -> int:
    return character if 0x20 <= character < 0x7F or character >= 0xA0 else 0x20


TIME_LENGTH = 2 * TIME_DIGITS
"""Most characters of the time display as text."""
TIME_GROUPS = (3, 2, 2, 3)
"""Digits of hours, minutes, seconds and frames, or of bars, beats, parts and ticks."""


class TimeDisplay:
    """Ten digits, each with a dot behind it; blank at first."""

    def __init__(self) -> None:
        self._digits = [" "] * TIME_DIGITS

    def paint(self, digit: int, value: int) -> None:
        """Set a digit (0 is the rightmost): the lower six bits are a character, the next one its dot."""
        self._digits[TIME_DIGITS - 1 - digit] = _character(value & 0x3F) + ("." if value & 0x40 else "")

    def text(self, *, beats: bool) -> str:
        """Return the text of the display; where the DAW sends no dots, its groups are separated as people write them.

        beats  whether it shows bars and beats, not hours and minutes
        """
        digits = "".join(self._digits)
        if "." in digits or not digits.strip():
            return digits.strip()
        ends = list(accumulate(TIME_GROUPS))
        groups = [digits[end - length : end] for end, length in zip(ends, TIME_GROUPS, strict=True)]
        return ("." if beats else ":").join(group.strip() for group in groups if group.strip())


def _character(code: int) -> str:
    return chr(code + 0x40 if code < 0x20 else code) if code else " "


TOP = len(LEVELS_DB) - 1
FALL_SECONDS = 1.8
"""Time from full scale to nothing, as on the real surface."""
_FINE = 8  # codes a level, so that a bar falls smoothly


def _code(step: int) -> int:
    level, part = divmod(step, _FINE)
    if level < 1:
        return 0
    above = LEVELS_DB[min(level + 1, TOP)]
    return encode(LEVELS_DB[level] + (above - LEVELS_DB[level]) * part / _FINE)


_CODES = bytes(_code(step) for step in range(TOP * _FINE + 1))


class Meters:
    """Level meters of all strips: a level falls by itself, and a clip stays lit until it is cleared.

    clock  seconds
    """

    def __init__(self, strips: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._levels = [(0, -inf)] * strips  # level and when it came
        self._clipped: set[int] = set()
        self._new_clips: set[int] = set()

    def receive(self, strip: int, value: int) -> None:
        """Record a strip's meter value: a level 0–C, or clip on (E) or off (F)."""
        if value == SET_CLIP:
            self._new_clips |= {strip} - self._clipped
            self._clipped.add(strip)
        elif value == CLEAR_CLIP:
            self._clipped.discard(strip)
        else:
            self._levels[strip] = (min(value, TOP), self._clock())

    def readings(self, strips: Iterable[int]) -> bytes:
        """Return a code for each of these strips; a new clip reads 0 dB once, and the page latches it."""
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

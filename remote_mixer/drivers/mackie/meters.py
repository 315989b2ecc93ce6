"""Meters as the DAW sends them: a level now and then, which falls by itself, and a clip light that is latched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf

from remote_mixer.desk.meters import ZERO_DB, encode

LEVELS_DB = (-inf, -60.0, -50.0, -40.0, -30.0, -20.0, -14.0, -10.0, -8.0, -6.0, -4.0, -2.0, -0.5)
"""By level 0–C. The scale is the DAW's choice; this is TouchMCU's, whose last step (0 dB) stands half a decibel lower
here, because what has clipped is said apart."""
TOP = len(LEVELS_DB) - 1
SET_CLIP, CLEAR_CLIP = 0xE, 0xF
FALL_SECONDS = 1.8
"""From full scale to nothing, as the real surface's lights fall."""
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
        self._to_tell: set[int] = set()

    def hear(self, strip: int, value: int) -> None:
        """Take what the DAW says of a strip: a level 0–C, or its clip light on (E) or off (F)."""
        if value == SET_CLIP:
            self._to_tell |= {strip} - self._clipped
            self._clipped.add(strip)
        elif value == CLEAR_CLIP:
            self._clipped.discard(strip)
        else:
            self._levels[strip] = (min(value, TOP), self._clock())

    def readings(self, strips: Iterable[int]) -> bytes:
        """Return a code for each of these strips; a clip that is news reads 0 dB once, and the page latches it."""
        now = self._clock()
        codes = bytes(ZERO_DB if strip in self._to_tell else self._fallen(strip, now) for strip in strips)
        self._to_tell.clear()
        return codes

    def _fallen(self, strip: int, now: float) -> int:
        level, at = self._levels[strip]
        if not level:
            return 0
        step = (level - (now - at) * TOP / FALL_SECONDS) * _FINE
        return _CODES[int(step)] if step > 0 else 0

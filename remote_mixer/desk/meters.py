"""Meter codes: one byte a tap, 0 for −∞, else dB = (n − 216) / 2.

Meters do not pass the desk. A driver reports all readings of one moment as codes in the order of its layout's taps;
between two frames to a client, the highest code of each tap is kept, and of gain reduction the lowest.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

ZERO_DB = 216
STEPS_PER_DB = 2
LOWEST, HIGHEST = 1, 255
LOWEST_SHOWN = ZERO_DB - 90 * STEPS_PER_DB
"""−90 dB: what is below it no meter shows, as the page's own floor has it."""
GAINS = ("gate", "dyn")
"""Taps that read a gain: 0 dB while nothing is taken away."""


def encode(level: float) -> int:
    """Return the code (0–255) for a level in dB; −∞ and NaN give 0."""
    if not isfinite(level):
        return HIGHEST if level > 0 else 0
    return min(max(round(ZERO_DB + level * STEPS_PER_DB), LOWEST), HIGHEST)


def merge(earlier: bytes, later: bytes, gains: Iterable[int] = ()) -> bytes:
    """Return the highest reading of each tap, or just the later readings where the number of taps has changed.

    gains  places of the taps of which the lowest is kept: the most that a gate or a compressor took away; those that
           a report has not are left out, as all of a console that is gone
    """
    if len(earlier) != len(later):
        return later
    merged = bytearray(map(max, earlier, later))
    for place in (place for place in gains if place < len(merged)):
        merged[place] = min(earlier[place], later[place])
    return bytes(merged)

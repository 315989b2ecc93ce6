"""Meter readings as they travel: one byte a tap, 0 for −∞, else dB = (n − 216) / 2.

They have a road of their own and never pass the desk: a driver reports its console's readings of one moment as bytes in
the order of its Layout's taps, and whoever passes frames on keeps the maximum of what lay between two of them.
"""

from __future__ import annotations

from math import isfinite

ZERO_DB = 216
STEPS_PER_DB = 2
LOWEST, HIGHEST = 1, 255


def encode(level: float) -> int:
    """Return the byte (0–255) for a level in dB; −∞ and what is no number give 0."""
    if not isfinite(level):
        return HIGHEST if level > 0 else 0
    return min(max(round(ZERO_DB + level * STEPS_PER_DB), LOWEST), HIGHEST)


def merge(earlier: bytes, later: bytes) -> bytes:
    """Return the highest reading of each tap, or just the later readings where the number of taps has changed."""
    return bytes(map(max, earlier, later)) if len(earlier) == len(later) else later

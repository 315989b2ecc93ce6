"""Moments: scenes kept by themselves, a limited number of them, thinned with age; and the bin's bounds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from remote_mixer.desk.scenes import Head

MOST_MOMENTS = 48
EVERY_SECONDS = 300.0
"""Time between two moments while something changes."""
MOST_IN_BIN, BIN_SECONDS = 1_000, 30 * 24 * 3600.0
"""Deleted scenes that the bin has room for, and the time for which it keeps each."""
LONGEST_STEP_SECONDS = 14 * 24 * 3600.0
"""Longest time from one moment to the next that counts; a longer one may be a leap of the computer's clock."""


def thinned(moments: Sequence[Head], now: float) -> list[Head]:
    """Return the moments to delete so that MOST_MOMENTS stay; `now` is seconds since 1970.

    The newest and the oldest stay. Of the others, one goes whose neighbours are nearest to each other for its age, so
    the gaps grow with age.
    """
    left = sorted(moments, key=lambda moment: moment.id)
    gone: list[Head] = []
    while len(left) > MOST_MOMENTS:
        ages = _ages(left, now)
        gaps = [(ages[n - 1] - ages[n + 1]) / max(ages[n], 1.0) for n in range(1, len(left) - 1)]
        gone.append(left.pop(1 + gaps.index(min(gaps))))
    return gone


def beyond_the_bin(deleted: Sequence[Head], now: float) -> list[Head]:
    """Return the deleted scenes to delete for good: the oldest of too many, and those that are too old."""
    oldest_first = sorted(deleted, key=lambda head: (head.deleted or 0.0, head.id))
    too_many = len(oldest_first) - MOST_IN_BIN
    return [head for place, head in enumerate(oldest_first) if place < too_many or _is_old(head, now)]


def _is_old(head: Head, now: float) -> bool:
    return now - (head.deleted or 0.0) > BIN_SECONDS


def _ages(moments: Sequence[Head], now: float) -> list[float]:
    """Return how long ago each moment was kept, by the steps from each to the next."""
    steps = [*map(_step, moments, moments[1:]), max(now - moments[-1].at, 0.0)]
    return list(accumulate(reversed(steps)))[::-1]


def _step(moment: Head, following: Head) -> float:
    """Return the seconds between two moments; over a leap of the clock, as many as such moments usually take."""
    seconds = following.at - moment.at
    return seconds if 0 <= seconds <= LONGEST_STEP_SECONDS else (following.id - moment.id) * EVERY_SECONDS

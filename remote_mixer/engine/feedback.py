"""Feedback: a single tone in a sound that grows as only a loop makes it grow, before it is as loud as it can be.

The measures are those of van Waterschoot and Moonen ("Fifty years of acoustic feedback control", 2011): a peak high
over what is beside it (PNPR), without harmonics, and no harmonic itself (PHPR), that stays (IPMP) at one frequency, and
whose level rises in a straight line of decibels (IMSD). The last one tells a howl from a steady tone, which begins at
once, and from one that is faded in, which rises ever slower. What it cannot tell: a pure tone that swells exponentially
(a synthesizer, a whistle) is taken for a howl; a loop that rings, and dies away, is none yet; one that rises by more
than 250 dB a second is over before it was seen to grow.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FRAMES, HOP_FRAMES = 4096, 1024
LOWEST_HZ, HIGHEST_HZ = 100.0, 12_000.0
LEAST_LEVEL = -60.0  # dBFS
OVER_NEIGHBOURS, OVER_HARMONICS = 18.0, 24.0  # dB
NEAR, FAR = 4, 6  # lines: the lobe of the window ends before NEAR
MOST_PEAKS = 6
SAME_LINES = 0.7  # lines between a peak and where it was
MISSES = 3  # hops without a peak until it is gone
GROWTHS = (8, 16, 48)  # hops in which a rise is looked for: 0.17, 0.34 and 1 s
LEAST_GROWTH = 9.0  # dB
STRAIGHT = (0.75, 1.6)  # rise in the second half, over that in the first
STANDS_HOPS = 24  # 0.5 s that a peak has to be there
MOST_FALL = 6.0  # dB below its highest

Levels = NDArray[np.float64]


@dataclass
class _Peak:
    """One peak, from hop to hop; levels in dBFS, `line` its place in the spectrum."""

    line: float
    levels: deque[float] = field(default_factory=lambda: deque(maxlen=max(GROWTHS) + 1))
    hops: int = 0
    missed: int = 0
    highest: float = -np.inf
    grew: bool = False

    def add(self, line: float, level: float) -> None:
        """Take the peak of the next hop."""
        self.line += 0.2 * (line - self.line)
        self.levels.append(level)
        self.hops, self.missed = self.hops + 1, 0
        self.highest = max(self.highest, level)
        self.grew = self.grew or any(self._grows(hops) for hops in GROWTHS)

    def _grows(self, hops: int) -> bool:
        """Whether the level has risen in a straight line."""
        if len(self.levels) <= hops:
            return False
        start, middle, end = self.levels[-1 - hops], self.levels[-1 - hops // 2], self.levels[-1]
        least = LEAST_GROWTH / (1 + STRAIGHT[1])
        if end - start < LEAST_GROWTH or middle - start < least:
            return False
        return STRAIGHT[0] <= (end - middle) / (middle - start) <= STRAIGHT[1]

    @property
    def howls(self) -> bool:
        """Whether the peak has grown, and stands."""
        return self.grew and self.hops >= STANDS_HOPS and self.levels[-1] >= self.highest - MOST_FALL


class FeedbackWatch:
    """Search for feedback in a sound that comes piece by piece.

    howl       frequency of the loudest one in Hz, None while there is none
    amplitude  of that one
    """

    def __init__(self, rate: int) -> None:
        self._each = rate / FRAMES
        self._window = np.hanning(FRAMES + 1)[:-1]
        self._scale = 20 * np.log10(2 / self._window.sum())
        self._waiting = np.zeros(FRAMES - HOP_FRAMES)
        self._peaks: list[_Peak] = []
        self.howl: float | None = None
        self.amplitude = 0.0

    def add(self, sound: NDArray[np.float32]) -> None:
        """Take the next frames, (frames,), any number; full scale is ±1.0."""
        self._waiting = np.concatenate([self._waiting, sound])
        while len(self._waiting) >= FRAMES:
            self._take(self._waiting[:FRAMES])
            self._waiting = self._waiting[HOP_FRAMES:]

    def _take(self, sound: NDArray[np.float64]) -> None:
        magnitudes = np.abs(np.fft.rfft(sound * self._window))
        levels = self._scale + 20 * np.log10(np.maximum(magnitudes, 1e-12))
        for peak in self._peaks:
            peak.missed += 1
        for place in self._places(levels):
            self._add(*_vertex(levels, place), stands_out=_is_narrow(levels, place) and _is_alone(levels, place))
        self._peaks = [peak for peak in self._peaks if peak.missed <= MISSES]
        howling = max((peak for peak in self._peaks if peak.howls), key=lambda peak: peak.levels[-1], default=None)
        self.howl = howling.line * self._each if howling else None
        self.amplitude = 10 ** (howling.levels[-1] / 20) if howling else 0.0

    def _places(self, levels: Levels) -> list[int]:
        """Return the lines of the highest peaks."""
        first, last = int(LOWEST_HZ / self._each), int(HIGHEST_HZ / self._each)
        inner = levels[first:last]
        is_peak = (
            (inner > levels[first - 1 : last - 1]) & (inner >= levels[first + 1 : last + 1]) & (inner > LEAST_LEVEL)
        )
        places = first + np.flatnonzero(is_peak)
        return [int(place) for place in places[np.argsort(levels[places])[::-1][:MOST_PEAKS]]]

    def _add(self, line: float, level: float, *, stands_out: bool) -> None:
        """Take a peak for one that was there before, or for a new one; one that has grown need not stand out any more.

        A howl that is as loud as it can be has harmonics, and others beside it.
        """
        known = next((peak for peak in self._peaks if peak.missed and abs(peak.line - line) <= SAME_LINES), None)
        if known and (stands_out or known.grew):
            known.add(line, level)
        elif stands_out:
            self._peaks.append(_Peak(line))
            self._peaks[-1].add(line, level)


def _is_narrow(levels: Levels, place: int) -> bool:
    beside = max(
        levels[place - FAR : place - NEAR + 1].max(initial=-np.inf), levels[place + NEAR : place + FAR + 1].max()
    )
    return bool(levels[place] - beside >= OVER_NEIGHBOURS)


def _is_alone(levels: Levels, place: int) -> bool:
    """Whether neither harmonics of a peak are there, nor a tone of which it is a harmonic."""
    others = (place * 2, place * 3, place / 2, place / 3, place * 2 / 3, place * 3 / 2)
    for other in map(round, others):
        if NEAR < other < len(levels) - 2 and levels[other - 1 : other + 2].max() > levels[place] - OVER_HARMONICS:
            return False
    return True


def _vertex(levels: Levels, place: int) -> tuple[float, float]:
    """Return line and level of a peak between the lines, by the parabola through three of them."""
    before, here, after = levels[place - 1 : place + 2]
    shift = (before - after) / (2 * (before - 2 * here + after))
    return place + float(shift), float(here - (before - after) * shift / 4)

"""Loudness of a sound by ITU-R BS.1770-4, as EBU R 128 reads it: momentary, short-term, integrated, range, true peak.

Sound is taken in steps of a tenth of a second. K weighting filters a step with the one before it, for its memory is
shorter than a step. Three short filters read between the samples, for the true peak: in single precision, and only
where a step is loud enough to have a higher peak than those before.
Energies are kept in cells of 10 ms, so that no burst of 400 ms is missed by more than 0.1 LU wherever it begins (EBU
Tech 3341, signals 13 and 14). What is gated is counted in classes of 0.01 LU, so an evening takes no more memory than a
minute.

LUFS and dBTP are −∞ for silence. Not for the sound callback: numpy allocates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CELLS_A_SECOND = 100
STEP_CELLS = 10
MOMENTARY_CELLS, SHORT_CELLS = 40, 300  # 0.4 s and 3 s
RANGE_CELLS = 100  # between the 3 s that the range is made of: they overlap by two thirds, as libebur128's do
OFFSET = -0.691  # dB: what K weighting adds to 1 kHz
LEAST_ENERGY = 1e-12  # −120 LUFS; less is rounding
ABSOLUTE_GATE = -70.0  # LUFS
GATE, RANGE_GATE = -10.0, -20.0  # LU, below the loudness of what passes the absolute gate
RANGE_PERCENTS = (10, 95)
CLASS = 0.01  # LU
CLASSES = 8500  # up to +15 LUFS
HEAD_HZ, HEAD_DB, HEAD_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
CUT_HZ, CUT_Q = 38.13547087602444, 0.5003270373238773
QUARTERS = 4  # of a sample, between which the true peak is looked for
PEAK_TAPS = 96
PEAK_CELLS = 2  # read with a step: more frames than the filters have taps, and a length that transforms fast

Numbers = NDArray[np.float64]


def lufs(energy: float) -> float:
    """Return the loudness of a weighted mean square."""
    return OFFSET + 10 * math.log10(energy) if energy > LEAST_ENERGY else -math.inf


def _biquads(rate: int) -> tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]:
    """Return K weighting at any rate: numerator and denominator of the head's shelf, and of the low cut (BS.1770-4)."""
    k = math.tan(math.pi * HEAD_HZ / rate)
    high, a0 = 10 ** (HEAD_DB / 20), 1 + k / HEAD_Q + k * k
    band = high**0.4996667741545416
    shelf = np.array([high + band * k / HEAD_Q + k * k, 2 * (k * k - high), high - band * k / HEAD_Q + k * k])
    poles = np.array([a0, 2 * (k * k - 1), 1 - k / HEAD_Q + k * k])
    k = math.tan(math.pi * CUT_HZ / rate)
    cut = np.array([1 + k / CUT_Q + k * k, 2 * (k * k - 1), 1 - k / CUT_Q + k * k])
    return (shelf / a0, poles / a0), (np.array([1.0, -2.0, 1.0]), cut / cut[0])


def _weighting(rate: int, taps: int) -> Numbers:
    """Return the impulse response of K weighting, which has died away below 10⁻⁸ at its end."""
    turns = np.exp(-2j * np.pi * np.arange(2 * taps + 1) / (4 * taps))
    powers = np.stack([turns**0, turns, turns**2])
    response = math.prod((top @ powers) / (bottom @ powers) for top, bottom in _biquads(rate))
    return np.asarray(np.fft.irfft(response)[:taps])


def _between(quarter: int) -> Numbers:
    """Return the filter that reads a quarter of a sample, or more, after each sample, PEAK_TAPS / 2 later."""
    at = np.arange(PEAK_TAPS) - PEAK_TAPS / 2 + quarter / QUARTERS
    return np.asarray(np.sinc(at) * np.kaiser(PEAK_TAPS + 2, 8)[1:-1])


class _Classes:
    """Loudnesses above the absolute gate, counted by class, with the energy of each."""

    def __init__(self) -> None:
        self._counts = np.zeros(CLASSES, np.int64)
        self._energies = np.zeros(CLASSES)

    def add(self, energy: float) -> None:
        """Count a mean square, unless it is below the absolute gate."""
        loudness = lufs(energy)
        if loudness >= ABSOLUTE_GATE:
            place = min(int((loudness - ABSOLUTE_GATE) / CLASS), CLASSES - 1)
            self._counts[place] += 1
            self._energies[place] += energy

    def _gated_from(self, gate: float) -> int:
        """Return the first class that is not `gate` LU below the loudness of all."""
        loudness = lufs(self._energies.sum() / max(self._counts.sum(), 1))
        return max(math.ceil((loudness + gate - ABSOLUTE_GATE) / CLASS), 0) if math.isfinite(loudness) else CLASSES

    def loudness(self) -> float:
        """Return the gated loudness, LUFS."""
        start = self._gated_from(GATE)
        return lufs(self._energies[start:].sum() / max(self._counts[start:].sum(), 1))

    def range(self) -> float:
        """Return the loudness range by EBU Tech 3342, LU; 0 for nothing."""
        counts = self._counts.copy()
        counts[: self._gated_from(RANGE_GATE)] = 0
        if not counts.any():
            return 0.0
        steps = int(counts.sum()) - 1  # a half is rounded up, as in the standard's own program
        low, high = (
            np.searchsorted(np.cumsum(counts), (percent * steps + 50) // 100 + 1) for percent in RANGE_PERCENTS
        )
        return float(CLASS * (high - low))


class _Programme:
    """Measures of all sound since a reset."""

    def __init__(self) -> None:
        self.blocks, self.ranges = _Classes(), _Classes()
        self.cells = 0
        self.peak = 0.0
        self.most_momentary = self.most_short_term = -math.inf

    def add(self, moments: Numbers, shorts: Numbers, peak: float) -> None:
        """Take a step: mean squares of the last 0.4 and 3 s at each of its cells, and its true peak."""
        self.cells += STEP_CELLS
        self.peak = max(self.peak, peak)
        self.most_momentary = max(self.most_momentary, lufs(moments.max()))
        self.most_short_term = max(self.most_short_term, lufs(shorts.max()))
        if self.cells >= MOMENTARY_CELLS:
            self.blocks.add(moments[-1])
        if self.cells >= SHORT_CELLS and self.cells % RANGE_CELLS == 0:
            self.ranges.add(shorts[-1])


class Loudness:
    """Loudness of a sound that comes piece by piece.

    momentary, short_term  of the last 0.4 and 3 s, LUFS
    correlation  of the first and the last column in the last 0.4 s, −1 … 1; 0 for silence
    """

    def __init__(self, rate: int, weights: Sequence[float] = (1, 1)) -> None:
        """Begin with silence; a multiple of 100 Hz, and a weight for each column: 1, or 1.41 from behind."""
        self._cell = rate // CELLS_A_SECOND
        self._step = STEP_CELLS * self._cell
        self._weights = np.array(weights, np.float64)
        self._weighting = np.fft.rfft(_weighting(rate, self._step + 1), 2 * self._step)
        self._span = self._step + PEAK_CELLS * self._cell
        between = np.stack([_between(quarter) for quarter in range(1, QUARTERS)])
        self._between = np.fft.rfft(between.astype(np.float32), self._span)
        self._most_rise = float(np.abs(between).sum(axis=1).max())
        self._waiting = np.zeros((0, len(weights)), np.float32)
        self._window = np.zeros((len(weights), 2 * self._step))
        self._cells = np.zeros(SHORT_CELLS + STEP_CELLS)
        self._products = np.zeros((MOMENTARY_CELLS // STEP_CELLS, 3))
        self._programme = _Programme()
        self.momentary = self.short_term = -math.inf
        self.correlation = 0.0

    def reset(self) -> None:
        """Begin integrated loudness, range, true peak and the highest values anew."""
        self._programme = _Programme()

    def add(self, sound: NDArray[np.float32]) -> None:
        """Take the next frames, (frames, columns), any number; full scale is ±1.0."""
        self._waiting = np.concatenate([self._waiting, sound])
        while len(self._waiting) >= self._step:
            self._take(self._waiting[: self._step].T.astype(np.float64))
            self._waiting = self._waiting[self._step :]

    @property
    def integrated(self) -> float:
        """Loudness since `reset`, gated, LUFS."""
        return self._programme.blocks.loudness()

    @property
    def range(self) -> float:
        """Loudness range since `reset`, LU."""
        return self._programme.ranges.range()

    @property
    def true_peak(self) -> float:
        """Highest true peak since `reset`, of any column, dBTP."""
        return 20 * math.log10(self._programme.peak) if self._programme.peak > 0 else -math.inf

    @property
    def most_momentary(self) -> float:
        """Highest momentary loudness since `reset`, LUFS."""
        return self._programme.most_momentary

    @property
    def most_short_term(self) -> float:
        """Highest short-term loudness since `reset`, LUFS."""
        return self._programme.most_short_term

    def _take(self, sound: Numbers) -> None:
        """Take one step, (columns, frames)."""
        self._window = np.concatenate([self._window[:, self._step :], sound], axis=1)
        weighted = np.fft.irfft(np.fft.rfft(self._window) * self._weighting)[:, self._step :]
        squares = np.square(weighted).reshape(len(sound), STEP_CELLS, self._cell).mean(axis=2)
        self._cells = np.concatenate([self._cells[STEP_CELLS:], self._weights @ squares])
        self._products = np.concatenate([self._products[1:], [_products(sound)]])
        self._read(self._true_peak(sound))

    def _true_peak(self, sound: Numbers) -> float:
        """Return the true peak of a step; of one that cannot exceed the programme's, its highest sample."""
        window, highest = self._window[:, -self._span :].astype(np.float32), float(np.abs(sound).max())
        if float(np.abs(window).max()) * self._most_rise <= self._programme.peak:
            return highest
        between = np.fft.irfft(np.fft.rfft(window)[:, np.newaxis] * self._between)[..., -self._step :]
        return max(highest, float(np.abs(between).max()))

    def _read(self, peak: float) -> None:
        sums = np.concatenate([[0.0], np.cumsum(self._cells)])
        moments = (sums[MOMENTARY_CELLS:] - sums[:-MOMENTARY_CELLS])[-STEP_CELLS:] / MOMENTARY_CELLS
        shorts = (sums[SHORT_CELLS:] - sums[:-SHORT_CELLS])[-STEP_CELLS:] / SHORT_CELLS
        self._programme.add(moments, shorts, peak)
        self.momentary, self.short_term = lufs(moments[-1]), lufs(shorts[-1])
        both, left, right = self._products.sum(axis=0)
        self.correlation = float(both / math.sqrt(left * right)) if left * right > 0 else 0.0


def _products(sound: Numbers) -> tuple[float, float, float]:
    left, right = sound[0], sound[-1]
    return float(left @ right), float(left @ left), float(right @ right)

"""Spectrum of a sound in twelfths of an octave: a long piece of sound for the low bands, a short one for the rest.

A band reads what a meter would of a sine in its middle: 0 dB for one at full scale. Pink noise is a level line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.pictures import BANDS, BANDS_AN_OCTAVE, LOWEST_HZ

LONG_FRAMES, SHORT_FRAMES = 1 << 14, 1 << 12
SHORT_FROM_HZ = 700.0
CODE_OF_0_DB, STEPS_PER_DB = 216, 2

EDGES = LOWEST_HZ * 2.0 ** (np.arange(BANDS + 1) / BANDS_AN_OCTAVE)
"""Borders of the bands, Hz."""
CENTRES = np.sqrt(EDGES[1:] * EDGES[:-1])


class _Part:
    """Bands that are read from the last `frames` of a sound."""

    def __init__(self, frames: int, rate: int, bands: NDArray[np.bool_]) -> None:
        self._window = np.hanning(frames + 1)[:-1].astype(np.float32)
        each = rate / frames
        low, high = EDGES[:-1][bands, np.newaxis], EDGES[1:][bands, np.newaxis]
        self._end = int(high.max() / each) + 2
        lines = np.arange(self._end) * each
        inside = np.minimum(high, lines + each / 2) - np.maximum(low, lines - each / 2)
        self._shares = (np.clip(inside / each, 0, 1) * 4 / (frames * np.square(self._window).sum())).astype(np.float32)

    def powers(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the power of each band of the part."""
        lines = np.fft.rfft(sound[-len(self._window) :] * self._window)[: self._end]
        return np.asarray(self._shares @ np.square(np.abs(lines)))


class Spectrum:
    """Spectra at one sample rate."""

    def __init__(self, rate: int) -> None:
        is_low = CENTRES < SHORT_FROM_HZ
        self._parts = _Part(LONG_FRAMES, rate, is_low), _Part(SHORT_FRAMES, rate, ~is_low)

    def levels(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the levels of the BANDS bands in dB, of a sound of LONG_FRAMES."""
        powers = np.concatenate([part.powers(sound) for part in self._parts])
        return np.asarray(10 * np.log10(np.maximum(powers, 1e-20)), np.float32)


def codes(levels: NDArray[np.float32]) -> bytes:
    """Return levels in dB as meter codes, one byte each."""
    whole = np.clip(np.round(CODE_OF_0_DB + STEPS_PER_DB * levels), 0, 255)
    return whole.astype(np.uint8).tobytes()

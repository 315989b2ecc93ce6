"""Spectrum in twelfths of an octave: a sine stands in its band at its level, and pink noise is a level line."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine.pictures import BANDS, HIGHEST_HZ, LOWEST_HZ
from remote_mixer.engine.shared import RATE
from remote_mixer.engine.spectrum import CENTRES, EDGES, LONG_FRAMES, Spectrum, codes

spectrum = Spectrum(RATE)


def sine(hz: float, level: float = 0) -> np.ndarray:
    return (10 ** (level / 20) * np.sin(2 * np.pi * hz * np.arange(LONG_FRAMES) / RATE)).astype(np.float32)


def test_the_bands_are_twelfths_of_an_octave_over_ten_octaves() -> None:
    assert len(CENTRES) == BANDS
    assert EDGES[0] == LOWEST_HZ
    assert EDGES[-1] == pytest.approx(1024 * LOWEST_HZ)
    assert EDGES[-1] >= HIGHEST_HZ


@pytest.mark.parametrize("band", [48, 60, 72, 84, 96, 108, 115])
def test_a_sine_reads_its_level_in_its_band_and_far_less_an_octave_away(band: int) -> None:
    levels = spectrum.levels(sine(CENTRES[band], -20))
    assert np.argmax(levels) == band
    assert levels[band] == pytest.approx(-20, abs=1.5)
    assert levels[[band - 12, min(band + 12, BANDS - 1)]].max() < -70 or band > 107


def test_a_low_sine_is_seen_where_it_is_though_its_band_is_narrower_than_a_line() -> None:
    for hz in (25, 41.2, 60, 98):
        levels = spectrum.levels(sine(hz, -10))
        assert CENTRES[np.argmax(levels)] == pytest.approx(hz, rel=0.12)
        assert levels.max() > -16


def test_pink_noise_is_a_level_line() -> None:
    random, powers = np.random.default_rng(1), np.zeros(BANDS)
    lines = np.fft.rfftfreq(16 * LONG_FRAMES, 1 / RATE)
    for _ in range(6):
        white = np.fft.rfft(random.normal(0, 1, 16 * LONG_FRAMES))
        pink = np.fft.irfft(white / np.sqrt(np.maximum(lines, 5))).astype(np.float32)
        powers += sum(10 ** (spectrum.levels(piece) / 10) for piece in pink.reshape(-1, LONG_FRAMES))
    levels = 10 * np.log10(powers)
    assert np.ptp(levels[12:117].reshape(-1, 3).mean(axis=1)) < 2.5


def test_the_loud_end_and_silence_fit_into_a_byte() -> None:
    assert set(codes(spectrum.levels(np.zeros(LONG_FRAMES, np.float32)))) == {0}
    assert max(codes(spectrum.levels(sine(1000, 40)))) == 255
    assert max(codes(spectrum.levels(sine(1000)))) == pytest.approx(216, abs=3)

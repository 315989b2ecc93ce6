"""Loudness by the signals of EBU Tech 3341 and 3342 that can be made from their text, and against libebur128."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from remote_mixer.engine.loudness import Loudness
from remote_mixer.engine.shared import RATE
from tests.support import ebur128

Sound = NDArray[np.float32]
Part = tuple[float, float]
"""Level of a sine of 1 kHz in dBFS, and seconds; −∞ is silence."""


def tones(*parts: Part, columns: int = 2, rate: int = RATE) -> Sound:
    """Return sines of 1 kHz in step in all columns."""
    levels = np.concatenate([np.full(round(seconds * rate), 10 ** (level / 20)) for level, seconds in parts])
    sine = levels * np.sin(2 * np.pi * 1000 * np.arange(len(levels)) / rate)
    return np.repeat(sine[:, np.newaxis], columns, axis=1).astype(np.float32)


def measure(sound: Sound, rate: int = RATE) -> Loudness:
    """Return the loudness after a sound that came in pieces of odd lengths."""
    loudness = Loudness(rate)
    for start in range(0, len(sound), 3371):
        loudness.add(sound[start : start + 3371])
    return loudness


SILENCE = -np.inf
INTEGRATED: dict[str, tuple[list[Part], float]] = {
    "1": ([(-23, 20)], -23),
    "2": ([(-33, 20)], -33),
    "3": ([(-36, 10), (-23, 60), (-36, 10)], -23),
    "4": ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
    "5": ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
}


@pytest.mark.parametrize(("signal", "rate"), [*((signal, RATE) for signal in INTEGRATED), ("3", 44_100), ("1", 96_000)])
def test_integrated_loudness_of_tech_3341_is_met_within_a_tenth_at_every_rate(signal: str, rate: int) -> None:
    parts, expected = INTEGRATED[signal]
    loudness = measure(tones(*parts, rate=rate), rate)
    assert loudness.integrated == pytest.approx(expected, abs=0.1)
    if len(parts) == 1:
        assert [loudness.momentary, loudness.short_term] == pytest.approx([expected, expected], abs=0.1)


def test_sound_from_behind_weighs_more_as_in_signal_6_of_tech_3341() -> None:
    loudness = Loudness(RATE, weights=(1, 1, 1, 1.41, 1.41))
    loudness.add(np.concatenate([tones((level, 20), columns=1) for level in (-28, -28, -24, -30, -30)], axis=1))
    assert loudness.integrated == pytest.approx(-23, abs=0.1)


def test_short_term_loudness_stands_still_in_signal_9_and_momentary_in_signal_12() -> None:
    short, momentary = Loudness(RATE), Loudness(RATE)
    for count, part in enumerate(np.array_split(tones(*[(-20, 1.34), (-30, 1.66)] * 5), 150)):
        short.add(part)
        if count > 30:
            assert short.short_term == pytest.approx(-23, abs=0.1)
    for count, part in enumerate(np.array_split(tones(*[(-20, 0.18), (-30, 0.22)] * 25), 100)):
        momentary.add(part)
        if count > 10:
            assert momentary.momentary == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("delay", range(20))
def test_no_burst_is_missed_wherever_it_begins_as_in_signals_10_and_13(delay: int) -> None:
    short = measure(tones((SILENCE, 0.15 * delay), (-23, 3), (SILENCE, 1)))
    momentary = measure(tones((SILENCE, 0.02 * delay), (-23, 0.4), (SILENCE, 1)))
    assert [short.most_short_term, momentary.most_momentary] == pytest.approx([-23, -23], abs=0.1)


def test_bursts_that_become_louder_are_read_one_by_one_as_in_signals_11_and_14() -> None:
    loudness = Loudness(RATE)
    for count in range(20):
        loudness.add(tones((SILENCE, 0.15 * count), (-38 + count, 3), (SILENCE, 3 - 0.15 * count)))
        assert loudness.most_short_term == pytest.approx(-38 + count, abs=0.1)
    loudness = Loudness(RATE)
    for count in range(20):
        loudness.add(tones((SILENCE, 0.02 * count), (-38 + count, 0.4), (SILENCE, 0.4 - 0.02 * count)))
        assert loudness.most_momentary == pytest.approx(-38 + count, abs=0.1)


PEAKS = {
    "15": (4, 0.0, 0.5, -6.0),
    "16": (4, 45.0, 0.5, -6.0),
    "17": (6, 60.0, 0.5, -6.0),
    "18": (8, 67.5, 0.5, -6.0),
    "19": (4, 45.0, 1.41, 3.0),
}
"""Number of signal → samples a period, phase in degrees, amplitude, true peak in dB."""


@pytest.mark.parametrize("signal", PEAKS)
def test_true_peaks_between_the_samples_are_found_within_the_standards_tolerance(signal: str) -> None:
    period, phase, amplitude, expected = PEAKS[signal]
    sine = amplitude * np.sin(2 * np.pi * np.arange(2 * RATE) / period + np.radians(phase))
    fade = np.clip(np.minimum(np.arange(len(sine)), np.arange(len(sine))[::-1]) / 480, 0, 1)
    sound = np.repeat((sine * fade)[:, np.newaxis], 2, axis=1).astype(np.float32)
    assert -0.4 <= measure(sound).true_peak - expected <= 0.2


@pytest.mark.parametrize("offset", range(4))
def test_a_short_burst_has_the_same_true_peak_wherever_the_samples_fall_as_in_signals_20_to_23(offset: int) -> None:
    """Made at four times the rate; every fourth sample is taken, from 0, 1, 2 or 3 on."""
    fine = np.arange(-4 * 960, 4 * 960)
    burst = np.cos(2 * np.pi * fine / 24) * np.cos(np.pi * fine / (8 * 960)) ** 2
    sound = np.repeat(burst[offset::4, np.newaxis], 2, axis=1).astype(np.float32)
    padded = np.concatenate([np.zeros((RATE, 2), np.float32), sound, np.zeros((RATE, 2), np.float32)])
    assert -0.4 <= measure(padded).true_peak <= 0.2


RANGES: dict[str, tuple[list[Part], float]] = {
    "1": ([(-20, 20), (-30, 20)], 10),
    "2": ([(-20, 20), (-15, 20)], 5),
    "3": ([(-40, 20), (-20, 20)], 20),
    "4": ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),
}


@pytest.mark.parametrize("signal", RANGES)
def test_the_loudness_range_of_tech_3342_is_met_within_a_tenth(signal: str) -> None:
    parts, expected = RANGES[signal]
    assert measure(tones(*parts)).range == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("count", [6, 26, 31])
def test_where_the_range_begins_or_ends_between_two_loudnesses_it_is_the_louder_one_as_libebur128_has_it(
    count: int,
) -> None:
    """A tenth, or 95 %, of the steps between so many loudnesses of 3 s is a whole number and a half."""
    sound = tones(*((-24 + 14 * step / count, 1) for step in range(count + 2)))
    assert measure(sound).range == pytest.approx(ebur128.loudness(sound, RATE)["range"], abs=0.02)


def music(seed: int) -> Sound:
    """Return half a minute of notes with harmonics over noise, in phrases of different level, with pauses."""
    random, time = np.random.default_rng(seed), np.arange(2 * RATE) / RATE
    phrases = []
    for _ in range(16):
        hz, level = 110 * 2 ** (random.integers(0, 36) / 12), 10 ** (random.uniform(-36, -3) / 20)
        notes = sum(np.sin(2 * np.pi * hz * n * time + n) / n**1.5 for n in range(1, 12)) * np.exp(-time)
        white = random.normal(0, 0.05, (len(time) + 3, 2))
        noise = (white[3:] + white[2:-1] + white[1:-2] + white[:-3]) / 2  # little near half the rate, as in any music
        phrases += [level * (0.3 * notes[:, np.newaxis] * random.uniform(0.3, 1, 2) + noise)]
        phrases += [np.zeros((random.integers(1, RATE), 2))]
    return np.concatenate(phrases).astype(np.float32)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_music_reads_as_libebur128_reads_it(seed: int) -> None:
    sound = np.concatenate([music(seed), tones((-20, 0.2))])
    sound = sound[len(sound) % 4800 :]
    ours, theirs = measure(sound), ebur128.loudness(sound, RATE)
    for name in ("momentary", "short_term", "integrated", "range"):
        assert getattr(ours, name) == pytest.approx(theirs[name], abs=0.1), name
    assert ours.true_peak == pytest.approx(theirs["true_peak"], abs=0.3)


def test_the_result_does_not_depend_on_the_pieces() -> None:
    sound, whole = music(4), Loudness(RATE)
    whole.add(sound)
    assert whole.integrated == measure(sound).integrated
    assert whole.true_peak == measure(sound).true_peak


def test_a_reset_begins_what_is_integrated_anew_and_leaves_what_is_of_the_moment() -> None:
    loudness = measure(tones((-10, 5)))
    loudness.reset()
    assert [loudness.integrated, loudness.true_peak, loudness.range] == [SILENCE, SILENCE, 0]
    assert loudness.short_term == pytest.approx(-10, abs=0.1)
    loudness.add(tones((-30, 10)))
    assert loudness.integrated == pytest.approx(-30, abs=0.1)


def test_silence_is_no_number_and_an_evening_takes_no_more_memory_than_a_minute() -> None:
    loudness = measure(np.zeros((5 * RATE, 2), np.float32))
    assert [loudness.momentary, loudness.short_term, loudness.integrated, loudness.true_peak] == [SILENCE] * 4
    assert loudness.correlation == 0
    sizes = [array.nbytes for array in vars(loudness).values() if isinstance(array, np.ndarray)]
    loudness.add(music(5)[: 10 * RATE])
    assert sizes == [array.nbytes for array in vars(loudness).values() if isinstance(array, np.ndarray)]


@pytest.mark.parametrize(("right", "expected"), [(1, 1), (-1, -1), (0.25, 1), (0, 0)])
def test_correlation_says_whether_both_sides_agree(right: float, expected: float) -> None:
    assert measure(tones((-20, 2)) * np.array([1, right], np.float32)).correlation == pytest.approx(expected, abs=1e-6)


def test_correlation_of_noises_that_do_not_know_each_other_is_near_0() -> None:
    noise = np.random.default_rng(6).normal(0, 0.1, (RATE, 2)).astype(np.float32)
    assert abs(measure(noise).correlation) < 0.05

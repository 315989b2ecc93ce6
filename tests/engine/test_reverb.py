"""The reverb decays in the time that is set, evenly in all its modes and on both sides, and its moves do not click."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine.controls import REVERB_TYPES
from remote_mixer.engine.reverb import LENGTHS
from remote_mixer.engine.shared import RATE
from tests.engine.bare_mixer import noise, running_at
from tests.engine.effecting import Reals, band, decay_seconds, effecting, play, response
from tests.engine.reverb_reference import more_lost, reverberated

ROOM, HALL, PLATE = range(len(REVERB_TYPES))
DRY = {"fx1__reverb__predelay": 0, "fx1__reverb__lowcut": 20}
OCTAVES = (125, 250, 500, 1000, 2000, 4000, 8000)


def expected_seconds(kind: int, seconds: float, damping: float, hz: float) -> float:
    """Return the decay at a frequency: the lines' losses by the responses of their lowpasses, over their lengths."""
    lost = 10 ** (6 * LENGTHS[kind] / (RATE * seconds))
    return float(6 * LENGTHS[kind].sum() / RATE / np.log10(lost * more_lost(lost, damping, hz)).sum())


@pytest.mark.parametrize("kind", [ROOM, HALL, PLATE], ids=REVERB_TYPES)
@pytest.mark.parametrize("seconds", [0.5, 1, 2, 6])
def test_the_decay_is_the_time_that_is_set_to_five_percent(kind: int, seconds: float) -> None:
    sound = response(1, 1.2 * seconds + 0.3, fx1__reverb__type=kind, fx1__reverb__time=seconds, **DRY)
    assert decay_seconds(band(sound, 60, 700)) == pytest.approx(seconds, rel=0.05)


@pytest.mark.parametrize("kind", [ROOM, HALL, PLATE], ids=REVERB_TYPES)
@pytest.mark.parametrize("seconds", [1, 2, 6])
def test_at_the_damping_of_the_start_it_is_that_time_in_the_octaves_of_500_and_1000_hz_too(
    kind: int, seconds: float
) -> None:
    sound = response(1, 1.2 * seconds + 0.3, fx1__reverb__type=kind, fx1__reverb__time=seconds, **DRY)
    for hz in (500, 1000):
        assert decay_seconds(band(sound, hz / 2**0.5, hz * 2**0.5)) == pytest.approx(seconds, rel=0.05), hz


@pytest.mark.parametrize("kind", [ROOM, HALL, PLATE], ids=REVERB_TYPES)
@pytest.mark.parametrize("damping", [2000, 6000])
def test_damping_halves_the_time_at_its_frequency(kind: int, damping: float) -> None:
    sound = response(1, 3, fx1__reverb__type=kind, fx1__reverb__time=2, fx1__reverb__damping=damping, **DRY)
    assert expected_seconds(kind, 2, damping, damping) == pytest.approx(1)
    for hz, octaves in ((300, 0.5), (damping / 2, 0.15), (damping, 0.1), (2 * damping, 0.1)):
        low, high = hz / 2**octaves, hz * 2**octaves
        times = [expected_seconds(kind, 2, damping, each) for each in np.linspace(low, high, 20)]
        wanted = np.sqrt(sum(10 ** (-6 / time * np.arange(3 * RATE) / RATE) for time in times)).reshape(-1, 1)
        assert decay_seconds(band(sound, low, high)) == pytest.approx(decay_seconds(wanted), rel=0.05), hz


def peak_over_mean(sound: Reals) -> float:
    """Return by how many decibels the highest bin between 80 Hz and 10 kHz is above the mean of those around it."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    power = spectrum[(hertz > 80) & (hertz < 10_000)]
    around = np.convolve(power, np.full(101, 1 / 101), "same")
    return float(10 * np.log10((power / around)[101:-101].max()))


@pytest.mark.parametrize("kind", [ROOM, HALL, PLATE], ids=REVERB_TYPES)
def test_no_mode_rings_on_when_the_others_are_60_db_down(kind: int) -> None:
    """The highest of so many bins of noise is 10 dB above their mean; a mode that dies away later would grow out."""
    sound = response(1, 3, fx1__reverb__type=kind, fx1__reverb__time=2, fx1__reverb__damping=16_000, **DRY)[:, 0]
    early, late = peak_over_mean(sound[RATE // 2 : RATE]), peak_over_mean(sound[2 * RATE : 2 * RATE + RATE // 2])
    assert early < 15
    assert late < 15


def decibels(power: float) -> float:
    return float(10 * np.log10(power + 1e-30))


@pytest.mark.parametrize("kind", [ROOM, HALL, PLATE], ids=REVERB_TYPES)
def test_both_sides_are_alike_in_level_independent_and_whole_in_mono(kind: int) -> None:
    sound = response(1, 3, fx1__reverb__type=kind, **DRY)
    left, right = sound.T
    power = (sound**2).sum(0)
    assert decibels(power[0]) == pytest.approx(decibels(power[1]), abs=1)
    assert abs((left * right).sum()) / np.sqrt(power.prod()) < 0.15
    for hz in OCTAVES:
        part = band(sound, hz / 2**0.5, hz * 2**0.5)
        assert decibels((part.sum(1) ** 2).sum() / (part**2).sum()) == pytest.approx(0, abs=2), hz


@pytest.mark.parametrize("kind", [ROOM, HALL, PLATE], ids=REVERB_TYPES)
def test_echoes_are_as_dense_as_noise_within_a_tenth_of_a_second(kind: int) -> None:
    """Share of samples beyond their deviation, as that of noise is 0.317 (Abel and Huang, AES 121, 2006)."""
    sound = response(1, 0.5, fx1__reverb__type=kind, **DRY)[:, 0]
    parts = sound[RATE // 10 : RATE // 2].reshape(-1, RATE // 50)
    beyond = np.abs(parts) > np.sqrt((parts**2).mean(1, keepdims=True))
    assert beyond.mean() / 0.3173 == pytest.approx(1, abs=0.1)


def test_the_pre_delay_is_that_of_the_first_echo_and_the_low_cut_takes_lows_without_changing_the_time() -> None:
    now = response(1, 2, fx1__reverb__predelay=0, fx1__reverb__lowcut=20)
    late = response(1, 2, fx1__reverb__predelay=50, fx1__reverb__lowcut=20)
    first = [int(np.argmax(np.abs(sound).max(1) > 1e-6)) for sound in (now, late)]
    assert first[1] - first[0] == pytest.approx(0.05 * RATE, abs=1)
    cut = response(1, 3, fx1__reverb__predelay=0, fx1__reverb__lowcut=400)
    for hz in (100, 400, 3000):
        lows = [(band(sound[: 2 * RATE], hz / 1.2, hz * 1.2) ** 2).sum() for sound in (now, cut)]
        assert decibels(lows[1] / lows[0]) == pytest.approx(-decibels(1 + (400 / hz) ** 4), abs=1)
    assert decay_seconds(band(cut, 60, 700)) == pytest.approx(2, rel=0.06)


@pytest.mark.parametrize("kind", [ROOM, HALL, PLATE], ids=REVERB_TYPES)
def test_the_reverb_is_the_network_in_float64_to_110_db(kind: int) -> None:
    seconds, damping, low, late = 0.8 + kind, 3000.0 + 2000 * kind, 120.0, 17
    lead, frames = RATE // 4, RATE
    sound = np.zeros((lead + frames, 1), np.float32)
    sound[lead:][: frames // 2] = 5 * noise(kind, frames // 2)
    with effecting(
        sound,
        fx1__reverb__type=kind,
        fx1__reverb__time=seconds,
        fx1__reverb__damping=damping,
        fx1__reverb__predelay=1000 * late / RATE,
        fx1__reverb__lowcut=low,
    ) as mixer:
        mixer.pan(1, -1)
        mixer.block.write("ch1/send/fx1/level", 1)
        out = play(mixer, lead + frames)[lead:, :2].astype(np.float64)
    out[:, 0] -= sound[lead:, 0]
    wanted = reverberated(sound[lead:, 0].astype(np.float64), kind, seconds, damping, late, low)
    assert decibels(((out - wanted) ** 2).sum() / (wanted**2).sum()) < -110


@pytest.mark.parametrize("frames", [44_100, 96_000])
def test_times_are_the_same_at_every_rate(frames: int) -> None:
    share = RATE / frames
    with running_at(frames):
        sound = response(1, 2.7 / share, fx1__reverb__time=2, **DRY)
        repeats = response(2, 1 / share, fx2__echo__time=300, fx2__echo__highcut=16_000)
    assert decay_seconds(band(sound, 60 * share, 700 * share)) * share == pytest.approx(2, rel=0.05)
    assert int(np.argmax(np.abs(repeats[:, 0]) > 0.1)) == round(0.3 * frames)

"""Strips: filters and dynamics null against references in float64, and nothing clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import numpy as np
import pytest

from remote_mixer.engine import shared
from remote_mixer.engine.controls import BAND_TYPES, SLOPES
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine.bare_mixer import OUTPUTS, Sound, playing, sine, steady
from tests.engine.effecting import play
from tests.engine.measured import (
    AUDIBLE,
    GLIDE_BLOCKS,
    HERTZ,
    LOOP,
    Settings,
    above,
    decibels,
    defaults,
    noise,
    turn,
    whole_loops,
)
from tests.engine.responses import Complexes, Reals, compressed, low_cut, section


@pytest.mark.parametrize("sides", [1, 2])
def test_a_strip_at_its_defaults_keeps_its_sound_bit_by_bit(sides: int) -> None:
    sound = np.repeat(noise(), sides, 1)
    with playing(sound) as mixer:
        defaults(mixer)
        mixer.pan(1, -1 if sides == 1 else 0)
        mixer.settle()
        assert np.array_equal(whole_loops(mixer), sound[:, 0])


def test_a_strip_plays_on_through_its_filters_when_another_joins() -> None:
    with playing(steady(0.1)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", gain=6, eq_on=1, eq_1_type="lowshelf", eq_1_gain=12, dyn_on=1, dyn_threshold=-30)
        turn(mixer, "ch1", delay_on=1, delay_time=200)
        mixer.play(8 * GLIDE_BLOCKS)
        still = mixer.play()[-1, 0]
        mixer.mixer.change({0: mixer.stems[0], 1: Stem("silence", steady(0, 2)), 2: Stem("more", steady(0))})
        after = np.concatenate([mixer.play(25)[:, 0] for _ in range(8)])
        assert not mixer.mixer.is_changing
    assert np.allclose(after, still, atol=1e-6)


def test_gain_is_in_decibels_and_polarity_turns_the_sign() -> None:
    with playing(steady(0.01)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", gain=40, polarity=1)
        mixer.play(GLIDE_BLOCKS)
        assert mixer.play()[-1, 0] == pytest.approx(-1, rel=1e-5)


Filter = tuple[Settings, Callable[[Reals], Complexes]]


def bands() -> Iterator[Filter]:
    """Return settings of a band, each with the right response."""
    corners = ((20, 15, 10), (100, -15, 0.3), (1000, 6, 2), (9000, 15, 1), (18_000, -9, 0.7))
    for kind, (hz, gain, q) in product(BAND_TYPES, corners):
        settings: Settings = {"eq_on": 1, "eq_2_type": kind, "eq_2_freq": hz, "eq_2_gain": gain, "eq_2_q": q}
        yield settings, partial(section, kind, hz, gain, q)


def low_cuts() -> Iterator[Filter]:
    """Return settings of the low cut likewise."""
    for slope, hz in product(SLOPES, (20, 80, 400)):
        yield {"lowcut_on": 1, "lowcut_freq": hz, "lowcut_slope": slope}, partial(low_cut, hz, slope)


FILTERS = [*bands(), *low_cuts()]


@pytest.fixture(scope="module")
def filtered() -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the measured and the right spectrum of each of FILTERS: one strip has one setting, all play in one mix."""
    source = noise()
    with playing(*[source] * len(FILTERS)) as mixer:
        for number, (controls, _) in enumerate(FILTERS, start=1):
            defaults(mixer, f"ch{number}")
            turn(mixer, f"ch{number}", **controls)
            mixer.pan(number, -1)
            mixer.mute(number)
        found = []
        mixer.play(2 * LOOP // BLOCK_FRAMES)  # what rings longest has rung out
        for number, (_, response) in enumerate(FILTERS, start=1):
            mixer.mute(number, False)
            mixer.mute(number - 1, True) if number > 1 else None
            mixer.settle()
            found.append((np.fft.rfft(whole_loops(mixer)) / np.fft.rfft(source[:, 0]), response(HERTZ)))
    return found


@pytest.mark.parametrize(
    "number", range(len(FILTERS)), ids=lambda number: "-".join(map(str, FILTERS[number][0].values()))
)
def test_a_filter_has_the_response_of_its_formula(number: int, filtered: list[tuple[np.ndarray, np.ndarray]]) -> None:
    measured, right = filtered[number]
    heard = AUDIBLE & (np.abs(right) > 1e-3)
    off = measured[heard] / right[heard]
    assert np.abs(20 * np.log10(np.abs(off))).max() < 0.05
    assert np.abs(np.angle(off, deg=True)).max() < 1
    residual = np.fft.irfft((measured - right) * np.fft.rfft(noise()[:, 0]), LOOP)
    assert decibels(residual.std()) < -130


def test_four_bands_and_a_low_cut_follow_each_other() -> None:
    controls: Settings = {"lowcut_on": 1, "lowcut_freq": 60, "lowcut_slope": "24", "eq_on": 1}
    right = low_cut(60, "24", HERTZ)
    for band, (kind, hz, gain, q) in enumerate(
        (("lowshelf", 120, 4, 0.7), ("bell", 400, -6, 2), ("bell", 2500, 5, 1.4), ("highshelf", 8000, 6, 0.7)), start=1
    ):
        controls |= {f"eq_{band}_type": kind, f"eq_{band}_freq": hz, f"eq_{band}_gain": gain, f"eq_{band}_q": q}
        right = right * section(kind, hz, gain, q, HERTZ)
    source = noise()
    with playing(source, np.repeat(source, 2, 1)) as mixer:
        for strip, pan in ((1, -1), (2, 0)):
            defaults(mixer, f"ch{strip}")
            turn(mixer, f"ch{strip}", **controls)
            mixer.pan(strip, pan)
        mixer.mute(2)
        mixer.play(LOOP // BLOCK_FRAMES)
        mono = whole_loops(mixer)
        mixer.mute(1)
        mixer.mute(2, False)
        mixer.settle()
        stereo = whole_loops(mixer)
    spectrum = np.fft.rfft(source[:, 0])
    residual = np.fft.irfft(np.fft.rfft(mono) - right * spectrum, LOOP)
    assert decibels(residual.std()) < -120
    assert decibels(np.abs(stereo - mono).max()) < -120


@pytest.mark.parametrize("level", [-50, -31, -20, -6, 0])
@pytest.mark.parametrize(("ratio", "knee"), [("2", 0), ("3", 1), ("10", 5), ("100", 0)])
def test_a_compressor_has_the_curve_that_is_drawn(level: float, ratio: str, knee: int) -> None:
    with playing(steady(10 ** (level / 20))) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", dyn_on=1, dyn_threshold=-30, dyn_ratio=ratio, dyn_knee=knee, dyn_makeup=6, dyn_attack=1)
        mixer.play(GLIDE_BLOCKS)
        reduction = level + 6 - decibels(mixer.play()[-1, 0])
        assert reduction == pytest.approx(compressed(level, -30, float(ratio), 4 * knee), abs=0.01)
        assert mixer.level(shared.dyn_tap(1)) == pytest.approx(-reduction, abs=0.26)


@pytest.mark.parametrize("part", ["gate", "dyn"])
def test_linked_channels_are_reduced_alike_by_the_louder_one_wherever_they_stand(part: str) -> None:
    loud, quiet = (steady(1), steady(0.1)) if part == "dyn" else (steady(0.1), steady(0.001))
    with playing(steady(0, 2), steady(0), quiet, loud) as mixer:
        for strip in ("ch3", "ch4"):
            defaults(mixer, strip)
            turn(mixer, strip, dyn_on=part == "dyn", dyn_threshold=-30, gate_on=part == "gate", gate_threshold=-40)
        mixer.pan(3, -1)
        mixer.mute(4)
        mixer.play(10 * GLIDE_BLOCKS)
        alone = mixer.play()[-1, 0]
        for strip in ("ch3", "ch4"):
            mixer.block.write(f"{strip}/link", 1)
        mixer.play(10 * GLIDE_BLOCKS)
        linked = mixer.play()[-1, 0]
    wanted = 0.1 * 10 ** (-compressed(0, -30, 3, 4) / 20) if part == "dyn" else 0.001
    assert linked == pytest.approx(wanted, rel=1e-3)
    assert abs(decibels(linked) - decibels(alone)) > 10


def test_the_mix_of_a_compressor_adds_the_sound_before_it() -> None:
    with playing(steady(1)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", dyn_on=1, dyn_threshold=-20, dyn_ratio="100", dyn_knee=0, dyn_mix=25)
        mixer.play(GLIDE_BLOCKS)
        assert mixer.play()[-1, 0] == pytest.approx(0.75 + 0.25 * 10 ** (-19.8 / 20), rel=1e-4)


@pytest.mark.parametrize(("mode", "slope"), [("exp2", 1), ("exp3", 2), ("exp4", 3), ("gate", 1000)])
@pytest.mark.parametrize("level", [-60, -45, -41, -39, -10])
def test_a_gate_has_the_curve_that_is_drawn(mode: str, slope: int, level: float) -> None:
    with playing(steady(10 ** (level / 20))) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", gate_on=1, gate_mode=mode, gate_threshold=-40, gate_range=30)
        turn(mixer, "ch1", gate_attack=0, gate_hold=0.02, gate_release=5)
        mixer.play(GLIDE_BLOCKS)
        gain = decibels(mixer.play()[-1, 0]) - level
        assert gain == pytest.approx(max(-30, min(0, slope * (level + 40))), abs=0.02)
        assert mixer.level(shared.gate_tap(1)) == pytest.approx(gain, abs=0.26)


def steps(*levels: float) -> Sound:
    """Return half a second of each amplitude."""
    return np.repeat(np.array(levels, np.float32), RATE // 2).reshape(-1, 1)


def time_of(gain: np.ndarray, begin: float, end: float) -> float:
    """Return the milliseconds in which a gain in decibels has done 63.2 % of its way from `begin` to `end`."""
    done = (gain - begin) / (end - begin)
    return 1000 * float(np.argmax(done >= 1 - np.exp(-1))) / RATE


@pytest.mark.parametrize("attack", [1, 10, 60])
@pytest.mark.parametrize(("hold", "release"), [(0.02, 50), (40, 80)])
def test_a_compressors_times_are_those_that_are_set(attack: float, hold: float, release: float) -> None:
    with playing(steps(0.01, 1)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", dyn_on=1, dyn_threshold=-20, dyn_ratio="2", dyn_knee=0)
        turn(mixer, "ch1", dyn_attack=attack, dyn_hold=hold, dyn_release=release)
        mixer.play(GLIDE_BLOCKS)
        sound = whole_loops(mixer)
        gain = 20 * np.log10(sound / steps(0.01, 1)[:, 0])
        assert time_of(gain[RATE // 2 :], 0, -10) == pytest.approx(attack, rel=0.05)
        turn(mixer, "ch1", dyn_attack=0)
        mixer.play(GLIDE_BLOCKS)
        gain = 20 * np.log10(whole_loops(mixer) / steps(0.01, 1)[:, 0])
        assert time_of(gain[: RATE // 2], -10, 0) == pytest.approx(hold + release, rel=0.05)


@pytest.mark.parametrize(("attack", "hold", "release"), [(1, 0.02, 50), (2, 0.02, 10), (20, 100, 20), (60, 10, 80)])
def test_a_gates_times_are_those_that_are_set(attack: float, hold: float, release: float) -> None:
    sound = steps(0.001, 1)
    with playing(sound) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", gate_on=1, gate_mode="gate", gate_threshold=-20, gate_range=30)
        turn(mixer, "ch1", gate_attack=attack, gate_hold=hold, gate_release=release)
        mixer.play(GLIDE_BLOCKS)
        gain = 20 * np.log10(whole_loops(mixer) / sound[:, 0])
        opens = time_of(gain[RATE // 2 :], -30, 0)
        closes = time_of(gain[: RATE // 2], 0, -30)
    detector = 10 * np.log(10)  # ms in which the level falls by the 20 dB from full scale to the threshold
    assert opens == pytest.approx(attack, rel=0.05)
    assert closes == pytest.approx(detector + hold + release, rel=0.05)


@pytest.mark.parametrize(("attack", "release"), [(0, 5), (1, 141), (20, 20)])
@pytest.mark.parametrize("depth", [10, 60])
@pytest.mark.parametrize("phase", range(0, 192, 48))
def test_a_gate_closes_and_opens_without_a_click(attack: float, release: float, depth: float, phase: int) -> None:
    """Of a sine of −6 dBFS it takes 10 or 60 dB, beginning anywhere in a wave."""
    with playing(sine(250, 0.5)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", gate_on=1, gate_threshold=-60, gate_range=depth, gate_hold=0.02)
        turn(mixer, "ch1", gate_attack=attack, gate_release=release)
        heard = [play(mixer, GLIDE_BLOCKS * BLOCK_FRAMES + phase, 64)]
        for threshold in (0, -60):
            turn(mixer, "ch1", gate_threshold=threshold)
            heard.append(play(mixer, 5 * GLIDE_BLOCKS * BLOCK_FRAMES, 64))
    moved = np.concatenate(heard)[RATE // 10 :, 0]
    assert np.abs(heard[1][-1000:, 0]).max() == pytest.approx(0.5 * 10 ** (-depth / 20), rel=0.1), "it has closed"
    assert decibels(np.abs(above(6000, moved)).max()) < -80


def test_a_steady_sound_is_held_for_as_long_as_it_lasts() -> None:
    """Its waves are equally high: each is held anew, and none is the last that was."""
    with playing(sine(250, 0.5)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", dyn_on=1, dyn_threshold=-30, dyn_ratio="10", dyn_attack=1, dyn_hold=300, dyn_release=5)
        mixer.play(1500)
        waves = np.abs(whole_loops(mixer)).reshape(-1, RATE // 250).max(axis=1)
    assert decibels(waves.max()) - decibels(waves.min()) < 0.001


EVERYTHING: Settings = {
    "gain": 6,
    "lowcut_on": 1,
    "gate_on": 1,
    "gate_threshold": -60,
    "dyn_on": 1,
    "dyn_threshold": 0,
    "eq_on": 1,
    "eq_1_gain": 6,
    "eq_2_gain": -6,
    "eq_3_gain": 3,
    "eq_4_gain": 5,
    "delay_on": 1,
    "delay_time": 3,
    "gate_filter_on": 1,
    "dyn_filter_on": 1,
}


@pytest.mark.parametrize("milliseconds", [0.3, 10, 123.4, 500])
def test_a_delay_keeps_the_sound_bit_by_bit(milliseconds: float) -> None:
    sound = np.repeat(noise(), 2, 1)
    with playing(sound, noise()) as mixer:
        for strip in ("ch1", "ch2"):
            defaults(mixer, strip)
            turn(mixer, strip, delay_on=1, delay_time=milliseconds)
        mixer.pan(2, -1)
        mixer.mute(2)
        mixer.play(LOOP // BLOCK_FRAMES)
        late = np.roll(sound[:, 0], round(milliseconds * RATE / 1000))
        assert np.array_equal(whole_loops(mixer), late)
        mixer.mute(1)
        mixer.mute(2, False)
        mixer.settle()
        assert np.array_equal(whole_loops(mixer), late)
        turn(mixer, "ch2", delay_on=0)
        mixer.play(GLIDE_BLOCKS)
        assert np.array_equal(whole_loops(mixer), sound[:, 0])


MOVES: dict[str, tuple[Settings, Settings]] = {
    "gain": ({}, {"gain": 12}),
    "gain to its least": ({"gain": 40}, {"gain": -20}),
    "polarity": ({}, {"polarity": 1}),
    "low cut on": ({"lowcut_freq": 400}, {"lowcut_on": 1}),
    "low cut sweep": ({"lowcut_on": 1, "lowcut_freq": 20}, {"lowcut_freq": 400}),
    "low cut slope": ({"lowcut_on": 1, "lowcut_freq": 400}, {"lowcut_slope": "24"}),
    "equaliser on": ({"eq_2_freq": 300, "eq_2_gain": 15}, {"eq_on": 1}),
    "band sweep": ({"eq_on": 1, "eq_2_freq": 100, "eq_2_gain": 15, "eq_2_q": 4}, {"eq_2_freq": 1000}),
    "band gain": ({"eq_on": 1, "eq_2_freq": 300}, {"eq_2_gain": 15}),
    "band width": ({"eq_on": 1, "eq_2_freq": 250, "eq_2_gain": 15, "eq_2_q": 10}, {"eq_2_q": 0.3}),
    "band type": ({"eq_on": 1, "eq_2_freq": 300, "eq_2_gain": 15}, {"eq_2_type": "highcut"}),
    "gate on": ({"gate_threshold": 0}, {"gate_on": 1}),
    "gate threshold": ({"gate_on": 1, "gate_mode": "exp2", "gate_threshold": -60}, {"gate_threshold": 0}),
    "gate range": ({"gate_on": 1, "gate_threshold": 0, "gate_range": 3}, {"gate_range": 60}),
    "compressor on": ({"dyn_threshold": -40, "dyn_ratio": "10", "dyn_makeup": 12}, {"dyn_on": 1}),
    "compressor threshold": ({"dyn_on": 1, "dyn_threshold": 0, "dyn_ratio": "10"}, {"dyn_threshold": -40}),
    "compressor ratio": ({"dyn_on": 1, "dyn_threshold": -30, "dyn_ratio": "2"}, {"dyn_ratio": "100"}),
    "compressor make-up": ({"dyn_on": 1}, {"dyn_makeup": 12}),
    "delay on": ({"delay_time": 100.3}, {"delay_on": 1}),
    "delay off": ({"delay_time": 100.3, "delay_on": 1}, {"delay_on": 0}),
    "delay time": ({"delay_time": 10, "delay_on": 1}, {"delay_time": 451.7}),
    "compressor mix": ({"dyn_on": 1, "dyn_threshold": -40, "dyn_makeup": 20}, {"dyn_mix": 0}),
}


@pytest.mark.parametrize("move", MOVES)
def test_no_move_clicks(move: str) -> None:
    """A click would be heard far above the sine: nothing there is louder than −90 dBFS, beside one of −6."""
    before, after = MOVES[move]
    with playing(sine(300, 0.25)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", dyn_release=4000, gate_release=4000)
        turn(mixer, "ch1", **before)
        mixer.play(5 * GLIDE_BLOCKS)
        still = mixer.play(GLIDE_BLOCKS)[:, 0]
        turn(mixer, "ch1", **after)
        moving = mixer.play(5 * GLIDE_BLOCKS)[:, 0]
    assert decibels(np.abs(above(6000, still)).max()) < -100
    heard = np.concatenate([still, moving])
    assert decibels(np.abs(above(6000, heard)).max() / max(1, 2 * np.abs(heard).max())) < -90


def in_pieces(frames: int) -> Sound:
    """Return all outputs while everything is on and moves, mixed so many frames at a time."""
    with playing(noise(), np.repeat(noise(), 2, 1)) as mixer:
        for strip in (1, 2):
            defaults(mixer, f"ch{strip}")
            turn(mixer, f"ch{strip}", **EVERYTHING)
            mixer.send(strip, strip, 1)
            mixer.limiter(strip, 0.2)
        mixer.play(GLIDE_BLOCKS)
        turn(mixer, "ch1", eq_2_freq=3000, eq_1_type="bell", gain=-3, gate_threshold=-30, dyn_threshold=-40)
        turn(mixer, "ch1", gate_filter_freq=200, dyn_filter_type="highcut 6")
        turn(mixer, "ch2", delay_time=40, eq_3_gain=-12, lowcut_on=0, dyn_mix=50, polarity=1)
        mixer.fader(1, 0.3)
        mixer.limiter(1, 0.05)
        mixer.block.commit()
        out = np.zeros((LOOP // 2, OUTPUTS), np.float32)
        for start in range(0, len(out), frames):
            mixer.mixer.mix(out[start : start + frames])
    return out


@pytest.mark.parametrize("frames", [32, 64, 97, 256])
def test_the_sound_does_not_depend_on_the_size_of_blocks(frames: int) -> None:
    assert decibels(np.abs(in_pieces(frames) - in_pieces(BLOCK_FRAMES)).max()) < -120


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf, 1e-39])
def test_what_is_no_number_does_not_survive_its_block(poison: float) -> None:
    sound = noise()
    sound[1000] = poison
    controls: Settings = {"lowcut_on": 1, "eq_on": 1, "eq_2_gain": 15, "gate_on": 1, "dyn_on": 1, "dyn_filter_on": 1}
    with playing(sound, noise()) as mixer:
        for strip in ("ch1", "ch2"):
            defaults(mixer, strip)
            turn(mixer, strip, **controls)
        mixer.send(1, 1, 1)
        out = np.concatenate([mixer.play(25) for _ in range(30)])
    assert np.isfinite(out).all()
    assert out[-1000:, 0].std() > 0.01


def test_a_chain_that_is_on_distorts_a_sine_by_less_than_110_decibels() -> None:
    with playing(sine(1000, 0.25)) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", **EVERYTHING)
        mixer.play(LOOP // BLOCK_FRAMES)
        spectrum = np.abs(np.fft.rfft(whole_loops(mixer)))
    spectrum[0] = 0
    tone = spectrum[1000]
    spectrum[1000] = 0
    assert decibels(np.sqrt((spectrum**2).sum()) / tone) < -110

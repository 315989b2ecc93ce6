"""Main and the mixes: filters, dynamics and delay null against references, groups and taps rule, and nothing clicks."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine import shared
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine.bare_mixer import LATENCY, OUTPUTS, Playing, Sound, playing, sine, steady
from tests.engine.measured import (
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
from tests.engine.responses import compressed, section

MASTERS = {"main": (0, 0), "bus1": (2, LATENCY), "bus8": (16, LATENCY)}
"""Column of the left output of each, and its delay in frames."""
LOUD = [pytest.param(master, *MASTERS[master], id=master) for master in MASTERS]


def into(mixer: Playing, master: str) -> None:
    """Lead the first channel into a master as it is, on both sides where it has two."""
    defaults(mixer)
    defaults(mixer, master)
    if master == "main":
        mixer.pan(1, 0 if mixer.stems[0].stereo else -1)
    else:
        mixer.send(1, int(master[-1]), 1)


@pytest.mark.parametrize(("master", "column", "late"), LOUD)
def test_a_master_at_its_defaults_keeps_both_sides_bit_by_bit(master: str, column: int, late: int) -> None:
    sound = np.concatenate([noise(), np.roll(noise(), 999, 0)], 1)
    with playing(sound) as mixer:
        into(mixer, master)
        mixer.settle()
        for side in range(2):
            assert np.array_equal(whole_loops(mixer, column=column + side), np.roll(sound[:, side], late))


@pytest.mark.parametrize(("master", "column", "late"), LOUD)
def test_six_bands_follow_each_other(master: str, column: int, late: int) -> None:
    controls: Settings = {"eq_on": 1}
    right = np.exp(-2j * np.pi * HERTZ * late / RATE)
    shapes = (("lowcut", 30, 0, 0.7), ("lowshelf", 90, 5, 0.7), ("bell", 250, -9, 3), ("bell", 1200, 4, 1))
    for band, (kind, hz, gain, q) in enumerate((*shapes, ("bell", 3000, -5, 8), ("highshelf", 9000, 6, 0.7)), start=1):
        controls |= {f"eq_{band}_type": kind, f"eq_{band}_freq": hz, f"eq_{band}_gain": gain, f"eq_{band}_q": q}
        right = right * section(kind, hz, gain, q, HERTZ)
    source = noise()
    with playing(np.repeat(source, 2, 1)) as mixer:
        into(mixer, master)
        turn(mixer, master, **controls)
        mixer.play(LOOP // BLOCK_FRAMES)
        for side in range(2):
            heard = whole_loops(mixer, column=column + side)
            residual = np.fft.irfft(np.fft.rfft(heard) - right * np.fft.rfft(source[:, 0]), LOOP)
            assert decibels(residual.std()) < -120


@pytest.mark.parametrize(("master", "column", "late"), LOUD)
def test_a_compressor_reduces_both_sides_by_the_louder_one(master: str, column: int, late: int) -> None:
    del late
    with playing(np.concatenate([steady(1), steady(0.1)], 1)) as mixer:
        into(mixer, master)
        turn(mixer, master, dyn_on=1, dyn_threshold=-30, dyn_ratio="4", dyn_knee=1, dyn_makeup=6, dyn_attack=1)
        mixer.play(GLIDE_BLOCKS)
        left, right = (decibels(side) for side in mixer.play()[-1, column : column + 2])
        reading = mixer.level(shared.master_dyn_tap(0 if master == "main" else int(master[-1])))
    reduction = compressed(0, -30, 4, 4)
    assert [left, right] == pytest.approx([6 - reduction, -14 - reduction], abs=0.01)
    assert reading == pytest.approx(-reduction, abs=0.26)


@pytest.mark.parametrize(("master", "column", "late"), LOUD)
def test_a_delay_keeps_the_sound_bit_by_bit(master: str, column: int, late: int) -> None:
    sound = np.repeat(noise(), 2, 1)
    with playing(sound) as mixer:
        into(mixer, master)
        turn(mixer, master, delay_on=1, delay_time=123.4)
        mixer.play(LOOP // BLOCK_FRAMES)
        for side in range(2):
            right = np.roll(sound[:, side], round(123.4 * RATE / 1000) + late)
            assert np.array_equal(whole_loops(mixer, column=column + side), right)


def test_a_mono_master_has_the_mean_of_its_sides_on_both() -> None:
    with playing(np.concatenate([steady(0.5), steady(0.25)], 1)) as mixer:
        mixer.send(1, 1, 1)
        turn(mixer, "bus1", mono=1)
        turn(mixer, "main", mono=1)
        mixer.settle()
        assert mixer.play()[-1, :4] == pytest.approx([0.375] * 4)


@pytest.mark.parametrize("tap", ["input", "pre_eq", "pre_fader", "post_fader"])
def test_a_send_is_taken_where_its_tap_is(tap: str) -> None:
    """Each step before a tap halves the sound: gain, a bell whose top is at the sound, the compressor, the fader."""
    with playing(sine(1000, 0.25), np.repeat(sine(1000, 0.25), 2, 1)) as mixer:
        for strip in (1, 2):
            defaults(mixer, f"ch{strip}")
            turn(mixer, f"ch{strip}", gain=-6.0206, gate_on=1, gate_threshold=0, gate_range=6.0206, gate_release=5)
            turn(mixer, f"ch{strip}", eq_on=1, eq_2_freq=1000, eq_2_gain=-6.0206, dyn_on=1, dyn_makeup=6.0206)
            mixer.send(strip, strip, 1)
            turn(mixer, f"ch{strip}", send_bus1_tap=tap, send_bus2_tap=tap)
            mixer.fader(strip, 0.25)
        mixer.play(5 * GLIDE_BLOCKS)
        heard = np.abs(mixer.play(8)[:, 2:6]).max(axis=0)
    shares = {"input": 1 / 2, "pre_eq": 1 / 4, "pre_fader": 1 / 4, "post_fader": 1 / 16}
    assert heard == pytest.approx([0.25 * shares[tap]] * 4, rel=0.005)


def test_a_strip_that_does_nothing_to_its_sound_has_the_same_at_every_tap() -> None:
    with playing(noise()) as mixer:
        for bus, tap in enumerate(("input", "pre_eq", "pre_fader"), start=1):
            mixer.send(1, bus, 1)
            turn(mixer, "ch1", **{f"send_bus{bus}_tap": tap})
        mixer.settle()
        out = mixer.play(40)
    assert np.abs(out[:, 2]).max() > 0.1
    assert np.array_equal(out[:, 2], out[:, 4])
    assert np.array_equal(out[:, 2], out[:, 6])


@pytest.mark.parametrize(("strip", "column"), [("ch1", 0), ("bus1", 2), ("main", 0)])
def test_a_dca_adds_its_decibels_and_its_mute_and_a_mute_group_silence(strip: str, column: int) -> None:
    def level(**controls: float) -> float:
        for path, number in controls.items():
            mixer.block.write(path.replace("_", "/"), number)
        mixer.settle()
        return float(mixer.play()[-1, column])

    with playing(steady(1)) as mixer:
        mixer.pan(1, -1)
        mixer.send(1, 1, 1)
        assert level(dca1_fader=0.5, dca8_fader=0.5, mutegroup_6=1) == 1
        for path in ("dca/1", "dca/8"):
            mixer.block.write(f"{strip}/{path}", 1)
        assert level() == pytest.approx(0.25)
        assert level(dca8_mute=1) == 0
        assert level(dca8_mute=0, dca8_fader=1) == pytest.approx(0.5)
        mixer.block.write(f"{strip}/mutegroup/6", 1)
        assert level() == 0
        assert level(mutegroup_6=0) == pytest.approx(0.5)


def test_a_post_fader_send_follows_the_channels_dca_and_one_before_the_fader_its_mute_alone() -> None:
    with playing(steady(1)) as mixer:
        mixer.send(1, 1, 1)
        mixer.send(1, 2, 1, post=False)
        mixer.block.write("ch1/dca/3", 1)
        mixer.block.write("dca3/fader", 0.5)
        mixer.settle()
        assert mixer.play()[-1, [2, 4]] == pytest.approx([0.5, 1])
        mixer.block.write("dca3/mute", 1)
        mixer.settle()
        assert not mixer.play()[:, 2:6].any()


def test_the_limiter_of_main_holds_its_ceiling_and_main_is_late_only_while_it_is_on() -> None:
    sound = np.repeat(sine(440, 1.0), 2, 1)
    with playing(sound) as mixer:
        defaults(mixer, "main")
        mixer.settle()
        assert np.array_equal(mixer.play(8)[:, 0], sound[5 * BLOCK_FRAMES :][: 8 * BLOCK_FRAMES, 0])
        turn(mixer, "main", limiter=1, ceiling=0.5)
        mixer.play(15)
        assert 0.49 < np.abs(mixer.play(100)[:, :2]).max() <= 0.5 * 10 ** (0.1 / 20)
        turn(mixer, "main", ceiling=1)
        mixer.play(400)
        begin = round(mixer.block.doubles[shared.POSITION_SECONDS] * RATE)
        assert np.array_equal(mixer.play(8)[:, 1], np.roll(sound[:, 1], LATENCY)[begin : begin + 8 * BLOCK_FRAMES])


def test_masters_play_on_through_their_filters_when_a_channel_joins() -> None:
    with playing(steady(0.1)) as mixer:
        for master in ("main", "bus1"):
            into(mixer, master)
            turn(mixer, master, eq_on=1, eq_1_gain=12, dyn_on=1, dyn_threshold=-30, delay_on=1, delay_time=200)
        turn(mixer, "ch1", send_bus1_tap="pre_eq")
        mixer.play(8 * GLIDE_BLOCKS)
        still = mixer.play()[-1]
        mixer.mixer.change({0: mixer.stems[0], **{n: Stem("silence", steady(0, 2)) for n in range(1, 20)}})
        after = np.concatenate([mixer.play(25) for _ in range(8)])
        assert not mixer.mixer.is_changing
    assert np.abs(still[[0, 2]]).min() > 0.01
    assert np.allclose(after, still, atol=1e-6)


MOVES: dict[str, tuple[Settings, Settings]] = {
    "equaliser on": ({"eq_1_freq": 300, "eq_1_gain": 15, "eq_6_gain": 9}, {"eq_on": 1}),
    "band sweep": (
        {"eq_on": 1, "eq_1_type": "bell", "eq_1_freq": 100, "eq_1_gain": 15, "eq_1_q": 4},
        {"eq_1_freq": 900},
    ),
    "band type": ({"eq_on": 1, "eq_2_freq": 300, "eq_2_gain": 15}, {"eq_2_type": "highcut"}),
    "compressor on": ({"dyn_threshold": -40, "dyn_ratio": "10", "dyn_makeup": 12}, {"dyn_on": 1}),
    "compressor threshold": ({"dyn_on": 1, "dyn_threshold": 0, "dyn_ratio": "10"}, {"dyn_threshold": -40}),
    "delay on": ({"delay_time": 100.3}, {"delay_on": 1}),
    "delay time": ({"delay_time": 10, "delay_on": 1}, {"delay_time": 451.7}),
    "limiter on": ({"ceiling": 0.1}, {"limiter": 1}),
    "limiter off": ({"ceiling": 0.1, "limiter": 1}, {"limiter": 0}),
}


@pytest.mark.parametrize(("master", "column"), [("main", 0), ("bus1", 2)])
@pytest.mark.parametrize("move", MOVES)
def test_no_move_clicks(move: str, master: str, column: int) -> None:
    before, after = MOVES[move]
    with playing(sine(300, 0.25)) as mixer:
        into(mixer, master)
        turn(mixer, master, dyn_release=4000)
        turn(mixer, master, **before)
        mixer.play(5 * GLIDE_BLOCKS)
        still = mixer.play(GLIDE_BLOCKS)[:, column]
        turn(mixer, master, **after)
        moving = mixer.play(5 * GLIDE_BLOCKS)[:, column]
    assert decibels(np.abs(above(6000, still)).max()) < -100
    heard = np.concatenate([still, moving])
    assert decibels(np.abs(above(6000, heard)).max() / max(1, 2 * np.abs(heard).max())) < -90


ALL: Settings = {
    "eq_on": 1,
    "eq_1_gain": 6,
    "eq_2_gain": -6,
    "eq_5_gain": 3,
    "eq_6_gain": 5,
    "dyn_on": 1,
    "dyn_threshold": -20,
    "delay_on": 1,
    "delay_time": 3,
    "limiter": 1,
    "ceiling": 0.2,
}


def in_pieces(frames: int) -> Sound:
    """Return all outputs while everything of the masters is on and moves, mixed so many frames at a time."""
    with playing(noise(), np.repeat(noise(), 2, 1)) as mixer:
        for master in ("main", "bus1", "bus2"):
            defaults(mixer, master)
            turn(mixer, master, **ALL)
        for strip in (1, 2):
            defaults(mixer, f"ch{strip}")
            turn(mixer, f"ch{strip}", lowcut_on=1, eq_on=1, eq_3_gain=9, send_bus1_tap="input", send_bus2_tap="pre_eq")
            mixer.block.write(f"ch{strip}/send/bus{strip}/level", 1)
        mixer.play(GLIDE_BLOCKS)
        turn(mixer, "main", eq_2_freq=3000, eq_1_type="bell", dyn_threshold=-40, limiter=0)
        turn(mixer, "bus1", delay_time=40, eq_6_gain=-12, dyn_mix=50, mono=1, ceiling=0.05)
        turn(mixer, "ch1", send_bus1_tap="pre_fader", send_bus1_pan=0.7, dca_1=1)
        turn(mixer, "ch2", send_bus2_tap="input")
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
    with playing(sound) as mixer:
        for master in ("main", "bus1"):
            into(mixer, master)
            turn(mixer, master, **ALL)
        out = np.concatenate([mixer.play(25) for _ in range(30)])
    assert np.isfinite(out).all()
    assert out[-1000:, 0].std() > 0.01
    assert out[-1000:, 2].std() > 0.01

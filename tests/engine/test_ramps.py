"""Ramps: every amplitude moves frame by frame, so nothing clicks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from remote_mixer.engine.controls import AFL
from tests.engine.bare_mixer import LATENCY, RAMP_BLOCKS, Playing, playing, sine, steady
from tests.engine.measured import curve

GAIN_FRAMES, MUTE_FRAMES = 480, 240
MAIN, BUS_1, SOLO = 0, 2, 19


@pytest.mark.parametrize(
    ("move", "column", "frames"),
    [
        (lambda mixer: mixer.fader(1, 0.25), MAIN, GAIN_FRAMES),
        (lambda mixer: mixer.fader(1, 0.25), BUS_1, GAIN_FRAMES),
        (lambda mixer: mixer.send(1, 1, 0.25), BUS_1, GAIN_FRAMES),
        (lambda mixer: mixer.master(0, 0.25), MAIN, GAIN_FRAMES),
        (lambda mixer: mixer.pan(1, 0.5), MAIN, GAIN_FRAMES),
        (lambda mixer: mixer.mute(1), MAIN, MUTE_FRAMES),
        (lambda mixer: mixer.mute(1), BUS_1, MUTE_FRAMES),
        (lambda mixer: mixer.send(1, 1, 1, muted=True), BUS_1, MUTE_FRAMES),
        (lambda mixer: mixer.master(0, 1, muted=True), MAIN, MUTE_FRAMES),
        (lambda mixer: mixer.master(1, 1, muted=True), BUS_1, MUTE_FRAMES),
        (lambda mixer: mixer.solo(1, False), SOLO, MUTE_FRAMES),
        (lambda mixer: mixer.block.write("solo/mode", AFL), SOLO, GAIN_FRAMES),
    ],
)  # fmt: skip
def test_every_move_is_a_curve_of_its_length_without_corners(
    move: Callable[[Playing], None], column: int, frames: int
) -> None:
    with playing(steady(1), steady(0)) as mixer:
        mixer.pan(1, -1)
        mixer.send(1, 1, 1)
        mixer.solo(1)
        mixer.settle()
        before = mixer.play()[-1, column]
        move(mixer)
        out = mixer.play(RAMP_BLOCKS)[:, column]
    start = 0 if column == MAIN else LATENCY
    line = curve(len(out), start, frames, (before, out[-1]))
    assert out[-1] < 0.8
    assert np.allclose(out, line, atol=1e-5)


def test_a_fader_that_moves_again_on_its_way_goes_on_from_where_it_is() -> None:
    with playing(steady(1)) as mixer:
        mixer.pan(1, -1)
        mixer.settle()
        mixer.fader(1, 0)
        half_way = mixer.play(2)[:, 0]
        mixer.fader(1, 1)
        back = mixer.play(RAMP_BLOCKS)[:, 0]
    assert 0.3 < half_way[-1] < 0.6
    assert back[-1] == 1
    bends = np.diff(np.concatenate([half_way, back]), 2)
    assert np.abs(bends).max() < 10 / GAIN_FRAMES**2, "no corner where it turns"


@pytest.mark.parametrize(
    "move",
    [
        lambda mixer: mixer.mute(1),
        lambda mixer: mixer.fader(1, 0),
        lambda mixer: mixer.pan(1, 1),
        lambda mixer: mixer.transport(plays=False),
        lambda mixer: mixer.block.seek(0.77),
    ],
)
def test_no_move_bends_a_sine_more_than_a_soft_fade_does(move: Callable[[Playing], None]) -> None:
    with playing(sine(100)) as mixer:
        mixer.settle()
        mixer.play(21)  # to somewhere that is not a zero of the sine
        move(mixer)
        out = np.concatenate([mixer.play(4), mixer.play(4), mixer.play(4)])[:, 0]
    assert np.abs(np.diff(out, 2)).max() < 0.004  # a cut at the sine's top would be 0.35


def test_playing_begins_with_a_fade() -> None:
    with playing(steady(1)) as mixer:
        out = mixer.play(RAMP_BLOCKS)[:, 0]
    assert out[0] < 0.001
    assert np.abs(np.diff(out)).max() < 0.01

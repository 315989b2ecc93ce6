"""Meter readings, the clip latch, and the generation of controls that the mix follows."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine import shared
from tests.engine.bare_mixer import playing, sine, steady


@pytest.mark.parametrize("level", [0.0, -6.0, -20.5, -60.0, -100.0])
def test_an_input_meter_reads_the_peak_to_a_quarter_of_a_decibel(level: float) -> None:
    with playing(sine(1000, 10 ** (level / 20))) as mixer:
        mixer.settle()
        assert mixer.level(shared.input_tap(1)) == pytest.approx(level, abs=0.1)


def test_each_meter_reads_its_own_tap() -> None:
    with playing(steady(0.5, 2)) as mixer:
        mixer.fader(1, 0.5)
        mixer.send(1, 8, 0.5, post=False)
        mixer.pan(1, -1)
        mixer.settle()
        levels = [mixer.level(tap) for tap in (shared.input_tap(1), shared.post_fader_tap(1), shared.bus_tap(8))]
        assert levels == pytest.approx([-6.02, -12.04, -12.04], abs=0.1)
        assert mixer.level(shared.main_tap(0)) == pytest.approx(-9.03, abs=0.1)
        assert mixer.level(shared.main_tap(1)) == -np.inf


def test_a_muted_channel_still_shows_its_input_and_nothing_after_its_fader() -> None:
    with playing(steady(0.5)) as mixer:
        mixer.mute(1)
        mixer.settle()
        mixer.level(0)
        assert mixer.level(shared.input_tap(1)) == pytest.approx(-6, abs=0.1)
        assert mixer.level(shared.post_fader_tap(1)) == -np.inf


def test_a_peak_between_two_meter_frames_is_not_lost() -> None:
    click = np.zeros((48_000, 1), np.float32)
    click[700] = 0.5
    with playing(click) as mixer:
        assert mixer.level(shared.input_tap(1)) == pytest.approx(-6, abs=0.1)


def test_channels_that_are_not_there_read_nothing() -> None:
    with playing(steady(1)) as mixer:
        mixer.play(16)
        codes = mixer.block.meters()[1]
        assert {codes[shared.input_tap(channel)] for channel in range(2, 65)} == {0}


def test_clip_stays_on_until_it_is_cleared_and_the_sum_is_not_bent() -> None:
    with playing(steady(0.9, 2), steady(0.9, 2)) as mixer:
        mixer.settle()
        assert mixer.play()[-1, 0] == pytest.approx(1.8)
        assert mixer.block.words[shared.CLIP] == 1
        mixer.fader(1, 0)
        mixer.settle()
        assert mixer.block.words[shared.CLIP] == 1
        mixer.block.clear_clip()
        mixer.play()
        assert mixer.block.words[shared.CLIP] == 0


def test_full_scale_itself_is_no_clip() -> None:
    with playing(steady(1, 2)) as mixer:
        mixer.settle()
        assert mixer.block.words[shared.CLIP] == 0


def test_a_control_is_confirmed_when_the_mix_follows_it() -> None:
    with playing(steady(1)) as mixer:
        mixer.settle()
        mixer.block.commit()
        assert not mixer.block.follows(mixer.block.words[shared.GENERATION])
        mixer.play()
        assert mixer.block.follows(mixer.block.words[shared.GENERATION])

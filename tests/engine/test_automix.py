"""Automatic mixing: the gains of a group add up to one microphone's, by level and weight, and move without noise."""

from __future__ import annotations

from math import log10

import numpy as np
import pytest

from remote_mixer.engine import shared
from remote_mixer.engine.shared import RATE
from tests.engine.bare_mixer import Playing, Sound, steady
from tests.engine.effecting import effecting, play, set_all

SETTLED = RATE // 2
X, Y = 1, 2


def noise(seed: int, rms: float = 0.1) -> Sound:
    return np.random.default_rng(seed).normal(0, rms, (4 * RATE, 1)).astype(np.float32)


def grouped(*channels: int, group: int = X) -> dict[str, float]:
    return {f"ch{channel}/automix/group": group for channel in channels}


def gain(mixer: Playing, channel: int) -> float:
    """Return a channel's gain in dB as it is metered."""
    return mixer.level(shared.automix_tap(channel))


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_n_microphones_of_one_level_are_lowered_by_ten_log_n_each(count: int) -> None:
    sounds = [noise(seed) for seed in range(count)]
    with effecting(*sounds) as mixer:
        set_all(mixer, grouped(*range(1, count + 1)))
        play(mixer, SETTLED)
        out = play(mixer, RATE)[:, 0]
        gains = [gain(mixer, channel) for channel in range(1, count + 1)]
    assert gains == pytest.approx([-10 * log10(count)] * count, abs=0.75), "meters are in steps of half a decibel"
    assert 20 * log10(out.std() / 0.1) == pytest.approx(-3, abs=0.3), "together they are as loud as one"


def test_who_speaks_is_open_and_the_others_are_down_by_their_distance() -> None:
    with effecting(noise(1, 0.1), noise(2, 0.001), noise(3, 0.001)) as mixer:
        set_all(mixer, grouped(1, 2, 3))
        play(mixer, SETTLED)
        assert [gain(mixer, channel) for channel in (1, 2, 3)] == pytest.approx([0, -40, -40], abs=1)


def test_weights_favour_a_channel_by_as_many_decibels() -> None:
    with effecting(noise(1), noise(2)) as mixer:
        set_all(mixer, grouped(1, 2) | {"ch1/automix/weight": 6})
        play(mixer, SETTLED)
        one, other = gain(mixer, 1), gain(mixer, 2)
    assert one - other == pytest.approx(6, abs=1)
    assert 10 ** (one / 10) + 10 ** (other / 10) == pytest.approx(1, rel=0.15)


def test_linked_channels_share_one_gain_and_count_as_one_microphone() -> None:
    """One side of the pair sings alone: the gain is that of one channel of these two sides."""
    sides = np.hstack([noise(1), noise(2, 0.00001)])
    with effecting(sides, noise(3)) as mixer:
        set_all(mixer, grouped(1, 2))
        play(mixer, SETTLED)
        wanted = [gain(mixer, channel) for channel in (1, 2)]
    with effecting(sides[:, :1], sides[:, 1:], noise(3)) as mixer:
        set_all(mixer, grouped(1, 2, 3) | {"ch1/link": 1, "ch2/link": 1})
        play(mixer, SETTLED)
        gains = [gain(mixer, channel) for channel in (1, 2, 3)]
        mixer.block.write("ch2/automix/group", Y)
        play(mixer, SETTLED)
        apart = gain(mixer, 1)
    assert gains == pytest.approx([wanted[0], *wanted], abs=0.5)
    assert wanted == pytest.approx([-10 * log10(3), 10 * log10(2 / 3)], abs=0.75)
    assert apart == pytest.approx(-3, abs=0.75), "in two groups they are two"


def test_the_last_microphone_stays_open_in_silence() -> None:
    speech = noise(1)
    speech[2 * RATE :] = 0
    with effecting(speech, noise(2, 0.00002), noise(3, 0.00002)) as mixer:
        set_all(mixer, grouped(1, 2, 3))
        play(mixer, RATE)
        play(mixer, int(2.9 * RATE))
        assert gain(mixer, 1) == pytest.approx(0, abs=0.5)
        assert gain(mixer, 2) < -20


def test_the_next_speaker_is_there_within_a_syllable() -> None:
    one, other = noise(1), noise(2)
    one[RATE:], other[:RATE] = 0, 0
    with effecting(one, other) as mixer:
        set_all(mixer, grouped(1, 2))
        play(mixer, round(0.9 * RATE))
        assert gain(mixer, 1) > -1
        assert gain(mixer, 2) < -30
        play(mixer, round(0.16 * RATE))
        assert gain(mixer, 2) > -4, "the first is remembered, but no longer in the way"


def test_a_muted_microphone_takes_no_part_and_a_channel_without_a_group_keeps_its_sound() -> None:
    with effecting(noise(1), noise(2), noise(3)) as mixer:
        set_all(mixer, grouped(1, 2))
        mixer.mute(2)
        play(mixer, SETTLED)
        assert gain(mixer, 1) == pytest.approx(0, abs=0.5)
        mixer.mute(2, False)
        mixer.fader(2, 0)
        play(mixer, SETTLED)
        assert gain(mixer, 1) == pytest.approx(0, abs=0.5)
        mixer.mute(1)
        mixer.mute(2)
        mixer.pan(3, -1)
        play(mixer, SETTLED)
        past = round(mixer.block.doubles[shared.POSITION_SECONDS] * RATE)
        assert np.array_equal(play(mixer, 4800)[:, 0], noise(3)[past : past + 4800, 0])


def test_two_groups_do_not_know_of_each_other() -> None:
    with effecting(noise(1), noise(2), noise(3)) as mixer:
        set_all(mixer, grouped(1) | grouped(2, 3, group=Y))
        play(mixer, SETTLED)
        assert [gain(mixer, channel) for channel in (1, 2, 3)] == pytest.approx([0, -3, -3], abs=0.75)


def test_steady_sounds_are_not_pumped_and_a_leaving_channel_glides_back() -> None:
    """Two microphones of steady noise: a constant in a third shows how its own gain moves."""
    with effecting(np.full((4 * RATE, 1), 0.1, np.float32), noise(2), noise(3)) as mixer:
        set_all(mixer, grouped(1, 2, 3))
        mixer.pan(1, -1)
        mixer.pan(2, 1)
        mixer.pan(3, 1)
        play(mixer, RATE)
        moves = 20 * np.log10(play(mixer, RATE)[:, 0] / 0.1)
        assert moves.max() - moves.min() < 1
        assert np.abs(np.diff(moves)).max() < 0.01, "dB a frame"
        set_all(mixer, grouped(1, group=0))
        back = play(mixer, RATE // 4)[:, 0]
        assert back[-1] == np.float32(0.1)
        assert np.abs(np.diff(back)).max() < 0.001


def test_no_frame_of_delay_is_added() -> None:
    sound = np.zeros((RATE, 1), np.float32)
    sound[1000] = 1
    with effecting(sound, steady(0)) as mixer:
        set_all(mixer, grouped(1, 2))
        mixer.pan(1, -1)
        assert int(np.argmax(np.abs(play(mixer, 4800)[:, 0]))) == 1000

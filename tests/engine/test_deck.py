"""The deck: what a recording gets, and what a take that is played does to the mix, sample by sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.deck_memory import (
    ACTIVE,
    ADDRESS,
    FADE,
    FADE_FRAMES,
    FILLED,
    FRAMES,
    GAPS,
    NOTHING,
    PLAYED,
    PLAYED_FULL,
    RUNS,
    TRACKS,
    WANTED,
    WRITTEN,
)
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from remote_mixer.engine.soundcheck import Place, Soundcheck, look
from tests.engine.bare_mixer import OUTPUTS, Playing, noise, playing, steady
from tests.engine.running import until

RING_FRAMES = 10_000
Sound = NDArray[np.float32]
TAKES: list[Sound] = []
"""Takes of all tests: the deck knows their memory by its address alone."""


@pytest.fixture
def mixing() -> Iterator[Playing]:
    """Play two channels of noise, the second with two sides."""
    with playing(noise(1), noise(2, sides=2)) as played:
        played.settle()
        yield played


def record(mixing: Playing, tracks: int) -> Sound:
    """Begin to record: the first tracks are those of the two channels, the last those of main; return the ring."""
    deck, ring = mixing.mixer.deck, np.zeros((tracks, RING_FRAMES), np.float32)
    deck.armed[0, :2], deck.armed[1, 1] = (0, 1), 2
    deck.outputs[:2] = 3, 4
    deck.record[[ADDRESS, FRAMES, TRACKS]] = ring.ctypes.data, RING_FRAMES, tracks
    deck.record[WANTED] = 1
    return ring


def play(mixing: Playing, take: Sound, *channels: int) -> None:
    """Begin to play a take of (tracks, frames) in place of these channels, 0-based."""
    deck = mixing.mixer.deck
    TAKES.append(take)
    deck.played[:, list(channels)] = np.arange(len(take))
    deck.play[[ADDRESS, FRAMES, TRACKS]] = take.ctypes.data, take.shape[1], len(take)
    deck.play[FILLED] = take.shape[1]
    deck.play[RUNS] = deck.play[WANTED] = 1
    for channel in channels:
        choose(mixing, channel + 1, taken=True)


def choose(mixing: Playing, channel: int, taken: bool) -> None:
    """Choose whether a channel, 1-based, plays the take."""
    mixing.mixer.deck.chosen[channel - 1] = taken


def test_a_recording_has_every_channel_after_its_gain_and_before_all_else_and_main_as_it_is_played(
    mixing: Playing,
) -> None:
    mixing.block.write("ch1/gain", 6.0)
    mixing.block.write("ch1/lowcut/on", 1)
    mixing.block.write("ch1/lowcut/freq", 400.0)
    mixing.fader(1, 0.1)
    mixing.play(200)
    ring, begun = record(mixing, 5), 205 * BLOCK_FRAMES
    out = mixing.play(30)
    there = np.arange(begun, begun + len(out)) % 4800
    np.testing.assert_allclose(ring[0, : len(out)], noise(1)[there, 0] * 10 ** (6 / 20), rtol=1e-5)
    np.testing.assert_array_equal(ring[1:3, : len(out)].T, noise(2, sides=2)[there])
    np.testing.assert_array_equal(ring[3:5, : len(out)].T, out[:, :2])
    assert mixing.mixer.deck.record[WRITTEN] == len(out)


def test_a_halted_mix_is_recorded_as_silence_in_step(mixing: Playing) -> None:
    ring = record(mixing, 5)
    mixing.play(10)
    mixing.transport(plays=False)
    mixing.play(10)
    written = mixing.mixer.deck.record[WRITTEN]
    assert written == 20 * BLOCK_FRAMES
    assert np.abs(ring[:, written - 5 * BLOCK_FRAMES : written]).max() == 0


def test_a_ring_is_written_round_and_round(mixing: Playing) -> None:
    ring = record(mixing, 5)
    out = mixing.play(100)
    there = np.arange(len(out) - RING_FRAMES, len(out))
    np.testing.assert_array_equal(ring[3, there % RING_FRAMES], out[there, 0])


def test_what_is_not_armed_is_not_recorded_and_nothing_is_when_it_has_ended(mixing: Playing) -> None:
    ring = record(mixing, 5)
    mixing.mixer.deck.armed[0, 0] = NOTHING
    mixing.play(2)
    assert np.abs(ring[0]).max() == 0
    mixing.mixer.deck.record[WANTED] = 0
    mixing.play()
    assert (mixing.mixer.deck.record[ACTIVE], mixing.mixer.deck.record[WRITTEN]) == (0, 2 * BLOCK_FRAMES)


def test_a_take_comes_in_the_place_of_a_channel_bit_by_bit_at_the_same_point(mixing: Playing) -> None:
    """Gain acts before that point: it changes nothing."""
    take = noise(3, 24_000).T.copy()
    mixing.block.write("ch1/gain", 12.0)
    mixing.mute(2)
    mixing.pan(1, -1)
    play(mixing, take, 0)
    out = mixing.play(100)
    there = slice(PLAYED_FULL + BLOCK_FRAMES * 5, None)
    np.testing.assert_array_equal(out[there, 0], take[0, : len(out)][there])


def test_only_the_chosen_channels_play_it(mixing: Playing) -> None:
    take = np.zeros((1, 24_000), np.float32)
    play(mixing, take, 0, 1)
    choose(mixing, 2, taken=False)
    mixing.play(10)
    assert mixing.mixer.deck.places[:2].tolist() == [PLAYED_FULL, 0]
    choose(mixing, 1, taken=False)
    choose(mixing, 2, taken=True)
    mixing.play(10)
    assert mixing.mixer.deck.places[:2].tolist() == [0, PLAYED_FULL]


@pytest.mark.parametrize("begins", [True, False])
def test_neither_the_change_to_a_take_nor_that_to_the_inputs_clicks(begins: bool) -> None:
    with playing(steady(0.5)) as mixing:
        mixing.pan(1, -1)
        mixing.settle()
        play(mixing, np.full((1, 24_000), -0.5, np.float32), 0)
        if not begins:
            mixing.play(20)
            mixing.mixer.deck.play[WANTED] = 0
        steps = np.abs(np.diff(mixing.play(20)[:, 0]))
        assert steps.max() <= 1.5 * 0.5 / FADE_FRAMES + 1e-6
        assert mixing.mixer.deck.play[ACTIVE] == begins


def test_a_take_that_is_not_read_in_time_is_silence_and_never_the_inputs(mixing: Playing) -> None:
    take = noise(4, 48_000).T.copy()
    mixing.mute(2)
    play(mixing, take, 0)
    mixing.mixer.deck.play[FILLED] = 12_000
    out = mixing.play(120)[:, :2]
    assert np.abs(out[-10 * BLOCK_FRAMES :]).max() == 0
    assert mixing.mixer.deck.play[GAPS] == 1
    assert mixing.mixer.deck.play[PLAYED] <= 12_000
    mixing.mixer.deck.play[FILLED] = 24_000
    assert np.abs(mixing.play(20)).max() > 0.05


def test_samples_of_a_take_that_are_no_numbers_or_next_to_nothing_are_silence(mixing: Playing, tmp_path: Path) -> None:
    odd = np.array([0.25, np.nan, np.inf, 1e-39, -0.5], np.float32)
    soundfile.write(tmp_path / "odd.wav", np.tile(odd, RATE), RATE, subtype="FLOAT")
    check = Soundcheck(mixing.mixer.deck, look(tmp_path / "odd.wav"), 1, Place(0, None))
    until(lambda: mixing.play().any() and mixing.mixer.deck.play[FILLED])
    check.close()
    assert check._ring[0, :10].tolist() == [0.25, 0, 0, 0, -0.5] * 2


def test_a_take_that_is_halted_fades_out_and_keeps_its_place(mixing: Playing) -> None:
    play(mixing, noise(4, 48_000).T.copy(), 0)
    mixing.play(50)
    mixing.mixer.deck.play[RUNS] = 0
    mixing.play(5)
    stands = mixing.mixer.deck.play[PLAYED]
    mixing.play(50)
    assert (mixing.mixer.deck.play[PLAYED], mixing.mixer.deck.play[FADE]) == (stands, 0)


def test_the_input_meter_shows_what_a_channel_plays(mixing: Playing) -> None:
    play(mixing, np.full((1, 48_000), 0.5, np.float32), 0)
    mixing.play(50)
    assert mixing.level(shared.input_tap(1)) == pytest.approx(-6, abs=0.5)


@pytest.mark.parametrize("frames", [32, 97, 256])
def test_the_result_does_not_depend_on_the_size_of_blocks(frames: int) -> None:
    heard = []
    for size in (BLOCK_FRAMES, frames):
        with playing(noise(1), noise(2, sides=2)) as mixing:
            ring = record(mixing, 5)
            play(mixing, noise(3, 24_000).T.copy(), 0, 1)
            mixing.block.commit()
            out = np.zeros((9_600 // size * size, OUTPUTS), np.float32)
            for start in range(0, len(out), size):
                mixing.mixer.mix(out[start : start + size])
            heard.append((ring[:, :9_000], out[:9_000]))
    for one, other in zip(*heard, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)

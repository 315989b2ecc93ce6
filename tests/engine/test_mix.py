"""The mixer's output equals the reference in plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.controls import AFL, PFL
from remote_mixer.engine.shared import BLOCK_FRAMES
from tests.engine import reference
from tests.engine.bare_mixer import LATENCY, OUTPUTS, RAMP_BLOCKS, Playing, noise, playing, steady
from tests.engine.reference import Channel

HALF = 10 ** (-3.0103 / 20)
START = RAMP_BLOCKS * BLOCK_FRAMES
FRAMES = 4 * BLOCK_FRAMES


def set_up(mixer: Playing, channels: list[Channel]) -> None:
    for number, channel in enumerate(channels, start=1):
        mixer.fader(number, channel.fader)
        mixer.pan(number, channel.pan)
        mixer.mute(number, channel.muted)
        mixer.solo(number, channel.soloed)
        for bus, send in channel.sends.items():
            mixer.send(number, bus, *send)


amplitudes = st.floats(0, 3, width=32)
sounds = st.builds(
    noise, seed=st.integers(0, 99), frames=st.sampled_from([1, 77, 640, 4800]), sides=st.sampled_from([1, 2])
)
any_channel = st.builds(
    Channel,
    sound=st.builds(
        noise, seed=st.integers(0, 99), frames=st.sampled_from([1, 77, 640, 4800]), sides=st.sampled_from([1, 2])
    ),
    fader=amplitudes,
    pan=st.floats(-1, 1, width=32),
    muted=st.booleans(),
    soloed=st.booleans(),
    sends=st.dictionaries(
        st.integers(1, 8), st.tuples(amplitudes, st.booleans(), st.booleans(), st.floats(-1, 1, width=32))
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(any_channel, min_size=1, max_size=7), st.booleans())
def test_any_mix_is_the_sum_that_numpy_finds(channels: list[Channel], after: bool) -> None:
    with playing(*(channel.sound for channel in channels)) as mixer:
        set_up(mixer, channels)
        mixer.block.write("solo/mode", AFL if after else PFL)
        mixer.settle()
        out = mixer.play(4)
    assert np.allclose(out[:, :2], reference.main(channels, START, FRAMES), atol=3e-6)
    late = reference.solo(channels, START - LATENCY, FRAMES, after)
    if np.abs(late).max() < 1:
        assert np.allclose(out[:, 18:20], late, atol=3e-6)
    for bus in range(1, 9):
        assert np.allclose(
            out[:, 2 * bus : 2 * bus + 2], reference.bus(channels, bus, START - LATENCY, FRAMES), atol=3e-6
        )


def test_sixty_four_channels_of_many_lengths_arrive_each_in_its_place() -> None:
    channels = [Channel(noise(n, 500 + 100 * (n % 5), 1 + n % 2), fader=0.1 + n / 64) for n in range(64)]
    with playing(*(channel.sound for channel in channels)) as mixer:
        set_up(mixer, channels)
        mixer.settle()
        out = mixer.play(4)
    assert np.allclose(out[:, :2], reference.main(channels, START, FRAMES), atol=1e-5)


@pytest.mark.parametrize(("pan", "left", "right"), [(0, HALF, HALF), (-1, 1, 0), (1, 0, 1)])
def test_a_mono_channel_keeps_its_power_wherever_it_is_panned(pan: float, left: float, right: float) -> None:
    with playing(steady(0.5)) as mixer:
        mixer.pan(1, pan)
        mixer.settle()
        assert mixer.play()[-1, :2] == pytest.approx([0.5 * left, 0.5 * right], abs=1e-6)


def test_a_stereo_channel_at_the_centre_is_as_it_was_recorded() -> None:
    pair = np.concatenate([steady(0.5), steady(0.25)], axis=1)
    with playing(pair) as mixer:
        mixer.send(1, 3, 1)
        mixer.settle()
        out = mixer.play()[-1]
    assert out[:2] == pytest.approx([0.5, 0.25])
    assert out[6:8] == pytest.approx([0.5, 0.25])


def test_a_pre_fader_send_stays_when_the_fader_goes_down_and_a_post_fader_send_follows() -> None:
    with playing(steady(0.5)) as mixer:
        mixer.send(1, 1, 0.8, post=False)
        mixer.send(1, 2, 0.8, post=True)
        mixer.fader(1, 0.25)
        mixer.settle()
        assert mixer.play()[-1, [2, 4]] == pytest.approx([0.4, 0.1])


def test_a_channels_mute_silences_its_sends_too_even_those_before_the_fader() -> None:
    with playing(steady(0.5)) as mixer:
        mixer.send(1, 1, 1, post=False)
        mixer.send(1, 2, 1, post=True)
        mixer.mute(1)
        mixer.settle()
        assert not mixer.play().any()


def test_the_masters_fader_and_mute_rule_their_own_output_alone() -> None:
    with playing(steady(0.5)) as mixer:
        mixer.send(1, 1, 1)
        mixer.send(1, 2, 1)
        mixer.master(0, 0.5)
        mixer.master(1, 1, muted=True)
        mixer.settle()
        assert mixer.play()[-1, [0, 2, 4]] == pytest.approx([0.25 * HALF, 0, 0.5])


def test_silence_in_is_silence_out_to_the_last_bit() -> None:
    with playing(steady(0), steady(0, 2)) as mixer:
        mixer.send(1, 1, 3)
        assert not mixer.play(20).any()


@pytest.mark.parametrize(
    "out",
    [
        np.zeros((BLOCK_FRAMES, OUTPUTS - 2), np.float32),
        np.zeros((BLOCK_FRAMES, OUTPUTS)),
        np.zeros((OUTPUTS, BLOCK_FRAMES), np.float32).T,
        np.zeros(BLOCK_FRAMES * OUTPUTS, np.float32),
    ],
    ids=["narrow", "float64", "in the order of columns", "flat"],
)
def test_an_array_of_another_form_is_refused_before_anything_is_written_beside_it(out: NDArray[Any]) -> None:
    with playing(noise(1)) as mixer, pytest.raises(ValueError, match="float32 in C order"):
        mixer.mixer.mix(out)


def test_a_halted_transport_is_silent_and_keeps_its_place() -> None:
    with playing(noise(1)) as mixer:
        mixer.play(10)
        mixer.transport(plays=False)
        mixer.play(10)
        stands = mixer.block.doubles[shared.POSITION_SECONDS]
        assert not mixer.play(10).any()
        assert mixer.block.doubles[shared.POSITION_SECONDS] == stands > 0


def test_a_seek_goes_on_from_the_wanted_second() -> None:
    with playing(noise(1, 48_000)) as mixer:
        mixer.play(10)
        mixer.block.seek(0.5)
        mixer.play(4)
        mixer.play(4)
        assert mixer.block.doubles[shared.POSITION_SECONDS] == pytest.approx(0.5 + 4 * BLOCK_FRAMES / shared.RATE)


def test_a_new_engine_on_the_same_block_goes_on_where_the_old_one_was() -> None:
    with playing(noise(1, 48_000)) as mixer:
        mixer.play(100)
        stands = mixer.block.doubles[shared.POSITION_SECONDS]
        follower = Playing(mixer.block, noise(1, 48_000))
        follower.play(1)
        assert mixer.block.doubles[shared.POSITION_SECONDS] == pytest.approx(stands + BLOCK_FRAMES / shared.RATE)

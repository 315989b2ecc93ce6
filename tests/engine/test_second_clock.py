"""Inputs of one card in the mix of another: resampled as the drift of the clocks wants it, faded where they end."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine.ring import FRAMES, LONG, LOST, PLAYS, SHORT, TARGET, added_seconds, new_ring
from remote_mixer.engine.shared import RATE
from remote_mixer.engine.turn_memory import Ports
from tests.engine.bare_mixer import Sound, noise, playing, running_at
from tests.engine.test_clicks import CLICK_DB, high
from tests.engine.two_clocks import Heard, Pair, Reals

LEVEL, HERTZ = 0.5, 250
LATE = 0.001  # seconds by which a callback may be late
VOICE = (100, 233, 440, 1000, 2500, 5000, 8000)
STALL_BLOCKS = 30


def tone(hertz: float = HERTZ) -> Heard:
    return lambda seconds: LEVEL * np.sin(2 * np.pi * hertz * seconds)


def voice(seconds: Reals) -> Reals:
    """Return a sum of sines, at the most of full scale."""
    phases = 2 * np.pi * np.multiply.outer(seconds, VOICE) + np.array(VOICE)
    return np.asarray(np.sin(phases).mean(axis=1))


def decibels(amplitude: float) -> float:
    return float(20 * np.log10(amplitude + 1e-12))


def residual(sound: Sound) -> float:
    """Return what there is beside a sine, 12 Hz or more away from it, in dB below it."""
    window = np.kaiser(len(sound), 20)
    power = np.abs(np.fft.rfft(sound[:, 0].astype(np.float64) * window)) ** 2
    peak, near = int(np.argmax(power)), 12 * len(sound) // RATE
    return float(10 * np.log10(1 - power[peak - near : peak + near + 1].sum() / power.sum() + 1e-15))


def is_smooth(sound: Sound) -> bool:
    """Whether a sine of HERTZ begins and ends without a click, and is never louder than it was."""
    return decibels(np.abs(high(sound.astype(np.float64))).max()) < CLICK_DB and np.abs(sound).max() < 1.001 * LEVEL


@pytest.mark.parametrize("late", [0, LATE])
@pytest.mark.parametrize("ppm", [-200, 12, 200])
def test_the_drift_is_found_within_seconds_without_a_jump_and_without_a_break(ppm: float, late: float) -> None:
    with playing(noise(1)) as mixer:
        pair = Pair(mixer, tone(), ppm, late)
        out = pair.play(8)
        assert abs(pair.drift - ppm) < 40
        out = np.concatenate([out, pair.play(12)])
        assert abs(pair.drift - ppm) < 8
        assert is_smooth(out)
        assert pair.ring.counts[[SHORT, LONG, LOST]].tolist() == [0, 0, 0]
        assert decibels(np.abs(out[RATE:]).max() / LEVEL) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize(("hertz", "late", "limit"), [(1000, 0, -110), (8000, 0, -110), (1000, LATE, -100)])
def test_what_is_resampled_has_no_other_tones_and_late_callbacks_do_not_modulate_it(
    hertz: float, late: float, limit: float
) -> None:
    with playing(noise(1)) as mixer:
        pair = Pair(mixer, tone(hertz), 200, late)
        pair.play(20)
        assert residual(pair.play(2)) < limit


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_a_voice_is_what_it_was_at_the_time_between_the_frames(rate: int) -> None:
    with running_at(rate), playing(noise(1)) as mixer:
        pair = Pair(mixer, voice, 150)
        pair.play(1)
        out, times = pair.compared(1)
        assert decibels(np.abs(out[:, 0] - voice(times)).max()) < -100


def test_each_input_keeps_its_place_and_what_is_no_number_is_silence() -> None:
    levels = np.array([0.1, np.nan, 0.3, np.inf, 0.5, 1e-39])
    with playing(noise(1)) as mixer:
        pair = Pair(mixer, lambda seconds: np.tile(levels, (len(seconds), 1)), 50, inputs=6)
        out = pair.play(0.5)
        assert np.allclose(out[-1000:], [0.1, 0, 0.3, 0, 0.5, 0], atol=1e-6)
        assert not out[-1000:, 5].any(), "what is next to nothing is slow to compute with"


@pytest.mark.parametrize("frames", [32, 128, 512])
def test_silence_is_played_until_the_ring_is_filled_and_the_delay_is_the_one_that_is_said(frames: int) -> None:
    with playing(noise(1)) as mixer:
        pair = Pair(mixer, tone(), frames=frames)
        out, times = pair.compared(1)
        asked = np.arange(len(out)) // frames * frames + frames + np.arange(len(out)) % frames
        first = int(np.flatnonzero(out[:, 0])[0])
        assert pair.ring.loop[TARGET] - 2 * frames < first < pair.ring.loop[TARGET] + 2 * frames
        delay = (asked / RATE - times)[-RATE // 4 :] - frames / RATE
        assert np.allclose(delay, added_seconds(pair.ring), atol=2 / RATE)


def test_a_card_that_goes_fades_out_and_fades_in_when_it_is_back_and_its_drift_is_still_known() -> None:
    with playing(noise(1)) as mixer:
        pair = Pair(mixer, tone(), 200)
        out = [pair.play(8)]
        pair.plugged = False
        out.append(pair.play(0.5))
        assert not out[-1][-RATE // 4 :].any()
        assert pair.ring.counts[[SHORT, PLAYS]].tolist() == [1, 0]
        drift, pair.plugged = pair.drift, True
        out.append(pair.play(1))
        assert is_smooth(np.concatenate(out))
        assert np.abs(out[-1][-1000:]).max() == pytest.approx(LEVEL, rel=1e-3)
        assert pair.drift == pytest.approx(drift, abs=15)
        assert pair.ring.counts[SHORT] == 1


def test_a_mix_that_was_held_up_fades_over_to_what_the_inputs_have_now() -> None:
    with playing(noise(1)) as mixer:
        pair = Pair(mixer, tone())
        out = [pair.play(2)]
        pair.turns += STALL_BLOCKS
        assert STALL_BLOCKS * pair.frames < FRAMES
        sound, times = pair.compared(1)
        assert is_smooth(np.concatenate([*out, sound]))
        assert pair.ring.counts[[SHORT, LONG]].tolist() == [0, 1]
        assert pair.turns * pair.frames / RATE - times[-1] < 0.02, "it is as late as before, not by the stall"


def test_callbacks_that_are_later_than_expected_break_the_sound_off_a_few_times_and_then_no_more() -> None:
    with playing(noise(1)) as mixer:
        pair = Pair(mixer, tone(), 50, jitter=0.008)
        pair.play(10)
        breaks = int(pair.ring.counts[SHORT])
        assert 1 <= breaks < 10
        out = pair.play(5)
        assert pair.ring.counts[SHORT] == breaks
        assert is_smooth(out)


def test_a_card_whose_inputs_are_its_own_has_no_ring() -> None:
    assert Ports().ring.sound.size == 0
    assert new_ring(2, 128).sound.shape == (FRAMES, 2)

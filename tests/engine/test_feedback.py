"""Feedback is named while it grows, at its frequency, and nothing that is only music, speech or a tone is called so."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from remote_mixer.engine.feedback import FeedbackWatch
from remote_mixer.engine.shared import RATE

Sound = NDArray[np.float64]


def resonance(hz: float, q: float) -> tuple[float, float, float]:
    """Return gain and poles of a band of the room that gives back most: 1 at its frequency."""
    turn = 2 * np.pi * hz / RATE
    width = np.sin(turn) / (2 * q)
    return width / (1 + width), 2 * np.cos(turn) / (1 + width), (1 - width) / (1 + width)


def looped(sound: Sound, gain: float, delay: float, hz: float, from_seconds: float = 0.0) -> Sound:
    """Return what a microphone before its own loudspeaker hears: delay in seconds, limited at full scale."""
    size, (amount, one, two) = round(delay * RATE), resonance(hz, 20)
    line, place, out = [0.0] * size, 0, []
    older, old, old_in, older_in = 0.0, 0.0, 0.0, 0.0
    for number, sample in enumerate(sound.tolist()):
        back = line[place]
        band = amount * (back - older_in) + one * old - two * older
        older_in, old_in, older, old = old_in, back, old, band
        heard = sample + (gain * band if number >= from_seconds * RATE else 0.0)
        heard = max(-1.0, min(1.0, heard))
        line[place] = heard
        place = place + 1 if place + 1 < size else 0
        out.append(heard)
    return np.array(out)


def found(sound: Sound) -> list[float]:
    """Return the frequencies that were named, one for each 50 ms in which there was one."""
    watch, named = FeedbackWatch(RATE), []
    for start in range(0, len(sound), RATE // 20):
        watch.add(sound[start : start + RATE // 20].astype(np.float32))
        named += [watch.howl] if watch.howl else []
    return named


def seconds(count: float) -> Sound:
    return np.arange(round(count * RATE)) / RATE


def speech(seed: int, length: float = 6) -> Sound:
    """Return a voice: pulses that glide in pitch through changing resonances, in syllables, with hisses between."""
    random, time = np.random.default_rng(seed), seconds(length)
    pitch = 120 + 40 * np.sin(2 * np.pi * 0.7 * time) + 15 * np.sin(2 * np.pi * 2.3 * time + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    vowels = 600 + 300 * np.sin(2 * np.pi * 1.1 * time), 1700 + 500 * np.sin(2 * np.pi * 0.9 * time + 1)
    voice = np.zeros_like(time)
    for number in range(1, 30):
        near = sum(np.exp(-(((number * pitch - vowel) / 150) ** 2)) for vowel in vowels)
        voice += (near + 0.02) * np.sin(number * phase) / number**0.3
    syllables = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1) ** 0.5
    return 0.1 * syllables * voice + 0.02 * (1 - syllables) * random.normal(0, 1, len(time))


def chords(seed: int, length: float = 8) -> Sound:
    """Return notes with decaying harmonics over drums of noise."""
    random, time, sound = np.random.default_rng(seed), seconds(1), []
    for _ in range(round(length)):
        notes = 110 * 2 ** (random.choice(24, 3) / 12)
        chord = sum(np.sin(2 * np.pi * hz * n * time) / n for hz in notes for n in range(1, 9)) * np.exp(-1.5 * time)
        drums = random.normal(0, 0.3, len(time)) * np.exp(-20 * (time % 0.25))
        sound.append(0.08 * (chord + drums))
    return np.concatenate(sound)


@pytest.mark.parametrize(
    ("hz", "over"), [(250, 1), (250, 3), (833.3, 0.3), (833.3, 2), (2500, 0.3), (2500, 3), (6333.3, 1)]
)
def test_a_loop_that_howls_is_named_at_its_frequency(hz: float, over: float) -> None:
    quiet = np.random.default_rng(1).normal(0, 0.003, 4 * RATE)
    sound = looped(quiet, 10 ** (over / 20), 0.012, hz)
    named = found(sound)
    loudest = np.argmax(np.abs(np.fft.rfft(sound[-RATE:] * np.hanning(RATE))))
    assert named
    assert np.median(named) == pytest.approx(loudest, abs=3)


@pytest.mark.parametrize("background", [speech, chords])
def test_a_howl_is_named_while_somebody_speaks_or_plays(background: object) -> None:
    sound = looped(background(3), 10 ** (1.5 / 20), 0.012, 2500, from_seconds=2.0)  # type: ignore[operator]  # a table
    named = found(sound)
    assert named
    assert 2200 < np.median(named) < 2800


@pytest.mark.parametrize("hz", [110, 440, 1000, 3150])
def test_a_steady_tone_is_no_feedback_nor_one_that_is_faded_in_or_out(hz: float) -> None:
    time = seconds(5)
    tone = 0.3 * np.sin(2 * np.pi * hz * time)
    hiss = np.random.default_rng(1).normal(0, 0.001, len(time))
    fades = [np.ones_like(time), np.clip(time - 1, 0, 1), np.clip((time - 1) / 0.1, 0, 1), np.exp(-time), time > 1]
    for fade in fades:
        assert found(fade * tone + hiss) == []


@pytest.mark.parametrize("seed", range(4))
def test_neither_speech_nor_music_nor_noise_is_feedback(seed: int) -> None:
    assert found(speech(seed)) == []
    assert found(chords(seed)) == []
    assert found(np.random.default_rng(seed).normal(0, 0.1, 5 * RATE)) == []


def test_a_note_with_harmonics_that_swells_is_no_feedback() -> None:
    time = seconds(4)
    for harmonics in (0.1, 0.3):
        note = sum(harmonics ** (n - 1) * np.sin(2 * np.pi * 660 * n * time) for n in range(1, 5))
        assert found(0.001 * np.exp(1.5 * time) * note) == []


def test_a_loop_that_dies_away_is_no_feedback() -> None:
    assert found(looped(speech(5), 10 ** (-4 / 20), 0.012, 2500)) == []


def test_a_howl_that_was_cut_is_named_no_longer() -> None:
    time = seconds(6)
    howl = np.clip(0.001 * np.exp(6 * time), 0, 0.5) * np.sin(2 * np.pi * 1234 * time) * (time < 3)
    watch = FeedbackWatch(RATE)
    watch.add(howl[: 3 * RATE].astype(np.float32))
    assert watch.howl == pytest.approx(1234, abs=2)
    watch.add(howl[3 * RATE : 4 * RATE].astype(np.float32))
    assert watch.howl is None

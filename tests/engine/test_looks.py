"""Sound of single strips for pictures: what the strip plays, whole, whatever its controls say, and nobody else's."""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES
from tests.engine.bare_mixer import Playing, Sound, noise, playing


def seen(mixer: Playing, look: int, frames: int) -> Sound:
    """Return the last frames of a look."""
    looks = mixer.mixer.looks
    places = (int(looks.taken[0]) - frames + np.arange(frames)) % looks.sound.shape[1]
    return np.asarray(looks.sound[look, places])


def test_a_look_has_what_its_channel_plays_before_all_processing_and_its_fader() -> None:
    sounds = [noise(seed, 4800) for seed in (1, 2, 3)]
    with playing(*sounds) as mixer:
        mixer.fader(2, 0)
        mixer.block.write("ch2/gain", 20)
        mixer.block.write("ch2/eq/on", 1)
        mixer.mixer.looks.channels[:2] = 1, 2
        mixer.settle()
        start = int(mixer.mixer.looks.taken[0])
        mixer.play(9)
        for look, sound in ((0, sounds[1]), (1, sounds[2])):
            assert np.array_equal(seen(mixer, look, 9 * BLOCK_FRAMES), sound[start : start + 9 * BLOCK_FRAMES, 0])


def test_a_look_at_a_stereo_strip_is_both_its_sides_as_one() -> None:
    sound = noise(1, 4800, 2)
    with playing(noise(2, 4800), sound) as mixer:
        mixer.mixer.looks.channels[3] = 1
        mixer.settle()
        place = int(mixer.mixer.looks.taken[0])
        mixer.play()
        expected = sound[place : place + BLOCK_FRAMES].mean(axis=1)
        assert np.allclose(seen(mixer, 3, BLOCK_FRAMES), expected, atol=1e-7)


def test_a_look_goes_round_and_round_without_a_gap() -> None:
    sound = noise(1, 4800)
    with playing(sound) as mixer:
        mixer.mixer.looks.channels[0] = 0
        mixer.settle()
        mixer.play(300)
        end = int(mixer.mixer.looks.taken[0])
        places = (end - 20_000 + np.arange(20_000)) % len(sound)
        assert np.array_equal(seen(mixer, 0, 20_000), sound[places, 0])


def test_a_channel_that_is_not_there_is_silent_and_one_that_nobody_looks_at_is_not_kept() -> None:
    with playing(noise(1), noise(2)) as mixer:
        looks = mixer.mixer.looks
        looks.channels[:2] = 1, 40
        looks.sound[:] = 1
        mixer.play(20)
        assert not seen(mixer, 1, 20 * BLOCK_FRAMES).any()
        assert (seen(mixer, 2, 20 * BLOCK_FRAMES) == 1).all()


def test_a_look_goes_on_when_channels_join() -> None:
    first, second = Stem("1", noise(1, 4800)), Stem("2", noise(2, 4800))
    with playing(first.audio[:]) as mixer:
        mixer.mixer.looks.channels[0] = 1
        mixer.mixer.change({0: mixer.stems[0], 1: second})
        mixer.play(30)
        assert seen(mixer, 0, BLOCK_FRAMES).any()

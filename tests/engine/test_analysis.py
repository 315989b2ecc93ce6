"""Pictures of a real mix: spectra of what is looked at, loudness of main, and the channel through which it howls."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from remote_mixer.engine import pictures
from remote_mixer.engine.analysis import Analysis, AnalysisThread
from remote_mixer.engine.controls import FIRST_INPUT, TONE
from remote_mixer.engine.pictures import CODES, MAIN, Pictures
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from remote_mixer.engine.spectrum import CENTRES
from tests.engine.bare_mixer import OUTPUTS, Playing, noise, playing, sine
from tests.engine.test_feedback import resonance

TURN_BLOCKS = RATE // pictures.RATE // BLOCK_FRAMES


class Watched(Analysis):
    """Analysis of a bare mixer, turned as the mix goes on."""

    def __init__(self, mixer: Playing) -> None:
        super().__init__(mixer.block, mixer.mixer.looks, mixer.mixer.tape)
        self.mixer = mixer

    def run(self, seconds: float, before: Callable[[], None] = lambda: None) -> Pictures:
        """Mix for some time; return the last pictures."""
        for _ in range(round(seconds * pictures.RATE)):
            before()
            self.mixer.play(TURN_BLOCKS)
            self.turn()
        return pictures.read(self.mixer.block.newest_pictures()[1])


def peak_hz(spectrum: bytes) -> float:
    return float(CENTRES[np.argmax(np.frombuffer(spectrum, np.uint8))])


def test_a_spectrum_shows_what_goes_into_the_strip_with_its_gain_and_nobody_elses() -> None:
    with playing(sine(440, 0.1), sine(3000, 0.1)) as mixer:
        watched = Watched(mixer)
        mixer.fader(1, 0)
        mixer.block.write("ch2/gain", 12)
        mixer.block.look([CODES["ch1"], 0, CODES["ch2"]])
        seen = watched.run(1)
        assert seen.strips[:3] == (1, 0, 2)
        assert peak_hz(seen.spectrum(1)) == pytest.approx(440, rel=0.04)
        assert peak_hz(seen.spectrum(2)) == pytest.approx(3000, rel=0.04)
        assert max(seen.spectrum(2)) - max(seen.spectrum(1)) == pytest.approx(24, abs=3)  # half decibels


def test_main_and_mixes_are_seen_after_their_faders() -> None:
    with playing(sine(440, 0.1), sine(3000, 0.1)) as mixer:
        watched = Watched(mixer)
        mixer.fader(2, 0)
        mixer.send(2, 3, 1, post=False)
        mixer.block.look([MAIN, CODES["bus3"], CODES["bus4"]])
        seen = watched.run(1)
        assert peak_hz(seen.spectrum(MAIN)) == pytest.approx(440, rel=0.04)
        assert peak_hz(seen.spectrum(CODES["bus3"])) == pytest.approx(3000, rel=0.04)
        assert set(seen.spectrum(CODES["bus4"])) == {0}


def test_another_strip_is_never_drawn_under_a_strips_name_and_nothing_is_kept_where_nobody_looks() -> None:
    with playing(sine(440, 0.1), sine(3000, 0.1)) as mixer:
        watched = Watched(mixer)
        mixer.block.look([1])
        watched.run(1)
        mixer.block.look([2])
        for _ in range(12):
            seen = watched.run(1 / pictures.RATE)
            spectrum = seen.spectrum(2)
            assert seen.spectrum(1) == b""
            assert not spectrum or max(spectrum) == 0 or peak_hz(spectrum) > 2000
        mixer.block.look([])
        watched.run(0.3)
        assert (mixer.mixer.looks.channels == -1).all()


def test_what_stands_still_falls_silent() -> None:
    with playing(sine(440, 0.1)) as mixer:
        watched = Watched(mixer)
        mixer.block.look([1])
        assert max(watched.run(1).spectrum(1)) > 0
        for _ in range(pictures.RATE):
            watched.turn()
        assert set(pictures.read(mixer.block.newest_pictures()[1]).spectrum(1)) == {0}


def test_loudness_is_that_of_main_after_its_fader_until_it_is_reset() -> None:
    """Signal 1 of EBU Tech 3341, through the mix: a stereo sine at −23 dBFS."""
    with playing(np.repeat(sine(1000, 10 ** (-23 / 20)), 2, axis=1)) as mixer:
        watched = Watched(mixer)
        loud = watched.run(6).loudness
        assert [loud.momentary, loud.short_term, loud.integrated, loud.true_peak] == pytest.approx([-23] * 4, abs=0.1)
        assert loud.correlation == pytest.approx(1, abs=1e-3)
        mixer.master(0, 0.5)
        watched.run(1)
        mixer.block.reset_loudness()
        assert watched.run(2).loudness.integrated == pytest.approx(-29.02, abs=0.1)


class Room:
    """A loudspeaker of main before the microphones of two channels, which hear it through a resonance of the room."""

    def __init__(self, mixer: Playing, hz: float, gains: dict[int, float]) -> None:
        self.mixer, self.gains = mixer, gains
        self.amount, self.one, self.two = resonance(hz, 20)
        self.air = np.zeros(round(0.012 * RATE))
        self.past = (0.0, 0.0, 0.0, 0.0)
        for channel in gains:
            mixer.block.write(f"ch{channel}/source", FIRST_INPUT + channel - 1)

    def resound(self, sound: np.ndarray) -> np.ndarray:
        out, (old_in, older_in, old, older) = [], self.past
        for sample in sound.tolist():
            old, older = self.amount * (sample - older_in) + self.one * old - self.two * older, old
            old_in, older_in = sample, old_in
            out.append(old)
        self.past = (old_in, older_in, old, older)
        return np.array(out)

    def play(self, blocks: int = 1) -> None:
        """Mix, and let the microphones hear what left the loudspeaker 12 ms before; the amplifier clips."""
        random = np.random.default_rng(len(self.air))
        for _ in range(blocks):
            self.mixer.block.commit()
            back = self.resound(self.air[:BLOCK_FRAMES])
            for channel, gain in self.gains.items():
                hiss = random.normal(0, 0.002, BLOCK_FRAMES)
                self.mixer.mixer.signals.inputs[:BLOCK_FRAMES, channel - 1] = hiss + gain * back
            out = np.zeros((BLOCK_FRAMES, OUTPUTS), np.float32)
            self.mixer.mixer.mix(out)
            self.air = np.concatenate([self.air[BLOCK_FRAMES:], np.clip(out[:, 0], -1, 1)])


def howl_of(mixer: Playing, room: Room, seconds: float) -> list[pictures.Howl]:
    analysis, found = Analysis(mixer.block, mixer.mixer.looks, mixer.mixer.tape), []
    for _ in range(round(seconds * pictures.RATE)):
        room.play(TURN_BLOCKS)
        analysis.turn()
        found.append(pictures.read(mixer.block.newest_pictures()[1]).howl)
    return found


def test_the_microphone_through_which_it_howls_is_named_with_its_frequency() -> None:
    with playing(*[noise(n) for n in range(6)]) as mixer:
        for channel in (1, 2, 4, 6):
            mixer.fader(channel, 0)
        room = Room(mixer, 2500, {1: 3.0, 3: 0.3, 5: 1.4})  # the first hears most of it, and its fader is down
        found = howl_of(mixer, room, 4)
        assert found[0] == (0, 0)
        assert found[-1].strip == 5
        assert found[-1].hz == pytest.approx(2500, abs=30)


def test_no_channel_is_named_for_a_tone_of_the_engine_and_nothing_for_a_mix_that_only_plays() -> None:
    with playing(noise(1), noise(2)) as mixer:
        mixer.block.write("ch1/source", TONE)
        assert set(howl_of(mixer, Room(mixer, 2500, {2: 0.3}), 3)) == {(0, 0)}


def test_pictures_that_fail_are_said_and_do_not_end_the_engine() -> None:
    class Broken(Analysis):
        def turn(self) -> None:
            raise ZeroDivisionError("float division")

    said: list[str] = []
    with playing(noise(1)) as mixer:
        thread = AnalysisThread(Broken(mixer.block, mixer.mixer.looks, mixer.mixer.tape), said.append)
        thread._thread.join(20)
        thread.stop()
    assert said == ["There are no spectra and no loudness any more (ZeroDivisionError: float division)."]

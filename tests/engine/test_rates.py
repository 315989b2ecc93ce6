"""Other rates than 48 kHz: the same frequencies, times and pitches, measured through the real kernels."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine import rates, shared
from remote_mixer.engine.controls import SOURCES
from remote_mixer.engine.files import FileSound
from remote_mixer.engine.rates import RATES, rate
from remote_mixer.engine.session import Stem
from remote_mixer.engine.stems import default_session
from tests.engine.bare_mixer import OUTPUTS, Playing, Sound, playing, running_at, steady
from tests.engine.measured import defaults, turn
from tests.engine.responses import low_cut, section
from tests.engine.test_strip import time_of
from tests.support.warm import warm

NOTHING_CARRIED = Path("nothing carried")
OTHERS = [frames for frames in RATES if frames != shared.RATE]
KNOW_THE_USUAL = {"rates", "rate_word", "ramps", "song", "synth", "stems"}
"""Modules that need the usual rate: those that convert from it, and those that make the song."""


@pytest.fixture(params=OTHERS)
def other(request: pytest.FixtureRequest) -> object:
    with running_at(request.param):
        yield request.param


def played(mixer: Playing, frames: int) -> Sound:
    """Commit the controls and mix so many frames."""
    mixer.block.commit()
    out = np.zeros((frames, OUTPUTS), np.float32)
    mixer.mixer.mix(out)
    return out


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize(
    ("kind", "hz", "gain", "q"),
    [("bell", 100, 15, 10), ("lowshelf", 200, -9, 1), ("highshelf", 9000, 12, 0.7), ("highcut", 15_000, 0, 0.7)],
)
def test_a_filter_stands_at_its_frequency(kind: str, hz: float, gain: float, q: float) -> None:
    measured, at = response({"eq_on": 1, "eq_2_type": kind, "eq_2_freq": hz, "eq_2_gain": gain, "eq_2_q": q})
    is_right(measured / section(kind, hz, gain, q, at), at)


@pytest.mark.usefixtures("other")
def test_a_low_cut_stands_at_its_frequency() -> None:
    measured, at = response({"lowcut_on": 1, "lowcut_freq": 80, "lowcut_slope": "18"})
    is_right(measured / low_cut(80, "18", at), at)


def is_right(off: np.ndarray, at: np.ndarray) -> None:
    """Assert that a response is off by less than 0.05 dB and 1° at all frequencies that are heard."""
    heard = off[(at >= 20) & (at <= 16_000)]
    assert np.abs(20 * np.log10(np.abs(heard))).max() < 0.05
    assert np.abs(np.angle(heard, deg=True)).max() < 1


def response(controls: dict[str, float | str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the response of a strip with these controls, and the frequencies."""
    loop = rate()
    phases = np.exp(2j * np.pi * np.random.default_rng(3).random(loop // 2 + 1))
    phases[[0, -1]] = 0
    sound = np.fft.irfft(phases, loop)
    source = np.asarray(0.1 * sound / sound.std(), np.float32).reshape(-1, 1)
    with playing(source) as mixer:
        defaults(mixer)
        turn(mixer, "ch1", **controls)
        mixer.pan(1, -1)
        played(mixer, 3 * loop)
        out = played(mixer, loop)[:, 0]
    bins = np.arange(1, loop // 2)
    return np.fft.rfft(out)[bins] / np.fft.rfft(source[:, 0])[bins], bins * rate() / loop


def test_a_compressor_and_a_gate_keep_their_times(other: int) -> None:
    half = other // 2
    sound = np.repeat(np.array([0.01, 1], np.float32), half).reshape(-1, 1)
    with playing(sound) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", dyn_on=1, dyn_threshold=-20, dyn_ratio="2", dyn_knee=0, dyn_attack=20, dyn_hold=0.02)
        out = played(mixer, 2 * len(sound))[-len(sound) :, 0]
        gain = 20 * np.log10(out / sound[:, 0])
        assert time_of(gain[half:], 0, -10) * shared.RATE / other == pytest.approx(20, rel=0.05)
        turn(mixer, "ch1", dyn_on=0, gate_on=1, gate_mode="gate", gate_threshold=-20, gate_range=30)
        turn(mixer, "ch1", gate_attack=20, gate_hold=100, gate_release=20)
        out = played(mixer, 2 * len(sound))[-len(sound) :, 0]
        gain = 20 * np.log10(out / sound[:, 0])
    assert time_of(gain[half:], -30, 0) * shared.RATE / other == pytest.approx(20, rel=0.05)
    closes = time_of(gain[:half], 0, -30) * shared.RATE / other
    assert closes == pytest.approx(10 * np.log(10) + 100 + 20, rel=0.05)


@pytest.mark.parametrize("milliseconds", [10, 500])
def test_a_delay_keeps_its_time(other: int, milliseconds: float) -> None:
    sound = np.random.default_rng(1).uniform(-0.1, 0.1, (other, 2)).astype(np.float32)
    with playing(sound) as mixer:
        defaults(mixer)
        turn(mixer, "ch1", delay_on=1, delay_time=milliseconds)
        out = played(mixer, 3 * other)[-other:, 0]
    assert np.array_equal(out, np.roll(sound[:, 0], round(milliseconds * other / 1000)))


def test_the_tone_is_1_khz(other: int) -> None:
    with playing(steady(0.5)) as mixer:
        mixer.block.write("ch1/source", SOURCES.index("tone"))
        out = played(mixer, 2 * other)[-other:, 0]
    assert np.argmax(np.abs(np.fft.rfft(out))) == 1000


def test_a_fader_takes_10_ms(other: int) -> None:
    with playing(steady(0.5)) as mixer:
        mixer.pan(1, -1)
        mixer.settle()
        mixer.settle()
        mixer.fader(1, 0.5)
        moving = np.flatnonzero(np.diff(mixer.play(12)[:, 0]))
    assert len(moving) == pytest.approx(other / 100, abs=1)


def test_a_limiter_releases_in_100_ms(other: int) -> None:
    sound = np.full((other, 1), 0.1, np.float32)
    sound[: other // 50] = 1
    with playing(sound) as mixer:
        mixer.send(1, 1, 1)
        mixer.limiter(1, 0.5)
        out = played(mixer, 2 * other)[-other:, 2]
    reduced = 1 - out / np.float32(0.1)
    from_end = reduced[other // 50 + 200 : other // 2]
    assert np.argmax(from_end < from_end[0] / np.e) == pytest.approx(other / 10, rel=0.05)


def test_the_place_in_the_music_is_counted_in_seconds(other: int) -> None:
    with playing(np.zeros((4 * other, 1), np.float32)) as mixer:
        mixer.block.seek(2)
        played(mixer, other)
        assert mixer.block.doubles[shared.POSITION_SECONDS] == pytest.approx(3, abs=0.02)
        played(mixer, other // 2)
        assert mixer.block.doubles[shared.POSITION_SECONDS] == pytest.approx(3.5, abs=0.03)


def test_meters_come_47_times_a_second(other: int) -> None:
    with playing(steady(0.5)) as mixer:
        before = mixer.block.words[shared.METER_FRAMES]
        for _ in range(other // shared.BLOCK_FRAMES):
            mixer.play()
        assert mixer.block.words[shared.METER_FRAMES] - before == pytest.approx(46, abs=4)


def test_a_file_keeps_its_pitch_and_length(other: int, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.sin(2 * np.pi * 440 * np.arange(96_000) / 48_000), 48_000, subtype="FLOAT")
    sound = FileSound(tmp_path / "a.wav")
    assert len(sound) == 2 * other
    assert np.argmax(np.abs(np.fft.rfft(sound[:other][:, 0]))) == 440


def test_the_built_in_song_keeps_its_pitch_loops_as_before_and_plays_from_disk(other: int, tmp_path: Path) -> None:
    data, said = warm(tmp_path), list[str]()
    stems = default_session(NOTHING_CARRIED, data, said.append).stems
    assert len(said) == 1
    assert default_session(NOTHING_CARRIED, data, said.append).stems
    assert len(said) == 1, "the second time it is there"
    with running_at(shared.RATE):
        (usual,) = (stem for stem in default_session(NOTHING_CARRIED, data, said.append).stems if stem.name == "Bass")
        theirs = spectrum(usual)
    (stem,) = (stem for stem in stems if stem.name == "Bass")
    assert isinstance(stem.audio, FileSound)
    assert len(stem.audio) * shared.RATE == len(usual.audio) * other
    assert np.allclose(spectrum(stem), theirs, atol=1e-5), "the same spectrum, the loop's joint included"


def spectrum(stem: Stem) -> Sound:
    """Return the amplitudes of a loop of 32 s up to 5 kHz."""
    amplitudes = np.abs(np.fft.rfft(stem.audio[:][:, 0])) / len(stem.audio)
    return np.asarray(amplitudes[: 32 * 5000], np.float32)


def test_a_rate_that_the_mix_does_not_run_at_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="88,200"):
        rates.set_rate(88_200)


def test_no_module_takes_the_usual_rate_for_the_rate() -> None:
    """A constant of 48 kHz would be wrong on a card of another rate: `rates.rate()` is the rate of the mix."""
    folder = Path(rates.__file__).parent
    wrong = [file.stem for file in folder.glob("*.py") if file.stem not in KNOW_THE_USUAL and _knows_usual(file)]
    assert wrong == []


def _knows_usual(file: Path) -> bool:
    imports = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom))
    return any(node.module == shared.__name__ and name.name == "RATE" for node in imports for name in node.names)

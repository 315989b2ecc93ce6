"""A recording holds every sample, and no file is overwritten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine import recorder
from remote_mixer.engine.recorder import HEADER_BYTES, Recorder, wav_header
from tests.engine.bare_mixer import noise


def test_a_recording_holds_every_sample_also_beyond_full_scale(tmp_path: Path) -> None:
    sound = 20 * noise(1, 100_000, 2)
    taking = Recorder(tmp_path / "a.wav")
    for start in range(0, len(sound), 512):
        taking.write(sound[start : start + 512])
    taking.stop()
    heard, rate = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert rate == 48_000
    assert np.array_equal(heard, sound)


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("last night's gig")
    for _ in range(2):
        Recorder(tmp_path / "a.wav").stop()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a-2.wav", "a-3.wav", "a.wav"]
    assert (tmp_path / "a.wav").read_text() == "last night's gig"


def test_a_file_that_is_full_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "LONGEST_BYTES", 8 * 1000)
    taking = Recorder(tmp_path / "a.wav")
    for _ in range(3):
        taking.write(noise(1, 600, 2))
    taking.stop()
    assert [soundfile.info(str(tmp_path / name)).frames for name in ("a.wav", "a-2.wav")] == [1200, 600]


def test_the_header_is_as_long_as_it_says() -> None:
    assert len(wav_header(0)) == HEADER_BYTES

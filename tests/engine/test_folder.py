"""A folder of sound files: the stems, their names, and a sentence about each file that does not play."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine.files import FileSound
from remote_mixer.engine.folder import folder_session, strip_name
from remote_mixer.engine.session import EngineError, Session
from tests.engine.bare_mixer import noise, sine


def load(folder: Path) -> Session:
    return folder_session(folder, lambda text: None)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("01 - Kick.wav", "Kick"),
        ("2_Lead_Vox.flac", "Lead Vox"),
        ("03.Snare top.ogg", "Snare top"),
        ("808 bass.wav", "bass"),
        ("7.wav", "7"),
        ("Größe 🎸.wav", "Größe 🎸"),
        ("x" * 60 + ".wav", "x" * 32),
    ],
)
def test_a_strip_is_called_what_a_person_would_call_the_file(file: str, name: str) -> None:
    assert strip_name(file) == name


def test_files_play_in_the_order_of_their_names_mono_and_stereo(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "02 Pad.flac", noise(1, 500, 2), 48_000)
    soundfile.write(tmp_path / "01 Kick.wav", noise(2, 300), 48_000, subtype="FLOAT")
    soundfile.write(tmp_path / "03 Hat.ogg", noise(3, 4800), 48_000)
    session = load(tmp_path)
    assert [(stem.name, stem.stereo) for stem in session.stems] == [("Kick", False), ("Pad", True), ("Hat", False)]
    assert np.array_equal(session.stems[0].audio[:], noise(2, 300))
    assert session.problems == []


def test_a_broken_file_is_named_and_the_others_play(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "good.wav", noise(1), 48_000)
    (tmp_path / "bad.wav").write_text("this is a shopping list")
    (tmp_path / "none.flac").touch()
    (tmp_path / "notes.txt").write_text("not a sound, and not meant as one")
    session = load(tmp_path)
    assert [stem.name for stem in session.stems] == ["good"]
    assert [problem.split()[0] for problem in session.problems] == ["bad.wav", "none.flac"]


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_another_rate_keeps_the_pitch_and_the_length(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", sine(440, 0.5, rate), rate, subtype="FLOAT")
    audio = load(tmp_path).stems[0].audio[:][:, 0]
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(len(audio))))
    assert len(audio) == pytest.approx(48_000, abs=2)
    assert np.argmax(spectrum) == pytest.approx(440, abs=1)
    assert np.abs(audio[1000:-1000]).max() == pytest.approx(0.5, abs=0.005)


def test_of_more_than_two_sides_the_first_two_play_and_that_is_said(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "surround.wav", noise(1, 100, 6), 48_000, subtype="FLOAT")
    session = load(tmp_path)
    assert np.array_equal(session.stems[0].audio[:], noise(1, 100, 6)[:, :2])
    assert "first two" in session.problems[0]


def test_samples_that_are_no_numbers_play_as_silence(tmp_path: Path) -> None:
    sound = noise(1, 100)
    sound[10], sound[20] = np.nan, np.inf
    soundfile.write(tmp_path / "nan.wav", sound, 48_000, subtype="FLOAT")
    session = load(tmp_path)
    audio = session.stems[0].audio
    assert isinstance(audio, FileSound)
    assert audio[:][[10, 20], 0].tolist() == [0, 0]
    assert audio.faults() == ["nan.wav has samples that are not numbers: they are played as silence."]


@pytest.mark.parametrize(
    ("files", "more"), [(65, "1 more file is"), (66, "2 more files are"), (3000, "2,936 more files are")]
)
def test_of_thousands_of_files_sixty_four_play_and_one_sentence_counts_the_others(
    tmp_path: Path, files: int, more: str
) -> None:
    soundfile.write(tmp_path / "t0000.wav", noise(0, 10), 48_000)
    for number in range(1, files):
        (tmp_path / f"t{number:04}.wav").hardlink_to(tmp_path / "t0000.wav")
    session = load(tmp_path)
    assert len(session.stems) == 64
    assert session.problems == [f"{more} not played: a session has at most 64 channels."]


def test_the_sixty_fourth_good_file_plays_though_one_before_it_does_not_and_that_is_said_first(tmp_path: Path) -> None:
    for number in range(70):
        soundfile.write(tmp_path / f"t{number:02}.wav", noise(number, 10), 48_000)
    (tmp_path / "t03.wav").write_text("milk")
    session = load(tmp_path)
    assert (len(session.stems), session.stems[-1].name) == (64, "t64")
    assert [problem.split()[0] for problem in session.problems] == ["t03.wav", "5"]


def test_hundreds_of_files_that_are_no_sound_are_counted_after_the_first_hundred(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "0.wav", noise(1, 10), 48_000)
    for number in range(300):
        (tmp_path / f"t{number:03}.wav").write_text("milk")
    session = load(tmp_path)
    assert (len(session.problems), session.problems[-1].split(":")[0]) == (101, "200 more files are not played")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (b"01 Gr\xf6\xdfe.wav", "Gr\ufffd\ufffde"),
        (b"\xff\xfe.wav", "\ufffd\ufffd"),
        (b"02 \x80Kick\xc3.flac", "\ufffdKick\ufffd"),
        (b"up\nand\x1b[31m.wav", "upand[31m"),
        ("evil\u202evaw.wav".encode(), "evilvaw"),
        ("Gro\u0308sse.wav".encode(), "Größe".replace("ß", "ss")),
        (b"\xed\xa0\x80.wav", "\ufffd\ufffd\ufffd"),
    ],
)
def test_a_name_of_any_bytes_plays_and_is_shown_as_text(tmp_path: Path, name: bytes, read: str) -> None:
    soundfile.write(tmp_path / "0 good.wav", noise(1, 100), 48_000)
    kind = "FLAC" if name.endswith(b"flac") else "WAV"
    soundfile.write(tmp_path / "made", noise(2, 100), 48_000, format=kind, subtype="PCM_16")
    (tmp_path / "made").rename(tmp_path / os.fsdecode(name))
    (tmp_path / os.fsdecode(b"bad \xe9.wav")).write_text("milk")
    session = load(tmp_path)
    assert {stem.name for stem in session.stems} == {"good", read}
    assert session.problems == ["bad \ufffd.wav is not played: it is not a sound file that can be read."]
    assert all(text.encode() for stem in session.stems for text in (stem.name, stem.file))


@pytest.mark.parametrize(
    "name", ["._01 Kick.wav", ".hidden.flac", "..wav", ".wav", "notes.txt", "song.als", "folder.wav"]
)
def test_what_begins_with_a_dot_is_no_file_and_other_things_are_not_spoken_of(tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / "01 Kick.wav", noise(1, 100), 48_000)
    if name.startswith("folder"):
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(b"\0\5\x16\7 no sound")
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nowhere")
    session = load(tmp_path)
    assert ([stem.name for stem in session.stems], session.problems) == (["Kick"], [])


def test_sound_of_a_kind_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "01 Kick.wav", noise(1, 100), 48_000)
    (tmp_path / "02 Snare.m4a").write_bytes(b"\0\0\0\x18ftypM4A ")
    assert load(tmp_path).problems == ["02 Snare.m4a is not played: it is not a sound file that can be read."]


@pytest.mark.parametrize("files", [None, [], ["notes.txt"], ["list.wav"]])
def test_a_folder_with_nothing_to_play_says_what_to_do(tmp_path: Path, files: list[str] | None) -> None:
    folder = tmp_path / "stems"
    for name in files or []:
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("milk, bread")
    if files == []:
        folder.mkdir()
    with pytest.raises(EngineError, match=str(folder)):
        load(folder)

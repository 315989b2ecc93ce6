"""The built-in song, and its copy on disk."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine import song
from remote_mixer.engine.session import Session, Stem
from remote_mixer.engine.stems import LOOP_FRAMES, NAMES, SONG, carry, default_session


@pytest.fixture(scope="module")
def stems() -> list[Stem]:
    return list(song.stems())


def heard(data: Path, carried: Path = Path("nothing carried")) -> tuple[Session, list[str]]:
    """The session, and what was said meanwhile."""
    progress: list[str] = []
    return default_session(carried, data, progress.append), progress


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    heard(folder)
    return folder


def test_eight_stems_make_a_loop_of_half_a_minute(stems: list[Stem]) -> None:
    assert tuple(stem.name for stem in stems) == NAMES
    assert {len(stem.audio) for stem in stems} == {LOOP_FRAMES}


def test_levels_leave_headroom_and_the_whole_does_not_clip(stems: list[Stem]) -> None:
    peaks = [20 * np.log10(np.abs(stem.audio[:]).max()) for stem in stems]
    assert all(-12.1 < peak < -5.9 for peak in peaks)
    main = sum((stem.audio[:] * (1 if stem.stereo else 0.7071) for stem in stems), np.zeros((LOOP_FRAMES, 2)))
    assert np.abs(main).max() < 1


def test_the_loop_meets_its_own_start_without_a_click(stems: list[Stem]) -> None:
    for stem in stems:
        around = np.concatenate([stem.audio[-50:], stem.audio[:50]])
        assert np.abs(np.diff(around, axis=0)).max() <= np.abs(np.diff(stem.audio[:], axis=0)).max()


def test_the_song_is_the_same_each_time(stems: list[Stem]) -> None:
    name, made, peak_db = song.STEMS[2]
    again = song.finished(made(), peak_db)
    assert name == "Hats"
    assert np.array_equal(again, stems[2].audio[:])


def test_a_second_start_finds_the_music_on_disk_as_it_was_made(data: Path, stems: list[Stem]) -> None:
    session, progress = heard(data)
    assert progress == []
    for kept, made in zip(session.stems, stems, strict=True):
        assert np.abs(kept.audio[:] - made.audio[:]).max() < 2**-23


def test_music_that_is_carried_is_neither_made_nor_kept_again(
    tmp_path: Path, stems: list[Stem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(song, "stems", lambda: iter(stems))
    carry(tmp_path / "carried")
    monkeypatch.setattr(song, "stems", lambda: pytest.fail("made again"))
    carry(tmp_path / "carried")
    session, progress = heard(tmp_path / "data", tmp_path / "carried")
    assert ([stem.name for stem in session.stems], progress) == (list(NAMES), [])
    assert not (tmp_path / "data").exists()


def test_a_half_made_set_is_made_again(data: Path) -> None:
    bass = data / "stems" / SONG / "04 Bass.flac"
    bass.write_bytes(bass.read_bytes()[:100_000])
    session, progress = heard(data)
    assert progress
    assert len(session.stems[3].audio) == LOOP_FRAMES
    assert heard(data)[1] == []
    assert [folder.name for folder in (data / "stems").iterdir()] == [SONG]


def test_a_set_that_another_engine_was_sooner_to_make_is_played_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stems: list[Stem]
) -> None:
    def sooner() -> list[Stem]:
        monkeypatch.setattr(song, "stems", lambda: stems)
        heard(tmp_path)
        files.update({file: file.stat().st_ino for file in (tmp_path / "stems" / SONG).iterdir()})
        return stems

    files: dict[Path, int] = {}
    monkeypatch.setattr(song, "stems", sooner)
    session, _ = heard(tmp_path)
    assert session.problems == []
    assert {file: file.stat().st_ino for file in (tmp_path / "stems" / SONG).iterdir()} == files
    assert [folder.name for folder in (tmp_path / "stems").iterdir()] == [SONG]


def test_music_that_cannot_be_kept_plays_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "stems").write_text("a file where the folder should be")
    session, _ = heard(tmp_path)
    assert len(session.stems) == 8
    assert "made anew" in session.problems[0]


def test_a_full_disk_has_its_room_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stems: list[Stem]) -> None:
    def full(file: Path, *_: object, **__: object) -> None:
        file.write_bytes(b"RIFF")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(song, "stems", lambda: stems)
    monkeypatch.setattr(soundfile, "write", full)
    session, _ = heard(tmp_path)
    assert "No space left on device" in session.problems[0]
    assert session.stems == stems
    assert list((tmp_path / "stems").iterdir()) == []

"""Kept code is of the present sources, by their content, and whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from remote_mixer.engine import kept


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sources of our own to change, instead of the engine's."""
    copy = tmp_path / "engine"
    shutil.copytree(kept.SOURCES, copy, ignore=shutil.ignore_patterns("__pycache__", "built"))
    monkeypatch.setattr(kept, "SOURCES", copy)
    return copy


def stamp() -> str:
    """Return what another process would compute."""
    return kept.stamp.__wrapped__()


def test_the_stamp_is_the_content_of_the_sources_and_not_their_times(sources: Path) -> None:
    assert stamp() == kept.stamp()
    os.utime(sources / "kernel.py", (1e9, 1e9))
    assert stamp() == kept.stamp()
    source = (sources / "kernel.py").read_bytes()
    assert b"round(40 *" in source
    (sources / "kernel.py").write_bytes(source.replace(b"round(40 *", b"round(41 *"))
    os.utime(sources / "kernel.py", (1e9, 1e9))
    assert stamp() != kept.stamp()


def test_what_was_kept_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    file = kept.place(tmp_path / "folder", "kernels")
    assert kept.read(file) == b""
    kept.keep(file, b"some\ncode")
    assert kept.read(file) == b"some\ncode"
    for place in range(file.stat().st_size):
        content = bytearray(file.read_bytes())
        content[place] ^= 1
        damaged = tmp_path / "damaged"
        damaged.write_bytes(content)
        assert kept.read(damaged) == b""


def test_code_of_other_sources_is_deleted_and_what_cannot_be_kept_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "old.kernels").write_bytes(b"old")
    (tmp_path / "notes.txt").write_bytes(b"a person's")
    kept.keep(kept.place(tmp_path, "a.module"), b"module")
    kept.keep(kept.place(tmp_path, "b.kernels"), b"kernels")
    assert {file.name.partition(".")[2] for file in tmp_path.iterdir()} == {"txt", "a.module", "b.kernels"}
    kept.keep(tmp_path / "notes.txt" / "c.kernels", b"kernels")

"""What is for this person's eyes alone is so from the first byte on, and is there whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from remote_mixer.private import keep_private, write_private

only_where_files_have_rights = pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@only_where_files_have_rights
def test_a_file_is_for_its_owner_alone_also_where_an_open_one_stood(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"old")
    file.chmod(0o644)
    write_private(file, b"new")
    assert (file.read_bytes(), rights(file)) == (b"new", 0o600)


def test_a_disk_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError("the disk is full")

    file = tmp_path / "key"
    write_private(file, b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        write_private(file, b"new")
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"old", [file])


@only_where_files_have_rights
def test_what_came_back_open_from_a_backup_is_closed_again(tmp_path: Path) -> None:
    folder, file = tmp_path / "tls", tmp_path / "tls" / "key"
    folder.mkdir()
    file.touch()
    for path in (folder, file):
        path.chmod(0o755)
        keep_private(path)
    assert (rights(folder), rights(file)) == (0o700, 0o600)
    keep_private(tmp_path / "none")

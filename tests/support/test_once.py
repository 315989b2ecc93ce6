"""Things that a test run makes once, and the error when making one fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.once import FOLDER_VARIABLE, once


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))


def test_the_second_caller_gets_what_the_first_one_made() -> None:
    made: list[Path] = []
    assert once("thing", made.append) == once("thing", made.append)
    assert len(made) == 1


def test_after_a_failure_the_next_caller_starts_with_an_empty_folder() -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("the disk is full")

    def make(folder: Path) -> None:
        assert list(folder.iterdir()) == []
        (folder / "whole").touch()

    with pytest.raises(OSError, match="full"):
        once("thing", fail)
    assert [file.name for file in once("thing", make).iterdir()] == ["whole"]

"""Every section stands, even where its own gatherer fails or hangs."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from remote_mixer.doctor import computer, programs
from remote_mixer.doctor.gather import Gatherers, gather, gather_beside
from remote_mixer.doctor.report import Row

ROOT = Path(__file__).parents[2]


def fine() -> Iterator[Row]:
    yield "fact", "true"


def failing() -> Iterator[Row]:
    yield "fact", "half"
    raise OSError("the disk is gone")


@pytest.mark.parametrize("way", [gather, gather_beside])
def test_a_gatherer_that_fails_is_named_and_the_others_stand(way: object) -> None:
    assert callable(way)
    sections = way({"A": fine, "B": failing, "C": fine})
    assert [(section.title, section.rows) for section in sections] == [
        ("A", [("fact", "true")]),
        ("B", [("", "cannot be told (OSError: the disk is gone)")]),
        ("C", [("fact", "true")]),
    ]


def test_a_gatherer_that_hangs_is_named_and_the_others_stand() -> None:
    ends = threading.Event()

    def hanging() -> Iterator[Row]:
        ends.wait()
        yield from fine()

    try:
        sections = gather_beside({"A": hanging, "B": fine}, seconds=0.5)
    finally:
        ends.set()
    assert [section.rows for section in sections] == [[("", "no answer within 0 s")], [("fact", "true")]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gatherers:
    """The gatherers of this computer, without the processes that they start."""
    monkeypatch.setattr(programs, "_said", " ".join)
    return computer.gatherers(tmp_path)


def test_this_computer_has_every_section(here: Gatherers, tmp_path: Path) -> None:
    (tmp_path / "mixes.db").write_bytes(bytes(2_000_000))
    sections = {section.title: dict(section.rows) for section in gather_beside(here)}
    assert sections.keys() == here.keys()
    assert not [rows for rows in sections.values() if "" in rows and "cannot be told" in rows[""]]
    assert sections["Data folder"]["size"] == "2.0 MB in 1 files"
    assert sections["Data folder"]["free"].endswith("GB")
    assert "127.0.0.1" in sections["Network"]["lo"]
    assert sections["Sound"]["cards"].endswith("engine-process cards")


@pytest.mark.parametrize("title", computer.gatherers(Path()))
def test_each_section_stands_when_its_gatherer_fails(here: Gatherers, title: str) -> None:
    sections = gather_beside({**here, title: failing})
    assert [section.title for section in sections] == list(here)
    broken = [section.title for section in sections if "the disk is gone" in str(section.rows)]
    assert broken == [title]


def test_a_data_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    rows = dict(computer.gatherers(tmp_path / "none")["Data folder"]())
    assert rows["state"] == "there is none yet"


def test_all_libraries_of_the_project_are_listed() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {line.partition(">")[0].partition("=")[0] for line in wanted}
    assert names <= set(computer.LIBRARIES)

"""Where the page lies, and where a person's files go."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from remote_mixer import resources


def test_in_a_clone_the_page_is_the_folder_beside_the_package() -> None:
    assert resources.resource_path("index.html") == Path(__file__).parents[1] / "ui" / "index.html"


def test_in_an_installed_package_the_page_is_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "remote_mixer" / "_ui").mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "remote_mixer" / "resources.py"))
    assert resources.resource_path("main.js") == tmp_path / "remote_mixer" / "_ui" / "main.js"


def test_in_a_frozen_program_the_page_lies_beside_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.resource_path("icons", "icon.svg") == tmp_path / "ui" / "icons" / "icon.svg"


@pytest.mark.parametrize(
    ("system", "variables", "folder"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/remote-mixer"),
        ("linux", {"XDG_DATA_HOME": "not/absolute"}, "/home/ann/.local/share/remote-mixer"),
        ("linux", {}, "/home/ann/.local/share/remote-mixer"),
        ("darwin", {}, "/home/ann/Library/Application Support/Remote Mixer"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/Remote Mixer"),
        ("win32", {}, "/home/ann/AppData/Local/Remote Mixer"),
    ],
)
def test_each_system_has_its_place_for_data(
    monkeypatch: pytest.MonkeyPatch, system: str, variables: dict[str, str], folder: str
) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/ann", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert resources.default_data_folder() == Path(folder)

"""Where the page lies, and where a person's files go."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest
from platformdirs import macos, unix, windows

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


SYSTEMS = {"linux": unix.Unix, "darwin": macos.MacOS, "win32": windows.Windows}


def pretend(
    monkeypatch: pytest.MonkeyPatch, system: str, home: Path, variables: dict[str, str], known: Path | None = None
) -> None:
    """Make this computer another system's; `known` is Windows' own answer where it is not in the environment."""
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": str(home), **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platformdirs, "PlatformDirs", SYSTEMS[system])
    local = known or variables.get("LOCALAPPDATA") or home / "AppData" / "Local"
    monkeypatch.setattr(windows, "get_win_folder", lambda _: str(local))


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
    pretend(monkeypatch, system, Path("/home/ann"), variables)
    assert resources.default_data_folder() == Path(folder)


def moved(monkeypatch: pytest.MonkeyPatch, system: str, home: Path) -> tuple[Path, Path]:
    """Pretend a system whose own answer is not the former rule's; return the former and the new folder.

    On Linux both rules agree on every environment, so the answer of platformdirs is replaced there.
    """
    variables = {"darwin": {"XDG_DATA_HOME": str(home / "xdg")}, "win32": {"LOCALAPPDATA": str(home / "local")}}
    pretend(monkeypatch, system, home, variables.get(system, {}), known=home / "moved")
    if system == "linux":
        monkeypatch.setattr(resources, "user_data_path", lambda name, **_: home / "elsewhere" / name)
    return {
        "linux": (home / ".local" / "share" / "remote-mixer", home / "elsewhere" / "remote-mixer"),
        "darwin": (home / "Library" / "Application Support" / "Remote Mixer", home / "xdg" / "Remote Mixer"),
        "win32": (home / "local" / "Remote Mixer", home / "moved" / "Remote Mixer"),
    }[system]


@pytest.mark.parametrize("system", SYSTEMS)
def test_data_in_the_former_place_is_found_and_kept_until_there_is_some_in_the_new_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str
) -> None:
    former, new = moved(monkeypatch, system, tmp_path)
    assert resources.default_data_folder() == new
    former.mkdir(parents=True)
    assert resources.default_data_folder() == former
    new.mkdir(parents=True)
    assert resources.default_data_folder() == new

"""Folders of the program: the page's files, which ship with it, and a person's data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from platformdirs import user_data_path

APP_NAME = "Remote Mixer"
UNIX_NAME = "remote-mixer"  # Linux and similar systems write folder names in lower case without spaces


def resource_path(*parts: str) -> Path:
    """Return a file or folder of the page, as `resource_path("index.html")`; without parts, the page's folder.

    A frozen build has it beside the program, an installed wheel inside the package, a clone at its top level.
    """
    return _page_folder().joinpath(*parts)


def _page_folder() -> Path:
    if frozen := getattr(sys, "_MEIPASS", None):
        return Path(frozen) / "ui"
    package = Path(__file__).resolve().parent
    installed = package / "_ui"
    return installed if installed.is_dir() else package.parent / "ui"


def default_data_folder() -> Path:
    """Return the folder for a person's data on this system; it need not exist yet.

    A folder that version 0.1.0 made elsewhere stays in use as long as there is none in the new place. For a user who
    has no home it is one in the folder that the program is started in.
    """
    try:
        folder, former = user_data_path(_folder_name(), appauthor=False), _former_data_folder()
    except RuntimeError:  # a user without a home
        return Path(_folder_name())
    try:
        return former if former.is_dir() and not folder.exists() else folder
    except OSError:  # in the home of somebody else, as after `sudo -u`
        return folder


def _folder_name() -> str:
    return APP_NAME if sys.platform in {"win32", "darwin"} else UNIX_NAME


def _former_data_folder() -> Path:
    """Return the data folder by the rules of version 0.1.0, which read the environment by itself."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / APP_NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / APP_NAME
    shared = os.environ.get("XDG_DATA_HOME", "")
    return (Path(shared) if os.path.isabs(shared) else Path.home() / ".local" / "share") / UNIX_NAME

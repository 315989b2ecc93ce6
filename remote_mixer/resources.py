"""Where the files that ship with the program are, and where a person's own files go."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP_NAME = "Remote Mixer"
FOLDER_NAME = "remote-mixer"


def resource_path(*parts: str) -> Path:
    """Return a file or folder of the page, as `resource_path("index.html")`; without parts, the page's folder.

    Frozen by PyInstaller it lies beside the program, in an installed wheel inside the package, in a clone at the root.
    """
    return _page_folder().joinpath(*parts)


def _page_folder() -> Path:
    if frozen := getattr(sys, "_MEIPASS", None):
        return Path(frozen) / "ui"
    package = Path(__file__).resolve().parent
    installed = package / "_ui"
    return installed if installed.is_dir() else package.parent / "ui"


def default_data_folder() -> Path:
    """Return the folder that this system gives a program for a person's data; it need not exist yet."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / APP_NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / APP_NAME
    shared = os.environ.get("XDG_DATA_HOME", "")
    # The XDG rules say that a relative path there is to be ignored.
    return (Path(shared) if os.path.isabs(shared) else Path.home() / ".local" / "share") / FOLDER_NAME

"""Build backend: hatchling, which packs into a wheel the kernels and the song that are made ahead here, on Linux.

An editable installation, as `start_server.sh` and `uv run` make it, goes without: its sources change. So it does not
need the engine's libraries for its build.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from hatchling import build as hatchling
from hatchling.build import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
]
COMMAND = [sys.executable, "-m", "remote_mixer.engine.built"]
LIBRARIES = ("numba", "numpy", "soundfile")
BUILDS_AHEAD = sys.platform == "linux"

Settings = dict[str, object] | None


def get_requires_for_build_wheel(settings: Settings = None) -> list[str]:
    """Return what a build needs beside hatchling."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    libraries = [wanted for wanted in project["dependencies"] if wanted.startswith(LIBRARIES)]
    return [*hatchling.get_requires_for_build_wheel(settings), *(libraries if BUILDS_AHEAD else [])]


def build_wheel(folder: str, settings: Settings = None, metadata: str | None = None) -> str:
    """Build what it carries, then the wheel with it; return its name."""
    if BUILDS_AHEAD:
        subprocess.run(COMMAND, check=True)  # noqa: S603  # this Python and a module of ours
    return str(hatchling.build_wheel(folder, settings, metadata))

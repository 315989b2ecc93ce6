"""`--dev`: restart the server when a file of the program or of the page changes; open pages reload themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from remote_mixer.command.terminal import say
from remote_mixer.resources import resource_path

LOOK_SECONDS = 0.5
STOP_SECONDS = 5
CHILD_VARIABLE = "REMOTE_MIXER_DEV_CHILD"

Times = dict[Path, int]


def is_child() -> bool:
    """Whether this process is the server that `watch` started."""
    return CHILD_VARIABLE in os.environ


def watch(arguments: Sequence[str]) -> int:
    """Run `remote-mixer` with these arguments and restart it after each change, until Ctrl-C or SIGTERM; return 0."""
    seen, child = times(), _start(arguments)
    try:
        while True:
            time.sleep(LOOK_SECONDS)
            now = times()
            if now != seen:
                say(f"Changed: {_names(seen, now)}. Restarting.")
                _stop(child)
                seen, child = now, _start(arguments)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(child)


def times() -> Times:
    """Return the modification time of each Python file of the package and each file of the page, in ns."""
    package = Path(__file__).parent.parent
    files = [*package.rglob("*.py"), *(path for path in resource_path().rglob("*") if path.is_file())]
    return {path: written for path in files if (written := _written(path)) is not None}


def _written(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # editors replace files by renaming
        return None


def _names(before: Times, after: Times) -> str:
    return ", ".join(sorted({path.name for path, _ in before.items() ^ after.items()}))


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "remote_mixer", *arguments]
    return subprocess.Popen(command, env=os.environ | {CHILD_VARIABLE: "1"})  # noqa: S603 - our own program


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()

"""Things that are expensive to make: one worker of a run makes each, the other workers wait for it and use it too."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock

FOLDER_VARIABLE: Final = "REMOTE_MIXER_TESTS_SHARED"


@contextmanager
def shared_folder() -> Iterator[None]:
    """Hold an empty folder for everything made `once` in this run. Workers inherit its name by the environment."""
    folder = tempfile.mkdtemp(prefix="remote-mixer-run-")
    os.environ[FOLDER_VARIABLE] = folder
    try:
        yield
    finally:
        del os.environ[FOLDER_VARIABLE]
        shutil.rmtree(folder, ignore_errors=True)


def once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder that `make` has filled, in this process or in another worker of the same run.

    Where `make` fails, the next caller starts again with an empty folder.
    """
    shared = Path(os.environ[FOLDER_VARIABLE])
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder

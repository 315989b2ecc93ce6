"""Files that only their owner can read: keys, the PIN, the database."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_private(file: Path, data: bytes) -> None:
    """Write a file whole or not at all; mkstemp makes it readable by its owner alone from the start (0600)."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def keep_private(path: Path) -> None:
    """Restrict a file to 0600, a folder to 0700, as after a restored backup; ignored on a disk without such rights."""
    with suppress(OSError):
        path.chmod(0o700 if path.is_dir() else 0o600)


def append_private(file: Path, data: bytes) -> None:
    """Append to a file that its owner alone can read (0600), and wait for the disk."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())

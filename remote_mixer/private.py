"""Files for nobody's eyes but this person's: keys, the PIN, and who came in by what."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_private(file: Path, data: bytes) -> None:
    """Write a file whole or not at all; mkstemp keeps it from other eyes from the first byte on (O_EXCL, 0600)."""
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
    """Close what came back from a backup open to all; a disk that has no such rights has none to give."""
    with suppress(OSError):
        path.chmod(0o700 if path.is_dir() else 0o600)

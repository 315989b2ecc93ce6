"""Files of maps on disk: read as text, and saved atomically."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

Keys = tuple[str | int, ...]
"""Position in plain data: ("layers", 0, "channels", 3, "fader")."""


class MapFault(ValueError):
    """A map cannot be used or changed; the text names file and line or key, and what to write instead."""


def content_of(path: Path) -> bytes:
    """Return the bytes of a file; OSError where there is none, or it is a pipe or a device, which may have no end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is no file")
    return path.read_bytes()


def read(path: Path) -> str:
    """Return the text of a file with its own line ends; raise MapFault where it cannot be read."""
    try:
        return content_of(path).decode("utf-8-sig")
    except FileNotFoundError as fault:
        hint = "write one, or give no name to begin with an empty one on the page"
        raise MapFault(f"{path}: there is no such map: {hint}") from fault
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise MapFault(f"{path}, line {line}: this is not UTF-8: save it as UTF-8") from fault
    except OSError as fault:
        raise MapFault(f"{path}: it cannot be read ({fault.strerror})") from fault


def write(path: Path, text: str) -> None:
    """Write a file atomically, keeping its permissions; raise MapFault where that fails."""
    target = path.resolve()  # a symbolic link stays one
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as fault:
        beside.unlink(missing_ok=True)
        raise MapFault(f"{path}: it cannot be written ({fault.strerror})") from fault

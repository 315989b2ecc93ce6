"""Files of compiled code: named by the content of what they were made of, whole or not there, checked when read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

READABLE = 0o644  # what root has installed is for everybody
KINDS = ("kernels", "module", "so")
SOURCES = Path(__file__).parent  # the frozen program brings them along


@cache
def stamp() -> str:
    """Return a hash of what makes the code: our sources."""
    content = hashlib.sha256()
    for file in sorted(SOURCES.glob("*.py")):
        content.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()[:24]


def place(folder: Path, kind: str) -> Path:
    """Return the place in a folder of one kind of code, such as `x86-64-v3.kernels`, made of the present sources."""
    return folder / f"{stamp()}.{kind}"


def read(file: Path) -> bytes:
    """Return what was kept; empty where the file is missing or damaged."""
    try:
        digest, _, content = file.read_bytes().partition(b"\n")
    except OSError:
        return b""
    return content if hashlib.sha256(content).hexdigest().encode() == digest else b""


def keep(file: Path, content: bytes) -> None:
    """Write the file, whole or not at all, and delete those of other sources; where that fails, nothing is kept."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        forget_others(file.parent)


def forget_others(folder: Path) -> None:
    """Delete what the folder has of other sources."""
    for kind in KINDS:
        for old in folder.glob(f"*.{kind}"):
            if not old.name.startswith(stamp()):
                old.unlink(missing_ok=True)


def _write(file: Path, content: bytes) -> None:
    handle, making = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
    Path(making).chmod(READABLE)
    Path(making).replace(file)

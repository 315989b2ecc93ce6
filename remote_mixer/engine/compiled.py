"""The compiled kernels, from disk: numba compiles them once per machine, and no later start needs numba at all.

Importing numba and its compiler takes longer than all the rest of a start (1.4 of 2.0 s measured), and an engine that
was killed must be back at once. On Linux, therefore, the object file that numba made is kept and linked with LLVM
alone. Elsewhere, where this could not be tried, numba's own cache is used: slower to start, the same sound.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import NDArray

from remote_mixer import __version__
from remote_mixer.engine import native, tables
from remote_mixer.engine.native import Enter
from remote_mixer.engine.tables import Controls, Mix

Progress = Callable[[str], None]

COMPILING = "Fitting the mixer to this computer, once; about ten seconds."


def load(folder: Path, progress: Progress) -> Enter:
    """Return the kernels' entry (see `entry`), compiled first if this machine has not done so.

    folder    where compiled kernels are kept; where it cannot be written, they are compiled at each start
    progress  called with a sentence before a step that takes seconds
    """
    if sys.platform != "linux":
        return load_by_numba(folder, progress)
    file = folder / f"{_stamp()}.kernels"
    code = _read(file)
    if not code:
        progress(COMPILING)
        code = _compile(file)
    return native.link(code)


def _stamp() -> str:
    """Return a hash of the sources of the code and of its target: our files, the processor, its instructions."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    states = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    program = os.stat(sys.executable).st_mtime_ns
    machine = (*native.this_processor(), llvm.llvm_version_info)
    return hashlib.sha256(repr((__version__, states, program, machine)).encode()).hexdigest()[:24]


def _read(file: Path) -> bytes:
    """Return the object file; empty where it is missing or damaged."""
    try:
        digest, _, code = file.read_bytes().partition(b"\n")
    except OSError:
        return b""
    return code if hashlib.sha256(code).hexdigest().encode() == digest else b""


def _compile(file: Path) -> bytes:
    from remote_mixer.engine import entry  # noqa: PLC0415  # brings numba

    code = native.emit(*entry.module(), native.this_processor())
    with contextlib.suppress(OSError):  # compiled again at the next start
        _write(file, hashlib.sha256(code).hexdigest().encode() + b"\n" + code)
    return code


def _write(file: Path, content: bytes) -> None:
    """Write the file whole or not at all; delete kernels of older versions."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, making = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
    for old in file.parent.glob("*.kernels"):
        old.unlink(missing_ok=True)
    Path(making).replace(file)


def load_by_numba(folder: Path, progress: Progress) -> Enter:
    """Return the entry from numba's own cache, on any machine; numba must not have been imported before."""
    cache = folder / _stamp()
    if not cache.is_dir():
        progress(COMPILING)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache))
    from remote_mixer.engine import entry  # noqa: PLC0415  # reads the cache folder when it is imported

    enter: Enter = entry.kept_by_numba()
    return enter


def _numbers(tables: Iterable[Any]) -> Iterator[int]:
    """Return address and shape of every array, as `entry` reads them."""
    for item in tables:
        if isinstance(item, np.ndarray):
            yield from (item.ctypes.data, *item.shape)
        else:
            yield from _numbers(item)


class Kernels:
    """The four jobs of the kernels (see `entry.enter`), on one mix."""

    def __init__(self, enter: Enter, mix: Mix, controls: Controls) -> None:
        self._enter, self._alive = enter, (mix, controls)
        self._table = np.fromiter(_numbers(self._alive), np.uint64)
        self._address = self._table.ctypes.data

    def follow(self) -> None:
        """Aim every amplitude at the present controls."""
        self._enter(tables.FOLLOW, self._address, 0, 0)

    def fade(self, plays: bool) -> None:
        """Fade the transport in (plays) or out, within 5 ms."""
        self._enter(tables.FADE, self._address, 0, int(plays))

    def run(self, out: NDArray[np.float32]) -> None:
        """Mix into (blocks · BLOCK_FRAMES, OUTPUTS) float32, C order."""
        self._enter(tables.RUN, self._address, out.ctypes.data, len(out))

    def encode(self, codes: NDArray[np.uint8]) -> None:
        """Write the peaks since the last call as meter codes, (shared.METER_HALF_BYTES,) uint8, and reset them."""
        self._enter(tables.ENCODE, self._address, codes.ctypes.data, len(codes))

"""The compiled kernels, from disk: built ahead, or compiled once per machine, so that few starts need numba at all.

Importing numba and its compiler takes longer than all the rest of a start (1.4 of 2.0 s measured), and an engine that
was killed must be back at once. On Linux, therefore, a shared library that was built ahead is loaded by the system
alone; where none fits, the object file is kept and linked with LLVM alone; so is the module that it is made of, and an
end in the middle of the compile loses no more than the step that was under way.
Elsewhere, where this could not be tried, numba's own cache is used: slower to start, the same sound.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import built, tables
from remote_mixer.engine.kept import keep, place, read
from remote_mixer.engine.library import Enter
from remote_mixer.engine.session import EngineError
from remote_mixer.engine.tables import Controls, Mix

Progress = Callable[[str], None]

COMPILING = "Fitting the mixer to this computer, once"
NO_COMPILER = (
    "The built-in engine is not made for this processor here: it needs x86-64-v3 (2013 or newer) or arm64. "
    "Start the mixer outside a container: it then fits itself to the processor."
)


def load(folder: Path, progress: Progress) -> Enter:
    """Return the kernels' entry (see `entry`): as built ahead, or kept from an earlier start, or else compiled now.

    folder    where compiled kernels are kept; where it cannot be written, they are compiled at each start
    progress  called with a sentence before a step that takes seconds, and during it
    """
    if sys.platform != "linux":
        return load_by_numba(folder, progress)
    return built.shared() or _load_by_llvm(folder, progress)


def _load_by_llvm(folder: Path, progress: Progress) -> Enter:
    """Return the entry of an object file; EngineError where LLVM is left out, as in a container."""
    try:
        from remote_mixer.engine import native  # noqa: PLC0415  # few starts need LLVM
    except ImportError as error:
        raise EngineError(NO_COMPILER) from error
    kind = f"{native.version()} {native.this_processor()}"  # a data folder may move to another computer
    kept = place(folder, f"{hashlib.sha256(kind.encode()).hexdigest()[:12]}.kernels")
    return native.link(built.kernels() or read(kept) or _compile(kept, progress))


def _compile(kept: Path, progress: Progress) -> bytes:
    from remote_mixer.engine import native  # noqa: PLC0415  # few starts need LLVM

    progress(f"{COMPILING}.")
    module = built.module(kept.parent, lambda percent: progress(f"{COMPILING}: {percent} %."))
    code = native.emit(module, native.this_processor())
    keep(kept, code)
    return code


def load_by_numba(folder: Path, progress: Progress) -> Enter:
    """Return the entry from numba's own cache, on any machine; numba must not have been imported before."""
    cache = place(folder, "numba")
    if not cache.is_dir():
        progress(f"{COMPILING}.")
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

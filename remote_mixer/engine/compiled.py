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
from collections.abc import Callable
from pathlib import Path

from remote_mixer.engine import built
from remote_mixer.engine.kept import keep, place, read
from remote_mixer.engine.library import NAME, Kernels
from remote_mixer.engine.session import EngineError

Progress = Callable[[str], None]

COMPILING = "Fitting the mixer to this computer, once"
NO_COMPILER = (
    "The built-in engine is not made for this processor here: it needs x86-64-v3 (2013 or newer) or arm64. "
    "Start the mixer outside a container: it then fits itself to the processor."
)


def load(folder: Path, progress: Progress) -> Kernels:
    """Return the kernels: as built ahead, or kept from an earlier start, or else compiled now.

    folder    where compiled kernels are kept; where it cannot be written, they are compiled at each start
    progress  called with a sentence before a step that takes seconds, and during it
    """
    if sys.platform != "linux":
        return load_by_numba(folder, progress)
    return built.shared() or _load_by_llvm(folder, progress)


def _load_by_llvm(folder: Path, progress: Progress) -> Kernels:
    """Return the functions of an object file; EngineError where LLVM is left out, as in a container."""
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


def load_by_numba(folder: Path, progress: Progress) -> Kernels:
    """Return the functions from numba's own cache, on any machine; numba must not have been imported before."""
    cache = place(folder, "numba")
    if not cache.is_dir():
        progress(f"{COMPILING}.")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache))
    from remote_mixer.engine import callbacks, entry, native  # noqa: PLC0415  # read the cache folder when imported

    return native.around(entry.kept_by_numba(), NAME, callbacks.TEXT)

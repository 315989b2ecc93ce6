"""Kernels as a shared library: linked by the system's linker where they are built, loaded by the system alone.

A start with one needs neither numba nor LLVM, which are 200 MB and 0.2 s of CPU.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

Enter = Callable[[int, int, int, int], object]

NAME = "enter"  # of the one function in a module and its object file that is called from outside
LINKER = "ld"
_MATHS = "libm.so.6"  # sin, cos, log10f
_alive: list[object] = []  # what the code runs in, for as long as this process lives


def enter_at(address: int, *alive: object) -> Enter:
    """Return the function at an address; what is `alive` stays so."""
    # numba's calling convention: addresses for a result and an exception, of which there are none; then our arguments.
    prototype = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_uint64] * 4)
    function, nothing = prototype(address), ctypes.create_string_buffer(64)
    _alive.append((nothing, *alive))
    place = ctypes.addressof(nothing)
    return lambda what, table, where, count: function(place, place + 32, what, table, where, count)


def load(file: Path) -> Enter | None:
    """Return the function of a shared library; None where there is no such file, or it cannot be loaded here."""
    try:
        maths = ctypes.CDLL(_MATHS, ctypes.RTLD_GLOBAL)
        library = ctypes.CDLL(str(file))
    except OSError:
        return None
    address = ctypes.cast(library[NAME], ctypes.c_void_p).value
    return enter_at(address, library, maths) if address else None


def link(code: bytes, file: Path) -> bool:
    """Write a shared library of an object file, whole or not at all; return whether there is a linker here."""
    if not shutil.which(LINKER):
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        source, made = Path(folder) / "kernels.o", Path(folder) / "kernels.so"
        source.write_bytes(code)
        command = [LINKER, "-shared", "-z", "noexecstack", "-o", str(made), str(source)]
        subprocess.run(command, check=True)  # noqa: S603  # a file of ours
        made.replace(file)
    return True

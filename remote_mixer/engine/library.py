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

NAME = "enter"  # of the one function in a module and its object file that does the work
TURN, JACK, CARD, RATE, INPUT = range(5)  # what it is to do, see `entry.enter`
JACK_PROCESS, CARD_PROCESS, INPUT_PROCESS, COUNT_UP = "jack_process", "card_process", "input_process", "count_up"
"""Functions for C, see `callbacks`."""
LINKER = "ld"
_MATHS = "libm.so.6"  # sin, cos, log10f
# numba's calling convention: addresses for a result and an exception, of which there are none; then our arguments.
PROTOTYPE = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_uint64] * 4)
_alive: list[object] = []  # what the code runs in, for as long as this process lives


class Kernels:
    """The compiled code: a call is one of `entry.enter`."""

    def __init__(self, address_of: Callable[[str], int], *alive: object) -> None:
        """Take the addresses of its functions by their names; what is `alive` stays so."""
        self.address_of = address_of
        nothing = ctypes.create_string_buffer(64)
        _alive.append((nothing, *alive))
        self._place = ctypes.addressof(nothing)
        self._function = PROTOTYPE(address_of(NAME))

    def __call__(self, what: int, address: int, where: int, count: int) -> None:
        """Do a piece of work, see `entry.enter`."""
        self._function(self._place, self._place + 32, what, address, where, count)


def load(file: Path) -> Kernels | None:
    """Return the functions of a shared library; None where there is no such file, or it cannot be loaded here."""
    try:
        maths = ctypes.CDLL(_MATHS, ctypes.RTLD_GLOBAL)
        library = ctypes.CDLL(str(file))
    except OSError:
        return None
    return Kernels(lambda name: ctypes.cast(library[name], ctypes.c_void_p).value or 0, library, maths)


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

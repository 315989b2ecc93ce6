"""The one function of the compiled kernels that is called from outside: numbers in, nothing out.

It takes the address of a table of uint64, three for each array of `Mix` and then of `Controls`, in their order: where
its memory is, its rows, its columns (1 for a flat one). So whoever calls needs no numba, only the address: see
`compiled`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from remote_mixer.engine.inner import OPTIONS, viewing
from remote_mixer.engine.kernel import encode, run
from remote_mixer.engine.routing import fade, follow
from remote_mixer.engine.tables import (
    ARRAYS,
    ENCODE,
    FADE,
    FOLLOW,
    OUTPUTS,
    Controls,
    Limiters,
    Mix,
    Ramps,
    Sources,
)

Table = NDArray[np.uint64]

nb: Any = numba  # its own types know less than it does


def _make_pointer(_context: Any, _address: Any) -> Any:  # noqa: ANN401  # see nb
    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:  # noqa: ANN401
        return builder.inttoptr(values[0], cgutils.voidptr_t)

    return nb.types.voidptr(nb.types.uint64), generate


_pointer: Any = intrinsic(_make_pointer)


@viewing
def _flat(table: Table, number: int) -> Any:  # noqa: ANN401
    return nb.carray(_pointer(table[3 * number]), (table[3 * number + 1],), np.float32)


@viewing
def _floats(table: Table, number: int) -> Any:  # noqa: ANN401
    shape = (table[3 * number + 1], table[3 * number + 2])
    return nb.carray(_pointer(table[3 * number]), shape, np.float32)


@viewing
def _counts(table: Table, number: int) -> Any:  # noqa: ANN401
    return nb.carray(_pointer(table[3 * number]), (table[3 * number + 1],), np.uint64)


@viewing
def _flags(table: Table, number: int) -> Any:  # noqa: ANN401
    return nb.carray(_pointer(table[3 * number]), (table[3 * number + 1],), np.bool_)


@viewing
def _sources(table: Table) -> Sources:
    groups = nb.carray(_pointer(table[3]), (table[4], table[5]), np.uint64)
    channels = nb.carray(_pointer(table[6]), (table[7],), np.int64)
    return Sources(_flat(table, 0), groups, channels, _flags(table, 3))


@viewing
def _ramps(table: Table, number: int) -> Ramps:
    return Ramps(_floats(table, number), _floats(table, number + 1), _floats(table, number + 2))


@viewing
def _limiters(table: Table, number: int) -> Limiters:
    return Limiters(
        _flat(table, number), _flat(table, number + 1), _flat(table, number + 2), _flat(table, number + 3),
        _flat(table, number + 4),
    )  # fmt: skip


@viewing
def _mix(table: Table) -> Mix:
    open_strips = nb.carray(_pointer(table[39]), (table[40], table[41]), np.bool_)
    return Mix(
        _sources(table), _ramps(table, 4), _ramps(table, 7), _ramps(table, 10), open_strips, _flags(table, 14),
        _floats(table, 15), _floats(table, 16), _floats(table, 17), _flat(table, 18), _floats(table, 19),
        _flat(table, 20), _counts(table, 21), _counts(table, 22), _flags(table, 23), _limiters(table, 24),
    )  # fmt: skip


@viewing
def _controls(table: Table) -> Controls:
    words = nb.carray(_pointer(table[90]), (table[91],), np.uint32)
    return Controls(_flat(table, 29), words)


def enter(what: int, address: int, where: int, count: int) -> None:
    """Do one of the kernels' four jobs.

    what     FOLLOW the controls; FADE the transport to `count` (0 or 1); ENCODE `count` meter codes to the address
             `where`; else mix `count` frames to the address `where`
    address  of the table of arrays
    """
    table = nb.carray(_pointer(address), (3 * ARRAYS,), np.uint64)
    mix = _mix(table)
    if what == FOLLOW:
        follow(mix, _controls(table))
    elif what == FADE:
        fade(mix, np.float32(count))
    elif what == ENCODE:
        encode(mix, nb.carray(_pointer(where), (count,), np.uint8))
    else:
        run(mix, nb.carray(_pointer(where), (count, np.uint64(OUTPUTS)), np.float32))


SIGNATURE = nb.void(*[nb.uint64] * 4)


def object_code() -> tuple[str, bytes]:
    """Compile for this machine; returns the name of the function and the object file that has it."""
    options = {**OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled = nb.njit([SIGNATURE], **options)(enter).overloads[SIGNATURE.args]
    return compiled.fndesc.llvm_func_name, compiled.library._get_compiled_object()  # noqa: SLF001  # what numba's own cache keeps


def kept_by_numba() -> Any:  # noqa: ANN401  # a dispatcher
    """The same function in numba's own hands and cache, for machines where we do not link it ourselves."""
    return nb.njit([SIGNATURE], **OPTIONS, cache=True, nogil=True)(enter)

"""The one function of the compiled kernels that is called from outside: numbers as arguments, no result.

Its second number is the address of a table of uint64: for each array of `tables.Mix` and then of `tables.Controls`, in
their order, its address and its shape. The caller needs no numba, therefore, only the address: see `compiled`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj
from numba.np.numpy_support import as_dtype

from remote_mixer.engine import tables
from remote_mixer.engine.inner import INNER, OPTIONS, UNWRAPPED
from remote_mixer.engine.kernel import encode, run
from remote_mixer.engine.library import NAME
from remote_mixer.engine.routing import fade, follow
from remote_mixer.engine.shared import SIZE_BYTES
from remote_mixer.engine.sources import lay_out
from remote_mixer.engine.whole import Job, Untyped, compile_here, compile_whole

nb: Any = numba  # its type hints are incomplete
arrays: Any = arrayobj
building: Any = cgutils

MIX = nb.typeof(tables.new_mix(lay_out({}, 1), 1))
CONTROLS = nb.typeof(tables.view_controls(np.zeros(SIZE_BYTES, np.uint8)))
VIEWS = nb.types.Tuple((MIX, CONTROLS))


def _array(context: Untyped, builder: Untyped, kind: Untyped, numbers: Iterator[Untyped]) -> Untyped:
    """Build an array, in C order, of its address and shape."""
    item_bytes = as_dtype(kind.dtype).itemsize
    array = context.make_array(kind)(context, builder)
    data = builder.inttoptr(next(numbers), array.data.type)
    shape = [next(numbers) for _ in range(kind.ndim)]
    strides = [context.get_constant(nb.types.intp, item_bytes)]
    for count in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], count))
    arrays.populate_array(
        array,
        data=data,
        shape=building.pack_array(builder, shape),
        strides=building.pack_array(builder, strides),
        itemsize=context.get_constant(nb.types.intp, item_bytes),
        meminfo=None,  # the memory is Python's, and not counted here
    )
    return array._getvalue()  # noqa: SLF001  # the way of numba's own array code


def _build(context: Untyped, builder: Untyped, kind: Untyped, numbers: Iterator[Untyped]) -> Untyped:
    """Build an array, or a tuple of them."""
    if isinstance(kind, nb.types.Array):
        return _array(context, builder, kind, numbers)
    members = [_build(context, builder, member, numbers) for member in kind.types]
    return context.make_tuple(builder, kind, members)


def _loads(builder: Untyped, table: Untyped) -> Iterator[Untyped]:
    """Read one number after the other from the table at this address."""
    place = builder.inttoptr(table, table.type.as_pointer())
    index = 0
    while True:
        yield builder.load(builder.gep(place, [table.type(index)]))
        index += 1


def _type_views(_context: Untyped, _address: Untyped) -> Untyped:
    def generate(context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
        return _build(context, builder, VIEWS, _loads(builder, values[0]))

    return VIEWS(nb.types.uint64), generate


_views: Any = intrinsic(_type_views)


def _view_of(kind: Untyped, *row: int) -> Untyped:
    """Return a function of compiled code: (address, count) → an array of `count` rows, each in the shape `row`."""

    def typed(_context: Untyped, _address: Untyped, _count: Untyped) -> Untyped:
        def generate(context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
            constants = (context.get_constant(nb.types.uint64, count) for count in row)
            return _array(context, builder, kind, iter((*values, *constants)))

        return kind(nb.types.uint64, nb.types.uint64), generate

    return intrinsic(typed)


codes_at = _view_of(nb.uint8[::1])
sound_at = _view_of(nb.float32[:, ::1], tables.OUTPUTS)


def enter(what: int, address: int, where: int, count: int) -> None:
    """Do one of the kernels' four jobs.

    what     FOLLOW the controls; FADE the transport to `count` (0 or 1); ENCODE `count` meter codes to the address
             `where`; RUN: mix `count` frames to the address `where`
    address  of the table of arrays
    """
    mix, controls = _views(address)
    if what == tables.FOLLOW:
        follow(mix, controls)
    elif what == tables.FADE:
        fade(mix, np.float32(count))
    elif what == tables.ENCODE:
        encode(mix, codes_at(where, count))
    else:
        run(mix, sound_at(where, count))


MODULE_PERCENT = 85  # of the compile's time; LLVM has the rest
SIGNATURE = nb.void(*[nb.uint64] * 4)


class _Share:
    """Share of the kernels that is compiled."""

    def __init__(self, percent: Callable[[int], None]) -> None:
        self._left, self._percent = set(INNER), percent

    def finished(self, name: str) -> None:
        """Count a function; one that is compiled for several kinds of arguments counts once."""
        if name in self._left:
            self._left.remove(name)
            self._percent(MODULE_PERCENT - MODULE_PERCENT * len(self._left) // len(INNER))


def module(percent: Callable[[int], None]) -> bytes:
    """Return the LLVM module that holds the function, as bitcode, not yet optimised.

    percent  called with how much of the kernels' whole compile is done, 0–MODULE_PERCENT
    """
    return compile_whole(Job(NAME, enter, SIGNATURE, OPTIONS | UNWRAPPED), _Share(percent).finished)


def kept_by_numba() -> Untyped:
    """Return the same function from numba's own cache, for machines where we do not link it ourselves."""
    return compile_here(Job(NAME, enter, SIGNATURE, {**OPTIONS, "nogil": True}))

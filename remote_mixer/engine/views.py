"""Views of memory in compiled code: arrays and tuples of them, made of numbers.

A *table* is an array of uint64: for each array of `tables.Mix`, then of `tables.Controls`, then of `turn_memory.Turn`,
in their order, its address and its shape. Who calls the kernels needs no numba, therefore, only the table's address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj
from numba.np.numpy_support import as_dtype

from remote_mixer.engine import tables, turn_memory
from remote_mixer.engine.shared import SIZE_BYTES
from remote_mixer.engine.sources import lay_out
from remote_mixer.engine.whole import Untyped

nb: Any = numba  # its type hints are incomplete
arrays: Any = arrayobj
building: Any = cgutils

MIX = nb.typeof(tables.new_mix(lay_out({}, 1), 1, tables.new_signals()))
CONTROLS = nb.typeof(tables.view_controls(np.zeros(SIZE_BYTES, np.uint8)))
TURN = nb.typeof(
    turn_memory.new_turn(turn_memory.new_block(np.zeros(SIZE_BYTES, np.uint8)), turn_memory.new_supplied(0, 1))
)
VIEWS = nb.types.Tuple((MIX, CONTROLS, TURN))
DEVICE = nb.typeof(turn_memory.new_device(np.zeros(2, np.uint64), np.zeros((1, 1), np.float32), [], []))


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


def _tuple_at(kind: Untyped) -> Untyped:
    """Return a function of compiled code: address of a table → the tuple of arrays that it describes."""

    def typed(_context: Untyped, _address: Untyped) -> Untyped:
        def generate(context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
            return _build(context, builder, kind, _loads(builder, values[0]))

        return kind(nb.types.uint64), generate

    return intrinsic(typed)


def _array_at(kind: Untyped, *row: int) -> Untyped:
    """Return a function of compiled code: (address, count) → an array of `count` rows, each in the shape `row`."""

    def typed(_context: Untyped, _address: Untyped, _count: Untyped) -> Untyped:
        def generate(context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
            constants = (context.get_constant(nb.types.uint64, count) for count in row)
            return _array(context, builder, kind, iter((*values, *constants)))

        return kind(nb.types.uint64, nb.types.uint64), generate

    return intrinsic(typed)


views_at = _tuple_at(VIEWS)
device_at = _tuple_at(DEVICE)
bytes_at = _array_at(nb.uint8[::1])
line_at = _array_at(nb.float32[::1])
numbers_at = _array_at(nb.uint64[::1])
sound_at = _array_at(nb.float32[:, ::1], tables.OUTPUTS)


def _type_fence(_context: Untyped) -> Untyped:
    def generate(context: Untyped, builder: Untyped, _signature: Untyped, _values: Untyped) -> Untyped:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return nb.types.void(), generate


fence: Any = intrinsic(_type_fence)
"""Function of compiled code: neither compiler nor processor moves a read or a write across it."""


def _type_call(_context: Untyped, _address: Untyped, _first: Untyped, _second: Untyped) -> Untyped:
    def generate(_context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
        address, first, second = values
        short = ir.IntType(32)
        function = ir.FunctionType(first.type, (first.type, short))
        return builder.call(builder.inttoptr(address, function.as_pointer()), (first, builder.trunc(second, short)))

    return nb.types.uint64(nb.types.uint64, nb.types.uint64, nb.types.uint64), generate


call_at: Any = intrinsic(_type_call)
"""Function of compiled code: (address, uint64, uint32) → the uint64 that the C function there returns for both."""

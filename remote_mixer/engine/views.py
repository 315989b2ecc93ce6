"""Views of memory in compiled code: arrays and tuples of them, made of numbers.

A *table* is an array of uint64: for each array of `tables.Mix`, then of `tables.Controls`, then of `turn_memory.Turn`,
in their order, its address and its shape. Who calls the kernels needs no numba, therefore, only the table's address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.numpy_support import as_dtype

from remote_mixer.engine import tables, turn_memory
from remote_mixer.engine.shared import SIZE_BYTES
from remote_mixer.engine.sources import lay_out
from remote_mixer.engine.whole import Untyped

nb: Any = numba  # its type hints are incomplete
extending: Any = numba.extending
typing: Any = numba.core.typing
building: Any = cgutils

NUMBER = ir.IntType(64)


class Views(NamedTuple):
    """Memory that a turn of the mix reads and writes, in the order of a table."""

    mix: tables.Mix
    controls: tables.Controls
    turn: turn_memory.Turn


MIX = nb.typeof(tables.new_mix(lay_out({}, 1), 1, tables.new_signals()))
CONTROLS = nb.typeof(tables.view_controls(np.zeros(SIZE_BYTES, np.uint8)))
TURN = nb.typeof(
    turn_memory.new_turn(turn_memory.new_block(np.zeros(SIZE_BYTES, np.uint8)), turn_memory.new_supplied(0, 1))
)
VIEWS = nb.types.NamedTuple((MIX, CONTROLS, TURN), Views)
DEVICE = nb.typeof(
    turn_memory.new_device(np.zeros(2, np.uint64), tables.new_signals(), np.zeros(0, np.uint32), turn_memory.Ports())
)


def _array(context: Untyped, builder: Untyped, kind: Untyped, numbers: Iterator[Untyped]) -> Untyped:
    """Build an array, in C order, of its address and shape."""
    item_bytes, value = as_dtype(kind.dtype).itemsize, context.get_constant_null(kind)
    address = next(numbers)
    shape = [next(numbers) for _ in range(kind.ndim)]
    strides = [NUMBER(item_bytes)]
    for count in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], count))
    items = shape[0]
    for count in shape[1:]:
        items = builder.mul(items, count)
    fields = {
        "data": builder.inttoptr(address, context.get_data_type(kind.dtype).as_pointer()),
        "shape": building.pack_array(builder, shape),
        "strides": building.pack_array(builder, strides),
        "itemsize": NUMBER(item_bytes),
        "nitems": items,
    }  # and no `meminfo`: the memory is Python's, and not counted here
    model = context.data_model_manager[kind]
    for name, field in fields.items():
        value = builder.insert_value(value, field, model.get_field_position(name))
    return value


class Table(nb.types.Type):  # type: ignore[misc]  # numba has no types
    """Type of compiled code: a named tuple in a table, of which only the address is passed on.

    Its members are read where they are named: a function that takes a tuple of a hundred arrays by value takes ten
    times as long to compile.
    """

    def __init__(self, members: Untyped) -> None:
        super().__init__(f"Table({members})")
        self.members = members

    def member(self, name: str) -> tuple[Untyped, int]:
        """Return a member's type, and its place: how many numbers come before it."""
        index = self.members.fields.index(name)
        return self.members.types[index], sum(map(_numbers, self.members.types[:index]))


def _numbers(kind: Untyped) -> int:
    """Return how many numbers describe an array, or a tuple of arrays."""
    return 1 + kind.ndim if isinstance(kind, nb.types.Array) else sum(map(_numbers, kind.types))


extending.register_model(Table)(extending.models.OpaqueModel)


@typing.templates.infer_getattr
class _Members(typing.templates.AttributeTemplate):  # type: ignore[misc]  # numba has no types
    key = Table

    def generic_resolve(self, table: Table, name: str) -> Untyped:
        """Return the type of a member."""
        kind, _ = table.member(name)
        return kind if isinstance(kind, nb.types.Array) else Table(kind)


@extending.lower_getattr_generic(Table)  # type: ignore[untyped-decorator]  # as above
def _member(context: Untyped, builder: Untyped, table: Table, address: Untyped, name: str) -> Untyped:
    """Read a member: an array, or the address of the tuple's own part of the table."""
    kind, place = table.member(name)
    part = builder.gep(builder.bitcast(address, NUMBER.as_pointer()), [NUMBER(place)])
    if isinstance(kind, nb.types.Array):
        return _array(context, builder, kind, _loads(builder, part))
    return builder.bitcast(part, address.type)


def _loads(builder: Untyped, part: Untyped) -> Iterator[Untyped]:
    """Read one number after the other from a table, which nothing changes while it is used: once is enough."""
    index = 0
    while True:
        number = builder.load(builder.gep(part, [NUMBER(index)]))
        number.set_metadata("invariant.load", builder.module.add_metadata([]))
        yield number
        index += 1


def _table_at(kind: Untyped) -> Untyped:
    """Return a function of compiled code: address of a table → the named tuple that it describes."""

    def typed(_context: Untyped, _address: Untyped) -> Untyped:
        def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
            return builder.inttoptr(values[0], context.get_value_type(signature.return_type))

        return Table(kind)(nb.types.uint64), generate

    return intrinsic(typed)


def _array_at(kind: Untyped, *row: int) -> Untyped:
    """Return a function of compiled code: (address, count) → an array of `count` rows, each in the shape `row`."""

    def typed(_context: Untyped, _address: Untyped, _count: Untyped) -> Untyped:
        def generate(context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
            constants = (context.get_constant(nb.types.uint64, count) for count in row)
            return _array(context, builder, kind, iter((*values, *constants)))

        return kind(nb.types.uint64, nb.types.uint64), generate

    return intrinsic(typed)


views_at = _table_at(VIEWS)
device_at = _table_at(DEVICE)
bytes_at = _array_at(nb.uint8[::1])
line_at = _array_at(nb.float32[::1])
doubles_at = _array_at(nb.float64[::1])
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

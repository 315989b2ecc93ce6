"""Vectors for compiled code: sixteen float32 side by side, with operators; narrower processors take them in parts.

A loop over frames keeps filters' histories and coefficients of sixteen strips in registers, which LLVM does not do by
itself for loops over strips inside loops over frames. A scalar of float32 counts as sixteen equal ones.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing import templates
from numba.extending import intrinsic, lower_builtin, models, register_model

Untyped: TypeAlias = Any
"""Part of numba's compiler (context, builder, signature, value): numba has no types for these."""
Vector: TypeAlias = Any
"""Sixteen float32, in compiled code alone."""

LANES = 16
FLAGS = ("contract", "nsz", "arcp")  # of the operators, as `inner.FAST` but for the order of sums

nb: Any = numba  # its type hints are incomplete
building: Any = cgutils
typing_of: Any = templates
numba_types: Any = types

_FLOAT, _INT = ir.FloatType(), ir.IntType(32)
_FLOAT_BYTES = 4
_FLOATS, _INTS = ir.VectorType(_FLOAT, LANES), ir.VectorType(_INT, LANES)

EXPONENT = 0x7F800000
LEAST = 27 << 23  # exponent of 2⁻¹⁰⁰, −602 dB: what is smaller, or a product with it, may be a denormal
FROM_TWO_THIRDS = 0x3F2AAAAB  # 2/3, from which mantissas are counted, so that 1 is not at an end
MANTISSA, MANTISSA_BITS = 0x007FFFFF, 23
WHOLE = 3 << 22  # added to a small number, a float32 has no bits behind the point


class _VectorType(numba_types.Type):  # type: ignore[misc]  # numba has no types
    def __init__(self) -> None:
        super().__init__(name=f"float32x{LANES}")


VECTOR = _VectorType()
SCALAR = nb.float32


@register_model(_VectorType)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Untyped, kind: Untyped) -> None:
        super().__init__(manager, kind, _FLOATS)  # type: ignore[no-untyped-call]


def _same(number: int) -> Untyped:
    """Return the constant vector of an integer."""
    return ir.Constant(_INTS, [number] * LANES)


def spread(builder: Untyped, scalar: Untyped) -> Untyped:
    """Build the vector of sixteen equal numbers."""
    undefined = ir.Constant(_FLOATS, ir.Undefined)
    first = builder.insert_element(undefined, scalar, ir.Constant(_INT, 0))
    return builder.shuffle_vector(first, undefined, _same(0))


def _operator(function: Callable[..., object], instruction: str) -> None:
    """Define an operator between vectors, and between a vector and a scalar."""

    class Template(typing_of.AbstractTemplate):  # type: ignore[misc]  # numba has no types
        def generic(self, kinds: Sequence[Untyped], named: Untyped) -> Untyped:
            is_ours = VECTOR in kinds and all(kind in (VECTOR, SCALAR) for kind in kinds)
            return typing_of.signature(VECTOR, *kinds) if is_ours and not named else None

    typing_of.infer_global(function)(Template)

    def lower(_context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        pairs = zip(signature.args, values, strict=True)
        vectors = [value if kind == VECTOR else spread(builder, value) for kind, value in pairs]
        return getattr(builder, instruction)(*vectors, flags=FLAGS)

    for kinds in ((VECTOR, VECTOR), (VECTOR, SCALAR), (SCALAR, VECTOR)):
        lower_builtin(function, *kinds)(lower)  # type: ignore[no-untyped-call]  # as above


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_function, _instruction)


Build = Callable[..., Any]
"""(builder, value, …) → the value of a function of vectors."""


def _function_of(build: Build, result: Untyped, *kinds: Untyped) -> Untyped:
    """Return a function of compiled code that LLVM instructions make."""

    def generate(_context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
        return build(builder, *values)

    one = lambda _typing, _a: (result(*kinds), generate)  # noqa: E731  # numba counts the parameters
    two = lambda _typing, _a, _b: (result(*kinds), generate)  # noqa: E731  # as above
    three = lambda _typing, _a, _b, _c: (result(*kinds), generate)  # noqa: E731  # as above
    four = lambda _typing, _a, _b, _c, _d: (result(*kinds), generate)  # noqa: E731  # as above
    return intrinsic({1: one, 2: two, 3: three, 4: four}[len(kinds)])


def pick(comparison: str) -> Build:
    """Return how one of each two numbers is picked: the first where the comparison holds."""

    def build(builder: Untyped, one: Untyped, other: Untyped) -> Untyped:
        return builder.select(builder.fcmp_ordered(comparison, one, other), one, other)

    return build


def _where_greater(builder: Untyped, one: Untyped, other: Untyped, then: Untyped, otherwise: Untyped) -> Untyped:
    return builder.select(builder.fcmp_ordered(">", one, other), then, otherwise)


def _absolute(builder: Untyped, value: Untyped) -> Untyped:
    return builder.bitcast(builder.and_(builder.bitcast(value, _INTS), _same(0x7FFFFFFF)), _FLOATS)


def _is_sound(builder: Untyped, bits: Untyped, constant: Callable[[int], Untyped]) -> Untyped:
    """Compare by the exponent alone, in one unsigned comparison: neither too small nor infinite nor NaN."""
    exponent = builder.and_(bits, constant(EXPONENT))
    return builder.icmp_unsigned("<", builder.sub(exponent, constant(LEAST)), constant(EXPONENT - LEAST))


def sound_of(builder: Untyped, value: Untyped) -> Untyped:
    """Build what `sound` is of a vector."""
    return builder.select(
        _is_sound(builder, builder.bitcast(value, _INTS), _same), value, ir.Constant(_FLOATS, [0.0] * LANES)
    )


def _sound_scalar(builder: Untyped, value: Untyped) -> Untyped:
    bits = builder.bitcast(value, _INT)
    return builder.select(_is_sound(builder, bits, lambda n: ir.Constant(_INT, n)), value, ir.Constant(_FLOAT, 0.0))


def _from_two_thirds(builder: Untyped, value: Untyped) -> Untyped:
    return builder.sub(builder.bitcast(value, _INTS), _same(FROM_TWO_THIRDS))


def _interleave(builder: Untyped, one: Untyped, other: Untyped) -> Untyped:
    lanes = [lane // 2 + LANES * (lane % 2) for lane in range(LANES)]
    return builder.shuffle_vector(one, other, ir.Constant(_INTS, lanes))


def _exponent(builder: Untyped, value: Untyped) -> Untyped:
    return builder.sitofp(builder.ashr(_from_two_thirds(builder, value), _same(MANTISSA_BITS)), _FLOATS)


def _mantissa(builder: Untyped, value: Untyped) -> Untyped:
    bits = builder.and_(_from_two_thirds(builder, value), _same(MANTISSA))
    return builder.bitcast(builder.add(bits, _same(FROM_TWO_THIRDS)), _FLOATS)


def _is_any(builder: Untyped, value: Untyped) -> Untyped:
    differ = builder.fcmp_unordered("!=", value, ir.Constant(_FLOATS, [0.0] * LANES))
    bits = ir.IntType(LANES)
    return builder.icmp_unsigned("!=", builder.bitcast(differ, bits), ir.Constant(bits, 0))


def _call(builder: Untyped, name: str, *values: Untyped) -> Untyped:
    kind = ir.FunctionType(_FLOATS, [_FLOATS] * len(values))
    function = building.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
    return builder.call(function, values)


def _nearest(builder: Untyped, value: Untyped) -> Untyped:
    return _call(builder, "nearbyint", value)


def fma(builder: Untyped, one: Untyped, other: Untyped, more: Untyped) -> Untyped:
    """Build one · other + more, in one step where the processor has it."""
    return _call(builder, "fmuladd", one, other, more)


def _times_power(builder: Untyped, value: Untyped, marked: Untyped) -> Untyped:
    exponent = builder.shl(builder.bitcast(marked, _INTS), _same(MANTISSA_BITS))
    return builder.bitcast(builder.add(builder.bitcast(value, _INTS), exponent), _FLOATS)


def _swapped(builder: Untyped, value: Untyped, span: int = 1) -> Untyped:
    """Build a vector in which lanes that are a span apart have changed places."""
    places = ir.Constant(_INTS, [lane ^ span for lane in range(LANES)])
    return builder.shuffle_vector(value, ir.Constant(_FLOATS, ir.Undefined), places)


def _hadamard(builder: Untyped, value: Untyped) -> Untyped:
    """Build sums and differences of lanes that are 1, 2, 4 and 8 apart."""
    for span in (1, 2, 4, 8):
        signs = ir.Constant(_FLOATS, [-1.0 if lane & span else 1.0 for lane in range(LANES)])
        signed = builder.fmul(value, signs, flags=FLAGS)
        value = builder.fadd(_swapped(builder, value, span), signed, flags=FLAGS)
    return value


splat: Untyped = _function_of(spread, VECTOR, SCALAR)
"""Sixteen equal numbers."""
highest: Untyped = _function_of(pick(">"), VECTOR, VECTOR, VECTOR)
"""The larger of each two; the second where one is NaN."""
lowest: Untyped = _function_of(pick("<"), VECTOR, VECTOR, VECTOR)
"""The smaller of each two; the second where one is NaN."""
where_greater: Untyped = _function_of(_where_greater, VECTOR, *[VECTOR] * 4)
"""(one, other, then, otherwise): `then` where one > other."""
absolute: Untyped = _function_of(_absolute, VECTOR, VECTOR)
"""Without the sign."""
is_any: Untyped = _function_of(_is_any, numba_types.boolean, VECTOR)
"""Whether any is another number than 0."""
neighbours: Untyped = _function_of(_swapped, VECTOR, VECTOR)
"""The two of each pair of lanes in each other's place."""
hadamard: Untyped = _function_of(_hadamard, VECTOR, VECTOR)
"""Product with Hadamard's matrix, whose rows are orthogonal and of ±1: four times as long a vector."""
sound: Untyped = _function_of(sound_of, VECTOR, VECTOR)
"""0 for NaN, infinities, and what is so small (−602 dB) that a product may be a denormal; all else as it is.

In a filter's history a NaN would stay for ever, and denormals are computed sixty times as slowly. The processor's own
flushing would be a setting of one architecture, and the kernels' module is made into code for several.
"""
sound_scalar: Untyped = _function_of(_sound_scalar, SCALAR, SCALAR)
"""The same for one float32."""
interleave: Untyped = _function_of(_interleave, VECTOR, VECTOR, VECTOR)
"""The first eight of both, by turns."""
exponent: Untyped = _function_of(_exponent, VECTOR, VECTOR)
"""Exponent to 2 of positive numbers, whole; the mantissa is ⅔ … 4⁄3."""
mantissa: Untyped = _function_of(_mantissa, VECTOR, VECTOR)
"""Mantissa of positive numbers, ⅔ … 4⁄3."""
nearest: Untyped = _function_of(_nearest, VECTOR, VECTOR)
"""The nearest whole numbers."""
times_power: Untyped = _function_of(_times_power, VECTOR, VECTOR, VECTOR)
"""(value, whole + WHOLE): value · 2^whole, for small whole numbers and results that are no denormals."""


def place_of(context: Untyped, builder: Untyped, kind: Untyped, array: Untyped, index: Untyped) -> Untyped:
    """Build the address of a vector in an array."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _FLOATS.as_pointer())


def _load(_typing: Untyped, array: Untyped, _index: Untyped) -> Untyped:
    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        loaded = builder.load(place_of(context, builder, signature.args[0], *values))
        loaded.align = 4
        return loaded

    return VECTOR(array, numba_types.intp), generate


def _load_one(_typing: Untyped, array: Untyped, _index: Untyped) -> Untyped:
    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        return spread(builder, builder.load(builder.gep(data, [values[1]])))

    return VECTOR(array, numba_types.intp), generate


def _fetch(_typing: Untyped, array: Untyped, _index: Untyped) -> Untyped:
    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        place = place_of(context, builder, signature.args[0], *values)
        place = builder.bitcast(place, ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [place.type, *[_INT] * 3])
        function = building.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [place, *(ir.Constant(_INT, number) for number in (0, 3, 1))])  # to read, to keep, data
        return context.get_dummy_value()

    return numba_types.none(array, numba_types.intp), generate


def _store(_typing: Untyped, array: Untyped, _index: Untyped, _vector: Untyped) -> Untyped:
    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        stored = builder.store(values[2], place_of(context, builder, signature.args[0], *values[:2]))
        stored.align = 4
        return context.get_dummy_value()

    return numba_types.none(array, numba_types.intp, VECTOR), generate


def _copy_numbers(  # where to, where from, how many
    _typing: Untyped, goal: Untyped, _to: Untyped, source: Untyped, _begin: Untyped, _count: Untyped
) -> Untyped:
    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        goal, to, source, begin, count = values
        written = place_of(context, builder, signature.args[0], goal, to)
        read = place_of(context, builder, signature.args[2], source, begin)
        building.raw_memcpy(builder, written, read, count, _FLOAT_BYTES)
        return context.get_dummy_value()

    number = numba_types.intp
    return numba_types.none(goal, number, source, number, number), generate


copy_numbers: Untyped = intrinsic(_copy_numbers)
"""(goal, to, source, begin, count): copy numbers of a float32 array from `begin` on into another from `to` on."""
load: Untyped = intrinsic(_load)
"""(array, index) → sixteen numbers of a float32 array in C order; the index counts through all dimensions."""
load_one: Untyped = intrinsic(_load_one)
"""(array, index) → sixteen times the one number there."""
fetch: Untyped = intrinsic(_fetch)
"""(array, index): let the processor bring a line of memory, which will be needed soon; an index beyond the end too."""
store: Untyped = intrinsic(_store)
"""(array, index, vector): write sixteen numbers."""


def _exchange(builder: Untyped, one: Untyped, other: Untyped, apart: int) -> tuple[Untyped, Untyped]:
    """Exchange the lanes of two rows that are `apart` rows apart: a step of a transposition."""
    lanes = range(LANES)
    first = [lane if not lane & apart else LANES + lane - apart for lane in lanes]
    second = [lane + apart if not lane & apart else LANES + lane for lane in lanes]
    masks = (ir.Constant(_INTS, numbers) for numbers in (first, second))
    upper, lower = (builder.shuffle_vector(one, other, mask) for mask in masks)
    return upper, lower


def _transpose(builder: Untyped, sources: Sequence[Untyped], goals: Sequence[Untyped]) -> None:
    """Write sixteen rows, which are at some addresses, as columns to others."""
    rows = [builder.load(place) for place in sources]
    for row in rows:
        row.align = 4
    for apart in (8, 4, 2, 1):
        for row in (row for row in range(LANES) if not row & apart):
            rows[row], rows[row + apart] = _exchange(builder, rows[row], rows[row + apart], apart)
    for row, place in zip(rows, goals, strict=True):
        builder.store(row, place).align = 4


def _columns(*, written: bool) -> Untyped:
    """Return a function of compiled code that transposes between rows a stride apart and rows at places in a table."""

    def typed(  # where from and where to
        _typing: Untyped,
        array: Untyped,
        _at: Untyped,
        _stride: Untyped,
        other: Untyped,
        places: Untyped,
        _first: Untyped,
    ) -> Untyped:
        number = numba_types.intp

        def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
            array, at, stride, other, places, first = values
            table = context.make_array(signature.args[4])(context, builder, places).data
            here, there = [], []
            for row in range(LANES):
                index = builder.add(at, builder.mul(stride, stride.type(row)))
                here.append(place_of(context, builder, signature.args[0], array, index))
                index = builder.load(builder.gep(table, [builder.add(first, first.type(row))]))
                there.append(place_of(context, builder, signature.args[3], other, index))
            _transpose(builder, *((here, there) if written else (there, here)))
            return context.get_dummy_value()

        return numba_types.none(array, number, number, other, places, number), generate

    return intrinsic(typed)


write_columns: Untyped = _columns(written=True)
"""(array, index, stride, other, places, first): write sixteen numbers of sixteen rows, a stride apart, as columns.

The columns begin at sixteen places in the other array, which stand in a table of int64 from `first` on.
"""
read_columns: Untyped = _columns(written=False)
"""The same, read from there, back into the rows."""

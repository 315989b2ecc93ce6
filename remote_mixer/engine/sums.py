"""Sums of the strips into the masters, in LLVM's own terms: sixteen masters side by side, four frames of both sides.

A loop over strips adds one strip's sound, times its amplitudes, to eight vectors, which stay in registers: a strip
costs eight operations and what they read, nothing else. Written out for numba it is eighty lines, and twice as slow.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from remote_mixer.engine.vectors import FLAGS, LANES, Untyped, pick, place_of, spread

building: Any = cgutils  # numba's type hints are incomplete
number: Any = types.intp
places: Any = types.UniTuple(number, 5)  # type: ignore[no-untyped-call]  # numba has no hints there

TILE = 4  # frames that are summed together
SIDES = (0, 1)
_larger = pick(">")


def _adding(sides: int, *, moving: bool) -> Untyped:
    """Return a function of compiled code that adds strips of one side, or of two, to a tile of the masters."""

    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        sound, where, curves, way, count = values
        goal, at, stride, side, frame = building.unpack_tuple(builder, where)
        target, square, cube, left = building.unpack_tuple(builder, curves)
        kinds = dict(zip((sound, target, square, cube, left), (signature.args[0], *signature.args[2]), strict=True))
        sounds = context.make_array(kinds[sound])(context, builder, sound).data

        def index_of(first: Untyped, which: int, later: int) -> Untyped:
            """Return the index of a frame of the left side, or of the right one."""
            index = builder.add(first, builder.mul(stride, stride.type(later)))
            return builder.add(index, side) if which else index

        def vector(array: Untyped, index: Untyped) -> Untyped:
            loaded = builder.load(place_of(context, builder, kinds[array], array, index))
            loaded.align = 4
            return loaded

        def amplitudes(strip: Untyped, which: int) -> list[Untyped]:
            """Return a strip's amplitudes into one side of the masters in each frame of the tile, as `ramps` has it."""
            index = builder.add(way, builder.mul(strip, strip.type(2 * LANES)))
            index = builder.add(index, strip.type(LANES * which))
            at_end = vector(target, index)
            if not moving:
                return [at_end] * TILE
            curve, to_go = (vector(square, index), vector(cube, index)), vector(left, index)
            return [_moving(builder, at_end, curve, builder.fsub(to_go, past)) for past in passed]

        counts = [builder.add(frame, frame.type(later + 1)) for later in range(TILE)]
        passed = [spread(builder, builder.sitofp(passes, ir.FloatType())) for passes in counts]
        tile = [(which, later) for which in SIDES for later in range(TILE)]
        totals = {key: building.alloca_once_value(builder, vector(sound, index_of(goal, *key))) for key in tile}
        with building.for_range(builder, count) as loop:
            ways = [amplitudes(loop.index, which) for which in SIDES]
            for which, later in tile:
                index = index_of(builder.add(at, loop.index), which * (sides - 1), later)
                value = spread(builder, builder.load(builder.gep(sounds, [index])))
                product = builder.fmul(value, ways[which][later], flags=FLAGS)
                total = builder.fadd(builder.load(totals[which, later]), product, flags=FLAGS)
                builder.store(total, totals[which, later])
        for key in tile:
            place = place_of(context, builder, kinds[sound], sound, index_of(goal, *key))
            builder.store(builder.load(totals[key]), place).align = 4
        return context.get_dummy_value()

    def typed(
        _typing: Untyped, sound: Untyped, _where: Untyped, curves: Untyped, _way: Untyped, _count: Untyped
    ) -> Untyped:
        return types.none(sound, places, curves, number, number), generate

    return intrinsic(typed)


def _moving(builder: Untyped, target: Untyped, curve: tuple[Untyped, Untyped], to_go: Untyped) -> Untyped:
    """Build amplitudes on their way, or at their targets; the curve is its square and its cube."""
    to_go, (square, cube) = _larger(builder, to_go, ir.Constant(to_go.type, [0.0] * LANES)), curve
    bent = builder.fadd(square, builder.fmul(cube, to_go, flags=FLAGS), flags=FLAGS)
    short = builder.fmul(builder.fmul(to_go, to_go, flags=FLAGS), bent, flags=FLAGS)
    return builder.fsub(target, short, flags=FLAGS)


add_mono: Untyped = _adding(1, moving=False)
"""Add strips to TILE frames of the masters.

(sound, (goal, at, stride, side, frame), (target, square, cube, left), way, count):

sound  float32, in which `goal` is the masters' first frame of the left side, `at` the first strip's, `stride` the way
       from a frame to the next, and `side` that from left to right
frame  of the block, the first of the tile
way    in the arrays of `tables.Ramps`, of the first strip's amplitudes into the left sides; those into the right ones
       follow, then the next strip's
count  of the strips
"""
add_stereo: Untyped = _adding(2, moving=False)
"""The same for strips of two sides."""
add_moving_mono: Untyped = _adding(1, moving=True)
"""`add_mono` where amplitudes are on their way."""
add_moving_stereo: Untyped = _adding(2, moving=True)
"""`add_stereo` where amplitudes are on their way."""

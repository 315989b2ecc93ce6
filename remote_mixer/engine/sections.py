"""Sections of second order, in LLVM's own terms: filters of a group of strips, one behind the other in one pass.

A section is Andrew Simper's trapezoidal state-variable filter (Cytomic, 2013), written by the increments of its
integrators: `step = ga·in − (1 − a)·band − ga·low`. The small differences are computed before they are added to large
histories, so float32 leaves as little noise (−138 dBFS and less) where a filter is narrow and low, and coefficients
may change at every frame.

From one frame to the next a history passes through three operations, four clocks each, and a section has eight, of
which a processor begins two at a time: one alone waits for itself, but in a run of them others are computed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from remote_mixer.engine.rows import COEFS, FILTER_HISTORY, FILTER_ROWS, IN_PATH, SLOPES
from remote_mixer.engine.vectors import FLAGS, Untyped, fma, place_of, sound_of, spread

building: Any = cgutils  # numba's type hints are incomplete
number: Any = types.intp
places: Any = types.UniTuple(number, 9)  # type: ignore[no-untyped-call]  # numba has no hints there


def _filtering(counts: range, *, moving: bool) -> Untyped:
    """Return a function of compiled code that filters by a run of sections, of one of these lengths."""

    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        memory, block, goal, where = values
        kinds = dict(zip((memory, block, goal), signature.args, strict=False))
        count, row, at, strips, place, stride, other, width, frames = building.unpack_tuple(builder, where)

        def address(array: Untyped, index: Untyped) -> Untyped:
            return place_of(context, builder, kinds[array], array, index)

        def after(first: Untyped, rows: int) -> Untyped:
            return builder.add(first, builder.mul(strips, strips.type(rows)))

        def read(array: Untyped, index: Untyped) -> Untyped:
            loaded = builder.load(address(array, index))
            loaded.align = 4
            return loaded

        def run(length: int) -> None:
            rows = [
                after(row, FILTER_ROWS * section + each) for section in range(length) for each in range(FILTER_ROWS)
            ]
            ends = [after(at, each) for each in range(length * FILTER_HISTORY)]
            coefs = [building.alloca_once_value(builder, read(memory, index)) for index in rows]
            slopes = [read(memory, after(index, SLOPES - COEFS)) for index in rows] if moving else []
            histories = [building.alloca_once_value(builder, read(memory, index)) for index in ends]
            with building.for_range(builder, frames) as loop:
                for coef, slope in zip(coefs, slopes, strict=False):
                    builder.store(builder.fadd(builder.load(coef), slope, flags=FLAGS), coef)
                value = read(block, builder.add(place, builder.mul(loop.index, stride)))
                for section in range(length):
                    own = coefs[FILTER_ROWS * section :][:FILTER_ROWS]
                    value = _section(builder, value, own, histories[FILTER_HISTORY * section :][:FILTER_HISTORY])
                builder.store(value, address(goal, builder.add(other, builder.mul(loop.index, width)))).align = 4
            for history, index in zip(histories, ends, strict=True):
                builder.store(sound_of(builder, builder.load(history)), address(memory, index)).align = 4

        _choose(builder, count, counts, run)
        return context.get_dummy_value()

    def typed(_typing: Untyped, memory: Untyped, block: Untyped, goal: Untyped, _where: Untyped) -> Untyped:
        return types.none(memory, block, goal, places), generate

    return intrinsic(typed)


def _choose(builder: Untyped, count: Untyped, counts: range, run: Callable[[int], None]) -> None:
    """Build a run of each length, of which the one is taken that is asked for."""
    end = builder.append_basic_block("filtered")
    switch = builder.switch(count, end)
    for length in counts:
        switch.add_case(count.type(length), builder.append_basic_block(f"sections.{length}"))
        builder.position_at_end(switch.cases[-1][1])
        run(length)
        builder.branch(end)
    builder.position_at_end(end)


def _section(builder: Untyped, value: Untyped, coefs: list[Untyped], histories: list[Untyped]) -> Untyped:
    """Build a frame of a section; return what comes out of it."""
    share, rest, twice, through, band, low = map(builder.load, coefs)
    one, other = map(builder.load, histories)
    step = fma(builder, builder.fneg(rest), one, builder.fmul(share, value))
    step = fma(builder, builder.fneg(share), other, step)
    out = fma(builder, low, other, fma(builder, band, one, builder.fmul(through, value)))
    builder.store(fma(builder, twice, builder.fadd(one, step), other), histories[1])
    builder.store(fma(builder, spread(builder, ir.Constant(ir.FloatType(), 2.0)), step, one), histories[0])
    return out


filter_steady: Untyped = _filtering(range(1, IN_PATH + 1), moving=False)
"""Filter frames of a group's strips by a run of filters, whose coefficients stand still.

(memory, block, goal, (count, row, at, strips, place, stride, other, width, frames)):

memory  of `tables.Chain`, of so many strips, with coefficients from `row` and histories from `at` on
block   float32, read from `place` on, every `stride` numbers; goal, which may be the same, is written from `other` on,
        every `width` numbers
count   of the filters, 1–IN_PATH
"""
filter_moving: Untyped = _filtering(range(1, 2), moving=True)
"""The same by one filter whose coefficients change at every frame, by the slopes."""

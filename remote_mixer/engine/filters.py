"""Filters of the strips: state-variable sections of second order, a group of strips in each vector.

A section is Andrew Simper's trapezoidal state-variable filter (Cytomic, 2013), written by the increments of its
integrators: `d = ga·(in − low) − (1 − a)·band`. The small differences are computed before they are added to large
histories, so float32 leaves as little noise (−137 dBFS and less) where a filter is narrow and low, and coefficients
may change at every frame. From one frame to the next a history passes through three operations, no more: that chain,
and not their number, is the time that a filter takes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from remote_mixer.engine.controls import BAND_TYPES
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import AIMS, COEFS, FILTER, FILTER_HISTORY, FILTER_ROWS, HISTORY, SIDE_HISTORY, SLOPES
from remote_mixer.engine.tables import Floats
from remote_mixer.engine.vectors import Vector, less_product, load, sound, store

TWO = np.float32(2)
HIGHEST = 0.49  # of the rate
LOWCUT, LOWSHELF, BELL, HIGHSHELF, HIGHCUT = range(len(BAND_TYPES))
FIRST_LOWCUT, FIRST_HIGHCUT, BAND = -1, -2, -3  # cuts with one pole; a band's middle stays as it is


class Response(NamedTuple):
    """Response of a filter, of Robert Bristow-Johnson's cookbook (W3C note, 2021) or of first order.

    kind  LOWCUT, LOWSHELF, BELL, HIGHSHELF, HIGHCUT, FIRST_LOWCUT, FIRST_HIGHCUT or BAND
    hz    of the corner or the middle
    gain  dB, of shelves and bells
    q     of the shelves too
    wet   0 the input … 1 the filter's output
    """

    kind: int | np.int64
    hz: float
    gain: float
    q: float
    wet: float


@inner
def design(memory: Floats, number: int, strip: int, response: Response) -> None:
    """Write the coefficients of a strip's filter."""
    kind, wet = response.kind, response.wet
    amplitude = math.exp(response.gain * (math.log(10) / 40))
    tangent, damping = math.tan(math.pi * min(HIGHEST, response.hz / rate())), 1 / response.q
    through, band, low = 1.0, 0.0, 0.0
    if kind == BELL:
        damping /= amplitude
        band = damping * (amplitude * amplitude - 1)
    elif kind == LOWSHELF:
        tangent /= math.sqrt(amplitude)
        band, low = damping * (amplitude - 1), amplitude * amplitude - 1
    elif kind == HIGHSHELF:
        tangent *= math.sqrt(amplitude)
        through = amplitude * amplitude
        band, low = damping * (1 - amplitude) * amplitude, 1 - through
    elif kind == LOWCUT:
        band, low = -damping, -1.0
    elif kind == HIGHCUT:
        through, low = 0.0, 1.0
    elif kind == BAND:
        through, band = 0.0, damping
    else:  # two equal poles, one of which a zero takes away
        damping, band, low = 2.0, -1.0, -1.0
        if kind == FIRST_HIGHCUT:
            through, band, low = 0.0, 1.0, 1.0
    share = 1 / (1 + tangent * (tangent + damping))
    band = (band + low * tangent) * share  # by the histories, and not by this frame's band and low part
    through += band * tangent
    low -= band * tangent
    row = AIMS + FILTER + FILTER_ROWS * number
    memory[row, strip] = tangent * share
    memory[row + 1, strip] = 1 - share
    memory[row + 2, strip] = 2 * tangent
    memory[row + 3, strip] = 1 + wet * (through - 1)
    memory[row + 4, strip] = wet * band
    memory[row + 5, strip] = wet * low


@inner
def _step(value: Vector, one: Vector, other: Vector, share: Vector, rest: Vector) -> Vector:
    """Return half of what is added to the band's history."""
    return less_product(less_product(share * value, share, other), rest, one)


@inner
def filter_pair(memory: Floats, block: Floats, side: int, pair: int, lane: int) -> None:
    """Filter a block of a group's strips in place by two filters, whose coefficients stand still.

    block  (frames, strips) of one side
    lane   number of the group's first strip
    """
    strips = block.shape[1]
    row = (COEFS + FILTER + 2 * pair * FILTER_ROWS) * strips + lane
    at = (HISTORY + side * SIDE_HISTORY + 2 * pair * FILTER_HISTORY) * strips + lane
    share, rest, twice = load(memory, row), load(memory, row + strips), load(memory, row + 2 * strips)
    through, band, low = load(memory, row + 3 * strips), load(memory, row + 4 * strips), load(memory, row + 5 * strips)
    row += FILTER_ROWS * strips
    share_2, rest_2, twice_2 = load(memory, row), load(memory, row + strips), load(memory, row + 2 * strips)
    through_2, band_2 = load(memory, row + 3 * strips), load(memory, row + 4 * strips)
    low_2 = load(memory, row + 5 * strips)
    one, other = load(memory, at), load(memory, at + strips)
    one_2, other_2 = load(memory, at + 2 * strips), load(memory, at + 3 * strips)
    for frame in range(block.shape[0]):
        place = frame * strips + lane
        value = load(block, place)
        step = _step(value, one, other, share, rest)
        value = through * value + band * one + low * other
        other = (other + twice * one) + twice * step
        one = one + TWO * step
        step = _step(value, one_2, other_2, share_2, rest_2)
        store(block, place, through_2 * value + band_2 * one_2 + low_2 * other_2)
        other_2 = (other_2 + twice_2 * one_2) + twice_2 * step
        one_2 = one_2 + TWO * step
    store(memory, at, sound(one))
    store(memory, at + strips, sound(other))
    store(memory, at + 2 * strips, sound(one_2))
    store(memory, at + 3 * strips, sound(other_2))


@inner
def filter_gliding(  # noqa: PLR0913, PLR0917  # what, from where, to where
    memory: Floats, block: Floats, goal: Floats, side: int, number: int, lane: int
) -> None:
    """Filter as `filter_pair` does, by one filter whose coefficients change at every frame, by the slopes.

    goal  block itself, or (frames, LANES) for what the group's strips become
    """
    strips, width = block.shape[1], goal.shape[1]
    first = lane % width
    row = (COEFS + FILTER + number * FILTER_ROWS) * strips + lane
    at = (HISTORY + side * SIDE_HISTORY + number * FILTER_HISTORY) * strips + lane
    share, rest, twice = load(memory, row), load(memory, row + strips), load(memory, row + 2 * strips)
    through, band, low = load(memory, row + 3 * strips), load(memory, row + 4 * strips), load(memory, row + 5 * strips)
    by = row + (SLOPES - COEFS) * strips
    share_by, rest_by, twice_by = load(memory, by), load(memory, by + strips), load(memory, by + 2 * strips)
    through_by, band_by = load(memory, by + 3 * strips), load(memory, by + 4 * strips)
    low_by = load(memory, by + 5 * strips)
    one, other = load(memory, at), load(memory, at + strips)
    for frame in range(block.shape[0]):
        share, rest, twice = share + share_by, rest + rest_by, twice + twice_by
        through, band, low = through + through_by, band + band_by, low + low_by
        value = load(block, frame * strips + lane)
        step = _step(value, one, other, share, rest)
        store(goal, frame * width + first, through * value + band * one + low * other)
        other = (other + twice * one) + twice * step
        one = one + TWO * step
    store(memory, at, sound(one))
    store(memory, at + strips, sound(other))

"""Filters of the strips: how they are designed, and where the sections of second order find their numbers."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from remote_mixer.engine.controls import BAND_TYPES
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import AIMS, COEFS, FILTER, FILTER_HISTORY, FILTER_ROWS, HISTORY, SIDE_HISTORY
from remote_mixer.engine.sections import filter_moving, filter_steady
from remote_mixer.engine.tables import Floats

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
def filter_run(  # noqa: PLR0913, PLR0917  # what, by which of its filters
    memory: Floats, block: Floats, side: int, first: int, count: int, lane: int
) -> None:
    """Filter a block of a group's strips in place by `count` filters from `first` on, whose coefficients stand still.

    block  (frames, strips) of one side
    lane   number of the group's first strip
    """
    strips = block.shape[1]
    row = (COEFS + FILTER + first * FILTER_ROWS) * strips + lane
    at = (HISTORY + side * SIDE_HISTORY + first * FILTER_HISTORY) * strips + lane
    filter_steady(memory, block, block, (count, row, at, strips, lane, strips, lane, strips, block.shape[0]))


@inner
def filter_gliding(  # noqa: PLR0913, PLR0917  # what, from where, to where
    memory: Floats, block: Floats, goal: Floats, side: int, number: int, lane: int
) -> None:
    """Filter as `filter_run` does, by one filter whose coefficients change at every frame, by the slopes.

    goal  block itself, or (frames, LANES) for what the group's strips become
    """
    strips, width = block.shape[1], goal.shape[1]
    row = (COEFS + FILTER + number * FILTER_ROWS) * strips + lane
    at = (HISTORY + side * SIDE_HISTORY + number * FILTER_HISTORY) * strips + lane
    filter_moving(memory, block, goal, (1, row, at, strips, lane, strips, lane % width, width, block.shape[0]))

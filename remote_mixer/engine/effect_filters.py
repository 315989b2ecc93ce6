"""Low cut and high cut of the effects: Butterworth's, 12 dB an octave, as a desk's.

State-variable filters fed by increments, as the strips' (see `filters`); both coefficients, g and g ∕ (1 + g·(g + √2)),
go in straight lines from one point of the effects' grid to the next.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.tables import Floats
from remote_mixer.engine.vectors import sound_scalar

DAMPING = np.float32(math.sqrt(2))


@inner
def design_cut(memory: Floats, cut: int) -> None:
    """Aim a cut at the frequency that its param has now, log2 Hz."""
    turn = math.tan(math.pi / rate() * math.exp(math.log(2) * memory[rows.NOW + rows.CUTS + cut]))
    memory[rows.AIM + rows.TURNS + 2 * cut] = turn
    memory[rows.AIM + rows.TURNS + 2 * cut + 1] = turn / (1 + turn * (turn + math.sqrt(2)))


@inner
def filter_cut(memory: Floats, number: int, place: int, frames: int, since: int) -> None:
    """Cut a chunk in place, `since` frames after the last point of the grid.

    number  of the filter: the reverb's low cut, then of both sides of the delay low cut and high cut
    """
    cut = (number + 1) % 2 + rows.ECHO_LOW if number > 0 else rows.REVERB_LOW
    value, history, highs = rows.TURNS + 2 * cut, rows.HISTORIES + 2 * number, cut == rows.HIGH
    turn_by, share_by = memory[rows.STEP + value], memory[rows.STEP + value + 1]
    turn = memory[rows.BASE + value] + turn_by * np.float32(since)
    share = memory[rows.BASE + value + 1] + share_by * np.float32(since)
    one, two = memory[history], memory[history + 1]
    for frame in range(frames):
        turn, share = turn + turn_by, share + share_by
        entering = memory[place + frame]
        step = share * (entering - two - (turn + DAMPING) * one)
        middle = one + step
        low = two + turn * middle
        memory[place + frame] = low if highs else entering - DAMPING * middle - low
        one, two = middle + step, low + turn * middle
    memory[history], memory[history + 1] = sound_scalar(one), sound_scalar(two)

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

DAMPING, TWO = np.float32(math.sqrt(2)), np.float32(2)


@inner
def design_cut(memory: Floats, cut: int) -> None:
    """Aim a cut at the frequency that its param has now, log2 Hz."""
    turn = math.tan(math.pi / rate() * math.exp(math.log(2) * memory[rows.NOW + rows.CUTS + cut]))
    memory[rows.AIM + rows.TURNS + 2 * cut] = turn
    memory[rows.AIM + rows.TURNS + 2 * cut + 1] = turn / (1 + turn * (turn + math.sqrt(2)))


@inner
def cut_frame(
    entering: np.float32, one: np.float32, two: np.float32, turn: np.float32, share: np.float32
) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """Filter a frame; return what is left by a low cut and by a high cut, and both histories, `one` and `two`.

    From one frame to the next a history passes through as few operations as can be: their chain is what it takes.
    """
    damped, twice = turn + DAMPING, turn + turn
    step = share * (entering - two) - share * damped * one
    middle = one + step
    low = two + turn * middle
    return entering - two - damped * middle, low, one + TWO * step, (two + twice * one) + twice * step

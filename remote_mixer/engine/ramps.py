"""Ramps: every amplitude goes to its target in a straight line, frame by frame, so that nothing clicks.

An amplitude is `target − slope · max(left − n, 0)` at the n-th coming frame: the target is met exactly, and no rounding
error adds up. An amplitude that gets a new target on the way goes on from its present value.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine.controls import Smoothing
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.shared import RATE
from remote_mixer.engine.tables import Ramps

RAMPED_FRAMES = np.float32(Smoothing.RAMPED)
SWITCHED_FRAMES = np.float32(Smoothing.SWITCHED)


@inner
def ramp_frames(frames: np.float32) -> np.float32:
    """Return how many frames last as long at the mix's rate as these do at 48 kHz (see `controls.Smoothing`)."""
    return np.float32(math.floor(frames * rate() / RATE + 0.5))


@inner
def aim(ramps: Ramps, row: int, column: int, target: np.float32, frames: np.float32) -> None:
    """Aim one amplitude at `target`, to be there in as long as `frames` last at 48 kHz, from its present value."""
    if target == ramps.target[row, column]:
        return
    now = ramps.target[row, column] - ramps.slope[row, column] * ramps.left[row, column]
    lasts = ramp_frames(frames)
    ramps.slope[row, column] = (target - now) / lasts
    ramps.left[row, column] = lasts
    ramps.target[row, column] = target
    ramps.busy[row, 0] = max(ramps.busy[row, 0], lasts)


@inner
def step(ramps: Ramps, frames: int) -> None:
    """Advance by a block."""
    by = np.float32(frames)
    for row in range(ramps.left.shape[0]):
        if ramps.busy[row, 0] > 0:
            ramps.busy[row, 0] = max(ramps.busy[row, 0] - by, np.float32(0))
            for column in range(ramps.left.shape[1]):
                ramps.left[row, column] = max(ramps.left[row, column] - by, np.float32(0))


@inner
def at(ramps: Ramps, row: int, column: int, frame: int) -> np.float32:
    """Return the amplitude at a frame of this block, from 0 on; −1 is the last frame of the block before."""
    to_go = max(ramps.left[row, column] - np.float32(frame + 1), np.float32(0))
    return np.float32(ramps.target[row, column] - ramps.slope[row, column] * to_go)

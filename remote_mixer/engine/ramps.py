"""Ramps: every amplitude goes to its target in a curve without corners, frame by frame, so that nothing clicks.

An amplitude is `target − left² · (square + cube · left)`, with the frames that are left: Hermite's cubic, which ends
flat, and begins with the slope that the amplitude has, also where it is on its way to another target. A straight line
would do what a click does: its two corners leave −65 dBFS above 6 kHz where a sine of −6 dBFS is muted in 5 ms, this
curve −95. The target is met exactly, and no rounding error adds up.
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
TWO, THREE = np.float32(2), np.float32(3)


@inner
def ramp_frames(frames: np.float32) -> np.float32:
    """Return how many frames last as long at the mix's rate as these do at 48 kHz (see `controls.Smoothing`)."""
    return np.float32(math.floor(frames * rate() / RATE + 0.5))


@inner
def soft(share: np.float32) -> np.float32:
    """Return the amplitude of a fade of which a share is done, 0–1: it begins and ends flat."""
    return np.float32(share * share * (THREE - TWO * share))


@inner
def aim(ramps: Ramps, row: int, column: int, target: np.float32, frames: np.float32) -> None:
    """Aim one amplitude at `target`, to be there in as long as `frames` last at 48 kHz, from its present course."""
    if target == ramps.target[row, column]:
        return
    left, square, cube = ramps.left[row, column], ramps.square[row, column], ramps.cube[row, column]
    way = target - (ramps.target[row, column] - left * left * (square + cube * left))
    slope = left * (TWO * square + THREE * cube * left)
    lasts = ramp_frames(frames)
    ramps.square[row, column] = (THREE * way / lasts - slope) / lasts
    ramps.cube[row, column] = (slope - TWO * way / lasts) / (lasts * lasts)
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
    left = max(ramps.left[row, column] - np.float32(frame + 1), np.float32(0))
    return np.float32(
        ramps.target[row, column] - left * left * (ramps.square[row, column] + ramps.cube[row, column] * left)
    )

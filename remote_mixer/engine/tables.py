"""What the kernels work on: arrays side by side in named tuples.

Amplitudes are linear, 0 is silent. A *row* is one output as the strips see it: 0 and 1 main left and right, 2–9 buses
1–8, 10 the post fader meter. The whole way of a strip into a row (fader × mute × pan × send …) is one amplitude.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared

BLOCK_FRAMES = shared.BLOCK_FRAMES
BUSES = shared.BUSES
MAX_CHANNELS = shared.MAX_CHANNELS
ROWS = 2 + BUSES + 1
BUS_ROW = 2
METER_ROW = ROWS - 1
OUTPUTS = 2 + BUSES
MASTERS = 1 + BUSES
LOOK_FRAMES = 64  # how far a limiter looks ahead; a power of four
LATENCY_FRAMES = LOOK_FRAMES - 1
LINE_FRAMES = LATENCY_FRAMES + BLOCK_FRAMES

ARRAYS = 31  # in Mix and Controls together
FOLLOW, FADE, ENCODE, RUN = range(4)  # the kernels' jobs

Floats = NDArray[np.float32]


class Sources(NamedTuple):
    """What the strips play.

    Stems of one length are kept together in a group, frame after frame, so that a block of them all is one
    straight read of memory: 128 streams far apart cost five times the rest of the mix. The strips inside the kernel
    stand in the order of the groups, therefore; `channels` tells whose they are.

    pool      (samples,) float32, group after group; in a group (frames, sides, strips)
    groups    (groups, 5) uint64: start in the pool, frames of the loop (≥ 1), first strip, strips, sides (1 or 2)
    channels  (strips in use,) int64, the channel that each strip is, 0-based
    stereo    (strips in use,) bool
    """

    pool: Floats
    groups: NDArray[np.uint64]
    channels: NDArray[np.int64]
    stereo: NDArray[np.bool_]


class Ramps(NamedTuple):
    """Amplitudes on their way, all (rows, strips) float32; `left` counts the frames still to go."""

    target: Floats
    slope: Floats
    left: Floats


class Limiters(NamedTuple):
    """The buses' limiters, see `limiter`; all float32, all but `ceilings` (LINE_FRAMES · BUSES,), frame after frame.

    ceilings    (BUSES,) amplitudes; infinite where the limiter is off
    line        what was played under the fader and has not left yet, then the present block
    eased       the amplitude that each frame may have, before it is averaged
    low, spare  room to work in
    """

    ceilings: Floats
    line: Floats
    eased: Floats
    low: Floats
    spare: Floats


class Controls(NamedTuple):
    """The shared block, seen as `floats` (words,) float32 and `words` (words,) uint32 over the same memory."""

    floats: Floats
    words: NDArray[np.uint32]


class Mix(NamedTuple):
    """All that the kernel keeps from block to block.

    sources       the stems
    strips        Ramps (ROWS, strips)
    masters       Ramps (1, MASTERS): main, then the buses
    transport     Ramps (1, 1): 1 plays, 0 is halted
    open_strips   (ROWS, strips) bool, False where a mute or somebody's solo closes the way
    open_masters  (MASTERS,) bool
    left, right, mid   (BLOCK_FRAMES, strips) float32, the present block
    block_peaks   (strips,) float32, highest of the present block
    strip_peaks   (2, strips) float32, input and post fader, highest since the last meter frame
    output_peaks  (OUTPUTS,) float32, likewise
    position      (1,) uint64, frames; wraps at `wrap` (1,)
    clip          (1,) bool, latched when main goes over full scale
    limiters      Limiters
    """

    sources: Sources
    strips: Ramps
    masters: Ramps
    transport: Ramps
    open_strips: NDArray[np.bool_]
    open_masters: NDArray[np.bool_]
    left: Floats
    right: Floats
    mid: Floats
    block_peaks: Floats
    strip_peaks: Floats
    output_peaks: Floats
    position: NDArray[np.uint64]
    wrap: NDArray[np.uint64]
    clip: NDArray[np.bool_]
    limiters: Limiters

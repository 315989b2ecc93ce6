"""Memory of the kernels: arrays side by side in named tuples, and how they are made.

`entry` takes types and order of the arrays from what `new_mix` and `view_controls` return, so an array that is added to
a tuple here is in the kernels too.

Amplitudes are linear, 0 is silent. A *row* is one output as the strips see it: 0 and 1 main left and right, 2–9 buses
1–8, 10 the post fader meter. The whole way of a strip into a row (fader × mute × pan × send …) is one amplitude.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.controls import BUSES, TABLE
from remote_mixer.engine.shared import BLOCK_FRAMES

ROWS = 2 + BUSES + 1
BUS_ROW = 2
METER_ROW = ROWS - 1
OUTPUTS = 2 + BUSES
MASTERS = 1 + BUSES
LOOK_FRAMES = 64  # how far a limiter looks ahead; a power of four
LATENCY_FRAMES = LOOK_FRAMES - 1
LINE_FRAMES = LATENCY_FRAMES + BLOCK_FRAMES
STRIPS_PADDED_TO = 32

Floats = NDArray[np.float32]


class Sources(NamedTuple):
    """Sound of the strips.

    Stems of one side, and those of two, are kept side by side in a group, frame after frame, so that a block of them
    all is one straight read of memory: 128 streams far apart cost five times the rest of the mix. The strips inside the
    kernel are in the order of the groups, therefore; `channels` maps them to channels. The memory holds the whole
    timeline, or is a ring of its next seconds (see `streams`).

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
    line        samples after the fader that have not left yet, then the present block
    eased       the amplitude that each frame may have, before it is averaged
    low, spare  scratch memory
    """

    ceilings: Floats
    line: Floats
    eased: Floats
    low: Floats
    spare: Floats


class Mix(NamedTuple):
    """State of the kernels from block to block.

    sources       the stems
    strips        Ramps (ROWS, strips)
    masters       Ramps (1, MASTERS): main, then the buses
    transport     Ramps (1, 1): 1 plays, 0 is halted
    open_strips   (ROWS, strips) bool, False where a mute, or another strip's solo, closes the way
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


def new_mix(sources: Sources, wrap_frames: int) -> Mix:
    """Return a mix that is silent, at position 0."""
    strips = -(-max(len(sources.channels), 1) // STRIPS_PADDED_TO) * STRIPS_PADDED_TO
    return Mix(
        sources=sources,
        strips=_new_ramps(ROWS, strips),
        masters=_new_ramps(1, MASTERS),
        transport=_new_ramps(1, 1),
        open_strips=np.ones((ROWS, strips), np.bool_),
        open_masters=np.ones(MASTERS, np.bool_),
        left=np.zeros((BLOCK_FRAMES, strips), np.float32),
        right=np.zeros((BLOCK_FRAMES, strips), np.float32),
        mid=np.zeros((BLOCK_FRAMES, strips), np.float32),
        block_peaks=np.zeros(strips, np.float32),
        strip_peaks=np.zeros((2, strips), np.float32),
        output_peaks=np.zeros(OUTPUTS, np.float32),
        position=np.zeros(1, np.uint64),
        wrap=np.array([wrap_frames], np.uint64),
        clip=np.zeros(1, np.bool_),
        limiters=_new_limiters(),
    )


def _new_ramps(rows: int, strips: int) -> Ramps:
    return Ramps(*(np.zeros((rows, strips), np.float32) for _ in range(3)))


def _new_limiters() -> Limiters:
    line = np.zeros(LINE_FRAMES * BUSES, np.float32)
    ceilings = np.full(BUSES, np.inf, np.float32)
    return Limiters(ceilings, line, np.ones_like(line), np.ones_like(line), np.ones_like(line))


Controls = Any
"""Named tuple with an array of each row of `controls.TABLE`, by its name and in its shape, float32 or uint32."""

_named_tuple: Any = namedtuple  # its fields are known from the table only
_Controls = _named_tuple("_Controls", [row.name for row in TABLE.rows])


def view_controls(memory: NDArray[np.uint8]) -> Controls:
    """Return the controls in the shared memory, (shared.SIZE_BYTES,), as arrays over the same bytes."""
    views = []
    for row, start in zip(TABLE.rows, TABLE.starts, strict=True):
        words = memory[4 * start : 4 * (start + row.size)]
        views.append(words.view(np.float32 if row.kind.is_float else np.uint32).reshape(row.shape))
    return _Controls(*views)

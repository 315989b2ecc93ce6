"""Mixing kernels, compiled by numba: blocks of up to 128 frames, 32-bit float, no allocation, no lock.

Arrays hold frames outside and strips inside, `(frames, strips)`, so the inner loops run over strips side by side in
vector registers; the number of strips is padded to a multiple of 32 with strips that play silence.

The order inside a block: `gather` what the strips play → `look` at single ones → `process` every strip in place (see
`chain`) → `_measure` (meters, the mono fold of stereo strips) → `_sum` of every row into the outputs → the fader of
main (`_main`), faders and limiters of the buses (`limit`) → meters.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import rows
from remote_mixer.engine.chain import process
from remote_mixer.engine.controls import BUSES, MAX_CHANNELS
from remote_mixer.engine.deck import RECORDS, TAKE_PLAYS, begin_block, end_block
from remote_mixer.engine.gather import gather, is_idle, tap
from remote_mixer.engine.inner import inner
from remote_mixer.engine.limiter import limit
from remote_mixer.engine.looks import look
from remote_mixer.engine.ramps import at, moving, step
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.tables import BUS_ROW, METER_ROW, Floats, Mix, Ramps

FULL_SCALE = np.float32(1)
MAIN_CODES = 2 * MAX_CHANNELS + BUSES  # first of main's, before those of the reductions
LOWEST_METERED = np.float32(4e-6)  # the lowest code is −107.5 dB


@inner
def _measure(mix: Mix, frames: int) -> None:
    """Fold stereo into mid for the buses, and measure this block's peak of each strip."""
    mix.block_peaks[:] = 0
    for frame in range(frames):
        for strip in range(mix.left.shape[1]):
            left, right = mix.left[frame, strip], mix.right[frame, strip]
            mix.mid[frame, strip] = np.float32(0.5) * (left + right)
            mix.block_peaks[strip] = max(mix.block_peaks[strip], abs(left), abs(right))


@inner
def _sum_steady(block: Floats, amplitudes: Floats, out: Floats, column: int) -> None:
    for frame in range(out.shape[0]):
        total = np.float32(0)
        for strip in range(block.shape[1]):
            total += block[frame, strip] * amplitudes[strip]
        out[frame, column] = total


@inner
def _sum_moving(block: Floats, ramps: Ramps, row: int, out: Floats) -> None:
    for frame in range(out.shape[0]):
        total = np.float32(0)
        for strip in range(block.shape[1]):
            total += block[frame, strip] * at(ramps, row, strip, frame)
        out[frame, row] = total


@inner
def _sum(mix: Mix, row: int, out: Floats) -> None:
    """Sum one row of this block into its column of the outputs."""
    block = mix.left if row == 0 else mix.right if row == 1 else mix.mid
    if moving(mix.strips, row):
        _sum_moving(block, mix.strips, row, out)
    else:
        _sum_steady(block, mix.strips.target[row], out, row)


@inner
def _meter_strips(mix: Mix, frames: int) -> None:
    """Update the peaks of each input, and of each strip after fader and mute.

    While a fader moves, the larger of its amplitudes at the block's two ends is used for the whole of it.
    """
    inputs, post = mix.strip_peaks[0], mix.strip_peaks[1]
    for strip in range(post.shape[0]):
        begin, end = at(mix.strips, METER_ROW, strip, -1), at(mix.strips, METER_ROW, strip, frames - 1)
        measured = mix.chain.memory[rows.PEAK, strip]
        inputs[strip] = max(inputs[strip], measured if measured >= 0 else mix.block_peaks[strip])
        post[strip] = max(post[strip], mix.block_peaks[strip] * max(begin, end))


@inner
def _main(mix: Mix, column: int, out: Floats) -> None:
    """Apply main's fader to one of its sides, and update its peak and the clip latch."""
    peak = np.float32(0)
    for frame in range(out.shape[0]):
        out[frame, column] *= at(mix.masters, 0, 0, frame)
        peak = max(peak, abs(out[frame, column]))
    mix.output_peaks[column] = max(mix.output_peaks[column], peak)
    mix.clip[0] |= peak > FULL_SCALE


@inner
def _mix_block(mix: Mix, out: Floats) -> None:
    frames = out.shape[0]
    gather(mix, frames)
    look(mix, frames)
    process(mix, frames)
    _measure(mix, frames)
    tap(mix, mix.mid[:frames])
    for column in range(out.shape[1]):  # this bound is known at run time only: unrolled, the loop takes long to compile
        _sum(mix, column, out)
    _main(mix, 0, out)
    _main(mix, 1, out)
    _meter_strips(mix, frames)


@inner
def run(mix: Mix, out: Floats) -> None:
    """Mix any number of frames: the sound does not depend on how they are divided.

    out  (frames, OUTPUTS) float32, at most MOST_FRAMES where anybody takes an input or a direct out:
         main left, main right, buses 1–8; overwritten, full scale ±1.0;
         main is not limited, buses are delayed by LATENCY_FRAMES
    """
    deck = mix.chain.clock
    for start in range(0, out.shape[0], BLOCK_FRAMES):
        block = out[start : min(start + BLOCK_FRAMES, out.shape[0])]
        begin_block(deck, block.shape[0])
        if is_idle(mix) and not deck[RECORDS] | deck[TAKE_PLAYS]:
            block[:] = 0
        else:
            _mix_block(mix, block)
        mix.signals.begin[0] += block.shape[0]
        limit(mix, block)
        end_block(deck, block)
        step(mix.strips, block.shape[0])
        step(mix.masters, block.shape[0])
        step(mix.transport, block.shape[0])


@inner
def _code(peak: np.float32) -> int:
    """Return the meter code, 0–255, of an amplitude."""
    if peak <= LOWEST_METERED:
        return 0
    return min(max(round(40 * math.log10(peak) + 216), 1), 255)


@inner
def encode(mix: Mix, codes: NDArray[np.uint8]) -> None:
    """Write the peaks since the last call as meter codes, (shared.METER_HALF_BYTES,) uint8, and reset them."""
    for strip, channel in enumerate(mix.sources.channels):
        codes[channel] = _code(mix.strip_peaks[0, strip])
        codes[MAX_CHANNELS + channel] = _code(mix.strip_peaks[1, strip])
    for bus in range(mix.output_peaks.shape[0] - BUS_ROW):
        codes[2 * MAX_CHANNELS + bus] = _code(mix.output_peaks[BUS_ROW + bus])
    for side in range(2):
        codes[MAIN_CODES + side] = _code(mix.output_peaks[side])
    memory = mix.chain.memory
    for strip, channel in enumerate(mix.sources.channels):
        codes[MAIN_CODES + 2 + channel] = _code(memory[rows.GATE_LEAST, strip])
        codes[MAIN_CODES + 2 + MAX_CHANNELS + channel] = _code(memory[rows.DYN_LEAST, strip])
    memory[rows.GATE_LEAST : rows.DYN_LEAST + 1] = 1
    mix.strip_peaks[:] = 0
    mix.output_peaks[:] = 0

"""Mixing kernels, compiled by numba: blocks of up to 128 frames, 32-bit float, no allocation, no lock.

Arrays hold frames outside and strips inside, `(frames, strips)`, so the inner loops run over strips side by side in
vector registers; strips that play silence fill their number to a multiple of 16, and the masters are 16 more.

The order inside a block: `gather` what the strips play → `look` at single ones → `process` every strip in place (see
`chain`) → `automix` → `_measure` their peaks → `_sum` of their ways into the masters → returns of the effects
(`add_effects`) → `process` the masters in place → faders and limiters (`limit`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import effect_rows, rows
from remote_mixer.engine.automix import automix
from remote_mixer.engine.chain import acts, process
from remote_mixer.engine.controls import BUSES, EFFECTS, MAX_CHANNELS
from remote_mixer.engine.deck import TAKE_PLAYS, begin_block, end_block, meter_deck
from remote_mixer.engine.effects import add_effects, is_asleep
from remote_mixer.engine.gather import gather, is_idle, tap
from remote_mixer.engine.inner import inner
from remote_mixer.engine.limiter import limit
from remote_mixer.engine.looks import look
from remote_mixer.engine.ramps import at, step
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.shared import BLOCK_FRAMES, automix_tap, effect_tap, solo_tap
from remote_mixer.engine.sums import TILE, add_mono, add_moving_mono, add_moving_stereo, add_stereo
from remote_mixer.engine.tables import MASTERS, METER_LANE, PLACES, SIDE_LANES, SOLO, WAYS_PROCESSED, Floats, Mix
from remote_mixer.engine.vectors import absolute, highest, load, splat, store

MAIN_CODES = 2 * MAX_CHANNELS  # first of main's, before those of the mixes and of the reductions
REDUCTION_CODES = MAIN_CODES + 2 + BUSES
AUTOMIX_CODES, EFFECT_CODES, SOLO_CODES = automix_tap(1), effect_tap(1, 0), solo_tap(0)
LOWEST_METERED = np.float32(4e-6)  # the lowest code is −107.5 dB
SILENT = np.float32(0)


@inner
def _measure(mix: Mix, frames: int) -> None:
    """Measure this block's peak of each strip."""
    strips = mix.left.shape[1]
    for group in range(mix.chain.state.shape[1] - 1):
        peak, lane = splat(SILENT), LANES * group
        for side in range(1 + mix.chain.state[rows.STEREO, group]):
            block = mix.right if side else mix.left
            for frame in range(frames):
                peak = highest(absolute(load(block, frame * strips + lane)), peak)
        store(mix.block_peaks, lane, peak)


@inner
def _clear_masters(mix: Mix, frames: int) -> None:
    strips = mix.left.shape[1]
    for frame in range(-(-frames // TILE) * TILE):
        store(mix.left, frame * strips + strips - LANES, splat(SILENT))
        store(mix.right, frame * strips + strips - LANES, splat(SILENT))


@inner
def _sum(mix: Mix, place: int, group: int, frames: int) -> None:
    """Add to the masters a group's ways that begin at a place."""
    sound, ways, strips = mix.chain.sound, mix.ways, mix.left.shape[1]
    side, lane, is_stereo = BLOCK_FRAMES * strips, LANES * group, mix.chain.state[rows.STEREO, group] != 0
    count, moves = min(LANES, mix.sources.channels.shape[0] - lane), False
    first, way = 2 * place * side + lane, (place * strips + lane) * 2 * SIDE_LANES
    curves = ways.target, ways.square, ways.cube, ways.left
    for strip in range(lane, lane + count):
        moves |= ways.busy[place * strips + strip, 0] > 0
    for frame in range(0, frames, TILE):
        where = frame * strips + strips - LANES, first + frame * strips, strips, side, frame
        if is_stereo and moves:
            add_moving_stereo(sound, where, curves, way, count)
        elif moves:
            add_moving_mono(sound, where, curves, way, count)
        elif is_stereo:
            add_stereo(sound, where, curves, way, count)
        else:
            add_mono(sound, where, curves, way, count)


@inner
def _meter_strips(mix: Mix, frames: int) -> None:
    """Update the peaks of each input, and of each strip after fader and mute.

    While a fader moves, the larger of its amplitudes at the block's two ends is used for the whole of it.
    """
    inputs, post = mix.strip_peaks[0], mix.strip_peaks[1]
    for strip in range(mix.sources.channels.shape[0]):
        begin, end = at(mix.ways, strip, METER_LANE, -1), at(mix.ways, strip, METER_LANE, frames - 1)
        measured = mix.chain.memory[rows.PEAK, strip]
        inputs[strip] = max(inputs[strip], measured if measured >= 0 else mix.block_peaks[strip])
        post[strip] = max(post[strip], mix.block_peaks[strip] * max(begin, end))


@inner
def _mix_strips(mix: Mix, frames: int) -> None:
    gather(mix, frames)
    look(mix, frames)
    process(mix.chain, mix.left[:frames], mix.right[:frames], 0, mix.chain.state.shape[1] - 1)
    if mix.chain.clock[TAKE_PLAYS]:
        meter_deck(mix.chain)
    automix(mix.chain, mix.left[:frames], mix.right[:frames])
    _measure(mix, frames)
    tap(mix, frames)
    for place in range(PLACES):
        for group in range(mix.chain.state.shape[1] - 1):
            if place == WAYS_PROCESSED or mix.chain.state[rows.INPUT_TAPPED + place - 1, group] != 0:
                _sum(mix, place, group, frames)
    _meter_strips(mix, frames)


@inner
def run(mix: Mix, out: Floats) -> None:
    """Mix any number of frames: the sound does not depend on how they are divided.

    out  (frames, OUTPUTS) float32, at most MOST_FRAMES where anybody takes an input or a direct out:
         left and right of main, of mixes 1–8 and of the solo bus; overwritten, full scale ±1.0;
         mixes and solo are delayed by LATENCY_FRAMES, main too where its limiter is on
    """
    deck, groups = mix.chain.clock, mix.chain.state.shape[1]
    for start in range(0, out.shape[0], BLOCK_FRAMES):
        block = out[start : min(start + BLOCK_FRAMES, out.shape[0])]
        frames = block.shape[0]
        begin_block(deck, frames)
        _clear_masters(mix, frames)
        plays = not is_idle(mix) or acts(mix.chain, groups - 1)
        if plays:
            _mix_strips(mix, frames)
        if plays or not is_asleep(mix.effects.counts):
            add_effects(mix.effects, mix.chain.sound, frames)
        process(mix.chain, mix.left[:frames], mix.right[:frames], groups - 1, groups)
        deck[0] += frames
        mix.signals.begin[0] += frames
        limit(mix, block)
        end_block(deck, block)
        step(mix.ways, frames)
        step(mix.masters, frames)
        step(mix.transport, frames)


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
    memory, first = mix.chain.memory, mix.left.shape[1] - LANES
    for side in range(2):
        codes[MAIN_CODES + side] = _code(mix.output_peaks[side, 0])
        codes[SOLO_CODES + side] = _code(mix.output_peaks[side, SOLO])
    for master in range(MASTERS):
        if master > 0:
            codes[MAIN_CODES + 1 + master] = _code(max(mix.output_peaks[0, master], mix.output_peaks[1, master]))
        codes[REDUCTION_CODES + 2 * MAX_CHANNELS + master] = _code(memory[rows.DYN_LEAST, first + master])
    for strip, channel in enumerate(mix.sources.channels):
        codes[REDUCTION_CODES + channel] = _code(memory[rows.GATE_LEAST, strip])
        codes[REDUCTION_CODES + MAX_CHANNELS + channel] = _code(memory[rows.DYN_LEAST, strip])
        codes[AUTOMIX_CODES + channel] = _code(memory[rows.AUTOMIX_AIM, strip])
    memory[rows.GATE_LEAST : rows.DYN_LEAST + 1] = 1
    for place in range(2 * EFFECTS):
        codes[EFFECT_CODES + place] = _code(mix.effects.memory[effect_rows.PEAKS + place * LANES])
        store(mix.effects.memory, effect_rows.PEAKS + place * LANES, splat(SILENT))
    mix.strip_peaks[:] = 0
    mix.output_peaks[:] = 0

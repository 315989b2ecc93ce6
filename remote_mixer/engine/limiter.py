"""Faders and limiters of main and of the mixes, side by side in one vector: no output ever exceeds its ceiling.

Each frame needs some amplitude (≤ 1) for the louder of its sides to stay below the ceiling. The lowest of these over
LOOK_FRAMES is taken, rises again no faster than the release, and is averaged over LOOK_FRAMES. Sound is delayed by
LATENCY_FRAMES, one less, so every amplitude in a frame's average was chosen with that frame in the window: none is
above what it needs, and neither is their average. Nothing overshoots, whatever the sound, both sides are reduced
alike, and the amplitude never steps: it takes 1.3 ms down to the ceiling. A ceiling that is lowered falls by as many
decibels in each frame, 8.7 in FALL_SECONDS, and then stands exactly where it was set; one that is raised is there at
once, as the release makes a slope of it. A frame is limited to the ceiling that stood when it came.

Amplitudes are averaged in whole steps of 2⁻¹⁷, so that their running sum is exact for ever, and 1 where nothing is
reduced. The lowest of a window is the lower of two numbers: that of the present ring so far, and that of the ring
before from there on, which is computed when a ring is full.

All mixes are always late by these 63 frames (at 48 kHz 1.31 ms, half a metre of air), limiter on or off: a toggle is
therefore only another ceiling, infinite for off, from which it falls as from LOUDEST. Main is late only where its
limiter is on: it is faded to within 20 ms.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine.controls import BUSES
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.tables import (
    CEILING,
    EASED_BEFORE,
    EASED_SUM,
    FADER_ROW,
    LIMITED,
    LIMITED_GOAL,
    LINE,
    LOOK_FRAMES,
    LOWEST,
    LOWEST_AFTER,
    MONO_ROW,
    NEED,
    OUTPUTS,
    PEAKS,
    SIDE_LANES,
    TAKEN,
    Controls,
    Floats,
    Mix,
)
from remote_mixer.engine.vectors import absolute, highest, interleave, load, lowest, nearest, splat, store

RELEASE_SECONDS = 0.1  # the reduction falls to 1/e in this time
FALL_SECONDS = 0.01  # a ceiling that is lowered falls to 1/e in this time
LOUDEST = np.float32(10)  # amplitude: 20 dB over full scale
RELEASE_END = np.float32(1e-6)  # per frame, so that the reduction ends, at exactly 1
ZERO, HALF, ONE, TWO, THREE = (np.float32(number) for number in (0, 0.5, 1, 2, 3))
FULL_SCALE = ONE
TINY = np.float32(1e-9)
STEPS, STEP, DOWN = np.float32(1 << 17), np.float32(2**-17), np.float32(0.49)
SHARE = np.float32(1 / LOOK_FRAMES)
FADE = np.float32(1 / 960)  # a crossfade, which is 20 ms at 48 kHz and may be 10 at 96
PAIRS = LANES // 2  # of both sides, in a vector
OTHER_SIDE = LOOK_FRAMES * SIDE_LANES  # from the left line to the right one


@inner
def set_ceilings(mix: Mix, controls: Controls) -> None:
    """Read the ceilings (amplitudes) from the controls; infinite where a limiter is off."""
    is_on = controls.main_limiter[0] != 0
    mix.ceilings[0, 0] = controls.main_ceiling[0] if is_on else np.float32(np.inf)
    mix.limiter[LIMITED_GOAL, 0] = ONE if is_on else ZERO
    for bus in range(BUSES):
        is_on = controls.bus_limiter[bus] != 0
        mix.ceilings[0, 1 + bus] = controls.bus_ceiling[bus] if is_on else np.float32(np.inf)


@inner
def _end_ring(memory: Floats) -> None:
    """Find the lowest need of each frame of the ring that is full and of all after it."""
    low = splat(ONE)
    for look in range(LOOK_FRAMES - 1, -1, -1):
        low = lowest(load(memory, (NEED + look) * SIDE_LANES), low)
        store(memory, (LOWEST_AFTER + look) * SIDE_LANES, low)
    store(memory, LOWEST * SIDE_LANES, splat(ONE))


@inner
def _limit(mix: Mix, begin: int, end: int) -> None:
    """Apply faders and limiters in place to frames in one ring."""
    release = np.float32(1 - math.exp(-1 / (RELEASE_SECONDS * rate())))
    fall = np.float32(math.exp(-1 / (FALL_SECONDS * rate())))
    left, right, memory, ramps = mix.left, mix.right, mix.limiter, mix.masters
    strips, look, wanted = left.shape[1], mix.look[0], load(mix.ceilings, 0)
    fader, mono, one, zero = FADER_ROW * SIDE_LANES, MONO_ROW * SIDE_LANES, splat(ONE), splat(ZERO)
    target, square, cube = load(ramps.target, fader), load(ramps.square, fader), load(ramps.cube, fader)
    target_2, square_2, cube_2 = load(ramps.target, mono), load(ramps.square, mono), load(ramps.cube, mono)
    to_go, to_go_2 = load(ramps.left, fader), load(ramps.left, mono)
    low, taken = load(memory, LOWEST * SIDE_LANES), load(memory, TAKEN * SIDE_LANES)
    total, limited = load(memory, EASED_SUM * SIDE_LANES), load(memory, LIMITED * SIDE_LANES)
    goal, ceiling = load(memory, LIMITED_GOAL * SIDE_LANES), load(memory, CEILING * SIDE_LANES)
    peak, peak_2 = load(memory, PEAKS * SIDE_LANES), load(memory, (PEAKS + 1) * SIDE_LANES)
    for frame in range(begin, end):
        place, row = frame * strips + strips - LANES, (LINE + look) * SIDE_LANES
        count = splat(np.float32(frame + 1))
        still, still_2 = highest(to_go - count, zero), highest(to_go_2 - count, zero)
        amplitude = target - still * still * (square + cube * still)
        now, now_2 = load(left, place) * amplitude, load(right, place) * amplitude
        fold = (target_2 - still_2 * still_2 * (square_2 + cube_2 * still_2)) * HALF * (now_2 - now)
        now, now_2 = now + fold, now_2 - fold
        ceiling = highest(lowest(ceiling, splat(LOUDEST)) * fall, wanted)
        need = lowest(ceiling / highest(highest(absolute(now), absolute(now_2)), splat(TINY)), one)
        store(memory, row, now)
        store(memory, row + OTHER_SIDE, now_2)
        store(memory, (NEED + look) * SIDE_LANES, need)
        low = lowest(need, low)
        window = lowest(load(memory, (LOWEST_AFTER + look + 1) * SIDE_LANES), low)
        taken = highest(one - window, taken - (release * taken + RELEASE_END))
        step = nearest((one - taken) * STEPS - DOWN) * STEP
        total = total + (step - load(memory, (EASED_BEFORE + look) * SIDE_LANES))
        store(memory, (EASED_BEFORE + look) * SIDE_LANES, step)
        limited = limited + lowest(highest(goal - limited, splat(-FADE)), splat(FADE))
        share = limited * limited * (THREE - TWO * limited)
        late = (LINE + (look + 1) % LOOK_FRAMES) * SIDE_LANES
        reduced = total * SHARE * share
        now = load(memory, late) * reduced + now * (one - share)
        now_2 = load(memory, late + OTHER_SIDE) * reduced + now_2 * (one - share)
        peak, peak_2 = highest(absolute(now), peak), highest(absolute(now_2), peak_2)
        store(left, place, now)
        store(right, place, now_2)
        look += 1
    store(memory, LOWEST * SIDE_LANES, low)
    store(memory, TAKEN * SIDE_LANES, taken)
    store(memory, CEILING * SIDE_LANES, ceiling)
    store(memory, EASED_SUM * SIDE_LANES, total)
    store(memory, LIMITED * SIDE_LANES, limited)
    store(memory, PEAKS * SIDE_LANES, peak)
    store(memory, (PEAKS + 1) * SIDE_LANES, peak_2)
    mix.look[0] = look


@inner
def _meter(mix: Mix) -> None:
    """Raise the outputs' peaks to those of this block, and latch the clip of main."""
    for side in range(2):
        mix.clip[0] |= mix.limiter[PEAKS + side, 0] > FULL_SCALE
        for lane in range(SIDE_LANES):
            mix.output_peaks[side, lane] = max(mix.output_peaks[side, lane], mix.limiter[PEAKS + side, lane])
            mix.limiter[PEAKS + side, lane] = ZERO


@inner
def limit(mix: Mix, out: Floats) -> None:
    """Write a block of the masters, (≤ BLOCK_FRAMES, OUTPUTS), behind their faders and limiters, and meter them."""
    begin, frames = 0, out.shape[0]
    while begin < frames:
        end = min(frames, begin + LOOK_FRAMES - mix.look[0])
        _limit(mix, begin, end)
        begin = end
        if mix.look[0] == LOOK_FRAMES:
            _end_ring(mix.limiter)
            mix.look[0] = 0
    _meter(mix)
    strips, first = mix.left.shape[1], np.uint64(mix.left.shape[1] - LANES)
    for frame in range(frames):
        place, last = frame * strips + strips - LANES, np.uint64(PAIRS)
        store(out, frame * OUTPUTS, interleave(load(mix.left, place), load(mix.right, place)))
        for master in range(last, np.uint64(OUTPUTS // 2)):
            out[frame, np.uint64(2) * master] = mix.left[frame, first + master]
            out[frame, np.uint64(2) * master + np.uint64(1)] = mix.right[frame, first + master]

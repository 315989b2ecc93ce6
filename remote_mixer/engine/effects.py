"""Effects: what the strips send into each is summed, the reverb and the delay are made, and their returns mixed.

Params glide on a grid of the effects' own clock, and values follow them in straight lines from one point to the next:
so the sound does not depend on the size of blocks. An effect into which nothing was sent for as long as it can sound is
asleep, and costs nothing. Both sound on while the transport is halted.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine import rows as strip_rows
from remote_mixer.engine.controls import EFFECTS
from remote_mixer.engine.echo import echo
from remote_mixer.engine.effect_filters import design_cut
from remote_mixer.engine.effect_taps import advance_fades
from remote_mixer.engine.glides import GLIDE_SECONDS
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.reverb import change_type, design_lines, reverb
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.tables import Counts, Effects, Floats
from remote_mixer.engine.vectors import absolute, highest, load, load_one, store

NEAR = np.float32(1e-5)  # of a goal: the rest of the way is done in one step of the grid
FRAME = np.float32(1 / rows.CHUNK)
Strips = tuple[Floats, Floats, Floats]
"""Left and right of the strips, whose last group are the masters, and the rows of their chain, with their sends."""
ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
SILENT = np.float32(1e-7)  # −140 dB
ASLEEP = rows.DELAY_RING + 2 * rows.RING  # frames of silence after which no line holds anything


@inner
def _glide(values: Floats, goal: int, lag: int, now: int, share: np.float32) -> bool:
    """Take one value a step further on its way, `now` behind `lag` behind `goal`; return whether it moved."""
    if values[lag] == values[goal] and values[now] == values[goal]:
        return False
    values[lag] += share * (values[goal] - values[lag])
    values[now] += share * (values[lag] - values[now])
    if abs(values[goal] - values[lag]) < NEAR and abs(values[goal] - values[now]) < NEAR:
        values[lag] = values[now] = values[goal]
    return True


@inner
def _glide_sends(sends: Floats, counts: Counts, share: np.float32) -> bool:
    """Take the sends a step further; find out whether anything is sent into each effect."""
    moved = False
    for effect in range(EFFECTS):
        sent = False
        for strip in range(sends.shape[1] - LANES):
            goal, lag = sends[strip_rows.SEND_GOAL + effect, strip], sends[strip_rows.SEND_LAG + effect, strip]
            base = sends[strip_rows.SEND_AIM + effect, strip]
            lag += share * (goal - lag)
            aim = base + share * (lag - base)
            if abs(goal - lag) < NEAR and abs(goal - aim) < NEAR:
                lag = aim = goal
            sends[strip_rows.SEND_LAG + effect, strip], sends[strip_rows.SEND_AIM + effect, strip] = lag, aim
            sends[strip_rows.SEND_BASE + effect, strip] = base
            moved |= aim != base or aim != goal
            sent |= base + aim + goal > ZERO
        counts[rows.SENT + effect] = sent
    return moved


@inner
def _glide_all(memory: Floats, counts: Counts, sends: Floats) -> None:
    """Take everything to the next point of the grid."""
    share = np.float32(1 if counts[rows.FRESH] else 1 - math.exp(-rows.CHUNK / (GLIDE_SECONDS * rate())))
    moved = counts[rows.FRESH] != 0
    counts[rows.FRESH] = 0
    for param in range(rows.PARAMS):
        moved |= _glide(memory, rows.GOAL + param, rows.LAG + param, rows.NOW + param, share)
    for value in range(rows.VALUES):
        memory[rows.BASE + value] = memory[rows.AIM + value]
    for value in range(rows.PLAIN):
        memory[rows.AIM + value] = memory[rows.NOW + value]
    for cut in range(rows.HIGH + 1):
        design_cut(memory, cut)
    design_lines(memory, counts)
    for value in range(rows.VALUES):
        step = (memory[rows.AIM + value] - memory[rows.BASE + value]) * FRAME
        moved |= step != 0
        memory[rows.STEP + value] = step
    counts[rows.MOVES] = _glide_sends(sends, counts, share) or moved


@inner
def _sum_sends(effects: Effects, strips: Strips, effect: int, start: int, frames: int) -> None:
    """Sum what is sent into an effect; it wakes where that is more than silence."""
    left, right, sends = strips
    base, aim, wakes = sends[strip_rows.SEND_BASE + effect], sends[strip_rows.SEND_AIM + effect], False
    phase = effects.counts[rows.CLOCK] & (rows.CHUNK - 1)
    for frame in range(frames):
        way, total = np.float32(phase + frame + 1) * FRAME, np.float32(0)
        for strip in range(left.shape[1] - LANES):
            one, other = left[start + frame, strip], right[start + frame, strip]
            mid = one + (other if sends[strip_rows.SIDES, strip] > ONE else one)
            total += mid * (base[strip] + (aim[strip] - base[strip]) * way)
        effects.memory[rows.INPUTS + effect * rows.CHUNK + frame] = HALF * total
        wakes |= bool(abs(total) > SILENT)
    if wakes:
        effects.counts[rows.QUIET + effect] = 0


@inner
def _return(effects: Effects, strips: Strips, effect: int, start: int, frames: int) -> bool:
    """Add an effect's return to the masters, and meter it; return whether it sounds before its fader."""
    memory, count, sounds = effects.memory, strips[0].shape[1], False
    phase = effects.counts[rows.CLOCK] & (rows.CHUNK - 1)
    for side in range(2):
        block, sound = strips[side], rows.SOUND + (2 * effect + side) * rows.CHUNK
        way, meter = rows.RETURN + effect * rows.WAYS + side * LANES, rows.PEAKS + (2 * effect + side) * LANES
        base, step, peak = load(memory, rows.BASE + way), load(memory, rows.STEP + way), load(memory, meter)
        for frame in range(frames):
            place = (start + frame) * count + count - LANES
            sounds |= abs(memory[sound + frame]) > SILENT
            value = load_one(memory, sound + frame) * (base + step * np.float32(phase + frame + 1))
            store(block, place, load(block, place) + value)
            peak = highest(absolute(value), peak)
        store(memory, meter, peak)
    return sounds


@inner
def _run_effect(effects: Effects, strips: Strips, effect: int, start: int, frames: int) -> None:
    """Run one effect for a chunk, unless it is asleep."""
    memory, counts = effects.memory, effects.counts
    if counts[rows.QUIET + effect] < ASLEEP:
        if effect == rows.REVERB:
            reverb(memory, counts, frames)
        else:
            echo(memory, counts, frames)
        sounds = _return(effects, strips, effect, start, frames)
        counts[rows.QUIET + effect] = 0 if sounds else counts[rows.QUIET + effect] + frames


@inner
def is_asleep(counts: Counts) -> bool:
    """Whether no effect sounds any more."""
    return bool(counts[rows.QUIET + rows.REVERB] >= ASLEEP and counts[rows.QUIET + rows.DELAY] >= ASLEEP)


@inner
def add_effects(effects: Effects, strips: Strips, frames: int, plays: bool) -> None:
    """Add the returns to the masters' present block; `plays` is whether the strips play."""
    memory, counts, start = effects.memory, effects.counts, 0
    while start < frames:
        phase = counts[rows.CLOCK] & (rows.CHUNK - 1)
        if phase == 0:
            advance_fades(counts)
            change_type(memory, counts, counts[rows.QUIET + rows.REVERB] >= ASLEEP)
            if counts[rows.MOVES]:
                _glide_all(memory, counts, strips[2])
        count = min(rows.CHUNK - phase, frames - start)
        for effect in range(EFFECTS):
            if plays and counts[rows.SENT + effect]:
                _sum_sends(effects, strips, effect, start, count)
            else:
                for frame in range(count):
                    memory[rows.INPUTS + effect * rows.CHUNK + frame] = ZERO
            _run_effect(effects, strips, effect, start, count)
        counts[rows.CLOCK] += count
        start += count

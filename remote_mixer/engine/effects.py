"""Effects: the reverb and the delay are made of what the strips send into each, and their returns are mixed.

The sends are ways of the mix, into two more lanes of the masters: their sums cost nothing more (see `sums`).

Params glide on a grid of the effects' own clock, and values follow them in straight lines from one point to the next:
so the sound does not depend on the size of blocks. An effect into which nothing was sent for as long as it can sound is
asleep, and costs nothing. Both sound on while the transport is halted.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.controls import EFFECTS
from remote_mixer.engine.echo import echo
from remote_mixer.engine.effect_filters import design_cut
from remote_mixer.engine.effect_taps import advance_fades
from remote_mixer.engine.glides import GLIDE_SECONDS
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.reverb import change_type, design_lines, reverb
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.tables import SEND_LANE, WAYS_PROCESSED, Counts, Effects, Floats
from remote_mixer.engine.vectors import absolute, highest, load, load_one, store

NEAR = np.float32(1e-5)  # of a goal: the rest of the way is done in one step of the grid
FRAME = np.float32(1 / rows.CHUNK)
SILENT = np.float32(1e-7)  # −140 dB
PROCESSED, LEFT, RIGHT = np.uint64(WAYS_PROCESSED), np.uint64(0), np.uint64(1)
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
def _glide_all(memory: Floats, counts: Counts) -> None:
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
    counts[rows.MOVES] = moved


@inner
def _is_loud(memory: Floats, place: int, frames: int) -> bool:
    """Whether any frame of a piece is more than silence."""
    loud, first = False, np.uint64(place)
    for frame in range(np.uint64(frames)):
        loud |= abs(memory[first + frame]) > SILENT
    return loud


@inner
def _take_sends(effects: Effects, sound: Floats, start: int, frames: int) -> None:
    """Take what the mix has summed for each effect; it wakes where that is more than silence."""
    memory, first, begin = effects.memory, np.uint64(sound.shape[3] - LANES + SEND_LANE), np.uint64(start)
    for effect in range(EFFECTS):
        place, lane = np.uint64(rows.INPUTS + effect * rows.CHUNK), first + np.uint64(effect)
        for frame in range(np.uint64(frames)):
            at = begin + frame
            memory[place + frame] = sound[PROCESSED, LEFT, at, lane] + sound[PROCESSED, RIGHT, at, lane]
        if _is_loud(memory, rows.INPUTS + effect * rows.CHUNK, frames):
            effects.counts[rows.QUIET + effect] = 0


@inner
def _return(effects: Effects, sound: Floats, number: int, start: int, frames: int) -> bool:
    """Add a side of a return to that of the masters, and meter it; return whether it sounds before its fader.

    number  of the side: left and right of the first effect, then of the second
    """
    memory, count, first = effects.memory, sound.shape[3], (2 * WAYS_PROCESSED + number % 2) * BLOCK_FRAMES + start
    wet, way, meter = rows.SOUND + number * rows.CHUNK, rows.RETURN + number * LANES, rows.PEAKS + number * LANES
    base, step, peak = load(memory, rows.BASE + way), load(memory, rows.STEP + way), load(memory, meter)
    base = base + step * np.float32(effects.counts[rows.CLOCK] & (rows.CHUNK - 1))
    for frame in range(frames):
        place = (first + frame) * count + count - LANES
        base = base + step
        value = load_one(memory, wet + frame) * base
        store(sound, place, load(sound, place) + value)
        peak = highest(absolute(value), peak)
    store(memory, meter, peak)
    return _is_loud(memory, wet, frames)


@inner
def _run_effect(effects: Effects, sound: Floats, effect: int, start: int, frames: int) -> None:
    """Run one effect for a piece of a chunk, unless it is asleep."""
    memory, counts = effects.memory, effects.counts
    if counts[rows.QUIET + effect] < ASLEEP:
        if effect == rows.REVERB:
            reverb(memory, counts, frames)
        else:
            echo(memory, counts, frames)
        sounds = False
        for side in range(2):
            sounds |= _return(effects, sound, 2 * effect + side, start, frames)
        if sounds:
            counts[rows.QUIET + effect] = 0


@inner
def is_asleep(counts: Counts) -> bool:
    """Whether no effect sounds any more."""
    return bool(counts[rows.QUIET + rows.REVERB] >= ASLEEP and counts[rows.QUIET + rows.DELAY] >= ASLEEP)


@inner
def add_effects(effects: Effects, sound: Floats, frames: int) -> None:
    """Add the returns to the masters' present block, where the sums of what is sent into the effects are too.

    sound  that of `tables.Chain`
    """
    memory, counts, start = effects.memory, effects.counts, 0
    while start < frames:
        phase = counts[rows.CLOCK] & (rows.CHUNK - 1)
        if phase == 0:
            for effect in range(EFFECTS):
                counts[rows.QUIET + effect] += rows.CHUNK
            advance_fades(counts)
            change_type(memory, counts, counts[rows.QUIET + rows.REVERB] >= ASLEEP)
            if counts[rows.MOVES]:
                _glide_all(memory, counts)
        count = min(rows.CHUNK - phase, frames - start)
        _take_sends(effects, sound, start, count)
        for effect in range(EFFECTS):
            _run_effect(effects, sound, effect, start, count)
        counts[rows.CLOCK] += count
        start += count

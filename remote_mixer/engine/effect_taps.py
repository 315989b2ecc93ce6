"""Rings of the effects, a vector of frames at a time, and the taps of their delays.

A piece of a chunk is at most a chunk long and ends with it, so none is written across a ring's end. What vectors write
behind the piece is written again before it is read. The rings are larger than the caches near the processor: what a
piece will need is brought while the piece a chunk before it is computed. A new time is faded to in 20 ms: nothing
clicks, no pitch bends.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.controls import EFFECTS
from remote_mixer.engine.inner import inner
from remote_mixer.engine.tables import Counts, Floats
from remote_mixer.engine.vectors import fetch, load, sound, splat, store

AHEAD = rows.CHUNK + rows.LANES - 1  # the last frame of the same vector in the next chunk
FADE_FRAMES = 30 * rows.CHUNK
SHARE = np.float32(1 / FADE_FRAMES)
PREDELAY, LEFT = range(2)  # the line of the right side is after that of the left
TWO, THREE = np.float32(2), np.float32(3)
FRAMES = np.arange(rows.LANES, dtype=np.float32)


@inner
def begin_again(memory: Floats, ring: int, at: int, mask: int) -> None:
    """Repeat a ring's beginning behind its end, where a piece was written into it `at` a frame."""
    if at < rows.LANES:
        store(memory, ring + mask + 1, load(memory, ring))


@inner
def write(memory: Floats, line: int, clock: int, place: int, frames: int) -> None:
    """Write a piece into a delay's line."""
    ring, at = rows.DELAY_RINGS + line * (rows.DELAY_RING + rows.APART), clock & rows.DELAY_MASK
    for frame in range(0, frames, rows.LANES):
        fetch(memory, ring + ((at + frame + AHEAD) & rows.DELAY_MASK))
        store(memory, ring + at + frame, sound(load(memory, place + frame)))
    begin_again(memory, ring, at, rows.DELAY_MASK)


@inner
def read(memory: Floats, counts: Counts, line: int, place: int, frames: int) -> None:
    """Read a piece of a delay's line."""
    ring, effect = rows.DELAY_RINGS + line * (rows.DELAY_RING + rows.APART), np.int64(line != PREDELAY)
    clock, fade = counts[rows.CLOCK], rows.FADES + rows.FADE * effect
    before, after = clock - counts[fade + rows.FADE_FROM], clock - counts[fade + rows.FADE_TO]
    done = counts[fade + rows.FADE_DONE] + (clock & (rows.CHUNK - 1)) + 1
    fades = counts[fade + rows.FADE_DONE] < FADE_FRAMES
    for frame in range(0, frames, rows.LANES):
        fetch(memory, ring + ((after + frame + AHEAD) & rows.DELAY_MASK))
        value = load(memory, ring + ((after + frame) & rows.DELAY_MASK))
        if fades:
            way = (splat(np.float32(done + frame)) + load(FRAMES, 0)) * SHARE
            old = load(memory, ring + ((before + frame) & rows.DELAY_MASK))
            value = old + (value - old) * (way * way * (THREE - TWO * way))
        store(memory, place + frame, value)


@inner
def advance_fades(counts: Counts) -> None:
    """Take the fades to the next point of the grid; where one is over, the next one to the wanted time begins.

    The first times are there at once: nothing sounds yet that could click.
    """
    for effect in range(EFFECTS):
        fade = rows.FADES + rows.FADE * effect
        if counts[rows.FRESH]:
            counts[fade + rows.FADE_TO], counts[fade + rows.FADE_DONE] = counts[fade + rows.FADE_GOAL], FADE_FRAMES
        done = counts[fade + rows.FADE_DONE] + rows.CHUNK
        if done >= FADE_FRAMES:
            done = FADE_FRAMES
            counts[fade + rows.FADE_FROM] = counts[fade + rows.FADE_TO]
            if counts[fade + rows.FADE_TO] != counts[fade + rows.FADE_GOAL]:
                counts[fade + rows.FADE_TO], done = counts[fade + rows.FADE_GOAL], 0
        counts[fade + rows.FADE_DONE] = done

"""Taps of the effects' delays: a new time is faded to in 20 ms, so that nothing clicks and no pitch bends."""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.controls import EFFECTS
from remote_mixer.engine.inner import inner
from remote_mixer.engine.tables import Counts, Floats

FADE_FRAMES = 30 * rows.CHUNK
SHARE = np.float32(1 / FADE_FRAMES)
PREDELAY, LEFT, RIGHT = range(3)
TWO, THREE = np.float32(2), np.float32(3)


@inner
def read(memory: Floats, counts: Counts, line: int, frames: int) -> None:
    """Read a chunk of a delay's line: PREDELAY into the reverb's input, LEFT or RIGHT into the delay's sound."""
    ring = rows.DELAY_RINGS + line * (rows.DELAY_RING + rows.APART)
    effect = rows.REVERB if line == PREDELAY else rows.DELAY
    place = rows.INPUTS if line == PREDELAY else rows.SOUND + (2 * rows.DELAY + line - LEFT) * rows.CHUNK
    clock, fade = counts[rows.CLOCK], rows.FADES + rows.FADE * effect
    before, after = clock - counts[fade + rows.FADE_FROM], clock - counts[fade + rows.FADE_TO]
    done = counts[fade + rows.FADE_DONE] + (clock & (rows.CHUNK - 1)) + 1
    fades = counts[fade + rows.FADE_DONE] < FADE_FRAMES
    for frame in range(frames):
        value = memory[ring + ((after + frame) & rows.DELAY_MASK)]
        if fades:
            way = np.float32(done + frame) * SHARE
            old = memory[ring + ((before + frame) & rows.DELAY_MASK)]
            value = old + (value - old) * (way * way * (THREE - TWO * way))
        memory[place + frame] = value


@inner
def advance_fades(counts: Counts) -> None:
    """Take the fades to the next point of the grid; where one is over, the next one to the wanted time begins."""
    for effect in range(EFFECTS):
        fade = rows.FADES + rows.FADE * effect
        done = counts[fade + rows.FADE_DONE] + rows.CHUNK
        if done >= FADE_FRAMES:
            done = FADE_FRAMES
            counts[fade + rows.FADE_FROM] = counts[fade + rows.FADE_TO]
            if counts[fade + rows.FADE_TO] != counts[fade + rows.FADE_GOAL]:
                counts[fade + rows.FADE_TO], done = counts[fade + rows.FADE_GOAL], 0
        counts[fade + rows.FADE_DONE] = done

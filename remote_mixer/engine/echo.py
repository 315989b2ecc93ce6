"""Delay: a line for each side, of up to two seconds, whose repeats pass a low cut and a high cut each time.

Each repeat is softer than the one before by the feedback. In ping-pong the sound enters on the left, and each repeat
changes sides.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.effect_filters import filter_cut
from remote_mixer.engine.effect_taps import LEFT, read
from remote_mixer.engine.inner import inner
from remote_mixer.engine.tables import Counts, Floats
from remote_mixer.engine.vectors import sound_scalar

INPUT = rows.INPUTS + rows.DELAY * rows.CHUNK
SOUND = rows.SOUND + 2 * rows.DELAY * rows.CHUNK
ENTERING = rows.LINES
ONE = np.float32(1)


@inner
def _fill(memory: Floats, clock: int, side: int, frames: int) -> None:
    """Write what enters a side's line, the input and what leaves the lines, through both cuts."""
    phase = clock & (rows.CHUNK - 1)
    ring = rows.DELAY_RINGS + (LEFT + side) * (rows.DELAY_RING + rows.APART)
    own, other = SOUND + side * rows.CHUNK, SOUND + (1 - side) * rows.CHUNK
    feedback_by, crossed_by = memory[rows.STEP + rows.FEEDBACK], memory[rows.STEP + rows.PINGPONG]
    feedback = memory[rows.BASE + rows.FEEDBACK] + feedback_by * np.float32(phase)
    crossed = memory[rows.BASE + rows.PINGPONG] + crossed_by * np.float32(phase)
    for frame in range(frames):
        feedback, crossed = feedback + feedback_by, crossed + crossed_by
        repeat = memory[own + frame] + crossed * (memory[other + frame] - memory[own + frame])
        memory[ENTERING + frame] = (ONE - crossed if side else ONE) * memory[INPUT + frame] + feedback * repeat
    for number in range(1, 3):
        filter_cut(memory, 2 * side + number, ENTERING, frames, phase)
    for frame in range(frames):
        memory[ring + ((clock + frame) & rows.DELAY_MASK)] = sound_scalar(memory[ENTERING + frame])


@inner
def echo(memory: Floats, counts: Counts, frames: int) -> None:
    """Make the delay of a chunk, from the second row of `rows.INPUTS` into that of `rows.SOUND`."""
    for side in range(2):
        read(memory, counts, LEFT + side, frames)
    for side in range(2):
        _fill(memory, counts[rows.CLOCK], side, frames)

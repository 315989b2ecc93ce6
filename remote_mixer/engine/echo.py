"""Delay: a line for each side, of up to two seconds, whose repeats pass a low cut and a high cut each time.

Each repeat is softer than the one before by the feedback. In ping-pong the sound enters on the left, and each repeat
changes sides. The cuts are 6 dB an octave.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.effect_taps import LEFT, RIGHT, read
from remote_mixer.engine.inner import inner
from remote_mixer.engine.tables import Counts, Floats
from remote_mixer.engine.vectors import sound_scalar

INPUT = rows.INPUTS + rows.DELAY * rows.CHUNK
SOUND = rows.SOUND + 2 * rows.DELAY * rows.CHUNK
ONE = np.float32(1)


@inner
def _value(memory: Floats, value: int, since: np.float32) -> np.float32:
    """Return a value some frames after the last point of the grid."""
    return np.float32(memory[rows.BASE + value] + memory[rows.STEP + value] * since)


@inner
def _fill(memory: Floats, clock: int, side: int, frames: int) -> None:
    """Write what enters a side's line, the input and what leaves the lines, through both filters."""
    since, place = np.float32(clock & (rows.CHUNK - 1)), rows.ECHO_STATES + 2 * side
    ring = rows.DELAY_RINGS + (LEFT + side) * (rows.DELAY_RING + rows.APART)
    own, other = SOUND + side * rows.CHUNK, SOUND + (1 - side) * rows.CHUNK
    feedback, feedback_by = _value(memory, rows.FEEDBACK, since), memory[rows.STEP + rows.FEEDBACK]
    crossed, crossed_by = _value(memory, rows.PINGPONG, since), memory[rows.STEP + rows.PINGPONG]
    low_cut, low_by = _value(memory, rows.ECHO_HIGHPASS, since), memory[rows.STEP + rows.ECHO_HIGHPASS]
    high_cut, high_by = _value(memory, rows.ECHO_LOWPASS, since), memory[rows.STEP + rows.ECHO_LOWPASS]
    low, high = memory[place], memory[place + 1]
    for frame in range(frames):
        feedback, crossed = feedback + feedback_by, crossed + crossed_by
        low_cut, high_cut = low_cut + low_by, high_cut + high_by
        repeat = memory[own + frame] + crossed * (memory[other + frame] - memory[own + frame])
        value = (ONE - crossed if side else ONE) * memory[INPUT + frame] + feedback * repeat
        step = (value - low) * low_cut
        value -= low + step
        low += step + step
        step = (value - high) * high_cut
        memory[ring + ((clock + frame) & rows.DELAY_MASK)] = sound_scalar(high + step)
        high += step + step
    memory[place], memory[place + 1] = sound_scalar(low), sound_scalar(high)


@inner
def echo(memory: Floats, counts: Counts, frames: int) -> None:
    """Make the delay of a chunk, from the second row of `rows.INPUTS` into that of `rows.SOUND`."""
    read(memory, counts, LEFT, frames)
    read(memory, counts, RIGHT, frames)
    for side in range(2):
        _fill(memory, counts[rows.CLOCK], side, frames)

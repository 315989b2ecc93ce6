"""Delay: a line for each side, of up to two seconds, whose repeats pass a low cut and a high cut each time.

Each repeat is softer than the one before by the feedback. In ping-pong the sound enters on the left, and each repeat
changes sides.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.effect_filters import cut_frame
from remote_mixer.engine.effect_taps import LEFT, read, write
from remote_mixer.engine.inner import inner
from remote_mixer.engine.tables import Counts, Floats
from remote_mixer.engine.vectors import sound_scalar

INPUT = rows.INPUTS + rows.DELAY * rows.CHUNK
SOUND = rows.SOUND + 2 * rows.DELAY * rows.CHUNK
ENTERING = rows.LINES
LOW, HIGH = rows.TURNS + 2 * rows.ECHO_LOW, rows.TURNS + 2 * rows.HIGH
OF_LEFT, OF_RIGHT = rows.HISTORIES + 2, rows.HISTORIES + 6  # histories of both cuts of a side
ONE = np.float32(1)


@inner
def _fill(memory: Floats, frames: int, since: np.float32) -> None:
    """Find what enters both lines, the input and what leaves the lines, through both cuts: all four side by side.

    since  frames since the last point of the grid
    """
    feedback_by, crossed_by = memory[rows.STEP + rows.FEEDBACK], memory[rows.STEP + rows.PINGPONG]
    feedback = memory[rows.BASE + rows.FEEDBACK] + feedback_by * since
    crossed = memory[rows.BASE + rows.PINGPONG] + crossed_by * since
    turn_by, share_by = memory[rows.STEP + LOW], memory[rows.STEP + LOW + 1]
    turn, share = memory[rows.BASE + LOW] + turn_by * since, memory[rows.BASE + LOW + 1] + share_by * since
    turn_by_2, share_by_2 = memory[rows.STEP + HIGH], memory[rows.STEP + HIGH + 1]
    turn_2, share_2 = memory[rows.BASE + HIGH] + turn_by_2 * since, memory[rows.BASE + HIGH + 1] + share_by_2 * since
    left, left_2, left_3, left_4 = memory[OF_LEFT], memory[OF_LEFT + 1], memory[OF_LEFT + 2], memory[OF_LEFT + 3]
    right, right_2 = memory[OF_RIGHT], memory[OF_RIGHT + 1]
    right_3, right_4 = memory[OF_RIGHT + 2], memory[OF_RIGHT + 3]
    for frame in range(frames):
        feedback, crossed = feedback + feedback_by, crossed + crossed_by
        turn, share, turn_2, share_2 = turn + turn_by, share + share_by, turn_2 + turn_by_2, share_2 + share_by_2
        entering, one, other = memory[INPUT + frame], memory[SOUND + frame], memory[SOUND + rows.CHUNK + frame]
        over = crossed * (other - one)
        value, _, left, left_2 = cut_frame(entering + feedback * (one + over), left, left_2, turn, share)
        _, value, left_3, left_4 = cut_frame(value, left_3, left_4, turn_2, share_2)
        memory[ENTERING + frame] = value
        entering = (ONE - crossed) * entering + feedback * (other - over)
        value, _, right, right_2 = cut_frame(entering, right, right_2, turn, share)
        _, value, right_3, right_4 = cut_frame(value, right_3, right_4, turn_2, share_2)
        memory[ENTERING + rows.CHUNK + frame] = value
    memory[OF_LEFT], memory[OF_LEFT + 1], memory[OF_LEFT + 2], memory[OF_LEFT + 3] = left, left_2, left_3, left_4
    memory[OF_RIGHT], memory[OF_RIGHT + 1] = right, right_2
    memory[OF_RIGHT + 2], memory[OF_RIGHT + 3] = right_3, right_4
    for history in range(OF_LEFT, OF_RIGHT + 4):
        memory[history] = sound_scalar(memory[history])


@inner
def echo(memory: Floats, counts: Counts, frames: int) -> None:
    """Make the delay of a chunk, from the second row of `rows.INPUTS` into that of `rows.SOUND`."""
    clock = counts[rows.CLOCK]
    for side in range(2):
        read(memory, counts, LEFT + side, SOUND + side * rows.CHUNK, frames)
    _fill(memory, frames, np.float32(clock & (rows.CHUNK - 1)))
    for side in range(2):
        write(memory, LEFT + side, clock, ENTERING + side * rows.CHUNK, frames)

"""Delays of the strips, up to half a second; a new time is faded to in 10 to 22 ms: nothing clicks, and no pitch bends.

Each channel has a line of its last frames, which a change to other channels leaves as it is. A line is written only
while its delay is on: what is older than that is silence, and what is written first fades in.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.tables import APART, Chain, Floats
from remote_mixer.engine.vectors import fetch, read_columns, write_columns

FADE_FRAMES = 960  # a crossfade, which is 20 ms at 48 kHz and may be 10 at 96
SHARE = np.float32(1 / FADE_FRAMES)
# To the last frame of the vector after next: a hundred lines are read and written by turns, more than are foreseen.
AHEAD = 3 * LANES - 1
SETTLED = 2  # of a group's delays: nothing fades, no line grows older
ONE, TWO, THREE = np.float32(1), np.float32(2), np.float32(3)
Fade = tuple[np.int64, np.int64, np.int64, np.int64]
"""A delay's fade: from and to, frames that are done, age of the line."""


@inner
def _curve(frames: np.int64) -> np.float32:
    """Return how far a fade is after some frames, 0 … 1, without corners."""
    way = np.float32(frames) * SHARE if frames < FADE_FRAMES else ONE
    return way * way * (THREE - TWO * way)


@inner
def _tap(line: Floats, at: int, late: np.int64, age: np.int64) -> np.float32:
    """Return the frame of a line that is `late` at a place; silence from before the line was written."""
    return line[(at - late) % (line.shape[0] - APART)] if late <= age else np.float32(0)


@inner
def _delay(memory: Floats, block: Floats, line: Floats, strip: int, clock: int) -> Fade:
    """Delay one side of a strip in place; return its fade after the block."""
    goal, before = np.int64(memory[rows.DELAY_GOAL, strip]), np.int64(memory[rows.DELAY_FROM, strip])
    after, done = np.int64(memory[rows.DELAY_TO, strip]), np.int64(memory[rows.DELAY_DONE, strip])
    age, frames = np.int64(memory[rows.DELAY_AGE, strip]), line.shape[0] - APART
    for frame in range(block.shape[0]):
        if done >= FADE_FRAMES:
            before = after
            if goal != after:
                after, done = goal, np.int64(0)
        value, at = block[frame, strip], clock + frame
        line[at % frames] = value * _curve(age)
        new = _tap(line, at, after, age) if after else value
        if done < FADE_FRAMES:
            old = _tap(line, at, before, age) if before else value
            done += 1
            new = old + (new - old) * _curve(done)
        block[frame, strip] = new
        age += age < frames
    return before, after, done, age


@inner
def _delay_steadily(block: Floats, line: Floats, strip: int, late: np.int64, clock: int) -> None:
    """Delay one side of a strip in place, where nothing fades and the line is old enough.

    Indices are unsigned: for a signed one numba tests whether it counts from the end.
    """
    column, at = np.uint64(strip), np.uint64(clock)
    back, mask = np.uint64(line.shape[0] - APART - late), np.uint64(line.shape[0] - APART - 1)
    for frame in range(np.uint64(block.shape[0])):
        line[(at + frame) & mask] = block[frame, column]
        block[frame, column] = line[(at + frame + back) & mask]


@inner
def _is_steady(memory: Floats, strip: int) -> bool:
    """Whether nothing of a strip's delay fades and its line is old enough."""
    late, age = memory[rows.DELAY_GOAL, strip], memory[rows.DELAY_AGE, strip]
    stands = memory[rows.DELAY_DONE, strip] >= FADE_FRAMES and memory[rows.DELAY_TO, strip] == late
    return bool(stands and late > 0 and age >= late + FADE_FRAMES)


@inner
def _delay_moving(chain: Chain, left: Floats, right: Floats, strip: int, clock: int) -> None:
    """Delay a strip whose delay fades."""
    memory, channel = chain.memory, chain.channels[strip]
    fade = _delay(memory, left, chain.lines[0, channel], strip, clock)
    if memory[rows.SIDES, strip] > 1:
        fade = _delay(memory, right, chain.lines[1, channel], strip, clock)
    is_over = memory[rows.DELAY_GOAL, strip] == 0 and fade[1] == 0 and fade[2] >= FADE_FRAMES
    memory[rows.DELAY_FROM, strip] = 0 if is_over else fade[0]
    memory[rows.DELAY_TO, strip], memory[rows.DELAY_DONE, strip] = fade[1], fade[2]
    memory[rows.DELAY_AGE, strip] = 0 if is_over else fade[3]


@inner
def _aim_places(chain: Chain, side: int, lane: int, clock: int) -> bool:
    """Find where frames of a group's steady strips are written and read; return whether any goes over a line's end.

    A strip whose delay is not steady has places of its own in the spare line, which hand on what it plays.
    """
    memory, lines, places = chain.memory, chain.lines, chain.places
    line_frames, mask = lines.shape[2], lines.shape[2] - APART - 1
    at, goes_over = clock & mask, clock & mask > mask + 1 - LANES
    for number in range(LANES):
        strip = lane + number
        line = (side * lines.shape[1] + chain.channels[strip]) * line_frames
        spare = (lines.shape[1] - 1) * line_frames + number * LANES
        is_steady = (memory[rows.DELAY_STEADY, strip] != 0) & (memory[rows.SIDES, strip] > side)
        back = (at - np.int64(memory[rows.DELAY_GOAL, strip])) & mask
        goes_over |= is_steady & (back > mask + 1 - LANES)
        places[0, number] = line + at if is_steady else spare
        places[1, number] = line + back if is_steady else spare
        fetch(lines, line + ((at + AHEAD) & mask))
        fetch(lines, line + ((back + AHEAD) & mask))
    return bool(goes_over)


@inner
def _go_over(chain: Chain, side: int, lane: int, clock: int) -> None:
    """Write what went over the ends of a group's lines to their beginnings, and these behind their ends to be read."""
    memory, lines = chain.memory, chain.lines
    length = lines.shape[2] - APART
    at = clock % length
    for strip in range(lane, lane + LANES):
        if memory[rows.DELAY_STEADY, strip] != 0 and memory[rows.SIDES, strip] > side:
            channel = chain.channels[strip]
            for frame in range(length - at, LANES):
                lines[side, channel, at + frame - length] = lines[side, channel, at + frame]
            for frame in range(LANES):
                lines[side, channel, length + frame] = lines[side, channel, frame]


@inner
def _delay_side(chain: Chain, block: Floats, side: int, lane: int, clock: int) -> None:
    """Delay one side of a group's strips that are steady: as many frames as fit into tiles, then the rest."""
    memory, strips, frames = chain.memory, block.shape[1], block.shape[0]
    tiled = frames - frames % LANES
    for first in range(0, tiled, LANES):
        goes_over = _aim_places(chain, side, lane, clock + first)
        write_columns(block, first * strips + lane, strips, chain.lines, chain.places, 0)
        if goes_over:
            _go_over(chain, side, lane, clock + first)
        read_columns(block, first * strips + lane, strips, chain.lines, chain.places, LANES)
    for strip in range(lane, lane + LANES):
        if tiled < frames and memory[rows.DELAY_STEADY, strip] != 0 and memory[rows.SIDES, strip] > side:
            late = np.int64(memory[rows.DELAY_GOAL, strip])
            _delay_steadily(block[tiled:], chain.lines[side, chain.channels[strip]], strip, late, clock + tiled)


@inner
def _find_steady(chain: Chain, lane: int, frames: int) -> bool:
    """Find out which strips of a group have a steady delay, and let their lines grow older; return whether any."""
    memory, any_steady = chain.memory, False
    for strip in range(lane, lane + LANES):
        is_steady = _is_steady(memory, strip)
        any_steady |= is_steady
        memory[rows.DELAY_STEADY, strip] = is_steady
        if is_steady and memory[rows.DELAY_AGE, strip] < chain.lines.shape[2] - APART:
            memory[rows.DELAY_AGE, strip] += frames
    return any_steady


@inner
def _copy_column(left: Floats, right: Floats, strip: int) -> None:
    for frame in range(left.shape[0]):
        right[frame, strip] = left[frame, strip]


@inner
def _delay_steady(chain: Chain, left: Floats, right: Floats, lane: int, clock: int) -> None:
    """Delay those of a group's strips whose delay is steady."""
    for side in range(1 + chain.state[rows.STEREO, lane // LANES]):
        _delay_side(chain, right if side else left, side, lane, clock)


@inner
def _are_settled(chain: Chain, lane: int) -> bool:
    """Whether each of a group's strips has a steady delay and a whole line, or none, and nothing will change that."""
    memory, settled = chain.memory, True
    for strip in range(lane, lane + LANES):
        is_whole = (
            memory[rows.DELAY_STEADY, strip] != 0 and memory[rows.DELAY_AGE, strip] >= chain.lines.shape[2] - APART
        )
        is_whole = is_whole and memory[rows.SIDES, strip] == 1 + chain.state[rows.STEREO, lane // LANES]
        is_off = memory[rows.DELAY_GOAL, strip] + memory[rows.DELAY_FROM, strip] + memory[rows.DELAY_TO, strip] == 0
        settled = settled and (is_whole or is_off)
    return settled


@inner
def delay_group(chain: Chain, left: Floats, right: Floats, lane: int, clock: int) -> None:
    """Delay those of a group's strips whose delay is on, or fades out; the block is from a frame of the clock on."""
    memory, group = chain.memory, lane // LANES
    if chain.state[rows.DELAYS, group] == SETTLED:
        _delay_steady(chain, left, right, lane, clock)
        return
    acts = _find_steady(chain, lane, left.shape[0])
    if acts:
        _delay_steady(chain, left, right, lane, clock)
    for strip in range(lane, lane + LANES):
        if memory[rows.DELAY_GOAL, strip] + memory[rows.DELAY_FROM, strip] + memory[rows.DELAY_TO, strip] > 0:
            acts = True
            if memory[rows.DELAY_STEADY, strip] == 0:
                _delay_moving(chain, left, right, strip, clock)
            if memory[rows.SIDES, strip] == 1 and chain.state[rows.STEREO, group]:
                _copy_column(left, right, strip)
    chain.state[rows.DELAYS, group] = SETTLED if acts and _are_settled(chain, lane) else acts

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

FADE_FRAMES = 960  # a crossfade, which is 20 ms at 48 kHz and may be 10 at 96
SHARE = np.float32(1 / FADE_FRAMES)
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
def _delay_strip(chain: Chain, left: Floats, right: Floats, strip: int, clock: int) -> None:
    memory, channel = chain.memory, chain.channels[strip]
    if not _is_steady(memory, strip):
        _delay_moving(chain, left, right, strip, clock)
        return
    late = np.int64(memory[rows.DELAY_GOAL, strip])
    _delay_steadily(left, chain.lines[0, channel], strip, late, clock)
    if memory[rows.SIDES, strip] > 1:
        _delay_steadily(right, chain.lines[1, channel], strip, late, clock)
    if memory[rows.DELAY_AGE, strip] < chain.lines.shape[2] - APART:
        memory[rows.DELAY_AGE, strip] += left.shape[0]


@inner
def _copy_column(left: Floats, right: Floats, strip: int) -> None:
    for frame in range(left.shape[0]):
        right[frame, strip] = left[frame, strip]


@inner
def delay_group(chain: Chain, left: Floats, right: Floats, lane: int, clock: int) -> None:
    """Delay those of a group's strips whose delay is on, or fades out; the block is from a frame of the clock on."""
    memory, group, acts = chain.memory, lane // LANES, False
    for strip in range(lane, lane + LANES):
        if memory[rows.DELAY_GOAL, strip] + memory[rows.DELAY_FROM, strip] + memory[rows.DELAY_TO, strip] > 0:
            acts = True
            _delay_strip(chain, left, right, strip, clock)
            if memory[rows.SIDES, strip] == 1 and chain.state[rows.STEREO, group]:
                _copy_column(left, right, strip)
    chain.state[rows.DELAYS, group] = acts

"""Resampler between two clocks, compiled: the callback of the inputs' card writes the ring, the mix reads it.

The filling is measured against the times at which the library called, not in whole blocks, and steers the step by a
loop of second order: quick at first, then so slow that late callbacks move no pitch. What is no number at an input,
infinite, or next to nothing, is silence. A ring that runs short or over fades out, waits for its wanted filling, and
fades in.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import ring as at
from remote_mixer.engine.inner import inner
from remote_mixer.engine.ramps import soft
from remote_mixer.engine.rates import rate
from remote_mixer.engine.ring import Ring
from remote_mixer.engine.tables import Floats
from remote_mixer.engine.vectors import sound_scalar
from remote_mixer.engine.views import doubles_at, fence, line_at

OVERFLOWN = np.uint64(2)  # PortAudio's paInputOverflow
MASK, ONE = np.uint64(at.FRAMES - 1), np.uint64(1)
NOW = 1  # place of the present time among PortAudio's times

QUICK, SLOW, SETTLES = 1.5, 0.2, 3.0  # bandwidths of the loop in radians a second, and seconds on the way
SMOOTHER = 8.0  # times the bandwidth: two filters of the error, one after the other
GROWTH = 1.25  # of the wanted filling, when it was too little


@inner
def now(call: np.ndarray) -> np.float64:
    """Return the time of a call of PortAudio's in seconds, 0 where it says none."""
    return np.float64(doubles_at(call[3], np.uint64(3))[NOW] if call[3] != 0 else 0)


@inner
def write(ring: Ring, call: np.ndarray, frames: int) -> None:
    """Append a block of the inputs' card.

    call  (4,) uint64: addresses of the inputs' frames, and of nothing; the flags, and the address of the times
    """
    columns, number = np.uint64(ring.sound.shape[1]), ring.counts[at.WRITTEN]
    total, seconds = ring.marks[number & 1, at.TOTAL], now(call)
    block = line_at(call[0], np.uint64(frames) * columns)
    for frame in range(np.uint64(frames)):
        for column in range(columns):
            row = (np.uint64(total) + frame) & MASK
            ring.sound[row, column] = sound_scalar(block[frame * columns + column])
    ring.counts[at.LOST] += np.int64(call[2] & OVERFLOWN != 0)
    ring.marks[(number + 1) & 1, at.TOTAL] = total + frames
    ring.marks[(number + 1) & 1, at.TIME] = seconds
    fence()
    ring.counts[at.WRITTEN] = number + 1


@inner
def _steer(ring: Ring, seconds: np.float64, frames: int) -> np.float64:
    """Decide whether the next frames are read, and return the step from each to the next."""
    counts, loop = ring.counts, ring.loop
    mark = counts[at.WRITTEN] & 1
    fence()
    written, target = ring.marks[mark, at.TOTAL], loop[at.TARGET]
    since = min(max(seconds - loop[at.LATER] - ring.marks[mark, at.TIME], 0.0), loop[at.LONGEST])
    filling = written + since * rate() - loop[at.PLACE]
    needed = frames * (1 + at.LARGEST_STEP) + loop[at.FADE] + at.TAPS + 1
    short, over = written - loop[at.PLACE] < needed, filling > 2 * target
    if counts[at.PLAYS] != 0 and (short or over):
        counts[at.PLAYS] = 0
        counts[at.SHORT] += short
        counts[at.LONG] += not short
        if short:
            loop[at.TARGET] = min(GROWTH * target, np.float64(at.MOST_FRAMES))
    elif counts[at.PLAYS] == 0 and loop[at.SHARE] <= 0 and filling >= target:
        begin = np.floor(filling - target) + loop[at.PLACE]
        if written - begin >= needed:
            loop[at.PLACE], filling, counts[at.PLAYS] = begin, filling + loop[at.PLACE] - begin, 1
            loop[at.ERROR], loop[at.SMOOTH], loop[at.SECONDS] = 0, 0, 0
    if counts[at.PLAYS] == 0:
        return np.float64(1 + loop[at.DRIFT])
    lasts = frames / rate()
    quickness = max(QUICK / (1 + loop[at.SECONDS] / SETTLES), SLOW)
    loop[at.SECONDS] += lasts
    smoother = min(SMOOTHER * quickness * lasts, 1.0)
    loop[at.ERROR] += smoother * (filling - loop[at.TARGET] - loop[at.ERROR])
    loop[at.SMOOTH] += smoother * (loop[at.ERROR] - loop[at.SMOOTH])
    away = loop[at.DRIFT] + 2 * quickness * loop[at.SMOOTH] / rate()
    if abs(away) < at.LARGEST_STEP:
        drift = loop[at.DRIFT] + quickness * quickness * lasts * loop[at.SMOOTH] / rate()
        loop[at.DRIFT] = min(max(drift, -at.LARGEST_DRIFT), at.LARGEST_DRIFT)
    return np.float64(1 + min(max(away, -at.LARGEST_STEP), at.LARGEST_STEP))


@inner
def read(ring: Ring, goal: Floats, seconds: np.float64, frames: int) -> None:
    """Fill the inputs of the next frames, at a second of the library's clock for the outputs.

    goal  (frames or more, inputs or more) float32
    """
    loop, columns = ring.loop, np.uint64(ring.sound.shape[1])
    step = _steer(ring, seconds, frames)
    change = (1.0 if ring.counts[at.PLAYS] != 0 else -1.0) / loop[at.FADE]
    share, begin = loop[at.SHARE], loop[at.PLACE]
    runs = share > 0 or change > 0
    for frame in range(np.uint64(frames)):
        share = min(max(share + change, 0.0), 1.0)
        amplitude = soft(np.float32(share))
        place = begin + step * np.float64(frame)
        first = np.uint64(place)
        phase = (place - np.float64(first)) * at.PHASES
        row = np.uint64(phase)
        part = np.float32(phase - np.float64(row))
        for column in range(columns):
            goal[frame, column] = np.float32(0)
        if amplitude > 0:
            for tap in range(np.uint64(at.TAPS)):
                weight = ring.taps[row, tap] + part * (ring.taps[row + ONE, tap] - ring.taps[row, tap])
                source = (first + tap) & MASK
                for column in range(columns):
                    goal[frame, column] += amplitude * weight * ring.sound[source, column]
    loop[at.SHARE] = share
    if runs:
        loop[at.PLACE] = begin + step * frames

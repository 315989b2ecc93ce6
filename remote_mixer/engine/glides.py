"""Glides: every param of a strip's processing goes to its goal in a curve without corners, so that nothing clicks.

Each GRID_FRAMES, counted from the start and not from a block, a param that moves takes a step through three equal
low-pass filters of 6.7 ms, a gain no faster than 1 dB a millisecond, and the strip's coefficients are designed anew;
between these points of the grid they change in straight lines, frame by frame. So the sound does not depend on the size
of blocks, and a sweep of a narrow filter leaves no more than one that is designed at every frame. What cannot glide, a
filter's type, changes while the filter is faded out.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.filters import Response, design
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import FILTERS, IN_PATH, KEYS, LANES
from remote_mixer.engine.tables import Chain, Counts, Floats
from remote_mixer.engine.vectors import Vector, absolute, highest, is_any, load, lowest, splat, store, where_greater

GRID_FRAMES = 32
GLIDE_SECONDS = 0.02 / 3
NEAR = np.float32(1e-3)  # of a goal: the rest of the way is done in one step of the grid
FRAME = np.float32(1 / GRID_FRAMES)
STEEPEST = np.float32(0.11)  # log2, in a step of the grid: 1 dB a millisecond, which a limiter behind it meets softly
ANY = np.float32(np.inf)

KNEE_LEAST = np.float32(1e-4)  # log2: a hard knee would divide by zero
ZERO, ONE = np.float32(0), np.float32(1)


@inner
def _power(octaves: float) -> float:
    return math.exp(octaves * math.log(2))


@inner
def arrive(memory: Floats, strip: int) -> None:
    """Put a strip's params on their goals at once; for strips that are not heard yet."""
    for number in range(FILTERS):
        memory[rows.IN_USE + number, strip] = memory[rows.WANTED + number, strip]
        memory[rows.GOAL + rows.WET + number, strip] = memory[rows.WANTED_WET + number, strip]
        memory[rows.MOVED + number, strip] = 1
    for row in range(rows.PARAMS):
        memory[rows.LAG + row, strip] = memory[rows.GOAL + row, strip]
        memory[rows.LATE + row, strip] = memory[rows.GOAL + row, strip]
        memory[rows.NOW + row, strip] = memory[rows.GOAL + row, strip]
    memory[rows.MOVED_ELSE, strip] = 1
    _design(memory, strip)


@inner
def _change_kinds(memory: Floats, first: int) -> None:
    """Fade out a group's filters whose type is to be another, and change it when they are."""
    strips, zero = memory.shape[1], splat(ZERO)
    for number in range(FILTERS):
        at = number * strips + first
        now, wanted = load(memory, (rows.NOW + rows.WET) * strips + at), load(memory, rows.WANTED * strips + at)
        in_use = where_greater(now, zero, load(memory, rows.IN_USE * strips + at), wanted)
        goal = where_greater(absolute(wanted - in_use), zero, zero, load(memory, rows.WANTED_WET * strips + at))
        store(memory, rows.IN_USE * strips + at, in_use)
        store(memory, (rows.GOAL + rows.WET) * strips + at, goal)


@inner
def _step(memory: Floats, row: int, first: int, share: np.float32, most: np.float32) -> Vector:
    """Take a param of a group's strips one step further, at most by `most`; return how far each was from its goal."""
    strips = memory.shape[1]
    at, apart = row * strips + first, rows.PARAMS * strips
    goal, lag = load(memory, at), load(memory, at + apart)
    late, now = load(memory, at + 2 * apart), load(memory, at + 3 * apart)
    far = highest(highest(absolute(goal - lag), absolute(goal - late)), absolute(goal - now))
    lag = lag + highest(lowest(share * (goal - lag), splat(most)), splat(-most))
    late = late + share * (lag - late)
    now = now + share * (late - now)
    left = highest(highest(absolute(goal - lag), absolute(goal - late)), absolute(goal - now))
    near = splat(NEAR)
    store(memory, at + apart, where_greater(near, left, goal, lag))
    store(memory, at + 2 * apart, where_greater(near, left, goal, late))
    store(memory, at + 3 * apart, where_greater(near, left, goal, now))
    return far


@inner
def _advance(memory: Floats, first: int) -> bool:
    """Take all params of a group one step further, and note what moved; return whether anything did."""
    strips, share = memory.shape[1], np.float32(1 - math.exp(-GRID_FRAMES / (GLIDE_SECONDS * rate())))
    moved = _step(memory, rows.GAIN, first, share, STEEPEST)
    for row in range(rows.GATE_THRESHOLD, rows.PARAMS):
        moved = highest(moved, _step(memory, row, first, share, ANY))
    store(memory, rows.MOVED_ELSE * strips + first, moved)
    for number in range(FILTERS):
        of_filter = splat(ZERO)
        for row in range(rows.FREQ + number, rows.GATE_THRESHOLD, FILTERS):
            of_filter = highest(of_filter, _step(memory, row, first, share, ANY))
        store(memory, (rows.MOVED + number) * strips + first, of_filter)
        moved = highest(moved, of_filter)
    return bool(is_any(moved))


@inner
def _design(memory: Floats, strip: int) -> None:
    """Design what has moved of a strip's coefficients, at the next point of the grid."""
    for number in range(FILTERS):
        if memory[rows.MOVED + number, strip] != 0:
            at = rows.NOW + number
            hz, q = _power(memory[at + rows.FREQ, strip]), _power(memory[at + rows.Q, strip])
            gain, wet = float(memory[at + rows.LIFT, strip]), float(memory[at + rows.WET, strip])
            kind = np.int64(memory[rows.IN_USE + number, strip])
            design(memory, number, strip, Response(kind, hz, gain, q, wet))
    if memory[rows.MOVED_ELSE, strip] != 0:
        _design_others(memory, strip)


@inner
def _design_others(memory: Floats, strip: int) -> None:
    now, gate, dyn = memory[rows.NOW :], memory[rows.AIMS + rows.GATE :], memory[rows.AIMS + rows.DYN :]
    knee = now[rows.DYN_KNEE, strip] + KNEE_LEAST
    memory[rows.AIMS + rows.AMPLITUDE, strip] = now[rows.SIGN, strip] * _power(now[rows.GAIN, strip])
    gate[0, strip] = now[rows.GATE_THRESHOLD, strip]
    gate[1, strip] = -now[rows.GATE_RANGE, strip]
    gate[2, strip] = now[rows.GATE_SLOPE, strip]
    dyn[0, strip] = now[rows.DYN_THRESHOLD, strip]
    dyn[1, strip] = now[rows.DYN_SLOPE, strip]
    dyn[2, strip] = knee
    dyn[3, strip] = 1 / (4 * knee)
    dyn[4, strip] = now[rows.DYN_MAKEUP, strip]
    dyn[5, strip] = now[rows.DYN_MIX, strip]
    memory[rows.GATE_ATTACK, strip] = _power(now[rows.GATE_PACE, strip])
    memory[rows.DYN_ATTACK, strip] = _power(now[rows.DYN_PACE, strip])


@inner
def _land(memory: Floats, first: int) -> None:
    """Put a group's coefficients on their aims."""
    strips = memory.shape[1]
    for row in range(rows.COEFS_COUNT):
        store(memory, (rows.COEFS + row) * strips + first, load(memory, (rows.AIMS + row) * strips + first))


@inner
def _slope(memory: Floats, first: int) -> None:
    """Find by how much a group's coefficients change a frame, until they are at their aims.

    In whole steps of their last bits, so that sums over frames are exact, however blocks divide these.
    """
    strips = memory.shape[1]
    for row in range(rows.COEFS_COUNT):
        aim = load(memory, (rows.AIMS + row) * strips + first)
        coef = load(memory, (rows.COEFS + row) * strips + first)
        most = absolute(aim) + absolute(coef)
        store(memory, (rows.SLOPES + row) * strips + first, ((aim - coef) * FRAME + most) - most)


@inner
def glide(chain: Chain, group: int) -> None:
    """Take a group from one point of the grid to the next; once it stands still, find out which of its parts act."""
    first = LANES * group
    _land(chain.memory, first)
    _change_kinds(chain.memory, first)
    moved = _advance(chain.memory, first)
    if moved:
        for strip in range(first, first + LANES):
            _design(chain.memory, strip)
    _slope(chain.memory, first)
    chain.state[rows.GLIDES, group] = moved
    _find_keys(chain.memory, chain.state, group)
    if not moved:
        _find_acting(chain.memory, chain.state, group)


@inner
def _is_still(memory: Floats, coef: int, first: int, value: np.float32) -> bool:
    """Whether a coefficient has a value in all strips of a group, and keeps it."""
    strips = memory.shape[1]
    now, aim = load(memory, (rows.COEFS + coef) * strips + first), load(memory, (rows.AIMS + coef) * strips + first)
    return not is_any(highest(absolute(now - value), absolute(aim - value)))


@inner
def _forget(memory: Floats, row: int, count: int, first: int) -> None:
    """Clear rows of a group's history: what acts again begins from silence."""
    for at in range(row, row + count):
        for strip in range(first, first + LANES):
            memory[at, strip] = 0


@inner
def _forget_filter(memory: Floats, number: int, first: int) -> None:
    for side in range(2):
        row = rows.HISTORY + side * rows.SIDE_HISTORY + number * rows.FILTER_HISTORY
        _forget(memory, row, rows.FILTER_HISTORY, first)


@inner
def _is_filter_still(memory: Floats, number: int, first: int) -> bool:
    """Whether a filter hands on its input in all strips of a group."""
    row = rows.FILTER + number * rows.FILTER_ROWS + rows.MIX
    still = _is_still(memory, row, first, ONE)
    return still and _is_still(memory, row + 1, first, ZERO) and _is_still(memory, row + 2, first, ZERO)


@inner
def _find_keys(memory: Floats, state: Counts, group: int) -> None:
    """Find out which keys of a group are filtered up to the next point of the grid; a glide alone is no reason."""
    for key in range(KEYS):
        still = _is_filter_still(memory, rows.KEY + key, LANES * group)
        if still and state[rows.KEY_ACTS + key, group]:
            _forget_filter(memory, rows.KEY + key, LANES * group)
        state[rows.KEY_ACTS + key, group] = not still


@inner
def _find_acting(memory: Floats, state: Counts, group: int) -> None:
    """Find out which parts of a group that has stopped gliding change its sound; only these are computed."""
    first = LANES * group
    state[rows.GAIN_ACTS, group] = not _is_still(memory, rows.AMPLITUDE, first, ONE)
    for number in range(IN_PATH):
        still = _is_filter_still(memory, number, first)
        state[rows.FILTER_ACTS + number, group] = not still
        if still:
            _forget_filter(memory, number, first)
    state[rows.GATE_ACTS, group] = not _is_still(memory, rows.GATE + 1, first, ZERO)
    if not state[rows.GATE_ACTS, group]:
        _forget(memory, rows.GATE_HISTORY, rows.GATE_HISTORIES, first)
        _forget_filter(memory, rows.KEY + rows.GATE_KEY, first)
    state[rows.DYN_ACTS, group] = not _is_still(memory, rows.DYN + 5, first, ZERO)
    if not state[rows.DYN_ACTS, group]:
        _forget(memory, rows.DYN_HISTORY, rows.DYN_HISTORIES, first)
        _forget_filter(memory, rows.KEY + rows.DYN_KEY, first)
    acts = 0
    for part in range(rows.GAIN_ACTS, rows.ACTS):
        acts |= state[part, group]
    state[rows.ACTS, group] = acts

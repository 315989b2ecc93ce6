"""Glides: every param of a strip's processing goes to its goal in a curve without corners, so that nothing clicks.

Each GRID_FRAMES, counted from the start and not from a block, a param that moves takes a step through two equal
low-pass filters of 10 ms, and the strip's coefficients are designed anew; between these points of the grid they change
in straight lines, frame by frame. So the sound does not depend on the size of blocks, and a sweep of a narrow filter
leaves no more than one that is designed at every frame. What cannot glide, a filter's type, changes while the filter is
faded out.
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

GRID_FRAMES = 32
GLIDE_SECONDS = 0.01
NEAR = np.float32(1e-3)  # of a goal: the rest of the way is done in one step of the grid
FRAME = np.float32(1 / GRID_FRAMES)

KNEE_LEAST = np.float32(1e-4)  # log2: a hard knee would divide by zero
ZERO, ONE = np.float32(0), np.float32(1)
ALL, OF_FILTER = -1, sum(1 << rows.FREQ + rows.FILTERS * n for n in range(4))
"""Sets of params, a bit for each: all; those of the first filter, from which those of the others are shifted."""


@inner
def _power(octaves: float) -> float:
    return math.exp(octaves * math.log(2))


@inner
def arrive(memory: Floats, strip: int) -> None:
    """Put a strip's params on their goals at once; for strips that are not heard yet."""
    for number in range(FILTERS):
        memory[rows.IN_USE + number, strip] = memory[rows.WANTED + number, strip]
        memory[rows.GOAL + rows.WET + number, strip] = memory[rows.WANTED_WET + number, strip]
    for row in range(rows.PARAMS):
        memory[rows.LAG + row, strip] = memory[rows.GOAL + row, strip]
        memory[rows.NOW + row, strip] = memory[rows.GOAL + row, strip]
    _design(memory, strip, ALL)


@inner
def _change_kinds(memory: Floats, strip: int) -> None:
    """Fade out the filters whose type is to be another, and change it when they are."""
    for number in range(FILTERS):
        if memory[rows.NOW + rows.WET + number, strip] == 0:
            memory[rows.IN_USE + number, strip] = memory[rows.WANTED + number, strip]
        stays = memory[rows.IN_USE + number, strip] == memory[rows.WANTED + number, strip]
        memory[rows.GOAL + rows.WET + number, strip] = memory[rows.WANTED_WET + number, strip] if stays else ZERO


@inner
def _advance(memory: Floats, strip: int) -> int:
    """Take a strip's params one step further; return the set of those that moved."""
    _change_kinds(memory, strip)
    moved, share = 0, np.float32(1 - math.exp(-GRID_FRAMES / (GLIDE_SECONDS * rate())))
    for row in range(rows.PARAMS):
        goal, lag, now = memory[rows.GOAL + row, strip], memory[rows.LAG + row, strip], memory[rows.NOW + row, strip]
        if lag != goal or now != goal:
            moved |= 1 << row
            lag += share * (goal - lag)
            now += share * (lag - now)
            is_there = abs(goal - lag) < NEAR and abs(goal - now) < NEAR
            memory[rows.LAG + row, strip] = goal if is_there else lag
            memory[rows.NOW + row, strip] = goal if is_there else now
    return moved


@inner
def _design(memory: Floats, strip: int, moved: int) -> None:
    """Design a strip's coefficients at the next point of the grid, those of the filters whose params have moved."""
    memory[rows.AIMS + rows.AMPLITUDE, strip] = memory[rows.NOW + rows.GAIN, strip]
    for number in range(FILTERS):
        if moved & OF_FILTER << number:
            at = rows.NOW + number
            hz, q = _power(memory[at + rows.FREQ, strip]), _power(memory[at + rows.Q, strip])
            gain, wet = float(memory[at + rows.LIFT, strip]), float(memory[at + rows.WET, strip])
            kind = np.int64(memory[rows.IN_USE + number, strip])
            design(memory, number, strip, Response(kind, hz, gain, q, wet))
    _design_dynamics(memory, strip)


@inner
def _design_dynamics(memory: Floats, strip: int) -> None:
    now, gate, dyn = memory[rows.NOW :], memory[rows.AIMS + rows.GATE :], memory[rows.AIMS + rows.DYN :]
    gate[0, strip] = now[rows.GATE_THRESHOLD, strip]
    gate[1, strip] = -now[rows.GATE_RANGE, strip]
    gate[2, strip] = now[rows.GATE_SLOPE, strip]
    knee = now[rows.DYN_KNEE, strip] + KNEE_LEAST
    dyn[0, strip] = now[rows.DYN_THRESHOLD, strip]
    dyn[1, strip] = now[rows.DYN_SLOPE, strip]
    dyn[2, strip] = knee
    dyn[3, strip] = 1 / (4 * knee)
    dyn[4, strip] = now[rows.DYN_MAKEUP, strip]
    dyn[5, strip] = now[rows.DYN_MIX, strip]


@inner
def _land(memory: Floats, first: int) -> None:
    """Put a group's coefficients on their aims."""
    for row in range(rows.COEFS_COUNT):
        for strip in range(first, first + LANES):
            memory[rows.COEFS + row, strip] = memory[rows.AIMS + row, strip]


@inner
def _slope(memory: Floats, first: int) -> None:
    """Find by how much a group's coefficients change a frame, until they are at their aims."""
    for row in range(rows.COEFS_COUNT):
        for strip in range(first, first + LANES):
            way = memory[rows.AIMS + row, strip] - memory[rows.COEFS + row, strip]
            memory[rows.SLOPES + row, strip] = way * FRAME


@inner
def glide(chain: Chain, group: int) -> None:
    """Take a group from one point of the grid to the next; once it stands still, find out which of its parts act."""
    first, moved = LANES * group, False
    _land(chain.memory, first)
    for strip in range(first, first + LANES):
        moves = 0 if chain.fresh[0, strip] else _advance(chain.memory, strip)
        if moves:
            moved = True
            _design(chain.memory, strip, moves)
    _slope(chain.memory, first)
    chain.state[rows.GLIDES, group] = moved
    _find_keys(chain.memory, chain.state, group)
    if not moved:
        _find_acting(chain.memory, chain.state, group)


@inner
def _is_still(memory: Floats, coef: int, first: int, value: np.float32) -> bool:
    """Whether a coefficient has a value in all strips of a group, and keeps it."""
    still = True
    for strip in range(first, first + LANES):
        still &= (memory[rows.COEFS + coef, strip] == value) & (memory[rows.AIMS + coef, strip] == value)
    return still


@inner
def _forget(memory: Floats, row: int, count: int, first: int) -> None:
    """Clear rows of a group's history: what acts again begins from silence."""
    for at in range(row, row + count):
        for strip in range(first, first + LANES):
            memory[at, strip] = 0


@inner
def _forget_filters(memory: Floats, number: int, count: int, first: int) -> None:
    for side in range(2):
        row = rows.HISTORY + side * rows.SIDE_HISTORY + number * rows.FILTER_HISTORY
        _forget(memory, row, count * rows.FILTER_HISTORY, first)


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
            _forget_filters(memory, rows.KEY + key, 1, LANES * group)
        state[rows.KEY_ACTS + key, group] = not still


@inner
def _find_acting(memory: Floats, state: Counts, group: int) -> None:
    """Find out which parts of a group that has stopped gliding change its sound; only these are computed."""
    first = LANES * group
    state[rows.GAIN_ACTS, group] = not _is_still(memory, rows.AMPLITUDE, first, ONE)
    for pair in range(IN_PATH // 2):
        still = _is_filter_still(memory, 2 * pair, first) and _is_filter_still(memory, 2 * pair + 1, first)
        state[rows.PAIR_ACTS + pair, group] = not still
        if still:
            _forget_filters(memory, 2 * pair, 2, first)
    state[rows.GATE_ACTS, group] = not _is_still(memory, rows.GATE + 1, first, ZERO)
    if not state[rows.GATE_ACTS, group]:
        _forget(memory, rows.GATE_HISTORY, 3, first)
        _forget_filters(memory, rows.KEY + rows.GATE_KEY, 1, first)
    state[rows.DYN_ACTS, group] = not _is_still(memory, rows.DYN + 5, first, ZERO)
    if not state[rows.DYN_ACTS, group]:
        _forget(memory, rows.DYN_HISTORY, 3, first)
        _forget_filters(memory, rows.KEY + rows.DYN_KEY, 1, first)
    acts = 0
    for part in range(rows.GAIN_ACTS, rows.ACTS):
        acts |= state[part, group]
    state[rows.ACTS, group] = acts

"""Chain of a strip, in place: gain, polarity → deck → delay → low cut → gate → equaliser → compressor, then the fader.

Strips are processed in groups of LANES, side by side in vectors; what acts in no strip of a group is left out, so a
strip on which nothing is on keeps its sound bit by bit, and costs nothing.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.deck import RECORDS, TAKE_PLAYS, pass_deck
from remote_mixer.engine.delays import delay_group
from remote_mixer.engine.dynamics import compress, gate
from remote_mixer.engine.filters import filter_gliding, filter_run
from remote_mixer.engine.glides import GRID_FRAMES, glide
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rows import CUTS, IN_PATH, LANES
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.tables import PLACES, WAYS_INPUT, WAYS_PRE_EQ, Chain, Floats
from remote_mixer.engine.vectors import absolute, highest, load, splat, store

INPUT_ROW, PRE_EQ_ROW = 2 * WAYS_INPUT * BLOCK_FRAMES, 2 * WAYS_PRE_EQ * BLOCK_FRAMES
SILENT, UNMEASURED = np.float32(0), np.float32(-1)


@inner
def _amplify(chain: Chain, block: Floats, lane: int) -> None:
    """Apply gain and polarity to one side, and raise the peaks to those after it."""
    strips = block.shape[1]
    amplitude, by = load(chain.memory, rows.COEFS * strips + lane), load(chain.memory, rows.SLOPES * strips + lane)
    peak = load(chain.memory, rows.PEAK * strips + lane)
    for frame in range(block.shape[0]):
        amplitude = amplitude + by
        value = load(block, frame * strips + lane) * amplitude
        peak = highest(absolute(value), peak)
        store(block, frame * strips + lane, value)
    store(chain.memory, rows.PEAK * strips + lane, peak)


@inner
def _filter(  # noqa: PLR0913, PLR0917  # what, by which of its filters
    chain: Chain, block: Floats, side: int, lane: int, begin: int, end: int
) -> None:
    """Filter one side by the filters from `begin` to before `end`: all from the first to the last that acts."""
    state, group, first, last = chain.state, lane // LANES, end, begin
    if state[rows.GLIDES, group]:
        for number in range(begin, end):
            filter_gliding(chain.memory, block, block, side, number, lane)
        return
    for number in range(begin, end):
        if state[rows.FILTER_ACTS + number, group]:
            first, last = min(first, number), number + 1
    if first < last:
        filter_run(chain.memory, block, side, first, last - first, lane)


@inner
def _keep(chain: Chain, left: Floats, right: Floats, lane: int, row: int) -> None:
    """Keep frames of a group, which sends take here, in rows of the sound from `row` on."""
    strips = left.shape[1]
    for side in range(1 + chain.state[rows.STEREO, lane // LANES]):
        block = right if side else left
        for frame in range(left.shape[0]):
            goal = (row + frame + side * BLOCK_FRAMES) * strips + lane
            store(chain.sound, goal, load(block, frame * strips + lane))


@inner
def _process(chain: Chain, left: Floats, right: Floats, lane: int, begin: int) -> None:
    """Process frames of a group, of the block from frame `begin` on.

    left, right  (frames, strips); the same array where the group's strips have one side
    """
    state, group = chain.state, lane // LANES
    sides, glides, tapped = 1 + state[rows.STEREO, group], state[rows.GLIDES, group], state[rows.PRE_EQ_TAPPED, group]
    gates = glides | state[rows.GATE_ACTS, group]
    middle = CUTS if gates | tapped else IN_PATH
    for side in range(sides):
        _amplify(chain, right if side else left, lane)
        if chain.clock[RECORDS] | chain.clock[TAKE_PLAYS]:
            pass_deck(chain, right if side else left, side, lane, begin)
    if state[rows.INPUT_TAPPED, group]:
        _keep(chain, left, right, lane, INPUT_ROW + begin)
    if state[rows.DELAYS, group]:
        delay_group(chain, left, right, lane, chain.clock[0] + begin)
    for side in range(sides):
        _filter(chain, right if side else left, side, lane, 0, middle)
    if gates:
        gate(chain, left, right, lane)
    if tapped:
        _keep(chain, left, right, lane, PRE_EQ_ROW + begin)
    for side in range(sides):
        _filter(chain, right if side else left, side, lane, middle, IN_PATH)
    if glides or state[rows.DYN_ACTS, group]:
        compress(chain, left, right, lane)


@inner
def _advance_coefs(memory: Floats, frames: int, lane: int) -> None:
    strips, count = memory.shape[1], np.float32(frames)
    for row in range(rows.COEFS_COUNT):
        coef, by = (rows.COEFS + row) * strips + lane, (rows.SLOPES + row) * strips + lane
        store(memory, coef, load(memory, coef) + count * load(memory, by))


@inner
def _process_gliding(chain: Chain, left: Floats, right: Floats, lane: int) -> None:
    """Process a block of a group that glides, from one point of the grid to the next."""
    frame, frames = 0, left.shape[0]
    while frame < frames:
        phase = (chain.clock[0] + frame) % GRID_FRAMES
        if phase == 0:
            glide(chain, lane // LANES)
        end = min(frame + GRID_FRAMES - phase, frames)
        _process(chain, left[frame:end], right[frame:end], lane, frame)
        _advance_coefs(chain.memory, end - frame, lane)
        frame = end


@inner
def _copy_history(memory: Floats, lane: int) -> None:
    """Copy the left side's histories of the filters to the right: in another mix the group may have two sides."""
    strips = memory.shape[1]
    for row in range(rows.HISTORY, rows.HISTORY + rows.SIDE_HISTORY):
        store(memory, (row + rows.SIDE_HISTORY) * strips + lane, load(memory, row * strips + lane))


@inner
def _process_group(chain: Chain, left: Floats, right: Floats, lane: int) -> None:
    is_stereo = chain.state[rows.STEREO, lane // LANES] != 0
    other = right if is_stereo else left
    if chain.state[rows.GLIDES, lane // LANES]:
        _process_gliding(chain, left, other, lane)
    else:
        _process(chain, left, other, lane, 0)
    if not is_stereo:
        _copy_history(chain.memory, lane)


@inner
def acts(chain: Chain, groups: int) -> bool:
    """Whether any strip of the first groups changes its sound, and may sound on after it."""
    any_acts = False
    for group in range(groups):
        any_acts = any_acts or _acts(chain, group)
    return any_acts


@inner
def _acts(chain: Chain, group: int) -> bool:
    state, deck = chain.state, chain.clock
    some = state[rows.GLIDES, group] | state[rows.ACTS, group] | state[rows.DELAYS, group]
    return bool((some | deck[RECORDS] | deck[TAKE_PLAYS]) != 0)


@inner
def process(chain: Chain, left: Floats, right: Floats, first: int, end: int) -> None:
    """Process the present block, (frames, strips), of the groups from `first` to before `end`, in place."""
    strips = left.shape[1]
    for group in range(first, end):
        lane, changes = LANES * group, _acts(chain, group)
        store(chain.memory, rows.PEAK * strips + lane, splat(SILENT if changes else UNMEASURED))
        if changes:
            _process_group(chain, left, right, lane)
        else:
            for place in range(1, PLACES):
                if chain.state[rows.INPUT_TAPPED + place - 1, group]:
                    _keep(chain, left, right, lane, 2 * place * BLOCK_FRAMES)

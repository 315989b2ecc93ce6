"""Automatic mixing by gain sharing: the microphones of a group share the gain of one, by how loud each is.

The rule is Dan Dugan's (US patent 3,992,584; "Automatic Microphone Mixing", JAES 23, 1975): each channel is lowered by
as many decibels as its level is below the sum of the levels of its group. Levels are powers p, so amplitudes are
√(w²p ∕ Σ w²p), w being the weight as an amplitude: their squares sum up to 1, whoever speaks. N channels of one level
are at −10·log N dB each, one alone is at 0 dB. A muted channel, or one whose fader is down, takes no part. Two linked
channels are one of two sides: its level is the mean of theirs, and both have its gain.

A level is the mean square over 10 ms, held against falls of more than 1 dB in 46 ms. While the whole group is below
−60 dBFS nothing is shared anew: the last microphone stays open. Gains follow within 6 ms, smoothed twice so that no
move begins with a corner, in straight lines between the points of a grid; the sound itself is not delayed.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.controls import AUTOMIX_GROUPS
from remote_mixer.engine.glides import GRID_FRAMES
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.tables import Chain, Floats
from remote_mixer.engine.vectors import load, sound, store

MEAN_SECONDS, HOLD_SECONDS, GLIDE_SECONDS = 0.01, 0.2, 0.003
NEAR = np.float32(1e-5)
QUIET = np.float32(1e-6)  # power of a group in which nobody speaks
HALF, ONE, ZERO = np.float32(0.5), np.float32(1), np.float32(0)
FRAME = np.float32(1 / GRID_FRAMES)
GROUPS = len(AUTOMIX_GROUPS)
OFF = 0


@inner
def follow_automix(chain: Chain, strip: int, group: int, weight: float) -> None:
    """Take the group and the weight (dB, −∞ where it takes no part) of a strip."""
    chain.memory[rows.AUTOMIX_GROUP, strip] = group % GROUPS
    chain.memory[rows.AUTOMIX_WEIGHT, strip] = math.exp(weight * (math.log(10) / 10))
    if group != OFF:
        chain.state[rows.AUTOMIX, strip // LANES] = 1


@inner
def _part(frames: int, seconds: float) -> np.float32:
    """Return the share of its way that a level or a gain does in some frames."""
    return np.float32(1 - math.exp(-frames / (seconds * rate())))


@inner
def _is_paired(memory: Floats, strip: int) -> bool:
    """Whether the other channel of a stereo link is in the same group."""
    groups = memory[rows.AUTOMIX_GROUP]
    return bool(memory[rows.LINKED, strip] != 0 and groups[strip] == groups[strip ^ 1])


@inner
def _power(memory: Floats, strip: int) -> np.float32:
    """Return the power of a strip by its weight."""
    return np.float32(memory[rows.AUTOMIX_WEIGHT, strip] * memory[rows.AUTOMIX_HELD, strip])


@inner
def _total(chain: Chain, group: int) -> np.float32:
    """Return the power of a group, each strip's by its weight, and let the levels fall by a step of the grid."""
    memory, total, left = chain.memory, ZERO, ONE - _part(GRID_FRAMES, HOLD_SECONDS)
    for strip in range(memory.shape[1]):
        if memory[rows.AUTOMIX_GROUP, strip] == group:
            mean, held = memory[rows.AUTOMIX_MEAN, strip], memory[rows.AUTOMIX_HELD, strip] * left
            held = max(held, mean)
            memory[rows.AUTOMIX_HELD, strip] = held
            total += _power(memory, strip) * (HALF if _is_paired(memory, strip) else ONE)
    return total


@inner
def _aim(memory: Floats, strip: int, total: np.float32) -> bool:
    """Aim a strip's gain at its share, to be nearer at the next point of the grid; return whether it takes part."""
    is_off, goal = memory[rows.AUTOMIX_GROUP, strip] == OFF, memory[rows.AUTOMIX_GOAL, strip]
    if is_off:
        goal = ONE
    elif total > QUIET:
        power = _power(memory, strip)
        if _is_paired(memory, strip):
            power = (power + _power(memory, strip ^ 1)) * HALF
        goal = np.float32(math.sqrt(power / total))
    base, lag = memory[rows.AUTOMIX_AIM, strip], memory[rows.AUTOMIX_LAG, strip]
    part = _part(GRID_FRAMES, GLIDE_SECONDS)
    lag += part * (goal - lag)
    aim = base + part * (lag - base)
    if abs(goal - lag) <= NEAR and abs(goal - aim) <= NEAR:
        lag = aim = goal
    memory[rows.AUTOMIX_GOAL, strip], memory[rows.AUTOMIX_LAG, strip] = goal, lag
    memory[rows.AUTOMIX_BASE, strip], memory[rows.AUTOMIX_AIM, strip] = base, aim
    memory[rows.AUTOMIX_STEP, strip] = (aim - base) * FRAME
    return bool(not is_off or base != ONE or lag != ONE)


@inner
def _share(chain: Chain) -> None:
    """Share the gain anew, at a point of the grid; find out which groups of strips have a part in it."""
    memory = chain.memory
    one, other = _total(chain, 1), _total(chain, 2)
    for lanes in range(chain.state.shape[1]):
        acts = False
        if chain.state[rows.AUTOMIX, lanes]:
            for strip in range(LANES * lanes, LANES * (lanes + 1)):
                acts |= _aim(memory, strip, one if memory[rows.AUTOMIX_GROUP, strip] == 1 else other)
        chain.state[rows.AUTOMIX, lanes] = acts


@inner
def _apply(chain: Chain, left: Floats, right: Floats, lane: int, start: int) -> None:
    """Apply the gains of a group of strips up to the next point of the grid, and measure their levels."""
    memory, strips, part = chain.memory, left.shape[1], _part(1, MEAN_SECONDS)
    since = (chain.clock[0] + start) % GRID_FRAMES
    mean, step = load(memory, rows.AUTOMIX_MEAN * strips + lane), load(memory, rows.AUTOMIX_STEP * strips + lane)
    gain = load(memory, rows.AUTOMIX_BASE * strips + lane) + step * np.float32(since)
    for frame in range(start, min(start + GRID_FRAMES - since, left.shape[0])):
        one, other = load(left, frame * strips + lane), load(right, frame * strips + lane)
        mean = mean + ((one * one + other * other) * HALF - mean) * part
        gain = gain + step
        store(left, frame * strips + lane, one * gain)
        store(right, frame * strips + lane, other * gain)
    store(memory, rows.AUTOMIX_MEAN * strips + lane, sound(mean))


@inner
def automix(chain: Chain, left: Floats, right: Floats) -> None:
    """Apply the gains to the present block of all strips, (frames, strips), in place."""
    start, acts = 0, False
    for lanes in range(chain.state.shape[1]):
        acts |= chain.state[rows.AUTOMIX, lanes] != 0
    while acts and start < left.shape[0]:
        since = (chain.clock[0] + start) % GRID_FRAMES
        if since == 0:
            _share(chain)
        for lanes in range(chain.state.shape[1]):
            if chain.state[rows.AUTOMIX, lanes]:
                other = right if chain.state[rows.STEREO, lanes] else left
                _apply(chain, left, other, LANES * lanes, start)
        start += GRID_FRAMES - since

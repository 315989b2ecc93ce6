"""Reverb: a feedback delay network of sixteen lines, mixed by Hadamard's matrix, behind a pre-delay and four diffusers.

Every line loses as much as its length says, so that all modes die away in the same time (Jot and Chaigne, "Digital
Delay Networks for Designing Artificial Reverberators", AES 90, 1991): none rings on. A lowpass in it makes the time at
the frequency of the damping half of what is set. It has two poles and a zero, so that two octaves below that, and
further down, the time is what is set, and far above it falls no faster than with one pole. Pairs of lines are turned
slowly into each other, which loses nothing and keeps single modes from standing out (Schlecht and Habets, "Time-varying
feedback matrices in feedback delay networks and their application in artificial reverberation", JASA 138, 2015). Both
sides are rows of the matrix, which are orthogonal: they do not cancel in mono. The diffusers are Schroeder's allpasses.
The low cut is outside the network, and changes no time.

Types are sets of lines. When the type changes, the reverb is faded out, its lines are emptied, and it begins anew.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.effect_filters import cut_frame
from remote_mixer.engine.effect_taps import AHEAD, PREDELAY, begin_again, read, write
from remote_mixer.engine.inner import inner
from remote_mixer.engine.ramps import ramp_frames
from remote_mixer.engine.rates import rate
from remote_mixer.engine.tables import Counts, Floats
from remote_mixer.engine.vectors import (
    fetch,
    hadamard,
    load,
    neighbours,
    read_columns,
    sound,
    sound_scalar,
    splat,
    store,
    write_columns,
)

LENGTHS = np.array(
    [
        [673, 727, 787, 853, 919, 997, 1069, 1153, 1249, 1361, 1451, 1567, 1693, 1823, 1973, 2131],
        [1601, 1721, 1847, 1979, 2129, 2287, 2447, 2633, 2819, 3037, 3259, 3499, 3761, 4027, 4327, 4649],
        [433, 499, 563, 641, 727, 829, 947, 1069, 1217, 1381, 1567, 1783, 2017, 2297, 2609, 2957],
    ],
    np.int64,
)  # frames of the lines at 48 kHz, by type; primes, so that few of their echoes coincide
SIGNS = np.array([1, -1, 1, 1, -1, -1, 1, -1, 1, 1, -1, 1, -1, -1, -1, 1], np.float32)
DIFFUSERS = np.array([113, 199, 317, 467], np.int64)
DIFFUSION = np.array([0.6, 0.65, 0.7], np.float32)  # by type
SPREAD = np.array([1, 1, 1, -1, 1, 1, 1, -1, 1, 1, 1, -1, -1, -1, -1, 1], np.float32)  # bent: no echo stands out
TURNS = (
    2 * np.pi / 1500 * np.array([0.31, -0.43, 0.57, -0.71, 0.83, -0.97, 1.09, -1.21])
)  # Hz, by pair, of 1,500 chunks
TURN_COSINE = np.repeat(np.cos(TURNS), 2).astype(np.float32)
TURN_SINE = (np.repeat(np.sin(TURNS), 2) * np.tile([-1, 1], 8)).astype(np.float32)
ONE_AND_A_HALF, HALF = np.float32(1.5), np.float32(0.5)
CHUNK, FRAME = np.float32(rows.CHUNK), np.float32(1 / rows.CHUNK)
LEFT, RIGHT = 1, 2  # rows of the matrix
LEVEL = 0.9
CHANGE = np.float32(1 / 1920)  # a frame, of the fade around a change of type
QUARTER, ZERO, ONE, TWO, THREE = np.float32(0.25), np.float32(0), np.float32(1), np.float32(2), np.float32(3)
BELS = math.log(10)
MASK, DIFFUSER_MASK = rows.RING - 1, rows.DIFFUSER - 1
CUT = rows.TURNS + 2 * rows.REVERB_LOW


@inner
def _scaled(frames: int) -> int:
    """Return how many frames last as long at the mix's rate as these do at 48 kHz."""
    return int(ramp_frames(np.float32(frames)))


@inner
def design_lines(memory: Floats, counts: Counts) -> None:
    """Give the lines the lengths of the present type, and aim them at the present decay and damping.

    With s = 4·sin²(ω∕2), which is `square` at the damping, and what is lost at 0 Hz, the power of a line's lowpass is
    (1 + s∕square) ∕ (1 + s∕square + steep·s²), less that; its coefficients follow from 0 Hz, half the rate and `steep`.
    """
    seconds = math.exp(math.log(2) * memory[rows.NOW + rows.DECAY])
    half = math.sin(math.pi / rate() * math.exp(math.log(2) * memory[rows.NOW + rows.DAMPING]))
    square, kept = 4 * half * half, 0.0
    top = math.sqrt(1 + 4 / square)
    for line in range(rows.LANES):
        late = _scaled(LENGTHS[counts[rows.TYPE], line])
        lost = math.exp(BELS * 6 * late / (rate() * seconds))  # of power, once around
        steep = 2 * (lost - 1) / (square * square)
        base = math.sqrt(1 + 4 / square + 16 * steep)
        both = (1 + base) / 2
        first = (both + math.sqrt(both * both - 4 * steep)) / 2
        share = 0.5 / (first * math.sqrt(lost))
        kept += 1 / lost
        counts[rows.LATE + line] = late
        memory[rows.AIM + rows.DIRECT + line] = (1 + top) * share
        memory[rows.AIM + rows.LAST + line] = (1 - top) * share
        memory[rows.AIM + rows.BACK + line] = (base - 1) / (2 * first)
        memory[rows.AIM + rows.BACK_TWO + line] = -steep / (first * first)
    memory[rows.AIM + rows.WET] = LEVEL * math.sqrt(1 - kept / rows.LANES)


@inner
def change_type(memory: Floats, counts: Counts, asleep: bool) -> None:
    """Go on in a change of type, at a point of the grid: empty the lines once nothing of them sounds."""
    if asleep:
        memory[rows.OPEN] = ONE
    if counts[rows.TYPE] != counts[rows.TYPE_WANTED]:
        if asleep or counts[rows.EMPTIED] >= rows.RING:
            counts[rows.TYPE], counts[rows.EMPTIED], counts[rows.MOVES] = counts[rows.TYPE_WANTED], 0, 1
        elif memory[rows.OPEN] == ZERO:
            counts[rows.EMPTIED] += rows.CHUNK


@inner
def _delay(memory: Floats, counts: Counts, frames: int) -> None:
    """Cut the lows of the input and delay it, in place."""
    since = np.float32(counts[rows.CLOCK] & (rows.CHUNK - 1))
    turn_by, share_by = memory[rows.STEP + CUT], memory[rows.STEP + CUT + 1]
    turn, share = memory[rows.BASE + CUT] + turn_by * since, memory[rows.BASE + CUT + 1] + share_by * since
    one, two = memory[rows.HISTORIES], memory[rows.HISTORIES + 1]
    for frame in range(frames):
        turn, share = turn + turn_by, share + share_by
        value, _, one, two = cut_frame(memory[rows.INPUTS + frame], one, two, turn, share)
        memory[rows.INPUTS + frame] = value
    memory[rows.HISTORIES], memory[rows.HISTORIES + 1] = sound_scalar(one), sound_scalar(two)
    write(memory, PREDELAY, counts[rows.CLOCK], rows.INPUTS, frames)
    read(memory, counts, PREDELAY, rows.INPUTS, frames)


@inner
def _diffuse(memory: Floats, counts: Counts, frames: int) -> None:
    """Diffuse the input, in place.

    As the next type does while the lines are emptied: what a step of the share leaves in the diffusers ends meanwhile.
    """
    at, kind = counts[rows.CLOCK] & DIFFUSER_MASK, counts[rows.TYPE_WANTED if counts[rows.EMPTIED] > 0 else rows.TYPE]
    share = DIFFUSION[kind]
    for diffuser in range(rows.DIFFUSERS):
        ring, back = rows.DIFFUSER_RINGS + diffuser * (rows.DIFFUSER + rows.APART), at - _scaled(DIFFUSERS[diffuser])
        for frame in range(0, frames, rows.LANES):
            late = load(memory, ring + ((back + frame) & DIFFUSER_MASK))
            kept = sound(load(memory, rows.INPUTS + frame) - late * share)
            store(memory, ring + at + frame, kept)
            store(memory, rows.INPUTS + frame, late + kept * share)
        begin_again(memory, ring, at, DIFFUSER_MASK)


@inner
def _turn(memory: Floats) -> None:
    """Take the turning of the lines to the next point of the grid, and keep its vectors at their length."""
    cosine = load(memory, rows.TURN) + load(memory, rows.TURN_STEP) * CHUNK
    sine = load(memory, rows.TURN + rows.LANES) + load(memory, rows.TURN_STEP + rows.LANES) * CHUNK
    length = ONE_AND_A_HALF - (cosine * cosine + sine * sine) * HALF
    cosine, sine = cosine * length, sine * length
    store(memory, rows.TURN, cosine)
    store(memory, rows.TURN + rows.LANES, sine)
    by_cosine, by_sine = load(TURN_COSINE, 0) - ONE, load(TURN_SINE, 0)
    store(memory, rows.TURN_STEP, (cosine * by_cosine - sine * by_sine) * FRAME)
    store(memory, rows.TURN_STEP + rows.LANES, (sine * by_cosine + cosine * by_sine) * FRAME)


@inner
def _turn_around(memory: Floats, counts: Counts, frames: int) -> None:
    """Mix what leaves the lines, in `rows.LINES`, into what sounds and what enters them."""
    signs, one, two = load(SIGNS, 0), load(memory, rows.LINE_STATE), load(memory, rows.LINE_STATE + rows.LANES)
    since = np.float32(counts[rows.CLOCK] & (rows.CHUNK - 1))
    direct_by, last_by = load(memory, rows.STEP + rows.DIRECT), load(memory, rows.STEP + rows.LAST)
    back_by, back_two_by = load(memory, rows.STEP + rows.BACK), load(memory, rows.STEP + rows.BACK_TWO)
    direct = load(memory, rows.BASE + rows.DIRECT) + direct_by * since
    last = load(memory, rows.BASE + rows.LAST) + last_by * since
    back = load(memory, rows.BASE + rows.BACK) + back_by * since
    back_two = load(memory, rows.BASE + rows.BACK_TWO) + back_two_by * since
    wet_by, opened = memory[rows.STEP + rows.WET], memory[rows.OPEN]
    wet = memory[rows.BASE + rows.WET] + wet_by * since
    change = CHANGE if counts[rows.TYPE] == counts[rows.TYPE_WANTED] else -CHANGE
    keeps = ZERO if counts[rows.EMPTIED] > 0 else ONE
    spread, cosine, sine = load(SPREAD, 0), load(memory, rows.TURN), load(memory, rows.TURN + rows.LANES)
    cosine_by, sine_by = load(memory, rows.TURN_STEP), load(memory, rows.TURN_STEP + rows.LANES)
    cosine, sine = cosine + cosine_by * since, sine + sine_by * since
    for frame in range(frames):
        direct, last, wet = direct + direct_by, last + last_by, wet + wet_by
        back, back_two = back + back_by, back_two + back_two_by
        opened = min(max(opened + change, ZERO), ONE)
        share = opened * opened * (THREE - TWO * opened)
        place = rows.LINES + frame * rows.LANES
        late = load(memory, place)
        state = late * direct + one
        one = state * back + (late * last + two)
        two = state * back_two
        cosine, sine = cosine + cosine_by, sine + sine_by
        store(memory, place, hadamard(state * spread) * QUARTER)
        memory[rows.SOUND + frame] = memory[place + LEFT] * share
        memory[rows.SOUND + rows.CHUNK + frame] = memory[place + RIGHT] * share
        mixed = hadamard(state) * QUARTER
        mixed = mixed * cosine + neighbours(mixed) * sine
        entering = (mixed + splat(memory[rows.INPUTS + frame] * (wet * share))) * signs
        store(memory, place, sound(entering * keeps))
    store(memory, rows.LINE_STATE, sound(one * keeps))
    store(memory, rows.LINE_STATE + rows.LANES, sound(two * keeps))
    memory[rows.OPEN] = opened


@inner
def _read_lines(memory: Floats, counts: Counts, frames: int) -> None:
    """Read what leaves the lines into `rows.LINES`, sixteen frames of all at once."""
    for first in range(0, frames, rows.LANES):
        for line in range(rows.LANES):
            at = (counts[rows.CLOCK] + first - counts[rows.LATE + line]) & MASK
            ring = rows.RINGS + line * (rows.RING + rows.APART)
            counts[rows.PLACES + line] = ring + at
            fetch(memory, ring + ((at + AHEAD) & MASK))
        read_columns(memory, rows.LINES + first * rows.LANES, rows.LANES, memory, counts, rows.PLACES)


@inner
def _write_lines(memory: Floats, counts: Counts, frames: int) -> None:
    """Write what enters the lines."""
    at = counts[rows.CLOCK] & MASK
    for first in range(0, frames, rows.LANES):
        for line in range(rows.LANES):
            ring = rows.RINGS + line * (rows.RING + rows.APART)
            counts[rows.PLACES + line] = ring + at + first
            fetch(memory, ring + ((at + first + AHEAD) & MASK))
        write_columns(memory, rows.LINES + first * rows.LANES, rows.LANES, memory, counts, rows.PLACES)
    for line in range(rows.LANES):
        begin_again(memory, rows.RINGS + line * (rows.RING + rows.APART), at, MASK)


@inner
def reverb(memory: Floats, counts: Counts, frames: int) -> None:
    """Make the reverb of a chunk, from the first row of `rows.INPUTS` into that of `rows.SOUND`."""
    if counts[rows.TURNED] != counts[rows.CLOCK] // rows.CHUNK:
        counts[rows.TURNED] = counts[rows.CLOCK] // rows.CHUNK
        _turn(memory)
    _delay(memory, counts, frames)
    _diffuse(memory, counts, frames)
    _read_lines(memory, counts, frames)
    _turn_around(memory, counts, frames)
    _write_lines(memory, counts, frames)

"""Memory of the kernels: arrays side by side in named tuples, and how they are made.

`entry` takes types and order of the arrays from what `new_mix` and `view_controls` return, so an array that is added to
a tuple here is in the kernels too.

Amplitudes are linear, 0 is silent. A *master* is main (0), a mix (1–8) or the solo bus (9). A strip's ways lead into
the masters, left and right, a lane each, side by side in two vectors; the whole of a way (fader × mute × pan × send …)
is one amplitude.
The masters are strips too, the last group of the kernel's, so that what strips do to their sound masters can do.
"""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import effect_rows, rows
from remote_mixer.engine.controls import (
    BUSES,
    EFFECT_CONTROLS,
    EFFECTS,
    MASTER_PROCESSING,
    MAX_CHANNELS,
    MOST_INPUTS,
    OF_TAKES,
    PROCESSING,
    TABLE,
)
from remote_mixer.engine.deck_memory import Deck
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.shared import BLOCK_FRAMES

MASTERS = 1 + BUSES
SOLO = MASTERS  # master that has a fader and a limiter, and no processing
OUTPUTS = 2 * (MASTERS + 1)
SIDE_LANES = LANES  # of each side's ways
SEND_LANE = SOLO + 1  # first of the ways into the effects, which take the sum of both sides
METER_LANE = LANES - 1  # not a way: the amplitude of the strip itself, for its meter
WAYS_PROCESSED, WAYS_INPUT, WAYS_PRE_EQ = range(3)
"""Places where the ways of a strip begin: behind its processing, where its sends are usually taken, and before that."""
PLACES = 3
FADER_ROW, MONO_ROW = range(2)  # of the masters' ramps
LOOK_FRAMES = 64  # how far a limiter looks ahead
LATENCY_FRAMES = LOOK_FRAMES - 1

# Rows of the limiters' memory: lowest need since the ring began, what the eased amplitude lacks to 1, the sum of the
# last LOOK_FRAMES amplitudes, how much of a limiter acts and is to act, the ceiling as it stands (0 before the first
# frame), peaks of both sides; then rings: both sides' sound, the need of each frame, the lowest need of it and all
# after it, and the eased amplitudes.
LOWEST, TAKEN, EASED_SUM, LIMITED, LIMITED_GOAL, CEILING, PEAKS = range(7)
LINE = PEAKS + 2
NEED = LINE + 2 * LOOK_FRAMES
LOWEST_AFTER = NEED + LOOK_FRAMES
EASED_BEFORE = LOWEST_AFTER + LOOK_FRAMES + 1
LIMITER_ROWS = EASED_BEFORE + LOOK_FRAMES
MOST_FRAMES = 8192  # of one call of a sound card's or of JACK's, JACK's own limit
LOOKS = 32  # for `pictures.SPECTRA` strips, and for the search for feedback
LOOK_LINE = 1 << 15  # frames, twice the longest piece that is looked at
BY_CONTROLS, BY_PORTS, BEFORE = range(3)
CACHE_LINE = 64  # bytes
DIRECT_LATE = BLOCK_FRAMES  # frames by which a channel hears another's direct out late, at any size of blocks
LONGEST_DELAY = 0.6  # seconds that a line holds at least
APART = 16  # frames between lines: at a distance of a power of two they would push each other out of the cache

Floats = NDArray[np.float32]
Words = NDArray[np.uint32]
Counts = NDArray[np.int64]


class Sources(NamedTuple):
    """Sound of the strips.

    Stems of one side, and those of two, are kept side by side in a group, frame after frame, so that a block of them
    all is one straight read of memory: 128 streams far apart cost five times the rest of the mix. The strips inside the
    kernel are in the order of the groups, therefore; `channels` maps them to channels. The memory holds the whole
    timeline, or is a ring of its next seconds (see `streams`).

    pool      (samples,) float32, group after group; in a group (frames, sides, strips)
    groups    (groups, 5) uint64: start in the pool, frames of the loop (≥ 1), first strip, strips, sides (1 or 2)
    channels  (strips in use,) int64, the channel that each strip is, 0-based
    stereo    (strips in use,) bool
    """

    pool: Floats
    groups: NDArray[np.uint64]
    channels: NDArray[np.int64]
    stereo: NDArray[np.bool_]


class Ramps(NamedTuple):
    """Amplitudes on their way, all but `busy` (rows, columns) float32.

    target        where each goes
    square, cube  what it lacks is left² · (square + cube · left)
    left          frames still to go
    busy          (rows, 1) float32, the most of them in each row
    """

    target: Floats
    square: Floats
    cube: Floats
    left: Floats
    busy: Floats


class Chain(NamedTuple):
    """Processing of the strips before their faders, see `chain`; the strips in groups of LANES.

    sound   (PLACES, 2, BLOCK_FRAMES, strips) float32: the present block of both sides behind the processing, where
            `Mix.left` and `right` are it, and before, where sends are taken there
    memory  (rows.ROWS, strips) float32, see `rows`
    words   (controls of PROCESSING, strips) uint32, those that are followed, as they stood in the shared memory
    fresh   (1, strips) bool, True until the controls are followed for the first time, which needs no glide
    state   (rows.STATES, groups) int64: what of a group glides, and what acts
    clock   int64: frames since the start, then the numbers of the deck, see `deck_memory`; of the next mix too
    channels  (strips,) int64, the channel of each strip
    lines   (2, MAX_CHANNELS + LANES + 1, line_frames() + APART) float32, of the delays of both sides, and of the next
            mix too; those of the masters after those of the channels; the last is spare
    levels  (BLOCK_FRAMES, LANES) float32, of a group's strips, by which gate and compressor go, then their amplitudes
    key     (BLOCK_FRAMES, LANES) float32, one side of what gate or compressor hears, filtered
    places  (2, LANES) int64, in `lines`, where the delays of a group write and read
    """

    sound: Floats
    memory: Floats
    words: Words
    fresh: NDArray[np.bool_]
    state: Counts
    clock: Counts
    channels: Counts
    lines: Floats
    levels: Floats
    key: Floats
    places: Counts


class Signals(NamedTuple):
    """Sound that strips can play instead of a stem, shared by all mixes of an engine, see `gather`.

    inputs       (MOST_FRAMES, MOST_INPUTS) float32, of the device in the present turn; silent where it has fewer
    begin        (1,) int64, its frame with which the present block begins
    directs      (DIRECT_LATE + MOST_FRAMES, MAX_CHANNELS) float32, the channels' direct outs: the last frames of the
                 turn before, then those of the present turn
    tapped       (3,) bool, whether direct outs are taken BY_CONTROLS, and BY_PORTS of JACK's; whether any were BEFORE
    tone, noise  (BLOCK_FRAMES,) float32, the present block
    phase        (1,) float64, of the tone, radians
    seed         (1,) uint64, of the noise
    poles        (7,) float64, its filter's history, the last sample of white noise in the last place
    in_use       (1,) bool, whether any strip plays, or is to play, anything but a stem
    """

    inputs: Floats
    begin: NDArray[np.int64]
    directs: Floats
    tapped: NDArray[np.bool_]
    tone: Floats
    noise: Floats
    phase: NDArray[np.float64]
    seed: NDArray[np.uint64]
    poles: NDArray[np.float64]
    in_use: NDArray[np.bool_]


class Looks(NamedTuple):
    """Sound of single strips for pictures of it, shared by all mixes of an engine, see `looks`.

    channels  (LOOKS,) int64, 0-based; negative for none
    sound     (LOOKS, LOOK_LINE) float32, the last frames, round and round
    taken     (1,) int64, frames so far
    """

    channels: Counts
    sound: Floats
    taken: Counts


class Effects(NamedTuple):
    """Reverb and delay, see `effects` and the places in `effect_rows`.

    memory  (effect_rows.SIZE,) float32, params, filters and lines; of the next mix too
    counts  (effect_rows.COUNTS,) int64, likewise
    """

    memory: Floats
    counts: Counts


class Mix(NamedTuple):
    """State of the kernels from block to block.

    sources       the stems
    signals       Signals
    wanted        (strips,) int64, index among `controls.SOURCES` of what each is to play
    source        (strips,) int64, of what it plays
    share         (strips,) float32, amplitude of that: less than 1 while the source changes
    ways          Ramps (PLACES · strips, 2 · SIDE_LANES): of each strip into the masters, left, then right
    masters       Ramps (2, SIDE_LANES), FADER_ROW and MONO_ROW: of each master
    transport     Ramps (1, 1): 1 plays, 0 is halted
    open_ways     (strips, SIDE_LANES) bool, False where a mute, or on the solo bus no solo, closes the way
    open_masters  (MASTERS + 1,) bool
    left, right   (BLOCK_FRAMES, strips) float32, the present block
    block_peaks   (strips,) float32, highest of the present block
    strip_peaks   (2, strips) float32, input and post fader, highest since the last meter frame
    output_peaks  (2, SIDE_LANES) float32, likewise, of each side of the masters
    position      (1,) uint64, frames; wraps at `wrap` (1,)
    clip          (1,) bool, latched when main goes over full scale
    ceilings      (1, SIDE_LANES) float32, amplitudes, as they are set; infinite where a master's limiter is off
    limiter       (LIMITER_ROWS, SIDE_LANES) float32, memory of the limiters, see `limiter`
    look          (1,) int64, the limiters' place in the frames that they look ahead
    chain         Chain
    looks         Looks
    effects       Effects
    """

    sources: Sources
    signals: Signals
    wanted: NDArray[np.int64]
    source: NDArray[np.int64]
    share: Floats
    ways: Ramps
    masters: Ramps
    transport: Ramps
    open_ways: NDArray[np.bool_]
    open_masters: NDArray[np.bool_]
    left: Floats
    right: Floats
    block_peaks: Floats
    strip_peaks: Floats
    output_peaks: Floats
    position: NDArray[np.uint64]
    wrap: NDArray[np.uint64]
    clip: NDArray[np.bool_]
    ceilings: Floats
    limiter: Floats
    look: Counts
    chain: Chain
    looks: Looks
    effects: Effects


def zeros(*shape: int) -> Floats:
    """Return zeros that begin at a line of the processor's cache: a vector across two of them costs twice as much."""
    memory = np.zeros(math.prod(shape) * 4 + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start : start + math.prod(shape) * 4].view(np.float32).reshape(shape)


def limiter_at_rest() -> Floats:
    """Return memory of limiters that reduce nothing, full of silence."""
    memory = zeros(LIMITER_ROWS, SIDE_LANES)
    memory[[LOWEST, *range(NEED, LIMITER_ROWS)]] = 1
    memory[[LIMITED, LIMITED_GOAL], 1:] = 1  # of the mixes; main's is off
    memory[EASED_SUM] = LOOK_FRAMES
    return memory


def _no_ceilings() -> Floats:
    """Return ceilings of limiters that are off; that of the solo bus, which goes to ears, is always full scale."""
    ceilings = np.full((1, SIDE_LANES), np.inf, np.float32)
    ceilings[0, SOLO] = 1
    return ceilings


def new_signals() -> Signals:
    """Return signals that begin, and silent inputs."""
    return Signals(
        inputs=zeros(MOST_FRAMES, MOST_INPUTS),
        begin=np.zeros(1, np.int64),
        directs=zeros(DIRECT_LATE + MOST_FRAMES, MAX_CHANNELS),
        tapped=np.zeros(3, np.bool_),
        tone=zeros(BLOCK_FRAMES),
        noise=zeros(BLOCK_FRAMES),
        phase=np.zeros(1),
        seed=np.array([0x9E3779B97F4A7C15], np.uint64),
        poles=np.zeros(7),
        in_use=np.zeros(1, np.bool_),
    )


def _new_lines() -> Floats:
    """Return silent lines for the delays."""
    return zeros(2, MAX_CHANNELS + LANES + 1, line_frames() + APART)


def line_frames() -> int:
    """Return the frames of a delay's line, a power of two."""
    return 1 << math.ceil(math.log2(LONGEST_DELAY * rate()))


def new_looks() -> Looks:
    """Return looks at no strip."""
    return Looks(np.full(LOOKS, -1), zeros(LOOKS, LOOK_LINE), np.zeros(1, np.int64))


def new_mix(  # noqa: PLR0913, PLR0917  # all that is shared with the mix before it
    sources: Sources,
    wrap_frames: int,
    signals: Signals,
    looks: Looks | None = None,
    deck: Deck | None = None,
    before: Mix | None = None,
) -> Mix:
    """Return a mix that is silent, at position 0; lines and effects are those of the mix before it, if any."""
    strips = -(-max(len(sources.channels), 1) // LANES) * LANES + LANES
    sound = zeros(PLACES, 2, BLOCK_FRAMES, strips)
    return Mix(
        sources=sources,
        signals=signals,
        wanted=np.zeros(strips, np.int64),
        source=np.zeros(strips, np.int64),
        share=np.ones(strips, np.float32),
        ways=_new_ramps(PLACES * strips, 2 * SIDE_LANES),
        masters=_new_ramps(2, SIDE_LANES),
        transport=_new_ramps(1, 1),
        open_ways=np.ones((strips, SIDE_LANES), np.bool_),
        open_masters=np.ones(MASTERS + 1, np.bool_),
        left=sound[WAYS_PROCESSED, 0],
        right=sound[WAYS_PROCESSED, 1],
        block_peaks=zeros(strips),
        strip_peaks=zeros(2, strips),
        output_peaks=zeros(2, SIDE_LANES),
        position=np.zeros(1, np.uint64),
        wrap=np.array([wrap_frames], np.uint64),
        clip=np.zeros(1, np.bool_),
        ceilings=_no_ceilings(),
        limiter=limiter_at_rest(),
        look=np.zeros(1, np.int64),
        chain=_new_chain(sound, sources, before.chain.lines if before else _new_lines(), deck or Deck(OUTPUTS)),
        looks=looks or new_looks(),
        effects=before.effects if before else _new_effects(),
    )


def _new_effects() -> Effects:
    """Return effects that are asleep."""
    memory, counts = np.empty(effect_rows.SIZE, np.float32), np.zeros(effect_rows.COUNTS, np.int64)
    memory.fill(0)  # so that the memory is there before the sound, as that of the tape
    memory[effect_rows.TURN : effect_rows.TURN + effect_rows.LANES] = 1
    counts[effect_rows.FRESH], counts[effect_rows.TURNED] = 1, -1
    counts[effect_rows.QUIET : effect_rows.QUIET + EFFECTS] = np.iinfo(np.int64).max // 2
    return Effects(memory, counts)


def _new_ramps(count: int, columns: int) -> Ramps:
    target, square, cube, left = (zeros(count, columns) for _ in range(4))
    return Ramps(target, square, cube, left, zeros(count, 1))


def _new_chain(sound: Floats, sources: Sources, lines: Floats, deck: Deck) -> Chain:
    """Return processing that changes nothing."""
    strips, used = sound.shape[-1], len(sources.channels)
    memory = zeros(rows.ROWS, strips)
    for row in rows.AT_REST:
        memory[[rows.COEFS + row, rows.AIMS + row]] = 1
    memory[[rows.GATE_LEAST, rows.DYN_LEAST]] = 1
    state = np.zeros((rows.STATES, strips // rows.LANES), np.int64)
    state[rows.STEREO, np.flatnonzero(sources.stereo) // rows.LANES] = 1
    state[rows.STEREO, -1] = 1
    state[[rows.GLIDES, rows.DELAYS]] = state[rows.AUTOMIX, :-1] = 1  # until it is found out what acts
    memory[rows.DELAY_DONE] = line_frames()
    memory[[rows.AUTOMIX_GOAL, rows.AUTOMIX_LAG, rows.AUTOMIX_BASE, rows.AUTOMIX_AIM]] = 1
    memory[rows.SIDES, :used] = 1 + sources.stereo
    memory[rows.SIDES, -LANES:] = 2
    channels = np.zeros(strips, np.int64)
    channels[:used], channels[-LANES:] = sources.channels, np.arange(MAX_CHANNELS, MAX_CHANNELS + LANES)
    words = np.zeros((len(PROCESSING), strips), np.uint32)
    fresh, places = np.ones((1, strips), np.bool_), np.zeros((2, LANES), np.int64)
    levels, key = zeros(BLOCK_FRAMES, LANES), zeros(BLOCK_FRAMES, LANES)
    return Chain(
        sound, memory, words, fresh, state, deck.numbers, channels, lines=lines, levels=levels, key=key, places=places
    )


Controls = Any
"""Named tuple with an array of each row of `controls.TABLE`, by its name and in its shape, float32 or uint32.

Those of PROCESSING are one array, (rows, MAX_CHANNELS), seen twice: `processing` as float32, `processing_words` as
uint32. Those of MASTER_PROCESSING are `master_processing` and `master_processing_words`, (rows, MASTERS); those of
EFFECT_CONTROLS, word after word, are `effects` and `effects_words`, (1, words).
"""

_named_tuple: Any = namedtuple  # its fields are known from the table only
EFFECT_WORDS = sum(row.size for row in EFFECT_CONTROLS)
EFFECTS_START = TABLE.starts[TABLE.rows.index(EFFECT_CONTROLS[0])]
_ARRAYS = {
    "processing": (PROCESSING, MAX_CHANNELS),
    "master_processing": (MASTER_PROCESSING, MASTERS),
    "effects": (EFFECT_CONTROLS, EFFECT_WORDS),
}
_IN_ARRAYS = [row for controls, _ in _ARRAYS.values() for row in controls]
_SINGLE = [row for row in TABLE.rows if row not in (*_IN_ARRAYS, *OF_TAKES)]
_VIEWS = [f"{name}{kind}" for name in _ARRAYS for kind in ("", "_words")]
_Controls = _named_tuple("_Controls", [*(row.name for row in _SINGLE), *_VIEWS])


def view_controls(memory: NDArray[np.uint8]) -> Controls:
    """Return the controls in the shared memory, (shared.SIZE_BYTES,), as arrays over the same bytes."""
    floats, words = memory.view(np.float32), memory.view(np.uint32)
    views = []
    for row in _SINGLE:
        start = TABLE.starts[TABLE.rows.index(row)]
        views.append((floats if row.kind.is_float else words)[start : start + row.size].reshape(row.shape))
    for controls, columns in _ARRAYS.values():
        start = TABLE.starts[TABLE.rows.index(controls[0])]
        block = slice(start, start + sum(row.size for row in controls))
        views += [view[block].reshape(-1, columns) for view in (floats, words)]
    return _Controls(*views)

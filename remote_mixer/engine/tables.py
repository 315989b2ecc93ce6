"""Memory of the kernels: arrays side by side in named tuples, and how they are made.

`entry` takes types and order of the arrays from what `new_mix` and `view_controls` return, so an array that is added to
a tuple here is in the kernels too.

Amplitudes are linear, 0 is silent. A *row* is one output as the strips see it: 0 and 1 main left and right, 2–9 buses
1–8, 10 the post fader meter. The whole way of a strip into a row (fader × mute × pan × send …) is one amplitude.
"""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import rows
from remote_mixer.engine.controls import BUSES, MAX_CHANNELS, MOST_INPUTS, OF_TAKES, PROCESSING, TABLE
from remote_mixer.engine.deck_memory import Deck
from remote_mixer.engine.rates import rate
from remote_mixer.engine.shared import BLOCK_FRAMES

ROWS = 2 + BUSES + 1
BUS_ROW = 2
METER_ROW = ROWS - 1
OUTPUTS = 2 + BUSES
MASTERS = 1 + BUSES
LOOK_FRAMES = 64  # how far a limiter looks ahead; a power of four
LATENCY_FRAMES = LOOK_FRAMES - 1
LINE_FRAMES = LATENCY_FRAMES + BLOCK_FRAMES
STRIPS_PADDED_TO = 32
MOST_FRAMES = 8192  # of one call of a sound card's or of JACK's, JACK's own limit
LOOKS = 32  # for `pictures.SPECTRA` strips, and for the search for feedback
LOOK_LINE = 1 << 15  # frames, twice the longest piece that is looked at
BY_CONTROLS, BY_PORTS, BEFORE = range(3)
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
    """Amplitudes on their way, all (rows, strips) float32; `left` counts the frames still to go."""

    target: Floats
    slope: Floats
    left: Floats


class Limiters(NamedTuple):
    """The buses' limiters, see `limiter`; all float32, all but `ceilings` (LINE_FRAMES · BUSES,), frame after frame.

    ceilings    (BUSES,) amplitudes; infinite where the limiter is off
    line        samples after the fader that have not left yet, then the present block
    eased       the amplitude that each frame may have, before it is averaged
    low, spare  scratch memory
    """

    ceilings: Floats
    line: Floats
    eased: Floats
    low: Floats
    spare: Floats


class Chain(NamedTuple):
    """Processing of the strips before their faders, see `chain`; the strips in groups of LANES.

    memory  (rows.ROWS, strips) float32, see `rows`
    words   (controls of PROCESSING, strips) uint32, those that are followed, as they stood in the shared memory
    fresh   (1, strips) bool, True until the controls are followed for the first time, which needs no glide
    state   (rows.STATES, groups) int64: what of a group glides, and what acts
    clock   int64: frames since the start, then the numbers of the deck, see `deck_memory`; of the next mix too
    channels  (strips,) int64, the channel of each strip
    lines   (2, MAX_CHANNELS, line_frames() + APART) float32, of the delays of both sides, and of the next mix too
    """

    memory: Floats
    words: Words
    fresh: NDArray[np.bool_]
    state: Counts
    clock: Counts
    channels: Counts
    lines: Floats


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


class Mix(NamedTuple):
    """State of the kernels from block to block.

    sources       the stems
    signals       Signals
    wanted        (strips,) int64, index among `controls.SOURCES` of what each is to play
    source        (strips,) int64, of what it plays
    share         (strips,) float32, amplitude of that: less than 1 while the source changes
    strips        Ramps (ROWS, strips)
    masters       Ramps (1, MASTERS): main, then the buses
    transport     Ramps (1, 1): 1 plays, 0 is halted
    open_strips   (ROWS, strips) bool, False where a mute, or another strip's solo, closes the way
    open_masters  (MASTERS,) bool
    left, right, mid   (BLOCK_FRAMES, strips) float32, the present block
    block_peaks   (strips,) float32, highest of the present block
    strip_peaks   (2, strips) float32, input and post fader, highest since the last meter frame
    output_peaks  (OUTPUTS,) float32, likewise
    position      (1,) uint64, frames; wraps at `wrap` (1,)
    clip          (1,) bool, latched when main goes over full scale
    limiters      Limiters
    chain         Chain
    looks         Looks
    """

    sources: Sources
    signals: Signals
    wanted: NDArray[np.int64]
    source: NDArray[np.int64]
    share: Floats
    strips: Ramps
    masters: Ramps
    transport: Ramps
    open_strips: NDArray[np.bool_]
    open_masters: NDArray[np.bool_]
    left: Floats
    right: Floats
    mid: Floats
    block_peaks: Floats
    strip_peaks: Floats
    output_peaks: Floats
    position: NDArray[np.uint64]
    wrap: NDArray[np.uint64]
    clip: NDArray[np.bool_]
    limiters: Limiters
    chain: Chain
    looks: Looks


def new_signals() -> Signals:
    """Return signals that begin, and silent inputs."""
    return Signals(
        inputs=np.zeros((MOST_FRAMES, MOST_INPUTS), np.float32),
        begin=np.zeros(1, np.int64),
        directs=np.zeros((DIRECT_LATE + MOST_FRAMES, MAX_CHANNELS), np.float32),
        tapped=np.zeros(3, np.bool_),
        tone=np.zeros(BLOCK_FRAMES, np.float32),
        noise=np.zeros(BLOCK_FRAMES, np.float32),
        phase=np.zeros(1),
        seed=np.array([0x9E3779B97F4A7C15], np.uint64),
        poles=np.zeros(7),
        in_use=np.zeros(1, np.bool_),
    )


def new_lines() -> Floats:
    """Return silent lines for the delays."""
    return np.zeros((2, MAX_CHANNELS, line_frames() + APART), np.float32)


def line_frames() -> int:
    """Return the frames of a delay's line, a power of two."""
    return 1 << math.ceil(math.log2(LONGEST_DELAY * rate()))


def new_looks() -> Looks:
    """Return looks at no strip."""
    return Looks(np.full(LOOKS, -1), np.zeros((LOOKS, LOOK_LINE), np.float32), np.zeros(1, np.int64))


def new_mix(  # noqa: PLR0913, PLR0917  # all that is shared with the mix before it
    sources: Sources,
    wrap_frames: int,
    signals: Signals,
    lines: Floats | None = None,
    looks: Looks | None = None,
    deck: Deck | None = None,
) -> Mix:
    """Return a mix that is silent, at position 0; lines, looks and deck are those of the mix before it, if any."""
    strips = -(-max(len(sources.channels), 1) // STRIPS_PADDED_TO) * STRIPS_PADDED_TO
    return Mix(
        sources=sources,
        signals=signals,
        wanted=np.zeros(strips, np.int64),
        source=np.zeros(strips, np.int64),
        share=np.ones(strips, np.float32),
        strips=_new_ramps(ROWS, strips),
        masters=_new_ramps(1, MASTERS),
        transport=_new_ramps(1, 1),
        open_strips=np.ones((ROWS, strips), np.bool_),
        open_masters=np.ones(MASTERS, np.bool_),
        left=np.zeros((BLOCK_FRAMES, strips), np.float32),
        right=np.zeros((BLOCK_FRAMES, strips), np.float32),
        mid=np.zeros((BLOCK_FRAMES, strips), np.float32),
        block_peaks=np.zeros(strips, np.float32),
        strip_peaks=np.zeros((2, strips), np.float32),
        output_peaks=np.zeros(OUTPUTS, np.float32),
        position=np.zeros(1, np.uint64),
        wrap=np.array([wrap_frames], np.uint64),
        clip=np.zeros(1, np.bool_),
        limiters=_new_limiters(),
        chain=_new_chain(strips, sources, new_lines() if lines is None else lines, deck or Deck(OUTPUTS)),
        looks=looks or new_looks(),
    )


def _new_ramps(rows: int, strips: int) -> Ramps:
    return Ramps(*(np.zeros((rows, strips), np.float32) for _ in range(3)))


def _new_limiters() -> Limiters:
    line = np.zeros(LINE_FRAMES * BUSES, np.float32)
    ceilings = np.full(BUSES, np.inf, np.float32)
    return Limiters(ceilings, line, np.ones_like(line), np.ones_like(line), np.ones_like(line))


def _new_chain(strips: int, sources: Sources, lines: Floats, deck: Deck) -> Chain:
    """Return processing that changes nothing."""
    memory = np.zeros((rows.ROWS, strips), np.float32)
    for row in rows.AT_REST:
        memory[[rows.COEFS + row, rows.AIMS + row]] = 1
    memory[[rows.GATE_LEAST, rows.DYN_LEAST]] = 1
    state = np.zeros((rows.STATES, strips // rows.LANES), np.int64)
    state[rows.STEREO, np.flatnonzero(sources.stereo) // rows.LANES] = 1
    state[[rows.GLIDES, rows.DELAYS]] = 1  # until it is found out what acts
    memory[rows.DELAY_DONE] = line_frames()
    memory[rows.SIDES, : len(sources.stereo)] = 1 + sources.stereo
    channels = np.zeros(strips, np.int64)
    channels[: len(sources.channels)] = sources.channels
    words = np.zeros((len(PROCESSING), strips), np.uint32)
    return Chain(memory, words, np.ones((1, strips), np.bool_), state, deck.numbers, channels, lines)


Controls = Any
"""Named tuple with an array of each row of `controls.TABLE`, by its name and in its shape, float32 or uint32.

Those of PROCESSING are one array, (rows, MAX_CHANNELS), seen twice: `processing` as float32, `processing_words` as
uint32.
"""

_named_tuple: Any = namedtuple  # its fields are known from the table only
_SINGLE = [row for row in TABLE.rows if row not in (*PROCESSING, *OF_TAKES)]
_Controls = _named_tuple("_Controls", [*(row.name for row in _SINGLE), "processing", "processing_words"])


def view_controls(memory: NDArray[np.uint8]) -> Controls:
    """Return the controls in the shared memory, (shared.SIZE_BYTES,), as arrays over the same bytes."""
    floats, words = memory.view(np.float32), memory.view(np.uint32)
    views = []
    for row in _SINGLE:
        start = TABLE.starts[TABLE.rows.index(row)]
        views.append((floats if row.kind.is_float else words)[start : start + row.size].reshape(row.shape))
    start = TABLE.starts[TABLE.rows.index(PROCESSING[0])]
    block = slice(start, start + len(PROCESSING) * MAX_CHANNELS)
    return _Controls(*views, *(view[block].reshape(-1, MAX_CHANNELS) for view in (floats, words)))

"""Memory of a turn: what the turns of the mix read and write besides `tables.Mix` and the controls.

A turn is one call of the mixing: by the sound card, by JACK, or by the clock. `entry` takes types and order of the
arrays from `new_turn`, as it does for the mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.rates import rate
from remote_mixer.engine.ring import Ring, new_ring
from remote_mixer.engine.tables import MOST_FRAMES, OUTPUTS, Floats, Signals

PRESENT, NEXT = 0, 1
"""Places in the switch, (2,) uint64: address of the table of the mix that plays, and of the one to go on with, or 0."""
START, END = 0, 1

GENERATION, SEEKS, CLIP_CLEARS, WAITED, UNMETERED, CHANGING, ODD = range(7)
COUNTS = 7
"""Places in `Block.counts`: counters of the shared block as last seen, frames for which sound was waited, frames since
the last meter frame, whether the strips that leave are fading, and frames that are no whole block yet."""

TAPE_SECONDS = 10


class Block(NamedTuple):
    """Memory that all mixes of one engine share.

    words, doubles  of the shared block, see `shared`
    meters          (2, shared.METER_HALF_BYTES) uint8, its meter codes
    counts          (COUNTS,) int64
    tape            (frames, OUTPUTS) float32, the last TAPE_SECONDS seconds of every output, from which sinks read
    taped           (1,) int64, frames written to the tape so far
    """

    words: NDArray[np.uint32]
    doubles: NDArray[np.float64]
    meters: NDArray[np.uint8]
    counts: NDArray[np.int64]
    tape: Floats
    taped: NDArray[np.int64]


class Supplied(NamedTuple):
    """State of the sound that is supplied to one mix.

    frames   (1,) uint64, length of the timeline
    there    (2, strips) int64: from which frame on (START), and up to which (END), each strip has sound in memory; END
             is written first on the way down
    silent   (strips,) bool, strips without sound
    gaps     (strips,) int64, how often each fell silent
    """

    frames: NDArray[np.uint64]
    there: NDArray[np.int64]
    silent: NDArray[np.bool_]
    gaps: NDArray[np.int64]


class Turn(NamedTuple):
    """Memory of the turns of one mix.

    block     Block
    supplied  Supplied
    leaving   (strips,) int64: strips of the mix before that have to fade out first
    copies    (count, 3) uint64: address, goal and number of bytes of what is carried over from the mix before
    """

    block: Block
    supplied: Supplied
    leaving: NDArray[np.int64]
    copies: NDArray[np.uint64]


def new_block(memory: NDArray[np.uint8]) -> Block:
    """Return views of the shared block's memory, (shared.SIZE_BYTES,), and an empty tape."""
    tape = np.empty((TAPE_SECONDS * rate(), OUTPUTS), np.float32)
    tape.fill(0)  # so that the memory is there before the sound: a page that has to be fetched is a late turn
    return Block(
        words=memory[: 4 * (len(memory) // 4)].view(np.uint32),
        doubles=memory[: 8 * (len(memory) // 8)].view(np.float64),
        meters=memory[shared.METER_BYTE :][: 2 * shared.METER_HALF_BYTES].reshape(2, shared.METER_HALF_BYTES),
        counts=np.zeros(COUNTS, np.int64),
        tape=tape,
        taped=np.zeros(1, np.int64),
    )


def new_supplied(strips: int, frames: int) -> Supplied:
    """Return the state of a timeline of so many frames, of which no strip has any sound yet."""
    return Supplied(
        frames=np.array([frames], np.uint64),
        there=np.zeros((2, strips), np.int64),
        silent=np.zeros(strips, np.bool_),
        gaps=np.zeros(strips, np.int64),
    )


def new_turn(block: Block, supplied: Supplied) -> Turn:
    """Return the memory of a first mix, before which there was none."""
    return Turn(block, supplied, np.zeros(0, np.int64), np.zeros((0, 3), np.uint64))


TIMES = 4096
CALLS, XRUNS, GONE = range(3)
SILENT, FOLDED = -1, -2
"""Sounds of an output that has no column and no direct out: nothing, or main folded to mono."""


class Device(NamedTuple):
    """Memory of a sound card's or of JACK's callback, see `device`.

    switch         (2,) uint64, of the mix
    functions      (2,) uint64: addresses of jack_port_get_buffer and of jack_get_time; 0 on a card
    inputs         (count,) uint64, JACK's handle of each input; on a card only their number counts
    outputs        (count,) uint64, likewise
    counts         (3,) int64: calls, xruns, and whether the server has ended
    input_sound    `tables.Signals.inputs`
    sound          (MOST_FRAMES, tables.OUTPUTS) float32, scratch memory
    directs        `tables.Signals.directs`
    words          (count,) uint32, controls of what the first outputs play, indices among `controls.FEEDS`; () on JACK
    usual          (outputs,) int64: column of the mix, OUTPUTS + channel of a direct out, SILENT or FOLDED
    feeds          (outputs,) int64, likewise, what each plays now
    shares         (outputs,) float32, amplitude of that: less than 1 after the start, and while the feed changes
    times          (TIMES,) uint32: how many calls took so many µs; the last place counts all that took longer
    ring           `ring.Ring`, where the inputs are those of another card
    """

    switch: NDArray[np.uint64]
    functions: NDArray[np.uint64]
    inputs: NDArray[np.uint64]
    outputs: NDArray[np.uint64]
    counts: NDArray[np.int64]
    input_sound: Floats
    sound: Floats
    directs: Floats
    words: NDArray[np.uint32]
    usual: NDArray[np.int64]
    feeds: NDArray[np.int64]
    shares: Floats
    times: NDArray[np.uint32]
    ring: Ring


class Ports(NamedTuple):
    """Inputs and outputs of a device.

    inputs, outputs  JACK's handle of each; on a card any number
    usual            what each output plays unless a control says otherwise, see `Device`
    functions        addresses, see `Device`
    ring             of the inputs, where these are another card's
    """

    inputs: Sequence[int] = ()
    outputs: Sequence[int] = ()
    usual: Sequence[int] = ()
    functions: Sequence[int] = ()
    ring: Ring = new_ring()


def usual_feeds(outputs: int) -> list[int]:
    """Return what so many outputs of a card play usually: the columns of the mix in their order, and main on one."""
    return [FOLDED] if outputs == 1 else [output if output < OUTPUTS else SILENT for output in range(outputs)]


def new_device(switch: NDArray[np.uint64], signals: Signals, words: NDArray[np.uint32], ports: Ports) -> Device:
    """Return the memory of a device whose outputs fade in; `words` are the controls of what they play."""
    return Device(
        switch=switch,
        functions=np.array(ports.functions, np.uint64),
        inputs=np.array(ports.inputs, np.uint64),
        outputs=np.array(ports.outputs, np.uint64),
        counts=np.zeros(3, np.int64),
        input_sound=signals.inputs,
        sound=np.zeros((MOST_FRAMES, OUTPUTS), np.float32),
        directs=signals.directs,
        words=words,
        usual=np.array(ports.usual, np.int64),
        feeds=np.array(ports.usual, np.int64),
        shares=np.zeros(len(ports.outputs), np.float32),
        times=np.zeros(TIMES, np.uint32),
        ring=ports.ring,
    )

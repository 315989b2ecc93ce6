"""A turn of the mix, compiled: controls, transport, a change to other channels, sound, meters, tape.

Nothing here allocates, waits or knows Python, so a sound card's own thread may call it. What other threads share with
it are words: each is written after what it announces, with a `fence` between.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import shared
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.gather import begin_turn, choose, is_halted
from remote_mixer.engine.inner import inner
from remote_mixer.engine.kernel import encode, run
from remote_mixer.engine.ramps import SWITCHED_FRAMES, aim
from remote_mixer.engine.rates import rate
from remote_mixer.engine.routing import fade, follow
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.tables import OUTPUTS, Controls, Floats, Mix, Ramps
from remote_mixer.engine.turn_memory import (
    CHANGING,
    CLIP_CLEARS,
    END,
    GENERATION,
    NEXT,
    ODD,
    PRESENT,
    SEEKS,
    START,
    UNMETERED,
    WAITED,
    Block,
    Supplied,
    Turn,
)
from remote_mixer.engine.vectors import copy_numbers
from remote_mixer.engine.views import bytes_at, fence, views_at

METER_SECONDS = 1024 / 48_000  # 47 meter frames a second
PATIENCE_SECONDS = 1  # at the start and after a jump, until stems whose disk is slow are left behind
READY_SECONDS = 0.125
FADE_FRAMES = BLOCK_FRAMES
PLAY = TABLE.places["transport/play"].word


@inner
def _read_controls(mix: Mix, controls: Controls, block: Block) -> None:
    """Follow the controls where there is a new generation of them, and say so."""
    words, counts = block.words, block.counts
    generation, clears = words[shared.GENERATION], words[shared.CLIP_CLEARS]
    fence()
    if clears != counts[CLIP_CLEARS]:
        counts[CLIP_CLEARS] = clears
        mix.clip[0] = False
        words[shared.CLIP] = 0  # before `applied`: a reader that waits for that never sees the old latch
    if generation != counts[GENERATION]:
        follow(mix, controls)
        choose(mix, controls)
        counts[GENERATION] = generation
        fence()
        words[shared.APPLIED] = generation


@inner
def _holds(mix: Mix, supplied: Supplied, strip: int, count: int) -> bool:
    """Whether a strip's next `count` frames are there."""
    position = np.int64(mix.position[0])
    return bool(supplied.there[START, strip] <= position and supplied.there[END, strip] >= position + count)


@inner
def _is_supplied(mix: Mix, turn: Turn, frames: int) -> bool:
    """Whether all strips have sound, or have been waited for long enough."""
    counts, ready, frames_ready = turn.block.counts, True, int(READY_SECONDS * rate())
    for strip in range(turn.supplied.silent.shape[0]):
        ready &= _holds(mix, turn.supplied, strip, frames_ready)
    counts[WAITED] += frames
    if not ready and counts[WAITED] < PATIENCE_SECONDS * rate():
        return False
    counts[WAITED] = 0
    return True


@inner
def _frames(supplied: Supplied, seconds: float) -> np.uint64:
    """Return the frame of the timeline at a time; the first where that is no time."""
    if not 0 <= seconds < shared.MOST_SECONDS:
        return np.uint64(0)
    return np.uint64(np.uint64(seconds * rate() + 0.5) % supplied.frames[0])


@inner
def _read_transport(mix: Mix, turn: Turn, frames: int) -> None:
    """Play, halt, or, for a seek: fade out, jump, fade in; fade in when there is sound."""
    words, counts = turn.block.words, turn.block.counts
    seeks = words[shared.SEEKS]
    fence()
    seeking = seeks != counts[SEEKS]
    if seeking and is_halted(mix):
        counts[SEEKS] = seeks
        mix.position[0] = _frames(turn.supplied, turn.block.doubles[shared.SEEK_SECONDS])
        seeking = False
    plays = words[PLAY] != 0 and not seeking
    if plays and is_halted(mix):
        plays = _is_supplied(mix, turn, frames)
    fade(mix, np.float32(plays))


@inner
def _scale(mix: Mix, strip: int, frame: int, amplitude: np.float32) -> None:
    """Multiply a strip's sound in memory, at a frame after the position."""
    pool, groups = mix.sources.pool, mix.sources.groups
    for group in range(groups.shape[0]):
        start, length, first, strips, sides = groups[group]
        inside = np.int64(strip) - np.int64(first)
        if 0 <= inside < np.int64(strips):
            place = (mix.position[0] + np.uint64(frame)) % length
            for side in range(sides):
                pool[start + (place * sides + np.uint64(side)) * strips + np.uint64(inside)] *= amplitude


@inner
def _bridge(mix: Mix, supplied: Supplied, strip: int, frames: int, holds: bool) -> None:
    """Fade a strip out, keep it silent, or fade it in, in the frames that are mixed next."""
    length, silent = min(frames, FADE_FRAMES), supplied.silent[strip]
    fades = np.float32(holds or (not silent and _holds(mix, supplied, strip, length))) / np.float32(length)
    for frame in range(length):
        _scale(mix, strip, frame, fades * np.float32(frame + 1 if holds else length - frame))
    for frame in range(length, 0 if holds else frames):
        _scale(mix, strip, frame, np.float32(0))
    supplied.gaps[strip] += not holds and not silent
    supplied.silent[strip] = not holds


@inner
def _bridge_gaps(mix: Mix, supplied: Supplied, frames: int) -> None:
    """Silence the strips that have no sound for the next frames, and end their silence."""
    for strip in range(supplied.silent.shape[0]):
        holds = _holds(mix, supplied, strip, frames + FADE_FRAMES)
        if supplied.silent[strip] or not holds:
            _bridge(mix, supplied, strip, frames, holds)


@inner
def _place(mix: Mix, supplied: Supplied) -> np.uint64:
    """Return the place in the timeline, in frames."""
    return np.uint64(mix.position[0] % supplied.frames[0])


@inner
def _meter(mix: Mix, block: Block, frames: int) -> None:
    """Publish a meter frame when it is time."""
    block.counts[UNMETERED] += frames
    if block.counts[UNMETERED] >= METER_SECONDS * rate():
        block.counts[UNMETERED] = 0
        number = block.words[shared.METER_FRAMES] + np.uint32(1)
        encode(mix, block.meters[number & 1])
        fence()
        block.words[shared.METER_FRAMES] = number


@inner
def _tape(block: Block, out: Floats) -> None:
    """Append the outputs to the tape."""
    done, length = 0, block.tape.shape[0]
    while done < out.shape[0]:
        place = (block.taped[0] + done) % length
        count = min(out.shape[0] - done, length - place)
        copy_numbers(block.tape, place * OUTPUTS, out, done * OUTPUTS, count * OUTPUTS)
        done += count
    fence()
    block.taped[0] += done


@inner
def _report(mix: Mix, turn: Turn, out: Floats) -> None:
    block = turn.block
    block.doubles[shared.POSITION_SECONDS] = _place(mix, turn.supplied) / rate()
    block.words[shared.CLIP] = mix.clip[0]
    block.counts[ODD] += out.shape[0]
    block.words[shared.BLOCKS] += np.uint32(block.counts[ODD] // BLOCK_FRAMES)
    block.counts[ODD] %= BLOCK_FRAMES
    _meter(mix, block, out.shape[0])
    _tape(block, out)


@inner
def _fade_out(ways: Ramps, row: int) -> bool:
    """Aim all ways of a row at silence; return whether they are silent. What is on its way there goes on."""
    for column in range(ways.target.shape[1]):
        aim(ways, row, column, np.float32(0), SWITCHED_FRAMES)
    return bool(ways.busy[row, 0] == 0)


@inner
def _carry_over(copies: np.ndarray) -> None:
    for copy in range(copies.shape[0]):
        count = copies[copy, 2]
        source, goal = bytes_at(copies[copy, 0], count), bytes_at(copies[copy, 1], count)
        for place in range(count):
            goal[place] = source[place]


@inner
def _change(switch: np.ndarray, frames: int) -> None:
    """Wait for the next mix's sound, fade out the strips that leave, and once they are silent, go on with it."""
    old, new, turn = views_at(switch[PRESENT]), views_at(switch[NEXT]).mix, views_at(switch[NEXT]).turn
    new.position[0] = _place(old.mix, old.turn.supplied) % turn.supplied.frames[0]
    counts = turn.block.counts
    if counts[CHANGING] == 0 and not _is_supplied(new, turn, frames):
        return
    counts[CHANGING] = 1
    silent = True
    for place in range(turn.leaving.shape[0]):
        for row in range(turn.leaving[place], old.mix.ways.target.shape[0], old.mix.left.shape[1]):
            silent &= _fade_out(old.mix.ways, row)
    if silent:
        _carry_over(turn.copies)
        controls = views_at(switch[NEXT]).controls
        follow(new, controls)
        choose(new, controls)
        counts[CHANGING] = 0
        switch[PRESENT] = switch[NEXT]
        fence()
        switch[NEXT] = 0


@inner
def take_turn(switch: np.ndarray, out: Floats) -> None:
    """Mix the next frames.

    switch  (2,) uint64, see `turn_memory`
    out     (frames, tables.OUTPUTS) float32: left and right of main, of the mixes and of the solo bus; overwritten
    """
    views = views_at(switch[PRESENT])
    _read_controls(views.mix, views.controls, views.turn.block)
    _read_transport(views.mix, views.turn, out.shape[0])
    if switch[NEXT] != 0:
        fence()
        _change(switch, out.shape[0])
    mix, turn = views_at(switch[PRESENT]).mix, views_at(switch[PRESENT]).turn
    begin_turn(mix.signals, mix.signals.begin[0])
    if not is_halted(mix):
        _bridge_gaps(mix, turn.supplied, out.shape[0])
    run(mix, out)
    _report(mix, turn, out)

"""Deck, compiled: what strips sound like after their gain goes to a recording, or a take comes in its place.

The point is the same for both, so a take that is played goes the way of the inputs that it was recorded from. A channel
fades out and in where it changes between the two, and a take where it stops, starts, or is not read in time; until then
the channels that play it are silent, and never go back to their inputs by themselves.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.deck_memory import (
    ACTIVE,
    ADDRESS,
    ARMED,
    CHOSEN,
    FADE,
    FADE_FRAMES,
    FILLED,
    FRAMES,
    GAPS,
    GOALS,
    OUTPUTS,
    PLACES,
    PLAY,
    PLAYED,
    PLAYED_FULL,
    PLAYS,
    RECORD,
    RUNS,
    SEEN,
    STEP,
    TRACKS,
    WANTED,
    WRITTEN,
    Counts,
)
from remote_mixer.engine.inner import inner
from remote_mixer.engine.ramps import soft
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.tables import Chain, Floats
from remote_mixer.engine.views import fence, line_at

READY_SECONDS = 0.125
LONGEST_FADE = np.float32(FADE_FRAMES)
RECORDS, TAKE_PLAYS = RECORD + ACTIVE, PLAY + ACTIVE
"""Numbers that say whether anything is recorded, or plays, in this block."""


@inner
def begin_block(deck: Counts, frames: int) -> None:
    """Find out what is recorded and played in the next frames; `deck` are its numbers."""
    wanted, runs = deck[PLAY + WANTED], deck[PLAY + RUNS]
    deck[RECORDS] = deck[RECORD + WANTED]
    fence()
    active = wanted
    for channel in range(MAX_CHANNELS):
        deck[GOALS + channel] = wanted & deck[CHOSEN + channel] & (deck[PLAYS + channel] >= 0)
        active |= deck[PLACES + channel] > 0
    deck[TAKE_PLAYS] = active
    needed = frames + FADE_FRAMES + BLOCK_FRAMES if deck[PLAY + FADE] > 0 else int(READY_SECONDS * rate())
    there = deck[PLAY + FILLED] - deck[PLAY + PLAYED] >= needed
    deck[PLAY + GAPS] += runs != 0 and not there and deck[PLAY + STEP] > 0
    deck[PLAY + STEP] = 1 if runs != 0 and there else -1
    deck[PLAY + SEEN] += 1


@inner
def _record(deck: Counts, block: Floats, column: int, track: int, offset: int) -> None:
    """Write a column of (frames, columns) to a track's ring, `offset` frames after the block's first."""
    frames = deck[RECORD + FRAMES]
    ring = line_at(np.uint64(deck[RECORD + ADDRESS]), np.uint64(frames * deck[RECORD + TRACKS]))
    at = (deck[RECORD + WRITTEN] + offset) % frames
    for frame in range(block.shape[0]):
        ring[track * frames + at] = block[frame, column]
        at = at + 1 if at + 1 < frames else 0


@inner
def _play(chain: Chain, block: Floats, side: int, strip: int, offset: int) -> None:
    """Bring a take's track in place of a strip's own sound, or fade between the two."""
    deck, memory, channel = chain.clock, chain.memory, chain.channels[strip]
    track = max(deck[PLAYS + side * MAX_CHANNELS + channel], 0)
    frames, place, fade, step = deck[PLAY + FRAMES], deck[PLACES + channel], deck[PLAY + FADE], deck[PLAY + STEP]
    towards = 1 if deck[GOALS + channel] else -1
    ring = line_at(np.uint64(deck[PLAY + ADDRESS]), np.uint64(frames * deck[PLAY + TRACKS]))
    at = (deck[PLAY + PLAYED] + offset) % frames
    peak = memory[rows.TAKE_PEAK, strip] if offset + side > 0 else np.float32(0)
    for frame in range(block.shape[0]):
        passed = offset + frame + 1
        now = min(max(place + towards * passed, 0), PLAYED_FULL)
        own = soft(np.float32(max(FADE_FRAMES - now, 0)) / LONGEST_FADE)
        taken = soft(np.float32(max(now - FADE_FRAMES, 0)) / LONGEST_FADE)
        audible = soft(np.float32(min(max(fade + step * passed, 0), FADE_FRAMES)) / LONGEST_FADE)
        value = own * block[frame, strip] + taken * audible * ring[track * frames + at]
        peak = max(peak, abs(value))
        block[frame, strip] = value
        at = at + 1 if at + 1 < frames else 0
    memory[rows.TAKE_PEAK, strip] = peak


@inner
def pass_deck(chain: Chain, block: Floats, side: int, lane: int, offset: int) -> None:
    """Play and record one side of a group's strips, `offset` frames after the block's first.

    A strip without a channel has no sides, and masters pass no deck. What is played is recorded too, as the input is,
    and is on the input meter.
    """
    deck = chain.clock
    if chain.channels[lane] >= MAX_CHANNELS:
        return
    for strip in range(lane, lane + LANES):
        sides, channel = chain.memory[rows.SIDES, strip], chain.channels[strip]
        if sides > 0 and deck[TAKE_PLAYS] != 0 and deck[GOALS + channel] + deck[PLACES + channel] > 0:
            _play(chain, block, side, strip, offset)
        if sides > side and deck[RECORDS] != 0 and deck[ARMED + side * MAX_CHANNELS + channel] >= 0:
            _record(deck, block, strip, deck[ARMED + side * MAX_CHANNELS + channel], offset)


@inner
def meter_deck(chain: Chain) -> None:
    """Let the input meters of the strips that play a take show that."""
    for strip in range(chain.memory.shape[1] - LANES):
        channel = chain.channels[strip]
        if chain.memory[rows.SIDES, strip] > 0 and chain.clock[PLACES + channel] > 0:
            chain.memory[rows.PEAK, strip] = chain.memory[rows.TAKE_PEAK, strip]


@inner
def end_block(deck: Counts, out: Floats) -> None:
    """Record the outputs of a block, (frames, outputs), and go on."""
    frames = out.shape[0]
    if deck[RECORDS]:
        for output in range(out.shape[1]):
            if deck[OUTPUTS + output] >= 0:
                _record(deck, out, output, deck[OUTPUTS + output], 0)
        fence()
        deck[RECORD + WRITTEN] += frames
    if deck[TAKE_PLAYS]:
        for channel in range(MAX_CHANNELS):
            by = frames if deck[GOALS + channel] else -frames
            deck[PLACES + channel] = min(max(deck[PLACES + channel] + by, 0), PLAYED_FULL)
        if deck[PLAY + STEP] > 0 or deck[PLAY + FADE] > 0:
            deck[PLAY + PLAYED] += frames
        deck[PLAY + FADE] = min(max(deck[PLAY + FADE] + frames * deck[PLAY + STEP], 0), FADE_FRAMES)

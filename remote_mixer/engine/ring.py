"""Ring between two clocks: sound of the card of the inputs, until the mix reads it on the clock of the outputs' card.

Two crystals differ by some millionths, so that one card brings a block more or less than the other takes every few
seconds. `resampler` reads from the ring at a step that differs from 1 by as much, and that follows the ring's filling.

The sinc has 32 taps under a Kaiser window: flat within 0.001 dB up to 0.4 of the rate (19 kHz at 48), and what
mirrors itself there lies 100 dB lower. Rows between those of the table are straight between two of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.rates import rate
from remote_mixer.engine.tables import Floats, zeros

TAPS, PHASES = 32, 512
KAISER = 10.5
FRAMES = 1 << 13  # of the ring: 85 ms at 96 kHz, for a target of at most MOST_FRAMES
MOST_FRAMES = 3 * FRAMES // 8
FADE_SECONDS = 0.002  # always there: the card may end at any frame. A fade of 1.3 ms leaves −77 dBFS, this one −84
JITTER_SECONDS = 0.001  # callbacks of two threads may be late
LARGEST_STEP = 1e-3  # away from 1: less than two cents
LARGEST_DRIFT = 5e-4

WRITTEN, SHORT, LONG, PLAYS, LOST = range(5)
"""Places in `Ring.counts`."""
PLACE, DRIFT, ERROR, SMOOTH, SECONDS, SHARE, TARGET, LONGEST, FADE, LATER = range(10)
"""Places in `Ring.loop`."""
TOTAL, TIME = 0, 1


class Ring(NamedTuple):
    """Memory between two callbacks, neither of which waits for the other.

    sound   (FRAMES, inputs) float32; (0, 0) where there is one clock
    marks   (2, 2) float64: frames written so far (TOTAL), and at which second of the library's clock for the inputs
            (TIME), of the block n in row n % 2
    counts  (5,) int64: blocks written; times that the ring ran short, and ran over; whether it is read; and blocks that
            the card itself lost
    loop    (10,) float64: frame that is read next; how much faster the inputs' clock is (as 12e-6); filling above the
            wanted one, smoothed once, and twice; seconds of reading; share of the fade that is done, 0–1; filling that
            is wanted, in frames; seconds after which no frames are supposed beyond the last block's; frames of a fade;
            and by how many seconds the library's clock for the outputs is ahead of that for the inputs
    taps    (PHASES + 1, TAPS) float32: weights of the frames around a place, each row 1 / PHASES frame later
    """

    sound: Floats
    marks: NDArray[np.float64]
    counts: NDArray[np.int64]
    loop: NDArray[np.float64]
    taps: Floats


def new_ring(inputs: int = 0, frames: int = 0) -> Ring:
    """Return an empty ring for so many inputs, in blocks of so many frames on both sides; without inputs, no ring."""
    loop = np.zeros(10, np.float64)
    fade, jitter = (round(seconds * rate()) for seconds in (FADE_SECONDS, JITTER_SECONDS))
    loop[FADE] = fade
    loop[TARGET] = 2 * frames + fade + TAPS + 2 + jitter
    loop[LONGEST] = 2 * frames / rate()
    return Ring(
        sound=zeros(FRAMES if inputs else 0, inputs),
        marks=np.zeros((2, 2), np.float64),
        counts=np.zeros(5, np.int64),
        loop=loop,
        taps=_taps(),
    )


def _taps() -> Floats:
    """Return the table of weights; each row lets a steady sound pass as it is."""
    half = TAPS // 2
    places = np.arange(TAPS) - (half - 1) - np.arange(PHASES + 1)[:, np.newaxis] / PHASES
    window = np.i0(KAISER * np.sqrt(np.maximum(1 - (places / half) ** 2, 0)))
    weights = np.sinc(places) * window
    table = zeros(PHASES + 1, TAPS)
    table[:] = weights / weights.sum(axis=1, keepdims=True)
    return table


def added_seconds(ring: Ring) -> float:
    """Return by how much the inputs are later than those of a single card."""
    frames = ring.loop[TARGET] - ring.loop[LONGEST] * rate() / 2 - (TAPS // 2 - 1)
    return float(frames) / rate()

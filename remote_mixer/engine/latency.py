"""Measurement of the way from an output of the device back to an input, through a cable or JACK, by the engine itself.

Channel 1 plays noise to main left, from which a cable leads to input 1; channel 2 plays that input to main right. Both
are on the tape, in step: the shift at which they fit best is the round trip, to the frame.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.compiled import load
from remote_mixer.engine.controls import FEEDS, SOURCES
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.output import OtherRate, Wanted
from remote_mixer.engine.player import Player, rate_there
from remote_mixer.engine.rates import rate, set_rate
from remote_mixer.engine.session import EngineError, Stem
from remote_mixer.engine.shared import SharedBlock
from remote_mixer.engine.tables import LATENCY_FRAMES

NOISE_AMPLITUDE = 0.1
NOISE_FRAMES = 1 << 16
LISTEN_SECONDS = 0.5
LONGEST_SECONDS = 20.0
AGREEING = 3  # measurements in a row
CLEAR = 12.0  # times the mean of all other shifts that the best one fits
NO_DEVICE = "There is neither JACK nor a sound card to measure."
NOTHING_BACK = (
    "Nothing came back: lead a cable from output 1 to input 1, or join “main left” to “in 1” in JACK, and turn it up."
)

SETTINGS = {
    "ch1/pan": -1,
    "ch2/pan": 1,
    "ch2/source": SOURCES.index("input 1"),
    "output/1": FEEDS.index("main left"),
    **{f"output/{number}": FEEDS.index("off") for number in range(2, 33)},
    **dict.fromkeys(("ch1/fader", "ch2/fader", "main/fader", "transport/play"), 1),
}


def measure(arguments: argparse.Namespace) -> str:
    """Return the round trip of the device as a sentence. Raises EngineError where it cannot be measured."""
    wanted = Wanted(1, arguments.card, arguments.frames, arguments.rate, arguments.input_card)
    set_rate(rate_there(wanted) or rate())
    kernels = load(arguments.data / "compiled", lambda _: None)
    noise = np.random.default_rng(1).uniform(-NOISE_AMPLITUDE, NOISE_AMPLITUDE, (NOISE_FRAMES, 1)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        block = SharedBlock.create(Path(folder) / "block")
        for path, number in SETTINGS.items():
            block.write(path, number)
        block.commit()
        mixer = Mixer({0: Stem("Noise", noise), 1: Stem("Input", np.zeros((1, 1), np.float32))}, block, kernels)
        try:
            player = Player(mixer, wanted, lambda: None)
        except OtherRate as other:
            raise EngineError(f"{other} Measure again.") from other
        try:
            frames, title = _agreed(mixer, player), player.title
        finally:
            player.close()
    return (
        f"{frames} frames, {1000 * frames / rate():.2f} ms, from output to input: {title} at {rate():,} Hz. "
        f"Main adds nothing to that, a mix the {LATENCY_FRAMES} frames of its limiter."
    )


def _agreed(mixer: Mixer, player: Player) -> int:
    """Return what some measurements in a row agree on, in frames."""
    if not player.is_audible:
        raise EngineError(" ".join(player.remarks) or NO_DEVICE)
    seen: list[int | None] = []
    for sound in _listened(mixer, player):
        seen = [*seen, shift(sound)][-AGREEING:]
        if len(seen) == AGREEING and seen[0] is not None and len(set(seen)) == 1:
            return seen[0]
    raise EngineError(NOTHING_BACK)


def _listened(mixer: Mixer, player: Player) -> Iterator[NDArray[np.float32]]:
    """Return pieces of the tape, one after the other, (frames, columns)."""
    reader, pieces, end = mixer.tape.reader(), list[NDArray[np.float32]](), time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < end:
        time.sleep(LISTEN_SECONDS / 10)  # the device plays
        player.watch()
        pieces += reader.read()
        if sum(map(len, pieces)) >= LISTEN_SECONDS * rate():
            yield np.concatenate(pieces)
            pieces.clear()


def shift(sound: NDArray[np.float32]) -> int | None:
    """Return by how many frames column 1 is later than column 0; None where it is something else."""
    length = 2 * len(sound)
    played, returned = (np.fft.rfft(sound[:, column], length) for column in (0, 1))
    fits = np.abs(np.fft.irfft(returned * np.conj(played), length)[: len(sound)])
    best = int(np.argmax(fits))
    return best if fits[best] > CLEAR * fits.mean() > 0 else None

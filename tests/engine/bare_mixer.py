"""A mixer without a process, and stems with sums that are easy to foresee."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.compiled import load
from remote_mixer.engine.controls import BUSES, MAX_CHANNELS, POST_FADER, PRE_FADER
from remote_mixer.engine.library import Kernels
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.rates import rate, set_rate
from remote_mixer.engine.session import Audio, Stem
from remote_mixer.engine.shared import BLOCK_FRAMES, SharedBlock
from tests.engine.running import unity
from tests.support.warm import warm

OUTPUTS = 2 * (2 + BUSES)
RAMP_BLOCKS = 5  # the longest ramp, 10 ms, and a bit
LATENCY = 63  # frames, of the mixes and not of main
Sound = NDArray[np.float32]


@cache
def enter() -> Kernels:
    """Return the compiled kernels, made once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        return load(warm(Path(folder)) / "compiled", lambda text: None)


def noise(seed: int, frames: int = 4800, sides: int = 1) -> Sound:
    """Return white noise of ±0.1, (frames, sides)."""
    return np.random.default_rng(seed).uniform(-0.1, 0.1, (frames, sides)).astype(np.float32)


def steady(amplitude: float, sides: int = 1) -> Sound:
    """Return a constant sound, (1000, sides): the output is the amplitude itself."""
    return np.full((1000, sides), amplitude, np.float32)


def sine(hz: float, amplitude: float = 0.5, rate: int = shared.RATE) -> Sound:
    """Return one second of a sine, (rate, 1)."""
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(rate) / rate)).astype(np.float32).reshape(-1, 1)


def mixed(enter: Kernels, folder: Path) -> Sound:
    """Return 10 blocks of two noises, one of them stereo and looped, mixed by some kernels at 0 dB."""
    with SharedBlock.create(folder / "block") as block:
        unity(block)
        mixer = Mixer({0: Stem("a", noise(1, 700, 2)), 1: Stem("b", noise(2))}, block, enter)
        out = np.zeros((10 * BLOCK_FRAMES, OUTPUTS), np.float32)
        mixer.mix(out)
        del mixer
    return out


class Playing:
    """A mixer with its controls at hand; channels and buses are 1-based."""

    def __init__(self, block: SharedBlock, *sounds: Audio) -> None:
        self.block = block
        for channel in range(1, MAX_CHANNELS + 1):
            self.fader(channel, 1)
        for master in range(1 + BUSES):
            self.master(master, 1)
        block.write("solo/fader", 1)
        self.transport(plays=True)
        block.commit()
        self.stems = {n: Stem(f"{n}", sound) for n, sound in enumerate(sounds)}
        self.mixer = Mixer(self.stems, block, enter())

    def fader(self, channel: int, amplitude: float) -> None:
        self.block.write(f"ch{channel}/fader", amplitude)

    def pan(self, channel: int, pan: float) -> None:
        self.block.write(f"ch{channel}/pan", pan)

    def mute(self, channel: int, muted: bool = True) -> None:
        self.block.write(f"ch{channel}/mute", muted)

    def solo(self, channel: int, soloed: bool = True) -> None:
        self.block.write(f"ch{channel}/solo", soloed)

    def send(
        self, channel: int, bus: int, amplitude: float, post: bool = True, muted: bool = False, pan: float = 0
    ) -> None:
        self.block.write(f"ch{channel}/send/bus{bus}/level", amplitude)
        self.block.write(f"ch{channel}/send/bus{bus}/tap", POST_FADER if post else PRE_FADER)
        self.block.write(f"ch{channel}/send/bus{bus}/mute", muted)
        self.block.write(f"ch{channel}/send/bus{bus}/pan", pan)

    def master(self, number: int, amplitude: float, muted: bool = False) -> None:
        """0 is main, 1–8 the buses."""
        strip = f"bus{number}" if number else "main"
        self.block.write(f"{strip}/fader", amplitude)
        self.block.write(f"{strip}/mute", muted)

    def limiter(self, bus: int, ceiling: float, on: bool = True) -> None:
        """`ceiling` is an amplitude."""
        self.block.write(f"bus{bus}/limiter", on)
        self.block.write(f"bus{bus}/ceiling", ceiling)

    def transport(self, plays: bool) -> None:
        self.block.write("transport/play", plays)

    def play(self, blocks: int = 1) -> Sound:
        """Commit the controls and mix; return (blocks · BLOCK_FRAMES, OUTPUTS)."""
        self.block.commit()
        out = np.zeros((blocks * BLOCK_FRAMES, OUTPUTS), np.float32)
        self.mixer.mix(out)
        return out

    def settle(self) -> None:
        """Let every ramp end."""
        self.play(RAMP_BLOCKS)

    def level(self, tap: int) -> float:
        """Return a meter's reading, in dB."""
        self.play(16)
        code = self.block.meters()[1][tap]
        return (code - 216) / 2 if code else -np.inf


@contextmanager
def running_at(frames: int) -> Iterator[None]:
    """Make mixers that run at so many frames a second."""
    before = rate()
    set_rate(frames)
    try:
        yield
    finally:
        set_rate(before)


@contextmanager
def playing(*sounds: Audio) -> Iterator[Playing]:
    """Make a mixer that plays these sounds, all faders at 0 dB, all sends off, pans at the centre."""
    with tempfile.TemporaryDirectory() as folder:
        yield Playing(SharedBlock.create(Path(folder) / "block"), *sounds)

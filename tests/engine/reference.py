"""Reference mixer in plain numpy: no ramps, all controls constant."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]


@dataclass
class Channel:
    """Controls in the units of the shared memory; sends by bus, each (amplitude, post fader, muted)."""

    sound: Sound
    fader: float = 1.0
    pan: float = 0.0
    muted: bool = False
    soloed: bool = False
    sends: dict[int, tuple[float, bool, bool]] = field(default_factory=dict)


def at(sound: Sound, start: int, frames: int, loop: int) -> NDArray[np.float64]:
    """Return `frames` frames from `start` on, (frames, 2), of a loop of `loop` frames that the sound begins."""
    padded = np.zeros((loop, sound.shape[1]))
    padded[: len(sound)] = sound
    looped = padded[(start + np.arange(frames)) % loop]
    return np.repeat(looped, 2, axis=1) if looped.shape[1] == 1 else looped


def timeline(channels: list[Channel]) -> int:
    """Return the frames of the longest sound."""
    return max(len(channel.sound) for channel in channels)


def pan_law(channel: Channel) -> NDArray[np.float64]:
    """Return the amplitudes of left and right, (2,)."""
    angle = (channel.pan + 1) * np.pi / 4
    law = np.array([np.cos(angle), np.sin(angle)])
    return law * np.sqrt(2) if channel.sound.shape[1] == 2 else law


def main(channels: list[Channel], start: int, frames: int) -> NDArray[np.float64]:
    """Return main, (frames, 2)."""
    soloed = any(channel.soloed for channel in channels)
    heard = [c for c in channels if not c.muted and (c.soloed or not soloed)]
    return sum(
        (at(c.sound, start, frames, timeline(channels)) * c.fader * pan_law(c) for c in heard), np.zeros((frames, 2))
    )


def bus(channels: list[Channel], number: int, start: int, frames: int) -> NDArray[np.float64]:
    """Return a bus before its limiter, (frames,)."""
    total, loop = np.zeros(frames), timeline(channels)
    for channel in channels:
        amplitude, post, muted = channel.sends.get(number, (0.0, True, False))
        if not channel.muted and not muted:
            total += at(channel.sound, start, frames, loop).mean(axis=1) * amplitude * (channel.fader if post else 1)
    return total


def limited(sound: NDArray[np.float64], ceilings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a bus after its limiter, (frames,); `ceilings` (frames,) is infinite where the limiter is off.

    The window is 64 frames; the reduction falls to 1/e in 4800.
    """
    sizes = np.maximum(np.abs(np.concatenate([np.zeros(63), sound])), 1e-12)
    windows = np.lib.stride_tricks.sliding_window_view(sizes, 64)
    lows = np.minimum(1, ceilings / windows.max(axis=1))
    eased = np.ones(63 + len(sound))
    for frame, low in enumerate(lows, start=63):
        before = eased[frame - 1]
        eased[frame] = min(low, before + (1 - before) * (1 - np.exp(-1 / 4800)) + 1e-6)
    late = np.concatenate([np.zeros(63), sound])[: len(sound)]
    return late * np.convolve(eased, np.full(64, 1 / 64), "valid")

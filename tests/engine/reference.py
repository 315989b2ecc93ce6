"""Reference mixer in plain numpy: no ramps, all controls constant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]


@dataclass
class Channel:
    """Controls in the units of the shared memory; sends by mix, each (amplitude, post fader, muted, pan)."""

    sound: Sound
    fader: float = 1.0
    pan: float = 0.0
    muted: bool = False
    soloed: bool = False
    sends: dict[int, tuple[float, bool, bool, float]] = field(default_factory=dict)


def at(sound: Sound, start: int, frames: int, loop: int) -> NDArray[np.float64]:
    """Return `frames` frames from `start` on, (frames, 2), of a loop of `loop` frames that the sound begins."""
    padded = np.zeros((loop, sound.shape[1]))
    padded[: len(sound)] = sound
    looped = padded[(start + np.arange(frames)) % loop]
    return np.repeat(looped, 2, axis=1) if looped.shape[1] == 1 else looped


def timeline(channels: list[Channel]) -> int:
    """Return the frames of the longest sound."""
    return max(len(channel.sound) for channel in channels)


def pan_law(pan: float, at_centre: float) -> NDArray[np.float64]:
    """Return the amplitudes of left and right, (2,), both the same at the centre."""
    angle = (pan + 1) * np.pi / 4
    law: NDArray[np.float64] = at_centre * np.sqrt(2) * np.array([np.cos(angle), np.sin(angle)])
    return law


def main(channels: list[Channel], start: int, frames: int) -> NDArray[np.float64]:
    """Return main, (frames, 2)."""
    heard = [c for c in channels if not c.muted]
    loop, total = timeline(channels), np.zeros((frames, 2))
    for channel in heard:
        law = pan_law(channel.pan, 1 if channel.sound.shape[1] == 2 else np.sqrt(0.5))
        total += at(channel.sound, start, frames, loop) * channel.fader * law
    return total


def solo(channels: list[Channel], start: int, frames: int, after: bool) -> NDArray[np.float64]:
    """Return the solo bus before its limiter, (frames, 2): what is soloed, `after` fader, mute and pan or before."""
    heard = [channel for channel in channels if channel.soloed]
    plain = [replace(channel, fader=1.0, pan=0.0, muted=False) for channel in heard]
    loop, total = timeline(channels), np.zeros((frames, 2))
    for channel in heard if after else plain:
        law = pan_law(channel.pan, 1 if channel.sound.shape[1] == 2 else np.sqrt(0.5))
        total += at(channel.sound, start, frames, loop) * channel.fader * law * (not channel.muted)
    return total


def bus(channels: list[Channel], number: int, start: int, frames: int) -> NDArray[np.float64]:
    """Return a mix before its limiter, (frames, 2)."""
    total, loop = np.zeros((frames, 2)), timeline(channels)
    for channel in channels:
        amplitude, post, muted, pan = channel.sends.get(number, (0.0, True, False, 0.0))
        if not channel.muted and not muted:
            amplitude *= channel.fader if post else 1
            total += at(channel.sound, start, frames, loop) * amplitude * pan_law(pan, 1)
    return total


def falling(ceilings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ceilings, (frames,), as they stand: one that is lowered falls to 1/e in 480 frames, from 10 at most."""
    stand, fall = ceilings.copy(), np.exp(-1 / 480)
    for frame in range(1, len(stand)):
        stand[frame] = max(ceilings[frame], min(stand[frame - 1], 10) * fall)
    return stand


def limited(sound: NDArray[np.float64], ceilings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a mix after its limiter, (frames, 2); `ceilings` (frames,) is infinite where the limiter is off.

    The window is 64 frames; the reduction falls to 1/e in 4800; a ceiling falls as in `falling`.
    """
    sizes = np.maximum(np.abs(sound).max(axis=1), 1e-12)
    needs = np.concatenate([np.ones(63), np.minimum(1, falling(ceilings) / sizes)])
    lows = np.lib.stride_tricks.sliding_window_view(needs, 64).min(axis=1)
    eased = np.ones(63 + len(sound))
    for frame, low in enumerate(lows, start=63):
        before = eased[frame - 1]
        eased[frame] = min(low, before + (1 - before) * (1 - np.exp(-1 / 4800)) + 1e-6)
    late = np.concatenate([np.zeros((63, 2)), sound])[: len(sound)]
    return late * np.convolve(eased, np.full(64, 1 / 64), "valid").reshape(-1, 1)

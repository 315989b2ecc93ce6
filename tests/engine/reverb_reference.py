"""Reference reverb in float64: the network of `reverb` as the papers that it names have it, by whole matrices.

Lengths, signs, diffusion and turning are the engine's tables; nothing else here is. It stands still: no control moves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.effect_rows import CHUNK, LANES
from remote_mixer.engine.reverb import DIFFUSERS, DIFFUSION, LEFT, LENGTHS, LEVEL, RIGHT, SIGNS, SPREAD, TURNS
from remote_mixer.engine.shared import RATE

Reals = NDArray[np.float64]


def _matrix() -> Reals:
    """Return Hadamard's matrix of the lines, orthonormal."""
    whole = np.ones((1, 1))
    while len(whole) < LANES:
        whole = np.block([[whole, whole], [whole, -whole]])
    return np.asarray(whole / np.sqrt(LANES))


HADAMARD = _matrix()


def _cut(sound: Reals, hz: float) -> Reals:
    """Cut the lows by a Butterworth filter of two poles, by the bilinear transform."""
    k = np.tan(np.pi * hz / RATE)
    by = 1 + k * np.sqrt(2) + k * k
    first, second = 2 * (k * k - 1) / by, (1 - k * np.sqrt(2) + k * k) / by
    padded = np.concatenate([np.zeros(2), sound])
    out: Reals = (padded[2:] - 2 * padded[1:-1] + padded[:-2]) / by
    for frame in range(len(out)):
        out[frame] -= first * out[frame - 1] * (frame > 0) + second * out[frame - 2] * (frame > 1)
    return out


def _diffused(sound: Reals, frames: int, share: float) -> Reals:
    """Pass the sound through one of Schroeder's allpasses."""
    kept = np.concatenate([np.zeros(frames), sound])
    for start in range(frames, len(kept), frames):
        kept[start : start + frames] -= share * kept[start - frames : start][: len(kept) - start]
    return np.asarray(kept[: len(sound)] + share * kept[frames:])


def more_lost(lost: Reals, damping: float, hz: float) -> Reals:
    """Return what lines that lose `lost` of power lose beside it at a frequency: at `damping` as much again.

    It rises with the fourth power of the frequency below the damping, with the second one above it.
    """
    octaves = (np.sin(np.pi * hz / RATE) / np.sin(np.pi * damping / RATE)) ** 2
    return np.asarray(1 + 2 * (lost - 1) * octaves**2 / (1 + octaves))


def _of_power(whole: list[float]) -> Reals:
    """Return the filter, 1 at 0 Hz, whose power is this polynomial in z, by the roots within the circle."""
    roots = np.roots(whole)
    kept = np.poly(roots[np.abs(roots) < 1]).real
    return np.asarray(kept / kept.sum())


def _lowpasses(kind: int, seconds: float, damping: float) -> tuple[Reals, Reals]:
    """Return numerators and denominators of the lowpasses, (LANES, 2) and (LANES, 3)."""
    lost = 10 ** (6 * LENGTHS[kind] / (RATE * seconds))
    share = 1 / (4 * np.sin(np.pi * damping / RATE) ** 2)
    above = [_of_power([-share, 1 + 2 * share, -share]) / np.sqrt(each) for each in lost]
    below = []
    for steep in 2 * (lost - 1) * share**2:
        side = -share - 4 * steep
        below.append(_of_power([steep, side, 1 + 2 * share + 6 * steep, side, steep]))
    return np.array(above), np.array(below)


def _turned(mixed: Reals, chunk: int) -> Reals:
    """Turn pairs of lines, (CHUNK, LANES), into each other, in straight lines between the points of the grid."""
    way = np.arange(1, CHUNK + 1)[:, np.newaxis] / CHUNK
    angles = np.array([[chunk], [chunk + 1]]) * TURNS
    cosine, sine = (turned[0] * (1 - way) + turned[1] * way for turned in (np.cos(angles), np.sin(angles)))
    one, other = mixed[:, 0::2], mixed[:, 1::2]
    return np.stack([one * cosine - other * sine, other * cosine + one * sine], axis=2).reshape(CHUNK, LANES)


def reverberated(sound: Reals, kind: int, seconds: float, damping: float, late: int, low: float) -> Reals:
    """Return the reverb of a sound that begins as the reverb wakes, (frames, 2); `late` is the pre-delay in frames."""
    chunks = -(-len(sound) // CHUNK)
    sound = _cut(np.concatenate([sound, np.zeros(chunks * CHUNK - len(sound))]), low)
    sound = np.concatenate([np.zeros(late), sound])[: len(sound)]
    for frames in DIFFUSERS:
        sound = _diffused(sound, int(frames), float(DIFFUSION[kind]))
    above, below = _lowpasses(kind, seconds, damping)
    (now, last), (_, back, back_two) = (above / below[:, :1]).T, (below / below[:, :1]).T
    wet = LEVEL * np.sqrt(1 - np.mean(10 ** (-6 * LENGTHS[kind] / (RATE * seconds))))
    before, lines = LENGTHS[kind].max(), np.arange(LANES)
    entered, out = np.zeros((before + len(sound), LANES)), np.zeros((len(sound), 2))
    damped, (old, older) = np.zeros((CHUNK, LANES)), np.zeros((2, LANES))
    for chunk in range(chunks):
        here = np.arange(chunk * CHUNK, (chunk + 1) * CHUNK)
        left = entered[before + here[:, np.newaxis] - LENGTHS[kind], lines]
        for frame in range(CHUNK):
            damped[frame] = now * left[frame] + last * old - back * damped[frame - 1] - back_two * older
            old, older = left[frame], damped[frame - 1].copy()
        out[here] = (damped * SPREAD @ HADAMARD)[:, [LEFT, RIGHT]]
        entered[before + here] = (_turned(damped @ HADAMARD, chunk) + wet * sound[here, np.newaxis]) * SIGNS
    return out

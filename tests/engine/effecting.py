"""Mixers whose effects and strips stand as the desk sets them at the start, and what measures a reverb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine.controls import EFFECT_CONTROLS, MASTER_PROCESSING, PROCESSING
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine.bare_mixer import OUTPUTS, Playing, Sound, playing

Reals = NDArray[np.float64]


def play(mixer: Playing, frames: int, size: int = BLOCK_FRAMES) -> Sound:
    """Commit the controls and mix in blocks of a size; return (frames, OUTPUTS)."""
    mixer.block.commit()
    out = np.zeros((frames, OUTPUTS), np.float32)
    for start in range(0, frames, size):
        mixer.mixer.mix(out[start : start + size])
    return out


def set_all(mixer: Playing, controls: dict[str, float]) -> None:
    """Set controls by their paths, in the units of the memory."""
    for path, number in controls.items():
        mixer.block.write(path, number)


@contextmanager
def effecting(*sounds: Sound, **controls: float) -> Iterator[Playing]:
    """Make a mixer with everything at the desk's defaults; `fx1__reverb__time` is `fx1/reverb/time`."""
    with playing(*sounds) as mixer:
        for row in (*EFFECT_CONTROLS, *PROCESSING, *MASTER_PROCESSING):
            set_all(mixer, dict.fromkeys(row.paths(), number_of(row, None)))
        set_all(mixer, {name.replace("__", "/"): number for name, number in controls.items()})
        yield mixer


def response(effect: int, seconds: float, **controls: float) -> Reals:
    """Return what an effect makes of an impulse, (frames, 2), the impulse itself left out."""
    lead, frames = RATE // 4, round(seconds * RATE)
    sound = np.zeros((lead + frames, 1), np.float32)
    sound[lead] = 1
    with effecting(sound, **controls) as mixer:
        mixer.pan(1, -1)
        mixer.block.write(f"ch1/send/fx{effect}/level", 1)
        wet = play(mixer, lead + frames)[:, :2].astype(np.float64)
    wet[lead, 0] -= 1
    return wet[lead:]


def band(sound: Reals, low: float, high: float) -> Reals:
    """Return a band of sounds, (frames, …), with edges of a twentieth of an octave and no phase."""
    spectrum = np.fft.rfft(sound, 2 * len(sound), axis=0)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(2 * len(sound), 1 / RATE), 1))
    passes = np.clip((octaves - np.log2(low)) * 20 + 0.5, 0, 1) * np.clip((np.log2(high) - octaves) * 20 + 0.5, 0, 1)
    return np.asarray(np.fft.irfft(spectrum * passes[:, np.newaxis], axis=0)[: len(sound)], np.float64)


def decay_seconds(sound: Reals) -> float:
    """Return the time for 60 dB from Schroeder's integral of both sides between −5 and −35 dB (ISO 3382-1, T30)."""
    energy = np.cumsum((sound**2).sum(1)[::-1])[::-1]
    level = 10 * np.log10(energy / energy[0] + 1e-30)
    first, last = int(np.argmax(level < -5)), int(np.argmax(level < -35))
    slope = np.polyfit(np.arange(first, last) / RATE, level[first:last], 1)[0]
    return float(-60 / slope)

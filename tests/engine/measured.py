"""Controls in their units, sounds and measurements, for the tests of strips and of masters."""

from __future__ import annotations

import numpy as np

from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine import shared
from remote_mixer.engine.controls import (
    BAND_TYPES,
    GATE_MODES,
    KEY_TYPES,
    MASTER_PROCESSING,
    PROCESSING,
    RATIOS,
    SLOPES,
    TAPS,
)
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine.bare_mixer import Playing, Sound

LOOP = 375 * BLOCK_FRAMES  # one second
GLIDE_BLOCKS = 60
CHOICES = {"type": BAND_TYPES, "slope": SLOPES, "mode": GATE_MODES, "ratio": RATIOS, "tap": TAPS}
CHOICES |= {f"{part}/filter/type": KEY_TYPES for part in ("gate", "dyn")}
HERTZ = np.asarray(np.fft.rfftfreq(LOOP, 1 / RATE), np.float64)
AUDIBLE = (HERTZ >= 20) & (HERTZ <= 16_000)
Settings = dict[str, float | str]


def turn(mixer: Playing, strip: str, **controls: float | str) -> None:
    """Set controls in their units or by their choices; `eq_1_freq` is `eq/1/freq`."""
    for name, value in controls.items():
        local = name.replace("_", "/")
        choices = CHOICES.get(local) or CHOICES.get(local.rpartition("/")[2])
        mixer.block.write(f"{strip}/{local}", choices.index(str(value)) if choices else float(value))


def defaults(mixer: Playing, strip: str = "ch1") -> None:
    """Set what the desk sets at the start, of what a strip or a master does to its sound."""
    for row in (*PROCESSING, *MASTER_PROCESSING):
        path = row.path.replace("ch*" if strip.startswith("ch") else "bus*", strip)
        if path.startswith(f"{strip}/"):
            mixer.block.write(path, number_of(row, None))


def whole_loops(mixer: Playing, loops: int = 1, column: int = 0) -> Sound:
    """Return a column of the outputs, left of main if none is named, in whole loops from the start of one on."""
    past = round(mixer.block.doubles[shared.POSITION_SECONDS] * RATE) % LOOP
    mixer.play((LOOP - past) % LOOP // BLOCK_FRAMES)
    sound: Sound = np.concatenate([mixer.play(25)[:, column] for _ in range(15 * loops)])
    return sound


def noise() -> Sound:
    """Return a second of noise that is even in all frequencies."""
    random = np.random.default_rng(3)
    spectrum = np.exp(2j * np.pi * random.random(LOOP // 2 + 1))
    spectrum[[0, -1]] = 0
    sound = np.fft.irfft(spectrum, LOOP)
    return np.asarray(0.1 * sound / sound.std(), np.float32).reshape(-1, 1)


def decibels(amplitude: float | np.floating) -> float:
    return float(20 * np.log10(max(float(amplitude), 1e-12)))


def curve(frames: int, start: int, lasts: int, ends: tuple[float, float]) -> np.ndarray:
    """Return the amplitudes of frames of a ramp from rest to rest, which begins after `start` of them."""
    share = np.clip((np.arange(1, frames + 1) - start) / lasts, 0, 1)
    return ends[0] + (ends[1] - ends[0]) * share**2 * (3 - 2 * share)


def above(hz: float, sound: Sound) -> np.ndarray:
    """Return what is above a frequency, by a window of 511 frames, without the ends."""
    frames = np.arange(-255, 256)
    window = np.kaiser(511, 12)
    low = 2 * hz / RATE * np.sinc(2 * hz / RATE * frames) * window
    return np.convolve(sound.astype(np.float64), (frames == 0) - low, "valid")

"""Instruments: each turns notes into sound with numpy alone, the same every time.

A repeated note is the same array (`cache`); callers never write into one.

Sound arrays are (frames,) float64 at 48 kHz until the song is finished; times are seconds, pitches MIDI note numbers.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.shared import RATE

Sound = NDArray[np.float64]

Floating = NDArray[np.floating]

SEED = 2026
CONCERT_A_HZ = 440.0
CONCERT_A_NOTE = 69
HIGHEST_HZ = 16_000.0
PIECE_FRAMES = 256


def frequency(note: float) -> float:
    """Return the frequency, in Hz, of a MIDI note number."""
    return float(CONCERT_A_HZ * 2 ** ((note - CONCERT_A_NOTE) / 12))


def seconds(length: float) -> Sound:
    """Return the time, in seconds, of each frame of a sound of `length` seconds."""
    return np.arange(int(length * RATE)) / RATE


def noise(length: float, seed: int) -> Sound:
    """Return white noise, ±1, the same for the same seed."""
    return np.random.default_rng(SEED + seed).uniform(-1, 1, int(length * RATE))


def band(sound: Sound, low_hz: float, high_hz: float) -> Sound:
    """Filter to the band between two frequencies, with slopes of 12 dB per octave."""
    spectrum = np.fft.rfft(sound)
    hz = np.maximum(np.fft.rfftfreq(sound.size, 1 / RATE), 1e-3)
    slopes = 1 / (1 + (low_hz / hz) ** 2) / (1 + (hz / high_hz) ** 2)
    return np.fft.irfft(spectrum * slopes, sound.size)


def softly(sound: Sound, attack: float, release: float) -> Sound:
    """Fade a sound in and out within `attack` and `release` seconds."""
    result = sound.copy()
    rise, fall = int(attack * RATE), int(release * RATE)
    result[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    result[sound.size - fall :] *= np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return result


def partials(note: float, length: float, weights: Floating, decays: Floating) -> Sound:
    """A sum of harmonics, each with its weight and its own decay (1/s).

    A sine that dies away is a power of one complex number, and a power of a sum a product of two powers: of all
    harmonics at once, of all frames, a product of two small matrices, and so far quicker than each sine by itself.
    """
    numbers = 1 + np.arange(weights.size)
    audible = numbers * frequency(note) < HIGHEST_HZ
    rates = (2j * np.pi * frequency(note) * numbers - decays)[audible] / RATE
    frames = int(length * RATE)
    starts = np.arange(0, frames, PIECE_FRAMES)
    pieces = (weights[audible] * np.exp(np.outer(starts, rates))) @ np.exp(np.outer(rates, np.arange(PIECE_FRAMES)))
    sound: Sound = pieces.imag.ravel()[:frames]
    return sound


@cache
def kick() -> Sound:
    """A falling sine with a soft click in front."""
    time = seconds(0.42)
    phase = 2 * np.pi * (48 * time + 95 / 28 * (1 - np.exp(-28 * time)))
    body = np.sin(phase) * np.exp(-7.5 * time)
    click = band(noise(0.42, 1), 1500, 6000) * np.exp(-220 * time)
    return softly(np.tanh(1.4 * body) + 0.5 * click, 0.0005, 0.05)


@cache
def snare(velocity: float) -> Sound:
    """Two tuned heads under a burst of wires; a soft stroke is darker."""
    time = seconds(0.32)
    heads = (np.sin(2 * np.pi * 186 * time) + 0.6 * np.sin(2 * np.pi * 331 * time)) * np.exp(-24 * time)
    wires = band(noise(0.32, 2), 1200, 3500 + 6000 * velocity) * np.exp(-15 * time)
    return velocity * softly(np.tanh(0.9 * heads + 3.2 * wires), 0.0005, 0.05)


@cache
def hat(velocity: float, is_open: bool, seed: int) -> Sound:
    """High noise with a ring of clashing squares, short or long."""
    length, decay = (0.32, 13.0) if is_open else (0.09, 62.0)
    time = seconds(length)
    ring = sum((np.sign(np.sin(2 * np.pi * hz * time)) for hz in (3127.0, 4211.0, 5573.0, 6841.0)), np.zeros_like(time))
    sound = band(noise(length, seed) + 0.16 * ring, 7500, 15_000) * np.exp(-decay * time)
    return velocity * softly(sound, 0.0004, 0.02)


@cache
def bass(note: int, length: float) -> Sound:
    """A round plucked string, brighter at its start."""
    numbers = np.arange(1, 13)
    sound = partials(note, length, 1 / numbers**1.15, 0.9 + 1.6 * numbers)
    return softly(np.tanh(1.3 * sound), 0.004, 0.03)


@cache
def electric_piano(note: int, length: float, velocity: float) -> Sound:
    """A tine: one sine bends another, less as it dies away; struck harder it barks."""
    time, hz = seconds(length), frequency(note)
    tine = 0.22 * velocity * np.exp(-9 * time) * np.sin(2 * np.pi * 14 * hz * time) * (hz < 500)
    bark = 1.5 * velocity * np.exp(-3.2 * time) * np.sin(2 * np.pi * hz * time)
    return velocity * softly(np.sin(2 * np.pi * hz * time + bark + tine) * np.exp(-1.5 * time), 0.003, 0.06)


@cache
def guitar(note: int, length: float, velocity: float) -> Sound:
    """A clean string plucked at a seventh of its length."""
    numbers = np.arange(1, 25)
    weights = np.sin(np.pi * numbers / 7) / numbers**1.1
    return velocity * softly(partials(note, length, weights, 1.4 + 0.5 * numbers**1.2), 0.0015, 0.04)


@cache
def pad(note: int, length: float, detune: float) -> Sound:
    """Soft strings: few harmonics, a slow rise and a slow end; `detune` in semitones."""
    numbers = np.arange(1, 11)
    sound = partials(note + detune, length, 1 / numbers**1.6, np.zeros(numbers.size))
    return softly(sound, 0.55, 0.7)


@cache
def lead(note: int, length: float, velocity: float) -> Sound:
    """A warm whistle of odd harmonics whose vibrato comes late."""
    time, hz = seconds(length), frequency(note)
    depth = 0.0032 * hz * np.clip((time - 0.18) / 0.3, 0, 1)
    phase = 2 * np.pi * (hz * time) - depth / 5.3 * np.cos(2 * np.pi * 5.3 * time)
    sound = sum((np.sin(number * phase) / number**1.9 for number in (1, 2, 3, 5, 7)), np.zeros_like(time))
    return velocity * softly(sound * np.exp(-0.7 * time), 0.018, 0.09)


def room(sound: Sound, length: float, wet: float, seed: int) -> Sound:
    """Add a room's echo, `length` seconds long; the tail of the loop's end sounds on over its start."""
    time = seconds(length)
    tail = np.zeros(sound.size)
    tail[: time.size] = band(noise(length, seed), 250, 5000) * np.exp(-6.9 / length * time)
    tail[: int(0.012 * RATE)] = 0
    tail /= np.sqrt(np.sum(tail**2))
    spectra = [np.fft.rfft(part.astype(np.float32)) for part in (sound, tail)]  # half the time, and exact to −130 dB
    return sound + wet * np.fft.irfft(spectra[0] * spectra[1], sound.size)

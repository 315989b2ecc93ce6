"""The built-in song: 16 bars at 120 beats a minute, a seamless loop of 32 seconds.

Eight stems in A minor: four bars twice without the lead, then with the lead, then its answer with a lift at the end.
Written as steps, 16 to a bar, so that a musician can read and change it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import synth
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import RATE
from remote_mixer.engine.synth import Sound

BARS = 16
STEPS = 16
STEP_SECONDS = 0.125
STEP_FRAMES = int(STEP_SECONDS * RATE)
BAR_SECONDS = STEPS * STEP_SECONDS
FRAMES = BARS * STEPS * STEP_FRAMES
LOWEST_BASS_NOTE = 28
SWING_FRAMES = 500  # every second sixteenth comes 10 ms late

# Chord notes from the bottom up; the first is the bass note.
A_MINOR_9 = (45, 57, 60, 64, 67, 71)
F_MAJOR_9 = (41, 57, 60, 64, 67, 72)
C_MAJOR_9 = (48, 55, 59, 62, 64, 67)
G_6 = (43, 55, 59, 62, 64, 67)
D_MINOR_9 = (38, 57, 60, 64, 65, 69)
E_7 = (40, 56, 59, 62, 64, 68)
VERSE = (A_MINOR_9, F_MAJOR_9, C_MAJOR_9, G_6)
LIFT = (D_MINOR_9, F_MAJOR_9, A_MINOR_9, E_7)
CHORDS = VERSE + VERSE + VERSE + LIFT

# One character a step: x hit, o soft, - open, . rest.
KICK = "x..o..x...x..o..x.....x...x.....x..o..x...x..o..x.....x..x....x."
SNARE = "....x..o....x.......x..o.o..x..o....x..o....x.......x..o.o..x.oo"
SNARE_FILL = "....x..o.o..xoxx"
HATS = "xoxoxoxoxoxoxo-.xoxoxoxoxoxoxoxo"
BASS = "0..0..7.0...5.7.0..0..7.0..0....0..0..7.0...5.7.0..0..7.0.7.5.0."
KEYS = "x.....x...o.......x...x.....o...x.....x...o..x....x...x...x.o..."
GUITAR = "..0.2.3.4.3.2.1...0.2.3.4.3.2.3...0.2.3.4.3.2.1...4.3.2.3.2.1.0."
# The lead: bar, step, length in steps, note.
LEAD = (
    (4, 0, 3, 76), (4, 3, 3, 79), (4, 6, 6, 81), (5, 2, 2, 79), (5, 4, 3, 76), (5, 7, 5, 72),
    (6, 0, 3, 74), (6, 3, 3, 76), (6, 6, 5, 79), (6, 12, 4, 76), (7, 0, 10, 74),
    (8, 0, 3, 76), (8, 3, 3, 79), (8, 6, 4, 81), (8, 10, 6, 84), (9, 2, 2, 83), (9, 4, 3, 81), (9, 7, 5, 79),
    (10, 0, 3, 79), (10, 3, 3, 76), (10, 6, 5, 74), (10, 12, 4, 72), (11, 0, 6, 74), (11, 8, 4, 71), (11, 12, 4, 74),
    (12, 0, 4, 77), (12, 4, 4, 76), (12, 8, 8, 74), (13, 0, 4, 76), (13, 4, 4, 77), (13, 8, 8, 79),
    (14, 0, 6, 81), (14, 6, 4, 79), (14, 10, 6, 76), (15, 0, 6, 80), (15, 6, 8, 76),
)  # fmt: skip

Placed = tuple[int, Sound]  # where a note starts, in frames, and its sound


def _steps(pattern: str) -> Iterator[tuple[int, int, str]]:
    """Return bar, step and character of each hit, the pattern repeated over the song."""
    bars = len(pattern) // STEPS
    for bar in range(BARS):
        row = pattern[bar % bars * STEPS :][:STEPS]
        yield from ((bar, step, hit) for step, hit in enumerate(row) if hit != ".")


def _frame(bar: int, step: int) -> int:
    return (bar * STEPS + step) * STEP_FRAMES + (step % 2) * SWING_FRAMES


def _sum(notes: Iterator[Placed]) -> Sound:
    """Sum notes into one loop, (FRAMES,); a note that rings past the end goes on over the start."""
    loop = np.zeros(FRAMES)
    for start, sound in notes:
        here = min(sound.size, FRAMES - start)
        loop[start : start + here] += sound[:here]
        loop[: sound.size - here] += sound[here:]
    return loop


def _kick() -> Sound:
    return _sum((_frame(bar, step), synth.kick() * (1 if hit == "x" else 0.45)) for bar, step, hit in _steps(KICK))


def _snare() -> Sound:
    hits = [hit for hit in _steps(SNARE) if hit[0] not in {7, 15}]
    hits += [(bar, step, hit) for bar, step, hit in _steps(SNARE_FILL) if bar in {7, 15}]
    return _sum((_frame(bar, step), synth.snare(0.95 if hit == "x" else 0.22)) for bar, step, hit in hits)


def _hats() -> Sound:
    loud = {"x": 0.8, "o": 0.4, "-": 0.7}
    accent = (1.0, 0.8, 0.9, 0.8)
    return _sum(
        (_frame(bar, step), synth.hat(loud[hit] * accent[step // 2 % 4], hit == "-", 10 + step % 5))
        for bar, step, hit in _steps(HATS)
    )


def _bass() -> Sound:
    def note(bar: int, hit: str) -> int:
        root = CHORDS[bar][0]
        return int(hit) + (root - 12 if root - 12 >= LOWEST_BASS_NOTE else root)

    return _sum((_frame(bar, step), synth.bass(note(bar, hit), 0.34)) for bar, step, hit in _steps(BASS))


def _keys() -> Iterator[Placed]:
    for bar, step, hit in _steps(KEYS):
        for number, note in enumerate(CHORDS[bar][1:]):
            velocity = (0.75 if hit == "x" else 0.5) - 0.04 * number
            yield _frame(bar, step) + 240 * number, synth.electric_piano(note, 1.1, velocity)


def _guitar() -> Iterator[Placed]:
    for bar, step, hit in _steps(GUITAR):
        note = CHORDS[bar][1:][int(hit)] + 12
        yield _frame(bar, step), synth.guitar(note, 0.9, 0.9 if step % 8 == 2 else 0.6)


def _pad(detune: float) -> Iterator[Placed]:
    for bar, chord in enumerate(CHORDS):
        for note in chord[1:5]:
            yield _frame(bar, 0), synth.pad(note, BAR_SECONDS + 0.7, detune * (1 + note % 3 / 4))


def _lead() -> Iterator[Placed]:
    for bar, step, length, note in LEAD:
        yield _frame(bar, step), synth.lead(note, length * STEP_SECONDS + 0.08, 0.8)


def _slow_turn(cycles: int) -> NDArray[np.float64]:
    """Return a slow sine, (FRAMES,), with a whole number of cycles in the loop."""
    return np.sin(2 * np.pi * cycles * np.arange(FRAMES) / FRAMES)


def _stereo_keys() -> Sound:
    dry, turn = _sum(_keys()), 0.35 * _slow_turn(96)
    return np.stack([synth.room(dry * (1 + turn), 0.9, 0.2, 21), synth.room(dry * (1 - turn), 0.9, 0.2, 22)], 1)


def _stereo_guitar() -> Sound:
    dry = _sum(_guitar())
    echo = np.roll(dry, 3 * STEP_FRAMES) * 0.35
    return np.stack([synth.room(dry, 1.2, 0.3, 23), synth.room(0.6 * dry + echo, 1.2, 0.3, 24)], 1)


def _stereo_pad() -> Sound:
    breath = 1 + 0.15 * _slow_turn(8)
    sides = (_sum(_pad(0.05)) * breath, _sum(_pad(-0.05)) * breath)
    return np.stack([synth.room(side, 2.2, 0.5, 25 + number) for number, side in enumerate(sides)], 1)


def _spacious_lead() -> Sound:
    dry = _sum(_lead())
    return synth.room(dry + 0.28 * np.roll(dry, 3 * STEP_FRAMES) + 0.1 * np.roll(dry, 6 * STEP_FRAMES), 1.4, 0.25, 27)


# Name, maker and peak in dBFS of each stem.
STEMS: tuple[tuple[str, Callable[[], Sound], float], ...] = (
    ("Kick", _kick, -8.0),
    ("Snare", lambda: synth.room(_snare(), 0.6, 0.15, 28), -9.0),
    ("Hats", _hats, -12.0),
    ("Bass", _bass, -10.0),
    ("Keys", _stereo_keys, -10.0),
    ("Guitar", _stereo_guitar, -11.0),
    ("Pad", _stereo_pad, -12.0),
    ("Lead", _spacious_lead, -10.0),
)


def finished(sound: Sound, peak_db: float) -> NDArray[np.float32]:
    """Return the sound with this peak, (FRAMES, 1 or 2) float32."""
    scaled = sound * (10 ** (peak_db / 20) / np.max(np.abs(sound)))
    return np.ascontiguousarray(scaled.reshape(FRAMES, -1), np.float32)


def stems() -> Iterator[Stem]:
    """Make the song's stems, as many at a time as there are cores; a few seconds in all."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # numpy lets other threads run while it calculates
        yield from threads.map(lambda row: Stem(row[0], finished(row[1](), row[2])), STEMS)

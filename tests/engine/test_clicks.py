"""No click above −80 dBFS: every control of the table is moved there and back, in blocks of four sizes.

A sine leaves nothing above 6 kHz, but what a move adds there, as a corner or a step does. All levels are as if the
sine had −6 dBFS where it is loudest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import numpy as np
import pytest

from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine.controls import (
    COLUMNS,
    FIRST_DIRECT,
    FIRST_INPUT,
    OF_TAKES,
    OFF,
    STEM,
    TABLE,
    TONE,
    Control,
    Kind,
)
from remote_mixer.engine.shared import RATE
from tests.engine.bare_mixer import Playing, Sound, playing, sine
from tests.engine.effecting import Reals, play, set_all
from tests.engine.measured import decibels

MOVE_FRAMES = RATE // 5
STILL_FRAMES = RATE // 10
SIZES, PHASES = (32, 64, 97, 256), (0, 31, 71, 109, 149)
HERTZ, AMPLITUDE, CLICK_DB, HIGH_HERTZ = 250, 0.5, -80, 6000
LOW_PASS = np.kaiser(511, 12) * np.sinc(2 * HIGH_HERTZ / RATE * np.arange(-255, 256)) * 2 * HIGH_HERTZ / RATE
PLAYED = [COLUMNS.index(f"{master} {side}") for master in ("main", "mix 1", "solo") for side in ("left", "right")]
SOLOED = slice(4, 6)  # of what is played: without effects
ELSEWHERE = {"output/*": "test_outputs", **{row.path: "test_deck" for row in OF_TAKES}}
"""Controls that a mix without a card and a take has not, and where they are moved."""
LIMITERS = {"main/ceiling", "bus*/ceiling"}
"""Controls that let a limiter act: they are moved below the sound."""

STANDS: dict[str, float] = {
    **{path: number_of(place.control, None) for path, place in TABLE.places.items()},
    **{path: 1 for path in TABLE.places if path.endswith("/fader")},
    **{f"{strip}/dca/1": 1 for strip in ("ch1", "bus1", "main")},
    **{f"{strip}/mutegroup/2": 1 for strip in ("ch1", "bus1", "main")},
    **{f"{strip}/{part}/on": 1 for strip in ("ch1", "bus1", "main") for part in ("eq", "dyn", "delay")},
    **{f"{strip}/eq/{band}/gain": 6 for strip in ("ch1", "bus1", "main") for band in (1, 2, 3, 4)},
    **{f"{strip}/dyn/threshold": -20 for strip in ("ch1", "bus1", "main")},
    **{f"{strip}/dyn/attack": 1 for strip in ("ch1", "bus1", "main")},
    **{f"ch1/{part}/on": 1 for part in ("lowcut", "gate")},
    "ch1/gate/threshold": -50,
    "ch1/solo": 1,
    "ch1/automix/group": 1,
    "ch2/automix/group": 1,
    "ch1/send/bus1/level": 1,
    "ch1/send/fx1/level": 0.3,
    "ch1/send/fx2/level": 0.3,
    "fx1/send/bus1/level": 0.3,
    "bus1/limiter": 1,
    "bus1/ceiling": 0.5,
    "main/ceiling": 1,
    "dca1/fader": 0.5,
}
"""Where all controls stand: as at the start, but what lets all others act."""
RIPPLES = {"release": 5, "hold": 0.02, "threshold": -50, "makeup": 12}
"""Of a compressor that moves a lot within each wave, so that its attack acts."""
KEYED = ("ch*/gate", "ch*/dyn", "bus*/dyn", "main/dyn")
WHERE: dict[str, dict[str, float]] = {
    **{f"{strip}/mutegroup/*": {"mutegroup/1": 1} for strip in ("ch*", "bus*", "main")},
    "mutegroup/*": {f"{strip}/mutegroup/1": 1 for strip in ("ch1", "bus1", "main")},
    "main/ceiling": {"main/limiter": 1},
    "main/limiter": {"main/ceiling": 0.05},
    "bus*/limiter": {"bus1/ceiling": 0.05},
    "ch*/send/bus*/tap": {"ch1/fader": 0.5},
    "fx1/reverb/type": {"ch1/send/fx1/level": 3, "fx1/fader": 3, "ch1/dyn/on": 0, "ch1/solo": 0, "bus1/limiter": 0},
    **{
        f"{strip}/dyn/attack": {f"{strip.replace('*', '1')}/dyn/{local}": value for local, value in RIPPLES.items()}
        for strip in ("ch*", "bus*", "main")
    },
    **{
        f"{part}/filter/{local}": {part.replace("*", "1") + "/filter/on": 1}
        for part in KEYED
        for local in ("type", "freq")
    },
}
"""By the row, what else it needs to act."""


LASTS = {"fx1/reverb/type": RATE}
"""Frames by which a move is over, by the row, where it takes longer: a reverb empties its lines first."""


def places(row: Control) -> list[float]:
    """Return what a control is moved to, in the unit of its kind; the last is where it stands at the start."""
    start = STANDS[next(row.paths())]
    if row.path in LIMITERS:
        there = [0.3, 0.05]
    elif row.path == "ch*/source":
        there = [OFF, TONE, FIRST_INPUT, FIRST_DIRECT + 1, STEM]
    elif row.kind is Kind.SWITCH:
        there = [1 - start]
    elif row.kind is Kind.CHOICE:
        there = [float(choice) for choice in range(len(row.choices))]
    else:
        there = [number_of(row, position) for position in (0.0, 1.0, 0.5)]
    return [*there, start] * (2 if len(there) < len(SIZES) - 1 else 1)


def high(sound: Reals) -> Reals:
    """Return what is above 6 kHz of sounds, (frames, columns), without their ends."""
    length = 1 << (len(sound) + len(LOW_PASS)).bit_length()  # of a power of two, which is transformed fastest
    columns = np.fft.rfft(sound.T, length)
    low = np.fft.irfft(columns * np.fft.rfft(LOW_PASS, length), length).T
    return sound[255:-255] - low[510 : len(sound)]


def clicks(mixer: Playing, row: Control) -> Iterator[float]:
    """Yield what each move of a control leaves, in dB, above what the sound has there before and after it."""
    for number, size, phase in zip(places(row), cycle(SIZES), cycle(PHASES), strict=False):
        before = play(mixer, STILL_FRAMES + phase, size)
        mixer.block.write(next(row.paths()), number)
        out = np.concatenate([before, play(mixer, LASTS.get(row.path, MOVE_FRAMES), size)])[:, PLAYED]
        heard = np.abs(high(out.astype(np.float64))).max(1)
        still = max(heard[: STILL_FRAMES // 2].max(), heard[-STILL_FRAMES // 2 :].max())
        yield decibels(max(heard.max() - 1.1 * still, 0) * AMPLITUDE / max(AMPLITUDE, np.abs(out).max()))


def levels(mixer: Playing) -> Sound:
    """Return the highest amplitude of each column that is heard."""
    sound: Sound = np.abs(play(mixer, STILL_FRAMES)[:, PLAYED]).max(0)
    return sound


def test_no_move_of_any_control_clicks() -> None:
    found: dict[str, float] = {}
    with playing(sine(HERTZ, AMPLITUDE), sine(HERTZ, AMPLITUDE / 4)) as mixer:
        set_all(mixer, STANDS)
        play(mixer, 2 * RATE)
        sounded = levels(mixer)
        for row in (row for row in TABLE.rows if row.path not in ELSEWHERE):
            set_all(mixer, WHERE.get(row.path, {}))
            play(mixer, STILL_FRAMES)
            loudest = max(clicks(mixer, row))
            if loudest > CLICK_DB:
                found[row.path] = round(loudest, 1)
            set_all(mixer, {path: STANDS[path] for path in WHERE.get(row.path, {})})
        play(mixer, RATE)
        ended = levels(mixer)
    assert ended == pytest.approx(sounded, rel=0.2), "no row was moved beside another sound; the reverb turns slowly"
    assert ended[SOLOED] == pytest.approx(sounded[SOLOED], rel=0.01)
    assert not found

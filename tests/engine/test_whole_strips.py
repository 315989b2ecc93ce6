"""Whole strips with everything at random null against a model in float64, made from the laws that the README tells."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine.controls import GATE_MODES, PROCESSING, Control, Kind
from remote_mixer.engine.rates import rate
from tests.engine.bare_mixer import LATENCY, Sound, playing, running_at
from tests.engine.effecting import play
from tests.engine.measured import decibels
from tests.engine.responses import Complexes, Reals, low_cut, section
from tests.engine.test_keys import SECTIONS

STRIPS, LEAD, PADDED = 8, 2048, 1 << 18
"""Strips of a run, frames of silence before the sound, and frames in which every filter rings out."""
SAME = -6e-4  # dB: a level lower by no more is held anew
SLOPES = dict(zip(GATE_MODES, (1, 2, 3, 1000), strict=True))
LEFT_OUT = {"automix/group", "automix/weight"}
Settings = dict[str, Any]
"""Values of a strip by local path: a number in its unit, a switch, or a choice."""


def any_value(row: Control, chance: random.Random) -> tuple[Any, float]:
    """Return any value of a control, and its number in memory; three switches in four are on."""
    if row.kind is Kind.CHOICE:
        choice = chance.choice(row.choices)
        return choice, row.choices.index(choice)
    number = number_of(row, chance.random() < 0.75 if row.kind is Kind.SWITCH else round(chance.random(), 5))
    return float(np.float32(number)), number


def sounds(seed: int, frames: int) -> Reals:
    """Return noise that swells and dies away, another one for each strip, (STRIPS, frames)."""
    random, time = np.random.default_rng(seed), np.arange(frames - LEAD) / rate()
    swells = [np.sin(2 * np.pi * random.uniform(2, 9) * time) ** 4 + 0.003 for _ in range(STRIPS)]
    noise = np.array(swells) * random.normal(0, 0.1, (STRIPS, len(time))) * np.clip(time / 0.01, 0, 1)
    return np.pad(noise, ((0, 0), (LEAD, 0))).astype(np.float32).astype(np.float64)


def filtered(sound: Reals, respond: Callable[[Settings, Reals], Complexes], strips: list[Settings]) -> Reals:
    """Return the sounds through a response of each strip."""
    hertz = np.asarray(np.fft.rfftfreq(PADDED, 1 / rate()), np.float64)
    spectra = np.fft.rfft(sound, PADDED) * [respond(strip, hertz) for strip in strips]
    return np.asarray(np.fft.irfft(spectra, PADDED)[:, : sound.shape[1]])


def cut(strip: Settings, hertz: Reals) -> Complexes:
    on = np.ones(len(hertz), np.complex128)
    return low_cut(strip["lowcut/freq"], strip["lowcut/slope"], hertz) if strip["lowcut/on"] else on


def equalised(strip: Settings, hertz: Reals) -> Complexes:
    """Return the response of four bands."""
    product = np.ones(len(hertz), np.complex128)
    for band in range(1, 5) if strip["eq/on"] else ():
        kind, hz, gain, q = (strip[f"eq/{band}/{local}"] for local in ("type", "freq", "gain", "q"))
        product *= section(kind, min(hz, 0.49 * rate()), gain, q, hertz)
    return product


def key(part: str) -> Callable[[Settings, Reals], Complexes]:
    """Return the response of what a part hears."""

    def respond(strip: Settings, hertz: Reals) -> Complexes:
        kind, q = SECTIONS[strip[f"{part}/filter/type"]]
        if not strip[f"{part}/filter/on"]:
            return np.ones(len(hertz), np.complex128)
        return section(kind, min(strip[f"{part}/filter/freq"], 0.49 * rate()), 0, q, hertz)

    return respond


def shares(milliseconds: Reals) -> Reals:
    """Return how much of a way is done in a frame."""
    return np.asarray(1 - np.exp(-1000 / (np.maximum(milliseconds, 1e-9) * rate())))


def numbers(strips: list[Settings], part: str, *names: str) -> list[Reals]:
    return [np.array([float(strip[f"{part}/{name}"]) for strip in strips]) for name in names]


def gated(keys: Reals, strips: list[Settings]) -> Reals:
    """Return the amplitudes of the gates, (STRIPS, frames); levels and gains are in dB."""
    threshold, depth, attack, hold, release, on = numbers(
        strips, "gate", "threshold", "range", "attack", "hold", "release", "on"
    )
    slope = np.array([SLOPES[strip["gate/mode"]] for strip in strips])
    fall, ease = 1 - 100 / rate(), 1 / (1 + 0.0005 * rate())
    opens = shares((np.maximum(attack, 0.6) + 1000 / rate()) / 3.2581)
    closes = shares(release - 1 - 1 / (4 * (release - 1)))
    peak, gain, held, eased, now, out = (np.full(STRIPS, 1e-7), *np.zeros((4, STRIPS)), np.empty(keys.shape))
    for frame, heard in enumerate(np.abs(keys).T):
        peak = np.maximum(np.maximum(heard, peak * fall), 1e-7)
        way = np.clip(slope * (20 * np.log10(peak) - threshold), -depth, 0) - gain
        gain = gain + np.where(way < SAME, np.where(held > 0, 0, closes), opens) * way
        held = np.where(way < SAME, held - 1, hold * rate() / 1000)
        eased = eased + np.where(gain < eased, ease, opens) * (gain - eased)
        now = now + np.where(eased < now, ease, opens) * (eased - now)
        out[:, frame] = 10 ** (now / 20)
    return np.where(on[:, np.newaxis] > 0, out, 1)


def compressed(keys: Reals, strips: list[Settings]) -> Reals:
    """Return the amplitudes of the compressors likewise."""
    threshold, ratio, knee, makeup, attack, hold, release, mix, on = numbers(
        strips, "dyn", "threshold", "ratio", "knee", "makeup", "attack", "hold", "release", "mix", "on"
    )
    half, rises, falls = np.maximum(2 * knee, 1e-3), shares(attack), shares(release)
    kept, reduction, held, out = (*np.zeros((3, STRIPS)), np.empty(keys.shape))
    for frame, heard in enumerate(np.abs(keys).T):
        over = 20 * np.log10(np.maximum(heard, 1e-12)) - threshold
        bent = np.clip(over + half, 0, 2 * half)
        way = (1 - 1 / ratio) * (bent**2 / (4 * half) + np.maximum(over - half, 0)) - kept
        kept = kept + np.where(way < SAME, np.where(held > 0, 0, falls), 1) * way
        held = np.where(way < SAME, held - 1, hold * rate() / 1000)
        reduction = reduction + rises * (kept - reduction)
        out[:, frame] = 1 + mix / 100 * (10 ** ((makeup - reduction) / 20) - 1)
    return np.where(on[:, np.newaxis] > 0, out, 1)


def model(sound: Reals, strips: list[Settings]) -> Reals:
    """Return what strips make of their sounds, before their faders."""
    gains = [(-1) ** int(strip["polarity"]) * 10 ** (strip["gain"] / 20) for strip in strips]
    sound = sound * np.array(gains)[:, np.newaxis]
    for number, strip in enumerate(strips):
        late = math.floor(strip["delay/time"] * rate() / 1000 + 0.5) if strip["delay/on"] else 0
        sound[number] = np.pad(sound[number], (late, 0))[: sound.shape[1]]
    sound = filtered(sound, cut, strips)
    sound = sound * gated(filtered(sound, key("gate"), strips), strips)
    sound = filtered(sound, equalised, strips)
    return sound * compressed(filtered(sound, key("dyn"), strips), strips)


@pytest.mark.parametrize(("frames", "size"), [(44_100, 97), (48_000, 256), (96_000, 32)])
def test_strips_of_which_everything_is_set_at_random_are_what_the_model_says(frames: int, size: int) -> None:
    chance = random.Random(frames + size)
    with running_at(frames):
        sound = sounds(size, frames * 3 // 10)
        stems: list[Sound] = [one.astype(np.float32)[:, np.newaxis] for one in sound]
        strips: list[Settings] = [{} for _ in range(STRIPS)]
        with playing(*stems) as mixer:
            for number, strip in enumerate(strips, start=1):
                for row in PROCESSING:
                    local = row.path.removeprefix("ch*/")
                    if local not in LEFT_OUT:
                        strip[local], inside = any_value(row, chance)
                        mixer.block.write(f"ch{number}/{local}", inside)
                mixer.send(number, number, 0.5**0.5, post=False, pan=-1)
            heard = play(mixer, sound.shape[1], size)
        wanted = model(sound, strips)
    for number, right in enumerate(wanted):
        off = heard[LATENCY:, 2 + 2 * number] - right[:-LATENCY]
        assert decibels(off.std() / max(0.1, np.abs(right).max())) < -100, (number + 1, strips[number])

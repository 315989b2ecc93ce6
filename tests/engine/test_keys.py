"""Key filters: gate and compressor hear through them, as an exact model in float64 does; the sound itself passes by."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from remote_mixer.engine.controls import KEY_TYPES
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine.bare_mixer import LATENCY, playing, sine
from tests.engine.measured import GLIDE_BLOCKS, HERTZ, LOOP, Settings, decibels, defaults, noise, turn, whole_loops
from tests.engine.responses import Reals, section

SECTIONS = {
    "lowcut 6": ("first", 1.0),
    "lowcut 12": ("lowcut", np.sqrt(0.5)),
    "highcut 6": ("first highcut", 1.0),
    "highcut 12": ("highcut", np.sqrt(0.5)),
    **{f"band {q}": ("band", float(q)) for q in (1, 2, 3, 5, 10)},
}
"""Kind and Q of each type."""
HZ = 1000
DB = np.log2(10) / 20
COMMON: Settings = {"filter_on": 1, "filter_freq": HZ, "hold": 0, "attack": 3, "release": 10}
SETTINGS: dict[str, Settings] = {
    "gate": COMMON | {"on": 1, "mode": "exp3", "threshold": -35, "range": 30},
    "dyn": COMMON | {"on": 1, "threshold": -50, "ratio": "4", "knee": 2, "makeup": 0, "mix": 100},
}
HEARD, COMPARED = slice(LOOP // 2, LOOP), slice(LOOP // 4, LOOP // 2)
"""Frames of the loop that the model hears, and of those the ones that count: until then it forgets how it began."""


def share(milliseconds: float) -> float:
    """Return how much of a way is done in a frame."""
    return float(1 - np.exp(-1000 / (milliseconds * RATE)))


def gated(keys: Reals) -> Reals:
    """Return the amplitudes of a gate that hears these keys, (frames, strips)."""
    peak, gain, out = np.full(keys.shape[1], 1e-7), np.zeros(keys.shape[1]), np.empty(keys.shape)
    attack, release, ease = share((3 + 1000 / RATE) / 3.2581), share(10 - 1 - 1 / 36), 1 / (1 + 0.0005 * RATE)
    fall, eased, now = 1 - 1 / (0.01 * RATE), gain, gain
    for frame, key in enumerate(np.abs(keys)):
        peak = np.maximum(np.maximum(key, peak * fall), 1e-7)
        way = np.clip(2 * (np.log2(peak) + 35 * DB), -30 * DB, 0) - gain
        gain = gain + np.where(way < 0, release, attack) * way
        eased = eased + np.where(gain < eased, ease, attack) * (gain - eased)
        now = now + np.where(eased < now, ease, attack) * (eased - now)
        out[frame] = 2**now
    return out


def compressed(keys: Reals) -> Reals:
    """Return the amplitudes of a compressor that hears these keys, (frames, strips)."""
    kept, reduction, out = np.zeros(keys.shape[1]), np.zeros(keys.shape[1]), np.empty(keys.shape)
    knee, attack, release = 4 * DB + 1e-4, share(3), share(10)
    for frame, over in enumerate(np.log2(np.maximum(np.abs(keys), 1e-30)) + 50 * DB):
        bent = np.clip(over + knee, 0, 2 * knee)
        way = 0.75 * (bent**2 / (4 * knee) + np.maximum(over - knee, 0)) - kept
        kept = kept + np.where(way < 0, release, 1) * way
        reduction = reduction + attack * (kept - reduction)
        out[frame] = 2**-reduction
    return out


@pytest.mark.parametrize(("part", "model"), [("gate", gated), ("dyn", compressed)])
def test_what_a_strip_hears_through_each_type_nulls_against_a_model(part: str, model: Callable[[Reals], Reals]) -> None:
    source = noise()
    with playing(*[source] * len(KEY_TYPES)) as mixer:
        for strip, kind in enumerate(KEY_TYPES, start=1):
            defaults(mixer, f"ch{strip}")
            turn(mixer, f"ch{strip}", **{f"{part}_{name}": value for name, value in SETTINGS[part].items()})
            turn(mixer, f"ch{strip}", **{f"{part}_filter_type": kind})
            mixer.pan(strip, -1)
            mixer.mute(strip)
        mixer.play(LOOP // BLOCK_FRAMES)
        measured = []
        for strip in range(1, len(KEY_TYPES) + 1):
            mixer.mute(strip, False)
            mixer.settle()
            measured.append(whole_loops(mixer)[HEARD][COMPARED])
            mixer.mute(strip)
            mixer.settle()
    spectrum = np.fft.rfft(source[:, 0].astype(np.float64))
    keys = [np.fft.irfft(spectrum * section(kind, HZ, 0, q, HERTZ), LOOP)[HEARD] for kind, q in SECTIONS.values()]
    amplitudes = model(np.array(keys).T)[COMPARED]
    assert np.ptp(decibels(amplitudes[:, 0].mean()) - 20 * np.log10(amplitudes)) > 6, "they act, each in its way"
    residual = np.array(measured).T - amplitudes * source[HEARD][COMPARED]
    assert {kind: decibels(off.std()) for kind, off in zip(SECTIONS, residual.T, strict=True) if off.std() > 1e-5} == {}


@pytest.mark.parametrize(("master", "column", "late"), [("main", 0, 0), ("bus1", 2, LATENCY)])
def test_a_masters_compressor_does_not_hear_what_its_filter_takes_away(master: str, column: int, late: int) -> None:
    sound = np.repeat(sine(100, 0.5), 2, 1)
    with playing(sound) as mixer:
        defaults(mixer)
        defaults(mixer, master)
        mixer.send(1, 1, 1)
        turn(mixer, master, dyn_on=1, dyn_threshold=-30, dyn_ratio="10", dyn_filter_freq=3000)
        turn(mixer, master, dyn_filter_type="lowcut 12")
        mixer.play(5 * GLIDE_BLOCKS)
        assert np.abs(whole_loops(mixer, column=column)).max() < 0.1
        turn(mixer, master, dyn_filter_on=1, dyn_release=5)
        mixer.play(5 * GLIDE_BLOCKS)
        for side in range(2):
            heard = whole_loops(mixer, column=column + side)
            assert np.abs(heard - np.roll(sound[:, side], late)).max() < 1e-6


def test_a_key_filter_without_its_gate_and_compressor_changes_no_bit() -> None:
    with playing(noise()) as mixer:
        defaults(mixer)
        mixer.pan(1, -1)
        turn(mixer, "ch1", gate_filter_on=1, dyn_filter_on=1)
        mixer.play(GLIDE_BLOCKS)
        assert np.array_equal(whole_loops(mixer), noise()[:, 0])

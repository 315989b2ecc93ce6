"""Solo: what a strip's solo brings to the solo bus, before or after its fader, and that nothing else changes by it."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine import shared
from remote_mixer.engine.controls import AFL, COLUMNS
from tests.engine.bare_mixer import LATENCY, Playing, Sound, noise, playing, sine, steady
from tests.engine.measured import decibels

SOLO = slice(COLUMNS.index("solo left"), COLUMNS.index("solo right") + 1)
ALL_BUT_SOLO = slice(0, SOLO.start)
HALF = 0.5**0.5


def heard(mixer: Playing) -> list[float]:
    """Return both sides of the solo bus once all has settled."""
    mixer.settle()
    return [float(side) for side in mixer.play()[-1, SOLO]]


def test_before_the_fader_a_strip_is_heard_whatever_fader_mute_pan_and_groups_do() -> None:
    with playing(steady(0.5), steady(0.25)) as mixer:
        assert heard(mixer) == [0, 0]
        mixer.solo(1)
        whole = [pytest.approx(0.5 * HALF)] * 2
        assert heard(mixer) == whole
        mixer.fader(1, 0)
        mixer.pan(1, -1)
        mixer.mute(1)
        for path in ("ch1/mutegroup/1", "mutegroup/1", "ch1/dca/1", "dca1/mute"):
            mixer.block.write(path, 1)
        assert heard(mixer) == whole


def test_after_the_fader_a_strip_is_heard_as_main_gets_it() -> None:
    with playing(noise(1), noise(2, sides=2), noise(3)) as mixer:
        mixer.block.write("solo/mode", AFL)
        for number, fader, pan in ((1, 0.3, -0.5), (2, 0.8, 0.25), (3, 0.6, 1)):
            mixer.fader(number, fader)
            mixer.pan(number, pan)
            mixer.solo(number)
        mixer.settle()
        out = mixer.play(4)
        assert np.allclose(out[LATENCY:, SOLO], out[:-LATENCY, :2], atol=1e-6)
        mixer.mute(2)
        mixer.solo(1, False)
        mixer.solo(3, False)
        mixer.settle()
        assert not mixer.play()[:, SOLO].any()


def test_a_stereo_strip_keeps_its_sides() -> None:
    with playing(np.concatenate([steady(0.5), steady(0.25)], axis=1)) as mixer:
        mixer.solo(1)
        assert heard(mixer) == pytest.approx([0.5, 0.25])


def moved(solo: bool) -> Sound:
    """Return all outputs of a mix in which everything of a solo is moved, or nothing of it."""
    with playing(noise(1), noise(2, sides=2)) as mixer:
        mixer.send(1, 1, 0.7)
        mixer.send(2, 8, 0.7, post=False)
        out = [mixer.play(8)]
        for path, number in (("ch1/solo", 1), ("solo/mode", AFL), ("ch2/solo", 1), ("solo/dim", 1), ("solo/mute", 1)):
            mixer.block.write(path, number if solo else 0)
            out.append(mixer.play(8))
        return np.concatenate(out)


def test_no_solo_changes_main_or_a_mix_by_a_bit() -> None:
    with_solo, without = moved(solo=True), moved(solo=False)
    assert np.array_equal(with_solo[:, ALL_BUT_SOLO], without[:, ALL_BUT_SOLO])
    assert with_solo[:, SOLO].any()
    assert not without[:, SOLO].any()


def test_the_solo_bus_has_a_fader_a_mute_a_dim_of_twenty_decibels_a_mono_switch_and_a_meter() -> None:
    with playing(steady(0.5)) as mixer:
        mixer.solo(1)
        mixer.pan(1, -1)
        mixer.block.write("solo/mode", AFL)
        assert mixer.level(shared.solo_tap(0)) == pytest.approx(decibels(0.5), abs=0.3)
        assert mixer.level(shared.solo_tap(1)) == -np.inf
        mixer.block.write("solo/dim", 1)
        assert heard(mixer) == pytest.approx([0.05, 0])
        mixer.block.write("solo/mono", 1)
        assert heard(mixer) == pytest.approx([0.025, 0.025])
        mixer.block.write("solo/fader", 0.5)
        assert heard(mixer) == pytest.approx([0.0125, 0.0125])
        mixer.block.write("solo/mute", 1)
        assert heard(mixer) == [0, 0]


def test_what_goes_to_ears_never_passes_full_scale() -> None:
    with playing(sine(200, 0.9), sine(200, 0.9)) as mixer:
        mixer.solo(1)
        mixer.solo(2)
        mixer.block.write("solo/fader", 3)
        out = np.concatenate([mixer.play(4) for _ in range(8)])[:, SOLO]
    assert 0.9 < np.abs(out).max() <= 1

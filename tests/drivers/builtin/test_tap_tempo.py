"""Tap tempo: the beat of the last taps, and a pause begins another."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.builtin.tap_tempo import LONGEST_SECONDS, MOST_TAPS, TapTempo


def test_the_tempo_is_the_mean_of_the_last_taps() -> None:
    tempo = TapTempo()
    assert tempo.tap(10.0) is None
    assert tempo.tap(10.5) == pytest.approx(0.5)
    assert tempo.tap(11.1) == pytest.approx(0.55), "an uneven hand is evened out"
    for beat in range(1, MOST_TAPS + 1):
        last = tempo.tap(11.1 + 0.4 * beat)
    assert last == pytest.approx(0.4), "what was tapped before is forgotten"


def test_a_pause_begins_another_tempo() -> None:
    tempo = TapTempo()
    tempo.tap(0.0)
    assert tempo.tap(LONGEST_SECONDS + 0.1) is None
    assert tempo.tap(LONGEST_SECONDS + 0.4) == pytest.approx(0.3)


def test_two_taps_of_one_moment_are_no_tempo() -> None:
    tempo = TapTempo()
    tempo.tap(1.0)
    assert tempo.tap(1.0) is None

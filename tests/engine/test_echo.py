"""The delay repeats at its time, by its feedback and through its cuts, in the middle or from side to side."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine.shared import RATE
from tests.engine.effecting import Reals, response

WIDE = {"fx2__echo__lowcut": 20, "fx2__echo__highcut": 16_000}


def repeats(sound: Reals, frames: int, count: int) -> Reals:
    """Return the spectra of the first repeats, (count, bins, 2), for as long as one lasts."""
    return np.array([np.abs(np.fft.rfft(sound[frames * n - 8 :][:frames], axis=0)) for n in range(1, count + 1)])


@pytest.mark.parametrize("milliseconds", [10, 123.4, 400, 2000])
def test_a_repeat_comes_at_the_frame_that_is_set(milliseconds: float) -> None:
    frames = round(milliseconds * RATE / 1000)
    sound = response(2, 0.5 + milliseconds / 1000, fx2__echo__time=milliseconds, **WIDE)
    assert int(np.argmax(np.abs(sound[:, 0]) > 0.1)) == frames
    assert np.array_equal(sound[:, 0], sound[:, 1]), "it is in the middle"


@pytest.mark.parametrize("feedback", [0, 35, 80])
def test_each_repeat_is_softer_by_the_feedback_and_passes_the_cuts_once_more(feedback: float) -> None:
    frames, controls = RATE // 10, {"fx2__echo__lowcut": 200, "fx2__echo__highcut": 4000}
    sound = response(2, 1, fx2__echo__time=100, fx2__echo__feedback=feedback, **controls)
    spectra = repeats(sound[: 5 * frames], frames, 4)[..., 0]
    way = np.tan(np.pi * np.fft.rfftfreq(frames, 1 / RATE) / RATE)[1:-1]
    low, high = (way / np.tan(np.pi * hz / RATE) for hz in (200, 4000))
    once = low**2 / np.sqrt(1 + low**4) / np.sqrt(1 + high**4)
    for number, spectrum in enumerate(spectra):
        wanted = once ** (number + 1) * (feedback / 100) ** number
        assert np.allclose(spectrum[1:-1], wanted, atol=2e-3)


def test_ping_pong_changes_sides_with_each_repeat() -> None:
    frames = RATE // 10
    sound = response(2, 1, fx2__echo__time=100, fx2__echo__feedback=50, fx2__echo__pingpong=1, **WIDE)
    loud = np.abs(sound[frames - 8 : 5 * frames - 8].reshape(4, frames, 2)).max(1)
    assert np.array_equal(loud > 1e-3, [[True, False], [False, True], [True, False], [False, True]])


def test_the_longest_feedback_dies_away() -> None:
    sound = response(2, 6, fx2__echo__time=20, fx2__echo__feedback=95, **WIDE)
    assert np.abs(sound[-RATE:]).max() < 1e-4 * np.abs(sound).max()

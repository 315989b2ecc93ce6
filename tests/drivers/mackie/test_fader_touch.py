"""Fader touch: press, release, and the DAW's answers meanwhile."""

from __future__ import annotations

from remote_mixer.drivers.mackie.fader_touch import IGNORE_SECONDS, LIFT_SECONDS, PAUSE_SECONDS, FaderTouch
from tests.drivers.mackie.manual_time import ManualTime


class Fingers:
    """A FaderTouch and what it said."""

    def __init__(self) -> None:
        self.time, self.said = ManualTime(), list[tuple[int, bool]]()
        self.touch = FaderTouch(self._note, self.time)

    def _note(self, fader: int, *, down: bool) -> None:
        self.said.append((fader, down))

    def after(self, seconds: float) -> dict[int, int | None]:
        self.time.now += seconds
        return self.touch.tend()


def test_a_move_without_a_finger_touches_once_and_releases_after_the_last_one() -> None:
    fingers = Fingers()
    for _ in range(5):
        fingers.touch.move(2, 5)
        fingers.after(PAUSE_SECONDS / 2)
    assert fingers.said == [(2, True)]
    fingers.after(PAUSE_SECONDS)
    assert fingers.said == [(2, True), (2, False)]


def test_a_finger_that_rests_keeps_the_touch_and_its_last_value_goes_out_before_the_release() -> None:
    fingers = Fingers()
    fingers.touch.land(0)
    fingers.after(60)
    assert fingers.said == [(0, True)]
    fingers.touch.lift(0)
    fingers.touch.move(0, 5)
    fingers.after(LIFT_SECONDS)
    assert fingers.said == [(0, True)]
    fingers.after(PAUSE_SECONDS)
    assert fingers.said == [(0, True), (0, False)]


def test_a_touched_fader_is_deaf_until_a_while_after_its_release_and_then_receives_the_last_word() -> None:
    fingers = Fingers()
    assert fingers.touch.takes(0, 1)
    fingers.touch.move(0, 5)
    assert not fingers.touch.takes(0, 2)
    assert fingers.after(PAUSE_SECONDS) == {}
    assert not fingers.touch.takes(0, 3)
    assert not fingers.touch.takes(0, 4)
    assert fingers.after(IGNORE_SECONDS) == {0: 4}
    assert fingers.touch.takes(0, 5)


def test_what_a_daw_said_before_the_last_move_is_never_received() -> None:
    fingers = Fingers()
    fingers.touch.land(0)
    fingers.touch.takes(0, 2)
    fingers.touch.move(0, 5)
    fingers.touch.lift(0)
    fingers.after(PAUSE_SECONDS)
    assert fingers.after(IGNORE_SECONDS) == {0: None}


def test_one_touched_fader_does_not_deafen_another() -> None:
    fingers = Fingers()
    fingers.touch.move(0, 5)
    assert fingers.touch.takes(1, 7)

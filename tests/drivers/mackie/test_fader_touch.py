"""Fader touch: press, release, and the DAW's answers meanwhile."""

from __future__ import annotations

from remote_mixer.drivers.mackie.fader_touch import (
    ECHO_SECONDS,
    IGNORE_SECONDS,
    LIFT_SECONDS,
    PAUSE_SECONDS,
    FaderTouch,
)
from tests.drivers.mackie.manual_time import ManualTime


class Fingers:
    """A FaderTouch and what it said."""

    def __init__(self) -> None:
        self.time, self.said = ManualTime(), list[tuple[int, bool]]()
        self.touch = FaderTouch(self._note, self.time)

    def _note(self, fader: int, *, down: bool) -> None:
        self.said.append((fader, down))

    @classmethod
    def of_a_daw_that_echoes(cls) -> Fingers:
        fingers = cls()
        fingers.touch.move(7, 100)
        fingers.says(7, 100)
        assert fingers.touch.echoes
        fingers.touch.arrived.clear()
        return fingers

    def says(self, fader: int, step: int) -> None:
        """Have the DAW say where a fader stands."""
        self.touch.takes(fader, step << 4)

    def lost(self) -> list[tuple[int, int]]:
        """Return what is sent again once an echo is late."""
        self.time.now += ECHO_SECONDS + 0.01
        return self.touch.lost()

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


def test_a_move_that_is_lost_again_is_not_taken_for_arrived_by_the_echo_of_the_step_beside_it() -> None:
    fingers = Fingers.of_a_daw_that_echoes()
    fingers.touch.move(0, 500)
    (_, beside), last = fingers.lost()
    assert last == (0, 500)
    fingers.says(0, beside)
    assert not fingers.touch.arrived
    assert fingers.lost()[-1] == (0, 500)
    fingers.says(0, 500)
    assert fingers.touch.arrived == {0}


def test_the_late_echo_of_an_earlier_move_beside_the_last_one_is_not_that_of_the_last_one() -> None:
    fingers = Fingers.of_a_daw_that_echoes()
    fingers.touch.land(0)
    fingers.touch.move(0, 500)
    fingers.touch.move(0, 501)
    fingers.says(0, 500)
    assert not fingers.touch.arrived
    assert fingers.lost() == [(0, 501)], "nothing beside it: the DAW's last word tells that the fader is elsewhere"
    fingers.says(0, 501)
    assert fingers.touch.arrived == {0}


def test_a_daw_that_keeps_coarser_steps_is_asked_once_more_and_then_believed() -> None:
    fingers = Fingers.of_a_daw_that_echoes()
    fingers.touch.move(0, 501)
    fingers.says(0, 500)
    assert fingers.lost() == [(0, 501)]
    fingers.says(0, 500)
    assert fingers.touch.arrived == {0}


def test_however_many_moves_were_lost_before_the_next_one_is_sent_again_within_half_a_second() -> None:
    fingers = Fingers.of_a_daw_that_echoes()
    for step in range(200, 800, 50):
        fingers.touch.move(0, step)
        assert fingers.lost() or fingers.lost()
        fingers.says(0, step)


def test_what_the_daw_moves_by_itself_ends_a_move_that_it_never_answered() -> None:
    fingers = Fingers.of_a_daw_that_echoes()
    fingers.touch.move(0, 500)
    while fingers.lost():
        fingers.after(0)
    fingers.after(PAUSE_SECONDS)
    fingers.after(IGNORE_SECONDS)
    fingers.says(0, 20)
    assert fingers.touch.arrived == {0}

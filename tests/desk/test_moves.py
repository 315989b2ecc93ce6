"""Changes become moves: one gesture of one person each, and one storm of one console."""

from __future__ import annotations

import pytest

from remote_mixer.desk.change import Cause
from remote_mixer.desk.holds import SERIES_SECONDS
from remote_mixer.desk.layout import OFFLINE
from remote_mixer.desk.moves import LONGEST_SECONDS
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, MUTE_1, NAME_1
from tests.desk.histories import Told

MAIN = "band/main/fader"


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_drag_is_one_move_from_where_it_began_to_where_it_ended(told: Told) -> None:
    told.desk.hold(FADER_1, ANNE)
    for step in range(120):
        told.desk.set({FADER_1: 0.5 + step / 1000}, ANNE)
        told.rest(1 / 60)
    assert told.moves == []
    told.desk.release(FADER_1, ANNE)
    (move,) = told.moves
    assert (move.values, move.by.name, move.cause) == ({FADER_1: (0.75, 0.619)}, "Anne", Cause.HAND)


def test_a_resting_finger_keeps_its_move_open(told: Told) -> None:
    told.desk.hold(FADER_1, ANNE)
    told.desk.set({FADER_1: 0.5}, ANNE)
    told.rest(SERIES_SECONDS * 5)
    assert told.moves == []
    told.desk.set({FADER_1: 0.4}, ANNE)
    told.desk.release(FADER_1, ANNE)
    assert [move.values for move in told.moves] == [{FADER_1: (0.75, 0.4)}]


def test_a_hold_that_was_taken_over_ends_the_move(told: Told) -> None:
    told.desk.hold(FADER_1, ANNE)
    told.desk.set({FADER_1: 0.5}, ANNE)
    told.desk.hold(FADER_1, BOB, take=True)
    told.desk.set({FADER_1: 0.4}, BOB)
    told.desk.release(FADER_1, BOB)
    assert [(move.by.name, move.values[FADER_1]) for move in told.moves] == [("Anne", (0.75, 0.5)), ("Bob", (0.5, 0.4))]


def test_keys_within_a_second_are_one_move_and_end_after_a_quiet_one(told: Told) -> None:
    for value in (0.7, 0.6, 0.5):
        told.desk.set({FADER_1: value}, ANNE)
        told.rest(SERIES_SECONDS * 0.9)
    assert told.moves == []
    told.rest(SERIES_SECONDS)
    assert [move.values for move in told.moves] == [{FADER_1: (0.75, 0.5)}]


def test_a_storm_at_the_console_is_one_move_of_many_params(told: Told) -> None:
    for path, value in ((FADER_1, 0.1), (MUTE_1, True), (NAME_1, "Kick"), (MAIN, 0.2)):
        told.desk.set({path: value}, CONSOLE)
        told.rest(SERIES_SECONDS * 0.5)
    told.rest()
    (move,) = told.moves
    assert move.by.kind == "console"
    assert move.values == {FADER_1: (0.75, 0.1), MUTE_1: (False, True), NAME_1: ("", "Kick"), MAIN: (0.75, 0.2)}


def test_what_is_heard_of_a_console_for_the_first_time_is_no_move_and_what_changes_after_it_is(told: Told) -> None:
    told.desk.set({FADER_1: None, MUTE_1: None}, CONSOLE)
    told.rest()
    told.moves.clear()
    told.desk.set({FADER_1: 0.1, MUTE_1: True, MAIN: 0.2}, CONSOLE)
    told.desk.set({FADER_1: 0.3}, CONSOLE)
    told.rest()
    (move,) = told.moves
    assert move.values == {FADER_1: (0.1, 0.3), MAIN: (0.75, 0.2)}


def test_a_console_that_never_rests_gets_a_move_a_minute(told: Told) -> None:
    for step in range(int(2.5 * LONGEST_SECONDS)):
        told.desk.set({FADER_1: (step % 7) / 10}, CONSOLE)
        told.rest(1.0 - 1e-6)
    assert len(told.moves) == 2


def test_a_gesture_that_ends_where_it_began_is_no_move(told: Told) -> None:
    told.desk.set({FADER_1: 0.5}, ANNE)
    told.desk.set({FADER_1: 0.75}, ANNE)
    told.rest()
    assert told.moves == []


def test_readings_and_the_state_of_a_console_are_no_moves(told: Told) -> None:
    told.desk.set({"band/status": OFFLINE, "band/notice": "gone"}, CONSOLE)
    told.rest()
    assert told.moves == []


def test_two_people_at_once_have_a_move_each(told: Told) -> None:
    told.desk.set({FADER_1: 0.5}, ANNE)
    told.desk.set({MAIN: 0.5}, BOB)
    told.rest()
    assert {move.by.name for move in told.moves} == {"Anne", "Bob"}


def test_numbers_of_moves_rise_and_go_on_after_a_restart(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.restart()
    told.move(BOB, {FADER_1: 0.4})
    assert [move.id for move in told.moves] == [1, 2]

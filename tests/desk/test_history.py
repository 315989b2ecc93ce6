"""Undo and redo for each person: what stands goes back, what others moved is named, and nothing is lost by trying."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remote_mixer.desk import history as module
from remote_mixer.desk.change import Cause
from remote_mixer.desk.history import Moved
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import CLIENT, Source
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, LAYOUT, MUTE_1, NAME_1
from tests.desk.histories import Told

MAIN = "band/main/fader"


@pytest.fixture
def told() -> Told:
    return Told()


def refused(told: Told, what: str, source: Source = ANNE) -> Refusal:
    with pytest.raises(Refusal) as caught:
        (told.undo if what == "undo" else told.redo)(source)
    return caught.value


def test_undo_takes_back_my_last_move_and_redo_gives_it_back(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.move(ANNE, {FADER_1: 0.4})
    assert told.undo(ANNE) == ()
    assert told.desk.values[FADER_1] == 0.5
    told.undo(ANNE)
    assert told.desk.values[FADER_1] == 0.75
    told.redo(ANNE)
    told.redo(ANNE)
    assert told.desk.values[FADER_1] == 0.4


@pytest.mark.parametrize("what", ["undo", "redo"])
def test_without_a_move_there_is_nothing_to_take_back(told: Told, what: str) -> None:
    told.move(BOB, {FADER_1: 0.5})
    told.move(CONSOLE, {MAIN: 0.5})
    assert refused(told, what).code is Code.NOTHING


def test_each_person_undoes_their_own_move_however_old(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.move(BOB, {MAIN: 0.5})
    told.undo(ANNE)
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.75, 0.5)
    told.undo(BOB)
    assert told.desk.values[MAIN] == 0.75


def test_redo_gives_back_what_stood_there_at_the_undo(told: Told) -> None:
    """Me blue, somebody else sausage, I undo: what was before me; I redo: sausage."""
    told.move(ANNE, {NAME_1: "blue"})
    told.move(BOB, {NAME_1: "sausage"})
    told.undo(ANNE, force=True)
    assert told.desk.values[NAME_1] == ""
    told.redo(ANNE)
    assert told.desk.values[NAME_1] == "sausage"


def test_a_new_move_of_mine_ends_my_redo_and_nobody_elses(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.move(BOB, {MAIN: 0.5})
    told.undo(ANNE)
    told.undo(BOB)
    told.move(ANNE, {MUTE_1: True})
    assert refused(told, "redo").code is Code.NOTHING
    told.redo(BOB)
    assert told.desk.values[MAIN] == 0.5


def test_a_move_that_somebody_moved_since_is_said_with_who(told: Told) -> None:
    told.desk.set({NAME_1: "Kick"}, CONSOLE)
    told.move(ANNE, {FADER_1: 0.5})
    told.move(BOB, {FADER_1: 0.4})
    refusal = refused(told, "undo")
    assert isinstance(refusal, Moved)
    assert (refusal.code, refusal.path, refusal.by, refusal.text) == (
        Code.CHANGED,
        FADER_1,
        "Bob",
        "Bob moved Kick since.",
    )
    assert told.desk.values[FADER_1] == 0.4
    told.undo(ANNE, force=True)
    assert told.desk.values[FADER_1] == 0.75


def test_what_was_said_once_is_passed_over_so_that_nobody_is_stuck(told: Told) -> None:
    told.move(ANNE, {MAIN: 0.5})
    told.move(ANNE, {FADER_1: 0.5})
    told.move(BOB, {FADER_1: 0.4})
    assert refused(told, "undo").path == FADER_1
    told.undo(ANNE)
    assert (told.desk.values[MAIN], told.desk.values[FADER_1]) == (0.75, 0.4)
    assert refused(told, "undo").path == FADER_1


def test_a_move_that_stands_again_can_be_taken_back_after_all(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.move(BOB, {FADER_1: 0.4})
    assert refused(told, "undo").code is Code.CHANGED
    told.undo(BOB)
    told.undo(ANNE)
    assert told.desk.values[FADER_1] == 0.75


def test_of_a_move_of_many_params_goes_back_what_stands_and_the_rest_is_named(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5, MAIN: 0.5})
    told.move(BOB, {MAIN: 0.4})
    (skipped,) = told.undo(ANNE)
    assert (skipped.path, skipped.by, skipped.text) == (MAIN, "Bob", "Bob moved Main since.")
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.75, 0.4)
    told.redo(ANNE)
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.5, 0.4)


def test_a_gesture_that_goes_on_is_taken_back_whole(told: Told) -> None:
    told.desk.set({FADER_1: 0.5}, ANNE)
    told.undo(ANNE)
    assert told.desk.values[FADER_1] == 0.75


def test_another_hand_that_is_moving_now_is_named(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.desk.set({FADER_1: 0.45}, BOB)
    refusal = refused(told, "undo")
    assert isinstance(refusal, Moved)
    assert refusal.by == "Bob"


def test_a_console_that_came_back_with_another_value_is_named(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.desk.add(LAYOUT, {FADER_1: 0.3})
    refusal = refused(told, "undo")
    assert isinstance(refusal, Moved)
    assert (refusal.by, refusal.text) == ("band", "The console moved Ch 1 since.")


def test_what_was_not_known_before_and_what_is_gone_is_named(told: Told) -> None:
    told.desk.set({FADER_1: None, MUTE_1: True}, CONSOLE)
    told.rest()
    told.move(ANNE, {FADER_1: 0.5, MAIN: 0.5, MUTE_1: False})
    told.desk.add(replace(LAYOUT, strips=LAYOUT.strips[:1]), {FADER_1: 0.5, MUTE_1: False})
    assert {skipped.path: skipped.text for skipped in told.undo(ANNE)} == {
        FADER_1: module.UNKNOWN_TEXT,
        MAIN: module.GONE_TEXT,
    }
    assert told.desk.values[MUTE_1] is True


def test_a_move_is_its_persons_on_every_page_of_theirs(told: Told) -> None:
    phone = Source(CLIENT, "phone", "Anne", person="p1")
    tablet = Source(CLIENT, "tablet", "Anne", person="p1")
    told.move(phone, {FADER_1: 0.5})
    told.undo(tablet)
    assert told.desk.values[FADER_1] == 0.75


def test_after_a_restart_undo_and_redo_are_still_there(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.move(ANNE, {MAIN: 0.5})
    told.undo(ANNE)
    told.restart()
    told.redo(ANNE)
    told.restart()
    told.undo(ANNE)
    told.undo(ANNE)
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.75, 0.75)


# One given move, and all since


def test_one_move_of_anybody_is_taken_back_and_its_undo_gives_it_back(told: Told) -> None:
    told.move(CONSOLE, {FADER_1: 0.2, MAIN: 0.2})
    told.move(BOB, {MUTE_1: True})
    told.carry_out(ANNE, told.history.take_back(told.moves[0], told.standing()))
    assert (told.desk.values[FADER_1], told.desk.values[MAIN], told.desk.values[MUTE_1]) == (0.75, 0.75, True)
    assert told.history.is_undone(told.moves[0])
    told.carry_out(ANNE, told.history.take_back(told.moves[-1], told.standing()))
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.2, 0.2)
    assert not told.history.is_undone(told.moves[0])


def test_the_rest_of_a_move_can_be_taken_back_anyway(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5, MAIN: 0.5})
    told.move(BOB, {MAIN: 0.4})
    told.undo(ANNE)
    told.carry_out(ANNE, told.history.take_back(told.moves[0], told.standing(), force=True))
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.75, 0.75)
    told.redo(ANNE)
    told.redo(ANNE)
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.5, 0.4)


def test_what_stands_there_already_is_nothing_to_take_back(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.undo(ANNE)
    with pytest.raises(Refusal, match="already") as caught:
        told.history.take_back(told.moves[0], told.standing(), force=True)
    assert caught.value.code is Code.NOTHING


def test_all_since_a_move_goes_back_as_one_move_whoever_made_it(told: Told) -> None:
    told.move(ANNE, {MUTE_1: True})
    told.move(ANNE, {FADER_1: 0.5})
    told.move(BOB, {FADER_1: 0.4})
    told.move(CONSOLE, {MAIN: 0.1})
    plan = told.history.take_back_all(told.history.since(2), told.standing())
    assert plan.values == {FADER_1: (0.4, 0.75), MAIN: (0.1, 0.75)}
    assert told.desk.values[FADER_1] == 0.4
    told.carry_out(ANNE, plan)
    assert (told.desk.values[FADER_1], told.desk.values[MAIN], told.desk.values[MUTE_1]) == (0.75, 0.75, True)
    assert [told.history.is_undone(move) for move in told.moves] == [False, True, True, True, False]
    told.redo(ANNE)
    assert (told.desk.values[FADER_1], told.desk.values[MAIN]) == (0.4, 0.1)
    assert told.moves[-1].cause is Cause.REDO
    with pytest.raises(Refusal):
        told.redo(ANNE)


# Bounds


def test_memory_holds_the_newest_moves_and_values(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MOVES", 10)
    for step in range(30):
        told.move(ANNE, {FADER_1: step / 100})
    assert told.history.reaches_back_to == 21
    monkeypatch.setattr(module, "MOST_VALUES", 5)
    told.move(BOB, {FADER_1: 0.9, MAIN: 0.1})
    assert [move.id for move in told.history.newest_first()] == [31, 30, 29, 28]


def test_who_moved_it_since_is_somebody_else_also_after_undos_of_my_own(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.5})
    told.move(BOB, {FADER_1: 0.4})
    told.move(ANNE, {FADER_1: 0.3})
    told.undo(ANNE)
    refusal = refused(told, "undo")
    assert isinstance(refusal, Moved)
    assert (refusal.by, refusal.text) == ("Bob", "Bob moved Ch 1 since.")


def test_an_undo_that_was_stopped_is_given_back_from_where_it_came_to(told: Told) -> None:
    told.move(ANNE, {FADER_1: 0.25})
    told.undo(ANNE)
    told.desk.set({FADER_1: 0.5}, ANNE, Cause.UNDO)
    corrected = told.history.came_to(told.moves[-1].id, {FADER_1: 0.5})
    assert corrected is not None
    assert corrected.values == {FADER_1: (0.25, 0.5)}
    assert told.redo(ANNE) == ()
    assert told.desk.values[FADER_1] == 0.25
    assert told.history.came_to(99, {}) is None

"""A change carries its past: what stood before, who, why, and in which gesture."""

from __future__ import annotations

import pytest

from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.holds import HOLD_SECONDS, SERIES_SECONDS
from remote_mixer.desk.layout import OFFLINE, ONLINE
from remote_mixer.desk.sources import THE_SERVER, Source
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, MUTE_1, NAME_1, Clock, online_desk

MAIN = "band/main/fader"


class Watched:
    """A desk, its clock and the changes that it has made."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.desk: Desk = online_desk(self.clock)
        self.changes: list[Change] = []
        self.desk.change_listeners.append(self.changes.append)

    def gesture(self, path: str, value: float | bool | str, source: Source = ANNE) -> int:
        """Return the gesture of the change that a set of one param makes."""
        self.desk.set({path: value}, source)
        return self.changes[-1].gesture


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_change_says_what_stood_there_and_what_stands_there_now(watched: Watched) -> None:
    watched.desk.set({FADER_1: 0.5, MUTE_1: True, NAME_1: watched.desk.values[NAME_1]}, ANNE)
    (change,) = watched.changes
    assert change.before == {FADER_1: 0.75, MUTE_1: False}
    assert change.after == {FADER_1: 0.5, MUTE_1: True}
    assert (change.rev, change.source) == (watched.desk.rev, ANNE)


def test_a_change_keeps_its_past_when_the_desk_goes_on(watched: Watched) -> None:
    watched.desk.set({FADER_1: 0.5}, ANNE)
    watched.desk.set({FADER_1: 0.25}, BOB)
    assert [(dict(one.before), dict(one.after)) for one in watched.changes] == [
        ({FADER_1: 0.75}, {FADER_1: 0.5}),
        ({FADER_1: 0.5}, {FADER_1: 0.25}),
    ]


def test_a_change_carries_the_time_of_day() -> None:
    desk, changes = online_desk(), list[Change]()
    dated = Desk(Clock(), lambda: 1_800_000_000.0)
    dated.add(desk.layouts["band"], {})
    dated.change_listeners.append(changes.append)
    dated.set({"band/status": ONLINE}, CONSOLE)
    assert changes[0].at == 1_800_000_000.0


@pytest.mark.parametrize(
    ("source", "named", "cause"),
    [
        (ANNE, None, Cause.HAND),
        (CONSOLE, None, Cause.CONSOLE),
        (THE_SERVER, None, Cause.SERVER),
        (ANNE, Cause.UNDO, Cause.UNDO),
        (ANNE, Cause.API, Cause.API),
    ],
)
def test_a_cause_is_the_sources_usual_one_or_the_one_named(
    watched: Watched, source: Source, named: Cause | None, cause: Cause
) -> None:
    watched.desk.set({FADER_1: 0.5}, source, named)
    assert watched.changes[-1].cause is cause


def test_a_gesture_begins_with_a_hold_and_ends_with_its_release(watched: Watched) -> None:
    watched.desk.hold(FADER_1, ANNE)
    first = watched.gesture(FADER_1, 0.5)
    watched.clock.now += SERIES_SECONDS * 5
    watched.desk.hold(FADER_1, ANNE)  # a resting finger repeats its hold
    assert watched.gesture(FADER_1, 0.4) == first
    watched.desk.release(FADER_1, ANNE)
    watched.desk.hold(FADER_1, ANNE)
    assert watched.gesture(FADER_1, 0.3) != first


def test_sets_without_a_hold_within_a_second_are_one_gesture(watched: Watched) -> None:
    first = watched.gesture(FADER_1, 0.5)
    watched.clock.now += SERIES_SECONDS * 0.9
    assert watched.gesture(FADER_1, 0.51) == first
    watched.clock.now += SERIES_SECONDS * 0.9
    assert watched.gesture(FADER_1, 0.52) == first
    watched.clock.now += SERIES_SECONDS * 1.1
    assert watched.gesture(FADER_1, 0.53) != first


def test_other_paths_and_other_clients_have_gestures_of_their_own(watched: Watched) -> None:
    gestures = [watched.gesture(FADER_1, 0.5), watched.gesture(MAIN, 0.5), watched.gesture(FADER_1, 0.4, BOB)]
    assert len(set(gestures)) == 3


def test_a_hold_that_was_taken_over_or_ran_out_is_another_gesture(watched: Watched) -> None:
    watched.desk.hold(FADER_1, ANNE)
    annes = watched.gesture(FADER_1, 0.5)
    watched.desk.hold(FADER_1, BOB, take=True)
    bobs = watched.gesture(FADER_1, 0.4, BOB)
    watched.clock.now += HOLD_SECONDS + 0.1
    assert len({annes, bobs, watched.gesture(FADER_1, 0.3, BOB)}) == 3


def test_two_fingers_in_one_set_are_two_changes_at_two_revisions(watched: Watched) -> None:
    watched.desk.hold(FADER_1, ANNE)
    watched.desk.hold(MAIN, ANNE)
    rev = watched.desk.set({FADER_1: 0.5, MAIN: 0.4}, ANNE)
    assert [dict(change.after) for change in watched.changes] == [{FADER_1: 0.5}, {MAIN: 0.4}]
    assert [change.rev for change in watched.changes] == [rev - 1, rev]
    assert len({change.gesture for change in watched.changes}) == 2


def test_a_path_moved_along_with_two_fingers_belongs_to_neither(watched: Watched) -> None:
    watched.desk.hold(FADER_1, ANNE)
    watched.desk.hold(MAIN, ANNE)
    watched.desk.set({FADER_1: 0.5, MAIN: 0.4, MUTE_1: True}, ANNE)
    assert {frozenset(change.after) for change in watched.changes} == {
        *(frozenset({path}) for path in (FADER_1, MAIN, MUTE_1))
    }


def test_a_path_moved_along_with_a_held_one_belongs_to_its_gesture(watched: Watched) -> None:
    watched.desk.hold(FADER_1, ANNE)
    watched.desk.set({FADER_1: 0.5, MAIN: 0.4}, ANNE)
    (change,) = watched.changes
    assert change.after == {FADER_1: 0.5, MAIN: 0.4}


def test_a_consoles_own_move_of_a_held_param_is_not_the_holders_gesture(watched: Watched) -> None:
    watched.desk.hold(FADER_1, ANNE)
    held = watched.gesture(FADER_1, 0.5)
    assert watched.gesture(FADER_1, 0.4, CONSOLE) != held


def test_a_refused_set_makes_no_change(watched: Watched) -> None:
    watched.desk.set({"band/status": OFFLINE}, CONSOLE)
    watched.changes.clear()
    with pytest.raises(Exception, match="offline"):
        watched.desk.set({FADER_1: 0.1}, ANNE)
    assert watched.changes == []


def test_the_series_that_have_ended_are_forgotten(watched: Watched) -> None:
    for step in range(1000):
        watched.clock.now += SERIES_SECONDS * 1.1
        watched.gesture(FADER_1, step / 1000)
    assert len(watched.desk._holds._series) <= 2

"""The one door: what it lets through, in which order, and what it says of the rest."""

from dataclasses import replace
from typing import Any

import pytest

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.holds import HOLD_SECONDS
from remote_mixer.desk.layout import OFFLINE, SYNCING
from remote_mixer.desk.refusal import Held, Refusal
from remote_mixer.desk.sources import Source
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, LAYOUT, MUTE_1, NAME_1, Clock, online_desk


def heard_of(desk: Desk) -> list[Any]:
    heard: list[Any] = []
    desk.change_listeners.append(lambda change: heard.append((change.rev, dict(change.after), change.source.id)))
    return heard


def refusal(desk: Desk, values: dict[str, Any], source: Source) -> str:
    with pytest.raises(Refusal) as refused:
        desk.set(values, source)
    return refused.value.code.word


def test_a_change_is_kept_numbered_and_told_with_its_source() -> None:
    desk = online_desk()
    heard, before = heard_of(desk), desk.rev
    rev = desk.set({FADER_1: 0.5, MUTE_1: True}, ANNE)
    assert (desk.values[FADER_1], desk.values[MUTE_1]) == (0.5, True)
    assert heard == [(before + 1, {FADER_1: 0.5, MUTE_1: True}, "anne")]
    assert rev == before + 1


def test_what_is_so_already_is_no_change() -> None:
    desk = online_desk()
    heard = heard_of(desk)
    rev = desk.set({FADER_1: desk.values[FADER_1]}, ANNE)
    assert heard == []
    assert rev == desk.rev


def test_a_call_changes_all_it_asks_for_or_nothing() -> None:
    desk = online_desk()
    heard = heard_of(desk)
    assert refusal(desk, {FADER_1: 0.1, MUTE_1: "loud"}, ANNE) == "bad-value"
    assert desk.values[FADER_1] == 0.75
    assert heard == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"band/ch9/fader": 0.5}, "unknown-path"),
        ({"": 0.5}, "unknown-path"),
        ({FADER_1: 1.5}, "bad-value"),
        ({FADER_1: None}, "bad-value"),
        ({"band/status": "online"}, "read-only"),
    ],
)
def test_the_door_says_what_is_wrong(values: dict[str, Any], code: str) -> None:
    assert refusal(online_desk(), values, ANNE) == code


def test_nothing_can_be_set_on_a_console_that_is_offline_but_the_console_may_speak() -> None:
    desk = online_desk()
    desk.set({"band/status": OFFLINE}, CONSOLE)
    assert refusal(desk, {FADER_1: 0.2}, ANNE) == "offline"
    desk.set({FADER_1: 0.3}, CONSOLE)
    assert desk.values[FADER_1] == 0.3


def test_a_console_may_say_that_it_does_not_know() -> None:
    desk = online_desk()
    desk.set({FADER_1: None}, CONSOLE)
    assert desk.values[FADER_1] is None


def test_a_console_that_comes_back_wins_and_its_lost_strips_are_gone() -> None:
    desk = online_desk()
    desk.set({FADER_1: 0.1}, ANNE)
    desk.hold("band/main/fader", ANNE)
    desk.add(replace(LAYOUT, strips=LAYOUT.strips[:1]), {FADER_1: 0.9})
    assert desk.values[FADER_1] == 0.9
    assert refusal(desk, {"band/main/fader": 0.5}, ANNE) == "unknown-path"
    assert desk.held() == {}


def test_two_consoles_stand_side_by_side() -> None:
    desk = online_desk()
    desk.add(replace(LAYOUT, name="foh"), {"foh/ch1/fader": 0.25})
    assert (desk.values[FADER_1], desk.values["foh/ch1/fader"]) == (0.75, 0.25)
    assert desk.values_of("foh").keys() == {path.replace("band/", "foh/") for path in desk.values_of("band")}


def test_a_page_that_returns_is_told_what_changed_since_and_nothing_else() -> None:
    desk = online_desk()
    desk.set({FADER_1: 0.1}, ANNE)
    seen = desk.rev
    desk.set({MUTE_1: True}, ANNE)
    desk.set({NAME_1: "Kick"}, BOB)
    desk.set({MUTE_1: False}, ANNE)
    assert desk.since(seen, desk.epoch) == {MUTE_1: False, NAME_1: "Kick"}
    assert desk.since(desk.rev, desk.epoch) == {}


def test_a_page_of_another_life_or_another_layout_is_told_everything() -> None:
    desk = online_desk()
    seen = desk.rev
    assert desk.since(seen, "another epoch") is None
    assert desk.since(seen + 1, desk.epoch) is None
    desk.add(replace(LAYOUT, title="New strips"), {})
    assert desk.since(seen, desk.epoch) is None


def test_while_one_holds_a_fader_another_cannot_set_it_and_the_console_can() -> None:
    desk = online_desk()
    desk.hold(FADER_1, ANNE)
    with pytest.raises(Held) as refused:
        desk.set({FADER_1: 0.2}, BOB)
    assert refused.value.by == "anne"
    desk.set({FADER_1: 0.3}, ANNE)
    desk.set({FADER_1: 0.4}, CONSOLE)
    assert desk.values[FADER_1] == 0.4


def test_a_hold_can_be_taken_over_only_on_purpose() -> None:
    desk = online_desk()
    told: list[Any] = []
    desk.hold_listeners.append(lambda *hold: told.append(hold))
    desk.hold(FADER_1, ANNE)
    with pytest.raises(Held):
        desk.hold(FADER_1, BOB)
    desk.hold(FADER_1, BOB, take=True)
    assert told == [(FADER_1, "anne", None), (FADER_1, "bob", "anne")]
    assert desk.held() == {FADER_1: "bob"}


def test_a_hold_ends_at_release_and_when_its_client_leaves() -> None:
    desk = online_desk()
    desk.hold(FADER_1, ANNE)
    desk.hold(MUTE_1, ANNE)
    desk.release(FADER_1, ANNE)
    desk.release(MUTE_1, BOB)
    assert desk.held() == {MUTE_1: "anne"}
    desk.leave("anne")
    assert desk.held() == {}


def test_a_hold_runs_out_ten_seconds_after_the_last_hold_or_set() -> None:
    clock = Clock()
    desk = online_desk(clock)
    told: list[Any] = []
    desk.hold(FADER_1, ANNE)
    desk.hold_listeners.append(lambda *hold: told.append(hold))
    clock.now += HOLD_SECONDS - 1
    desk.set({FADER_1: 0.2}, ANNE)
    clock.now += HOLD_SECONDS - 1
    desk.tend()
    assert told == []
    clock.now += 1
    desk.tend()
    assert told == [(FADER_1, None, "anne")]
    desk.set({FADER_1: 0.3}, BOB)


def test_what_cannot_be_set_cannot_be_held() -> None:
    desk = online_desk()
    with pytest.raises(Refusal, match="reading"):
        desk.hold("band/status", ANNE)
    with pytest.raises(Refusal, match="such a control"):
        desk.hold("band/ch9/fader", ANNE, take=True)


def test_a_console_that_goes_takes_the_fingers_off_it() -> None:
    desk = online_desk()
    told: list[Any] = []
    desk.hold(FADER_1, ANNE)
    desk.hold_listeners.append(lambda *hold: told.append(hold))
    desk.set({"band/status": OFFLINE}, CONSOLE)
    assert told == [(FADER_1, None, "anne")]


def test_nothing_is_set_on_a_console_that_is_still_being_read() -> None:
    desk = online_desk()
    desk.set({"band/status": SYNCING}, CONSOLE)
    assert refusal(desk, {FADER_1: 0.2}, ANNE) == "offline"


def test_a_console_whose_values_do_not_fit_changes_nothing() -> None:
    desk = online_desk()
    before = dict(desk.values)
    with pytest.raises(ValueError, match="position"):
        desk.add(replace(LAYOUT, title="Other"), {FADER_1: 7.0})
    assert desk.values == before
    assert desk.layouts["band"] == LAYOUT


def test_a_finger_is_told_when_its_strip_goes_or_its_hold_ran_out_before_another_took_over() -> None:
    clock = Clock()
    desk = online_desk(clock)
    told: list[Any] = []
    desk.hold("band/main/fader", ANNE)
    desk.hold(FADER_1, ANNE)
    desk.hold_listeners.append(lambda *hold: told.append(hold))
    clock.now += HOLD_SECONDS
    desk.hold(FADER_1, BOB)
    desk.add(replace(LAYOUT, strips=LAYOUT.strips[:1]), {})
    assert told == [(FADER_1, "bob", "anne"), ("band/main/fader", None, "anne")]

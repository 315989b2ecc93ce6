"""Plans of a recall, and the order in which it is carried out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import Standing
from remote_mixer.desk.layout import OFFLINE
from remote_mixer.desk.moves import Span
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import Policy, Rail
from remote_mixer.desk.recall import Verdict, in_safe_order, plan, silences
from remote_mixer.desk.scenes import Scope
from remote_mixer.drivers.behringer import x32
from remote_mixer.drivers.behringer.address_book import AddressBook
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, MUTE_1, NAME_1, online_desk

MAIN, MAIN_MUTE = "band/main/fader", "band/main/mute"
SCENE: dict[str, Value] = {FADER_1: 0.5, MUTE_1: True, NAME_1: "Kick", MAIN: 0.75}


def verdicts(desk: Desk, values: dict[str, Value], **more: object) -> dict[str, str]:
    rows = plan(values, Standing(desk), ANNE, **more).rows  # type: ignore[arg-type] # scope and safes
    return {path: row.verdict.value for path, row in rows.items()}


def test_only_what_differs_will_be_set() -> None:
    found = plan(SCENE, Standing(online_desk()), ANNE)
    assert found.values() == {FADER_1: (0.75, 0.5), MUTE_1: (False, True)}
    assert (found.rows[MAIN].verdict, found.rows[NAME_1].verdict) == (Verdict.SAME, Verdict.OUT)


def test_what_stays_is_named_with_its_reason() -> None:
    desk = online_desk()
    desk.hold(FADER_1, BOB)
    desk.rights.policy = Policy(rails=(Rail("band/main/fader", ("engineer",), most_db=-10),))
    values: dict[str, Value] = {
        FADER_1: 0.1,
        MUTE_1: True,
        MAIN: 1.0,
        "band/ch9/fader": 0.5,
        "stage/ch1/fader": 0.5,
        MAIN_MUTE: "loud",
        "band/main/name": None,
        "band/notice": "x",
    }
    everything = Scope(sections=frozenset({"levels", "mutes", "names", "other"}))
    found = plan(values, Standing(desk), ANNE, everything, {"band/ch1": frozenset({"mutes"})}).as_json()
    assert {path: stays["verdict"] for path, stays in found["stays"].items()} == {
        FADER_1: "held",
        MUTE_1: "safe",
        MAIN: "forbidden",
        "band/ch9/fader": "missing",
        "stage/ch1/fader": "missing",
        MAIN_MUTE: "missing",
        "band/main/name": "unknown",
        "band/notice": "missing",
    }
    assert all(stays["text"] for stays in found["stays"].values())
    assert sum(found["counts"].values()) == len(values)
    json.dumps(found)


def test_a_console_that_is_offline_is_named() -> None:
    desk = online_desk()
    desk.set({"band/status": OFFLINE}, CONSOLE)
    assert set(verdicts(desk, SCENE).values()) == {"offline", "out"}


def test_a_safe_holds_where_a_recall_would_change_something() -> None:
    safes = {"band/ch1": frozenset({"levels"}), "band/main": frozenset({"levels"})}
    assert verdicts(online_desk(), SCENE, safes=safes) == {
        FADER_1: "safe",
        MUTE_1: "will",
        NAME_1: "out",
        MAIN: "same",
    }


def test_a_value_that_is_unknown_or_only_remembered_is_set_even_where_it_is_equal() -> None:
    desk = online_desk()
    desk.remember("band", frozenset({MAIN}))
    desk.set({MUTE_1: None}, CONSOLE)
    assert verdicts(desk, {MAIN: 0.75, MUTE_1: False, FADER_1: 0.75}) == {MAIN: "will", MUTE_1: "will", FADER_1: "same"}


def test_where_a_glide_goes_counts_as_where_a_param_stands() -> None:
    standing = Standing(online_desk(), {FADER_1: 0.5})
    assert plan({FADER_1: 0.5}, standing, ANNE).rows[FADER_1].verdict is Verdict.SAME
    assert plan({FADER_1: 0.75}, standing, ANNE).values() == {FADER_1: (0.5, 0.75)}


# The safe order


def test_mutes_and_falling_levels_come_first_and_rising_levels_and_unmutes_last() -> None:
    values: dict[str, Span] = {
        MUTE_1: (True, False),
        FADER_1: (0.1, 0.5),
        NAME_1: ("", "Kick"),
        MAIN: (0.75, 0.2),
        MAIN_MUTE: (False, True),
    }
    assert in_safe_order(values, online_desk()) == [[MAIN, MAIN_MUTE], [NAME_1], [FADER_1], [MUTE_1]]


def x32_desk() -> Desk:
    desk = Desk()
    desk.add(x32.FAMILY.layout("band", "", AddressBook(x32.FAMILY).gains), {})
    desk.set({"band/status": "online"}, CONSOLE)
    return desk


X32 = x32_desk()
SETTABLE = [path for path, param in X32.layouts["band"].paths() if param.kind in ("position", "toggle")]


@given(
    st.dictionaries(
        st.sampled_from(SETTABLE), st.tuples(st.integers(0, 4).map(lambda n: n / 4), st.integers(0, 4)), max_size=40
    )
)
def test_whatever_a_scene_changes_nothing_gets_louder_before_all_that_falls_has_fallen(
    drawn: dict[str, tuple[float, int]],
) -> None:
    def span(path: str, before: float, after: int) -> Span:
        kind = X32.param(path).kind
        return (before > 0.5, after > 2) if kind == "toggle" else (before, after / 4)

    values = {path: span(path, *ends) for path, ends in drawn.items()}
    steps = in_safe_order(values, X32)
    assert sorted(path for step in steps for path in step) == sorted(values)
    order = [path for step in steps for path in step]

    def louder(path: str) -> bool:
        before, after = values[path]
        if isinstance(after, float):
            return isinstance(before, float) and after > before and X32.is_level(path)
        return silences(path, after) is False

    def quieter(path: str) -> bool:
        before, after = values[path]
        if isinstance(after, float):
            return isinstance(before, float) and after < before and X32.is_level(path)
        return silences(path, after) is True

    first_louder = next((place for place, path in enumerate(order) if louder(path)), len(order))
    assert not any(quieter(path) for path in order[first_louder:])


def test_in_a_step_the_strips_take_turns() -> None:
    values: dict[str, Span] = {f"band/ch{n}/eq/{band}/q": (0.5, 0.1) for n in (1, 2) for band in (1, 2)}
    (step,) = in_safe_order(values, X32)
    assert [path.split("/")[1] for path in step] == ["ch1", "ch2", "ch1", "ch2"]


@pytest.mark.parametrize(
    ("path", "value", "silent"),
    [
        ("band/ch1/mute", True, True),
        ("band/ch1/send/bus1/mute", False, False),
        ("band/mutegroup/1", True, True),
        ("band/ch1/mutegroup/1", True, None),
        ("band/ch1/main", False, True),
        ("band/ch1/eq/on", True, None),
        ("band/ch1/fader", 0.5, None),
    ],
)
def test_switches_that_silence(path: str, value: Value, silent: bool | None) -> None:
    assert silences(path, value) is silent

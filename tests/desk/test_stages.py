"""The order in which a recall is carried out, at once and as a fade."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.moves import Span
from remote_mixer.desk.params import Value
from remote_mixer.desk.stages import Stage, at_once, faded, in_safe_order, rising_gently, silences
from remote_mixer.drivers.behringer import x32
from remote_mixer.drivers.behringer.address_book import AddressBook
from tests.desk.desks import CONSOLE, FADER_1, MUTE_1, NAME_1, online_desk

MAIN, MAIN_MUTE = "band/main/fader", "band/main/mute"


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
    _, step, *_ = in_safe_order(values, X32)
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


def test_an_undo_lets_levels_rise_gently_from_where_they_are_un_muted() -> None:
    values: dict[str, Span] = {MUTE_1: (True, False), FADER_1: (0.1, 0.5), MAIN: (0.75, 0.2)}
    assert rising_gently(values, online_desk()) == [
        Stage({MAIN: 0.2}, waits=False),
        Stage({MUTE_1: False}, {FADER_1: 0.5}),
    ]


def test_a_recall_without_a_fade_jumps_in_the_safe_order() -> None:
    values: dict[str, Span] = {MUTE_1: (True, False), FADER_1: (0.1, 0.5), MAIN: (0.75, 0.2)}
    assert at_once(values, online_desk()) == [
        Stage({MAIN: 0.2}, waits=False),
        Stage({FADER_1: 0.5}),
        Stage({MUTE_1: False}),
    ]


# Fades


def fade(values: dict[str, Span], present: dict[str, Value], *fixed: str) -> list[Stage]:
    return faded(values, online_desk(values=present), lambda path: path not in fixed)


def test_positions_glide_and_switches_jump_first() -> None:
    values: dict[str, Span] = {FADER_1: (0.75, 0.5), NAME_1: ("", "Kick")}
    assert fade(values, {}) == [Stage({NAME_1: "Kick"}), Stage({}, {FADER_1: 0.5})]


def test_a_strip_that_comes_in_rises_from_silence_un_muted() -> None:
    for values in ({MUTE_1: (True, False), FADER_1: (0.6, 0.5)}, {MUTE_1: (True, False)}):
        wanted = 0.5 if len(values) == 2 else 0.6
        found = fade(values, {MUTE_1: True, FADER_1: 0.6})  # type: ignore[arg-type] # spans
        assert found == [Stage({FADER_1: 0.0}), Stage({MUTE_1: False}, {FADER_1: wanted})]


def test_a_strip_that_goes_out_falls_then_mutes_and_stands_where_the_scene_wants_it() -> None:
    values: dict[str, Span] = {MUTE_1: (False, True), FADER_1: (0.6, 0.5)}
    found = fade(values, {FADER_1: 0.6})
    assert found == [Stage({}, {FADER_1: 0.0}), Stage({MUTE_1: True}), Stage({FADER_1: 0.5})]


def test_a_fader_that_is_muted_before_and_after_jumps() -> None:
    assert fade({FADER_1: (0.6, 0.5)}, {MUTE_1: True, FADER_1: 0.6}) == [Stage({FADER_1: 0.5})]


def test_where_the_fader_must_stay_a_mute_is_only_a_switch() -> None:
    assert fade({MUTE_1: (False, True)}, {}, FADER_1) == [Stage({MUTE_1: True})]
    assert fade({MUTE_1: (True, False)}, {MUTE_1: True}, FADER_1) == [Stage({MUTE_1: False})]


def test_a_position_that_is_not_known_jumps_when_all_else_has_come() -> None:
    values: dict[str, Span] = {FADER_1: (None, 0.5), MAIN: (0.75, 0.5)}
    assert fade(values, {FADER_1: None}) == [Stage({}, {MAIN: 0.5}), Stage({FADER_1: 0.5})]

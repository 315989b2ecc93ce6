"""Scenes: what they keep, what their scope and the safes let through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remote_mixer.desk.layout import OFFLINE
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.scenes import (
    MOST_VALUES,
    SCENE,
    TOO_MANY_VALUES,
    Head,
    Scene,
    Scope,
    capture,
    checked_safe,
    is_safe,
)
from remote_mixer.desk.sections import LEVELS, MUTES, SECTIONS
from tests.desk.desks import CONSOLE, FADER_1, MUTE_1, NAME_1, online_desk

HEAD = Head(1, SCENE, 3, "Ballad – тихо", "cyan", "", "Anne", 1e9)


def test_a_scene_keeps_what_is_known_and_names_the_rest() -> None:
    desk = online_desk(values={FADER_1: 0.5})
    desk.set({MUTE_1: None}, CONSOLE)
    captured = capture(desk)
    assert captured.values[FADER_1] == 0.5
    assert captured.values[NAME_1] == ""
    assert captured.unknown == [MUTE_1]
    assert "band/status" not in captured.values


def test_of_a_console_that_is_offline_nothing_is_kept() -> None:
    desk = online_desk()
    desk.set({"band/status": OFFLINE}, CONSOLE)
    captured = capture(desk)
    assert captured.values == {}
    assert FADER_1 in captured.unknown


def test_a_scene_keeps_the_consoles_that_are_chosen() -> None:
    assert capture(online_desk(), {"other"}).values == {}
    assert capture(online_desk(), {"band"}).values


def test_a_scope_is_consoles_and_strips_and_sections() -> None:
    assert Scope().has(FADER_1)
    assert not Scope().has(NAME_1), "names are recalled only where they are named"
    assert Scope(sections=frozenset({"names"})).has(NAME_1)
    assert not Scope(consoles=frozenset({"stage"})).has(FADER_1)
    assert not Scope(strips=frozenset({"band/ch2"})).has(FADER_1)
    assert Scope(strips=frozenset({"band/ch1"})).has(FADER_1)


def test_a_scope_comes_back_as_it_was() -> None:
    for scope in (Scope(), Scope(frozenset({"band"}), frozenset(), frozenset({MUTES}))):
        assert Scope.of_json(scope.as_json()) == scope
    assert Scope.of_json({}) == Scope()


@pytest.mark.parametrize("form", [[], {"strip": []}, {"strips": "band/ch1"}, {"sections": ["gains"]}, {"strips": [1]}])
def test_a_scope_that_is_none_is_refused_with_a_sentence(form: object) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        Scope.of_json(form)


def test_a_safe_holds_a_strip_or_a_section_of_it() -> None:
    safes = {"band/ch1": checked_safe("band/ch1", ["levels"]), "band/main": checked_safe("band/main", sections=True)}
    assert is_safe(FADER_1, safes)
    assert not is_safe(MUTE_1, safes)
    assert is_safe("band/main/mute", safes)
    assert checked_safe("band/ch1", []) == frozenset()
    assert checked_safe("band/ch1", True) == frozenset(SECTIONS)
    for wrong in ("levels", ["gain"], [LEVELS, 1], 5):
        with pytest.raises(Refusal):
            checked_safe("band/ch1", wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x" * 61},
        {"name": "two\nlines"},
        {"note": "x" * 401},
        {"color": "teal"},
        {"kind": "cue"},
        {"number": -1},
        {"number": True},
        {"fade": 61.0},
        {"fade": float("nan")},
    ],
)
def test_a_head_with_a_field_that_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        replace(HEAD, **wrong)  # type: ignore[arg-type] # wrong on purpose


def test_a_scene_of_more_values_than_allowed_is_refused_with_a_sentence() -> None:
    values = {f"band/ch{n}/fader": 0.5 for n in range(MOST_VALUES + 1)}
    with pytest.raises(ValueError, match=TOO_MANY_VALUES[:40]):
        Scene(HEAD, values)


def test_a_scope_that_is_a_mix_has_the_levels_mutes_and_pans_of_its_sends_alone() -> None:
    scope = Scope(sections=frozenset({"sends"}), mix="band/bus2")
    own = ["band/ch1/send/bus2/level", "band/ch9/send/bus2/mute", "band/ch1/send/bus2/pan"]
    others = ["band/ch1/send/bus2/tap", "band/ch1/send/bus1/level", "band/bus2/fader", "foh/ch1/send/bus2/level"]
    assert [path for path in (*own, *others) if scope.has(path)] == own
    assert Scope.of_json(scope.as_json()) == scope
    with pytest.raises(ValueError, match="bus"):
        Scope.of_json({"mix": 2})

"""Plans of a recall, and the order in which it is carried out."""

from __future__ import annotations

import json

from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import Standing
from remote_mixer.desk.layout import OFFLINE
from remote_mixer.desk.params import Choice, Param, Text, Value
from remote_mixer.desk.policy import Policy, Rail
from remote_mixer.desk.recall import Verdict, plan
from remote_mixer.desk.scenes import Scope, capture
from remote_mixer.desk.sections import INPUT, NAMES, SECTIONS, USUAL_SECTIONS, section_of
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, MUTE_1, NAME_1, online_desk
from tests.desk.test_stages import x32_desk

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


def test_gain_48_v_sources_and_names_are_recalled_only_where_their_section_is_named() -> None:
    """On an X32, all of whose controls differ from the scene."""
    desk = x32_desk()
    captured = capture(desk).values
    scene = {path: other for path, value in captured.items() if (other := _other(desk.param(path), value)) != value}
    paths = {f"band/ch1/{local}" for local in ("gain", "phantom", "trim", "polarity", "lowcut/on", "name", "color")}
    assert paths <= scene.keys()
    usual = plan(scene, Standing(desk), ANNE).values()
    assert not paths & usual.keys()
    assert {section_of(path) for path in usual} == USUAL_SECTIONS & {section_of(path) for path in scene}
    named = Scope(sections=frozenset({INPUT, NAMES}))
    assert paths <= plan(scene, Standing(desk), ANNE, named).values().keys()


def test_a_recall_never_switches_talkback_whatever_a_scene_holds_and_however_wide_it_is() -> None:
    desk = x32_desk()
    assert not [path for path in capture(desk).values if paths.is_talk(path)]
    everything = Scope(sections=frozenset(SECTIONS))
    for scene in ({"band/talk/a": True}, {"band/talk": True, "band/talk/b": False}):
        assert plan(scene, Standing(desk), ANNE, everything).values() == {}


def _other(param: Param, value: Value) -> Value:
    """Return another value of a param, the same one where there is none."""
    if isinstance(value, bool):
        return not value
    if isinstance(param, Choice):
        return param.choices[param.choices.index(str(value)) - 1]
    if param.kind == "position" and isinstance(value, float):
        return param.check((value + 0.3) % 1)
    return "other" if isinstance(param, Text) else value


def test_where_a_glide_goes_counts_as_where_a_param_stands() -> None:
    standing = Standing(online_desk(), {FADER_1: 0.5})
    assert plan({FADER_1: 0.5}, standing, ANNE).rows[FADER_1].verdict is Verdict.SAME
    assert plan({FADER_1: 0.75}, standing, ANNE).values() == {FADER_1: (0.5, 0.75)}

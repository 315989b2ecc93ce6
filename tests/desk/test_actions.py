"""Actions: the arguments that one takes, and what it says of the rest."""

from __future__ import annotations

import json

import pytest

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Number, Text, Toggle
from remote_mixer.desk.refusal import Code, Refusal

MOVE = Action(
    "move",
    "Move channel",
    {"strip": Text(4), "place": Number(1, 9, "", 1, whole=True), "loud": Toggle()},
    {"place": None, "loud": True},
    setup=True,
)
STOP = Action("stop", "Stop")
LAYOUT = Layout("band", "Band", "demo", actions=(MOVE, STOP))


def test_arguments_that_are_left_out_have_their_defaults() -> None:
    assert MOVE.check({"strip": "ch1"}) == {"strip": "ch1", "place": None, "loud": True}
    assert MOVE.check({"strip": "ch1", "place": None, "loud": False}) == {"strip": "ch1", "place": None, "loud": False}
    assert STOP.check({}) == {}


def test_a_whole_number_stays_one_and_no_other_number_fits() -> None:
    place = MOVE.check({"strip": "ch1", "place": 3.0})["place"]
    assert (place, type(place)) == (3, int)
    with pytest.raises(ValueError, match=r"whole number from 1 to 9, not 3\.5"):
        MOVE.check({"strip": "ch1", "place": 3.5})


@pytest.mark.parametrize(
    ("action", "arguments", "text"),
    [
        (MOVE, {}, "“move” needs the argument “strip”."),
        (MOVE, {"strip": None}, "“move” needs the argument “strip”."),
        (MOVE, {"strip": "ch1", "to": 2}, "“move” takes no argument “to”: it takes “strip”, “place”, “loud”."),
        (STOP, {"x" * 100: 1}, f"“stop” takes no argument “{'x' * 40}”: it takes none."),
        (MOVE, {"strip": 1}, "The argument “strip” of “move” does not fit: this is a text, not 1."),
        (
            MOVE,
            {"strip": "ch1", "place": 10},
            "The argument “place” of “move” does not fit: this is a whole number from 1 to 9, not 10.",
        ),
        (
            MOVE,
            {"strip": "ch1", "loud": 1},
            "The argument “loud” of “move” does not fit: a toggle is true or false, not 1.",
        ),
    ],
)
def test_a_wrong_argument_is_refused_by_its_name(action: Action, arguments: dict[str, object], text: str) -> None:
    with pytest.raises(Refusal) as refused:
        LAYOUT.check_action(action.name, arguments)
    assert (refused.value.code, refused.value.text, refused.value.path) == (Code.BAD_VALUE, text, "band")


def test_an_action_that_a_console_does_not_have_is_refused() -> None:
    with pytest.raises(Refusal, match="The console “band” cannot do “fly”") as refused:
        LAYOUT.check_action("fly", {})
    assert (refused.value.code, refused.value.path) == (Code.BAD_VALUE, "band")


def test_a_layout_tells_its_actions_by_name_and_their_schema() -> None:
    told = json.loads(json.dumps(LAYOUT.as_json()))
    assert (told["actions"], told["setup"]) == (["move", "stop"], ["move"])
    assert list(told["action_schema"]) == told["actions"]
    move = told["action_schema"]["move"]
    assert (move["label"], move["defaults"]) == ("Move channel", {"place": None, "loud": True})
    assert move["params"]["place"] == {"kind": "number", "default": 1, "low": 1, "high": 9, "unit": "", "whole": True}
    assert told["action_schema"]["stop"] == {"label": "Stop", "params": {}, "defaults": {}}

"""What each kind of param takes, and what it says of the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk.params import Choice, Number, Param, Position, Text, Toggle

FADER = Position("fader", 0.75)
GRID = Position("fader", 0.75, steps=1024)
COLOR = Choice(("grey", "red"), "grey")
NAME = Text(32)
SECONDS = Number(0, 86400, "s")
STRANGE: tuple[object, ...] = (-0.01, 1.01, float("nan"), float("inf"), 10**400, "0.5", None, [], {}, True)


@pytest.mark.parametrize(
    ("param", "value"),
    [
        *((FADER, value) for value in STRANGE),
        *((Toggle(), value) for value in (0, 1, "on", None)),
        *((COLOR, value) for value in ("blue", "", 1, None)),
        *((NAME, value) for value in ("x" * 33, "x" * 10_000, "two\nlines", "bell\a", "half \ud800", 7, None)),
        *((SECONDS, value) for value in (-1, 86401, float("nan"), "1", True, None)),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(param: Param, value: object) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+") as refused:
        param.check(value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("param", "value"),
    [(FADER, 0), (FADER, 1), (Toggle(), True), (COLOR, "red"), (NAME, "Gesang 🎤 שירה"), (NAME, ""), (SECONDS, 86400)],
)
def test_what_fits_is_kept_as_it_is(param: Param, value: object) -> None:
    assert param.check(value) == value


def test_a_position_has_at_most_five_decimals() -> None:
    assert FADER.check(1 / 3) == 0.33333


@given(st.floats(0, 1))
def test_a_position_stands_on_the_consoles_own_grid(position: float) -> None:
    kept = GRID.check(position)
    assert kept * 1023 == pytest.approx(round(kept * 1023), abs=0.01)
    assert abs(kept - position) <= 0.5 / 1023 + 1e-5
    assert GRID.check(kept) == kept


def test_a_consoles_own_rounding_is_the_same_value_and_a_whole_step_is_not() -> None:
    assert GRID.same(0.5, 0.5 + 0.4 / 1023)
    assert not GRID.same(0.5, 0.5 + 1 / 1023)
    assert not GRID.same(None, 0.5)


@pytest.mark.parametrize("param", [FADER, GRID, Toggle(read_only=True), COLOR, NAME, SECONDS])
def test_a_param_tells_the_page_its_kind_and_default(param: Param) -> None:
    told = json.loads(json.dumps(param.as_json()))
    assert told["kind"] == param.kind
    assert told["default"] == param.default
    assert told.get("read_only", False) == param.read_only

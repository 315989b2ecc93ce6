"""The laws between position and unit; the page is tested on the same table."""

import json
from math import inf
from pathlib import Path

import pytest

from remote_mixer.desk.tapers import FADER, PAN, Taper

TABLE = json.loads((Path(__file__).parent.parent / "data" / "tapers.json").read_text())
NAMED = {"fader": FADER, "pan": PAN}
PAIRS = [
    (NAMED[entry["name"]], position, -inf if value is None else value)
    for entry in TABLE
    for position, value in entry["pairs"]
]


@pytest.mark.parametrize(("taper", "position", "value"), PAIRS)
def test_a_position_and_its_value_are_one_thing_seen_from_two_sides(
    taper: Taper, position: float, value: float
) -> None:
    assert taper.to_unit(position) == pytest.approx(value)
    assert taper.to_position(value) == pytest.approx(position)


def test_a_value_beyond_the_ends_stands_at_the_end() -> None:
    assert FADER.to_position(40) == 1
    assert FADER.to_position(inf) == 1
    assert PAN.to_position(-inf) == 0


def test_a_taper_survives_its_journey_to_the_page() -> None:
    assert Taper.of_json(json.loads(json.dumps(FADER.as_json()))) == FADER


@pytest.mark.parametrize("points", [(), ((0, 1),), ((0, 1), (1, 1)), ((0, 0), (0.5, 1)), ((0.1, 0), (1, 1))])
def test_a_law_that_does_not_rise_from_end_to_end_is_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        Taper("dB", points)

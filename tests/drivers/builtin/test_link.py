"""Stereo links of the built-in engine: params that follow, and params that stay."""

from __future__ import annotations

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.drivers.builtin.link import in_step

STANDS: dict[str, Value] = {
    "band/ch3/fader": 0.5,
    "band/ch4/fader": 0.6,
    "band/ch3/pan": 0.5,
    "band/ch4/pan": 0.5,
    "band/ch3/send/bus1/pan": 0.5,
    "band/ch4/send/bus1/pan": 0.7,
    "band/ch3/name": "Keys L",
    "band/ch4/name": "Keys R",
    "band/main/fader": 0.75,
    "band/ch3/link": False,
    "band/ch4/link": False,
}
LINKED: dict[str, Value] = STANDS | {"band/ch3/link": True, "band/ch4/link": True}


@pytest.mark.parametrize("number", [3, 4])
def test_a_link_brings_the_even_channel_to_the_odd_one_and_parts_pans_that_nobody_moved(number: int) -> None:
    path = f"band/ch{number}/link"
    assert in_step(STANDS, path, True) == {
        f"band/ch{7 - number}/link": True,
        "band/ch4/fader": 0.5,
        "band/ch3/pan": 0.0,
        "band/ch4/pan": 1.0,
    }


def test_a_link_that_is_taken_off_leaves_all_where_it_is() -> None:
    assert in_step(LINKED, "band/ch4/link", False) == {"band/ch3/link": False}


@pytest.mark.parametrize(
    ("local", "other"),
    [
        ("ch3/eq/2/gain", "ch4/eq/2/gain"),
        ("ch4/send/bus1/level", "ch3/send/bus1/level"),
        ("ch4/dca/2", "ch3/dca/2"),
        ("ch3/pan", None),
        ("ch3/send/bus1/pan", None),
        ("ch3/polarity", None),
        ("ch3/name", None),
        ("ch5/fader", None),
        ("main/fader", None),
    ],
)
def test_linked_channels_share_all_but_their_sides(local: str, other: str | None) -> None:
    assert in_step(LINKED, f"band/{local}", 0.25) == ({f"band/{other}": 0.25} if other else {})


def test_channels_that_are_not_linked_go_their_own_ways() -> None:
    assert in_step(STANDS, "band/ch3/fader", 0.5) == {}

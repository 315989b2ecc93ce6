"""Addresses of OSC: paths and names both ways, patterns, and values as arguments."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.bridges.osc.addresses import Addresses, Pattern, Target, as_part, names_of
from remote_mixer.bridges.osc.values import value_of
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Choice, Position, Text, Toggle, Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.tapers import FADER

PARAMS = {"fader": Position("fader"), "mute": Toggle(), "name": Text(32)}
SENDS = {"send/bus1/level": Position("fader")}
NAMED = ("Kick", "Vox", "Vox", "ch1", "Snare #1/top", "", "Große Trommel")
BAND = Layout(
    "band",
    "Band",
    "demo",
    tapers={"fader": FADER},
    strips=(
        *(Strip(f"ch{n}", "channel", n, f"Ch {n}", params=PARAMS | SENDS) for n in range(1, 8)),
        Strip("bus1", "bus", 1, "Bus 1", params=PARAMS),
    ),
)
VALUES: dict[str, Value] = {path: param.default for path, param in BAND.paths()}
VALUES |= {f"band/ch{number}/name": name for number, name in enumerate(NAMED, 1)} | {"band/bus1/name": "Singer"}
ADDRESSES = Addresses({"band": BAND}, VALUES)


def found(address: str) -> list[str]:
    return [target.path for target in ADDRESSES.find(Pattern(address))]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/band/ch1/fader", "band/ch1/fader"),
        ("/band/Kick/fader", "band/ch1/fader"),
        ("/band/Vox/mute", "band/ch2/mute"),
        ("/band/Vox_2/mute", "band/ch3/mute"),
        ("/band/ch1_2/mute", "band/ch4/mute"),
        ("/band/Snare_1_top/fader", "band/ch5/fader"),
        ("/band/Große_Trommel/fader", "band/ch7/fader"),
        ("/band/Kick/send/Singer/level", "band/ch1/send/bus1/level"),
        ("/band/Kick/send/bus1/level", "band/ch1/send/bus1/level"),
    ],
)
def test_an_address_is_the_path_or_has_the_names_of_strips_in_it(address: str, path: str) -> None:
    assert ADDRESSES.find(Pattern(address)) == [Target(path, is_text=False)]
    assert ADDRESSES.find(Pattern(f"{address}/text")) == [Target(path, is_text=True)]


def test_an_id_is_never_another_strips_name() -> None:
    assert found("/band/ch1/mute") == ["band/ch1/mute"]
    assert "ch1" not in names_of(BAND, VALUES).values()


@pytest.mark.parametrize(
    ("pattern", "strips"),
    [
        ("/band/*/mute", ["ch1", "ch2", "ch3", "ch4", "ch5", "ch6", "ch7", "bus1"]),
        ("/band/ch?/mute", ["ch1", "ch2", "ch3", "ch4", "ch5", "ch6", "ch7"]),
        ("/band/ch[2-4]/mute", ["ch2", "ch3", "ch4"]),
        ("/band/ch[!2-7]/mute", ["ch1"]),
        ("/band/{Kick,Singer}/mute", ["ch1", "bus1"]),
        ("/b*d/V*/mute", ["ch2", "ch3"]),
    ],
)
def test_a_pattern_means_each_fitting_param_once_in_the_order_of_the_strips(pattern: str, strips: list[str]) -> None:
    assert found(pattern) == [f"band/{strip}/mute" for strip in strips]


def test_a_star_does_not_pass_a_slash_and_a_slash_alone_means_all() -> None:
    assert "band/ch1/send/bus1/level" not in found("/band/*/*")
    assert set(found("/")) == set(VALUES)


@pytest.mark.parametrize("address", ["/band/[ch1/mute", "/band/{a,b/mute", "/band/" + "*a" * 5, "/band/]/x"])
def test_what_is_no_pattern_is_refused(address: str) -> None:
    with pytest.raises(Refusal):
        Pattern(address)


def test_below_an_address_its_parts_are_listed_in_order() -> None:
    assert ADDRESSES.children("/") == ["band"]
    assert ADDRESSES.children("/band")[-2:] == ["ch7", "bus1"]
    assert ADDRESSES.children("/band/ch1") == ["fader", "mute", "name", "send"]


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_is_refused(text: str) -> None:
    with suppress(Refusal):
        ADDRESSES.find(Pattern(f"/{text}"))


@given(st.text(max_size=40))
def test_a_name_becomes_one_part_that_is_its_own_pattern(name: str) -> None:
    part = as_part(name)
    if part:
        assert Pattern(f"/{part}").is_plain
        assert Pattern(f"/{part}").matches(part)


@pytest.mark.parametrize(
    ("local", "argument", "value"),
    [
        ("fader", 0.5, 0.5),
        ("fader", 1, 1.0),
        ("fader", "-10 dB", pytest.approx(0.5, abs=0.06)),
        ("fader", "-∞", 0.0),
        ("mute", True, True),
        ("mute", 0, False),
        ("mute", 1.0, True),
        ("mute", "on", True),
        ("name", "Kick in", "Kick in"),
    ],
)
def test_an_argument_is_taken_as_what_the_param_is(local: str, argument: object, value: Value) -> None:
    assert value_of(PARAMS[local], BAND, [argument]) == value


@pytest.mark.parametrize(
    ("local", "arguments"),
    [
        ("fader", [1.5]),
        ("fader", [True]),
        ("fader", [float("nan")]),
        ("fader", ["loud"]),
        ("fader", [0.5, 0.5]),
        ("fader", [b"\0"]),
        ("fader", [None]),
        ("mute", [2]),
        ("mute", ["perhaps"]),
        ("name", [3]),
    ],
)
def test_an_argument_that_does_not_fit_is_refused_with_a_sentence(local: str, arguments: list[object]) -> None:
    with pytest.raises(Refusal, match=r"\w \w"):
        value_of(PARAMS[local], BAND, arguments)


def test_a_choice_is_taken_by_its_name() -> None:
    assert value_of(Choice(("pre", "post"), "pre"), BAND, ["post"]) == "post"

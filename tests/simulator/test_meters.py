"""Meter frames of the simulated console: their bytes, and that they follow the controls."""

from __future__ import annotations

from collections.abc import Callable
from struct import calcsize, unpack_from
from typing import Any

import pytest

from remote_mixer.simulator.console import Console
from remote_mixer.simulator.meters import Meters

MOMENT = 12.34
X32_SIZES = {0: 70, 1: 96, 2: 49, 5: 27, 6: 4, 13: 48, 16: 48}
XAIR_SIZES = {0: 8, 1: 40, 2: 36, 5: 8, 6: 39}


class Rack:
    """A console and what its meters read at one moment, after a control was moved."""

    def __init__(self, word: str) -> None:
        self.console = Console(word, "Front")
        self.format = "f" if word == "x32" else "h"

    def read(self, number: int, *arguments: int) -> list[float]:
        blob = Meters(self.console).frame(number, arguments, MOMENT)
        assert blob
        (count,) = unpack_from("<i", blob)
        assert len(blob) == 4 + count * calcsize(self.format)
        return list(unpack_from(f"<{count}{self.format}", blob, 4))

    def after(self, number: int, place: int, *moves: tuple[str, Any]) -> float:
        for address, value in moves:
            self.console.move(address, value)
        return self.read(number, 0)[place]


@pytest.fixture
def x32() -> Rack:
    return Rack("x32")


@pytest.fixture
def xr18() -> Rack:
    return Rack("xr18")


@pytest.mark.parametrize(("number", "words"), X32_SIZES.items())
def test_an_x32_frame_is_a_count_and_its_words_all_little_endian(number: int, words: int) -> None:
    blob = Meters(Console("x32", "Front")).frame(number, (0, 0), MOMENT)
    assert blob
    assert (unpack_from("<i", blob), len(blob)) == ((words,), 4 + 4 * words)


@pytest.mark.parametrize("word", ["xr18", "xr16", "xr12"])
@pytest.mark.parametrize(("number", "values"), XAIR_SIZES.items())
def test_an_x_air_frame_has_the_same_size_in_all_models(word: str, number: int, values: int) -> None:
    assert len(Rack(word).read(number, 0)) == values


def test_an_x32_speaks_in_amplitudes_and_reductions_of_one_are_none(x32: Rack) -> None:
    levels, gates, comps = (x32.read(1)[start : start + 32] for start in (0, 32, 64))
    assert all(0.01 < level < 1 for level in levels)
    assert gates == comps == [1.0] * 32


def test_a_silent_x32_shows_its_floor_and_never_zero(x32: Rack) -> None:
    assert x32.after(2, 0, ("/bus/01/mix/on", 0)) == pytest.approx(4e-7)


def test_an_x_air_speaks_in_256_to_the_decibel_with_minus_infinity_for_silence(xr18: Rack) -> None:
    levels = xr18.read(1)
    assert all(-60 * 256 < level <= 0 for level in levels[:16])
    assert xr18.after(1, 36, ("/lr/mix/on", 0)) == -0x8000


def test_an_x32_has_18_db_above_full_scale_and_no_more(x32: Rack) -> None:
    assert x32.after(6, 0, ("/headamp/000/gain", 1.0), ("/ch/01/preamp/trim", 1.0)) == pytest.approx(10 ** (18 / 20))


def test_levels_speak(x32: Rack) -> None:
    meters = Meters(x32.console)
    assert len({meters.frame(1, (), moment) for moment in (0.0, 0.3, 0.6)}) == 3


FOLLOWING: list[tuple[str, int, int, tuple[str, Any], Callable[[float, float], bool]]] = [
    ("x32", 6, 3, ("/ch/01/mix/fader", 0.0), lambda before, after: after < before / 1000),
    ("x32", 6, 0, ("/ch/01/mix/fader", 0.0), lambda before, after: after == before),
    ("x32", 6, 3, ("/ch/01/mix/on", 0), lambda before, after: after < before / 1000),
    ("x32", 6, 0, ("/headamp/000/gain", 0.75), lambda before, after: 3 < after / before < 5),
    ("x32", 6, 0, ("/-ha/00/index", -1), lambda before, after: after < before),
    ("x32", 2, 22, ("/main/st/mix/fader", 0.5), lambda before, after: 0.3 < after / before < 0.33),
    ("x32", 2, 24, ("/ch/01/mix/mono", 1), lambda before, after: after == before),
    ("x32", 2, 0, ("/ch/01/mix/01/level", 1.0), lambda before, after: after > before),
    ("x32", 2, 0, ("/ch/01/mix/01/on", 0), lambda before, after: after < before),
    ("x32", 2, 16, ("/main/st/mix/01/level", 0.75), lambda before, after: after > 1000 * before),
    ("x32", 1, 32, ("/ch/01/gate/on", 1), lambda before, after: after == before),
    ("xr18", 0, 4, ("/ch/01/mix/fader", 0.0), lambda before, after: after == -0x8000),
    ("xr18", 0, 0, ("/headamp/01/gain", 0.5), lambda before, after: before - after == pytest.approx(6 * 256, abs=2)),
    ("xr18", 5, 0, ("/bus/1/mix/on", 0), lambda before, after: after == -0x8000),
]


@pytest.mark.parametrize(("word", "number", "place", "move", "right"), FOLLOWING)
def test_a_meter_follows_what_is_before_it_and_nothing_else(
    word: str, number: int, place: int, move: tuple[str, Any], right: Callable[[float, float], bool]
) -> None:
    rack = Rack(word)
    before = rack.after(number, place)
    assert right(before, rack.after(number, place, move))


def test_a_gate_that_closes_and_dynamics_that_work_show_what_they_take(x32: Rack) -> None:
    gate = x32.after(1, 32, ("/ch/01/gate/on", 1), ("/ch/01/gate/thr", 1.0), ("/ch/01/gate/range", 0.0))
    assert gate == pytest.approx(10 ** (-3 / 20), rel=1e-5)
    assert x32.after(1, 65, ("/ch/02/dyn/on", 1), ("/ch/02/dyn/thr", 0.0)) < 0.3
    assert x32.read(6, 1)[2] == pytest.approx(x32.read(1)[65])


def test_reductions_are_whole_numbers_in_frame_16(x32: Rack) -> None:
    x32.console.move("/ch/01/gate/on", 1)
    x32.console.move("/ch/01/gate/thr", 1.0)
    blob = Meters(x32.console).frame(16, (), MOMENT) or b""
    shorts = unpack_from("<96h", blob, 4)
    assert shorts[0] == round(32767 * 10 ** (-60 / 20))
    assert shorts[1:88] == (32767,) * 87


@pytest.mark.parametrize("group", [("/dca/2/on", 0), ("/config/mute/2", 1)])
def test_a_dca_and_a_mute_group_silence_their_members(x32: Rack, group: tuple[str, int]) -> None:
    members = ("/ch/01/grp/dca", 2), ("/ch/01/grp/mute", 2)
    assert x32.after(6, 3, *members) > 0.001
    assert x32.after(6, 3, group) == pytest.approx(4e-7)


def test_a_dca_fader_moves_its_members(x32: Rack) -> None:
    before = x32.after(6, 3, ("/ch/01/grp/dca", 1))
    assert x32.after(6, 3, ("/dca/1/fader", 0.5)) / before == pytest.approx(10 ** (-9.98 / 20), rel=0.01)


def test_a_sum_of_one_strip_pans_with_it(x32: Rack) -> None:
    for root in (f"/ch/{number:02}" for number in range(2, 33)):
        x32.console.move(f"{root}/mix/st", 0)
    for number in range(1, 9):
        x32.console.move(f"/auxin/{number:02}/mix/st", 0)
        x32.console.move(f"/fxrtn/{number:02}/mix/st", 0)
    x32.console.move("/ch/01/mix/pan", 0.0)
    left, right = x32.read(2)[22:24]
    assert left == pytest.approx(x32.read(6, 0)[3], rel=0.01)
    assert right == pytest.approx(4e-7)


def test_a_strip_or_layer_that_is_not_there_has_no_frame(x32: Rack, xr18: Rack) -> None:
    meters = Meters(x32.console)
    assert [meters.frame(6, (72,), MOMENT), meters.frame(6, (), MOMENT), meters.frame(5, (4, 0), MOMENT)] == [None] * 3
    assert Meters(xr18.console).frame(0, (99,), MOMENT) is None
    assert not meters.knows(17)
    assert Meters(xr18.console).knows(5)


def test_a_channel_of_an_x_air_is_as_loud_as_the_preamp_of_its_own_input(xr18: Rack) -> None:
    (usual, other) = xr18.read(1)[:2]
    assert xr18.after(1, 0, ("/headamp/01/gain", 1.0)) > usual
    assert xr18.read(1)[1] == other
    assert xr18.after(1, 1, ("/ch/02/config/insrc", 0)) > other


def test_a_channel_that_plays_its_usb_return_follows_the_trim_and_no_preamp(xr18: Rack) -> None:
    usual = xr18.after(1, 0, ("/ch/01/preamp/rtnsw", 1))
    assert xr18.after(1, 0, ("/headamp/01/gain", 0.0)) == usual
    assert xr18.after(1, 0, ("/ch/01/preamp/rtntrim", 0.0)) < usual


def test_the_trim_of_a_usb_return_that_does_not_play_changes_nothing(xr18: Rack) -> None:
    usual = xr18.read(1)[0]
    assert xr18.after(1, 0, ("/ch/01/preamp/rtntrim", 0.0)) == usual

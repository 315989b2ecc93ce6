"""Values as numbers and bytes, both ways."""

from __future__ import annotations

from itertools import pairwise

import pytest

from remote_mixer.desk.params import Position
from remote_mixer.drivers.midi_cc.control import CC, NRPN, PAIR, Button, Control, Knob

CC_7 = Control(CC, 1, 7)
VOLUME = Control(PAIR, 16, 7, 39)
NUMBERED = Control(NRPN, 3, 1024)


@pytest.mark.parametrize(
    ("control", "raw", "sent"),
    [
        (CC_7, 0, "b0 07 00"),
        (CC_7, 127, "b0 07 7f"),
        (VOLUME, 0, "bf 07 00 bf 27 00"),
        (VOLUME, 129, "bf 07 01 bf 27 01"),
        (VOLUME, 16383, "bf 07 7f bf 27 7f"),
        (NUMBERED, 8193, "b2 63 08 b2 62 00 b2 06 40 b2 26 01 b2 63 7f b2 62 7f"),
    ],
)
def test_a_number_leaves_coarse_half_first_and_an_nrpn_is_chosen_and_taken_back(
    control: Control, raw: int, sent: str
) -> None:
    assert b"".join(control.messages(raw)) == bytes.fromhex(sent)


@pytest.mark.parametrize(
    ("knob", "position", "raw"),
    [
        (Knob(CC_7, 0, 127, law="plain"), 0.0, 0),
        (Knob(CC_7, 0, 127, law="plain"), 1.0, 127),
        (Knob(CC_7, 0, 127, law="plain"), 0.50394, 64),
        (Knob(CC_7, 0, 127, invert=True, law="plain"), 0.0, 127),
        (Knob(CC_7, 0, 127, invert=True, law="plain"), 1.0, 0),
        (Knob(CC_7, 20, 120, law="plain"), 0.5, 70),
        (Knob(CC_7, 20, 120, invert=True, law="plain"), 0.25, 95),
        (Knob(VOLUME, 0, 16383, law="gm"), 0.75, 12287),
        (Knob(NUMBERED, 0, 16000, law="fader"), 0.999, 15984),
    ],
)
def test_a_position_is_a_number_of_the_travel_and_back(knob: Knob, position: float, raw: int) -> None:
    assert knob.raw(position) == raw
    assert isinstance(knob.param, Position)
    assert knob.param.same(position, knob.value(raw))


@pytest.mark.parametrize("control", [CC_7, VOLUME, NUMBERED])
@pytest.mark.parametrize("invert", [False, True])
def test_every_number_is_a_position_of_its_own_and_comes_back_as_itself(control: Control, *, invert: bool) -> None:
    knob = Knob(control, 0, control.top, invert, "plain")
    assert all(knob.raw(knob.param.check(knob.value(raw))) == raw for raw in range(control.top + 1))


def test_a_number_outside_of_the_travel_is_no_position_but_where_it_may_be_rounding() -> None:
    knob = Knob(CC_7, 20, 100, law="plain")
    assert [knob.read(number, 0) for number in (19, 20, 100, 101)] == [None, 0.0, 1.0, None]
    assert [knob.read(number, 1) for number in (18, 19, 101, 102)] == [None, 0.0, 1.0, None]


@pytest.mark.parametrize(("control", "middle"), [(CC_7, 64), (VOLUME, 8192)])
@pytest.mark.parametrize("invert", [False, True])
def test_a_pan_rests_where_midi_has_the_middle(control: Control, middle: int, *, invert: bool) -> None:
    pan = Knob(control, 0, control.top, invert)
    assert pan.raw(pan.param.default) == middle
    assert pan.taper.to_unit(pan.value(middle)) == pytest.approx(0)


@pytest.mark.parametrize(("raw", "muted"), [(127, True), (64, True), (63, False), (0, False)])
def test_a_button_is_on_from_64_up(raw: int, *, muted: bool) -> None:
    assert Button(CC_7, 127, 0).value(raw) is muted
    assert Button(CC_7, 0, 127).value(127 - raw) is muted


def test_a_switch_sends_its_state_and_a_momentary_button_a_press() -> None:
    assert Button(CC_7, 100, 1).messages(False) == [b"\xb0\x07\x01"]
    assert Button(CC_7, 100, 1).messages(True) == [b"\xb0\x07\x64"]
    assert Button(CC_7, 100, 1, momentary=True).messages(False) == [b"\xb0\x07\x64", b"\xb0\x07\x01"]


@pytest.mark.parametrize(
    ("law", "readings"),
    [
        ("gm", {127: 0, 96: -4.9, 64: -11.9, 32: -23.9, 16: -36.0}),
        ((-70.0, 0.0), {127: 0.0, 100: -14.9, 64: -34.7, 10: -64.5, 1: -69.4}),
        ("fader", {127: 10, 95: -0.1}),
        ("plain", {127: 127, 64: 64, 0: 0}),
    ],
)
def test_a_law_reads_what_its_numbers_mean(law: str | tuple[float, float], readings: dict[int, float]) -> None:
    knob = Knob(CC_7, 0, 127, law=law)
    for raw, reading in readings.items():
        assert knob.taper.to_unit(knob.value(raw)) == pytest.approx(reading, abs=0.06)


@pytest.mark.parametrize("law", ["gm", "fader", (-70.0, 0.0)])
def test_a_law_in_decibels_is_silent_at_the_bottom_and_rises_all_the_way(law: str | tuple[float, float]) -> None:
    taper = Knob(VOLUME, 0, 16383, law=law).taper
    readings = [taper.to_unit(raw / 16383) for raw in range(16384)]
    assert readings[0] == float("-inf")
    assert all(a < b for a, b in pairwise(readings))


def test_the_page_receives_how_coarse_a_control_is() -> None:
    assert Knob(CC_7, 0, 127, law="plain").param.as_json()["steps"] == 128
    assert Knob(VOLUME, 0, 16383, law="plain").param.as_json()["steps"] == 16384


@pytest.mark.parametrize(
    ("control", "name"),
    [(CC_7, "CC 7"), (VOLUME, "CC 7/39, MIDI channel 16"), (NUMBERED, "NRPN 1024, MIDI channel 3")],
)
def test_a_control_is_called_as_people_call_it(control: Control, name: str) -> None:
    assert str(control) == name

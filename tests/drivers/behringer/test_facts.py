"""Facts of single params: preamps, idle controls, solos, groups, and values that no table has."""

from __future__ import annotations

import pytest

from remote_mixer.desk.params import Choice, Param, Position
from remote_mixer.drivers.behringer import laws, x32, xair
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.encodings import Bit
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.osc import Argument


def model_of(model: str) -> Family:
    return xair.FAMILY.of_model(model)


def params(family: Family) -> dict[str, Param]:
    return dict(family.layout("band", "", {}).paths())


@pytest.mark.parametrize(
    ("model", "source", "address", "dbs"),
    [
        ("XR18", 15, "/headamp/16/gain", (-12, 60, 145)),
        ("XR16", 7, "/headamp/08/gain", (-12, 60, 145)),
        ("XR16", 8, "/headamp/17/gain", (-12, 20, 65)),
        ("XR16", 15, "/headamp/24/gain", (-12, 20, 65)),
        ("XR12", 3, "/headamp/04/gain", (-12, 60, 145)),
        ("XR12", 4, "/headamp/17/gain", (-12, 20, 65)),
    ],
)
def test_a_line_input_of_a_small_x_air_has_a_preamp_of_its_own_scale_without_48_v(
    model: str, source: int, address: str, dbs: tuple[int, int, int]
) -> None:
    addresses = AddressBook(model_of(model))
    taken = addresses.take("/ch/02/config/insrc", source)
    leaf = addresses.by_path["ch2/gain"]
    assert leaf.address == address
    assert isinstance(leaf.encoding.param, Position)
    taper = laws.TAPERS[leaf.encoding.param.taper]
    assert (taper.to_unit(0), taper.to_unit(1), leaf.encoding.param.steps) == dbs
    assert ("ch2/phantom" in addresses.by_path, taken["ch2/phantom/idle"]) == (
        (True, "") if dbs[1] == 60 else (False, "no 48 V")
    )


def test_gain_and_48_v_are_idle_while_usb_plays_and_the_trim_while_it_does_not() -> None:
    addresses = AddressBook(xair.FAMILY)
    addresses.take("/ch/01/config/insrc", 0)
    idle = {"ch1/trim/idle": "", "ch1/gain/idle": "USB plays", "ch1/phantom/idle": "USB plays"}
    assert addresses.take("/ch/01/preamp/rtnsw", 1) == {"ch1/usb": True, **idle}
    assert addresses.take("/ch/01/config/insrc", 18)["ch1/gain/idle"] == "no preamp"
    addresses.take("/ch/01/preamp/rtnsw", 0)
    assert (addresses.values["ch1/trim/idle"], addresses.values["ch1/gain/idle"]) == ("USB does not play", "no preamp")
    assert addresses.take("/rtn/aux/preamp/rtnsw", 0)["aux1/trim/idle"] == "USB does not play"


@pytest.mark.parametrize(("mode", "why"), [(0, ""), (1, "the graphic EQ sounds"), (2, "the graphic EQ sounds")])
def test_the_parametric_bands_are_idle_while_the_graphic_eq_sounds(mode: int, why: str) -> None:
    addresses = AddressBook(xair.FAMILY)
    for root, strip in (("/bus/6", "bus6"), ("/lr", "main")):
        taken = addresses.take(f"{root}/eq/mode", mode)
        assert {taken[f"{strip}/eq/{band}/idle"] for band in range(1, 7)} == {why}


def test_an_x_airs_buses_and_main_have_the_six_types_of_bands() -> None:
    six = ("lowcut", "lowshelf", "bell", "vintage", "highshelf", "highcut")
    for strip in ("ch1", "bus1", "main"):
        param = params(xair.FAMILY)[f"band/{strip}/eq/1/type"]
        assert isinstance(param, Choice)
        assert param.choices == six
    wide = params(x32.FAMILY)["band/bus1/eq/1/type"]
    assert isinstance(wide, Choice)
    assert len(wide.choices) == 14


@pytest.mark.parametrize(
    ("family", "path", "switch"),
    [
        (xair.FAMILY, "ch16", 16),
        (xair.FAMILY, "aux1", 17),
        (xair.FAMILY, "fx1", 18),
        (xair.FAMILY, "fx4", 21),
        (xair.FAMILY, "bus1", 40),
        (xair.FAMILY, "bus6", 45),
        (xair.FAMILY, "fxsend1", 46),
        (xair.FAMILY, "fxsend4", 49),
        (xair.FAMILY, "main", 50),
        (xair.FAMILY, "dca1", 51),
        (xair.FAMILY, "dca4", 54),
        (x32.FAMILY, "mtx6", 70),
        (x32.FAMILY, "mono", 72),
        (x32.FAMILY, "dca8", 80),
    ],
)
def test_a_solo_switch_is_the_one_that_the_lists_give_the_strip(family: Family, path: str, switch: int) -> None:
    assert AddressBook(family).by_path[f"{path}/solo"].address == f"/-stat/solosw/{switch:02}"


def test_matrices_belong_to_dcas_and_mute_groups() -> None:
    addresses = AddressBook(x32.FAMILY)
    assert addresses.by_path["mtx6/dca/8"].address == "/mtx/06/grp/dca"
    assert addresses.take("/mtx/01/grp/mute", 0b100000)["mtx1/mutegroup/6"] is True


@pytest.mark.parametrize(
    ("address", "understood", "argument", "path"),
    [
        ("/ch/01/config/color", 1, 17, "ch1/color"),
        ("/ch/01/config/icon", 1, 75, "ch1/icon"),
        ("/bus/01/eq/1/type", 1, 14, "bus1/eq/1/type"),
        ("/ch/01/mix/fader", 0.5, 7.5, "ch1/fader"),
        ("/ch/01/mix/fader", 0.5, float("nan"), "ch1/fader"),
        ("/ch/01/mix/on", 1, 2, "ch1/mute"),
        ("/ch/01/config/name", "x", 5, "ch1/name"),
        ("/ch/01/grp/mute", 1, "%01", "ch1/mutegroup/1"),
        ("/-ha/00/index", 1, 128, "ch1/gain"),
        ("/-show/prepos/current", 1, 1000, "scene/highlighted"),
    ],
)
def test_a_value_that_is_not_understood_is_unknown_and_the_old_one_does_not_stand(
    address: str, understood: Argument, argument: Argument, path: str
) -> None:
    addresses = AddressBook(x32.FAMILY)
    addresses.take(address, understood)
    assert addresses.take(address, argument)[path] is None
    assert addresses.values[path] is None
    assert address in addresses.faults
    addresses.take("/ch/01/config/color", 7)
    assert "/ch/01/config/color" not in addresses.faults


def test_a_bit_is_not_written_into_a_mask_that_is_not_known() -> None:
    assert Bit(2).encode(value=True, present="%0001") is None

"""The tables: every value has one place, and shows what the console's own display shows."""

from __future__ import annotations

import pytest

from remote_mixer.desk import paths
from remote_mixer.desk.params import Param, Position, Value
from remote_mixer.drivers.behringer import laws, x32, xair
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.encodings import AsciiText, Bit
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.gates import Gates, in_order
from remote_mixer.drivers.behringer.table import COLOR, FADER, OFF, SEND, Group, Leaf

MODELS = {
    "X32": x32.FAMILY,
    "XR18": xair.FAMILY,
    "XR16": xair.FAMILY.of_model("XR16"),
    "XR12": xair.FAMILY.of_model("MR12"),
}

AMP = ("gain", "gain/idle", "phantom", "phantom/idle")

# dB → (place on the wire, dB that a fader reads back, dB that a send reads back), as the worked values have it.
WORKED = {
    10: (1.0, 10.00, 10),
    0: (0.75, -0.01, 0),
    -10: (0.5, -9.98, -10),
    -30: (0.25, -29.98, -30),
    -60: (0.0625, -59.99, -60),
    -70: (0.0417, -69.82, -69),
}


@pytest.mark.parametrize("decibels", WORKED)
def test_a_fader_and_a_send_read_as_on_the_consoles_display(decibels: int) -> None:
    place, fader, send = WORKED[decibels]
    taper = laws.TAPERS["fader"]
    for encoding, shown in ((FADER, fader), (SEND, send)):
        argument = encoding.encode(encoding.param.check(place), None)
        read = encoding.read(argument)
        assert isinstance(read, float)
        assert taper.to_unit(read) == pytest.approx(shown, abs=0.006)


def test_a_fader_at_nought_decibels_travels_as_the_console_reports_it() -> None:
    assert FADER.encode(0.75, None) == pytest.approx(0.74976, abs=1e-5)
    assert FADER.same(0.75, 0.74976), "the console's rounding is no move"
    assert not FADER.same(0.75, 0.7517)


@pytest.mark.parametrize("law", laws.LAWS)
def test_every_law_begins_and_ends_where_the_console_does_and_has_a_place_for_each_step(law: str) -> None:
    told, taper = laws.LAWS[law], laws.TAPERS[law]
    assert (taper.to_unit(0), taper.to_unit(1)) == pytest.approx((told.low, told.high))
    assert not told.log or len(taper.points) == told.steps
    assert laws.position(law).check(1 / (told.steps - 1)) == pytest.approx(1 / (told.steps - 1), abs=1e-5)


@pytest.mark.parametrize(
    ("law", "place", "shown"),
    [("eq_freq", 0.5, 632.46), ("lowcut", 0.5, 89.443), ("gain", 0.5, 24), ("eq_gain", 0.5, 0), ("pan", 0.5, 0)],
)
def test_the_middle_of_a_knob_reads_as_its_law_says(law: str, place: float, shown: float) -> None:
    assert laws.TAPERS[law].to_unit(place) == pytest.approx(shown, rel=1e-4)


def test_q_runs_downwards_on_the_wire_and_upwards_on_the_page() -> None:
    addresses = AddressBook(x32.FAMILY)
    q = addresses.by_path["ch1/eq/1/q"]
    assert q.encoding.read(0.0) == 1.0
    assert laws.TAPERS["eq_q"].to_unit(1.0) == pytest.approx(10)
    assert q.encoding.encode(0.0, None) == 1.0


@pytest.mark.parametrize("model", MODELS)
def test_every_param_has_one_place_and_every_place_a_param_that_can_be_set(model: str) -> None:
    family = MODELS[model]
    leaves = list(family.leaves())
    assert len({leaf.path for leaf in leaves}) == len(leaves)
    paths = {path.removeprefix("band/") for path in params(family)}
    assert paths == {leaf.path for leaf in leaves} | _elsewhere(family)


def _elsewhere(family: Family) -> set[str]:
    """Return the paths that are no fixed address: our own, the preamps, which the routing leads to, and reasons."""
    fed = set(family.head_amps.sources(family.groups).values())
    idle = {f"{strip}/{part}/idle" for group in family.groups for strip in strips(group) for part in idle_parts(group)}
    own = {"status", "notice", "diagnostics", "scene/current"}
    return own | idle | {f"{strip}/{local}" for strip in fed for local in AMP}


def params(family: Family) -> dict[str, Param]:
    """Return the params of a console of the family, before it is read."""
    return dict(family.layout("band", "", AddressBook(family).gains).paths())


def strips(group: Group) -> list[str]:
    return [group.strip_id(number) for number in group.numbers]


def idle_parts(group: Group) -> list[str]:
    return [part for idle in group.idle for part in idle.locals]


@pytest.mark.parametrize("model", MODELS)
def test_what_a_param_takes_comes_back_from_the_wire_as_it_went(model: str) -> None:
    for leaf in MODELS[model].leaves():
        param = leaf.encoding.param
        if isinstance(param, Position):
            for value in (0.0, param.check(0.3), 1.0):
                assert param.same(value, there_and_back(leaf, value)), leaf
        elif not param.read_only:
            assert there_and_back(leaf, param.default) == param.default, leaf


def there_and_back(leaf: Leaf, value: Value) -> Value:
    argument = leaf.encoding.encode(value, 0)
    assert argument is not None
    return leaf.encoding.read(argument)


def test_the_small_models_have_the_strips_and_sends_they_have() -> None:
    strips = {
        model: {strip.id: strip for strip in family.layout("band", "", {}).strips} for model, family in MODELS.items()
    }
    assert sum(strip.kind == "channel" for strip in strips["XR12"].values()) == 12
    assert "bus3" not in strips["XR12"]
    assert "send/bus3/level" not in strips["XR12"]["ch1"].params
    assert "send/fxsend4/level" in strips["XR12"]["ch1"].params
    assert "bus4" in strips["XR16"]
    assert "bus5" not in strips["XR16"]
    assert len([strip for strip in strips["X32"].values() if strip.kind == "dca"]) == 8


def test_an_x32_has_two_talkbacks_and_an_x_air_none() -> None:
    talks = [
        [leaf.address for leaf in family.leaves() if paths.is_talk(f"foh/{leaf.path}")]
        for family in (x32.FAMILY, xair.FAMILY)
    ]
    assert talks == [["/-stat/talk/A", "/-stat/talk/B"], []]


def test_polarities_mute_is_off_and_a_mute_group_is_on() -> None:
    addresses = AddressBook(x32.FAMILY)
    assert OFF.encode(value=True, present=None) == 0
    assert addresses.by_path["ch1/mute"].encoding.read(1) is False
    assert addresses.by_path["mutegroup/1"].encoding.read(1) is True
    assert addresses.by_path["dca1/mute"].address == "/dca/1/on", "a DCA has no mix"


def test_a_bit_leaves_the_other_bits_of_the_mask_as_they_stand() -> None:
    assert Bit(2).encode(value=True, present=0b1001) == 0b1101
    assert Bit(0).encode(value=False, present=0b1001) == 0b1000


@pytest.mark.parametrize(("given", "told"), [("Kick", "Kick"), ("Jörg", "Jorg"), ("𝄞 ñ", "? n"), ("x" * 12, "x" * 12)])
def test_a_name_travels_in_the_letters_of_the_consoles_display(given: str, told: str) -> None:
    assert AsciiText().encode(given, None) == told


def test_a_name_with_control_characters_is_shown_on_one_line() -> None:
    assert AsciiText().read("Vo\nx\x1b[2J") == "Vo x [2J"


@pytest.mark.parametrize("argument", [-1, 16, "RD", 0.5, b"x"])
def test_an_argument_of_the_wrong_kind_is_refused_by_name(argument: int | str | float | bytes) -> None:
    with pytest.raises(ValueError, match="a selection"):
        COLOR.read(argument)


def test_a_paired_sends_tap_and_the_strips_of_a_link_show_at_both() -> None:
    addresses = AddressBook(x32.FAMILY)
    assert addresses.by_path["ch1/send/bus2/tap"].address == "/ch/01/mix/01/type"
    assert "ch1/send/bus2/pan" not in addresses.by_path
    assert set(addresses.paths("/config/chlink/3-4")) == {"ch3/link", "ch4/link"}
    addresses.take("/config/chlink/3-4", 1)
    assert addresses.partner("ch3/fader") == "/ch/04/mix/fader"
    assert addresses.partner("ch4/eq/1/q") == "/ch/03/eq/1/q"
    assert addresses.partner("ch3/name") is None
    assert addresses.partner("ch5/fader") is None


def test_the_preamp_of_a_strip_follows_the_consoles_routing() -> None:
    addresses = AddressBook(x32.FAMILY)
    unread = {"ch1/gain": None, "ch1/gain/idle": "", "ch1/phantom": None, "ch1/phantom/idle": ""}
    assert addresses.take("/-ha/00/index", 33) == unread
    assert addresses.by_path["ch1/gain"].address == "/headamp/033/gain"
    assert addresses.take("/-ha/00/index", -1)["ch1/gain/idle"] == "no preamp"
    assert "ch1/gain" not in addresses.by_path


@pytest.mark.parametrize(("source", "shown"), [(0, ""), (15, ""), (16, "line input"), (18, "no preamp")])
def test_a_gain_that_an_x_airs_channel_does_not_have_says_why(source: int, shown: str) -> None:
    taken = AddressBook(xair.FAMILY).take("/ch/01/config/insrc", source)
    assert (taken["ch1/gain/idle"], taken["ch1/phantom/idle"]) == (shown, shown)


def said(number: int, name: str) -> Gates:
    """Return what a console says of its first channel's gate."""
    gates = Gates()
    gates.take("/ch/01/gate/mode", (number,))
    gates.take("node", (f"/ch/01/gate OFF {name} -80.0 60.0 1  502  983 0\n",))
    return gates


@pytest.mark.parametrize(
    ("number", "name", "first"),
    [(3, "GATE", "exp2"), (0, "GATE", "gate"), (0, "EXP2", "exp2"), (1, "EXP2", "gate")],
)
def test_the_gate_modes_stand_in_the_order_that_the_console_tells(number: int, name: str, first: str) -> None:
    for asked in (xair.FAMILY, x32.FAMILY):
        family = in_order(asked, said(number, name).order)
        mode = AddressBook(family).by_path["ch1/gate/mode"].encoding
        assert mode.read(0) == first
        assert mode.encode(first, 3) == 0


@pytest.mark.parametrize(("number", "name"), [(4, "DUCK"), (7, "GATE"), (0, "WARM"), (-1, "GATE")])
def test_a_gate_whose_mode_does_not_tell_the_order_leaves_it_unknown(number: int, name: str) -> None:
    assert said(number, name).order is None


@pytest.mark.parametrize("line", ["", "/ch", "/ch/xx/gate OFF GATE", "/ch/01/gate OFF"])
def test_until_the_order_of_gate_modes_is_told_none_is_shown_and_none_is_written(line: str) -> None:
    gates = Gates()
    gates.take("/ch/01/gate/mode", (0,))
    gates.take("node", (line,))
    for family in (xair.FAMILY, x32.FAMILY):
        assert in_order(family, gates.order) is family
        mode = AddressBook(family).by_path["ch1/gate/mode"].encoding
        assert (mode.read(3), mode.encode("gate", 3), mode.param.read_only) == (None, None, True)

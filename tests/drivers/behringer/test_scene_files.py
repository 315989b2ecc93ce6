"""Scene and snippet files of consoles: lines of real desks, whole scenes of simulated ones, other files."""

from __future__ import annotations

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.drivers import registry
from remote_mixer.drivers.behringer import scene_files
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.scene_files import FAMILIES, read
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.desk_lines import LINES, XAIR_LINES

HEADER = '#4.0# "Ballad" "slow, \'quiet\'" %000000000 1'
FILE = "\n".join([HEADER, *LINES]) + "\n"
NO_PART_OF_A_SCENE = ("/-", "/headamp")


def scene_of(simulator: Simulator) -> str:
    """Return a file with all that a simulated console prints, as its scene would have it."""
    lines = (simulator.console.text(node) for node in simulator.model.nodes if not node.startswith(NO_PART_OF_A_SCENE))
    return HEADER + "\n" + "".join(line for line in lines if line)


def test_lines_of_real_desks_are_read_and_the_rest_is_named() -> None:
    found = read(FILE)
    assert (found.word, found.name, found.note) == ("x32", "Ballad", "slow, 'quiet'")
    expected: dict[str, Value] = {
        "ch1/name": "Kick", "ch1/color": "yellow inverted", "ch1/mute": False, "ch12/pan": 0.87, "main/fader": 0.50244,
        "dca1/mute": True, "dca1/fader": 0.69501, "ch5/send/bus1/mute": True, "ch5/send/bus1/tap": "pre_fader",
        "ch1/mono_level": 0.0, "ch1/dca/1": True, "ch1/dca/2": False, "ch1/mutegroup/1": True, "ch9/link": True,
        "ch10/link": True, "ch11/link": False, "ch4/gate/mode": "gate", "ch1/dyn/ratio": "2.5",
        "aux1/eq/1/type": "lowcut", "mutegroup/1": False, "ch1/lowcut/slope": "24", "ch1/gate/filter/on": True,
        "ch1/gate/filter/type": "lc12", "ch1/dyn/filter/type": "hc12", "ch1/dyn/position": "post",
        "ch1/gate/key": "self", "ch1/dyn/key": "self",
        "main/insert/position": "pre",
    }  # fmt: skip
    assert {path: found.values.get(path) for path in expected} == expected
    left = {str(kind["kind"]): kind for kind in found.left_out()}
    assert left.keys() >= {"/ch/*/automix", "/headamp/*", "/config/linkcfg"}
    assert left["/headamp/*"] == {"kind": "/headamp/*", "count": 1, "first": ["/headamp/017"]}


def test_lines_of_a_real_x_air_are_read_too() -> None:
    found = read("\n".join(XAIR_LINES))
    assert found.word == "xair"
    expected: dict[str, Value] = {
        "ch1/color": "yellow", "aux1/color": "red", "fx1/color": "green", "fxsend1/color": "blue", "ch1/eq/on": True,
        "ch1/insert/on": False, "main/insert/on": False, "ch1/send/bus1/tap": "post_eq",
        "ch1/send/fxsend1/tap": "post_fader", "ch1/pan": 0.49, "ch1/send/bus1/pan": 0.0,
        "ch1/gate/mode": "gate", "ch1/lowcut/freq": 0.73, "ch1/trim": 0.5,
        "ch1/usb": False, "fx1/usb": False, "ch1/gate/key": "self", "bus1/dyn/key": "self",
        "fx1/trim": 0.5, "ch1/dyn/filter/on": True,
        "ch1/dyn/filter/type": "3.0", "bus1/dyn/filter/on": False,
        "bus1/eq/mode": "peq", "main/eq/mode": "geq", "ch1/mutegroup/1": True, "ch1/dca/1": False,
    }  # fmt: skip
    assert {path: found.values.get(path) for path in expected} == expected
    left = {str(kind["kind"]) for kind in found.left_out()}
    parts = ("linkcfg", "solo", "amixenable", "amixlock")
    assert left == {
        *(f"/config/{part}" for part in parts),
        *(f"/bus/*/{part}" for part in ("geq", "insert/fxslot")),
        *("/rtn/*/config/rtnsrc", "/rtn/aux/config/rtnsrc", "/lr/insert/fxslot"),
        *(f"/ch/*/{part}" for part in ("automix", "config/insrc", "config/rtnsrc")),
        "/ch/*/insert/fxslot",
    }


@pytest.mark.parametrize(("model", "word"), [("x32", "x32"), ("xr18", "xair")])
def test_a_whole_scene_is_where_the_console_stands(model: str, word: str) -> None:
    simulator = Simulator(model)
    found = read(scene_of(simulator))
    assert found.word == word
    family = next(family for family in FAMILIES if family.word == word)
    book = AddressBook(family)
    for address in {leaf.address for leaf in book.by_path.values()}:
        if message := simulator.console.get(address):
            book.take(address, message.arguments[0])
    there = {
        path: (value, book.values[path]) for path, value in found.values.items() if book.values.get(path) is not None
    }
    assert len(there) > 2000
    params = {path: leaf.encoding.param for path, leaf in book.by_path.items()}
    assert {p: both for p, both in there.items() if not params[p].same(*both)} == {}


def test_a_snippet_has_only_some_lines() -> None:
    found = read('#4.0# "Vocals" 1 1 0 0 1\n/ch/01/mix OFF   -oo ON +0 OFF   -oo\n/ch/01/mix/02 ON -10.5')
    assert found.values["ch1/mute"] is True
    assert found.values["ch1/send/bus2/level"] == pytest.approx(0.4938, abs=1e-3)
    assert not found.left


def test_a_line_with_one_value_is_read_too() -> None:
    """Most snippets have such lines; programs write masks as plain numbers, and sends without their level."""
    lines = [
        "/ch/01/mix/on OFF",
        "/ch/02/mix/fader -10.0",
        "/ch/02/eq/1/g -10.7",
        "/ch/03/grp/dca 4",
        "/ch/03/grp/mute %000010",
        "/ch/04/mix/14 ON",
        '/dca/1/config/name "Act 1"',
        "/dca/1/config/color RD",
        "/config/mute/6\tON",
        "/ch/05/config/source 7",
    ]
    found = read("\r\n".join(['#4.0# "Cue 3" 128 4194303 0 0 1', *lines]))
    assert found.word == "x32"
    groups = {f"ch3/dca/{n}": n == 3 for n in range(1, 9)} | {f"ch3/mutegroup/{n}": n == 2 for n in range(1, 7)}
    assert found.values == groups | {
        "ch1/mute": True,
        "ch2/fader": 0.50049,
        "ch2/eq/1/gain": 0.14167,
        "ch4/send/bus14/mute": False,
        "dca1/name": "Act 1",
        "dca1/color": "red",
        "mutegroup/6": True,
    }
    assert [kind["kind"] for kind in found.left_out()] == ["/ch/*/config/source"]


def test_remarks_of_a_person_and_odd_characters_in_a_name_leave_a_file_whole() -> None:
    found = read(
        "\r\n".join([HEADER, "# for the second act", '/ch/01/config/name "A\x0bB\u2028C"', "/ch/02/mix/on OFF"])
    )
    assert found.values == {"ch1/name": "A B\u2028C", "ch2/mute": True}
    assert not found.left


def test_values_of_a_known_line_that_the_mixer_does_not_know_are_named_too() -> None:
    lines = ['/ch/01/config "Kick" 1 CY 9', "/ch/01/insert ON PRE FX4L", "/ch/05/mix/01 OFF  -3.4 -40 PRE 0"]
    found = read("\n".join([HEADER, *lines]))
    assert {"ch1/name", "ch1/insert/on", "ch5/send/bus1/pan"} <= found.values.keys()
    left = {str(kind["kind"]): kind["first"] for kind in found.left_out()}
    assert left == {
        "/ch/*/config/source": ["/ch/01/config/source"],
        "/ch/*/insert/sel": ["/ch/01/insert/sel"],
        "/ch/*/mix/* with more values": ["/ch/05/mix/01"],
    }


def test_what_is_not_understood_is_named_and_nothing_stands_for_it() -> None:
    found = read(f"{HEADER}\n/ch/01/mix ON loud ON +0 OFF -oo 7 8\n/ch/02/eq/1 WEQ 20.0 +99.0 2.0\n/ch/99/mix ON -1.0")
    assert not found.values.keys() & {"ch1/fader", "ch2/eq/1/type", "ch2/eq/1/gain", "ch99/fader"}
    kinds = {kind["kind"] for kind in found.left_out()}
    assert kinds == {
        "/ch/*/mix/fader loud",
        "/ch/*/mix with more values",
        "/ch/*/eq/*/type WEQ",
        "/ch/*/eq/*/g +99.0",
        "/ch/*/mix",
    }


@pytest.mark.parametrize(
    "odd", ["-oo", "oo", "9" * 400, "9" * 5000, "1." + "9" * 5000, "%" + "1" * 5000, "nan", "-", "²"]
)
def test_a_number_of_any_size_is_named_and_no_fault(odd: str) -> None:
    lines = [f'/ch/01/config "Kick" {odd} CY {odd}', f"/ch/01/grp {odd} {odd}", f"/ch/01/eq/1 PEQ {odd} {odd} {odd}"]
    lines += [f"/config/routing/IN AN{odd}-8 A1-{odd}", f"/ch/01/delay ON {odd}", '/ch/02/config "Snare" 1 CY 1']
    found = read("\n".join([HEADER, *lines]))
    assert (found.values["ch1/name"], found.values["ch2/name"]) == ("Kick", "Snare")
    assert not {"ch1/icon", "ch1/eq/1/freq", "ch1/delay/time"} & found.values.keys()
    assert found.left[f"/ch/*/config/icon {odd[:12]}"] == ["/ch/01/config/icon"]


def test_an_x_airs_pan_is_known_in_the_middle_only() -> None:
    found = read("/ch/01/mix ON   -oo ON 0.0000\n/ch/02/mix ON   -oo ON 0.2500\n/lr/mix ON -3.0 0.0000")
    assert found.word == "xair"
    assert (found.values["ch1/pan"], "ch2/pan" in found.values) == (0.5, False)
    (left,) = found.left_out()
    assert left["kind"] == "/ch/*/mix/pan off its centre, in a unit that is not known"


def test_a_channels_gain_is_that_of_the_preamp_that_feeds_it_in_the_file() -> None:
    """Its source is one of 32 inputs; the routing says in blocks of eight which preamps those are."""
    routing = "/config/routing/IN AN9-16 A1-8 B41-48 CARD25-32 AUX1-4"
    sources = {1: 2, 2: 9, 3: 24, 4: 25, 5: 0, 6: 33}
    channels = [f'/ch/{channel:02}/config "Name" 1 CY {source}' for channel, source in sources.items()]
    amps = [f"/headamp/{index:03} {gain:+.1f} {'ON' if gain > 30 else 'OFF'}" for index, gain in
            ((9, 39.0), (32, -12.0), (127, 60.0), (24, 1.0), (0, 2.0))]  # fmt: skip
    found = read("\n".join([HEADER, routing, *channels, *amps]))
    assert {path: value for path, value in found.values.items() if path.endswith(("/gain", "/phantom"))} == {
        "ch1/gain": 0.70833,
        "ch1/phantom": True,
        "ch2/gain": 0.0,
        "ch2/phantom": False,
        "ch3/gain": 1.0,
        "ch3/phantom": True,
    }
    left = {str(kind["kind"]): kind["count"] for kind in found.left_out()}
    assert left["/headamp/*"] == 2, "one that feeds no channel, or by another way, is named"
    without = read("\n".join([HEADER, *channels, *amps]))
    assert not [path for path in without.values if path.endswith("/gain")]


def test_an_x_airs_gain_is_that_of_its_channels_input() -> None:
    found = read(
        '/ch/01/config "Guitar" 2 In02 U01\n/ch/01/mix ON -oo ON 0.0000\n/headamp/02 +24.0 OFF\n/headamp/01 +1.0 ON'
    )
    assert (found.values["ch1/gain"], found.values["ch1/phantom"]) == (0.5, False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no scene file"),
        ("\x89PNG\r\n\x1a\n\0\0\0", "no scene file"),
        ('{"remote-mixer-show": 1}', "no scene file"),
        ("hello\n/ch/01/mix ON", "no scene file"),
        (f"{HEADER}\n", "no scene file"),
        (f"{HEADER}\n/ch/01/mix ON -1.0\n\ufffd\ufffd\ufffd", "line 3"),
        (f"{HEADER}\n/what/is/this 1 2 3", "holds nothing"),
        ("/a 1\n" * 20_001, "no scene file"),
        ("/" * 2_000_001, "larger"),
        (f"{HEADER}\n" + "/ch/01/mix " + "9" * 500_000, "holds nothing"),
    ],
)
def test_a_foreign_or_damaged_file_says_what_it_is(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        read(text)
    assert "Nothing was changed." in str(refused.value)


def test_a_scene_is_for_the_console_of_its_family_else_for_the_familys_name() -> None:
    band = registry.read_scene(FILE, {"daw": "midi:map", "foh": "x32://10.0.0.1"})
    assert (band.console, band.values["foh/ch1/name"]) == ("foh", "Kick")
    assert registry.read_scene(FILE, {"band": "builtin:"}).console == "x32"


def test_only_the_first_few_of_a_kind_are_named() -> None:
    lines = "".join(f"/fx/{number} VREV\n" for number in range(1, 9))
    (left,) = read(f"{HEADER}\n/ch/01/mix ON -1.0\n{lines}").left_out()
    assert left == {"kind": "/fx/*", "count": 8, "first": ["/fx/1", "/fx/2", "/fx/3"]}
    assert scene_files.FIRST_NAMED == 3

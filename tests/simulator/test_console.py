"""The rules of the simulated console: what a SET does, and what else moves by it."""

from __future__ import annotations

from typing import Any

import pytest

from remote_mixer.simulator.console import MODELS, Console
from remote_mixer.simulator.osc import Message
from tests.drivers.behringer.desk_lines import LINES, XAIR_LINES

FINER = "/ch/05/mix/01 "
"""A send at −3.4 dB, by firmware 4: 161 steps, as documented, have −3.25 and −3.5."""


@pytest.fixture
def x32() -> Console:
    return Console("x32", "Front")


@pytest.fixture
def xr18() -> Console:
    return Console("xr18", "Front")


def test_a_fader_stands_on_the_step_nearest_to_what_was_sent(x32: Console) -> None:
    x32.set("/ch/20/mix/fader", (0.75,))
    assert x32.values["/ch/20/mix/fader"] == 767 / 1023
    x32.set("/ch/20/mix/01/level", (0.7512,))
    assert x32.values["/ch/20/mix/01/level"] == 120 / 160


def test_a_level_may_be_sent_as_decibels(x32: Console) -> None:
    x32.set("/ch/20/mix/fader", ("-10",))
    assert x32.values["/ch/20/mix/fader"] == 512 / 1023


@pytest.mark.parametrize(
    ("address", "text", "kept"), [("/dca/1/config/icon", "30", 30), ("/ch/01/grp/dca", "%00000101", 5)]
)
def test_a_number_may_be_sent_as_the_text_that_a_line_has_for_it(
    x32: Console, address: str, text: str, kept: int
) -> None:
    assert x32.set(address, (text,)) == [Message(address, (kept,))]


@pytest.mark.parametrize("given", [2, "GN"])
def test_a_name_is_taken_as_its_number_or_itself(x32: Console, given: int | str) -> None:
    assert x32.set("/ch/20/config/color", (given,)) == [Message("/ch/20/config/color", (2,))]


def test_the_same_value_again_is_no_change(x32: Console) -> None:
    assert x32.set("/ch/20/mix/fader", (0.5,))
    assert x32.set("/ch/20/mix/fader", (0.5001,)) == []


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("/ch/01/mix/fader", ("loud",)),
        ("/ch/01/mix/fader", (float("nan"),)),
        ("/ch/01/mix/fader", (0.1, 0.2)),
        ("/ch/01/mix/on", ("yes",)),
        ("/ch/01/mix/on", (7,)),
        ("/ch/01/mix/on", (0.5,)),
        ("/ch/01/config/name", (5,)),
        ("/ch/01/config/icon", ("three",)),
        ("/ch/01/grp/dca", (256,)),
        ("/ch/01/mix/02/pan", (0.1,)),
        ("/ch/33/mix/on", (0,)),
        ("/dca/1/mix/on", (0,)),
        ("/main/m/mix/pan", (0.1,)),
        ("/-stat/solo", (1,)),
        ("/-ha/00/index", (5,)),
    ],
)
def test_what_does_not_fit_or_is_not_there_moves_nothing(x32: Console, address: str, given: tuple[Any, ...]) -> None:
    before = dict(x32.values)
    assert x32.set(address, given) == []
    assert x32.values == before


def test_a_long_name_is_cut_to_what_the_strip_can_show(x32: Console) -> None:
    x32.set("/ch/01/config/name", ("Backing vocals",))
    assert x32.values["/ch/01/config/name"] == "Backing voca"


def test_several_values_of_a_node_are_set_and_told_as_one_message(x32: Console) -> None:
    messages = x32.set("/ch/03/config", ("Cowbell", 9, "CY", 5))
    assert messages == [Message("/ch/03/config", ("Cowbell", 9, 6, 5))]
    assert x32.get("/ch/03/config") == messages[0]
    assert x32.set("/ch/03/config", ("Cowbell", 9)) == []


def test_tap_and_pan_of_a_send_stand_at_the_odd_one_of_a_pair(x32: Console) -> None:
    assert x32.get("/ch/01/mix/01/type") == Message("/ch/01/mix/01/type", (4,))
    assert x32.get("/ch/01/mix/02/type") is None
    assert x32.get("/ch/01/mix/02/level") is not None


def test_a_linked_pair_moves_together_but_pans_apart(x32: Console) -> None:
    x32.set("/config/chlink/17-18", (1,))
    messages = x32.set("/ch/18/mix/fader", (0.5,))
    assert [address for address, _ in messages] == ["/ch/18/mix/fader", "/ch/17/mix/fader"]
    x32.set("/ch/17/mix/pan", (0.0,))
    assert x32.values["/ch/18/mix/pan"] == 0.5


def test_linked_strips_share_only_what_the_link_says(x32: Console) -> None:
    x32.set("/config/buslink/1-2", (1,))
    x32.set("/config/linkcfg/eq", (0,))
    assert len(x32.set("/bus/01/eq/1/g", (0.9,))) == 1
    assert len(x32.set("/bus/01/dyn/on", (1,))) == 2
    assert len(x32.set("/bus/01/config/name", ("Left",))) == 1


def test_solo_is_on_while_any_strip_is_soloed_and_can_be_cleared(x32: Console) -> None:
    messages = [*x32.set("/-stat/solosw/05", (1,)), *x32.set("/-stat/solosw/80", (1,))]
    assert [address for address, _ in messages] == ["/-stat/solosw/05", "/-stat/solo", "/-stat/solosw/80"]
    cleared = {address: value for address, (value,) in x32.clear_solo()}
    assert cleared == {"/-stat/solosw/05": 0, "/-stat/solosw/80": 0, "/-stat/solo": 0}


@pytest.mark.parametrize("word", MODELS)
def test_a_recall_moves_the_whole_console_once(word: str) -> None:
    console = Console(word, "Front")
    messages = console.recall(3)
    assert len(messages) > (700 if word in {"x32", "m32"} else 150)
    told = console.model.family.current
    assert console.recalled == 3
    assert not told or Message(told, (3,)) in messages
    assert all(console.get(address) == Message(address, given) for address, given in messages)
    assert console.recall(3) == []


def test_a_recall_leaves_the_highlighted_line_of_an_x32_where_it_is(x32: Console) -> None:
    x32.move("/-show/prepos/current", 7)
    assert not any(address == "/-show/prepos/current" for address, _ in x32.recall(3))
    assert (x32.values["/-show/prepos/current"], x32.recalled) == (7, 3)
    assert x32.text("-prefs/show_control") == "/-prefs/show_control SCENES\n"


@pytest.mark.parametrize(
    ("word", "strips"),
    [
        (
            "x32",
            {1: "/ch/01", 33: "/auxin/01", 41: "/fxrtn/01", 49: "/bus/01", 65: "/mtx/01", 71: "/main/st", 80: "/dca/8"},
        ),
        ("xr18", {16: "/ch/16", 17: "/rtn/aux", 21: "/rtn/4", 40: "/bus/1", 46: "/fxsend/1", 50: "/lr", 54: "/dca/4"}),
    ],
)
def test_a_solo_switch_belongs_to_the_strip_that_the_lists_name(word: str, strips: dict[int, str]) -> None:
    for number, strip in strips.items():
        console = Console(word, "Front")
        console.move(f"/-stat/solosw/{number:02}", 1)
        assert console.soloed == [strip]


def test_the_solo_switches_of_usb_returns_belong_to_no_strip(xr18: Console) -> None:
    for number in range(22, 40):
        xr18.move(f"/-stat/solosw/{number:02}", 1)
    assert xr18.soloed == []


@pytest.mark.parametrize(
    ("word", "there", "missing"),
    [
        ("xr18", ["/headamp/01/phantom", "/headamp/16/gain"], ["/headamp/17/gain"]),
        ("xr16", ["/headamp/08/phantom", "/headamp/17/gain", "/headamp/24/gain"], ["/headamp/09/gain"]),
        ("xr12", ["/headamp/04/phantom", "/headamp/17/gain"], ["/headamp/05/gain", "/headamp/17/phantom"]),
    ],
)
def test_a_model_has_the_preamps_of_its_own_inputs(word: str, there: list[str], missing: list[str]) -> None:
    leaves = Console(word, "Front").model.leaves
    assert set(there) <= leaves.keys()
    assert not set(missing) & leaves.keys()


def test_a_line_input_has_65_gains_from_minus_12_to_20_decibels() -> None:
    console = Console("xr16", "Front")
    gain = console.model.leaves["/headamp/17/gain"].kind
    assert len({gain.take(step / 1000) for step in range(1001)}) == 65
    console.move("/headamp/17/gain", 1.0)
    assert console.text("/headamp/17/gain") == "/headamp/17/gain +20.0\n"
    console.move("/headamp/17/gain", 0.0)
    assert console.text("/headamp/17/gain") == "/headamp/17/gain -12.0\n"


def test_a_number_without_a_scene_recalls_nothing(x32: Console) -> None:
    assert x32.recall(99) == x32.recall(100) == x32.recall(-1) == []


def test_snapshots_tell_their_number_and_name_and_choosing_one_recalls_nothing(xr18: Console) -> None:
    assert xr18.set("/-snap/index", (4,)) == [Message("/-snap/index", (4,))]
    messages = xr18.recall(2)
    assert Message("/-snap/name", ("Welcome",)) in messages


@pytest.mark.parametrize(
    ("word", "path", "text"),
    [
        ("x32", "ch/17/mix", "/ch/17/mix ON   -oo ON +0 OFF   -oo\n"),
        ("x32", "/ch/01/config", '/ch/01/config "Kick" 1 RD 0\n'),
        ("x32", "ch/17/mix/01", "/ch/17/mix/01 ON   -oo +0 POST 0\n"),
        ("x32", "ch/17/mix/02", "/ch/17/mix/02 ON   -oo\n"),
        ("x32", "ch/01/preamp", "/ch/01/preamp +0.0 OFF OFF 24  79\n"),
        ("x32", "ch/01/grp", "/ch/01/grp %00000000 %000000\n"),
        ("x32", "ch/01/gate", "/ch/01/gate OFF GATE -80.0 60.0 1  502  983 0\n"),
        ("x32", "ch/01/dyn", "/ch/01/dyn OFF COMP RMS LOG 0.0 3.0 1 0.00 10 10.0  151 POST 0 100 OFF\n"),
        ("x32", "mtx/01/dyn", "/mtx/01/dyn OFF COMP RMS LOG 0.0 3.0 1 0.00 10 10.0  151 POST 100 OFF\n"),
        ("x32", "main/st/mix", "/main/st/mix ON   0.0 +0\n"),
        ("x32", "dca/1", "/dca/1 ON   0.0\n"),
        ("x32", "config/mute", "/config/mute OFF OFF OFF OFF OFF OFF\n"),
        ("x32", "ch/01/mix/fader", "/ch/01/mix/fader  -8.0\n"),
        ("x32", "config/mono", "/config/mono LR+M OFF\n"),
        ("x32", "config/talk", "/config/talk ON INT\n"),
        ("x32", "config/talk/A", "/config/talk/A -12.0 OFF OFF %000000000000000000\n"),
        ("x32", "config/osc", "/config/osc -40.0 100.2 1k00 F1 SINE 0\n"),
        ("x32", "config/routing/IN", "/config/routing/IN AN1-8 AN9-16 AN17-24 AN25-32 AUX1-4\n"),
        ("x32", "config/routing/OUT", "/config/routing/OUT OUT1-4 OUT5-8 OUT9-12 OUT13-16\n"),
        ("x32", "config/userrout/in/32", "/config/userrout/in/32 32\n"),
        ("x32", "outputs/main/01", "/outputs/main/01 0 POST OFF\n"),
        ("x32", "outputs/rec/02", "/outputs/rec/02 0 POST\n"),
        ("x32", "fx/1", "/fx/1 HALL\n"),
        ("x32", "fx/1/source", "/fx/1/source MIX13 MIX13\n"),
        ("xr18", "ch/01/insert", "/ch/01/insert OFF OFF\n"),
        ("xr18", "ch/01/automix", "/ch/01/automix OFF  +0.0\n"),
        ("xr18", "rtn/1/preamp", "/rtn/1/preamp +0.0 OFF\n"),
        ("xr18", "ch/01/config", '/ch/01/config "Kick" 1 In01 U01\n'),
        ("xr18", "ch/01/mix/07", "/ch/01/mix/07   -oo OFF POST\n"),
        ("xr18", "bus/1/eq", "/bus/1/eq ON PEQ\n"),
        ("xr18", "lr/mix", "/lr/mix ON   0.0 +0\n"),
    ],
)
def test_a_node_reads_as_the_line_of_a_scene(word: str, path: str, text: str) -> None:
    assert Console(word, "Front").text(path) == text


@pytest.mark.parametrize(("word", "lines"), [("x32", LINES), ("xr18", XAIR_LINES)])
def test_what_a_desk_printed_is_printed_so_again(word: str, lines: tuple[str, ...]) -> None:
    console, again = Console(word, "Front"), []
    for line in lines:
        console.set_text(line)
        again.append((console.text(line.partition(" ")[0]) or "").rstrip()[: len(line)])
    assert [(line, printed) for line, printed in zip(lines, again, strict=True) if line != printed] == [
        (line, line.replace("-3.4", "-3.5")) for line in lines if line.startswith(FINER)
    ]


@pytest.mark.parametrize("word", MODELS)
def test_every_node_line_makes_another_console_show_the_same(word: str) -> None:
    moved, other = Console(word, "Front"), Console(word, "Front")
    moved.recall(3)
    lines = {node: moved.text(node) or "" for node in moved.model.nodes if node != "/-snap"}
    for text in lines.values():
        other.set_text(text)
    assert {node: other.text(node) for node in lines} == lines


def test_a_scene_line_may_stop_early_and_skips_what_it_cannot_read(x32: Console) -> None:
    x32.set_text("ch/17/mix OFF loud OFF")
    assert x32.get("/ch/17/mix") == Message("/ch/17/mix", (0, 0.0, 0, 0.5, 0, 0.0))
    x32.set_text('/ch/17/config "Two words" 3')
    assert x32.values["/ch/17/config/name"] == "Two words"


def test_a_scene_line_moves_nothing_that_the_console_alone_sets(x32: Console) -> None:
    assert x32.set_text("/-ha/00 5") == x32.set_text("/-ha/00/index 5") == []


def test_a_path_that_is_not_there_has_no_line(x32: Console) -> None:
    assert x32.text("ch/99/mix") is None
    assert x32.text("") is None
    assert x32.set_text("/nonsense 1") == x32.set_text("") == []


@pytest.mark.parametrize(
    ("word", "there", "missing"),
    [
        ("x32", ["/ch/32", "/auxin/08", "/fxrtn/08", "/bus/16", "/mtx/06", "/main/m"], ["/ch/33", "/lr", "/bus/1"]),
        ("xr18", ["/ch/16", "/rtn/aux", "/rtn/4", "/bus/6", "/fxsend/4", "/lr"], ["/ch/17", "/main/st", "/bus/07"]),
        ("xr16", ["/ch/16", "/bus/4", "/ch/01/mix/10"], ["/bus/5", "/ch/01/mix/05"]),
        ("xr12", ["/ch/12", "/bus/2", "/ch/01/mix/07"], ["/ch/13", "/bus/3", "/ch/01/mix/03"]),
    ],
)
def test_a_model_has_its_own_strips_and_no_others(word: str, there: list[str], missing: list[str]) -> None:
    addresses = list(Console(word, "Front").model.leaves)
    assert all(any(address.startswith(f"{root}/") for address in addresses) for root in there)
    assert not any(address.startswith(f"{root}/") for address in addresses for root in missing)


def test_hands_at_the_console_are_told_what_they_cannot_move(x32: Console) -> None:
    with pytest.raises(KeyError):
        x32.move("/ch/99/mix/on", 1)
    with pytest.raises(ValueError, match="does not take"):
        x32.move("/ch/01/mix/on", "maybe")
    assert x32.move("/-ha/00/index", 40) == [Message("/-ha/00/index", (40,))]

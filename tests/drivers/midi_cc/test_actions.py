"""Actions from the page: learn, send, and changes of the map."""

from __future__ import annotations

import asyncio
import inspect
import tomllib
from pathlib import Path

import pytest

from remote_mixer.desk.refusal import Refusal
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_cc import learning
from remote_mixer.drivers.midi_cc.actions import ACTIONS, EDITS
from tests.drivers.midi_cc.console import BAND, console
from tests.drivers.midi_cc.gear import Gear, control_change, nrpn
from tests.support.waiting import until

SECOND = "and Bob there"


@pytest.mark.parametrize(
    ("messages", "address", "written"),
    [
        (
            [control_change(40, 1, 2), control_change(40, 2, 2)],
            "CC 40, MIDI channel 2",
            "pan = { cc = 40, channel = 2 }",
        ),
        ([control_change(90, 127), control_change(90, 0)], "CC 90", "pan = 90"),
        (
            [control_change(10, 64), control_change(42, 3), control_change(10, 64), control_change(42, 4)],
            "CC 10/42",
            "pan = { cc = [10, 42] }",
        ),
        ([*nrpn(77, 5000), *nrpn(77, 5001)], "NRPN 77", "pan = { nrpn = 77 }"),
    ],
)
async def test_what_a_hand_moves_in_the_daw_is_learned(
    tmp_path: Path, messages: list[bytes], address: str, written: str
) -> None:
    async with console(tmp_path) as daw:
        await daw.act("learn", path="ch1/pan")
        assert daw.value("learning") == "ch1/pan"
        daw.gear.far.say(*messages)
        await until(lambda: daw.address("ch1/pan") == address)
        assert daw.value("learning") == ""
        assert daw.map.read_text() == BAND.replace("mute = 30\n", f"mute = 30\n  {written}\n")
        daw.gear.far.say(*messages)
        await until(lambda: isinstance(daw.value("ch1/pan"), float))


async def test_a_control_that_moves_something_else_is_not_learned(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        await daw.act("learn", path="daw/ch1/pan")
        daw.gear.far.say(control_change(20, 1), control_change(20, 2))
        await until(lambda: str(daw.value("notice")).startswith("CC 20 already moves fader of “Anne”"))
        assert daw.value("learning") == "ch1/pan", "a DAW that plays moves its faders: the hand's own is still awaited"
        daw.gear.far.say(control_change(10, 1), control_change(10, 2))
        await until(lambda: daw.address("ch1/pan") == "CC 10")
        await daw.stands("notice", "")


async def test_a_control_may_be_learned_anew(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        await daw.act("learn", path="ch2/fader")
        daw.gear.far.say(control_change(22, 1), control_change(22, 2))
        await until(lambda: daw.address("ch2/fader") == "CC 22")
        assert 'fader = { cc = 22, law = "fader" }' in daw.map.read_text()


async def test_learning_ends_by_hand_and_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(tmp_path) as daw:
        await daw.act("learn", path="ch1/pan")
        await daw.act("learn", path="")
        assert daw.value("learning") == ""
        monkeypatch.setattr(learning, "LEARN_SECONDS", 0.01)
        await daw.act("learn", path="ch1/pan")
        await until(lambda: "nothing was learned" in str(daw.value("notice")))
        assert daw.value("learning") == ""
        daw.gear.far.say(control_change(10, 1), control_change(10, 2), control_change(20, 5))
        await until(lambda: daw.value("ch1/fader") is not None)
        assert daw.address("ch1/pan") == ""


async def test_sending_moves_a_control_three_times_for_a_daw_that_learns(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.gear.move(20, 64)
        await until(lambda: daw.value("ch1/fader") is not None)
        await daw.act("send", path="ch1/fader")
        assert daw.gear.far.sent == [control_change(20, 63), control_change(20, 64)] * 3
        assert daw.value("ch1/fader") == round(64 / 127, 5)


async def test_sending_what_is_bound_to_nothing_takes_the_lowest_free_cc(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        for expected, local in ((1, "ch1/pan"), (2, "ch1/send/bus1/level"), (3, "bus1/mute")):
            await daw.act("send", path=local)
            assert daw.address(local) == f"CC {expected}"
        assert daw.gear.far.sent[:6] == [control_change(1, 63), control_change(1, 64)] * 3
        assert daw.value("ch1/pan") == round(64 / 127, 5), "the middle, for it was not known, and the page says so"
        assert tomllib.loads(daw.map.read_text())["layers"][0]["channels"][0]["sends"] == {"1": 2}


async def test_a_momentary_button_stays_as_it_is_when_it_is_sent_for_learning(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.gear.move(31, 127)
        await daw.stands("ch2/mute", True)
        await daw.act("send", path="ch2/mute")
        assert daw.gear.far.sent == [control_change(31, 127), control_change(31, 0)] * 2
        assert daw.value("ch2/mute") is True


async def test_a_move_while_a_control_is_sent_for_learning_has_the_last_word(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        sending = asyncio.create_task(daw.act("send", path="main/fader"))
        await until(lambda: (3, 1024) in daw.gear.nrpn)
        daw.set("main/fader", 1.0)
        await sending
        await daw.stands("main/fader", 1.0)
        await until(lambda: daw.gear.nrpn[3, 1024] == 16000)
        await daw.act("send", path="ch1/fader")
        assert daw.gear.nrpn[3, 1024] == 16000


async def test_a_channel_may_be_deleted_while_it_is_sent_for_learning(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.driver._here().line.send([control_change(1, 1)] * 60)  # the next message rests until these are through
        sending = asyncio.create_task(daw.act("send", path="ch1/fader"))
        await until(lambda: (1, 20) in daw.gear.cc)
        await daw.act("delete_channel", strip="ch1")
        await sending
        assert daw.rows() == {"Vocals": ["ch2"]}


async def test_channels_and_layers_are_added_ordered_and_deleted_on_the_page(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.set("ch2/fader", 0.25)
        await daw.act("add_layer", name="Drums")
        await daw.act("add_channel", name="Kick")
        await daw.act("move_channel", strip="ch2", layer="Drums", place=1)
        await daw.act("move_layer", layer="Drums", place=1)
        await daw.act("rename_layer", layer="Vocals", name="Voices")
        assert daw.rows() == {"Drums": ["ch2", "ch3"], "Voices": ["ch1"]}
        assert (daw.value("ch3/name"), daw.value("ch2/fader")) == ("Kick", 0.25002)
        await daw.act("delete_channel", strip="ch1")
        await daw.act("delete_layer", layer="Voices")
        assert daw.rows() == {"Drums": ["ch2", "ch3"]}
        assert SECOND in daw.map.read_text()


async def test_unbinding_takes_a_param_off_the_page(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        await daw.act("unbind", path="ch1/mute")
        assert daw.address("ch1/mute") == ""
        assert "daw/ch1/mute" not in daw.desk.values


async def test_a_console_without_a_map_begins_with_an_empty_one_of_its_own(tmp_path: Path) -> None:
    async with console(tmp_path, None) as daw:
        assert daw.map == tmp_path / "midi-daw.toml"
        assert daw.map.read_text().startswith("# What this console's strips are called")
        await daw.act("add_channel")
        await daw.act("send", path="ch1/fader")
        assert (daw.rows(), daw.address("ch1/fader")) == ({"Channels": ["ch1"]}, "CC 1")
    async with console(tmp_path, None) as daw:
        assert daw.address("ch1/fader") == "CC 1"


async def test_the_map_can_be_changed_while_the_port_is_away(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.gear.far.cut()
        await daw.stands("status", "offline")
        await daw.act("add_channel", layer="Vocals", name="Eve")
        assert daw.rows() == {"Vocals": ["ch1", "ch2", "ch3"]}
        assert daw.value("notice") == "The MIDI port “Remote Mixer” has gone.", "and the reason is still shown"
        for action in ("send", "learn"):
            with pytest.raises(DriverError, match="The MIDI port of “daw” is not there"):
                await daw.act(action, path="ch1/fader")


async def test_what_a_person_wrote_meanwhile_is_on_the_page_after_the_next_change(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.map.write_text(BAND.replace("mute = 30", "mute = 33"))
        await daw.act("add_layer", name="Drums")
        assert daw.address("ch1/mute") == "CC 33"
        daw.gear.move(33, 127)
        await daw.stands("ch1/mute", True)


async def test_the_predecessors_json_is_left_alone_and_a_map_written_beside_it(tmp_path: Path) -> None:
    former = tmp_path / "old.json"
    former.write_text('{"channel_groups": [{"title": "Vocals", "channels": [{"title": "Anne", "volume_cc": 20}]}]}')
    before = former.read_bytes()
    async with console(tmp_path, spec=former) as daw:
        assert not former.with_suffix(".toml").exists(), "reading writes nothing"
        await daw.act("send", path="ch1/mute")
        assert daw.rows() == {"Vocals": ["ch1"]}
    assert former.read_bytes() == before
    async with console(tmp_path, spec=former) as daw:
        assert daw.address("ch1/mute") == "CC 1"
        assert "old.toml is read instead of" in str(daw.value("notice"))


@pytest.mark.parametrize(
    ("action", "arguments", "said"),
    [
        ("learn", {}, "“learn” needs the argument “path”"),
        ("learn", {"path": "ch1/gain"}, "“ch1/gain” cannot be bound to a control"),
        ("send", {"path": "main/name"}, "“main/name” cannot be bound to a control"),
        ("unbind", {"path": True}, "“path” of “unbind” does not fit: this is a text"),
        ("move_channel", {"strip": "ch1", "place": "first"}, "“place” of “move_channel” does not fit: .* whole number"),
        ("add_layer", {"name": "x" * 40}, "“name” of “add_layer” does not fit: at most 32 characters"),
        ("delete_channel", {"strip": "ch9"}, "The map has no strip “ch9” any more"),
        ("delete_layer", {"layer": "Vocals"}, "still holds 2 channels"),
        ("fly", {}, "cannot do “fly”"),
    ],
)
async def test_an_action_that_makes_no_sense_is_refused_with_a_sentence(
    tmp_path: Path, action: str, arguments: dict[str, object], said: str
) -> None:
    async with console(tmp_path) as daw:
        with pytest.raises((DriverError, Refusal), match=said):
            await daw.act(action, **arguments)
        assert daw.map.read_text() == BAND


def test_a_change_of_the_map_declares_the_arguments_that_it_takes() -> None:
    declared = {action.name: action for action in ACTIONS}
    for name, change in EDITS.items():
        assert list(inspect.signature(change).parameters)[1:] == list(declared[name].params)


async def test_when_every_cc_is_taken_that_is_reported(tmp_path: Path) -> None:
    channels = "".join(
        f"[[layers.channels]]\nfader = {{ cc = {cc}, channel = {channel} }}\n"
        for channel in range(1, 17)
        for cc in range(1, 120)
    )
    async with console(tmp_path, f"[[layers]]\n{channels}", gear=Gear()) as daw:
        with pytest.raises(DriverError, match="All CCs of all MIDI channels are in use"):
            await daw.act("send", path="ch1/mute")

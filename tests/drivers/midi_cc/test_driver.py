"""A MIDI console on a desk: values out, values in, and known values."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.drivers.base import DriverError, Setup
from remote_mixer.drivers.midi_cc import MidiCc
from remote_mixer.drivers.midi_ports import Link, Receive
from remote_mixer.maps.files import MapFault
from tests.drivers.midi_cc.console import BAND, Console, console
from tests.drivers.midi_cc.gear import Gear, control_change, nrpn
from tests.support.waiting import until


async def test_the_strips_layers_and_addresses_are_those_of_the_map(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        layout = daw.desk.layouts["daw"]
        assert [(strip.id, strip.kind, strip.label) for strip in layout.strips] == [
            ("ch1", "channel", "Ch 1"),
            ("ch2", "channel", "Ch 2"),
            ("bus1", "bus", "Mix 1"),
            ("main", "main", "Main"),
        ]
        assert daw.rows() == {"Vocals": ["ch1", "ch2"]}
        assert (daw.value("ch1/name"), daw.value("bus1/name")) == ("Anne", "Reverb")
        assert (daw.address("ch2/fader"), daw.address("ch1/send/bus1/level")) == ("CC 21/53", "")


async def test_hidden_channels_stay_out_of_the_page(tmp_path: Path) -> None:
    async with console(tmp_path, BAND.replace("mute = 30", "hide = true")) as daw:
        assert [strip.id for strip in daw.desk.layouts["daw"].strips] == ["ch2", "bus1", "main"]
        assert daw.rows() == {"Vocals": ["ch2"]}
        daw.gear.move(20, 5)
        daw.gear.move(21, 5)
        await until(lambda: daw.moves)
        assert {path for path, _ in daw.moves} <= {"ch2/fader", "status", "notice"}


async def test_what_a_hand_sets_is_sent_and_nothing_else_ever(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        assert daw.gear.far.sent == [], "nothing is sent on opening"
        daw.set("ch1/fader", 1.0)
        daw.set("ch1/mute", True)
        daw.set("ch2/fader", 0.5)
        daw.set("main/fader", 0.25)
        await until(lambda: daw.gear.nrpn.get((3, 1024)) == 4000)
        assert (daw.gear.cc[1, 20], daw.gear.cc[1, 30]) == (127, 127)
        assert (daw.gear.cc[1, 21], daw.gear.cc[1, 53]) == divmod(8192, 128)


async def test_what_comes_in_moves_the_page_and_is_not_sent_back(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.gear.move(20, 127)
        daw.gear.move(30, 64)
        daw.gear.far.say(*nrpn(1024, 16000, channel=3))
        daw.gear.far.say(control_change(21, 64), control_change(53, 0))
        await daw.stands("main/fader", 1.0)
        await until(lambda: isinstance(fader := daw.value("ch2/fader"), float) and abs(fader - 0.5) < 1e-4)
        assert (daw.value("ch1/fader"), daw.value("ch1/mute")) == (1.0, True)
        assert daw.gear.far.sent == []


async def test_a_control_beyond_the_range_of_its_map_is_not_known_and_said_once_until_it_is_within(
    tmp_path: Path,
) -> None:
    async with console(tmp_path, BAND.replace("fader = 20", "fader = { cc = 20, low = 10, high = 100 }")) as daw:
        daw.gear.move(20, 100)
        await daw.stands("ch1/fader", 1.0)
        for number in (127, 126, 120):
            daw.gear.move(20, number)
        await daw.stands("ch1/fader", None)
        await until(lambda: "ch1/fader" in str(daw.value("notice")))
        assert [path for path, _ in daw.moves].count("notice") == 1
        daw.set("ch1/fader", 1.0)
        await until(lambda: daw.gear.cc[1, 20] == 100)
        await daw.stands("notice", "")
        daw.gear.move(20, 5)
        await daw.stands("ch1/fader", None)
        daw.gear.move(20, 55)
        await daw.stands("ch1/fader", 0.5)


async def test_a_momentary_button_is_pressed_only_where_that_helps(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        press = [control_change(31, 127), control_change(31, 0)]
        daw.gear.move(31, 127)
        await daw.stands("ch2/mute", True)
        daw.set("ch2/mute", False)
        await until(lambda: daw.gear.far.sent == press)
        daw.set("main/fader", 0.5)  # while this one's bytes take their time, two more presses come to nothing
        daw.set("ch2/mute", True)
        daw.set("ch2/mute", False)
        daw.set("ch1/fader", 1.0)
        await until(lambda: (1, 20) in daw.gear.cc)
        assert daw.gear.far.sent.count(press[0]) == 1


# What is known


async def test_what_was_never_received_is_not_known(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        controls = ("ch1/fader", "ch1/mute", "ch2/fader", "ch2/mute", "main/fader")
        assert [daw.value(local) for local in controls] == [None] * 5
        assert daw.remembered == set()


async def test_what_was_kept_is_remembered_until_it_is_received_or_echoed(tmp_path: Path) -> None:
    kept: dict[str, Value] = {"ch1/fader": 0.0, "ch1/mute": True, "main/fader": 0.5, "ch2/mute": 3.0, "ch9/fader": 1.0}
    async with console(tmp_path, kept=kept, gear=Gear(lambda number, value: value)) as daw:
        assert daw.remembered == {"ch1/fader", "ch1/mute", "main/fader"}, "and what fits nowhere is forgotten"
        assert (daw.value("ch1/fader"), daw.value("ch1/mute"), daw.value("ch2/mute")) == (0.0, True, None)
        daw.gear.move(30, 127)
        await until(lambda: daw.remembered == {"ch1/fader", "main/fader"})
        daw.set("ch1/fader", 1.0)
        await until(lambda: daw.remembered == {"main/fader"})


async def test_after_the_port_was_away_all_is_remembered_only(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.set("ch1/fader", 1.0)
        daw.gear.far.cut()
        await daw.stands("status", "offline")
        assert daw.value("notice") == "The MIDI port “Remote Mixer” has gone."
        with pytest.raises(Refusal, match="offline"):
            daw.set("ch1/fader", 0.5)
        daw.gear.far.bring_back()
        await daw.stands("status", "online")
        assert (daw.value("ch1/fader"), daw.remembered) == (1.0, {"ch1/fader"})


async def test_a_console_whose_port_is_not_there_yet_shows_its_strips(tmp_path: Path) -> None:
    gear = Gear()
    gear.far.cut()
    (tmp_path / "map.toml").write_text(BAND)
    daw = Console(Setup("daw", str(tmp_path / "map.toml"), tmp_path, {"daw/ch1/fader": 1.0}), gear)
    living = asyncio.create_task(daw.guard.live())
    await until(lambda: "no MIDI port" in str(daw.value("notice")))
    assert (daw.value("status"), daw.value("ch1/name"), daw.value("ch1/fader")) == ("offline", "Anne", 1.0)
    gear.far.bring_back()
    await daw.stands("status", "online")
    living.cancel()
    await asyncio.wait({living})


async def test_a_port_that_stays_away_is_reported_once_and_its_notice_stands_still(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gear, tries = Gear(), list[str]()

    async def open_link(port: str, receive: Receive, client: str) -> Link:
        if gear.far.there:
            return await gear.open_link(port, receive, client)
        tries.append(port)
        raise DriverError("There is no MIDI port here.")

    async with console(tmp_path, gear=gear, open_link=open_link) as daw:
        gear.far.cut()
        await until(lambda: len(tries) == 3)
        notices = [value for path, value in daw.moves if path == "notice"]
        assert notices[-2:] == ["The MIDI port “Remote Mixer” has gone.", "There is no MIDI port here."]
        assert caplog.text.count("is offline: There is no MIDI port here.") == 1


async def test_send_all_pushes_all_that_is_known_on_demand(tmp_path: Path) -> None:
    kept: dict[str, Value] = {"ch1/fader": 1.0, "ch1/mute": False, "ch2/mute": True, "main/fader": 0.5}
    async with console(tmp_path, kept=kept, gear=Gear(lambda number, value: value)) as daw:
        assert daw.gear.far.sent == []
        await daw.act("send_all")
        await until(lambda: daw.gear.nrpn.get((3, 1024)) == 8000)
        assert (daw.gear.cc[1, 20], daw.gear.cc[1, 30]) == (127, 0)
        assert (1, 31) not in daw.gear.cc, "a momentary button would turn round"
        await until(lambda: daw.remembered == {"ch2/mute"})  # of what was not sent nothing more is known


# Names


async def test_names_and_colours_are_written_into_the_map(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        for name in ("Ann", "Anne", "Anne-Marie"):
            daw.set("ch1/name", name)
        daw.set("ch2/color", "red")
    reported = daw.map.read_text()
    assert reported == BAND.replace('"Anne"', '"Anne-Marie"').replace(
        'kind = "momentary" }', 'kind = "momentary" }\n  color = "red"'
    )


async def test_a_name_set_in_the_moment_the_port_goes_is_there_on_return(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.set("main/fader", 0.5)
        daw.set("ch1/name", "Anne-Marie")
        daw.gear.far.cut()
        await daw.stands("status", "offline")
        daw.gear.far.bring_back()
        await daw.stands("status", "online")
        assert daw.value("ch1/name") == "Anne-Marie"


async def test_a_name_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.map.write_text(BAND.replace("fader = 20", "fader = 200"))
        daw.set("ch1/name", "Eve")
        await until(lambda: "a CC is a number from 0 to 127, not 200" in str(daw.value("notice")))


# Gear with one direction


async def test_gear_that_only_receives_is_online_and_moved(tmp_path: Path) -> None:
    async with console(tmp_path, '[ports]\noutput = "Synth"\n' + BAND) as daw:
        daw.set("ch1/fader", 1.0)
        await until(lambda: daw.gear.cc.get((1, 20)) == 127)
        assert (daw.value("status"), daw.value("notice")) == ("online", "")


async def test_gear_that_only_sends_is_online_and_its_controls_can_be_watched_only(tmp_path: Path) -> None:
    async with console(tmp_path, '[ports]\ninput = "Pedals"\n' + BAND) as daw:
        daw.gear.move(20, 127)
        await daw.stands("ch1/fader", 1.0)
        with pytest.raises(Refusal, match="watched"):
            daw.set("ch1/fader", 0.5)
        for action in ("send_all", "send"):
            with pytest.raises(DriverError, match="names no output port"):
                await daw.act(action, **({"path": "ch1/fader"} if action == "send" else {}))
        assert daw.value("status") == "online"
        assert "no output is named" in str(daw.value("notice"))
        assert daw.gear.far.sent == []


# Bad input


@pytest.mark.parametrize("spec", ["none.toml", "broken.toml", "~nobody-of-that-name/x.toml"])
def test_a_map_with_a_fault_is_refused_before_anything_starts(tmp_path: Path, spec: str) -> None:
    (tmp_path / "broken.toml").write_text("layers = 1")
    with pytest.raises(MapFault, match=spec):
        MidiCc(Setup("daw", spec if spec[0] == "~" else str(tmp_path / spec), tmp_path), Gear().open_link)


async def test_a_map_that_got_a_fault_meanwhile_is_named_and_back_when_it_is_mended(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.map.write_text(BAND.replace("fader = 20", "fader = 200"))
        daw.gear.far.cut()
        daw.gear.far.bring_back()
        await until(lambda: "line 13: fader of “Anne”: a CC is a number" in str(daw.value("notice")))
        assert daw.value("status") == "offline"
        daw.map.write_text(BAND.replace("fader = 20", "fader = 22"))
        await daw.stands("status", "online")
        assert daw.address("ch1/fader") == "CC 22"


async def test_warnings_of_the_map_are_shown(tmp_path: Path) -> None:
    async with console(tmp_path, BAND + "fadr = 3\n") as daw:
        assert str(daw.value("notice")).endswith("line 25: unknown key “fadr”: did you mean “fader”?")


@seed(20261123)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.binary(max_size=400), max_size=20))
async def test_no_bytes_kill_it(tmp_path: Path, pieces: list[bytes]) -> None:
    async with console(tmp_path) as daw:
        await daw.act("learn", path="ch1/pan")
        for piece in pieces:
            daw.gear.far.say(piece)
        daw.gear.far.say(b"\xf7", control_change(20, 127), control_change(20, 1), control_change(20, 127))
        await daw.stands("ch1/fader", 1.0)
        assert daw.value("status") == "online"


async def test_a_megabyte_of_noise_does_not_kill_it(tmp_path: Path) -> None:
    noise = Random(20261123)
    async with console(tmp_path) as daw:
        for _ in range(64):
            daw.gear.far.say(noise.randbytes(16_384))
            await asyncio.sleep(0)
        daw.gear.far.say(b"\xf7", control_change(20, 0), control_change(20, 127))
        await daw.stands("ch1/fader", 1.0)
        await until(lambda: "incoming MIDI messages were cut short" in str(daw.value("notice")))

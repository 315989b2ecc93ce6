"""The page and the console stand alike: reading, writing, links, groups, scenes, meters."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from remote_mixer.desk.params import Position
from remote_mixer.desk.refusal import Refusal
from remote_mixer.drivers.base import DriverError
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import OPENING_SECONDS, Joined, joined
from tests.support.waiting import until


@pytest.mark.parametrize("word", ["x32", "xr18", "xr16", "xr12"])
async def test_every_value_of_the_console_is_read_whatever_the_network_loses(tmp_path: Path, word: str) -> None:
    async with joined(tmp_path, word, Wifi(loss=0.05), open_seconds=OPENING_SECONDS) as there:
        await until(there.right)
        assert any("Reading the console: " in notice for notice in there.notices)


async def test_an_opening_that_takes_too_long_hands_over_what_is_read_and_reads_on(tmp_path: Path) -> None:
    async with joined(tmp_path, wifi=Wifi(delay=0.02), open_seconds=0.6) as there:
        assert there.value("ch1/fader") is not None, "faders are read first"
        assert there.value("scene/64/name") is None
        await until(lambda: there.value("scene/64/name") is not None and there.right())
        await until(lambda: there.value("notice") == "")


@pytest.mark.parametrize("word", ["x32", "xr18"])
async def test_what_the_console_has_not_said_is_not_known_and_no_default_is_shown(tmp_path: Path, word: str) -> None:
    console = Simulator(word, wifi=Wifi(delay=0.05), clock=asyncio.get_running_loop().time)
    async with joined(tmp_path, word, simulator=console, open_seconds=0.0) as there:
        said = {f"band/{path}" for path in there.lifecycle.conversation.addresses.values} | {
            "band/status",
            "band/notice",
        }
        shown = {path for path, value in there.desk.values.items() if value is not None}
        assert shown <= said | {"band/diagnostics"}
        assert len(shown) < len(there.desk.values) / 2, "most of it is not read yet"


async def test_a_hand_moves_the_console_which_confirms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(tmp_path) as there:
        confirmed: list[str] = []
        monkeypatch.setattr(there.lifecycle, "confirmed", confirmed.append)
        there.set("ch1/fader", 0.5)
        there.set("ch1/mute", value=True)
        await until(lambda: set(confirmed) == {"ch1/fader", "ch1/mute"})
        assert there.stands("/ch/01/mix/fader", 0.5)
        assert there.simulator.values["/ch/01/mix/on"] == 0


async def test_a_write_that_was_lost_is_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(tmp_path) as there:
        lost: list[str] = []
        send = there.lifecycle.conversation.line.send

        def losing(address: str, *arguments: int | float | str | bytes) -> None:
            if arguments and address == "/ch/01/mix/fader" and not lost:
                lost.append(address)
            else:
                send(address, *arguments)

        monkeypatch.setattr(there.lifecycle.conversation.line, "send", losing)
        there.set("ch1/fader", 0.5)
        await until(lambda: there.stands("/ch/01/mix/fader", 0.5))
        assert lost


async def test_the_console_wins_where_another_hand_moved_later(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        there.set("ch1/fader", 0.5)
        await until(lambda: there.stands("/ch/01/mix/fader", 0.5))
        there.simulator.move("/ch/01/mix/fader", 0.9)
        await until(lambda: there.value("ch1/fader") == pytest.approx(0.9, abs=0.001))
        assert there.stands("/ch/01/mix/fader", 0.9)


async def test_a_move_at_the_console_shows_and_is_not_sent_back(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        sent: list[str] = []
        there.guard._outbox._send = lambda path, value, recalled: sent.append(path)
        there.simulator.move("/ch/01/mix/fader", 0.25)
        there.simulator.move("/ch/01/config/name", "Vox")
        await until(lambda: there.value("ch1/name") == "Vox")
        assert there.value("ch1/fader") == pytest.approx(0.25, abs=0.001)
        assert not sent


async def test_mute_groups_and_membership_go_both_ways(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        there.set("ch1/mutegroup/1", value=True)
        there.set("ch1/mutegroup/3", value=True)
        there.set("mutegroup/1", value=True)
        await until(lambda: there.simulator.values["/ch/01/grp/mute"] == 0b101)
        await until(lambda: there.simulator.values["/config/mute/1"] == 1)
        there.simulator.move("/config/mute/1", 0)
        there.simulator.move("/ch/01/grp/mute", 0b100)
        await until(lambda: there.value("mutegroup/1") is False and there.value("ch1/mutegroup/1") is False)
        assert there.value("ch1/mutegroup/3") is True


async def test_talkback_goes_both_ways(tmp_path: Path) -> None:
    async with joined(tmp_path, "x32") as there:
        there.set("talk/a", value=True)
        await until(lambda: there.simulator.values["/-stat/talk/A"] == 1)
        there.simulator.move("/-stat/talk/A", 0)
        there.simulator.move("/-stat/talk/B", 1)
        await until(lambda: there.value("talk/a") is False and there.value("talk/b") is True)


@pytest.mark.parametrize("word", ["x32", "xr18"])
async def test_a_scene_recalled_at_the_console_ends_in_a_right_page_and_is_marked(tmp_path: Path, word: str) -> None:
    marks = {"x32": "Many values changed at the console", "xr18": "The console recalled or saved scene 3 “Song 1”"}
    async with joined(tmp_path, word, Wifi(loss=0.02)) as there:
        there.simulator.recall(3)
        await until(lambda: marks[word] in str(there.value("notice")))
        await until(there.right)
        assert there.value("scene/current") == {"x32": None, "xr18": 3}[word]


@pytest.mark.parametrize("word", ["x32", "xr12"])
async def test_a_scene_recalled_from_the_page_is_no_news(tmp_path: Path, word: str) -> None:
    async with joined(tmp_path, word) as there:
        await there.guard.act("recall", {"scene": 2})
        await until(lambda: there.value("scene/current") == 2 and there.right(), OPENING_SECONDS)
        assert not [notice for notice in there.notices if "Reading" not in notice and notice]


async def test_a_scene_that_is_not_there_is_said(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        with pytest.raises(Refusal, match="from 1 to 64, not 99"):
            await there.guard.act("recall", {"scene": 99})
        with pytest.raises(DriverError, match="did not recall scene 60"):
            await there.guard.act("recall", {"scene": 60})


@pytest.mark.parametrize(
    ("word", "strips"),
    [
        ("x32", {"ch32": "/ch/32", "mtx6": "/mtx/06", "main": "/main/st", "mono": "/main/m", "dca8": "/dca/8"}),
        ("xr18", {"fx4": "/rtn/4", "bus1": "/bus/1", "fxsend4": "/fxsend/4", "main": "/lr", "dca4": "/dca/4"}),
    ],
)
async def test_a_solo_solos_its_own_strip_and_no_other(tmp_path: Path, word: str, strips: dict[str, str]) -> None:
    async with joined(tmp_path, word) as there:
        for strip, root in strips.items():
            await _solo_and_clear(there, f"{strip}/solo", root)


async def _solo_and_clear(there: Joined, solo: str, root: str) -> None:
    there.set(solo, value=True)
    await until(lambda: there.simulator.console.soloed == [root])
    await there.guard.act("clear_solo", {})
    await until(lambda: not there.simulator.console.soloed and there.value(solo) is False)


async def test_a_channel_plays_its_usb_return_and_says_which_controls_act(tmp_path: Path) -> None:
    async with joined(tmp_path, "xr18") as there:
        assert there.value("ch1/trim/idle") == "USB does not play"
        there.set("ch1/usb", value=True)
        await until(lambda: there.simulator.values["/ch/01/preamp/rtnsw"] == 1)
        await until(lambda: there.value("ch1/gain/idle") == there.value("ch1/phantom/idle") == "USB plays")
        assert there.value("ch1/trim/idle") == ""
        there.set("ch1/gain", 0.75)
        await until(lambda: there.stands("/headamp/01/gain", 0.75))


async def test_a_bus_says_that_its_bands_act_on_nothing_while_its_graphic_eq_sounds(tmp_path: Path) -> None:
    async with joined(tmp_path, "xr18") as there:
        assert there.value("bus6/eq/1/idle") == there.value("main/eq/6/idle") == ""
        there.set("bus6/eq/mode", "geq")
        await until(lambda: there.simulator.values["/bus/6/eq/mode"] == 1)
        await until(lambda: there.value("bus6/eq/1/idle") == "the graphic EQ sounds")
        there.simulator.move("/lr/eq/mode", "TEQ")
        await until(lambda: there.value("main/eq/6/idle") == "the graphic EQ sounds")


async def test_a_channel_joins_a_subgroup(tmp_path: Path) -> None:
    async with joined(tmp_path, "xr18") as there:
        there.set("ch1/send/bus2/group", value=True)
        await until(lambda: there.simulator.values["/ch/01/mix/02/grpon"] == 1)


@pytest.mark.parametrize("word", ["x32", "xr12"])
async def test_clearing_the_solos_clears_them_everywhere(tmp_path: Path, word: str) -> None:
    async with joined(tmp_path, word) as there:
        there.set("ch1/solo", value=True)
        await until(lambda: there.simulator.values["/-stat/solosw/01"] == 1)
        await there.guard.act("clear_solo", {})
        await until(lambda: there.simulator.values["/-stat/solosw/01"] == 0 and there.value("ch1/solo") is False)


async def test_a_preamp_follows_when_the_channel_is_fed_from_elsewhere(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        there.set("ch1/gain", 0.75)
        await until(lambda: there.stands("/headamp/01/gain", 0.75))
        there.simulator.move("/headamp/04/gain", 0.5)
        there.simulator.move("/ch/01/config/insrc", 3)
        await until(lambda: there.value("ch1/gain") == 0.5)
        assert there.value("ch1/gain/idle") == ""
        there.simulator.move("/ch/01/config/insrc", 18)
        await until(lambda: there.value("ch1/gain") is None)
        assert there.value("ch1/gain/idle") == "no preamp"


async def test_a_channel_that_is_fed_from_a_line_input_gets_the_scale_of_its_preamp(tmp_path: Path) -> None:
    async with joined(tmp_path, "xr16") as there:

        def law(strip: str) -> str:
            params = dict(there.desk.layouts["band"].paths())
            param = params[f"band/{strip}/gain"]
            assert isinstance(param, Position)
            return param.taper

        assert (law("ch8"), law("ch9")) == ("gain", "line_gain")
        assert (there.value("ch9/phantom"), there.value("ch9/phantom/idle")) == (None, "no 48 V")
        there.set("ch9/gain", 0.5)
        await until(lambda: there.stands("/headamp/17/gain", 0.5))
        there.simulator.move("/headamp/24/gain", 0.25)
        there.simulator.move("/ch/01/config/insrc", 15)
        await until(lambda: law("ch1") == "line_gain" and there.value("ch1/gain") == 0.25)
        there.simulator.move("/ch/01/config/insrc", 0)
        await until(lambda: law("ch1") == "gain" and there.value("ch1/phantom") is False)


@pytest.mark.parametrize("word", ["x32", "xr18"])
async def test_the_meters_speak_twenty_times_a_second(tmp_path: Path, word: str) -> None:
    async with joined(tmp_path, word) as there:
        layout = there.desk.layouts["band"]
        await until(lambda: len(there.frames) > 20)
        frame = dict(zip(layout.taps(), there.frames[-1], strict=True))
        assert 100 < frame["band/ch1/input"] < 256
        assert frame["band/ch1/gate"] <= 216, "a gate never adds"


async def test_a_name_from_the_console_is_shown_on_one_line(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        there.simulator.move("/ch/01/config/name", "Vo\nx\x1b")
        await until(lambda: there.value("ch1/name") == "Vo x")


async def test_the_scene_that_stands_is_put_back_on_request(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        await there.guard.act("recall", {"scene": 2})
        stored = there.simulator.values["/ch/01/mix/fader"]
        there.simulator.move("/ch/01/mix/fader", 0.1)
        await there.guard.act("recall", {"scene": 2})
        await until(lambda: there.simulator.values["/ch/01/mix/fader"] == stored)
        await until(lambda: not there.wrong())

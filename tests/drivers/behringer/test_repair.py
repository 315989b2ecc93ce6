"""Lost messages repair themselves, on a clock that jumps: each push is lost once, and one in twenty of everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from remote_mixer.desk import paths
from remote_mixer.drivers.behringer.address_book import PROMPT
from remote_mixer.simulator.console import Console
from remote_mixer.simulator.simulator import Simulator
from remote_mixer.simulator.subscriptions import Subscriptions
from tests.drivers.behringer.joined import ANNE, Joined, joined
from tests.drivers.behringer.story import Story, opened
from tests.support.virtual import loop, play
from tests.support.waiting import until

MOST_A_SECOND = 60
BATCH = 60


def kinds(there: Joined, among: Callable[[str], bool]) -> list[str]:
    """Return one address of each kind of param: the last of its kind of strips."""
    leaves = there.lifecycle.conversation.addresses.by_path
    found = {}
    for path, leaf in leaves.items():
        strip, param = paths.strip_and_param(path)
        if among(param):
            found[strip.rstrip("0123456789"), param] = leaf.address
    return list(dict.fromkeys(found.values()))


def is_prompt(param: str) -> bool:
    return param in PROMPT


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_one_lost_push_of_a_fader_mute_or_solo_is_repaired_within_a_second(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            for address in kinds(there.page, is_prompt):
                began = there.loop.time()
                there.lose_push(address)
                there.move(address)
                assert (await there.repair([address]))[address] < 1, address
                assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_a_lost_push_of_any_other_value_is_repaired_within_ten_seconds(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            addresses = kinds(there.page, lambda param: not is_prompt(param))
            for at in range(0, len(addresses), BATCH):
                for address in addresses[at : at + BATCH]:
                    there.lose_push(address)
                    there.move(address)
                took = await there.repair(addresses[at : at + BATCH])
                assert max(took.values()) < 10, took

    play(story)


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_at_five_per_cent_loss_a_burst_of_mutes_is_right_within_a_second(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            chance = Random(7)
            there.loop.loses = lambda _: chance.random() < 0.05
            mutes = [f"/ch/{n:02}/mix/on" for n in range(1, 13)]
            for _ in range(20):
                began = there.loop.time()
                for address in mutes:
                    there.move(address)
                took = await there.repair(mutes)
                assert max(took.values()) < 1, took
                await asyncio.sleep(2)
                assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


FAMILIES = {"xr12": (1.51, 11.5), "xr18": (1.51, 21.0), "x32": (2.1, 142.0)}
"""Seconds within which a change that no datagram told is found without snapshots: of a fader, mute or solo, and of
anything else but the name of a scene. An X Air tells each change twice, an X32 once. 60 datagrams a second are the
limit: an XR18 is 674 queries (nodes, single addresses), an X32 2008."""


async def notified_again(there: Story) -> None:
    """Have the console tell a change of no strip: a second slot, where there is one, shows that it tells too."""
    there.move("/config/mute/4")
    await asyncio.sleep(6)


def move_unheard(there: Story, address: str, value: float) -> None:
    """Move a control at the console; no datagram tells of it."""
    there.console.console.move(address, value)


@pytest.fixture
def sends_no_snapshots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an X32 not know /formatsubscribe, as an X Air does not."""
    monkeypatch.setattr(Subscriptions, "strips", lambda *_: None)


@pytest.mark.usefixtures("sends_no_snapshots")
@pytest.mark.parametrize("word", FAMILIES)
def test_without_snapshots_everything_is_looked_at_as_often_as_the_limit_allows(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            await notified_again(there)
            began = there.loop.time()
            prompt, others = there.page.lifecycle._reread.periods
            assert prompt < FAMILIES[word][0]
            assert others < FAMILIES[word][1]
            schedule, timing = there.page.lifecycle._reread, there.page.lifecycle._timing
            counted = sum(1 for _ in schedule._other_queries())
            asked = len(schedule._to_query(there.page.lifecycle.conversation.addresses.prompt()))
            assert others == pytest.approx(counted / (timing.look_rate - asked / prompt)), "known without a count"
            move_unheard(there, "/dca/4/fader", 0.1)
            assert (await there.repair(["/dca/4/fader"]))["/dca/4/fader"] < 1.1 * FAMILIES[word][0]
            far = ["/ch/12/eq/4/g", "/ch/05/mix/09/level", "/dca/4/config/color"]
            for address, value in zip(far, (0.1, 0.1, 3), strict=True):
                move_unheard(there, address, value)
            took = await there.repair(far)
            assert max(took.values()) < 1.1 * others, took
            assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


def test_the_only_value_of_a_node_is_looked_at_as_those_of_others(tmp_path: Path) -> None:
    """A line input of a small X Air has no 48 V beside its gain, and its two buses have one link."""

    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            there.console.move("/ch/05/config/insrc", 4)
            await asyncio.sleep(2 * FAMILIES["xr12"][1])
            line = there.page.lifecycle.conversation.line
            alone: dict[str, float] = {"/headamp/17/gain": 0.1, "/config/buslink/1-2": 1}
            for address, value in alone.items():
                move_unheard(there, address, value)
            assert max((await there.repair(alone)).values()) < 2 * FAMILIES["xr12"][1]
            assert not line.bad, line.last_fault

    play(story)


@pytest.mark.parametrize("word", ["xr12", "x32"])
def test_a_node_that_is_pushed_with_one_value_is_read_at_once(tmp_path: Path, word: str) -> None:
    """A client that sets a node by its first value alone has it pushed so."""

    async def story() -> None:
        async with opened(tmp_path, word) as there:
            there.console._push(there.console.console.set("/ch/01/config", ("Solo",)))
            assert (await there.repair(["/ch/01/config/name"]))["/ch/01/config/name"] < 0.05

    play(story)


@pytest.mark.usefixtures("sends_no_snapshots")
@pytest.mark.parametrize("word", ["xr18", "x32"])
def test_a_strip_that_somebody_has_moved_is_right_within_ten_seconds_whatever_was_lost(
    tmp_path: Path, word: str
) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            there.page.desk.hold("band/ch12/fader", ANNE)
            there.console.move("/ch/03/mix/fader", 0.3)
            await asyncio.sleep(3)
            began = there.loop.time()
            for channel in (3, 12):
                for address in (f"/ch/{channel:02}/eq/4/g", f"/ch/{channel:02}/mix/09/level"):
                    move_unheard(there, address, 0.1)
                    assert (await there.repair([address]))[address] < 10, address
            assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


def test_a_console_that_stops_to_tell_each_change_twice_has_its_faders_looked_at_within_a_second(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr18") as there:
            schedule = there.page.lifecycle._reread
            assert schedule.periods[0] < 1, "nothing has shown yet that the second slot tells"
            there.page.lifecycle.conversation.timing = replace(there.page.lifecycle._timing, probe_seconds=10)
            await notified_again(there)
            assert schedule.notified_twice
            await asyncio.sleep(20)
            assert not schedule.notified_twice
            assert schedule.periods[0] < 1

    play(story)


def test_the_sends_of_a_mix_that_somebody_moves_are_right_within_ten_seconds_whatever_was_lost(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr18") as there:
            await notified_again(there)
            for channel in (4, 5, 6):
                there.move(f"/ch/{channel:02}/mix/02/level")
                await asyncio.sleep(0.5)
            there.move("/ch/16/mix/fader")
            await asyncio.sleep(3)
            began = there.loop.time()
            for address in ("/ch/01/mix/02/level", "/ch/16/mix/02/level", "/rtn/3/mix/02/level"):
                move_unheard(there, address, 0.1)
                assert (await there.repair([address]))[address] < 10, address
            assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


def test_what_pages_show_is_right_within_ten_seconds_whatever_was_lost(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr18") as there:
            await notified_again(there)
            there.page.guard.look(["band/ch9", "band/bus3"])
            await asyncio.sleep(9)  # until the round before has ended
            began = there.loop.time()
            for address in ("/ch/09/eq/4/g", "/ch/16/mix/03/level", "/rtn/3/mix/03/level", "/bus/3/dyn/thr"):
                move_unheard(there, address, 0.1)
                assert (await there.repair([address]))[address] < 10, address
            assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


def test_after_a_short_silence_everything_is_looked_at(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr18") as there:
            there.loop.loses = lambda _: True
            await asyncio.sleep(0.2)
            for address in ("/ch/12/eq/4/g", "/rtn/3/eq/2/f", "/bus/6/dyn/thr"):
                there.move(address)
            await asyncio.sleep(0.2)
            began = there.loop.time()
            there.loop.loses = lambda _: False
            took = await there.repair(["/ch/12/eq/4/g", "/rtn/3/eq/2/f", "/bus/6/dyn/thr"])
            assert max(took.values()) < 24, took
            assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


@pytest.mark.parametrize("word", ["xr12", "xr18"])
def test_without_snapshots_a_change_that_no_datagram_told_is_found(tmp_path: Path, word: str) -> None:
    """An X Air on a bad Wi-Fi may lose a push on both slots: the round of looks at its nodes finds it."""

    async def story() -> None:
        async with opened(tmp_path, word) as there:
            await notified_again(there)
            began = there.loop.time()
            prompt, others = there.page.lifecycle._reread.periods
            assert prompt == there.page.lifecycle._timing.relaxed_seconds
            said = f"within {prompt:.2g} s, of anything else but the name of a scene within {others:.0f} s"
            assert said in str(there.page.value("diagnostics"))
            for address in ("/bus/2/mix/fader", "/ch/12/mix/on", "/dca/4/fader", "/-stat/solosw/54"):
                there.console.console.move(address, 0)
                there.console.console.move(address, 1)
                assert (await there.repair([address]))[address] < 1.1 * prompt, address
            there.console.console.move("/ch/12/eq/4/g", 0.1)
            assert (await there.repair(["/ch/12/eq/4/g"]))["/ch/12/eq/4/g"] < 1.1 * others
            assert there.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


def test_a_console_that_answers_no_nodes_is_looked_at_value_by_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        get = Console.get
        monkeypatch.setattr(Console, "get", lambda console, a: get(console, a) if a in console.values else None)
        async with opened(tmp_path, "xr12") as there:
            prompt, _ = there.page.lifecycle._reread.periods
            assert prompt > 2
            there.console.console.move("/dca/4/fader", 0.1)
            assert (await there.repair(["/dca/4/fader"]))["/dca/4/fader"] < 1.5 * prompt

    play(story)


@pytest.mark.parametrize("word", ["x32", "xr18"])
def test_a_scene_recalled_at_one_per_cent_loss_is_right_within_one_and_a_half_seconds(
    tmp_path: Path, word: str
) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            chance = Random(3)
            there.loop.loses = lambda _: chance.random() < 0.01
            for scene in (1, 2, 3):
                there.console.recall(scene)
                took = await there.repair(there.addresses())
                assert max(took.values()) < 1.5, scene
                await asyncio.sleep(3)

    play(story)


def test_a_reading_that_takes_its_time_keeps_our_slot(tmp_path: Path) -> None:
    async def story() -> None:
        console = Simulator("xr12", clock=loop().time)
        async with joined(tmp_path, "xr12", simulator=console, ask_rate=60.0) as there:
            assert console.clients, "read for more than the ten seconds that a slot lasts"
            console.move("/ch/01/mix/on", 0)
            await until(lambda: there.value("ch1/mute") is True, 0.1)

    play(story)

"""The simulated console on its port: answers, changes for other clients, loss and delay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from remote_mixer.simulator.network import UdpPort, Wifi
from remote_mixer.simulator.simulator import Simulator
from tests.simulator.client import Client, connect
from tests.support.virtual import VirtualLoop, play
from tests.support.waiting import until

FADER, ON, NAME = "/ch/20/mix/fader", "/ch/20/mix/on", "/ch/20/config/name"


@dataclass
class Clock:
    """A clock that a test turns."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def x32(clock: Clock) -> AsyncIterator[Simulator]:
    async with Simulator("x32", clock=clock) as console:
        yield console


@pytest.fixture
async def xr18(clock: Clock) -> AsyncIterator[Simulator]:
    async with Simulator("xr18", clock=clock) as console:
        yield console


@pytest.fixture
async def one(x32: Simulator) -> AsyncIterator[Client]:
    async with connect(x32.address) as client:
        yield client


@pytest.fixture
async def two(x32: Simulator) -> AsyncIterator[Client]:
    async with connect(x32.address) as client:
        yield client


async def test_a_console_says_what_it_is(one: Client) -> None:
    assert await one.ask("/info") == ("V2.07", "X32-5001", "X32", "4.06")
    assert await one.ask("/xinfo") == ("127.0.0.1", "X32-5001", "X32", "4.06")
    assert await one.ask("/status") == ("active", "127.0.0.1", "X32-5001")


@pytest.mark.parametrize("word", ["m32", "xr18", "xr16", "xr12"])
async def test_each_model_has_its_own_name_and_keeps_the_one_it_is_given(word: str) -> None:
    async with Simulator(word, "FOH") as console, connect(console.address) as client:
        assert (await client.ask("/xinfo"))[1:3] == ("FOH", word.upper())


async def test_a_question_is_answered_and_a_set_is_not(one: Client) -> None:
    one.send(FADER, 0.75)
    assert await one.all_received() == []
    assert await one.ask(FADER) == (pytest.approx(0.749756, abs=1e-6),)
    assert await one.ask("/ch/20/mix/01") == (1, 0.0, 0.5, 4, 0)


async def test_an_unknown_address_is_met_with_silence(one: Client, x32: Simulator) -> None:
    one.send("/ch/33/mix/on")
    one.send("/ch/33/mix/on", 1)
    assert await one.all_received() == []
    assert x32.counters.unknown == 2


async def test_a_line_of_a_scene_is_told_and_taken(one: Client) -> None:
    assert await one.ask("/node", "ch/20/mix", answer="node") == ("/ch/20/mix ON   -oo ON +0 OFF   -oo\n",)
    one.send("/", "ch/20/mix OFF -10.0")
    assert await one.ask("/node", "ch/20/mix/fader", answer="node") == ("/ch/20/mix/fader -10.0\n",)
    one.received.clear()
    one.send("/node", "ch/99/mix")
    assert await one.all_received() == []


async def test_a_change_is_told_to_the_others_and_not_to_its_writer(one: Client, two: Client) -> None:
    one.send("/xremote")
    two.send("/xremote")
    assert await one.all_received() == await two.all_received() == []
    one.send(ON, 0)
    one.send(ON, 0)
    assert await one.all_received() == []
    assert await two.all_received() == [(ON, (0,))]


async def test_a_linked_strip_follows_and_its_writer_is_not_told(one: Client, two: Client) -> None:
    two.send("/xremote")
    one.send("/xremote")
    one.send("/config/chlink/19-20", 1)
    await one.all_received()
    one.send(FADER, 0.5)
    assert await one.all_received() == []
    moved = [address for address, _ in await two.all_received()]
    assert moved == ["/config/chlink/19-20", FADER, "/ch/19/mix/fader"]


async def test_a_hand_at_the_console_is_told_to_everybody(one: Client, x32: Simulator) -> None:
    one.send("/xremote")
    await one.all_received()
    x32.move(NAME, "Cowbell")
    assert await one.all_received() == [(NAME, ("Cowbell",))]


async def test_a_set_of_many_values_is_told_as_it_was_sent(one: Client, two: Client) -> None:
    two.send("/xremote")
    await two.all_received()
    one.send("/ch/20/config", "Cowbell", 9, 6, 5)
    await one.all_received()
    assert await two.all_received() == [("/ch/20/config", ("Cowbell", 9, 6, 5))]


async def test_ten_seconds_without_a_renewal_end_the_telling(one: Client, x32: Simulator, clock: Clock) -> None:
    one.send("/xremote")
    await one.all_received()
    clock.now += 9.9
    x32.move(ON, 0)
    assert len(await one.all_received()) == 1
    clock.now += 0.2
    x32.move(ON, 1)
    assert await one.all_received() == []
    assert x32.clients == []


@pytest.mark.parametrize(("word", "places"), [("x32", 4), ("xr18", 8)])
async def test_one_client_too_many_hears_nothing_and_is_not_told_why(word: str, places: int, clock: Clock) -> None:
    async with AsyncExitStack() as stack:
        console = await stack.enter_async_context(Simulator(word, clock=clock))
        clients = [await stack.enter_async_context(connect(console.address)) for _ in range(places + 1)]
        for client in clients:
            client.send("/xremote")
            assert await client.all_received() == []
        console.move("/ch/01/mix/on", 0)
        assert [len(await client.all_received()) for client in clients] == [1] * places + [0]
        assert (len(console.clients), console.counters.refused) == (places, 1)


async def test_an_x_air_tells_the_writer_too_unless_it_asked_for_no_feedback(xr18: Simulator) -> None:
    async with connect(xr18.address) as echoed, connect(xr18.address) as spared:
        echoed.send("/xremote")
        spared.send("/xremotenfb")
        await echoed.all_received()
        await spared.all_received()
        echoed.send("/ch/01/mix/on", 0)
        spared.send("/ch/02/mix/on", 0)
        await spared.all_received()
        assert len(await echoed.all_received()) == 2
        assert spared.received == []


async def test_an_x_air_does_not_tell_back_a_write_without_feedback(xr18: Simulator) -> None:
    async with connect(xr18.address) as client:
        client.send("/xremotenfb")
        client.send("/ch/01/mix/on", 0)
        assert await client.all_received() == []
        xr18.move("/ch/01/mix/on", 1)
        assert len(await client.all_received()) == 1


@pytest.mark.parametrize(
    ("word", "recall", "told"), [("x32", "/-action/goscene", {}), ("xr18", "/-snap/load", {"/-snap/index": (4,)})]
)
async def test_a_recall_comes_as_a_burst_to_all_and_to_who_asked(
    word: str, recall: str, told: dict[str, tuple[int]]
) -> None:
    async with Simulator(word) as console, connect(console.address) as client:
        client.send("/xremote")
        client.send(recall, 4)
        said = dict(await client.all_received())
        assert len(said) > 150
        assert {address: said[address] for address in told} == told
        assert ("/-show/prepos/current" in said, console.console.recalled) == (False, 4)


async def test_names_of_scenes_are_read_one_by_one(one: Client) -> None:
    assert await one.ask("/-show/showfile/scene/002/name") == ("Song 1",)
    assert await one.ask("/-show/showfile/scene/099/name") == ("",)
    assert await one.ask("/-show/prepos/current") == (-1,)


async def test_solos_are_cleared_for_everybody(one: Client) -> None:
    one.send("/xremote")
    one.send("/-stat/solosw/01", 1)
    assert await one.all_received() == []
    one.send("/-action/clearsolo", 1)
    assert dict(await one.all_received()) == {"/-stat/solosw/01": (0,), "/-stat/solo": (0,)}


async def test_garbage_is_dropped_and_counted(one: Client, x32: Simulator) -> None:
    for data in (b"\0", b"/ch/01", b"#bundle\0", bytes(range(256)), b"/x\0\0,i\0\0\0"):
        one.raw(data)
    assert (await one.ask("/status"))[0] == "active"
    assert x32.counters.garbage == 5


@pytest.mark.parametrize(
    "order",
    ["/meters", "/subscribe", "/batchsubscribe", "/formatsubscribe", "/renew", "/node", "/", "/-action/goscene"],
)
@pytest.mark.parametrize("given", [(), (1,), (0.5,), (b"\1",), ("",), ("/meters/-1", 1), ("a", "b", "c", -9, 999)])
async def test_an_order_without_sense_does_nothing(one: Client, order: str, given: tuple[object, ...]) -> None:
    one.send(order, *given)
    assert await one.all_received() == []


async def test_a_console_that_is_off_is_silent_and_comes_back_as_it_was(one: Client, x32: Simulator) -> None:
    one.send("/xremote")
    one.send(ON, 0)
    await one.all_received()
    x32.power(False)
    before = x32.counters.received
    one.send(FADER, 1.0)
    one.send("/status")
    x32.move(NAME, "Unheard")
    await until(lambda: x32.counters.received == before + 2)
    x32.power(True)
    assert (await one.ask(ON), await one.ask(FADER)) == ((0,), (0.0,))
    assert (x32.clients, len(one.received)) == ([], 2)


async def test_a_stopped_console_can_be_started_again_on_its_port_with_its_values() -> None:
    console = await Simulator("xr12").start()
    console.move("/lr/mix/on", 0)
    await console.stop()
    await console.start(port=console.address[1])
    async with connect(console.address) as client:
        assert await client.ask("/lr/mix/on") == (0,)
    await console.stop()


async def test_a_bad_wifi_loses_the_same_share_each_time() -> None:
    async def answered() -> int:
        async with Simulator("x32", wifi=Wifi(loss=0.2, seed=7)) as console, connect(console.address) as client:
            for _ in range(200):
                client.send("/info")
            counters = console.counters
            await until(lambda: counters.received + counters.lost_in == 200)
            await until(lambda: counters.sent + counters.lost_out == counters.received)
            await until(lambda: len(client.received) == counters.sent)
            return counters.sent

    first = await answered()
    assert 100 < first < 156
    assert await answered() == first


async def test_a_slow_wifi_delays_both_ways_and_keeps_the_order() -> None:
    async with Simulator("x32", wifi=Wifi(delay=0.05)) as console, connect(console.address) as client:
        loop = asyncio.get_running_loop()
        start = loop.time()
        questions = [f"/ch/{number:02}/mix/on" for number in range(1, 33)]
        for question in questions:
            client.send(question)
        await until(lambda: len(client.received) == 32)
        assert loop.time() - start >= 0.1
        assert [address for address, _ in client.received] == questions


def test_a_slow_wifi_waits_by_one_timer_however_many_datagrams_it_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = most = 0

    def counted(loop: VirtualLoop, when: float, callback: Any, *args: Any, **more: Any) -> asyncio.TimerHandle:
        nonlocal waits, most
        if not isinstance(getattr(callback, "__self__", None), UdpPort):
            return asyncio.BaseEventLoop.call_at(loop, when, callback, *args, **more)

        def run() -> None:
            nonlocal waits
            waits -= 1
            callback(*args)

        waits += 1
        most = max(most, waits)
        return asyncio.BaseEventLoop.call_at(loop, when, run, **more)

    async def story() -> None:
        async with Simulator("x32", wifi=Wifi(delay=0.01)) as console, connect(console.address) as client:
            for number in range(64):  # eight questions and answers are under way at once
                client.send(FADER)
                await until(lambda number=number: len(client.received) > number - 8)  # type: ignore[misc]  # a default is no argument
            await until(lambda: len(client.received) == 64)

    monkeypatch.setattr(VirtualLoop, "call_at", counted)
    play(story)
    assert most <= 2, "one for the delay, one for what may be sent at once"

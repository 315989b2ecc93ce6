"""Subscriptions of a client of the simulated console."""

from __future__ import annotations

from struct import unpack_from
from typing import Any

import pytest

from remote_mixer.simulator.console import Console
from remote_mixer.simulator.simulator import Simulator
from remote_mixer.simulator.subscriptions import Subscriptions
from tests.simulator.client import connect
from tests.support.waiting import until

US = ("127.0.0.1", 5000)


class Watch:
    """Subscriptions whose ticks a test calls itself, on a clock that the ticks turn."""

    def __init__(self, word: str = "x32") -> None:
        self.now = 0.0
        self.console = Console(word, "Front")
        self.running = Subscriptions(self.console, 10.0, lambda: self.now)

    def ticks(self, count: int) -> list[tuple[str, Any]]:
        received = []
        for _ in range(count):
            self.now += 0.05
            received += [(message.address, message.arguments) for client, message in self.running.due() if client == US]
        return received


@pytest.mark.parametrize(("factor", "frames"), [((), 40), ((1,), 40), ((4,), 10), ((0,), 40), ((100,), 40)])
def test_meters_come_every_50_ms_times_their_factor(factor: tuple[int, ...], frames: int) -> None:
    watch = Watch()
    watch.running.meters(US, ("/meters/1", *factor))
    assert [address for address, _ in watch.ticks(40)] == ["/meters/1"] * frames


def test_meters_end_after_ten_seconds_unless_they_are_asked_for_again() -> None:
    watch = Watch()
    watch.running.meters(US, ("/meters/1",))
    assert len(watch.ticks(150)) == 150
    watch.running.meters(US, ("/meters/1",))
    assert len(watch.ticks(250)) == 199
    assert len(watch.running) == 0


@pytest.mark.parametrize(
    ("word", "given", "words"),
    [
        ("x32", ("/meters/6", 40), 4),
        ("x32", ("/meters/5", 3, 1, 2), 27),
        ("x32", ("/meters/0", 2), 70),
        ("xr18", ("/meters/0", 16), 8),
        ("xr18", ("/meters/6", 2), 39),
    ],
)
def test_what_a_meter_shows_stands_before_its_factor(word: str, given: tuple[Any, ...], words: int) -> None:
    watch = Watch(word)
    watch.running.meters(US, given)
    (_, (blob,)), *_ = watch.ticks(3)
    assert unpack_from("<i", blob) == (words,)


@pytest.mark.parametrize("name", ["/meters/17", "/meters/", "meters/1", "/meters/x", "/meters/1111111111", 5])
def test_meters_that_do_not_exist_never_come(name: Any) -> None:
    watch = Watch()
    watch.running.meters(US, (name,))
    assert watch.ticks(3) == []


def test_a_batch_brings_meters_under_a_name_of_the_clients_own() -> None:
    watch = Watch()
    watch.running.batch(US, ("/mine", "/meters/5", 0, 3, 2))
    assert [address for address, _ in watch.ticks(4)] == ["/mine"] * 2


def test_one_value_is_repeated_as_it_stands() -> None:
    watch = Watch()
    watch.running.single(US, ("/ch/20/mix/on", 2))
    assert watch.ticks(2) == [("/ch/20/mix/on", (1,))]
    watch.console.move("/ch/20/mix/on", 0)
    assert watch.ticks(2) == [("/ch/20/mix/on", (0,))]


def test_a_range_of_strips_comes_as_one_blob() -> None:
    watch = Watch()
    watch.console.move("/ch/02/mix/on", 0)
    watch.running.strips(US, ("/all", "/ch/**/mix/on", "/ch/**/mix/pan", 1, 3, 1))
    ((address, (blob,)),) = watch.ticks(1)
    assert (address, unpack_from("<iiiifff", blob)) == ("/all", (28, 1, 0, 1, 0.5, 0.5, 0.5))


def test_a_renewal_extends_what_runs_and_wakes_nothing_that_ended() -> None:
    watch = Watch()
    watch.running.single(US, ("/ch/20/mix/on",))
    watch.running.single(US, ("/ch/21/mix/on",))
    watch.ticks(150)
    watch.running.renew(US, "/ch/20/mix/on")
    watch.ticks(100)
    watch.running.renew(US, None)
    assert {address for address, _ in watch.ticks(10)} == {"/ch/20/mix/on"}


def test_what_is_unsubscribed_ends_at_once() -> None:
    watch = Watch()
    watch.running.single(US, ("/ch/20/mix/on",))
    watch.running.meters(US, ("/meters/1",))
    watch.running.end(US, "/meters/1")
    assert [address for address, _ in watch.ticks(1)] == ["/ch/20/mix/on"]
    watch.running.end(US, None)
    assert watch.ticks(1) == []


def test_a_flood_of_subscriptions_fills_no_memory() -> None:
    watch = Watch()
    for port in range(2000):
        watch.running.single(("127.0.0.1", port), ("/ch/20/mix/on",))
    assert len(watch.running) == 256


async def test_meters_flow_over_the_network_until_they_are_ended() -> None:
    async with Simulator("x32") as console, connect(console.address) as client:
        client.send("/meters", "/meters/2")
        await until(lambda: len(client.received) > 3)
        assert {(address, len(blob)) for address, (blob,) in client.received} == {("/meters/2", 200)}
        client.send("/unsubscribe")
        await client.all_received()
        assert console.clients == []
        assert await client.all_received() == []

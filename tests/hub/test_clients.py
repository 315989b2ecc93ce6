"""What waits for a client that does not keep up, and that it harms nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Text, Value
from remote_mixer.hub import clients as room
from remote_mixer.hub.client import Client, Ending
from remote_mixer.hub.clients import SHARE_SECONDS, Clients
from remote_mixer.hub.hub import LARGE
from remote_mixer.hub.messages import Changes, Echo, LayoutChanged, Message, MeterFrame, People, Pong, Said
from remote_mixer.web.wire import frame
from tests.support.running import FADER, joined, online, running
from tests.support.waiting import until


class FakeLink:
    """A link whose far end can stop taking."""

    def __init__(self) -> None:
        self.waiting = 0
        self.last_received = asyncio.get_running_loop().time()
        self.writes: list[tuple[Message, ...]] = []
        self.pings = 0
        self.cut = False

    def size(self, message: Message) -> int:
        return len(message.encoded(frame))

    def send(self, *messages: Message) -> None:
        if messages:
            self.writes.append(messages)

    def ping(self) -> None:
        self.pings += 1

    def close(self, ending: Ending) -> None:
        self.cut = True

    def abort(self) -> None:
        self.cut = True

    @property
    def sent(self) -> list[Message]:
        """All messages, in their order."""
        return [message for messages in self.writes for message in messages]


def said(number: int) -> Said:
    return Said(number, "2026-11-26T14:00:00Z", {}, "Hello")


class Company(Clients):
    """Clients with a desk's values of their own."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        super().__init__(lambda: 7, self.values)

    def put(self, values: dict[str, Value]) -> None:
        """Change the desk, and share it."""
        self.values |= values
        self.share(values)

    def come(self, link: FakeLink, name: str) -> Client:
        """Open a link and say hello."""
        client = self.open(link)
        client.id = client.name = name
        self.join(client)
        return client


def crowd(*names: str) -> tuple[Company, dict[str, FakeLink]]:
    clients, links = Company(), {name: FakeLink() for name in names}
    for name, link in links.items():
        clients.come(link, name)
    return clients, links


def values_of(link: FakeLink) -> list[dict[str, Any]]:
    return [dict(message.values) for message in link.sent if isinstance(message, Changes)]


async def test_the_first_change_after_a_pause_leaves_at_once() -> None:
    clients, links = crowd("anne")
    clients.put({"a": 1.0})
    for _ in range(3):  # turns of the loop, not time
        await asyncio.sleep(0)
    assert values_of(links["anne"]) == [{"a": 1.0}]


async def test_under_load_what_comes_within_a_moment_leaves_as_one_frame_of_newest_values() -> None:
    clients, links = crowd("anne", "bob")
    for step in range(500):
        clients.put({"a": float(step), "b": float(-step)})
    await until(lambda: values_of(links["bob"]))
    assert values_of(links["anne"]) == [{"a": 499.0, "b": -499.0}]
    first, second = links["anne"].sent[0], links["bob"].sent[0]
    assert first.encoded(frame) is second.encoded(frame), "one frame, built once"


async def test_a_slow_page_costs_one_entry_a_path_and_gets_the_newest_when_it_takes_again() -> None:
    clients, links = crowd("slow", "quick")
    links["slow"].waiting = 1
    for step in range(5):
        clients.put({"a": float(step)})
        await until(lambda step=step: {"a": float(step)} in values_of(links["quick"]))  # type: ignore[misc]
    assert values_of(links["slow"]) == []
    links["slow"].waiting = 0
    await until(lambda: values_of(links["slow"]))
    assert values_of(links["slow"]) == [{"a": 4.0}]


async def test_what_must_not_be_lost_waits_in_its_order_before_the_values() -> None:
    clients, links = crowd("slow")
    links["slow"].waiting = 1
    clients.put({"a": 1.0})
    clients.send(said(1))
    clients.send(said(2))
    await asyncio.sleep(2 * SHARE_SECONDS)
    links["slow"].waiting = 0
    await until(lambda: links["slow"].writes)
    first, second, changes = links["slow"].sent
    assert isinstance(first, Said)
    assert isinstance(second, Said)
    assert (first.id, second.id) == (1, 2)
    assert isinstance(changes, Changes)


async def test_of_readings_that_wait_only_the_newest_is_sent() -> None:
    clients, links = crowd("slow")
    client = clients.get("slow")
    assert client
    links["slow"].waiting = 1
    for sequence in range(10):
        client.meter(MeterFrame(sequence, b"\xd8"))
    clients.send(said(1))
    links["slow"].waiting = 0
    await until(lambda: links["slow"].writes)
    ((_, meters),) = links["slow"].writes
    assert isinstance(meters, MeterFrame)
    assert meters.sequence == 9


async def test_a_crowd_that_comes_at_once_is_told_in_one_frame() -> None:
    clients, links = crowd(*(f"page{n}" for n in range(50)))
    await until(lambda: links["page0"].writes)
    assert [len(message.people) for message in links["page0"].sent if isinstance(message, People)] == [50]
    assert len({card["color"] for card in clients.cards()}) == 8


async def test_the_same_page_again_replaces_the_old_link_and_keeps_its_color() -> None:
    clients, _ = crowd("anne", "bob")
    former = clients.get("bob")
    again = clients.open(FakeLink())
    again.id = "bob"
    assert clients.join(again) is former
    assert former
    assert again.color == former.color
    assert not clients.leave(former)
    assert clients.get("bob") is again


@asynccontextmanager
async def tended(clients: Company, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Look after the clients as the program does, in a world a hundred times as fast."""
    monkeypatch.setattr(room, "KEEPALIVE_SECONDS", 0.03)
    monkeypatch.setattr(room, "SILENT_SECONDS", 0.1)
    tending = asyncio.create_task(clients.tend())
    yield
    tending.cancel()


async def test_who_gives_no_sign_of_life_is_dropped_and_who_does_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    clients, links = crowd("asleep", "awake")
    async with tended(clients, monkeypatch):
        while not links["asleep"].cut:
            links["awake"].last_received = asyncio.get_running_loop().time()
            await asyncio.sleep(0)
    assert not links["awake"].cut
    assert links["asleep"].pings


async def test_a_server_that_stood_still_asks_before_it_drops_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    clients, links = crowd("anne")
    async with tended(clients, monkeypatch):
        await asyncio.sleep(0)
        time.sleep(2 * room.SILENT_SECONDS)  # noqa: ASYNC251 - the loop itself is what stands still
        await until(lambda: links["anne"].pings)
        assert not links["anne"].cut
        await until(lambda: links["anne"].cut)


async def test_who_speaks_but_takes_nothing_is_dropped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    clients, links = crowd("deaf", "well")
    links["deaf"].waiting = 1
    clients.put({"a": 1.0})
    async with tended(clients, monkeypatch):
        while not links["deaf"].cut:
            for link in links.values():
                link.last_received = asyncio.get_running_loop().time()
            await asyncio.sleep(0)
    assert not links["well"].cut


async def test_a_page_that_stops_reading_is_dropped_and_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "KEEPALIVE_SECONDS", 0.2)
    monkeypatch.setattr(room, "SILENT_SECONDS", 1.0)
    with running(tmp_path) as app:
        await online(app)
        async with joined(app, "well") as well, joined(app, "stuck") as stuck:
            stuck.link.transport.pause_reading()
            for step in range(1, 1000):
                await well.send(type="set", id=step, values={FADER: step / 1000})
                await well.until("ok", id=step)
                if not app.hub.clients.get("stuck"):
                    break
                await asyncio.sleep(0.01)
            stuck.link.transport.abort()
            assert app.hub.clients.get("stuck") is None
            assert app.hub.clients.get("well")


async def test_an_answer_that_had_to_wait_leaves_though_nothing_else_happens() -> None:
    clients, links = crowd("slow")
    client = clients.get("slow")
    assert client
    links["slow"].waiting = 1
    client.send(Pong(1))
    links["slow"].waiting = 0
    await until(lambda: any(isinstance(message, Pong) for message in links["slow"].sent))
    assert not client.behind


async def test_what_waits_is_read_in_its_turn_so_that_nothing_old_follows_a_layout() -> None:
    clients, links = crowd("slow")
    links["slow"].waiting = 1
    clients.put({"a": 0.1, "gone": 0.2})
    await asyncio.sleep(2 * SHARE_SECONDS)
    clients.values |= {"a": 0.9}
    del clients.values["gone"]
    clients.send(LayoutChanged({}, {}, (), 7))
    links["slow"].waiting = 0
    await until(lambda: values_of(links["slow"]))
    assert values_of(links["slow"]) == [{"a": 0.9}]


async def test_a_frame_that_claims_a_revision_holds_all_that_belongs_to_it() -> None:
    clients, links = crowd("slow", "quick")
    client = clients.get("slow")
    assert client
    links["slow"].waiting = 1
    clients.put({"a": 0.1})
    await until(lambda: values_of(links["quick"]))
    clients.put({"b": 0.2})
    clients.put({"c": 0.3})
    links["slow"].waiting = 0
    await until(lambda: values_of(links["slow"]))
    assert {path for values in values_of(links["slow"])[:1] for path in values} >= {"a", "b"}


async def test_a_guest_who_reads_nothing_is_cut_off_before_it_costs_memory() -> None:
    clients, link = Company(), FakeLink()
    guest = clients.open(link)
    link.waiting = 1
    for _ in range(100):
        guest.send(Echo("x" * 60_000))
    assert link.cut


async def test_a_layout_comes_before_the_answer_to_whoever_changed_it_and_a_large_one_in_the_next_step(
    tmp_path: Path,
) -> None:
    """A large one takes milliseconds to encode, which its console's opening has used already."""

    def of(params: int) -> Layout:
        return Layout("more", "More", "demo", params={f"p{number}": Text(9) for number in range(params)})

    async def announced(app: App, params: int) -> list[int]:
        link = FakeLink()
        client = app.hub.clients.open(link)
        client.id = "eve"
        app.hub.join(client)
        app.desk.add(of(params), {})
        count = [sum(isinstance(one, LayoutChanged) for one in link.sent)]
        await asyncio.sleep(0)
        app.hub.leave(client)
        return [*count, sum(isinstance(one, LayoutChanged) for one in link.sent)]

    with running(tmp_path) as app:
        await online(app)
        for params, steps in ((5, [1, 1]), (LARGE + 1, [0, 1])):
            done = asyncio.run_coroutine_threadsafe(announced(app, params), app.loop)
            assert await asyncio.wrap_future(done) == steps

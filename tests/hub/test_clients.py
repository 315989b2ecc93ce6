"""What waits for a client that does not keep up, and that it harms nobody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.hub import clients as room
from remote_mixer.hub.client import Client
from remote_mixer.hub.clients import SHARE_SECONDS, Clients
from remote_mixer.web import wire
from remote_mixer.web.pipe import ping_frame
from tests.support.running import FADER, joined, online, running
from tests.support.waiting import until


class Pipe:
    """A way out whose far end can stop taking."""

    def __init__(self) -> None:
        self.waiting = 0
        self.heard = asyncio.get_running_loop().time()
        self.frames: list[bytes] = []
        self.cut = False

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    def close(self, code: int, reason: str = "") -> None:
        self.cut = True

    def abort(self) -> None:
        self.cut = True

    def texts(self) -> list[Any]:
        """Return what was written as JSON objects, several frames in one write told apart."""
        objects = []
        for data in self.frames:
            rest = data
            while rest:
                size, start = rest[1], 2
                if size == 126:
                    size, start = int.from_bytes(rest[2:4], "big"), 4
                if rest[0] == 0x81:
                    objects.append(json.loads(rest[start : start + size]))
                rest = rest[start + size :]
        return objects


class Company(Clients):
    """Clients with a desk's values of their own."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        super().__init__(lambda: 7, self.values)

    def put(self, values: dict[str, Value]) -> None:
        """Change the desk, and share it."""
        self.values |= values
        self.share(values)

    def come(self, pipe: Pipe, name: str) -> Client:
        """Open a link and say hello."""
        client = self.open(pipe)
        client.id = client.name = name
        self.join(client)
        return client


def crowd(*names: str) -> tuple[Company, dict[str, Pipe]]:
    clients, pipes = Company(), {name: Pipe() for name in names}
    for name, pipe in pipes.items():
        clients.come(pipe, name)
    return clients, pipes


def values_of(pipe: Pipe) -> list[dict[str, Any]]:
    return [frame["values"] for frame in pipe.texts() if frame["type"] == "changes"]


async def test_the_first_change_after_a_pause_leaves_at_once() -> None:
    clients, pipes = crowd("anne")
    clients.put({"a": 1.0})
    await asyncio.sleep(0)
    await until(lambda: values_of(pipes["anne"]) == [{"a": 1.0}], SHARE_SECONDS)


async def test_under_load_what_comes_within_a_moment_leaves_as_one_frame_of_newest_values() -> None:
    clients, pipes = crowd("anne", "bob")
    for step in range(500):
        clients.put({"a": float(step), "b": float(-step)})
    await until(lambda: values_of(pipes["bob"]))
    assert values_of(pipes["anne"]) == [{"a": 499.0, "b": -499.0}]
    assert pipes["anne"].frames[0] is pipes["bob"].frames[0], "one frame, built once"


async def test_a_slow_page_costs_one_entry_a_path_and_gets_the_newest_when_it_takes_again() -> None:
    clients, pipes = crowd("slow", "quick")
    pipes["slow"].waiting = 1
    for step in range(5):
        clients.put({"a": float(step)})
        await until(lambda step=step: {"a": float(step)} in values_of(pipes["quick"]))  # type: ignore[misc]
    assert values_of(pipes["slow"]) == []
    pipes["slow"].waiting = 0
    await until(lambda: values_of(pipes["slow"]))
    assert values_of(pipes["slow"]) == [{"a": 4.0}]


async def test_what_must_not_be_lost_waits_in_its_order_before_the_values() -> None:
    clients, pipes = crowd("slow")
    pipes["slow"].waiting = 1
    clients.put({"a": 1.0})
    clients.tell({"type": "message", "id": 1})
    clients.tell({"type": "message", "id": 2})
    await asyncio.sleep(2 * SHARE_SECONDS)
    pipes["slow"].waiting = 0
    await until(lambda: pipes["slow"].frames)
    told = [(frame["type"], frame.get("id")) for frame in pipes["slow"].texts()]
    assert told == [("message", 1), ("message", 2), ("changes", None)]


async def test_of_readings_that_wait_only_the_newest_is_sent() -> None:
    clients, pipes = crowd("slow")
    client = clients.get("slow")
    assert client
    pipes["slow"].waiting = 1
    for sequence in range(10):
        client.meter(wire.meters(sequence, b"\xd8"))
    clients.tell({"type": "message", "id": 1})
    pipes["slow"].waiting = 0
    await until(lambda: pipes["slow"].frames)
    assert pipes["slow"].frames[0].endswith(wire.meters(9, b"\xd8"))
    assert len(pipes["slow"].frames) == 1


async def test_a_crowd_that_comes_at_once_is_told_in_one_frame() -> None:
    clients, pipes = crowd(*(f"page{n}" for n in range(50)))
    await until(lambda: pipes["page0"].frames)
    assert [len(frame["people"]) for frame in pipes["page0"].texts()] == [50]
    assert len({person["color"] for person in clients.people()}) == 8


async def test_the_same_page_again_replaces_the_old_link_and_keeps_its_color() -> None:
    clients, _ = crowd("anne", "bob")
    former = clients.get("bob")
    again = clients.open(Pipe())
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
    clients, pipes = crowd("asleep", "awake")
    async with tended(clients, monkeypatch):
        while not pipes["asleep"].cut:
            pipes["awake"].heard = asyncio.get_running_loop().time()
            await asyncio.sleep(0)
    assert not pipes["awake"].cut
    assert ping_frame() in pipes["asleep"].frames


async def test_who_speaks_but_takes_nothing_is_dropped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    clients, pipes = crowd("deaf", "well")
    pipes["deaf"].waiting = 1
    clients.put({"a": 1.0})
    async with tended(clients, monkeypatch):
        while not pipes["deaf"].cut:
            for pipe in pipes.values():
                pipe.heard = asyncio.get_running_loop().time()
            await asyncio.sleep(0)
    assert not pipes["well"].cut


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
    clients, pipes = crowd("slow")
    client = clients.get("slow")
    assert client
    pipes["slow"].waiting = 1
    client.tell(wire.write({"type": "pong", "t": 1}))
    pipes["slow"].waiting = 0
    await until(lambda: [frame["type"] for frame in pipes["slow"].texts() if frame["type"] == "pong"])
    assert not client.behind


async def test_what_waits_is_read_in_its_turn_so_that_nothing_old_follows_a_layout() -> None:
    clients, pipes = crowd("slow")
    pipes["slow"].waiting = 1
    clients.put({"a": 0.1, "gone": 0.2})
    await asyncio.sleep(2 * SHARE_SECONDS)
    clients.values |= {"a": 0.9}
    del clients.values["gone"]
    clients.tell({"type": "layout"})
    pipes["slow"].waiting = 0
    await until(lambda: values_of(pipes["slow"]))
    assert values_of(pipes["slow"]) == [{"a": 0.9}]


async def test_a_frame_that_claims_a_revision_holds_all_that_belongs_to_it() -> None:
    clients, pipes = crowd("slow", "quick")
    client = clients.get("slow")
    assert client
    pipes["slow"].waiting = 1
    clients.put({"a": 0.1})
    await until(lambda: values_of(pipes["quick"]))
    clients.put({"b": 0.2})
    clients.put({"c": 0.3})
    pipes["slow"].waiting = 0
    await until(lambda: values_of(pipes["slow"]))
    assert {path for values in values_of(pipes["slow"])[:1] for path in values} >= {"a", "b"}


async def test_a_guest_who_reads_nothing_is_cut_off_before_it_costs_memory() -> None:
    clients, pipe = Company(), Pipe()
    guest = clients.open(pipe)
    pipe.waiting = 1
    for _ in range(100):
        guest.tell(wire.echo("x" * 60_000))
    assert pipe.cut

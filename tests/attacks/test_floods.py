"""One who does too much of what all have to hear is slowed down; the others feel nothing of it."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter

import pytest
from websockets.exceptions import ConnectionClosedError

from remote_mixer.app import App
from remote_mixer.hub.hub import BROADCAST_BURST, BROADCAST_RATE, SNAPSHOT_BURST, SNAPSHOT_RATE
from remote_mixer.people.requests import PACE_SECONDS
from tests.attacks.cast import OWN_SEND, device_of, messages_of
from tests.support.people import MIX, host
from tests.support.running import Hand, hand, joined
from tests.support.waiting import PATIENCE_SECONDS

TALKS, HELLOS = int(BROADCAST_BURST), int(SNAPSHOT_BURST)


class Refill:
    """Tokens that rate limits get back while a flood runs: on a busy machine it takes long, and more is let through.

    rate  tokens a second, the greatest of the limits here
    """

    def __init__(self, rate: float = max(BROADCAST_RATE, SNAPSHOT_RATE, 1 / PACE_SECONDS)) -> None:
        self._rate, self._began = rate, time.monotonic()

    @property
    def most(self) -> int:
        """The most that can have been refilled so far."""
        return math.ceil(self._rate * (time.monotonic() - self._began))


async def test_a_flood_of_messages_is_kept_as_far_as_a_person_talks_and_an_engineer_goes_on_mixing(app: App) -> None:
    before, refill = len(messages_of(app)), Refill()
    ann, eve = device_of(app, "musician"), device_of(app, "engineer")
    async with joined(app, "ann", ann.headers) as flooder, joined(app, "eve", eve.headers) as engineer:
        for number in range(100):
            await flooder.send(type="say", id=number, text=f"spam {number}")
        await engineer.send(type="set", id=1, values={"band/ch1/fader": 0.41})
        await engineer.until("ok", id=1)
        kinds = await answers(flooder, 100)
        await engineer.send(type="ping", t=1)  # to the end, or the link could not be closed
        await engineer.until("pong")
    assert kinds["error", "limit"] >= 100 - TALKS - refill.most
    assert len(messages_of(app)) - before <= TALKS + refill.most


async def answers(page: Hand, count: int) -> Counter[tuple[str, str]]:
    """Wait until so many messages have been shared or refused; return how often each came, with a refusal's code.

    Each is worked on beside the reading of frames: a pong after them may come before their answers.
    """
    kinds = Counter[tuple[str, str]]()
    while kinds.total() < count:
        frame = await page.next()
        if frame["type"] in {"message", "error"}:
            kinds[frame["type"], frame.get("code", "")] += 1
    return kinds


async def test_over_http_the_same_pace_holds_and_is_told_as_429(app: App) -> None:
    ann, refill = device_of(app, "musician"), Refill()
    statuses = Counter(ann.call("POST", "/messages", {"text": f"spam {number}"}).status for number in range(60))
    assert set(statuses) == {201, 429}
    assert TALKS <= statuses[201] <= TALKS + refill.most
    assert host(app).call("POST", "/messages", {"text": "the host goes on"}).status == 201


async def test_a_flood_of_requests_leaves_few_open_and_is_told_as_429(app: App) -> None:
    host(app).call("PUT", "/policy", {"grants": {MIX: {"musician": {"sends": "ask", "fader": "ask", "mute": "move"}}}})
    try:
        ann, refill = device_of(app, "musician"), Refill()
        statuses = Counter(ann.call("POST", "/requests", {"path": OWN_SEND, "want": "more"}).status for _ in range(30))
        open_ones = [one for one in host(app).call("GET", "/requests").json["requests"] if one["path"] == OWN_SEND]
    finally:
        host(app).call("PUT", "/policy", {})
    assert statuses[429] >= 30 - 1 - refill.most
    assert set(statuses) <= {201, 429}
    assert len(open_ones) == 1


async def test_a_flood_of_hellos_gets_few_welcomes(app: App) -> None:
    ann, refill = device_of(app, "guest"), Refill()
    async with joined(app, "ann", ann.headers) as flooder:
        for _ in range(100):
            await flooder.send(type="hello", protocol=1, client="ann", name="Ann")
        await flooder.send(type="ping", t=1)
        await flooder.until("pong")
        kinds = Counter(frame["type"] for frame in flooder.heard if isinstance(frame, dict))
    assert kinds["welcome"] <= HELLOS + refill.most


async def flooding(page: Hand) -> None:
    for _ in range(5000):
        await page.link.send('{"type":"ping","t":1}')


async def listening(page: Hand) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await page.next()


@pytest.mark.parametrize("role", ["stranger", "guest"])
async def test_a_flood_of_frames_ends_its_own_link_and_no_other(app: App, role: str) -> None:
    async with joined(app, "eve", device_of(app, "engineer").headers) as engineer:
        async with hand(app, "mallory", device_of(app, role).headers) as flooder:
            with pytest.raises(ConnectionClosedError) as end:
                await asyncio.gather(flooding(flooder), listening(flooder))
        assert end.value.rcvd
        assert end.value.rcvd.code == 1008
        await engineer.send(type="ping", t=2)
        await engineer.until("pong", t=2)


async def test_the_refusal_of_a_ceiling_is_no_fault_of_the_servers(app: App) -> None:
    host(app).call("PUT", "/policy", {"ceilings": {MIX: {"send_db": 0, "bus_db": 0}}})
    try:
        refused = device_of(app, "musician").call("PUT", f"/params/{OWN_SEND}", {"value": 0.9})
    finally:
        host(app).call("PUT", "/policy", {})
    assert (refused.status, refused.json["code"]) == (422, "limit")

"""Strangers hold every connection they get; who is in stays in, and who comes gets in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from remote_mixer.app import App
from remote_mixer.command.log_pace import LogPace
from remote_mixer.web.http_patches import BODY_SECONDS
from remote_mixer.web.server import HEAD_SECONDS
from tests.attacks.cast import device_of
from tests.support.innocent import come_in, open_link
from tests.support.people import MIX, host
from tests.support.running import joined
from tests.support.siege import JOIN, MANNERS, TRICKLE_SECONDS, Siege, besieged
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.web.far_page import dialled

ADDRESSES = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"]
MANY_ADDRESSES = [f"127.0.1.{number}" for number in range(1, 151)]
SOCKETS = 600
NEWCOMERS = ["127.0.0.9", "127.0.0.10", "127.0.0.11"]
MOST_SECONDS = max(HEAD_SECONDS, BODY_SECONDS) + 4.0
"""For a connection that owes a request, on a busy machine; far less than trickling can last."""


@pytest_asyncio.fixture
async def siege(app: App) -> AsyncIterator[Siege]:
    async with besieged(app.port, ADDRESSES, SOCKETS, 1) as besiegers:
        await until(lambda: besiegers.cut > SOCKETS / 2)
        yield besiegers


async def test_during_a_siege_from_few_addresses_each_of_many_newcomers_comes_in(app: App, siege: Siege) -> None:
    made = host(app).call("POST", "/invitations", {"role": "musician", "mix": MIX, "kind": "day"}).json
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(come_in(app.port, address, {"invitation": made["token"]}) for address in NEWCOMERS))
    assert siege.cut


async def test_during_a_siege_from_many_addresses_newcomers_come_in_and_who_is_in_moves_on(app: App) -> None:
    """At each address are no more connections than a browser opens."""
    pin = host(app).call("GET", "/pin").json["pin"]
    async with (
        joined(app, "eve", device_of(app, "engineer").headers) as engineer,
        besieged(app.port, MANY_ADDRESSES, SOCKETS, 7) as besiegers,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        await until(lambda: besiegers.cut > SOCKETS)
        await asyncio.gather(*(come_in(app.port, address, {"pin": pin}) for address in NEWCOMERS))
        await engineer.send(type="set", id=1, values={"band/ch1/fader": 0.37})
        await engineer.until("ok", id=1)


async def test_who_was_in_before_a_siege_stays_in_and_moves_on(app: App) -> None:
    async with (
        joined(app, "eve", device_of(app, "engineer").headers) as engineer,
        besieged(app.port, ["127.0.0.1", *ADDRESSES], SOCKETS, 3) as besiegers,
    ):
        await until(lambda: besiegers.cut > SOCKETS)
        await engineer.send(type="set", id=1, values={"band/ch1/fader": 0.37})
        await engineer.until("ok", id=1)


async def test_an_address_shared_with_besiegers_still_lets_in_who_has_a_cookie(app: App) -> None:
    """Others of an address may be cut in between; who tries again gets in."""
    cookie = device_of(app, "engineer").headers["Cookie"]
    async with besieged(app.port, ADDRESSES, 150, 5) as besiegers, asyncio.timeout(PATIENCE_SECONDS):
        await until(lambda: besiegers.cut > 150)
        while not await _got_in(app, ADDRESSES[0], cookie):
            pass


async def _got_in(app: App, address: str, cookie: str) -> bool:
    try:
        await open_link(app.port, address, f" {cookie}")
    except (OSError, EOFError):
        return False
    return True


OWING = MANNERS.keys() - {"a link that says nothing", "one request after the other"}


async def test_who_owes_a_whole_request_is_cut_after_three_seconds_whatever_comes(app: App) -> None:
    took = await asyncio.gather(*(_seconds_until_cut(app, *MANNERS[manner]) for manner in sorted(OWING)))
    late = {manner: seconds for manner, seconds in zip(sorted(OWING), took, strict=True) if seconds > MOST_SECONDS}
    assert late == {}


async def _seconds_until_cut(app: App, first: bytes, more: bytes) -> float:
    begin = time.monotonic()
    with suppress(ConnectionError):
        async with dialled(app.port) as page:
            page.writer.write(first)
            while not page.reader.at_eof() and time.monotonic() - begin < PATIENCE_SECONDS:
                with suppress(TimeoutError):
                    async with asyncio.timeout(TRICKLE_SECONDS):
                        await page.reader.read(65536)
                page.writer.write(more)
    return time.monotonic() - begin


async def test_a_body_that_keeps_coming_has_time_by_its_size(app: App) -> None:
    heads = await asyncio.gather(*(_slow_body(app, size) for size in (200_000, 600_000, 1_000_000)))
    assert [head.split(" ")[1] for head in heads] == ["400"] * 3


async def _slow_body(app: App, size: int) -> str:
    async with dialled(app.port) as page:
        await page.send(JOIN + f"Content-Length: {size}\r\n\r\n".encode())
        for _ in range(10):
            await page.send(b" " * (size // 10))
            await asyncio.sleep(0.35)  # together longer than a small body has
        return await page.answer()


async def test_a_flood_writes_no_line_for_each_connection(app: App, caplog: pytest.LogCaptureFixture) -> None:
    began = time.monotonic()
    with caplog.filtering(LogPace()):  # as the program's log has it: a line a second for a cause
        async with besieged(app.port, ADDRESSES, SOCKETS, 11) as besiegers:
            await until(lambda: besiegers.cut > 2 * SOCKETS)
    lines = [record for record in caplog.records if record.threadName == "server"]
    assert [line for line in lines if line.levelname in {"ERROR", "CRITICAL"}] == []
    assert len(lines) < 20 + time.monotonic() - began

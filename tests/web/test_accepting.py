"""Accepting goes on where the system has few file descriptors, and tells no story of each refused connection."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypercorn.typing import LifespanState
from hypercorn.utils import wrap_app
from quart import Quart

from remote_mixer.web.accepting import PAUSE_SECONDS, Acceptor
from remote_mixer.web.connections import Settings
from remote_mixer.web.places import Place, Places
from remote_mixer.web.server import listen
from tests.support.siege import besieged
from tests.support.waiting import until, until_answered
from tests.web.far_page import FarPage, dialled, opened
from tests.web.serving import Program, Served, program, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ulimit is of Unix")

ADDRESSES = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
INNOCENT = "127.0.0.9"


async def answered(started: Program) -> bool:
    """Whether a page gets its answer."""
    try:
        async with dialled(started.port) as page:
            await page.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            return " 200 " in await page.answer()
    except (OSError, EOFError, TimeoutError):
        return False


@pytest.mark.parametrize("files", [64, 256, 1024])
async def test_with_any_limit_of_open_files_a_siege_stops_neither_the_pages_nor_fills_the_log(
    files: int, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("w") as out:
        async with program(files, out.fileno()) as started, besieged(started.port, ADDRESSES, 400, files) as siege:
            await until(lambda: siege.cut > 400)
            begin = asyncio.get_running_loop().time()
            await until_answered(lambda: answered(started))
            took = asyncio.get_running_loop().time() - begin
    lines = log.read_text().splitlines()
    assert "Traceback" not in log.read_text()
    assert len(lines) < 100 + took / PAUSE_SECONDS


class Crowd(Places):
    """Places of which one address gets none; the other's first connection is noted."""

    def __init__(self) -> None:
        super().__init__(time.monotonic, files=1024)
        self.innocent = asyncio.Event()

    def take(self, network: str) -> Place | None:
        if network == INNOCENT:
            self.innocent.set()
        return None


async def test_a_newcomer_does_not_wait_behind_a_crowd_that_is_refused() -> None:
    places, turns = Crowd(), 0
    with ExitStack() as held:
        listening = held.enter_context(listen("127.0.0.1", 0))
        address = listening.getsockname()
        for here in [*ADDRESSES * 100, INNOCENT]:
            held.enter_context(socket.create_connection(address, source_address=(here, 0)))
        acceptor = Acceptor(wrap_app(Quart("crowd"), 0, "asgi"), Settings([listening], places), LifespanState())
        stop = asyncio.Event()
        accepting = asyncio.create_task(acceptor.run(stop))
        while not places.innocent.is_set():
            turns += 1
            await asyncio.sleep(0)
        stop.set()
        await accepting
    assert turns < 10, "of the loop, in each of which all that is served has its turn too"


class Noted(socket.socket):
    """Listening socket that keeps what it accepts, so that nothing but the server closes it."""

    accepted: list[socket.socket]

    @classmethod
    def begin(cls) -> Noted:
        noted = cls()
        noted.bind(("127.0.0.1", 0))
        noted.listen()
        noted.setblocking(False)
        noted.accepted = []
        return noted

    def accept(self) -> tuple[socket.socket, Any]:
        sock, peer = super().accept()
        self.accepted.append(sock)
        return sock, peer

    @property
    def left_open(self) -> int:
        return sum(sock.fileno() != -1 for sock in self.accepted)


@contextmanager
def accepting(files: int = 1024) -> Iterator[tuple[Noted, Acceptor]]:
    """Yield a listening socket with an acceptor that does not run yet."""
    with Noted.begin() as listening:
        settings = Settings([listening], Places(time.monotonic, files))
        yield listening, Acceptor(wrap_app(Quart("accepting"), 0, "asgi"), settings, LifespanState())


async def pass_turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.mark.parametrize("turns", range(8))
async def test_what_is_accepted_in_any_turn_of_the_loop_beside_the_stop_is_closed(turns: int) -> None:
    stop = asyncio.Event()
    with accepting() as (listening, acceptor), socket.socket() as phone:
        running = asyncio.create_task(acceptor.run(stop))
        await pass_turns(8)  # then the acceptor waits for somebody
        phone.connect(listening.getsockname())
        await pass_turns(turns)
        stop.set()
        await running
        await acceptor.end(0)
        await until(lambda: not listening.left_open)


async def test_a_connection_that_is_cut_before_anything_of_it_was_served_is_closed() -> None:
    """With few open files more come in one turn of the loop than there are places for strangers."""
    stop = asyncio.Event()
    with accepting(files=16) as (listening, acceptor), ExitStack() as held:
        for number in range(10):
            here = (f"127.0.0.{number + 2}", 0)
            held.enter_context(socket.create_connection(listening.getsockname(), source_address=here))
        running = asyncio.create_task(acceptor.run(stop))
        await until(lambda: len(listening.accepted) == 10)
        stop.set()
        await running
        await acceptor.end(0)
        await until(lambda: not listening.left_open)


async def test_a_page_that_is_served_when_the_connection_is_cut_ends_its_handler() -> None:
    async with serving(Served()) as served:
        before = len(asyncio.all_tasks())
        pages: list[FarPage] = []
        async with opened(served.port) as page:
            pages.append(page)
            await until(lambda: served.pipes)
            served.pipes[0].abort()
            await page.end()
        await until(lambda: served.ended and len(asyncio.all_tasks()) <= before)


@pytest.mark.parametrize("fault", [TimeoutError("SSL shutdown timed out"), ssl.SSLError("application data after")])
async def test_a_peer_that_does_not_end_its_tls_properly_is_no_fault_of_the_server(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def wait_closed(_: asyncio.StreamWriter) -> None:
        closed.append(True)
        raise fault

    closed: list[bool] = []
    async with serving(Served()) as served:
        async with dialled(served.port) as page:
            monkeypatch.setattr(asyncio.StreamWriter, "wait_closed", wait_closed)
            await page.send(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            await page.answer()
            await until(lambda: len(closed) == 2)  # Hypercorn closes at the answer, and once more at the end
        monkeypatch.undo()
    assert "fault of the server" not in caplog.text


async def test_connections_that_agree_on_no_tls_take_little_memory() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # without a certificate: it does not come to that
    async with serving(Served(), context) as served:
        tracemalloc.start()
        before, tasks = tracemalloc.get_traced_memory()[0], len(asyncio.all_tasks())
        silent = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(20)]
        await until(lambda: len(asyncio.all_tasks()) >= tasks + len(silent))
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        for _, writer in silent:
            writer.transport.abort()
    assert grown / len(silent) < 100_000

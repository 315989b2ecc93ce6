"""Server: starts at once, names the error if it cannot, and ends within a second with clients connected."""

import asyncio
import errno
import socket
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from hypercorn.utils import LifespanFailureError
from quart import Quart

from remote_mixer.web import server as module
from remote_mixer.web.pipe import binary_frame
from remote_mixer.web.server import Server, listen
from tests.support.waiting import until
from tests.web.far_page import dial, dialled, opened
from tests.web.serving import Served, echo_app, serving

STOP_SECONDS = 1.0


@asynccontextmanager
async def in_a_thread(served: Served) -> AsyncIterator[Server]:
    """Echo app behind a `Server`."""
    sock = listen("127.0.0.1", 0)
    served.port = sock.getsockname()[1]
    server = Server(echo_app(served), [sock], served.closing)
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.stop)


async def seconds_to_stop(server: Server) -> float:
    start = time.monotonic()
    await asyncio.to_thread(server.stop)
    assert not server.alive
    return time.monotonic() - start


def fetch(port: int) -> tuple[bytes, list[str]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        return answer.read(), [name.lower() for name in answer.headers]


# Start


async def test_when_start_returns_a_page_is_served_and_the_server_does_not_name_itself() -> None:
    served = Served()
    async with in_a_thread(served) as server:
        body, headers = await asyncio.to_thread(fetch, served.port)
        assert server.alive
        assert server.loop.is_running()
    assert body == b"hello"
    assert "server" not in headers


@pytest.mark.parametrize("host", ["::", "0.0.0.0", ""])
def test_a_server_on_every_interface_answers_at_the_addresses_that_are_printed(host: str) -> None:
    with listen(host, 0) as sock, socket.create_connection(("127.0.0.1", sock.getsockname()[1]), timeout=5):
        pass
    if sock.family == socket.AF_INET6:
        with listen(host, 0) as sock:
            assert not sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)


class NoIPv6(socket.socket):
    """Socket of a computer that was started without IPv6."""

    def __init__(self, family: int = -1, *more: int, **named: Any) -> None:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        super().__init__(family, *more, **named)


class IPv6Off(socket.socket):
    """Socket of a computer on which IPv6 was switched off."""

    def bind(self, address: Any) -> None:
        """Bind, but to no address of IPv6."""
        if self.family == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
        super().bind(address)


HERE = [
    (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
    (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
]


@pytest.mark.parametrize("kind", [NoIPv6, IPv6Off])
@pytest.mark.parametrize("host", ["::", "localhost"])
def test_where_ipv6_is_switched_off_it_listens_on_ipv4_alone(
    monkeypatch: pytest.MonkeyPatch, kind: type[socket.socket], host: str
) -> None:
    with monkeypatch.context() as off:
        if host == "localhost":
            off.setattr(socket, "getaddrinfo", lambda *_, **__: HERE)
        off.setattr(socket, "socket", kind)
        listening = listen(host, 0)
    with listening, socket.create_connection(("127.0.0.1", listening.getsockname()[1]), timeout=5):
        assert listening.getsockname()[0] == ("0.0.0.0" if host == "::" else "127.0.0.1")


def test_a_name_whose_first_address_is_in_use_gets_no_other_server_at_its_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.0.0.1", "127.0.0.2")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
        with pytest.raises(OSError, match="in use"):
            listen("localhost", port)


@pytest.mark.parametrize("host", ["mixer..lan", "..", f"{'x' * 64}.lan"])
def test_a_host_that_is_no_name_is_said(host: str) -> None:
    with pytest.raises(OSError, match="no name of a computer"):
        listen(host, 0)


def test_a_port_in_use_is_said_at_once() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use") as caught:
        listen("127.0.0.1", first.getsockname()[1])
    assert caught.value.errno == errno.EADDRINUSE


def test_a_host_that_is_nobodys_is_said_at_once() -> None:
    with pytest.raises(OSError, match=r".+"):
        listen("192.0.2.1", 0)  # an address reserved for documentation


async def test_the_same_port_can_be_had_again_after_a_stop() -> None:
    served = Served()
    async with in_a_thread(served), opened(served.port) as page:
        await page.say("first")
        await page.frame()
    with listen("127.0.0.1", served.port):
        pass


async def test_an_app_that_cannot_start_is_raised_by_start() -> None:
    app = Quart(__name__)

    @app.before_serving
    async def fail() -> None:
        raise ValueError("no such console")

    server = Server(app, [listen("127.0.0.1", 0)], Served().closing)
    with pytest.raises(LifespanFailureError, match="no such console"):
        await asyncio.to_thread(server.start)
    await until(lambda: not server.alive)


async def test_waiting_for_the_end_is_waiting_for_the_stop() -> None:
    async with in_a_thread(Served()) as server:
        assert not server.wait(0.01)
        await asyncio.to_thread(server.stop)
        assert server.wait()


# Stop, with every kind of guest


@asynccontextmanager
async def nobody(served: Served) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def a_page_that_answers(served: Served) -> AsyncIterator[None]:
    async with opened(served.port) as page:
        goodbye = asyncio.create_task(page.close_code())
        await until(lambda: served.pipes)
        yield
        assert await goodbye == 1001


@asynccontextmanager
async def a_page_that_has_fallen_asleep(served: Served) -> AsyncIterator[None]:
    async with opened(served.port):
        await until(lambda: served.pipes)
        yield


@asynccontextmanager
async def a_page_that_does_not_read(served: Served) -> AsyncIterator[None]:
    async with opened(served.port) as page:
        await until(lambda: served.pipes)
        for _ in range(100):
            await page.say("x" * 60_000)
        await until(lambda: served.pipes[0].waiting > 100_000)
        yield


@asynccontextmanager
async def a_handler_that_does_not_read(served: Served) -> AsyncIterator[None]:
    async with opened(served.port, "/idle") as page:
        for _ in range(30):
            await page.say("x" * 60_000)
        yield


@asynccontextmanager
async def a_bare_connection(served: Served) -> AsyncIterator[None]:
    async with dialled(served.port):
        yield


@asynccontextmanager
async def half_a_request(served: Served) -> AsyncIterator[None]:
    async with dialled(served.port) as page:
        await page.send(b"GET / HTTP/1.1\r\nHost: x\r\n")
        yield


@asynccontextmanager
async def an_idle_browser(served: Served) -> AsyncIterator[None]:
    async with dialled(served.port) as page:
        await page.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert " 200 " in await page.answer()
        yield


GUESTS: list[Callable[[Served], AbstractAsyncContextManager[None]]] = [
    nobody,
    a_page_that_answers,
    a_page_that_has_fallen_asleep,
    a_page_that_does_not_read,
    a_handler_that_does_not_read,
    a_bare_connection,
    half_a_request,
    an_idle_browser,
]


@pytest.mark.parametrize("guest", GUESTS)
async def test_a_stop_ends_within_a_second_with(
    guest: Callable[[Served], AbstractAsyncContextManager[None]], caplog: pytest.LogCaptureFixture
) -> None:
    served = Served()
    async with in_a_thread(served) as server, guest(served):
        assert await seconds_to_stop(server) < STOP_SECONDS
    assert [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}] == []


async def test_thirty_pages_are_all_told_before_the_stop() -> None:
    served = Served()
    async with in_a_thread(served) as server:
        pages = [opened(served.port) for _ in range(30)]
        there = [await page.__aenter__() for page in pages]
        goodbyes = [asyncio.create_task(page.close_code()) for page in there]
        await until(lambda: len(served.pipes) == 30)
        assert await seconds_to_stop(server) < STOP_SECONDS
        assert set(await asyncio.gather(*goodbyes)) == {1001}
        for page in there:
            page.cut()


async def test_a_goodbye_that_takes_too_long_is_not_waited_for() -> None:
    async def closing() -> None:
        await asyncio.sleep(60)

    server = Server(Quart(__name__), [listen("127.0.0.1", 0)], closing)
    await asyncio.to_thread(server.start)
    assert await seconds_to_stop(server) < STOP_SECONDS


async def test_a_goodbye_that_fails_is_kept_as_the_failure_and_ends_the_server_all_the_same() -> None:
    async def closing() -> None:
        raise ValueError("no goodbye")

    server = Server(Quart(__name__), [listen("127.0.0.1", 0)], closing)
    await asyncio.to_thread(server.start)
    assert await seconds_to_stop(server) < STOP_SECONDS
    assert server.wait()
    assert isinstance(server.failure, ValueError)


async def test_who_comes_during_the_goodbye_is_sent_away() -> None:
    served, ends = Served(), []

    async def closing() -> None:
        page = await dial(served.port)
        ends.append(await page.end())
        page.cut()

    sock = listen("127.0.0.1", 0)
    served.port = sock.getsockname()[1]
    server = Server(echo_app(served), [sock], closing)
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.stop)
    assert ends == [b""]


async def test_stopping_twice_from_several_threads_is_stopping() -> None:
    async with in_a_thread(Served()) as server:
        server.loop.call_soon_threadsafe(server.stop)  # from its own thread it must not wait for itself
        threads = [threading.Thread(target=server.stop) for _ in range(4)]
        for thread in threads:
            thread.start()
        await until(lambda: not server.alive)
        for thread in threads:
            thread.join()
    server.stop()


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    with listen("127.0.0.1", 0) as sock:
        server = Server(Quart(__name__), [sock], Served().closing)
        server.stop()
        with pytest.raises(RuntimeError, match="not been started"):
            _ = server.loop


async def test_it_serves_in_the_callers_loop_just_as_well() -> None:
    start = 0.0
    async with serving(Served()) as served, opened(served.port) as page:
        await page.say("headless")
        assert (await page.frame())[1] == b"Server received: headless"
        served.pipes[0].write(binary_frame(bytes(3_000_000)))  # and it does not read on
        start = time.monotonic()
        served.stop.set()
        await page.frame()
        await page.end()
    assert time.monotonic() - start < STOP_SECONDS


async def test_the_server_ends_when_its_loop_is_ended_from_outside() -> None:
    served = Served()
    sock = listen("127.0.0.1", 0)
    task = asyncio.create_task(module.serve(echo_app(served), [sock], served.stop, served.closing))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sock.fileno() == -1

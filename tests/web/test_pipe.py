"""Pipe: writes whole frames past the ASGI layers, without waiting."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import websockets
from hypercorn.typing import WebsocketScope

from remote_mixer.web.pipe import Pipe, binary_frame, ping_frame, pipe_of, text_frame
from tests.support.waiting import until
from tests.web.far_page import CLOSE, PING, PONG, TEXT, frame, opened
from tests.web.serving import Served, serving

KERNEL_BYTES = 2_000_000  # what a page that does not read may leave with the kernel, its own side included


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Served]:
    async with serving(Served()) as served:
        yield served


async def pipe_to(server: Served) -> Pipe:
    await until(lambda: server.pipes)
    return server.pipes[-1]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 1_000_000])
async def test_frames_of_every_length_arrive_whole(server: Served, size: int) -> None:
    async with websockets.connect(f"ws://127.0.0.1:{server.port}/ws") as page:
        pipe = await pipe_to(server)
        pipe.write(text_frame("x" * size) + binary_frame(b"y" * size))
        assert await page.recv() == "x" * size
        assert await page.recv() == b"y" * size


async def test_nothing_is_written_before_the_handshake_or_after_the_close(server: Served) -> None:
    async with opened(server.port) as page:  # the handler has tried to write before it accepted
        pipe = await pipe_to(server)
        pipe.close(1001, "enough")
        pipe.write(text_frame("after"))
        pipe.close(1000)
        assert await page.frame() == (CLOSE, (1001).to_bytes(2, "big") + b"enough")
        await page.send(frame((1001).to_bytes(2, "big"), CLOSE))
        assert await page.end() == b""


async def test_nothing_is_written_after_the_page_has_closed(server: Served) -> None:
    async with opened(server.port) as page:
        pipe = await pipe_to(server)
        await page.send(frame((1000).to_bytes(2, "big"), CLOSE))
        assert await page.close_code() == 1000
        pipe.write(text_frame("after"))
        assert not pipe.open
        assert await page.end() == b""


async def test_our_frames_and_hypercorns_answers_take_turns(server: Served) -> None:
    async with opened(server.port) as page:
        pipe = await pipe_to(server)
        for number in range(40):
            pipe.write(text_frame(f"{number}" * 5000))
            await page.send(frame(b"%d" % number, PING))
        frames = [await page.frame() for _ in range(80)]
    assert [payload for opcode, payload in frames if opcode == PONG] == [b"%d" % n for n in range(40)]
    assert [payload for opcode, payload in frames if opcode == TEXT] == [b"%d" % n * 5000 for n in range(40)]


async def test_a_page_that_stops_reading_shows_at_once_in_what_waits(server: Served) -> None:
    block = binary_frame(bytes(10_000))
    async with opened(server.port) as page:
        pipe, written = await pipe_to(server), 0
        while not pipe.waiting:
            pipe.write(block)
            written += len(block)
            await asyncio.sleep(0)
        assert written < KERNEL_BYTES
        while pipe.waiting:
            await page.frame()


async def test_a_page_that_stops_reading_is_still_heard_and_can_be_cut(server: Served) -> None:
    async with opened(server.port) as page:
        pipe = await pipe_to(server)
        pipe.write(binary_frame(bytes(5_000_000)))
        await page.say("I do not read")
        await until(lambda: pipe.waiting > 1_000_000)
        pipe.abort()
        await until(lambda: server.ended)
        assert not pipe.open


async def test_a_pong_shows_that_the_page_is_there(server: Served) -> None:
    async with opened(server.port) as page:
        pipe = await pipe_to(server)
        before = pipe.last_received
        pipe.write(ping_frame(b"there?"))
        assert await page.frame() == (PING, b"there?")
        await page.send(frame(b"there?", PONG))
        await until(lambda: pipe.last_received > before)


def test_a_scope_from_elsewhere_has_no_pipe() -> None:
    scope: WebsocketScope = {"type": "websocket", "path": "/ws"}  # type: ignore[typeddict-item] # of another server
    with pytest.raises(RuntimeError, match="hypercorn_patches"):
        pipe_of(scope)

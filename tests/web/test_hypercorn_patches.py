"""Each patch of the server libraries holds, on a real server with a harmful peer."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib.metadata import version

import pytest
import pytest_asyncio
import websockets
from hypercorn.protocol.h11 import H11Protocol
from quart import Quart
from wsproto.events import Event

from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.web import hypercorn_patches, pipe, websocket_patches
from tests.support.waiting import until
from tests.web.far_page import (
    BINARY,
    CLOSE,
    HANDSHAKE,
    PING,
    PONG,
    TEXT,
    FarPage,
    dialled,
    frame,
    header,
    noise,
    opened,
)
from tests.web.serving import Program, Served, program, serving

MESSAGE = websocket_patches.MESSAGE_BYTES
FLAT_MEGABYTES = 8  # what a process may grow and still be called flat


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Served]:
    async with serving(Served()) as served:
        yield served


@pytest_asyncio.fixture
async def other_process() -> AsyncIterator[Program]:
    async with program() as started:
        async with opened(started.port) as page:  # so that everything is loaded before it is weighed
            await page.say("warm")
            await page.frame()
        yield started


async def stream(page: FarPage, chunk: bytes, times: int) -> None:
    """Send a frame so many times, or until the server cuts the connection."""
    with suppress(ConnectionError):
        for _ in range(times):
            page.writer.write(chunk)
            await page.writer.drain()


def test_the_libraries_are_those_whose_insides_we_know() -> None:
    assert version("hypercorn").startswith("0.18.")
    assert version("quart").startswith(("0.22.", "0.23."))
    assert version("wsproto").startswith("1.")


def test_changed_insides_are_named_before_anything_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(H11Protocol, "_check_protocol")
    with pytest.raises(RuntimeError, match="_check_protocol"):
        hypercorn_patches.patch(Quart(__name__))


# One message


async def test_a_message_of_64_kib_passes_and_one_byte_more_is_1009(server: Served) -> None:
    async with opened(server.port) as page:
        await page.send(frame(b"x" * MESSAGE))
        assert len((await page.frame())[1]) == MESSAGE + len("Server received: ")
        await page.send(frame(b"x" * (MESSAGE + 1)))
        assert await page.close_code() == 1009


async def test_a_message_is_measured_in_bytes_and_over_all_its_fragments(server: Served) -> None:
    half = "é".encode() * (MESSAGE // 4)
    async with opened(server.port) as page:
        await page.send(frame(half, final=False) + frame(half, 0))
        assert (await page.frame())[0] == TEXT
        await page.send(frame(half, final=False) + frame(half, 0, final=False) + frame("é".encode(), 0))
        assert await page.close_code() == 1009


async def test_after_1009_the_handler_is_told_at_once_and_the_peer_is_cut_soon(server: Served) -> None:
    async with opened(server.port) as page:
        await page.send(header(10**9) + b"x" * 2 * MESSAGE)
        assert await page.close_code() == 1009
        await until(lambda: server.ended, 1)
        await page.end(pipe.CLOSE_SECONDS + 1)


async def test_a_frame_of_300_mb_fills_no_memory(other_process: Program) -> None:
    before = other_process.megabytes
    async with opened(other_process.port) as page:
        await page.send(header(300_000_000))
        await stream(page, b"x" * 1_000_000, 300)
        with suppress(ConnectionError):  # the reset of what is still on its way may overtake the answer
            assert await page.close_code() == 1009
            await page.end(pipe.CLOSE_SECONDS + 1)
    assert other_process.megabytes - before < FLAT_MEGABYTES


@pytest.mark.parametrize("length", ["Content-Length: 300000000", "Transfer-Encoding: chunked"])
async def test_a_request_of_300_mb_fills_no_memory(other_process: Program, length: str) -> None:
    before = other_process.megabytes
    async with dialled(other_process.port) as page:
        await page.send(f"POST /body HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode())
        await stream(page, b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n", 300)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            assert " 413 " in await page.answer()
    assert other_process.megabytes - before < FLAT_MEGABYTES


async def test_compression_is_never_agreed_so_no_bomb_unfolds(server: Served) -> None:
    async with websockets.connect(f"ws://127.0.0.1:{server.port}/ws", compression="deflate") as page:
        assert page.response
        assert "Sec-WebSocket-Extensions" not in page.response.headers
        await page.send("x" * 1000)
        assert await page.recv() == "Server received: " + "x" * 1000
    async with opened(server.port, more="Sec-WebSocket-Extensions: permessage-deflate\r\n") as other:
        await other.send(frame(b"bomb", TEXT | 0x40))  # the bit of a compressed message
        assert await other.close_code() == 1002


BROKEN = {
    "noise": (b"\xff" * 100, 1002),
    "no mask": (b"\x81\x02hi", 1002),
    "an unknown opcode": (frame(b"x", 3), 1002),
    "a reserved bit": (frame(b"x", TEXT | 0x20), 1002),
    "a rest without a beginning": (frame(b"x", 0), 1002),
    "a beginning in a message": (frame(b"x", TEXT, final=False) + frame(b"x", TEXT), 1002),
    "a ping in fragments": (frame(b"x", PING, final=False), 1002),
    "a long ping": (frame(b"x" * 126, PING), 1002),
    "a length in more bytes than it needs": (b"\x81\xfe\x00\x01" + bytes(5), 1002),
    "a close of one byte": (frame(b"x", CLOSE), 1002),
    "a close with a code that nobody sends": (frame((1006).to_bytes(2, "big"), CLOSE), 1002),
    "a text that is no UTF-8": (frame(b"caf\xe9"), 1007),
    "a text that ends inside a character": (frame(b"caf\xc3"), 1007),
    "a half character of UTF-16": (frame(b"\xed\xa0\x80"), 1007),
    "a close whose reason is no UTF-8": (frame((1000).to_bytes(2, "big") + b"\xff", CLOSE), 1007),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_frame_ends_the_link_with_the_code_that_says_so(server: Served, kind: str) -> None:
    broken, code = BROKEN[kind]
    async with opened(server.port) as page:
        await page.send(broken + frame(b"more") * 10)
        assert await page.close_code() == code
        await until(lambda: server.ended, 1)
        await page.end(pipe.CLOSE_SECONDS + 1)


# Floods


async def test_a_flood_into_a_handler_that_does_not_read_is_held_up_at_the_sender(other_process: Program) -> None:
    before = other_process.megabytes
    async with opened(other_process.port, "/idle") as page:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await stream(page, frame(noise(50_000), BINARY) * 20, 200)
    assert other_process.megabytes - before < FLAT_MEGABYTES


@pytest.mark.parametrize("path", ["/", "/body", "/nowhere"])
async def test_an_answer_before_the_end_of_a_great_body_leaves_nothing_running(server: Served, path: str) -> None:
    before = len(asyncio.all_tasks())
    async with dialled(server.port) as page:
        await page.send(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 300000000\r\n\r\n".encode())
        await stream(page, b"x" * 1_000_000, 20)
    await until(lambda: len(asyncio.all_tasks()) == before)


async def test_a_handler_that_ends_in_a_flood_takes_its_connection_with_it(server: Served) -> None:
    before = len(asyncio.all_tasks())
    async with opened(server.port, "/late") as page:
        page.writer.write(frame(b"x" * 100) * 10_000)
        await page.end(pipe.CLOSE_SECONDS + 2)
    await until(lambda: len(asyncio.all_tasks()) == before)


WORDLESS = {
    "pings": frame(b"!", PING),
    "pongs": frame(b"", PONG),
    "empty fragments": frame(b"", 0, final=False),
}


@pytest.mark.parametrize("kind", WORDLESS)
async def test_a_flood_of_frames_that_say_nothing_is_1008_unread(
    server: Served, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, take = Counter[str](), RateLimit.take
    monkeypatch.setattr(RateLimit, "take", lambda limit, key="": taken.update([key]) or take(limit, key))
    async with opened(server.port) as page:
        await page.send(frame(b"there?", PING))
        assert await page.frame() == (PONG, b"there?")
        await page.send(frame(b"", TEXT, final=False) + WORDLESS[kind] * 10_000)
        assert await page.close_code() == 1008
        await until(lambda: server.ended, 1)
    assert taken.total() < 200


async def test_what_a_flood_sent_before_its_link_was_closed_is_left_unread(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, says_something = Counter[bool](), websocket_patches._says_something

    def count(event: Event) -> bool:
        read.update([True])
        return says_something(event)

    monkeypatch.setattr(websocket_patches, "_says_something", count)
    async with opened(server.port, "/late") as page:
        page.writer.write(frame(b"x") * 10_000)
        await page.end(pipe.CLOSE_SECONDS + 2)
    assert read.total() < 1000


async def test_5000_connects_and_cuts_leave_no_memory_behind(other_process: Program) -> None:
    async def visit(number: int) -> None:
        if number % 2:
            async with dialled(other_process.port) as page:
                await page.send(HANDSHAKE.format(path="/ws", port=1, more="").encode())
        else:
            async with opened(other_process.port) as page:
                await page.send(frame((1000).to_bytes(2, "big"), CLOSE))

    async def visits(count: int) -> None:
        for start in range(0, count, 50):
            await asyncio.gather(*(visit(n) for n in range(start, start + 50)))

    await visits(1000)
    before = other_process.megabytes
    await visits(4000)
    assert other_process.megabytes - before < FLAT_MEGABYTES


# Ambiguous requests

SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKS = f"0\r\n\r\n{SMUGGLED}"


@pytest.mark.parametrize(
    "lines",
    [
        f"Content-Length: {len(CHUNKS)}\r\nTransfer-Encoding: chunked",
        f"Transfer-Encoding: chunked\r\nContent-Length: {len(CHUNKS)}",
        "Transfer-Encoding: chunked\r\nContent-Length: 0",
        "content-length: 5\r\nTRANSFER-ENCODING: Chunked",
        "Transfer-Encoding: identity\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: +5",
        "Host: y",
    ],
)
async def test_a_request_of_two_lengths_or_hosts_is_refused_and_nothing_after_it_is_read(
    server: Served, lines: str
) -> None:
    async with dialled(server.port) as page:
        await page.send(f"POST /body HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{CHUNKS}".encode())
        answers = (await page.end()).decode()
    assert answers.split(" ")[1] in {"400", "501"}
    assert answers.count("HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        ("/host", "x /host"),
        ("http://mixer.local:5001/host", "mixer.local:5001 /host"),
        ("HTTP://mixer.local/host?a=b", "mixer.local /host"),
        ("https://[::1]:9/host", "[::1]:9 /host"),
        ("http://evil.example", "evil.example /"),
        ("http://evil.example?x", "evil.example /"),
        ("http://user@evil.example/host", ""),
        ("ftp://evil.example/host", ""),
        ("http:///host", ""),
        ("host", ""),
        ("evil.example:80", ""),
    ],
)
async def test_the_host_that_a_target_names_wins_over_the_header(server: Served, target: str, seen: str) -> None:
    async with dialled(server.port) as page:
        await page.send(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = (await page.end()).decode()
    assert (f"x-seen: {seen}\r\n" in answer.lower()) if seen else answer.startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize("host", ["..", "a..b", ".a", "a" * 64, f"{'a' * 64}.b:80", f"b.{'a' * 64}:80"])
async def test_a_host_that_no_name_can_be_is_refused(server: Served, host: str) -> None:
    async with dialled(server.port) as page:
        await page.send(f"GET /host HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert (await page.end()).startswith(b"HTTP/1.1 400 ")


# Handshakes


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (HANDSHAKE.format(path="/refuse", port=1, more=""), 401),
        (HANDSHAKE.format(path="/nowhere", port=1, more=""), 404),
        (HANDSHAKE.format(path="/ws", port=1, more="").replace("Version: 13", "Version: 12"), 400),
        (HANDSHAKE.format(path="/ws", port=1, more="").replace("Sec-WebSocket-Key", "X"), 400),
        (HANDSHAKE.format(path="/ws", port=1, more="") + "\x81\x80early", 400),
        (HANDSHAKE.format(path="/ws", port=1, more="Sec-WebSocket-Protocol: caf\xe9\r\n"), 400),
        (HANDSHAKE.format(path="/ws", port=1, more="Sec-WebSocket-Extensions: a, \xff\r\n"), 400),
        (HANDSHAKE.format(path="/ws", port=1, more="").replace("Upgrade\r\n", "Upgrade, \xe9\r\n", 1), 400),
    ],
)
async def test_a_refused_handshake_ends_its_connection(server: Served, request_bytes: str, status: int) -> None:
    async with dialled(server.port) as page:
        await page.send(request_bytes.encode("latin1"))
        assert f" {status} " in await page.answer()
        await page.end(1)


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("MDEyMzQ1Njc4OWFiY2RlZg==", 101),
        ("+/+/+/+/+/+/+/+/+/+/+w==", 101),
        ("", 400),
        ("MDEyMzQ1Njc4OWFiY2Rl", 400),  # 15 bytes
        ("MDEyMzQ1Njc4OWFiY2RlZmc=", 400),  # 17
        ("MDEyMzQ1Njc4OWFiY2RlZg", 400),
        ("MDEyMzQ1Njc4OWFiY2RlZg==MDEyMzQ1Njc4OWFiY2RlZg==", 400),
        ("MDEyMzQ1 Njc4OWFiY2RlZg==", 400),
        ("-_-_-_-_-_-_-_-_-_-_-w==", 400),
        ("\xff" * 24, 400),
        ("a" * 20_000, 400),
        ("MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", 400),
    ],
)
async def test_only_a_handshake_with_one_key_of_16_bytes_opens_a_link(server: Served, key: str, status: int) -> None:
    request = re.sub("(?<=Sec-WebSocket-Key: ).*(?=\r)", lambda _: key, HANDSHAKE.format(path="/ws", port=1, more=""))
    async with dialled(server.port) as page:
        await page.send(request.encode("latin1"))
        assert f" {status} " in await page.answer()


@pytest.mark.parametrize(
    "proposal",
    [
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_http_2_is_not_spoken_whoever_proposes_it(server: Served, proposal: str) -> None:
    async with dialled(server.port) as page:
        await page.send(proposal.encode())
        assert (await page.answer()).startswith(("HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 400"))


async def test_a_page_that_never_answers_our_close_is_cut(server: Served) -> None:
    async with opened(server.port) as page:
        await until(lambda: server.pipes)
        server.pipes[0].close(1001)
        assert await page.close_code() == 1001
        await page.end(pipe.CLOSE_SECONDS + 1)
        await until(lambda: server.ended)


async def test_a_handler_that_ends_closes_the_connection(server: Served) -> None:
    async with opened(server.port, "/leave") as page:
        assert await page.close_code() == 1000
        await page.end(pipe.CLOSE_SECONDS + 1)


async def test_requests_of_a_stranger_one_behind_the_other_end_with_429() -> None:
    async with serving(Served()) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, local_addr=("127.0.0.2", 0))
        page = FarPage(reader, writer)
        await page.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
        answers = (await page.end()).decode()
        page.cut()
    assert 200 < answers.count("HTTP/1.1 ") < 400
    assert answers.count("HTTP/1.1 429") == 1

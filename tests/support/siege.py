"""Siege: strangers who hold as many connections as they get, from a few addresses of this computer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

HOST = "10.9.8.7"
"""Host of their requests: an address that is not this computer's own, so that nobody takes them for the host."""
JOIN = f"POST /api/v1/join HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n".encode()
HEAD = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n".encode()
SHAKE = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "

MANNERS: dict[str, tuple[bytes, bytes]] = {
    "silence": (b"", b""),
    "half a head": (HEAD, b""),
    "a trickled head": (HEAD, b"X-A: b\r\n"),
    "a head byte by byte": (b"G", b"G"),
    "a body that never comes": (JOIN + b"Content-Length: 1000000\r\n\r\n", b""),
    "a trickled body": (JOIN + b"Content-Length: 1000000\r\n\r\n", b" "),
    "half a short body": (JOIN + b'Content-Length: 40\r\n\r\n{"name": "E', b""),
    "trickled chunks": (JOIN + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a long head, slowly": (HEAD + b"X-A: b\r\n" * 1000, b"X-A: b\r\n"),
    "half a handshake": (HEAD.replace(b"GET /", b"GET /ws") + SHAKE, b"X-A: b\r\n"),
    "chunks that say more": (JOIN + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"a" * 2000 + b"\r\n \r\n"),
    "HTTP/2 without asking": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\0\x08\6\0\0\0\0\0" + bytes(8)),
    "a request and idleness": (HEAD + b"\r\n", b""),
    "one request after the other": (HEAD + b"\r\n", HEAD + b"\r\n"),
    "a link that says nothing": (
        HEAD.replace(b"GET /", b"GET /ws") + SHAKE + b"dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        b"",
    ),
}
"""Attacks by name: bytes that a connection sends at first, and those that it sends every TRICKLE_SECONDS after that."""
TRICKLE_SECONDS = 0.4
COME_BACK_SECONDS = 0.5  # at most, after a cut


class Siege:
    """Connections of strangers; each comes back when it is cut."""

    def __init__(self, port: int, addresses: Sequence[str], seed: int) -> None:
        self._port, self._addresses = port, addresses
        self._random = random.Random(seed)
        self.cut = self.open = 0

    async def hold(self, number: int) -> None:
        """Hold one connection until cancelled."""
        first, more = self._random.choice(list(MANNERS.values()))
        address = self._addresses[number % len(self._addresses)]
        while True:
            with suppress(OSError):
                await self._once(address, first, more)
            self.cut += 1
            await asyncio.sleep(self._random.uniform(0, COME_BACK_SECONDS))

    async def _once(self, address: str, first: bytes, more: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(address, 0))
        self.open += 1
        try:
            writer.write(first)
            while not reader.at_eof():
                with suppress(TimeoutError):  # `wait_for` may lose a cancellation before Python 3.12
                    async with asyncio.timeout(TRICKLE_SECONDS):
                        await reader.read(65536)
                writer.write(more)
        finally:
            self.open -= 1
            writer.transport.abort()


@asynccontextmanager
async def besieged(port: int, addresses: Sequence[str], sockets: int, seed: int) -> AsyncIterator[Siege]:
    """Hold so many connections, spread over the addresses, until the block ends."""
    siege = Siege(port, addresses, seed)
    holding = [asyncio.create_task(siege.hold(number)) for number in range(sockets)]
    try:
        yield siege
    finally:
        for task in holding:
            task.cancel()
        await asyncio.wait(holding)

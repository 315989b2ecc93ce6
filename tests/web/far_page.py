"""Raw client, byte by byte, which can break every rule of HTTP and WebSocket."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.support.waiting import PATIENCE_SECONDS

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)


def header(size: int, opcode: int = TEXT, *, final: bool = True) -> bytes:
    """Return the head of a masked frame; the mask is zero, so the payload follows unchanged."""
    first = bytes((0x80 * final | opcode,))
    if size < 126:
        return first + bytes((0x80 | size,)) + bytes(4)
    if size < 65536:
        return first + b"\xfe" + size.to_bytes(2, "big") + bytes(4)
    return first + b"\xff" + size.to_bytes(8, "big") + bytes(4)


def frame(payload: bytes, opcode: int = TEXT, *, final: bool = True) -> bytes:
    return header(len(payload), opcode, final=final) + payload


@dataclass
class FarPage:
    """Connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            self.writer.write(data)
            await self.writer.drain()

    async def say(self, text: str) -> None:
        await self.send(frame(text.encode()))

    async def answer(self) -> str:
        """Return the head of an HTTP answer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    async def frame(self) -> tuple[int, bytes]:
        """Return the next frame: opcode and payload."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            return first & 0x0F, await self.reader.readexactly(size)

    async def close_code(self) -> int:
        """Return the code of the close frame; earlier frames are skipped."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

    async def end(self, seconds: float = PATIENCE_SECONDS) -> bytes:
        """Wait until the server ends the connection; return the bytes that still arrive."""
        try:
            async with asyncio.timeout(seconds):
                return await self.reader.read()
        except ConnectionError:
            return b""

    def cut(self) -> None:
        self.writer.transport.abort()


async def dial(port: int) -> FarPage:
    return FarPage(*await asyncio.open_connection("127.0.0.1", port))


@asynccontextmanager
async def dialled(port: int) -> AsyncIterator[FarPage]:
    """Open a TCP connection."""
    page = await dial(port)
    try:
        yield page
    finally:
        page.cut()


@asynccontextmanager
async def opened(port: int, path: str = "/ws", more: str = "") -> AsyncIterator[FarPage]:
    """Open a WebSocket."""
    async with dialled(port) as page:
        await page.send(HANDSHAKE.format(path=path, port=port, more=more).encode())
        assert " 101 " in await page.answer()
        yield page


def noise(size: int) -> bytes:
    """Return incompressible bytes."""
    return os.urandom(size)

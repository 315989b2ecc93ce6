"""An innocent phone: loads the page, joins and opens its link, on connections that a browser would open."""

from __future__ import annotations

import asyncio
import json
import re

from tests.support.siege import HOST
from tests.web.far_page import FarPage, frame

FILE = re.compile(r'(?:src|href)="(/[^"]+)"')
SHAKE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "


async def come_in(port: int, address: str, proof: dict[str, str]) -> None:
    """Come in as a person, from the first byte of the page to the welcome; OSError or EOFError where it is cut."""
    _, page = await _fetch(port, address, "GET / HTTP/1.1")
    await asyncio.gather(*(_fetch(port, address, f"GET {name} HTTP/1.1") for name in FILE.findall(page.decode())))
    body = json.dumps({"name": "Ann", **proof})
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    head, _ = await _fetch(port, address, "POST /api/v1/join HTTP/1.1", kind, body)
    assert " 201 " in head, head
    cookie = next(line for line in head.split("\r\n") if line.lower().startswith("set-cookie:"))
    await open_link(port, address, cookie.partition(":")[2].partition(";")[0])


async def open_link(port: int, address: str, cookie: str) -> None:
    """Open the link of somebody who has joined, and be welcomed."""
    page = await _dial(port, address)
    try:
        key = f"{SHAKE}dGhlIHNhbXBsZSBub25jZQ==\r\nCookie:{cookie}\r\n"
        await page.send(f"GET /ws HTTP/1.1\r\nHost: {HOST}\r\n{key}\r\n".encode())
        assert " 101 " in await page.answer()
        await page.send(frame(json.dumps({"type": "hello", "protocol": 1, "client": "ann", "name": "Ann"}).encode()))
        while b'"welcome"' not in (await page.frame())[1]:
            pass  # others come and go meanwhile
    finally:
        page.cut()


async def _fetch(port: int, address: str, line: str, more: str = "", body: str = "") -> tuple[str, bytes]:
    page = await _dial(port, address)
    try:
        await page.send(f"{line}\r\nHost: {HOST}\r\n{more}Connection: close\r\n\r\n{body}".encode())
        head = await page.answer()
        return head, await page.end()
    finally:
        page.cut()


async def _dial(port: int, address: str) -> FarPage:
    return FarPage(*await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0)))

"""Page without a picture that keeps the rules of a page: for many of them over links that get lost."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

DRAGS, MOVES = 8, 10


class ModelPage:
    """A page that keeps the rules: its finger's wish lies over the desk's value until it settles or the link goes."""

    def __init__(self, port: int, name: str, faders: Sequence[str], chance: random.Random) -> None:
        self.port, self.name, self.faders, self.chance = port, name, faders, chance
        self.truth: dict[str, Any] = {}
        self.wishes: dict[str, Any] = {}
        self.resumed = 0
        self._since: dict[str, Any] | None = None

    def shows(self, path: str) -> Any:
        """Return what the person sees: the finger's wish, else the desk's value."""
        return self.wishes.get(path, self.truth.get(path))

    async def live(self) -> None:
        """Drag at random over links that are cut at random, then stay and listen."""
        for _ in range(DRAGS):
            await self.visit()
        await self.come()

    async def visit(self) -> None:
        """Join, act, and leave in order or by a cut of the link."""
        async with connect(f"ws://127.0.0.1:{self.port}/ws", max_size=None) as link:
            hearing = await self._join(link)
            await self.act(link)
            if self.chance.random() < 0.5:
                link.transport.abort()
            else:
                await link.close()
            await asyncio.wait({hearing})

    async def come(self) -> None:
        """Join, or return, to stay."""
        self.link = await connect(f"ws://127.0.0.1:{self.port}/ws", max_size=None)
        self.hearing = await self._join(self.link)

    async def go(self) -> None:
        """Leave."""
        await self.link.close()
        await self.hearing

    async def _join(self, link: ClientConnection) -> asyncio.Task[None]:
        self.wishes.clear()
        hello = {"type": "hello", "protocol": 1, "client": self.name, "name": self.name}
        await link.send(json.dumps(hello | ({"since": self._since} if self._since else {})))
        welcome = json.loads(await link.recv())
        self.resumed += welcome["type"] == "resume"
        self._since = {"epoch": welcome["server"]["epoch"], "rev": welcome["rev"]}
        self.truth |= welcome["values"]
        return asyncio.create_task(self._hear(link))

    async def _hear(self, link: ClientConnection) -> None:
        try:
            async for data in link:
                if isinstance(data, str) and data.startswith("{"):
                    self.take(json.loads(data))
        except ConnectionClosed:
            pass

    def take(self, frame: dict[str, Any]) -> None:
        """Take a frame of the server."""
        match frame:
            case {"type": "changes", "values": values, "rev": rev}:
                assert self._since
                self._since["rev"] = rev
                self.truth |= values
            case {"type": "layout", "values": values, "rev": rev, "console": console}:
                assert self._since
                self._since["rev"] = rev
                others = {
                    path: value for path, value in self.truth.items() if not path.startswith(f"{console['name']}/")
                }
                self.truth = others | values
            case {"type": "settle", "path": path, "value": value}:
                self.wishes.pop(path, None)
                self.truth[path] = value

    async def act(self, link: ClientConnection) -> None:
        """Drag a fader, and let go of it nearly always."""
        path = self.chance.choice(self.faders)
        try:
            await link.send(json.dumps({"type": "hold", "path": path, "take": self.chance.random() < 0.7}))
            for move in range(self.chance.randint(1, MOVES)):
                value = round(self.chance.random(), 5)
                self.wishes[path] = value
                await link.send(json.dumps({"type": "set", "id": move, "values": {path: value}}))
                await asyncio.sleep(self.chance.random() * 0.01)
            if self.chance.random() < 0.8:
                await link.send(json.dumps({"type": "release", "path": path}))
        except ConnectionClosed:
            pass

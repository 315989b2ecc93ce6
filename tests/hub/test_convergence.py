"""Many hands over real links that get lost and come back: when all is quiet, everybody sees what the desk has."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from remote_mixer.app import App
from tests.support.running import demo_console, online, running
from tests.support.waiting import until

FADERS = ("band/ch1/fader", "band/ch2/fader")
PAGES, DRAGS, MOVES = 6, 8, 10


class ModelPage:
    """A page that keeps the rules: its finger's wish lies over the desk's value until it settles or the link goes."""

    def __init__(self, app: App, name: str, chance: random.Random) -> None:
        self.app, self.name, self.chance = app, name, chance
        self.truth: dict[str, Any] = {}
        self.wishes: dict[str, Any] = {}
        self.resumed = 0
        self._since: dict[str, Any] | None = None

    def shows(self, path: str) -> Any:
        """Return what the person sees: the finger's wish, else the desk's value."""
        return self.wishes.get(path, self.truth[path])

    async def live(self) -> None:
        """Drag at random over links that are cut at random, then stay and listen."""
        for _ in range(DRAGS):
            async with connect(f"ws://127.0.0.1:{self.app.port}/ws", max_size=None) as link:
                hearing = await self._join(link)
                await self._drag(link)
                if self.chance.random() < 0.5:
                    link.transport.abort()
                else:
                    await link.close()
                await asyncio.wait({hearing})
        await self.come()

    async def come(self) -> None:
        """Join, or return, to stay."""
        self.link = await connect(f"ws://127.0.0.1:{self.app.port}/ws", max_size=None)
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
                self._take(json.loads(data))
        except ConnectionClosed:
            pass

    def _take(self, frame: dict[str, Any]) -> None:
        match frame:
            case {"type": "changes", "values": values, "rev": rev}:
                assert self._since
                self._since["rev"] = rev
                self.truth |= values
            case {"type": "settle", "path": path, "value": value}:
                self.wishes.pop(path, None)
                self.truth[path] = value

    async def _drag(self, link: ClientConnection) -> None:
        path = self.chance.choice(FADERS)
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


@pytest.mark.parametrize("seed", range(3))
async def test_everybody_ends_where_the_desk_is(tmp_path: Path, seed: int) -> None:
    with running(tmp_path) as app:
        await online(app)
        pages = [ModelPage(app, f"page{n}", random.Random(f"{seed} {n}")) for n in range(PAGES)]
        living = asyncio.gather(*(page.live() for page in pages))
        while not living.done():
            app.loop.call_soon_threadsafe(lambda: demo_console(app).move({FADERS[0]: round(random.random(), 5)}))
            await asyncio.sleep(0.05)
        await living
        await until(lambda: all({path: page.shows(path) for path in FADERS} == desk_has(app) for page in pages))
        assert all(page.resumed == DRAGS for page in pages)
        assert demo_console(app).values.items() >= desk_has(app).items()
        for page in pages:
            await page.go()
        for last in (0.1, 0.2):
            app.loop.call_soon_threadsafe(lambda last=last: demo_console(app).move({FADERS[0]: last}))  # type: ignore[misc]
            await until(lambda last=last: app.desk.values[FADERS[0]] == last)  # type: ignore[misc]
        for page in pages:
            await page.come()
            assert page.shows(FADERS[0]) == 0.2, "what is told on return is right by itself"
            await page.go()


def desk_has(app: App) -> dict[str, Any]:
    return {path: app.desk.values[path] for path in FADERS}

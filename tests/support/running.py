"""The real program on a free port, and a hand on it that speaks the wire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from remote_mixer.app import App, Options
from remote_mixer.drivers.demo import Demo, DemoConsole
from tests.support.waiting import PATIENCE_SECONDS, until

FADER = "band/ch1/fader"
START_SECONDS = 2 * PATIENCE_SECONDS  # an engine starts as a process of its own


@contextmanager
def running(
    data: Path, *consoles: tuple[str, str], host: str = "127.0.0.1", port: int = 0, **options: Any
) -> Iterator[App]:
    """Run the program, with the console in memory if none is named; `options` are further ones of `Options`."""
    app = App(Options(host, port, data, consoles or (("band", "demo:"),), **options))
    app.start()
    try:
        yield app
    finally:
        app.stop()


def demo_console(app: App) -> DemoConsole:
    """Return the far end of the app's first console."""
    driver = app.drivers[0]
    assert isinstance(driver, Demo)
    return driver.console


async def online(app: App, console: str = "band") -> None:
    """Wait until a console has been read."""
    await until(lambda: app.desk.values.get(f"{console}/status") == "online", START_SECONDS)


class Hand:
    """A page without a picture."""

    def __init__(self, link: ClientConnection, client: str) -> None:
        self.link, self.client = link, client
        self.heard: list[Any] = []

    async def send(self, **frame: object) -> None:
        await self.link.send(json.dumps(frame))

    async def next(self) -> Any:
        """Return the next frame: an object, a text that is none, or bytes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            data = await self.link.recv()
        if isinstance(data, str) and data.startswith("{"):
            return json.loads(data)
        return data

    async def until(self, kind: str, **keys: object) -> Any:
        """Return the next frame of a type that has these keys; what comes before is in `heard`."""
        while True:
            frame = await self.next()
            if isinstance(frame, dict) and frame["type"] == kind and keys.items() <= frame.items():
                return frame
            self.heard.append(frame)

    async def hello(self, name: str = "", **more: object) -> Any:
        """Say hello and return the welcome (or resume)."""
        await self.send(type="hello", protocol=1, client=self.client, name=name or self.client.title(), **more)
        return await self.next()

    async def change(self, path: str) -> Any:
        """Return the next value of a path that is shared."""
        while True:
            frame = await self.until("changes")
            if path in frame["values"]:
                return frame["values"][path]


@asynccontextmanager
async def hand(app: App, client: str, headers: Mapping[str, str] | None = None, query: str = "") -> AsyncIterator[Hand]:
    """Open a link that has not said anything yet, unless in its address."""
    address = f"ws://127.0.0.1:{app.port}/ws{query}"
    # Without a bound of what waits to be read, a close frame is read as it comes and no leaving takes ten seconds.
    async with connect(address, max_size=None, max_queue=None, additional_headers=headers) as link:
        yield Hand(link, client)


@asynccontextmanager
async def joined(app: App, client: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[Hand]:
    """Open a link that has been welcomed."""
    async with hand(app, client, headers) as anyone:
        await anyone.hello()
        yield anyone

"""A server that is killed while it saves, recalls or fades, on a simulated X32: nothing told is lost or half."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import pytest_asyncio

from remote_mixer.simulator.simulator import Simulator
from tests.hub.scenes import do
from tests.support.people import host
from tests.support.program import Program, serve
from tests.support.running import Hand, hand
from tests.support.waiting import until

if TYPE_CHECKING:
    from remote_mixer.app import App

CHANNELS, BUSES = range(1, 33), range(1, 9)
SENDS = [f"/ch/{channel:02}/mix/{bus:02}/level" for channel in CHANNELS for bus in BUSES]
ADDRESSES = [*SENDS, *(f"/ch/{channel:02}/mix/fader" for channel in CHANNELS)]
"""Levels, so many that a recall takes more than a second: the kill comes in its middle on a busy machine too."""
LAST = f"foh/ch{CHANNELS[-1]}/fader"
NEAR = 0.002

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")


class Stage:
    """A simulated console and the program's folder, which outlive each server."""

    def __init__(self, console: Simulator, data: Path) -> None:
        self.console, self.data = console, data

    @asynccontextmanager
    async def server(self) -> AsyncIterator[tuple[Program, App, Hand]]:
        """Run the program and a page until the block ends, then kill it."""
        spec = f"foh=x32://127.0.0.1:{self.console.address[1]}"
        with await asyncio.to_thread(serve, self.data, consoles=(spec,)) as program:
            url = await asyncio.to_thread(program.url)
            app = cast("App", SimpleNamespace(port=int(url.rpartition(":")[2])))
            async with hand(app, "anne") as page:
                page.heard.append(await page.hello())
                await online(page)
                yield program, app, page
                program._process.send_signal(signal.SIGKILL)
                await asyncio.to_thread(program.end)

    def levels(self) -> list[float]:
        return [float(cast("float", self.console.values[address])) for address in ADDRESSES]

    def all_at(self, position: float) -> bool:
        return all(abs(level - position) < NEAR for level in self.levels())

    def move_all(self, position: float) -> None:
        for address in ADDRESSES:
            self.console.move(address, position)


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Simulator("x32") as console:
        yield Stage(console, tmp_path)


async def online(page: Hand) -> None:
    """Wait until the console is read."""
    while True:
        await page.send(type="set", id=1, values={"foh/ch1/solo": True})
        answer: Any = await page.next()
        while not isinstance(answer, dict) or answer.get("id") != 1:
            answer = await page.next()
        if answer["type"] == "ok":
            return
        await asyncio.sleep(0.05)


async def call(app: App, path: str) -> Any:
    return (await asyncio.to_thread(host(app).call, "GET", path)).json


async def shown(page: Hand, path: str, position: float) -> None:
    """Wait until a page has been told that a level stands at a position."""
    while abs(await page.change(path) - position) > NEAR:
        pass


async def stored(stage: Stage, page: Hand, position: float) -> int:
    """Store a scene with all levels at a position."""
    stage.move_all(position)
    await shown(page, LAST, position)
    answer = await do(page, "store", name=f"All at {position}")
    assert answer["type"] == "ok", answer
    return int(answer["scene"]["id"])


async def test_a_scene_that_was_being_saved_is_whole_or_not_there(stage: Stage) -> None:
    async with stage.server() as (_, _, page):
        told = (await do(page, "store", name="Told"))["scene"]["id"]
        await page.send(type="scene", id=9, do="store", name="Perhaps")
    async with stage.server() as (_, app, _):
        scenes = (await call(app, "/scenes"))["scenes"]
        assert told in [head["id"] for head in scenes]
        for head in scenes:
            whole = await call(app, f"/scenes/{head['id']}")
            assert len(whole["values"]) == head["count"] > 1000


@pytest.mark.parametrize("fade", [0.0, 8.0])
async def test_a_recall_that_was_cut_short_is_said_and_its_moment_brings_all_back(stage: Stage, fade: float) -> None:
    async with stage.server() as (_, _, page):
        number = await stored(stage, page, 0.2)
        stage.move_all(0.6)
        await shown(page, LAST, 0.6)
        assert (await do(page, "recall", scene=number, fade=fade))["type"] == "ok"
        await until(lambda: not stage.all_at(0.6))
    assert not stage.all_at(0.2), "it was killed in the middle"
    async with stage.server() as (_, app, page):
        (moment,) = [one for one in (await call(app, "/scenes"))["moments"] if one["name"] == "Before “All at 0.2”"]
        await page.send(type="scene", id=5, do="recall", scene=moment["id"])
        await page.until("ok", id=5)
        await until(lambda: stage.all_at(0.6))
        notices = [frame["notices"] for frame in page.heard if isinstance(frame, dict) and "notices" in frame]
        assert f"in the middle of a recall. {moment['name']}" in str(notices[0])
        assert notices[-1] == [], "it is no news once somebody recalls something"

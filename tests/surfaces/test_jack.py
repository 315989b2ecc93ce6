"""A surface over real ports: our own Mackie driver, which plays one, as the far end of a JACK server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from remote_mixer.app import App
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.mackie import Mackie
from remote_mixer.drivers.midi_ports import open_link
from tests.support.jack import Jack, jack_server
from tests.support.running import joined, online, running
from tests.support.waiting import until

ANNE = Source(CLIENT, "anne", "Anne")
NAMES = ["Kick", "Snare", "Hats", "Bass", "Guitar", "Keys", "Vox lea", "Vox 2"]


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with jack_server() as server:
        yield server


@asynccontextmanager
async def player() -> AsyncIterator[tuple[Desk, Guard]]:
    """Yield the desk of a driver that plays a surface for the program's ports."""
    desk = Desk()
    guard = Guard(Mackie(Setup("far", "Remote Mixer FOH", Path())), desk, lambda *_: None, lambda _: None)
    living = asyncio.create_task(guard.live())
    yield desk, guard
    living.cancel()
    await asyncio.wait({living})


def _value(app: App, local: str) -> object:
    return app.desk.values[f"band/{local}"]


async def test_faders_and_mutes_go_both_ways_and_undo_is_on_its_key(jack: Jack, tmp_path: Path) -> None:
    with running(tmp_path, ("band", "demo:"), surfaces=(("FOH", "mackie:"),)) as app:
        await online(app)
        async with joined(app, "page") as page, player() as (far, guard):
            await until(lambda: [far.values.get(f"far/ch{n}/name") for n in range(1, 9)] == NAMES, 20)
            app.loop.call_soon_threadsafe(app.desk.set, {"band/ch2/fader": 0.3, "band/ch2/mute": True}, ANNE)
            await until(lambda: abs(far.values["far/ch2/fader"] - 0.3) < 0.002 and far.values["far/ch2/mute"] is True)  # type: ignore[operator] # it is known by now
            far.hold("far/ch1/fader", ANNE)
            assert (await page.until("held", path="band/ch1/fader"))["by"] == "surface-FOH"
            far.set({"far/ch1/fader": 0.25}, ANNE)
            await until(lambda: abs(_value(app, "ch1/fader") - 0.25) < 0.002)  # type: ignore[operator] # a position
            far.release("far/ch1/fader", ANNE)
            await page.until("held", path="band/ch1/fader", by=None)
            await guard.act("undo", {})
            await until(lambda: _value(app, "ch1/fader") == 0.75)
            assert next(iter(app.rooms.history.history.newest_first())).by.name == "FOH"
            await until(lambda: abs(far.values["far/ch1/fader"] - 0.75) < 0.002)  # type: ignore[operator] # as above


async def test_a_port_that_is_pulled_ends_the_hold_and_the_surface_is_back_with_it(jack: Jack, tmp_path: Path) -> None:
    with running(tmp_path, ("band", "demo:"), surfaces=(("FOH", "mackie:Little"),)) as app:
        await online(app)
        async with joined(app, "page") as page:
            seen: list[bytes] = []
            for _ in range(2):
                seen.clear()
                little = open_link("", seen.append, "Little")
                await until(lambda: app.rooms.surfaces[0].state == "connected", 20)
                await until(lambda: seen)
                little.send(bytes((0x90, 0x68, 0x7F)))
                await page.until("held", path="band/ch1/fader", by="surface-FOH")
                little.close()
                await page.until("held", path="band/ch1/fader", by=None)
                await until(lambda: "Little" in app.rooms.surfaces[0].state)

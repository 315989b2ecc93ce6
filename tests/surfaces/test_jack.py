"""A surface over real ports: our own Mackie driver, which plays one, as the far end of a JACK server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from remote_mixer.app import App
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.policy import ENGINEER
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.mackie import Mackie
from remote_mixer.drivers.midi_ports import Link, open_link
from remote_mixer.people.caller import Caller
from tests.support.jack import Jack, jack_server
from tests.support.people import host
from tests.support.running import joined, online, running
from tests.support.waiting import until
from tests.surfaces.little_surface import LittleSurface

ANNE = Source(CLIENT, "anne", "Anne")
NAMES = ["Kick", "Snare", "Hats", "Bass", "Guitar", "Keys", "Vox lea", "Vox 2"]


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    # Otherwise a message is lost where both cores are busy, and a key is not pressed twice.
    with jack_server(realtime=True, synchronous=True) as server:
        yield server


@asynccontextmanager
async def player() -> AsyncIterator[tuple[Desk, Guard]]:
    """Yield the desk of a driver that plays a surface for the program's ports."""
    desk = Desk()
    guard = Guard(Mackie(Setup("far", "Remote Mixer FOH", Path())), desk, lambda *_: None, lambda _: None)
    living = asyncio.create_task(guard.live())
    try:
        yield desk, guard
    finally:  # one that goes on after a failure would take the ports of the tests that follow
        living.cancel()
        await asyncio.wait({living})


def _value(app: App, local: str) -> object:
    return app.desk.values[f"band/{local}"]


async def test_faders_and_mutes_go_both_ways_and_undo_is_on_its_key(jack: Jack, tmp_path: Path) -> None:
    with running(tmp_path, ("band", "demo:"), surfaces=(("FOH", "mackie:"),)) as app:
        await online(app)
        async with joined(app, "page") as page, player() as (far, guard):
            await until(lambda: [far.values.get(f"far/ch{n}/name") for n in range(1, 9)] == NAMES)
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


class Plugged(LittleSurface):
    """A small surface with a port of its own on the server, until it is pulled."""

    def __init__(self, name: str) -> None:
        self._link = open_link("", self.receive, name)
        super().__init__(time.monotonic, self._link.send)

    def pull(self) -> None:
        self._link.close()

    def shows(self, text: str) -> bool:
        return text in self.lcd.decode("ascii", "replace")


async def shown(little: Plugged, text: str) -> None:
    """Wait until a surface shows a text; where it never does, what it shows says why."""
    try:
        await until(partial(little.shows, text))
    except TimeoutError:
        pytest.fail(f"the surface shows {little.lcd.decode('ascii', 'replace')!r}")


async def test_a_port_that_is_pulled_ends_the_hold_and_the_surface_is_back_with_it(jack: Jack, tmp_path: Path) -> None:
    with running(tmp_path, ("band", "demo:"), surfaces=(("FOH", "mackie:Little"),)) as app:
        await online(app)
        async with joined(app, "page") as page:
            for _ in range(2):
                little = Plugged("Little")
                await until(partial(little.shows, "Kick"))
                assert app.rooms.surfaces[0].state == "connected"
                with repeated(partial(little.touch, 0)):
                    await page.until("held", path="band/ch1/fader", by="surface-FOH")
                little.pull()
                await page.until("held", path="band/ch1/fader", by=None)
                await until(lambda: "Little" in app.rooms.surfaces[0].state)


async def test_go_and_back_are_keys_meters_move_and_surfaces_of_one_bank_go_through_it_as_one(
    jack: Jack, tmp_path: Path
) -> None:
    surfaces = (("Left", "mackie:Left,bank=stage"), ("Right", "mackie:Right,bank=stage"), ("Own", "mackie:Own"))
    with running(tmp_path, ("band", "demo:16"), surfaces=surfaces) as app:
        await online(app)
        left, right, own = (Plugged(name) for name in ("Left", "Right", "Own"))
        async with joined(app, "page") as page:
            await until(lambda: all(little.shows("Kick") for little in (left, right, own)))
            await until(lambda: any(level for _, level in left.meters))
            await page.send(type="scene", do="store", name="Verse", id=1)
            await page.until("ok", id=1)
            await page.send(type="set", values={"band/ch1/mute": True})
            await until(lambda: app.desk.values["band/ch1/mute"] is True)
            left.press(0x36)
            await shown(left, "Go Verse")
            await until(lambda: app.desk.values["band/ch1/mute"] is False)
            left.press(0x37)
            await until(lambda: app.desk.values["band/ch1/mute"] is True)
            left.press(0x38)  # pause: nothing is under way
            await until(lambda: not left.shows("Back"))
            left.press(0x2F)
            await until(lambda: right.upper(0) == left.upper(0) == app.desk.values["band/ch9/name"])
            assert own.upper(0) == "Kick"
        for little in (left, right, own):
            little.pull()


async def test_who_has_the_surfaces_name_has_their_layers_on_its_keys_and_select_opens_a_strip_on_their_page(
    jack: Jack, tmp_path: Path
) -> None:
    with running(tmp_path, ("band", "demo:"), surfaces=(("Anne", "mackie:Little"),)) as app:
        await online(app)
        little = Plugged("Little")
        await until(partial(little.shows, "Kick"))
        form = {"name": "Drums", "items": ["band/ch3", {"separator": ""}, "band/gone", "band/ch1"]}
        making = app.rooms.layers.make(Caller(ENGINEER, name="anne"), form)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(making, app.loop))
        async with joined(app, "anne") as anne, joined(app, "ben") as ben:
            little.press(0x3E)
            await until(lambda: [little.upper(strip) for strip in range(3)] == ["Hats", "Kick", ""])
            little.press(0x19)
            assert (await anne.until("open"))["strip"] == "band/ch1"
            await ben.send(type="ping", t=1)
            await ben.until("pong")
            assert not [frame for frame in ben.heard if isinstance(frame, dict) and frame["type"] == "open"]
        little.pull()


@contextmanager
def repeated(send_once: Callable[[], None]) -> Iterator[None]:
    """Send a message again and again: JACK loses what comes before all its clients know of a new port."""

    loop, timers = asyncio.get_running_loop(), list[asyncio.Handle]()

    def send() -> None:
        send_once()
        timers.append(loop.call_later(0.2, send))

    send()
    try:
        yield
    finally:
        timers.pop().cancel()


@contextmanager
def controller(name: str) -> Iterator[Link]:
    """Yield the ports of a controller that only sends."""
    link = open_link("", lambda _: None, name)
    try:
        yield link
    finally:  # one that stays after a failure would be taken for the next one
        link.close()


async def connected(app: App) -> None:
    """Wait until the surface is connected; where it never is, its own sentence says why."""
    surface = app.rooms.surfaces[0]
    try:
        await until(lambda: surface.state == "connected")
    except TimeoutError:
        pytest.fail(surface.state)


async def test_a_controller_with_a_map_picks_up_and_its_ghost_is_on_the_pages(jack: Jack, tmp_path: Path) -> None:
    file = tmp_path / "nano.toml"
    file.write_text('[ports]\ninput = "Nano"\n\n[[controls]]\ncc = 0\nstrip = 1\n')
    with running(tmp_path, ("band", "demo:"), surfaces=(("Nano", f"midi:{file}"),)) as app, controller("Nano") as nano:
        await online(app)
        async with joined(app, "page") as page:
            await connected(app)
            with repeated(partial(nano.send, bytes((0xB0, 0, 10)))):
                ghost = await page.until("ghost", path="band/ch1/fader", by="surface-Nano")
            assert ghost["at"] == pytest.approx(10 / 127)
            with repeated(partial(nano.send, bytes((0xB0, 0, 100)))):
                await page.until("ghost", path="band/ch1/fader", at=None)
            assert await page.change("band/ch1/fader") == pytest.approx(100 / 127, abs=1e-4)


async def test_a_controller_is_taught_over_a_real_port_and_keeps_that_over_a_restart(
    jack: Jack, tmp_path: Path
) -> None:
    surfaces = (("Nano", "midi:port=Nano"),)
    with controller("Nano") as nano:
        with running(tmp_path, ("band", "demo:"), surfaces=surfaces) as app:
            await online(app)
            await connected(app)
            with repeated(partial(nano.send, bytes((0x90, 36, 100)))):
                learn = partial(host(app).call, "POST", "/surfaces/Nano/learn", {"path": "band/ch1/mute"})
                assert (await asyncio.to_thread(learn)).json["message"] == "note 36"
        with running(tmp_path, ("band", "demo:"), surfaces=surfaces) as app:
            await online(app)
            await connected(app)
            with repeated(partial(nano.send, bytes((0x90, 36, 100)))):
                await until(lambda: _value(app, "ch1/mute") is True)

"""One row over consoles: the engine, an X32 and Ardour side by side under one DCA, on the page of one person.

A Mackie surface moves the DCA, a program recalls a scene by OSC, a finger moves the DCA, and Ctrl+Z takes that back.
Each console itself is asked where it stands: the engine's memory, the X32's own values, the running session of Ardour.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.shared import GENERATION, SharedBlock
from remote_mixer.simulator.simulator import Simulator
from remote_mixer.surfaces.hand import Hand
from remote_mixer.surfaces.mackie.surface import TICK_SECONDS, MackieSurface
from remote_mixer.surfaces.surroundings import Surroundings
from remote_mixer.surfaces.view import View
from tests.bridges.test_osc import HERE, Program, program
from tests.support.ardour import Ardour, headless_ardour
from tests.support.browser import DESKTOP, Screen
from tests.support.people import host
from tests.support.running import online, running
from tests.support.waiting import until
from tests.support.warm import warm
from tests.surfaces.little_surface import TOP, LittleSurface

DCA, ENGINE, X32, DAW = "house/dca1", "band/ch1", "foh/ch1", "daw/ch1"
MEMBERS = (ENGINE, X32, DAW)
FIRST_DB = {ENGINE: 0.0, X32: -5.0, DAW: -2.0}
NEAR_DB = 0.12
"""Half a step of an X32's fader where its steps are largest here, and what Ardour's own rounding adds."""


@dataclass
class Row:
    """The program with three consoles, the far ends of two of them, and a page that shows the layer."""

    app: App
    console: Simulator
    ardour: Ardour
    screen: Screen

    def shown_db(self, strip: str) -> float:
        """Return the level of a strip's fader on the desk."""
        position = self.app.desk.values[f"{strip}/fader"]
        assert isinstance(position, float)
        return self.app.desk.layouts[strip.partition("/")[0]].tapers["fader"].to_unit(position)

    def far_db(self) -> dict[str, float]:
        """Return the levels at the consoles themselves."""
        with SharedBlock(self.app.options.data / "engine-band.shared") as block:
            engine = block.floats[TABLE.places["ch1/fader"].word] if block.follows(block.words[GENERATION]) else 0.0
        fader = self.console.console.values["/ch/01/mix/fader"]
        assert isinstance(fader, float)
        gain = self.ardour.number('route("Spur 1"):gain_control():get_value()')
        x32 = self.app.desk.layouts["foh"].tapers["fader"].to_unit(fader)
        return {ENGINE: db_of(engine), X32: x32, DAW: db_of(gain)}

    async def stands(self, by_db: float) -> None:
        """Wait until the DCA and each console stand so many dB from where they began."""
        wanted = {strip: db + by_db for strip, db in FIRST_DB.items()}
        await until(lambda: self.shown_db(DCA) == pytest.approx(by_db, abs=NEAR_DB))
        await until(lambda: self.far_db() == pytest.approx(wanted, abs=NEAR_DB))


def db_of(gain: float) -> float:
    return 20 * math.log10(gain) if gain > 0 else -math.inf


@asynccontextmanager
async def surface(app: App) -> AsyncIterator[LittleSurface]:
    """A Mackie surface on the desk, whose first fader is the DCA; its bytes go without a cable."""
    view, clock = View(app.desk), app.loop.time
    hand = Hand(app.desk, lambda: Source(CLIENT, "surface-foh", "FOH"))
    around = Surroundings(hand, view, lambda _, message: little.receive(message), clock, lambda *_: None, str.title)
    mackie = MackieSurface(1, around)
    little = LittleSurface(clock, partial(mackie.receive, 0))

    async def live() -> None:
        mackie.start()
        view.choose_layer(next(at for at, layer in enumerate(view.layers) if layer.strips == (DCA,)))
        while True:
            mackie.tick()
            await asyncio.sleep(TICK_SECONDS)

    living = asyncio.run_coroutine_threadsafe(live(), app.loop)
    try:
        await until(lambda: little.upper(0) == "All" and abs(little.motors[0].at - 0.75 * TOP) < 1)
        yield little
    finally:
        living.cancel()


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ardour]:
    with headless_ardour(tmp_path_factory.mktemp("ardour"), 2) as ardour:
        yield ardour


@pytest_asyncio.fixture
async def row(browser: Browser, ardour: Ardour, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Row]:
    data = warm(tmp_path_factory.mktemp("data"))
    async with Simulator("x32") as console:
        foh, daw = f"x32://127.0.0.1:{console.address[1]}", f"ardour://127.0.0.1:{ardour.port}"
        with running(data, ("band", "builtin:"), ("foh", foh), ("daw", daw), osc=HERE) as app:
            for name in ("band", "foh", "daw", "house"):
                await online(app, name)
            crew = host(app)
            for strip, db in FIRST_DB.items():
                assert crew.call("PUT", f"/params/{strip}/fader", {"value": f"{db}dB"}).status == 200
            crew.call("POST", "/groups", {"kind": "dca", "name": "All"})
            crew.call("PUT", f"/params/{DCA}/members", {"value": " ".join(MEMBERS)})
            made = crew.call("POST", "/layers", {"name": "One row", "items": [DCA, *MEMBERS]})
            assert made.status == 201
            screen = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", DESKTOP, touch=True)
            yield Row(app, console, ardour, screen)
            await screen.context.close()
            assert screen.faults == []


async def test_engine_x32_and_ardour_stand_in_one_row_under_one_dca_moved_by_a_surface_recalled_by_osc_undone_by_a_key(
    row: Row,
) -> None:
    page, app = row.screen.page, row.app
    await page.locator(".layers button", has_text="One row").tap()
    strips = page.locator(".bank rm-strip")
    await expect(strips).to_have_count(4)
    found = await strips.evaluate_all("all => all.map(one => one.dataset.strip)")
    assert found == [DCA, *MEMBERS]
    await expect(page.locator(".whose:not(.titles) b")).to_have_text(["house", "band", "foh", "daw"])
    await row.stands(0.0)
    stored = host(app).call("POST", "/scenes", {"name": "Start"})
    assert stored.status == 201

    async with surface(app) as little:
        for hand in (partial(little.touch, 0), partial(little.move, 0, 700), partial(little.move, 0, 600)):
            app.loop.call_soon_threadsafe(hand)
        await until(lambda: row.shown_db(DCA) < -3)
        await expect(page.locator(f'.bank rm-fader[data-path="{DCA}/fader"]')).to_have_attribute("data-by", "grey")
        app.loop.call_soon_threadsafe(little.lift, 0)
        await until(lambda: not app.desk.held())
        await row.stands(row.shown_db(DCA))

    async with program(app) as lisp:
        await recalled(lisp, "Start")
    await row.stands(0.0)

    await row.screen.drag(f"{DCA}/fader", -40)
    await until(lambda: row.shown_db(DCA) < -1 and not app.desk.held())
    await row.stands(row.shown_db(DCA))
    await page.keyboard.press("Control+z")
    await row.stands(0.0)
    for strip in (DCA, *MEMBERS):
        await row.screen.stands_at(f"{strip}/fader", app.desk.values[f"{strip}/fader"])  # type: ignore[arg-type] # a position


async def recalled(program: Program, scene: str) -> None:
    """Recall a scene by OSC."""
    assert await program.answer("/scene/recall", scene) == [scene]

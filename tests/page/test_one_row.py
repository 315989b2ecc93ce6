"""One row over consoles: the engine, an X32 and Ardour side by side under one DCA, on the page of one person.

A Mackie surface has the same row on its motors and moves the DCA, a program recalls a scene by OSC, a finger moves the
DCA, and Ctrl+Z takes that back; surface and program take back their own moves, too. Each console itself is asked where
it stands: the engine's memory, the X32's own values, the running session of Ardour.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from remote_mixer.drivers import midi_link
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.shared import GENERATION, SharedBlock
from remote_mixer.simulator.simulator import Simulator
from tests.bridges.test_osc import HERE, Program, program
from tests.support.ardour import Ardour, headless_ardour
from tests.support.browser import DESKTOP, Screen
from tests.support.midi import FarSide, pair
from tests.support.people import host
from tests.support.running import online, running
from tests.support.waiting import until
from tests.support.warm import warm
from tests.surfaces.little_surface import TOP, LittleSurface

DCA, ENGINE, X32, DAW = "house/dca1", "band/ch1", "foh/ch1", "daw/ch1"
MEMBERS = (ENGINE, X32, DAW)
ON_MOTORS = tuple(enumerate((DCA, *MEMBERS)))
FIRST_DB = {ENGINE: 0.0, X32: -5.0, DAW: -2.0}
FIRST_LAYER, UNDO = 0x3E, 0x51
"""Keys of a Mackie surface: the first beside GLOBAL VIEW, and UNDO."""
NEAR_DB = 0.12
"""Half a step of an X32's fader where its steps are largest here, and what Ardour's own rounding adds."""


@dataclass
class Row:
    """The program with three consoles, the far ends of two of them, a page that shows the layer, and a surface."""

    app: App
    console: Simulator
    ardour: Ardour
    screen: Screen
    surface: Plugged

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

    def motor_db(self, number: int) -> float:
        """Return the level at which a motor of the surface stands."""
        strip = dict(ON_MOTORS)[number]
        taper = self.app.desk.layouts[strip.partition("/")[0]].tapers["fader"]
        return taper.to_unit(self.surface.motors[number].at / TOP)

    async def stands(self, by_db: float) -> None:
        """Wait until the DCA and each console stand so many dB from where they began."""
        wanted = {strip: db + by_db for strip, db in FIRST_DB.items()}
        await until(lambda: self.shown_db(DCA) == pytest.approx(by_db, abs=NEAR_DB))
        try:
            await until(lambda: self.far_db() == pytest.approx(wanted, abs=NEAR_DB))
        except TimeoutError:
            shown = {strip: self.shown_db(strip) for strip in MEMBERS}
            pytest.fail(f"the page shows {shown}, and at the consoles it is {self.far_db()} in place of {wanted}")

    async def moved_by_surface(self, *places: int) -> None:
        """Move the DCA by its fader at the surface, once its motor has come, and wait until everything has followed."""
        little, before = self.surface, self.shown_db(DCA)
        await until(lambda: abs(self.motor_db(0) - before) < NEAR_DB)
        fader = self.screen.page.locator(f'.bank rm-fader[data-path="{DCA}/fader"]')
        little.do(little.touch, 0)
        for place in places:
            little.do(little.move, 0, place)
        await until(lambda: self.shown_db(DCA) < before - 2)
        await expect(fader).to_have_attribute("title", "In use by FOH")
        little.do(little.lift, 0)
        await until(lambda: not self.app.desk.held())
        await self.stands(self.shown_db(DCA))


def db_of(gain: float) -> float:
    return 20 * math.log10(gain) if gain > 0 else -math.inf


class Plugged(LittleSurface):
    """A small Mackie surface at a port of the program, in the program's loop."""

    def __init__(self, app: App, side: FarSide) -> None:
        self.loop = app.loop
        super().__init__(app.loop.time, lambda message: self.do(side.say, message))
        side.listeners.append(self.receive)

    async def choose_first_layer(self) -> None:
        """Switch on, press the first layer's key, and wait until the row is on the motors."""
        self.do(self.announce)
        self.do(self.press, FIRST_LAYER)
        await until(lambda: self.upper(0) == "All" and all(motor.at for motor in self.motors[:4]))

    def do(self, act: Callable[..., None], *what: object) -> None:
        """Do something in the program's loop."""
        self.loop.call_soon_threadsafe(act, *what)


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ardour]:
    with headless_ardour(tmp_path_factory.mktemp("ardour"), 2) as ardour:
        yield ardour


@pytest_asyncio.fixture
async def row(
    browser: Browser, ardour: Ardour, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Row]:
    data = warm(tmp_path_factory.mktemp("data"))
    open_link, side = pair()
    monkeypatch.setattr(midi_link, "open_link", open_link)
    async with Simulator("x32") as console:
        foh, daw = f"x32://127.0.0.1:{console.address[1]}", f"ardour://127.0.0.1:{ardour.port}"
        consoles = ("band", "builtin:"), ("foh", foh), ("daw", daw)
        with running(data, *consoles, osc=HERE, surfaces=(("FOH", "mackie:X-Touch"),)) as app:
            for name in ("band", "foh", "daw", "house"):
                await online(app, name)
            crew = host(app)
            for strip, db in FIRST_DB.items():
                assert crew.call("PUT", f"/params/{strip}/fader", {"value": f"{db}dB"}).status == 200
            crew.call("POST", "/groups", {"kind": "dca", "name": "All"})
            crew.call("PUT", f"/params/{DCA}/members", {"value": " ".join(MEMBERS)})
            made = crew.call("POST", "/layers", {"name": "One row", "items": [DCA, *MEMBERS], "shared": True})
            assert made.status == 201
            screen = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", DESKTOP, touch=True)
            yield Row(app, console, ardour, screen, Plugged(app, side))
            await screen.leave()
            assert screen.faults == []


async def test_engine_x32_and_ardour_stand_in_one_row_under_one_dca_moved_by_a_surface_recalled_by_osc_undone_by_a_key(
    row: Row,
) -> None:
    page, app, little = row.screen.page, row.app, row.surface
    await page.locator(".layers button", has_text="One row").tap()
    strips = page.locator(".bank rm-strip")
    await expect(strips).to_have_count(4)
    found = await strips.evaluate_all("all => all.map(one => one.dataset.strip)")
    assert found == [DCA, *MEMBERS]
    await expect(page.locator(".whose:not(.titles) b")).to_have_text(["house", "band", "foh", "daw"])
    await row.stands(0.0)
    stored = host(app).call("POST", "/scenes", {"name": "Start"})
    assert stored.status == 201

    await little.choose_first_layer()
    await row.moved_by_surface(700, 600)
    little.do(little.press, UNDO)
    await row.stands(0.0)
    await row.moved_by_surface(690, 560)
    left_at = row.shown_db(DCA)

    async with program(app) as lisp:
        await recalled(lisp, "Start")
        await row.stands(0.0)
        await lisp.answer("/undo")
        await row.stands(left_at)
        await recalled(lisp, "Start")
    await row.stands(0.0)

    await row.screen.drag(f"{DCA}/fader", -40)
    await until(lambda: row.shown_db(DCA) < -1 and not app.desk.held())
    await row.stands(row.shown_db(DCA))
    await page.keyboard.press("Control+z")
    await row.stands(0.0)
    for strip in (DCA, *MEMBERS):
        await row.screen.stands_at(f"{strip}/fader", app.desk.values[f"{strip}/fader"])  # type: ignore[arg-type] # a position
    await until(lambda: all(abs(row.motor_db(number) - row.shown_db(strip)) < NEAR_DB for number, strip in ON_MOTORS))
    movers = {move.by.name for move in app.rooms.history.history.newest_first()}
    assert {"FOH", "OSC 127.0.0.1"} <= movers


async def recalled(program: Program, scene: str) -> None:
    """Recall a scene by OSC."""
    assert await program.answer("/scene/recall", scene) == [scene]

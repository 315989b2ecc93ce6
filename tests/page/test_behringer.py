"""A digital console on the network: two real pages, the real driver, and the simulated X32 at the far end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from remote_mixer.app import App
from remote_mixer.simulator.simulator import Simulator
from tests.page.entering import come_in, invitation
from tests.support.browser import DESKTOP, PHONE, Screen
from tests.support.devices import borrow, leave
from tests.support.running import online, running
from tests.support.waiting import until

FADER, ADDRESS = "foh/ch1/fader", "/ch/01/mix/fader"
STEP = 1 / 1023


class Stage:
    """A console, a server that knows it, and two people with a page each."""

    def __init__(self, console: Simulator, app: App, anne: Screen, bob: Screen) -> None:
        self.console, self.app, self.anne, self.bob = console, app, anne, bob

    def at_console(self, address: str) -> float:
        value = self.console.values[address]
        assert isinstance(value, int | float)
        return float(value)

    async def confirmed(self) -> None:
        """Wait until the console has confirmed all that was moved: a hand there just before would be one against it."""
        await until(lambda: not self.app.rooms.hub.around.under_way("foh")[1])

    async def both_stand_at(self, path: str, position: float) -> None:
        for screen in (self.anne, self.bob):
            await screen.stands_at(path, position)

    async def both_show(self, selector: str) -> None:
        for screen in (self.anne, self.bob):
            await screen.page.wait_for_selector(selector, state="attached")


@asynccontextmanager
async def on_stage(browser: Browser, data: Path) -> AsyncIterator[Stage]:
    async with Simulator("x32") as console:
        spec = f"x32://127.0.0.1:{console.address[1]}"
        with running(data, ("foh", spec)) as app:
            await online(app, "foh")
            url = f"http://127.0.0.1:{app.port}/"
            anne = await Screen.open(browser, url, PHONE, touch=True)
            bob = await Screen.open(browser, url, DESKTOP, touch=True)
            yield Stage(console, app, anne, bob)
            await anne.leave()
            await bob.leave()
            assert anne.faults + bob.faults == []


@pytest_asyncio.fixture(scope="module")
async def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    data = tmp_path_factory.mktemp("data")
    async with on_stage(browser, data) as stage:
        yield stage


async def test_a_touch_on_a_page_moves_the_console_and_the_other_page(stage: Stage) -> None:
    before = stage.at_console(ADDRESS)
    await stage.anne.drag(FADER, -60 if before > 0.4 else 60)
    await until(lambda: not stage.app.desk.held())
    stands = float(stage.app.desk.values[FADER] or 0)
    assert abs(stands - before) > 0.05
    await until(lambda: abs(stage.at_console(ADDRESS) - stands) <= STEP)
    await stage.both_stand_at(FADER, stands)


async def test_a_hand_at_the_console_moves_both_pages(stage: Stage) -> None:
    await stage.confirmed()
    stage.console.move(ADDRESS, 0.25)
    await stage.both_stand_at(FADER, 0.25)
    stage.console.move("/ch/01/mix/on", 0)
    await stage.both_show('rm-strip[data-muted]:has(rm-fader[data-path="foh/ch1/fader"])')
    stage.console.move("/ch/01/mix/on", 1)


async def test_a_linked_pair_moves_together_once(stage: Stage) -> None:
    stage.console.move("/config/chlink/1-2", 1)
    await until(lambda: stage.app.desk.values["foh/ch1/link"] is True)
    await stage.anne.drag(FADER, 50)
    await until(lambda: not stage.app.desk.held())
    stands = float(stage.app.desk.values[FADER] or 0)
    await until(lambda: abs(stage.at_console("/ch/02/mix/fader") - stands) <= STEP)
    await stage.both_stand_at("foh/ch2/fader", stands)
    await stage.both_stand_at(FADER, stands)
    stage.console.move("/config/chlink/1-2", 0)


async def test_more_me_raises_both_sides_of_a_linked_channel(stage: Stage, browser: Browser) -> None:
    own, other, third = (f"/ch/{number:02}/mix/01/level" for number in (1, 2, 3))
    for address, value in (("/config/chlink/1-2", 1), (own, 0.5), (third, 0.5)):
        stage.console.move(address, value)
    await until(lambda: stage.app.desk.values["foh/ch2/link"] is True)
    await until(lambda: all(stage.app.desk.values[f"foh/ch{n}/send/bus1/level"] == 0.5 for n in (1, 2, 3)))
    device = await borrow(browser, PHONE)
    page = device.page
    await page.goto(f"http://127.0.0.1:{stage.app.port}/{await invitation(stage.app, mix='foh/bus1')}")
    await come_in(page, "Ann")
    await page.locator(".who-are-you").tap()
    await page.locator(f".choices >> text={stage.app.desk.values['foh/ch1/name']}").tap()
    await page.locator(".more-me").tap()
    await until(lambda: stage.at_console(third) < 0.5)
    await until(lambda: stage.at_console(own) == stage.at_console(other) == pytest.approx(0.575, abs=0.01))
    await until(lambda: not stage.app.hub.pending())
    assert stage.at_console(own) == stage.at_console(other) == pytest.approx(0.575, abs=0.01), "3 dB up, and no 1 down"
    stage.console.move("/config/chlink/1-2", 0)
    await leave(page)
    assert device.faults == []


async def test_a_mute_group_marks_its_strips(stage: Stage) -> None:
    stage.console.move("/ch/01/grp/mute", 1)
    stage.console.move("/config/mute/1", 1)
    await stage.both_show('rm-strip[data-grouped]:has(rm-fader[data-path="foh/ch1/fader"])')
    stage.console.move("/config/mute/1", 0)


async def test_after_a_scene_at_the_console_every_page_is_right(stage: Stage) -> None:
    stage.console.recall(3)
    for number in range(1, 5):
        stands = stage.at_console(f"/ch/{number:02}/mix/fader")
        await stage.both_stand_at(f"foh/ch{number}/fader", stands)


async def test_a_console_switched_off_and_on_comes_back_as_it_stands_then(stage: Stage) -> None:
    stage.console.power(on=False)
    await until(lambda: stage.app.desk.values["foh/status"] == "offline")
    await stage.both_show('[data-console="foh"][data-status="offline"]')
    stage.console.move(ADDRESS, 0.5)
    stage.console.power(on=True)
    await online(stage.app, "foh")
    await stage.both_stand_at(FADER, 0.5)
    assert abs(stage.at_console(ADDRESS) - 0.5) <= STEP


async def test_the_page_lists_what_answers_on_the_network(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def find() -> list[str]:
        return ["x32://192.168.1.32"]

    monkeypatch.setattr(stage.app.hub, "around", replace(stage.app.hub.around, find=find))
    page = stage.bob.page
    await page.locator('[data-tool="more"]').click()
    await page.get_by_text("Find consoles").click()
    await page.get_by_text("remote-mixer --console foh=x32://192.168.1.32").wait_for()
    await page.get_by_label("Close").click()

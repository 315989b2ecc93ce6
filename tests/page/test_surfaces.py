"""Surfaces on the page: the crew picks a control or an action, a person moves the controller, and the map has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from remote_mixer.app import App
from tests.page.axe import LOOKS, NAMED, faults, wear
from tests.page.conftest import Open
from tests.page.entering import REFUSED, come_in, invitation, visitors
from tests.support.browser import DESKTOP, PHONE
from tests.support.running import online
from tests.support.waiting import until
from tests.surfaces.controller import KNOB_RIGHT, Controller, controlled


@pytest.fixture(scope="module")
def nano(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controller]:
    with pytest.MonkeyPatch.context() as patch, controlled(tmp_path_factory.mktemp("data"), patch) as controller:
        yield controller


@pytest.fixture(scope="module")
def served(nano: Controller) -> App:
    return nano.app


@pytest_asyncio.fixture
async def app(served: App, nano: Controller) -> App:
    """The program with a controller that has learned nothing."""
    await online(served)
    await until(lambda: served.rooms.surfaces[0].state == "connected")
    while nano.call("POST", "/Nano/undo", {}).status == 200:
        pass
    return served


async def opened(page: Page) -> Locator:
    """Walk to the surface's panel, and return it."""
    await page.goto(f"{page.url.split('#')[0]}#/panel/surfaces")
    await page.locator("[data-surface=Nano]").click()
    panel = page.locator(".panel")
    await expect(panel.get_by_role("button", name="Learn", exact=True)).to_be_visible()
    return panel


async def begun(nano: Controller, panel: Locator) -> None:
    """Press Learn, and wait until the controller is listened to."""
    await panel.get_by_role("button", name="Learn", exact=True).click()
    await expect(panel.locator(".learning[data-waiting]")).to_have_text("Move the fader, knob or key now…")
    await until(lambda: nano.app.rooms.surfaces[0].surface.is_learning)  # type: ignore[attr-defined] # it has a map


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_a_tapped_control_is_learned_moved_listed_and_taken_back(
    nano: Controller, shared_screen: Open, size: dict[str, int]
) -> None:
    anne = await shared_screen(size)
    panel = await opened(anne.page)
    before = nano.app.desk.values["band/ch2/mute"]
    await panel.get_by_role("button", name="Tap it on the mixer").click()
    await expect(anne.page.locator(".picking")).to_be_visible()
    await anne.page.locator("rm-strip [data-path='band/ch2/mute']").tap()
    await expect(panel.get_by_label("Control", exact=True)).to_have_value("mute")
    assert nano.app.desk.values["band/ch2/mute"] == before  # the tap chose it, and moved nothing
    await begun(nano, panel)
    nano.key(36)
    await expect(panel.locator(".learning")).to_have_text("note 36 → Snare · Mute")
    await expect(panel.locator("[data-control=note-1-36] b")).to_have_text("Snare · Mute")
    nano.key(36)
    await until(lambda: nano.app.desk.values["band/ch2/mute"] is not before)
    await panel.get_by_label("Delete note 36, Snare · Mute").click()
    await expect(panel.locator(".learned li")).to_have_count(0)
    await panel.get_by_role("button", name="Undo the last change").click()
    await expect(panel.locator(".learned li")).to_have_count(1)
    nano.key(36)
    await until(lambda: nano.app.desk.values["band/ch2/mute"] is before)


async def test_an_action_and_a_knob_are_learned_the_kind_corrected_and_what_cannot_be_is_said(
    nano: Controller, shared_screen: Open
) -> None:
    anne = await shared_screen()
    panel = await opened(anne.page)
    await panel.get_by_role("button", name="Action").click()
    await panel.get_by_label("Action", exact=True).select_option("layer ")
    await panel.get_by_label("Number").fill("2")
    await begun(nano, panel)
    nano.send(bytes((0xC0, 5)))
    await expect(panel.locator(".learning")).to_have_text("program 5 → Layer 2")
    await panel.get_by_role("button", name="Control", exact=True).click()
    await panel.get_by_label("Control", exact=True).select_option("pan")
    await begun(nano, panel)
    nano.cc(16, *KNOB_RIGHT)
    await expect(panel.get_by_label("Kind of cc 16")).to_have_value("signed")
    await panel.get_by_label("Kind of cc 16").select_option("magnitude")
    await until(lambda: nano.controls[-1]["kind"] == "magnitude")
    await begun(nano, panel)
    nano.key(40)
    await expect(panel.locator(".learning")).to_contain_text("This control cannot move that")
    await begun(nano, panel)
    await panel.get_by_role("button", name="Cancel").click()
    await expect(panel.locator(".learning")).to_have_text("Learning was ended.")
    anne.faults[:] = [fault for fault in anne.faults if REFUSED not in fault]


@pytest.mark.parametrize(("theme", "text"), LOOKS, ids=NAMED)
async def test_axe_finds_nothing_serious(nano: Controller, shared_screen: Open, theme: str, text: int) -> None:
    anne = await shared_screen()
    await nano.learned({"path": "band/ch1/pan"}, *(bytes((0xB0, 16, value)) for value in KNOB_RIGHT))
    await wear(anne.page, theme, text)
    await opened(anne.page)
    assert await faults(anne.page) == []


async def test_a_guest_sees_no_surfaces(app: App, browser: Browser) -> None:
    async with visitors(browser, app) as visit:
        guest = await visit(await invitation(app, "guest"))
        await come_in(guest, "Gus")
        await guest.goto(f"{guest.url.split('#')[0]}#/panel/surfaces")
        await expect(guest.locator(".panel")).to_be_hidden()

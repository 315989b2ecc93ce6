"""Places on the page: what is fetched later, what a reload keeps, and where Back and a sent address lead."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Route, expect

from remote_mixer.app import App
from tests.page.conftest import Open

LATER = re.compile(r"/(views/panels|main\.later)\.js")


async def test_a_panel_that_is_not_here_yet_stands_as_soon_as_it_comes(app: App, screens: Open) -> None:
    anne, here = await screens(), asyncio.Event()

    async def hold(route: Route) -> None:
        await here.wait()
        await route.continue_()

    await anne.page.route(LATER, hold)
    await anne.page.reload()
    await anne.link("online")
    await anne.page.locator('rm-strip[data-strip="band/ch1"] .plate').click()
    panel = anne.page.locator(".panel")
    await expect(panel).to_contain_text("Loading…")
    here.set()
    await expect(panel.get_by_label("Name", exact=True)).to_be_visible()


async def test_panels_are_fetched_soon_after_the_first_second_without_a_tap(app: App, screens: Open) -> None:
    anne = await screens()
    async with anne.page.expect_request(LATER):
        await anne.page.reload()

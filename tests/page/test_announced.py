"""Home automation on the page: the host ticks what Home Assistant finds, and takes away what is not here any more."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.entering import come_in, invitation, visitors
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import host
from tests.support.waiting import until


def ticked(app: App) -> Any:
    return host(app).call("GET", "/announced").json


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_a_mix_a_strip_and_a_scene_are_ticked_and_what_is_gone_is_unticked(
    app: App, screens: Open, ballad: int, size: dict[str, int]
) -> None:
    host(app).call("PUT", "/announced", {"strips": ["far/ch9"]})
    anne = await screens(size)
    await anne.page.goto(f"{anne.page.url.split('#')[0]}#/panel/announced")
    panel = anne.page.locator(".panel")
    await expect(panel.get_by_text("No broker is named")).to_be_visible()
    for entry in ("mixes band/bus2", "strips band/ch1", f"scenes {ballad}", "strips far/ch9"):
        key = panel.locator(f'[data-announced="{entry}"]')
        is_gone = entry.endswith("ch9")
        await expect(key).to_have_attribute("aria-pressed", str(is_gone).lower())
        await key.click()
        await expect(key).to_have_count(0) if is_gone else await expect(key).to_have_attribute("aria-pressed", "true")
    wanted = {"strips": ["band/ch1"], "layers": [], "mixes": ["band/bus2"], "scenes": [ballad]}
    await until(lambda: ticked(app) == wanted)


async def test_it_is_the_hosts_alone(app: App, browser: Browser) -> None:
    async with visitors(browser, app) as visit:
        crew = await visit(await invitation(app, "engineer", ""))
        await come_in(crew, "Eve")
        await crew.goto(f"{crew.url.split('#')[0]}#/panel/more")
        await expect(crew.locator(".panel").get_by_text("Surfaces")).to_be_visible()
        await expect(crew.locator(".panel").get_by_text("Home automation")).to_have_count(0)

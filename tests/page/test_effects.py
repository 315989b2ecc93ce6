"""Effects on the page: a send, a return's strip with the effect's controls, a tapped tempo, undo."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from remote_mixer.drivers.builtin_layout import TAPERS
from tests.support.browser import DESKTOP, PHONE, Screen
from tests.support.running import online, running
from tests.support.waiting import until
from tests.support.warm import warm

PICTURES = os.environ.get("REMOTE_MIXER_PICTURES")
TEMPO = "band/fx2/echo/time"
SEEN = (("fx1", "Effect"), ("fx2", "Effect"), ("ch1", "Sends"), ("ch1", "Dynamics"), ("fx1", "Sends"))


async def picture(page: Page, name: str) -> None:
    """Keep a picture for a person to look at, where a folder for it is named."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def show(screen: Screen, url: str, strip: str, tab: str) -> None:
    """Show a page of a strip's channel view."""
    await screen.page.goto(f"{url}#/strip/band/{strip}/{tab.lower()}")
    await screen.page.wait_for_selector(f'.page[data-page="{tab}"]')


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_tempo_is_tapped_on_the_returns_own_page(
    browser: Browser, size: dict[str, int], tmp_path: Path
) -> None:
    with running(warm(tmp_path / "data"), ("band", "builtin:")) as app:
        await online(app, "band")
        url = f"http://127.0.0.1:{app.port}/"
        screen = await Screen.open(browser, url, size, touch=size is PHONE)
        name = "phone" if size is PHONE else "desktop"
        for strip, tab in SEEN:
            await show(screen, url, strip, tab)
            await picture(screen.page, f"{name}-{strip}-{tab}")
        await show(screen, url, "fx2", "Effect")
        before = app.desk.values[TEMPO]
        key = screen.page.get_by_role("button", name="Tap tempo")
        for _ in range(3):
            await key.click()
            await screen.page.wait_for_timeout(250)
        await until(lambda: app.desk.values[TEMPO] != before)
        assert 200 < TAPERS["echo"].to_unit(float(app.desk.values[TEMPO] or 0)) < 1500
        assert screen.faults == []

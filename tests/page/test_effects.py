"""Effects on the page: a send, a return's strip with its controls, a tapped tempo, undo; the solo bus; key filters."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import THE_SERVER
from remote_mixer.drivers.builtin.layout import TAPERS
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, Screen
from tests.support.running import online, running
from tests.support.waiting import until
from tests.support.warm import warm

PICTURES = os.environ.get("REMOTE_MIXER_PICTURES")
TEMPO, SEND = "band/fx2/echo/time", "band/ch1/send/fx1/level"
SEEN = (
    ("fx1", "Effect"),
    ("fx2", "Effect"),
    ("ch1", "Sends"),
    ("ch1", "Dynamics"),
    ("fx1", "Sends"),
    ("bus1", "Output"),
)


async def picture(page: Page, name: str) -> None:
    """Keep a picture for a person to look at, where a folder for it is named."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def show(screen: Screen, url: str, strip: str, tab: str) -> None:
    """Show a page of a strip's channel view."""
    await screen.page.goto(f"{url}#/strip/band/{strip}/{tab.lower()}")
    await screen.page.wait_for_selector(f'.page[data-page="{tab}"]')


async def tap_a_tempo(app: App, screen: Screen, url: str) -> None:
    """Tap the tempo on the delay's page; the delay follows."""
    await show(screen, url, "fx2", "Effect")
    before = app.desk.values[TEMPO]
    key = screen.page.get_by_role("button", name="Tap tempo")
    for _ in range(3):
        await key.click()
        await screen.page.wait_for_timeout(250)
    await until(lambda: app.desk.values[TEMPO] != before)
    assert 200 < TAPERS["echo"].to_unit(float(app.desk.values[TEMPO] or 0)) < 1500


async def bring_sends_under_the_faders(app: App, screen: Screen, url: str, name: str) -> None:
    """Choose the reverb in the mix bar: the faders are the sends into it."""
    await screen.page.goto(url)
    keys = screen.page.locator(".mixkeys [data-to]")
    await expect(keys).to_have_count(1 + 8 + 2)
    for place, effect in ((9, "band/fx1"), (10, "band/fx2")):
        await expect(keys.nth(place)).to_have_attribute("data-to", effect)
    await keys.nth(9).click()
    fader = screen.page.locator(f'rm-fader[data-path="{SEND}"]')
    await expect(fader).to_be_visible()
    await picture(screen.page, f"{name}-sends")
    await fader.focus()
    await fader.press("ArrowUp")
    await until(lambda: float(app.desk.values[SEND] or 0) > 0)


async def watch_the_automatic_mixing(app: App, screen: Screen, url: str, name: str) -> None:
    """Put two channels into one group: what it takes away stands on the channel's page."""
    values: dict[str, Value] = {f"band/ch{channel}/source": "pink noise" for channel in (1, 2)}
    values |= {f"band/ch{channel}/automix/group": "X" for channel in (1, 2)}
    app.loop.call_soon_threadsafe(app.desk.set, values, next(iter(app.hub.clients)).source)
    await show(screen, url, "ch1", "Dynamics")
    gauge = screen.page.locator('rm-reduction[data-tap="band/ch1/automix"]')
    await expect(gauge).to_contain_text("3.0", timeout=10_000)
    await expect(gauge).to_be_visible()
    await picture(screen.page, f"{name}-automix")


async def filter_a_key(app: App, screen: Screen, url: str, part: str, tab: str) -> None:
    """Let a gate or a compressor hear through its key filter, on its own page."""
    await show(screen, url, "ch1", tab)
    await expect(screen.page.locator("h3", has_text="Key filter")).to_be_visible()
    local = f"band/ch1/{part}/filter"
    await screen.page.locator(f'rm-toggle[data-path="{local}/on"]').click()
    await screen.page.locator(f'rm-chooser[data-path="{local}/type"] select').select_option("lowcut 12")
    await until(lambda: (app.desk.values[f"{local}/on"], app.desk.values[f"{local}/type"]) == (True, "lowcut 12"))


async def listen(app: App, screen: Screen, url: str, name: str) -> None:
    """Listen after the faders, softer, on the solo bus's own page, and end all solos there."""
    await screen.page.goto(f"{url}#/strip/band/solo")
    await screen.page.wait_for_selector('.page[data-page="Solo"]')
    app.loop.call_soon_threadsafe(app.desk.set, {"band/ch1/solo": True}, next(iter(app.hub.clients)).source)
    await screen.page.get_by_role("button", name="AFL").click()
    await screen.page.locator('rm-toggle[data-path="band/solo/dim"]').click()
    await until(lambda: (app.desk.values["band/solo/mode"], app.desk.values["band/solo/dim"]) == ("AFL", True))
    await picture(screen.page, f"{name}-solo")
    await screen.page.locator(".page").get_by_role("button", name="Clear solos").click()
    await until(lambda: app.desk.values["band/ch1/solo"] is False)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(warm(tmp_path_factory.mktemp("data")), ("band", "builtin:")) as app:
        yield app


@pytest_asyncio.fixture(scope="module")
async def at_first(served: App) -> dict[str, Value]:
    """Values that these tests touch, as the engine starts."""
    await online(served)
    touched = re.compile(rf"{TEMPO}|{SEND}|band/ch[12]/(source|automix/group|solo)|band/ch1/.*/filter/.*|band/solo/.*")
    return {path: value for path, value in served.desk.values.items() if touched.fullmatch(path)}


@pytest_asyncio.fixture
async def app(served: App, at_first: dict[str, Value]) -> App:
    served.loop.call_soon_threadsafe(served.desk.set, at_first, THE_SERVER)
    await until(lambda: served.desk.values.items() >= at_first.items())
    return served


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_tempo_is_tapped_sends_come_under_the_faders_and_automatic_mixing_is_seen_solos_heard_and_keys_filtered(
    app: App, screens: Open, size: dict[str, int]
) -> None:
    url = f"http://127.0.0.1:{app.port}/"
    screen = await screens(size, touch=size is PHONE)
    name = "phone" if size is PHONE else "desktop"
    for strip, tab in SEEN:
        await show(screen, url, strip, tab)
        await picture(screen.page, f"{name}-{strip}-{tab}")
    await tap_a_tempo(app, screen, url)
    await bring_sends_under_the_faders(app, screen, url, name)
    await watch_the_automatic_mixing(app, screen, url, name)
    await listen(app, screen, url, name)
    for part, tab in (("gate", "Gate"), ("dyn", "Dynamics")):
        await filter_a_key(app, screen, url, part, tab)
        await picture(screen.page, f"{name}-{part}-key")

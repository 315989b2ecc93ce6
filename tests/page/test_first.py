"""The first second: what stands on the page keeps its place when the consoles come, on a first visit and a return."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, WebSocket, expect

from remote_mixer.app import App
from remote_mixer.drivers import registry
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.demo import Demo
from tests.support.browser import DESKTOP, PATIENCE_MS, PHONE
from tests.support.running import online, running

MOST_SHIFT = 0.02
"""Layout shift of a whole visit, as browsers count it; a shift that a finger has caused does not count."""
COUNT_SHIFTS = """
  window.shifted = 0
  window.moved = []
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue
      window.shifted += value
      window.moved.push(...(sources ?? []).map(({ node }) => node?.className || node?.localName || "gone"))
    }
  }).observe({ type: "layout-shift", buffered: true })
"""
NOTE_WHAT_GOES = """
  window.gone = []
  new MutationObserver((records) => {
    for (const { target, removedNodes } of records)
      if (target.matches("nav.layers, nav.mixkeys"))
        window.gone.push(...[...removedNodes].map((key) => key.textContent))
  }).observe(document, { childList: true, subtree: true })
"""
COME_LATE = """
  const drawn = new Promise((done) => {
    const look = () => {
      if (document.querySelector(".mixer")) requestAnimationFrame(() => setTimeout(done, 600))
      else setTimeout(look, 5)
    }
    look()
  })
  window.WebSocket = class extends WebSocket {
    set onmessage(heard) {
      this.heard = heard
      super.onmessage = async (event) => {
        await drawn
        this.heard(event)
      }
    }
  }
"""
"""Delay of the server's first frames, as on a slow road: no shift counts within 500 ms of a phone's first size."""
SETTLED = """() => new Promise((drawn) => {
    if (!customElements.get("rm-eq")) return drawn(false)
    requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))
})"""
"""True two frames after the late modules are here: nothing comes after them."""


class WithoutMixes(Demo):
    """The console in memory without its buses."""

    def __init__(self, setup: Setup) -> None:
        """Take no spec."""
        super().__init__(setup)
        strips = tuple(strip for strip in self.layout.strips if strip.kind != "bus")
        self.layout = type(self.layout)(setup.name, self.title, "demo", self.layout.tapers, {}, strips)


@contextmanager
def serving(data: Path, console: str) -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.DRIVERS, "studio", "tests.support.studio:Studio")
        patch.setitem(registry.DRIVERS, "bare", f"{__name__}:WithoutMixes")
        with running(data, ("band", console)) as app:
            yield app


@pytest.fixture(scope="module", params=["demo:", "studio:", "bare:"], ids=["mixes", "mute groups", "no mixes"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with serving(tmp_path_factory.mktemp("data"), request.param) as app:
        yield app


async def shift(context: BrowserContext, port: int) -> tuple[float, list[str]]:
    """Return the layout shift of one visit, and what has moved."""
    page = await context.new_page()
    await page.add_init_script(COUNT_SHIFTS + COME_LATE)
    await page.goto(f"http://127.0.0.1:{port}/")
    await expect(page.locator(".bank rm-fader").first).to_be_visible()
    await page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    shifted, moved = await page.evaluate("[window.shifted, window.moved]")
    await page.close()
    return shifted, moved


HOLD_IDLE_TIME = """
  window.idle = []
  window.requestIdleCallback = (act) => window.idle.push(act)
"""
NEXT_IDLE_TIME = "() => window.idle.splice(0).forEach((act) => act({ timeRemaining: () => 50 }))"
BUILT = """() => [...document.querySelectorAll(".bank rm-strip")]
    .map((strip) => strip.querySelector("rm-fader") !== null)"""
HIDDEN_PARTS = """() => [...document.querySelectorAll(".bay [data-at]:not(.none)")]
    .filter((part) => part.offsetHeight === 0).length"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_nothing_moves_when_the_consoles_come(browser: Browser, app: App, size: dict[str, int]) -> None:
    context = await browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # a size has both
        has_touch=size is PHONE,
        is_mobile=size is PHONE,
    )
    visits = [await shift(context, app.port) for _ in ("first", "return")]
    await context.close()
    if "band/bus1/fader" not in app.desk.values:  # nobody knows before a first visit that there are no mixes
        visits = visits[1:]
    assert max(shifted for shifted, _ in visits) <= MOST_SHIFT, visits


async def test_strips_in_sight_are_built_first_those_that_come_into_sight_at_once_and_the_rest_when_idle(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, "demo:32") as app:
        await online(app)
        page = await browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # a size has both
        await page.add_init_script(HOLD_IDLE_TIME)
        await page.goto(f"http://127.0.0.1:{app.port}/")
        await expect(page.locator(".bank rm-fader").first).to_be_visible()
        await page.wait_for_function("() => window.idle.length > 0")
        built = await page.evaluate(BUILT)
        assert built == [True] * 4 + [False] * (len(built) - 4)
        await page.locator(".bank").evaluate("bank => bank.scrollTo({ left: bank.scrollWidth })")
        await expect(page.locator(".bank rm-strip").last.locator("rm-fader")).to_be_visible()
        assert sum(await page.evaluate(BUILT)) == 8
        await page.evaluate(NEXT_IDLE_TIME)
        assert all(await page.evaluate(BUILT))
        assert await page.evaluate(HIDDEN_PARTS) == 0
        await page.close()


async def test_where_there_are_no_mixes_their_row_goes(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, "bare:") as app:
        await online(app)
        page = await browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # a size has both
        await page.goto(f"http://127.0.0.1:{app.port}/")
        await expect(page.locator(".bank rm-fader").first).to_be_visible()
        await expect(page.locator(".mixbar")).to_be_hidden()
        await page.close()


async def test_keys_of_mixes_and_layers_that_come_with_the_consoles_are_built_once(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, "demo:") as app:
        await online(app)
        page = await browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # a size has both
        await page.add_init_script(NOTE_WHAT_GOES)
        await page.goto(f"http://127.0.0.1:{app.port}/")
        await page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
        await expect(page.locator(".layers [aria-pressed]").nth(1)).to_be_visible()
        await expect(page.locator(".mixkey").nth(1)).to_be_visible()
        assert set(await page.evaluate("window.gone")) <= {"", "All", "Main"}
        await page.close()


async def test_a_return_says_hello_in_its_links_address_and_each_tab_has_an_id_of_its_own(
    browser: Browser, tmp_path: Path
) -> None:
    links: list[WebSocket] = []
    sent: list[str] = []

    def note(link: WebSocket) -> None:
        links.append(link)
        link.on("framesent", lambda text: sent.append(str(text)))

    with serving(tmp_path, "bare:") as app:
        await online(app)
        context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # a size has both
        for _ in ("first", "return", "return"):
            page = await context.new_page()
            page.on("websocket", note)
            await page.goto(f"http://127.0.0.1:{app.port}/")
            await expect(page.locator(".bank rm-fader").first).to_be_visible()
        await context.close()
    said = [parse_qs(urlsplit(link.url).query).get("hello", ["null"])[0] for link in links]
    first, *returns = map(json.loads, said)
    assert first is None
    assert len({hello["client"] for hello in returns}) == 2
    assert ["hello" in text for text in sent].count(True) == 1

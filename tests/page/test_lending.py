"""A device that is lent again holds nothing of the test before."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Browser

from remote_mixer.app import App
from tests.support.browser import DESKTOP, PHONE
from tests.support.devices import borrow, keep_out, leave
from tests.support.waiting import PATIENCE_SECONDS

DOWN: Any = {"type": "touchStart", "touchPoints": [{"x": 9, "y": 9}]}
KEEP = """async () => {
  localStorage.kept = sessionStorage.kept = document.cookie = "kept=1"
  await caches.open("kept")
  await new Promise((done) => (indexedDB.open("kept").onsuccess = done))
  addEventListener("pagehide", () => sessionStorage.setItem("kept", "late"))
  history.pushState({}, "", "#/kept")
}"""
TOUCHES = """() => new Promise((touched) => {
  addEventListener("touchstart", ({ touches }) => touched(touches.length))
  window.listens = true
})"""
KEPT = """async () => [
  localStorage.kept, sessionStorage.kept, document.cookie, navigator.maxTouchPoints,
  ...await caches.keys(), ...(await indexedDB.databases()).map(({ name }) => name),
]"""


async def test_a_device_is_lent_again_and_holds_nothing_of_the_test_before(browser: Browser, app: App) -> None:
    url = f"http://127.0.0.1:{app.port}/why"
    first = await borrow(browser, PHONE)
    await first.page.goto(url)
    await first.page.evaluate(KEEP)
    assert (await first.page.evaluate(KEPT))[4:] == ["kept", "kept"]
    await first.cdp.send("Input.dispatchTouchEvent", DOWN)
    await leave(first.page)
    again = await borrow(browser, DESKTOP)
    assert again.page is first.page
    await again.page.goto(url)
    assert await again.page.evaluate(KEPT) == [None, None, "", 1]
    assert await again.page.evaluate("innerWidth") == DESKTOP["width"]
    assert await again.page.evaluate("history.length") <= 2  # an empty page, and this
    touches = asyncio.create_task(again.page.evaluate(TOUCHES))
    await again.page.wait_for_function("() => window.listens")
    await again.cdp.send("Input.dispatchTouchEvent", DOWN)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await touches == 1, "the finger of the test before has gone"
    await leave(again.page)


async def test_a_device_that_is_changed_for_good_or_has_been_elsewhere_or_has_more_pages_is_closed(
    browser: Browser, app: App
) -> None:
    changed, elsewhere, double = [await borrow(browser, PHONE) for _ in range(3)]
    keep_out(changed.page)
    for host in ("127.0.0.1", "remote-mixer.local"):
        await elsewhere.page.goto(f"http://{host}:{app.port}/why")
    await double.page.context.new_page()
    for device in (changed, elsewhere, double):
        await leave(device.page)
        assert device.page.is_closed()

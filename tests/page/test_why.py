"""Sentences of /why in a real browser, where it or a proxy lacks something that the mixer needs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from remote_mixer.app import App
from tests.page.test_joining import served as served  # noqa: PLC0414 - this computer is not trusted: people join
from tests.support.browser import Rewrite, Wire

OLD_BROWSER = "delete HTMLScriptElement.prototype.noModule"


@asynccontextmanager
async def opened(browser: Browser, url: str, *, scripts: bool = True, before: str = "") -> AsyncIterator[Page]:
    """Open an address on a fresh device; `before` is a script that takes something from it."""
    context = await browser.new_context(java_script_enabled=scripts)
    try:
        page = await context.new_page()
        if before:
            await page.add_init_script(before)
        await page.goto(url)
        yield page
    finally:
        await context.close()


def swap(old: bytes, new: bytes) -> Rewrite:
    return lambda data: re.sub(old, new, data)


async def test_a_browser_that_lacks_nothing_reads_so(browser: Browser, app: App) -> None:
    async with opened(browser, f"http://127.0.0.1:{app.port}/why") as page:
        await expect(page.locator("h1:visible")).to_have_text("Nothing is missing: this browser can open the mixer.")
        assert await page.locator(".checks li.no:visible").count() == 0
        await page.get_by_role("link", name="Open the mixer").click()
        await expect(page.get_by_role("heading", name="Join the mixer")).to_be_visible()


async def test_without_scripts_the_first_page_leads_to_what_to_do(browser: Browser, app: App) -> None:
    async with opened(browser, f"http://127.0.0.1:{app.port}/", scripts=False) as page:
        await page.get_by_role("link", name="What to do").click()
        await expect(page.locator("h1:visible")).to_contain_text("Scripts are switched off")
        await expect(page.get_by_text("Cookies are kept.")).to_be_visible()


async def test_a_browser_without_modules_is_told_at_once_and_is_too_old(browser: Browser, app: App) -> None:
    async with opened(browser, f"http://127.0.0.1:{app.port}/", before=OLD_BROWSER) as page:
        await page.wait_for_function(
            "() => document.querySelector('#late') || document.documentElement.dataset.started == ''"
        )
    async with opened(browser, f"http://127.0.0.1:{app.port}/why", before=OLD_BROWSER) as page:
        await expect(page.locator("h1:visible")).to_have_text("This browser is too old for the mixer.")


async def test_modules_that_do_not_come_within_5_s_are_told_of_and_one_that_comes_takes_the_words_away(
    browser: Browser, app: App
) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    held: list[Callable[[], object]] = []
    await page.route("**/main.js", lambda route: held.append(route.continue_))
    await page.clock.install(time=0)
    await page.clock.pause_at(1000)  # a clock that is only installed also moves by itself
    await page.goto(f"http://127.0.0.1:{app.port}/", wait_until="commit")
    await page.wait_for_function("() => document.querySelector('script') && document.body")
    await page.clock.run_for(4900)
    assert await page.locator("#late").count() == 0
    await page.clock.run_for(200)
    link = page.get_by_role("link", name="What is missing?")
    await expect(link).to_have_attribute("href", "why")
    await held[0]()  # type: ignore[misc]
    await expect(page.get_by_role("heading", name="Join the mixer")).to_be_visible()
    assert await page.locator("#late").count() == 0
    await context.close()


@pytest.mark.parametrize(
    ("up", "down", "address", "reads"),
    [
        (swap(rb"(?i)upgrade: websocket", b"X-Cut: off"), bytes, "/why", "The live line to the mixer"),
        (swap(rb"Host: [^\r]+", b"Host: backend:5001"), bytes, "/", "This address is not one of the mixer's own."),
        (swap(rb"GET /mixer/", b"GET /"), bytes, "/mixer/", "The mixer has no page at this path"),
        (bytes, bytes, "/mixer/", "The mixer has no page at this path"),
        (
            bytes,
            swap(rb"(?i)content-type: text/javascript", b"Content-Type: text/plainscript"),
            "/why",
            "scripts do not come",
        ),
        (bytes, swap(rb"(?i)set-cookie", b"X-No-Cookie"), "/why", "This browser keeps no cookies"),
    ],
    ids=["no upgrade", "Host of its own", "path cut off", "path left on", "other media type", "no cookies"],
)
async def test_behind_a_proxy_that_passes_something_not_on_a_person_reads_what(
    browser: Browser, app: App, up: Rewrite, down: Rewrite, address: str, reads: str
) -> None:
    proxied = Wire(app.port, up, down)
    async with proxied.laid(), opened(browser, f"http://127.0.0.1:{proxied.port}{address}") as page:
        await expect(page.locator("h1:visible")).to_contain_text(reads)
        assert await page.locator("h1:visible").count() == 1


async def test_with_cookies_blocked_the_right_pin_says_what_to_do_and_leaves_nobody(browser: Browser, app: App) -> None:
    known = app.admission.people()
    proxied = Wire(app.port, down=swap(rb"(?i)set-cookie", b"X-No-Cookie"))
    async with proxied.laid(), opened(browser, f"http://127.0.0.1:{proxied.port}/") as page:
        await page.get_by_label("Your name").fill("Ghost")
        await page.get_by_label("PIN").fill(app.admission.pin or "")
        await page.get_by_role("button", name="Join", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text("keeps no cookies")
        await page.get_by_role("link", name="What was checked").click()
        await expect(page.locator("h1:visible")).to_contain_text("keeps no cookies")
    assert app.admission.people() == known

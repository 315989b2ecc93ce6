"""The report for a bug on the host's page."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.entering import come_in, invitation, visitors
from tests.support.browser import PHONE
from tests.support.devices import keep_out


def read(path: Path) -> str:
    return Path(path).read_text("utf-8")


async def open_more(page: Page) -> None:
    await page.locator('[data-tool="more"]:visible, .keys [data-name="more"]:visible').first.click()


async def test_the_host_reads_copies_and_saves_the_report(app: App, screens: Open) -> None:
    page = (await screens(PHONE)).page
    keep_out(page)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await open_more(page)
    await page.get_by_text("Report a bug").click()
    copy, report = page.get_by_role("button", name="Copy"), page.get_by_label("Report", exact=True)
    await expect(copy).to_be_enabled()
    text = await report.input_value()
    assert f"127.0.0.1 port {app.port}" in text
    assert str(app.admission.pin) not in text
    await copy.click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == text
    async with page.expect_download() as started:
        await page.get_by_text("Save as file").click()
    saved = await started.value
    assert saved.suggested_filename == "remote-mixer-report.txt"
    assert await asyncio.to_thread(read, await saved.path()) == text


async def test_nobody_but_the_host_is_offered_the_report(app: App, browser: Browser) -> None:
    async with visitors(browser, app) as visit:
        page = await visit(await invitation(app, "engineer", ""))
        await come_in(page, "Gerd")
        await open_more(page)
        await expect(page.get_by_text("network log")).to_be_visible()
        await expect(page.get_by_text("Report a bug")).to_have_count(0)

"""Devices that come to a mixer which trusts nobody for where they come from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from playwright.async_api import Browser, Page

from remote_mixer.app import App
from tests.support.browser import PHONE
from tests.support.devices import Device, borrow, leave

Visit = Callable[..., Awaitable[Page]]
Answer = TypeVar("Answer")
REFUSED = "Failed to load resource"
"""What the browser itself remarks of an answer like 403; the page shows it to the person."""


async def on_loop(app: App, asked: Coroutine[Any, Any, Answer]) -> Answer:
    """Await something of the door, which lives in the server's own loop."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, app.loop))


async def invitation(app: App, role: str = "musician", mix: str = "band/bus1", kind: str = "once") -> str:
    """Return what stands behind the # of a new invitation's address."""
    _, token = await on_loop(app, app.admission.invite(role, mix, kind, by="Test"))
    return f"#join={token}"


@asynccontextmanager
async def visitors(browser: Browser, app: App) -> AsyncIterator[Visit]:
    """Let devices come, each with its own cookies; none of them may have complained at the end."""
    opened: list[Device] = []

    async def visit(behind: str = "", size: dict[str, int] = PHONE) -> Page:
        device = await borrow(browser, size, mobile=False)
        opened.append(device)
        await device.page.goto(f"http://127.0.0.1:{app.port}/{behind}")
        return device.page

    yield visit
    complaints = [device.faults for device in opened]
    for device in opened:
        await leave(device.page)
    serious = [fault for faults in complaints for fault in faults if REFUSED not in fault]
    assert serious == [], serious


async def come_in(page: Page, name: str) -> None:
    """Say a name and come in by the invitation at hand."""
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Join", exact=True).click()
    await page.wait_for_selector('[data-wire="online"]')


async def person_called(app: App, name: str) -> str:
    """Return the id of a person."""
    return next(person.id for person in app.admission.people() if person.name == name)

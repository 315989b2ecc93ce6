"""Devices of a browser, lent to one test after the other.

A page opens at two thirds of the cost where another has been: fonts are found, and its code is read.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from playwright.async_api import Browser, CDPSession, ConsoleMessage, Error, Frame, Page

from tests.support.waiting import PATIENCE_SECONDS

Kind: TypeAlias = tuple[Browser, bool, bool]
"""A browser, whether the device has a touch screen, and whether it is a phone or tablet."""

REMARKS = ("WebSocket connection to", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE")
RECORD_NOTICES = """
  window.noticed = []
  new MutationObserver(() => {
    for (const notice of document.querySelectorAll("rm-notice p"))
      if (window.noticed.at(-1) !== notice.textContent) window.noticed.push(notice.textContent)
  }).observe(document, { childList: true, subtree: true })
"""
"""Keeps what the page's notices say: each stays 4.5 s, which passes unseen where the machine has other work."""


def is_fault(said: ConsoleMessage) -> bool:
    """Return whether the page itself complains; a browser also remarks that a link was cut."""
    return said.type == "error" and not any(remark in said.text for remark in REMARKS)


@dataclass
class Device:
    """A device that holds nothing, with an empty page; what the page's console complains of is in `faults`."""

    kind: Kind
    page: Page
    cdp: CDPSession
    faults: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    @classmethod
    async def fresh(cls, kind: Kind, size: dict[str, int]) -> Device:
        browser, touch, mobile = kind
        context = await browser.new_context(viewport=size, has_touch=touch, is_mobile=mobile)  # type: ignore[arg-type]  # a size has both
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        await context.add_init_script(RECORD_NOTICES)
        page = await context.new_page()
        made = cls(kind, page, await context.new_cdp_session(page))
        page.on("pageerror", lambda fault: made.faults.append(str(fault)))
        page.on("console", lambda said: made.faults.append(said.text) if is_fault(said) else None)
        page.on("framenavigated", made.note)
        return made

    def note(self, frame: Frame) -> None:
        """Note whose page is open, for what it keeps."""
        scheme, host, *_ = urlsplit(frame.url)
        if host:
            self.origins.add(f"{scheme}://{host}")

    async def wipe(self) -> None:
        """Leave the page and take away what it keeps; the browser's Error where that cannot be."""
        with suppress(Error):  # no finger is down
            await self.cdp.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})
        await self.page.goto("about:blank")
        for origin in self.origins:
            await self.cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        await self.cdp.send("Page.resetNavigationHistory")
        self.origins.clear()


idle: defaultdict[Kind, list[Device]] = defaultdict(list)
lent: dict[Page, Device] = {}


async def borrow(browser: Browser, size: dict[str, int], *, touch: bool = True, mobile: bool = True) -> Device:
    """Return a device that holds nothing; `leave` takes it back."""
    kind = browser, touch, mobile
    device = idle[kind].pop() if idle[kind] else await Device.fresh(kind, size)
    if device.page.viewport_size != size:
        await device.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    device.faults = []
    lent[device.page] = device
    return device


async def leave(page: Page) -> None:
    """Leave a page; its device is lent again unless it was kept out, has more pages, or was at several addresses."""
    device = lent.pop(page, None)
    if device and len(device.origins) <= 1 and page.context.pages == [page]:
        with suppress(Error):
            await device.wipe()
            idle[device.kind].append(device)
            return
    await page.context.close()


def keep_out(page: Page) -> None:
    """Lend the device of a page to nobody else: it is about to be changed for good, as by a script for each page."""
    del lent[page]

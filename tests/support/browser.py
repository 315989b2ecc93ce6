"""A real browser, fingers on it, and a wire that can be cut."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

from tests.support.complete import need
from tests.support.devices import borrow, leave
from tests.support.waiting import PATIENCE_SECONDS

# Only the last --disable-features counts, so Playwright's own come first. The rest are popups of the address bar: pages
# that the browser loads for each device though nobody sees them, with a third of the work of opening our page.
UNUSED_FEATURES = [
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
]
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP *.local 127.0.0.1",
    f"--disable-features={','.join(UNUSED_FEATURES)}",
]
WHOLE = ("chromium", "chromium-browser", "google-chrome")
WITHOUT_WINDOWS = ("chromium-headless-shell", *WHOLE)
"""The same Chromium without address bar and windows, which are a third of the work of opening a page."""
PHONE = {"width": 390, "height": 844}
PHONE_ON_ITS_SIDE = {"width": 844, "height": 390}
TABLET = {"width": 1024, "height": 768}
DESKTOP = {"width": 1440, "height": 900}
TAP_SECONDS, TAP_PAUSE_SECONDS = 0.03, 0.09
PATIENCE_MS = PATIENCE_SECONDS * 1000

MIDDLE = """(element) => {
  const { x, y, width, height } = element.getBoundingClientRect()
  const middle = [x + width / 2, y + height / 2]
  return element.contains(document.elementFromPoint(...middle)) && middle
}"""
"""Returns the middle of an element; false where another lies over it, as a panel that is about to close."""
OVER = """(element) => {
  const { x, y, width, height } = element.getBoundingClientRect()
  const over = document.elementFromPoint(x + width / 2, y + height / 2)
  const still = element.closest('[inert], [data-inert]') ? 'inert ' : ''
  return `${still}${x}, ${y}, ${width} × ${height}: ${over?.outerHTML.slice(0, 200)}`
}"""
"""Returns where an element is, and what lies over it."""

Rewrite = Callable[[bytes], bytes]


def sandbox() -> list[str]:
    """Return what Chromium has to be told where tests run as root, which its sandbox does not take."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


@asynccontextmanager
async def chromium(home: Path | None = None, programs: Iterable[str] = WHOLE) -> AsyncIterator[Browser]:
    """Start the first of some programs that is installed; the test is skipped where there is none.

    In `home` it finds whom it is to trust, in .pki/nssdb.
    """
    program = next(filter(None, map(shutil.which, programs)), None)
    need(program, "no Chromium is installed")
    async with async_playwright() as play:
        env: dict[str, str | float | bool] = {**os.environ, "HOME": str(home or Path.home())}
        browser = await play.chromium.launch(executable_path=program, args=[*QUIET, *sandbox()], env=env)
        yield browser
        await browser.close()


async def noticed(page: Page, text: str) -> None:
    """Wait until a notice of the page has said a text, whether or not the notice still stands."""
    await page.wait_for_function(
        "text => window.noticed.some((notice) => notice.includes(text))", arg=text, timeout=PATIENCE_MS
    )


class Screen:
    """One device with the page open."""

    def __init__(self, page: Page, cdp: CDPSession, faults: list[str]) -> None:
        self.page, self._cdp, self.faults = page, cdp, faults

    @classmethod
    async def open(cls, browser: Browser, url: str, size: dict[str, int], *, touch: bool) -> Screen:
        """Open the page on a device that holds nothing; what its console complains of is in `faults`."""
        device = await borrow(browser, size, touch=touch, mobile=touch)
        await device.page.goto(url)
        await device.page.wait_for_selector("rm-fader", timeout=PATIENCE_MS)
        return cls(device.page, device.cdp, device.faults)

    @property
    def context(self) -> BrowserContext:
        """The device's own cookies and storage."""
        return self.page.context

    def fader(self, path: str) -> str:
        """Return the selector of a fader."""
        return f'rm-fader[data-path="{path}"]'

    async def position(self, path: str) -> float:
        """Return where a fader's cap is drawn, 0–1."""
        script = "e => Number(getComputedStyle(e).getPropertyValue('--position'))"
        return float(await self.page.locator(self.fader(path)).first.evaluate(script))

    async def stands_at(self, path: str, position: float, tolerance: float = 0.002) -> None:
        """Wait until a fader's cap is drawn at a position."""
        await self.page.wait_for_function(
            """([selector, position, tolerance]) => {
                 const fader = document.querySelector(selector)  // none while the page is laid out anew
                 const style = fader && getComputedStyle(fader)
                 return style && Math.abs(Number(style.getPropertyValue("--position")) - position) <= tolerance
               }""",
            arg=[self.fader(path), position, tolerance],
            timeout=PATIENCE_MS,
        )

    async def link(self, state: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the page says that its link is in a state."""
        await self.page.wait_for_selector(f'[data-link="{state}"]', timeout=seconds * 1000)

    async def leave(self) -> None:
        """Leave the page, so that the device is lent again."""
        await leave(self.page)

    # Fingers

    async def middle(self, selector: str, find: str = MIDDLE) -> tuple[float, float]:
        """Return the middle of an element, in pixels, as soon as a finger that lands there would land on it.

        find  script that returns it, and may scroll to it before
        """
        element, deadline = self.page.locator(selector).first, time.monotonic() + PATIENCE_SECONDS
        while True:
            if middle := await element.evaluate(find, timeout=PATIENCE_MS):
                return float(middle[0]), float(middle[1])
            assert time.monotonic() < deadline, f"{selector} is hidden at {await element.evaluate(OVER)}"

    async def touch(self, kind: str, *points: tuple[float, float], at: float | None = None) -> None:
        """Put fingers down (touchStart), move them (touchMove) or lift them (touchEnd).

        at  the time that the event carries, in seconds since 1970; without it the time of its arrival
        """
        touches: list[Any] = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        event: dict[str, Any] = {"type": kind, "touchPoints": touches}
        await self._cdp.send("Input.dispatchTouchEvent", event if at is None else event | {"timestamp": at})

    async def drawn(self) -> None:
        """Wait until a new size, or the moves of fingers, are drawn: the browser gives the page both once a frame."""
        await self.page.evaluate(
            "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )

    async def double_tap(self, selector: str) -> None:
        """Tap twice, 90 ms apart by the events' own times, however slow the machine is."""
        point, start = await self.middle(selector), time.time() - 2 * TAP_PAUSE_SECONDS
        for tap in (start, start + TAP_PAUSE_SECONDS):
            await self.touch("touchStart", point, at=tap)
            await self.touch("touchEnd", at=tap + TAP_SECONDS)

    async def drag(self, path: str, pixels: float, *, lift: bool = True, find: str = MIDDLE) -> None:
        """Drag a fader up by so many pixels (down when negative), as a finger does."""
        x, y = await self.middle(self.fader(path), find)
        await self.touch("touchStart", (x, y))
        for step in range(1, 11):
            await self.touch("touchMove", (x, y - pixels * step / 10))
        if lift:
            await self.touch("touchEnd")
        else:
            await self.drawn()


class Wire:
    """A TCP road between page and server that can be cut, and mended; or a proxy that rewrites what goes up or down."""

    def __init__(self, port: int, up: Rewrite = bytes, down: Rewrite = bytes) -> None:
        self._far, self._up, self._down = port, up, down
        self._ends: set[asyncio.StreamWriter] = set()
        self.whole = True
        self.upstream = bytearray()
        self.port = 0

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Wire]:
        """Listen on a port of its own."""
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut()

    def cut(self) -> None:
        """Cut what runs and let nothing new through."""
        self.whole = False
        for end in list(self._ends):
            end.transport.abort()

    def mend(self) -> None:
        """Let new connections through."""
        self.whole = True

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        self._ends |= {writer, far_writer}
        await asyncio.gather(
            self._carry(reader, far_writer, self._up, self.upstream), self._carry(far_reader, writer, self._down, None)
        )
        self._ends -= {writer, far_writer}

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rewrite: Rewrite, copy: bytearray | None
    ) -> None:
        try:
            while data := await reader.read(65536):
                if copy is not None:
                    copy += data
                writer.write(rewrite(data))
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

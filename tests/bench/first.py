"""First second: requests, bytes and time until a fader moves, on a first visit and on a return, on a slow phone.

    python -m tests.bench.first --runs 5

A phone upright in Chromium, its processor four times slower, on two roads: 60 ms there and back, and a Wi-Fi with
200 ms and 2 % loss. A fader moves from the first frame on in which it stands drawn and live; a finger then proves it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession

from remote_mixer.app import App
from tests.bench.machine import describe
from tests.bench.shaped import Road
from tests.support.browser import PATIENCE_MS, PHONE, Screen, chromium
from tests.support.running import online, running
from tests.support.waiting import until

SLOWER = 4
FADER = "band/ch1/fader"
ROADS = {"60 ms": (0.06, 0.0), "Wi-Fi, 200 ms, 2 % loss": (0.2, 0.02)}
WATCH = f"""
  window.first = {{ moves: 0, shift: 0 }}
  new PerformanceObserver((list) => {{
    for (const {{ value, hadRecentInput }} of list.getEntries()) if (!hadRecentInput) window.first.shift += value
  }}).observe({{ type: "layout-shift", buffered: true }})
  const look = () => {{
    const live = document.querySelector('rm-fader[data-path="{FADER}"]:not([data-inert])')
    if (live && live.offsetHeight) window.first.moves = performance.now()
    else requestAnimationFrame(look)
  }}
  look()
"""

MOVES = """
  new Promise((done) => {
    const ask = () => window.first?.moves ? done() : setTimeout(ask, 20)
    ask()
  })
"""
"""Resolved once a fader moves. Asked by the browser's protocol: Playwright's own way to wait first puts a large script
into the page, which a processor four times slower parses for a tenth of a second before it comes to the page's own."""


@dataclass
class Visit:
    """Visit of a page: seconds to the first paint and until a fader moves, and what was transferred by then.

    http_bytes  answers to requests, packed
    carried     bytes on the road either way, those of the socket and all heads among them
    """

    painted: float = 0.0
    moves: float = 0.0
    shift: float = 0.0
    requests: list[str] = field(default_factory=list)
    http_bytes: int = 0
    carried: int = 0

    def watch(self, cdp: CDPSession) -> None:
        """Count what a page transfers from now on."""
        cdp.on("Network.requestWillBeSent", lambda event: self._asked(event["request"]["url"]))
        cdp.on("Network.webSocketCreated", lambda event: self._asked(event["url"]))
        cdp.on("Network.loadingFinished", self._came)
        cdp.on("Network.responseReceived", lambda event: self._kept(event["response"]))

    def _asked(self, url: str) -> None:
        if not self.moves:
            self.requests.append(url)

    def _kept(self, response: dict[str, Any]) -> None:
        """Count nothing for what the browser had kept."""
        if not self.moves and response["fromDiskCache"] and response["url"] in self.requests:
            self.requests.remove(response["url"])

    def _came(self, event: dict[str, Any]) -> None:
        if not self.moves:
            self.http_bytes += int(event["encodedDataLength"])


async def visit(app: App, context: BrowserContext, road: Road) -> Visit:
    """Open the page and drag a fader as soon as it moves."""
    page = await context.new_page()
    cdp = await context.new_cdp_session(page)
    seen, before_it = Visit(), road.carried
    seen.watch(cdp)
    await cdp.send("Network.enable")
    await cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.add_init_script(WATCH)
    await page.goto(f"http://127.0.0.1:{road.port}/", wait_until="commit")
    async with asyncio.timeout(4 * PATIENCE_MS / 1000):
        await cdp.send("Runtime.evaluate", {"expression": MOVES, "awaitPromise": True})
    seen.carried = road.carried - before_it
    first = await page.evaluate(
        "({ ...window.first, painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0 })"
    )
    seen.moves, seen.painted = first["moves"] / 1000, first["painted"] / 1000
    screen = Screen(page, cdp, [])
    before = app.desk.values[FADER]
    await screen.drag(FADER, 40 if float(before or 0) < 0.5 else -40)
    await until(lambda: app.desk.values[FADER] != before)
    seen.shift = await page.evaluate("window.first.shift")
    await page.close()
    return seen


async def visits(app: App, browser: Browser, road: tuple[float, float], seed: int) -> tuple[Visit, Visit]:
    """Return the first visit of a fresh device, and its return."""
    async with Road(app.port, *road, seed).laid() as laid:
        context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
        try:
            return await visit(app, context, laid), await visit(app, context, laid)
        finally:
            await context.close()


def report(word: str, seen: Sequence[Visit]) -> None:
    """Print the medians of visits of one kind."""
    moves = sorted(one.moves for one in seen)
    worst = max(seen, key=lambda one: (len(one.requests), one.http_bytes))
    print(
        f"  {word:<13} drawn {median(one.painted for one in seen):.2f} s, a fader moves {median(moves):.2f} s "
        f"(longest {moves[-1]:.2f} s), {len(worst.requests)} requests, {worst.http_bytes / 1000:.1f} kB by http, "
        f"{max(one.carried for one in seen) / 1000:.1f} kB on the road either way, "
        f"shift {max(one.shift for one in seen):.3f}"
    )


async def measure(app: App, runs: int) -> None:
    """Print the figures."""
    await online(app)
    async with chromium() as browser:
        await visits(app, browser, (0.0, 0.0), 0)
        for name, road in ROADS.items():
            print(f"{name}, processor {SLOWER} times slower, {runs} visits")
            both = [await visits(app, browser, road, seed) for seed in range(runs)]
            report("first visit", [first for first, _ in both])
            report("return", [back for _, back in both])


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    print(describe())
    with tempfile.TemporaryDirectory() as data, running(Path(data), ("band", "demo:")) as app:
        asyncio.run(measure(app, parser.parse_args().runs))


if __name__ == "__main__":
    main()

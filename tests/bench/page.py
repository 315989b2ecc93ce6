"""The page: 64 strips with meters in Chromium; how long its scripts run in each frame.

python -m tests.bench.page --seconds 10
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from remote_mixer.app import App
from tests.bench.machine import describe
from tests.support.browser import DESKTOP, Screen, chromium
from tests.support.running import online, running

SCRIPT = {"FunctionCall", "FireAnimationFrame", "TimerFire", "EventDispatch", "RunMicrotasks", "V8.GC_SCAVENGER"}


def per_frame(trace: bytes) -> list[float]:
    """Return, for each animation frame, the milliseconds that scripts ran until the next one."""
    events: list[dict[str, Any]] = json.loads(trace)["traceEvents"]
    scripts = sorted((e for e in events if e.get("ph") == "X" and e["name"] in SCRIPT), key=lambda event: event["ts"])
    thread = max({e["tid"] for e in scripts}, key=[e["tid"] for e in scripts].count)
    outer: list[dict[str, Any]] = []
    for event in scripts:
        if event["tid"] == thread and (not outer or event["ts"] >= outer[-1]["ts"] + outer[-1]["dur"]):
            outer.append(event)
    starts = [event["ts"] for event in outer if event["name"] == "FireAnimationFrame"]
    return [
        sum(event["dur"] for event in outer if begin <= event["ts"] < end) / 1000 for begin, end in pairwise(starts)
    ]


async def measure(app: App, seconds: float) -> None:
    """Print the figures of a page that shows all 64 strips in turn."""
    await online(app)
    async with chromium() as browser:
        screen = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", DESKTOP, touch=False)
        await screen.link("online")
        await asyncio.sleep(1)
        await browser.start_tracing(page=screen.page, categories=["devtools.timeline", "v8"])
        await asyncio.sleep(seconds)
        frames = per_frame(await browser.stop_tracing())
    percent = quantiles(frames, n=100)
    print(f"64 strips with meters at {DESKTOP['width']}×{DESKTOP['height']}, {len(frames)} frames in {seconds:.0f} s")
    print(
        f"  scripts in a frame   median {median(frames):.2f} ms, p95 {percent[94]:.2f} ms, highest {max(frames):.2f} ms"
    )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    print(describe())
    with tempfile.TemporaryDirectory() as data, running(Path(data), ("band", "demo:64")) as app:
        asyncio.run(measure(app, parser.parse_args().seconds))


if __name__ == "__main__":
    main()

"""Start: from the command to the first byte, and to a page that moves; and what the page weighs.

    python -m tests.bench.start --runs 5

The first run makes the music and warms the caches; it is shown apart and not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL
from pathlib import Path
from statistics import median

from playwright.async_api import Browser

from remote_mixer.web.joined import join
from remote_mixer.web.page_files import pack, read_page
from tests.bench.machine import describe
from tests.support.browser import PHONE, chromium

PORT = 5078
FIRST_START_SECONDS = 180
LOADED = {".html", ".js", ".css", ".svg"}


async def first_byte() -> None:
    """Ask for the page until it answers."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        except OSError:
            await asyncio.sleep(0.005)
            continue
        writer.write(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nConnection: close\r\n\r\n".encode())
        await reader.readexactly(1)
        writer.close()
        return


async def taken_move() -> None:
    """Move a fader until the desk takes it: what a phone waits for whose browser is not this computer's."""
    head = f"PUT /api/v1/params/band/ch1/fader HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nConnection: close\r\n"
    answer = b""
    while b" 200 " not in answer[:20]:
        await asyncio.sleep(0.02)
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(f'{head}Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{{"value": 0.75}}'.encode())
        answer = await reader.read()
        writer.close()


async def moving_page(browser: Browser) -> None:
    """Open the page and wait until its first fader can be moved."""
    page = await browser.new_page(viewport=PHONE)  # type: ignore[arg-type] # playwright's own dictionary type
    page.set_default_timeout(FIRST_START_SECONDS * 1000)
    await page.goto(f"http://127.0.0.1:{PORT}/")
    await page.wait_for_selector('[data-link="online"]', state="attached")
    await page.wait_for_selector('rm-fader[data-path="band/ch1/fader"]:not([data-inert])')
    await page.close()


async def once(browser: Browser | None, data: str, *pinned: str) -> tuple[float, float]:
    """Start the program; return seconds to the first byte, and to a page (or without a browser, a hand) that moves."""
    place = ["--host", "127.0.0.1", "--port", str(PORT), "--data", data]
    command = [sys.executable, "-m", "remote_mixer", "--serve", *place]
    began = time.perf_counter()
    server = await asyncio.create_subprocess_exec(*pinned, *command, stdout=DEVNULL, stderr=DEVNULL)
    await first_byte()
    byte = time.perf_counter() - began
    await (moving_page(browser) if browser else taken_move())
    moves = time.perf_counter() - began
    server.terminate()
    await server.wait()
    return byte, moves


def weight() -> str:
    """Return what all files of the page weigh in kB, packed as they travel; the tests of the page divide it."""
    ui = Path(__file__).parent.parent.parent / "ui"
    packed = pack({name: data for name, data in join(read_page(ui)).items() if Path(name).suffix in LOADED})
    return f"{sum(map(len, packed.values())) / 1000:.1f} kB in {len(packed)} files, packed"


async def _apart(data: str, runs: int) -> float:
    """Return the median until a page moves whose browser takes nothing from the server, as a phone's takes nothing."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(ours)})
    try:
        async with chromium() as browser:
            return median([(await once(browser, data, "taskset", "-c", str(min(ours))))[1] for _ in range(runs)])
    finally:
        os.sched_setaffinity(0, ours)


async def measure(runs: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as data:
        async with chromium() as browser:
            cold = await once(browser, data)
            warm = [await once(browser, data) for _ in range(runs)]
        apart = await _apart(data, runs)
        hands = [await once(None, data) for _ in range(runs)]
    byte, moves = (median(run[part] for run in warm) for part in (0, 1))
    print(f"  first run ever       first byte {cold[0]:.2f} s, a page that moves {cold[1]:.2f} s")
    print(f"  warm, of {runs} runs      first byte {byte:.2f} s, a page that moves {moves:.2f} s")
    print(f"  browser on its own core, server and engine on another:  a page that moves {apart:.2f} s")
    print(f"  without a browser    a move is taken {median(run[1] for run in hands):.2f} s")
    print(f"  page weight          {weight()}")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    print(describe())
    asyncio.run(measure(parser.parse_args().runs))


if __name__ == "__main__":
    main()

"""The README's pictures, taken of the real page with the built-in engine playing.

python -m tests.bench.pictures
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, Screen, chromium
from tests.support.running import joined, online, running
from tests.support.warm import warm

PICTURES = Path(__file__).parent.parent / "pictures"
FADERS = {"ch1": 0.72, "ch2": 0.68, "ch3": 0.58, "ch4": 0.73, "ch5": 0.66, "ch6": 0.62, "ch7": 0.55, "ch8": 0.7}
SENDS = {"ch1": 0.5, "ch2": 0.45, "ch3": 0.4, "ch4": 0.68, "ch5": 0.7, "ch6": 0.55, "ch7": 0.35, "ch8": 0.78}
MIX: dict[str, Value] = {
    **{f"band/{strip}/fader": position for strip, position in FADERS.items()},
    **{f"band/{strip}/send/bus{bus}/level": p for strip, p in SENDS.items() for bus in (1, 2, 3)},
    "band/ch5/pan": 0.35,
    "band/ch6/pan": 0.7,
    "band/ch3/mute": True,
    "band/bus1/name": "Anna",
    "band/bus1/color": "violet",
    "band/bus2/name": "Ben",
    "band/bus2/color": "cyan",
    "band/bus3/name": "Drums",
    "band/bus3/color": "orange",
}


async def show(browser: Browser, app: App, name: str, size: dict[str, int], *presses: str) -> None:
    """Open the page on a device, press what is named, and keep the picture."""
    screen = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", size, touch=size is not DESKTOP)
    await screen.link("online")
    for press in presses:
        await screen.page.locator(press).first.click()
    await asyncio.sleep(2)
    await screen.page.screenshot(path=PICTURES / f"{name}.png")
    await screen.context.close()


async def show_musician(browser: Browser, app: App, name: str) -> None:
    """Walk a musician from an invitation to their own mix, and keep the picture."""
    made = asyncio.run_coroutine_threadsafe(
        app.admission.invite("musician", "band/bus1", "once", by="Pictures"), app.loop
    )
    _, token = await asyncio.wrap_future(made)
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{app.port}/#join={token}")
    await page.get_by_label("Your name").fill("Anna")
    await page.locator(".joining .go").tap()
    await page.locator(".who-are-you").tap()
    await page.locator(".choices >> text=Lead").tap()
    await page.wait_for_selector("rm-line[data-own]")
    await asyncio.sleep(2)
    await page.screenshot(path=PICTURES / f"{name}.png")
    await context.close()


async def show_door(browser: Browser, app: App, name: str) -> None:
    """Keep a picture of what a stranger sees."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{app.port}/")
    await page.get_by_label("Your name").fill("Eve")
    await page.screenshot(path=PICTURES / f"{name}.png")
    await context.close()


async def take(app: App, closed: App) -> None:
    """Set a mix, put a second hand on a fader, and take all pictures."""
    await online(app)
    PICTURES.mkdir(exist_ok=True)
    async with joined(app, "ben") as ben, chromium() as browser:
        await ben.send(type="name", name="Ben Hall")
        await ben.send(type="set", id=1, values=MIX)
        await ben.until("ok")
        await show(browser, app, "phone", PHONE)
        await show(browser, app, "phone-on-its-side", PHONE_ON_ITS_SIDE)
        await show(browser, app, "mix", PHONE, ".mixbar >> text=Anna")
        await ben.send(type="hold", path="band/ch4/fader")
        await show(browser, app, "desktop", DESKTOP)
        await show_musician(browser, app, "musician")
        await show_door(browser, closed, "joining")


def main() -> None:
    """Take the pictures into tests/pictures."""
    with (
        tempfile.TemporaryDirectory() as data,
        running(warm(Path(data) / "open"), ("band", "builtin:")) as app,
        running(Path(data) / "closed", trust_local=False) as closed,
    ):
        asyncio.run(take(app, closed))


if __name__ == "__main__":
    main()

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
from remote_mixer.desk.sources import console
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, Screen, chromium
from tests.support.running import Hand, joined, online, running
from tests.support.studio import running_studio
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
ELSEWHERE: dict[str, Value] = {"band/ch1/fader": 0.55, "band/ch4/fader": 0.45, "band/ch3/mute": False}
EQ: dict[str, Value] = {
    "foh/ch1/eq/1/gain": 0.62,
    "foh/ch1/eq/2/gain": 0.3,
    "foh/ch1/eq/3/gain": 0.58,
    "foh/ch1/fader": 0.7,
}
SCENES = {"Walk in": "blue", "Ballad": "violet", "Encore": "orange"}
FULL_HD = {"width": 1920, "height": 1080}
NO_NOTICE = "() => [...document.querySelectorAll('rm-consoles small')].every((one) => !one.textContent)"
OWN_KEYS = "keys => document.querySelector('rm-strip').page.prefs.keys.set(keys)"
MUTES_AT_HAND = ["band/ch8", "band/bus1"]
"""Keys of one's own beside the mute groups: the voice and a mix."""


async def show(browser: Browser, app: App, name: str, size: dict[str, int], *presses: str, place: str = "#/") -> None:
    """Open a place of the page on a device, press what is named, and keep the picture."""
    screen = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", size, touch=size not in (DESKTOP, FULL_HD))
    await screen.link("online")
    await screen.page.evaluate(OWN_KEYS, MUTES_AT_HAND)
    await screen.page.evaluate("place => (location.hash = place)", place)
    for press in presses:
        await screen.page.locator(press).first.click()
    await asyncio.sleep(2)
    quiet: dict[str, Value] = {path: "" for path in app.desk.values if path.endswith("/notice")}  # as of no sound card
    app.loop.call_soon_threadsafe(app.desk.set, quiet, console("band"))
    await screen.page.wait_for_function(NO_NOTICE)
    await screen.page.screenshot(path=PICTURES / f"{name}.png")
    await screen.context.close()


async def keep_scenes(hand: Hand) -> None:
    """Keep three scenes; the first and the last differ from what stands now."""
    await hand.send(type="set", id=2, values=ELSEWHERE)
    await hand.until("ok", id=2)
    for name, color in SCENES.items():
        await hand.send(type="scene", id=name, do="store", name=name, color=color)
        await hand.until("ok", id=name)
    await hand.send(type="set", id=3, values={path: MIX[path] for path in ELSEWHERE})
    await hand.until("ok", id=3)


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


async def take(app: App, studio: App, closed: App) -> None:
    """Set a mix, put a second hand on a fader, and take all pictures."""
    await online(app)
    await online(studio, "foh")
    PICTURES.mkdir(exist_ok=True)
    async with joined(app, "ben") as ben, chromium() as browser:
        await ben.send(type="name", name="Ben Hall")
        await ben.send(type="set", id=1, values=MIX)
        await ben.until("ok")
        await show(browser, app, "phone", PHONE)
        await show(browser, app, "phone-on-its-side", PHONE_ON_ITS_SIDE)
        await show(browser, app, "mix", PHONE, ".mixbar >> text=Anna")
        async with joined(studio, "ben") as at_studio:
            await at_studio.send(type="set", id=1, values=EQ)
            await at_studio.until("ok")
            await show(browser, studio, "channel", PHONE, place="#/strip/foh/ch1/eq")
        await keep_scenes(ben)
        await show(browser, app, "scene", PHONE, ".next-scene")
        await show(browser, app, "scenes", DESKTOP, place="#/scenes")
        await show(browser, app, "meters", FULL_HD, place="#/panel/wall")
        await ben.send(type="hold", path="band/ch4/fader")
        await show(browser, app, "desktop", DESKTOP)
        await show_musician(browser, app, "musician")
        await show_door(browser, closed, "joining")


def main() -> None:
    """Take the pictures into tests/pictures."""
    with (
        tempfile.TemporaryDirectory() as data,
        running(warm(Path(data) / "open"), ("band", "builtin:")) as app,
        running_studio(Path(data) / "studio") as studio,
        running(Path(data) / "closed", trust_local=False) as closed,
    ):
        asyncio.run(take(app, studio, closed))


if __name__ == "__main__":
    main()

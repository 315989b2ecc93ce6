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


async def take(app: App) -> None:
    """Set a mix, put a second hand on a fader, and take all pictures."""
    await online(app)
    PICTURES.mkdir(exist_ok=True)
    async with joined(app, "ben") as ben, chromium() as browser:
        await ben.send(type="name", name="Ben Hall")
        await ben.send(type="set", id=1, values=MIX)
        await ben.until("ok")
        await show(browser, app, "phone", PHONE)
        await show(browser, app, "phone-on-its-side", PHONE_ON_ITS_SIDE)
        await show(browser, app, "mix", PHONE, "text=Mixes >> nth=-1", "text=Anna >> nth=-1")
        await ben.send(type="hold", path="band/ch4/fader")
        await show(browser, app, "desktop", DESKTOP)


def main() -> None:
    """Take the pictures into tests/pictures."""
    with tempfile.TemporaryDirectory() as data, running(warm(Path(data)), ("band", "builtin:")) as app:
        asyncio.run(take(app))


if __name__ == "__main__":
    main()

"""Scenes of our own on the page: what the tests of its parts share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Locator, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.hub.recalls import GO_SECONDS
from tests.support.browser import Screen
from tests.support.running import FADER, Hand, demo_console, joined
from tests.support.waiting import until

SNARE, HATS, MUTE = "band/ch2/fader", "band/ch3/fader", "band/ch4/mute"
THERE: dict[str, Value] = {FADER: 0.25, SNARE: 0.75, HATS: 0.5, MUTE: True}
HERE: dict[str, Value] = {FADER: 0.75, SNARE: 0.25, HATS: 0.75, MUTE: False}


async def stand(app: App, values: dict[str, Value]) -> None:
    """Let the console itself move controls."""
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await until(lambda: app.desk.values.items() >= values.items())


async def tell(hand: Hand, **frame: Any) -> Any:
    """Send a frame about scenes as another engineer, and return its answer."""
    await hand.send(type="scene", id="bob", **frame)
    return await hand.until("ok", id="bob")


@asynccontextmanager
async def engineer(app: App) -> AsyncIterator[Hand]:
    """Join as another engineer, who finds no scene, no safe, no recall under way and no GO a moment ago."""
    async with joined(app, "bob") as bob:
        await bob.send(type="scene", id="list", do="list")
        found = await bob.until("scenes", id="list")
        for strip in found["safes"]:
            await tell(bob, do="safe", strip=strip, sections=[])
        for scene in found["scenes"]:
            await tell(bob, do="delete", scene=scene["id"])
        gone_at, _ = app.rooms.recalls._went
        await until(lambda: app.loop.time() - gone_at > GO_SECONDS)  # else the next GO would be that one
        yield bob
        await bob.send(type="scene", id="end", do="finish")
        if (await answer_to(bob, "end"))["type"] == "ok":
            await bob.until("fading", over=True)


async def answer_to(hand: Hand, id_: str) -> Any:
    """Return the answer to a frame, whether it was done or refused."""
    while True:
        frame = await hand.next()
        if isinstance(frame, dict) and frame.get("id") == id_:
            return frame


async def keep_ballad(app: App, bob: Hand) -> int:
    """Keep the scene “1 Ballad” of THERE and return its number, while the console stands at HERE."""
    await stand(app, THERE)
    kept = await tell(bob, do="store", name="Ballad", color="violet", note="slow")
    await stand(app, HERE)
    return int(kept["scene"]["id"])


def row(screen: Screen, name: str) -> Locator:
    """Return the key of a scene in the list."""
    return screen.page.locator(".show-list .scene:visible", has_text=name)


async def show_list(screen: Screen) -> None:
    """Open the list of scenes: two taps from the bank."""
    await screen.page.locator('[data-tool="more"]:visible, .keys [data-name="more"]:visible').first.tap()
    await screen.page.locator(".panel button.row", has_text="set list").tap()


async def preview(screen: Screen, name: str = "Ballad") -> Locator:
    """Open the preview of a scene, and return its rows."""
    await show_list(screen)
    await row(screen, name).tap()
    rows = screen.page.locator(".plan > li")
    await rows.first.wait_for()
    return rows


def banner(screen: Screen) -> Locator:
    return screen.page.locator("rm-recall")


async def begin_fade(anne: Screen, seconds: str = "30") -> None:
    """Recall “Ballad” with a fade from its preview."""
    await preview(anne)
    box = anne.page.get_by_label("Fade in seconds")
    await box.fill(seconds)
    await box.press("Enter")
    await anne.page.locator(".recall", has_text=f"over {seconds} s").tap()
    await expect(banner(anne)).to_contain_text("s left")
    await expect(anne.page.locator(".panel")).to_be_hidden()

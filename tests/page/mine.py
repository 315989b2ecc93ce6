"""A musician with a phone in their own mix, and what the crew and the console do meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from playwright.async_api import Browser

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import Ceiling, Grant, Policy, Rail
from remote_mixer.desk.tapers import FADER
from tests.page.entering import on_loop
from tests.support.browser import Screen
from tests.support.devices import borrow
from tests.support.running import demo_console
from tests.support.waiting import until

SMALL_PHONE = {"width": 360, "height": 640}
MIX = "band/bus2"
KICK, SNARE, VOICE = (f"band/ch{n}/send/bus2/level" for n in (1, 2, 7))
MASTER, MUTE = "band/bus2/fader", "band/bus2/mute"
SENDS = {f"band/ch{n}/send/bus2/level": 0.5 for n in range(1, 9)}

Musician = Callable[..., Awaitable[Screen]]


async def decide(app: App, *, ceiling: float | None = 6.0, rails: tuple[Rail, ...] = (), **granted: str) -> None:
    """Decide what musicians may do in the mix."""
    policy = Policy({MIX: {"musician": Grant(**granted)}}, {MIX: Ceiling(ceiling, ceiling)}, rails)
    await on_loop(app, app.admission.set_policy(policy))


async def put(app: App, values: dict[str, Value]) -> None:
    """Let the console itself put params somewhere."""
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await until(lambda: app.desk.values.items() >= values.items())


def db(app: App, path: str) -> float:
    return round(FADER.to_unit(float(app.desk.values[path] or 0)), 1)


@asynccontextmanager
async def musicians(browser: Browser, app: App) -> AsyncIterator[Musician]:
    """Invite people into the mix and walk them in; none of their pages may have complained at the end."""
    await decide(app)
    await put(app, {**SENDS, MASTER: 0.75, MUTE: False, "band/bus2/name": "Anna", "band/bus2/color": "violet"})
    opened: list[Screen] = []

    async def walk_in(size: dict[str, int] = SMALL_PHONE, *, own: str | None = "Vox lead") -> Screen:
        _, token = await on_loop(app, app.admission.invite("musician", MIX, "once", by="test"))
        device = await borrow(browser, size)
        page = device.page
        await page.goto(f"http://127.0.0.1:{app.port}/#join={token}")
        await page.get_by_label("Your name").fill("Ann")
        await page.locator(".joining .go").tap()
        screen = Screen(page, device.cdp, device.faults)
        opened.append(screen)
        await screen.link("online")
        if own:
            await page.locator(".who-are-you").tap()
            await page.locator(f".choices >> text={own}").tap()
            await page.wait_for_selector("rm-line[data-own]")
        return screen

    yield walk_in
    for screen in opened:
        await screen.leave()
    assert [fault for screen in opened for fault in screen.faults] == []


async def push(screen: Screen, path: str, pixels: float, *, lift: bool = True, tag: str = "rm-fader") -> None:
    """Push a lying fader to the right by so many pixels (to the left when negative), as a thumb does."""
    x, y = await screen.middle(f'{tag}[data-path="{path}"]')
    await screen.touch("touchStart", (x, y))
    for step in range(1, 11):
        await screen.touch("touchMove", (x + pixels * step / 10, y))
    if lift:
        await screen.touch("touchEnd")

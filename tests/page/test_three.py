"""Three people in three browsers at one console: each one's undo takes back own moves, and nothing of the others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.entering import come_in, invitation, visitors
from tests.page.shows import stand
from tests.support.browser import DESKTOP, PHONE
from tests.support.waiting import until

KICK, SNARE, HATS, BASS = (f"band/ch{number}/mute" for number in range(1, 5))
LEVEL, SEND = "band/ch1/fader", "band/ch1/send/bus1/mute"
START: dict[str, Value] = {KICK: False, SNARE: False, HATS: False, BASS: False, LEVEL: 0.5, SEND: False}


class Person:
    """One person's page."""

    def __init__(self, page: Page, app: App) -> None:
        self.page, self._app = page, app

    async def tap(self, path: str) -> None:
        """Toggle a mute, and wait until the desk has it."""
        before = self._app.desk.values[path]
        await self.page.locator(f'rm-toggle[data-path="{path}"]').click()
        await until(lambda: self._app.desk.values[path] is not before)

    async def nudge(self, path: str) -> Value:
        """Raise a fader by its key as soon as nobody else holds it, and return where it stands then."""
        before = self._app.desk.values[path]
        fader = self.page.locator(f'rm-fader[data-path="{path}"]:not([data-by])')
        await fader.focus()
        await fader.press("ArrowUp")
        await until(lambda: self._app.desk.values[path] != before and not self._app.desk.held())
        return self._app.desk.values[path]

    async def undo(self) -> None:
        await self.page.keyboard.press("Control+z")

    async def redo(self) -> None:
        await self.page.keyboard.press("Control+Shift+Z")


@asynccontextmanager
async def three(browser: Browser, app: App) -> AsyncIterator[tuple[Person, Person, Person]]:
    """Let two engineers and a musician come in, each with a browser of their own."""
    async with visitors(browser, app) as visit:
        people = []
        for role, mix, name in (("engineer", "", "Anne"), ("engineer", "", "Ben"), ("musician", "band/bus1", "Cleo")):
            page = await visit(await invitation(app, role, mix), DESKTOP if role == "engineer" else PHONE)
            await come_in(page, name)
            people.append(Person(page, app))
        yield people[0], people[1], people[2]


@pytest_asyncio.fixture
async def people(browser: Browser, app: App) -> AsyncIterator[tuple[Person, Person, Person]]:
    await stand(app, START)
    async with three(browser, app) as found:
        yield found


def stands(app: App, **changed: Value) -> bool:
    """Whether all stands as at the start, but for what is named; _ stands for the slash."""
    wanted = START | {f"band/{path.replace('_', '/')}": value for path, value in changed.items()}
    return app.desk.values.items() >= wanted.items()


async def test_each_undoes_the_own_moves_in_their_order_whatever_the_others_do_between(
    app: App, people: tuple[Person, Person, Person]
) -> None:
    anne, ben, cleo = people
    await anne.tap(KICK)
    await ben.tap(SNARE)
    await cleo.tap(SEND)
    await anne.tap(HATS)
    await ben.tap(BASS)
    await anne.undo()
    await until(lambda: stands(app, ch1_mute=True, ch2_mute=True, ch4_mute=True, ch1_send_bus1_mute=True))
    await ben.undo()
    await until(lambda: stands(app, ch1_mute=True, ch2_mute=True, ch1_send_bus1_mute=True))
    await cleo.undo()
    await until(lambda: stands(app, ch1_mute=True, ch2_mute=True))
    await anne.undo()
    await until(lambda: stands(app, ch2_mute=True))
    await ben.undo()
    await until(lambda: stands(app))
    await anne.redo()
    await until(lambda: stands(app, ch1_mute=True))
    await cleo.redo()
    await until(lambda: stands(app, ch1_mute=True, ch1_send_bus1_mute=True))


async def test_what_another_has_moved_since_stays_and_is_said_until_it_is_put_back_anyway(
    app: App, people: tuple[Person, Person, Person]
) -> None:
    anne, ben, _ = people
    await anne.nudge(LEVEL)
    bens = await ben.nudge(LEVEL)
    await anne.undo()
    key = anne.page.locator(".undo-key[data-refused]:visible")
    await expect(key).to_contain_text("Ben moved Kick since")
    assert app.desk.values[LEVEL] == bens
    await ben.undo()
    await until(lambda: app.desk.values[LEVEL] != bens)
    between = app.desk.values[LEVEL]
    await anne.undo()  # what was Ben's stands no more, and Anne's does again
    await until(lambda: stands(app))
    assert between != START[LEVEL]


async def test_three_who_undo_in_the_same_moment_take_back_one_move_each(
    app: App, people: tuple[Person, Person, Person]
) -> None:
    anne, ben, cleo = people
    for path in (KICK, HATS):
        await anne.tap(path)
    for path in (SNARE, BASS):
        await ben.tap(path)
    await cleo.tap(SEND)
    for one in (anne, ben, cleo):
        await one.undo()
    await until(lambda: stands(app, ch1_mute=True, ch2_mute=True))
    for one in (cleo, ben, anne):
        await one.undo()
    await until(lambda: stands(app))
    await cleo.undo()  # nothing is left that is hers
    await expect(cleo.page.locator("rm-notice p")).to_be_visible()
    assert stands(app)

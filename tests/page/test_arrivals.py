"""The host sees who guesses PINs, blocks them, and lets a waiting engineer in by one tap, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from remote_mixer.app import App
from tests.page.entering import Visit, come_in, invitation, on_loop, person_called, visitors
from tests.page.test_joining import served as served  # noqa: PLC0414 - this computer is not trusted: people join

WRONG_TRIES = 10


@pytest_asyncio.fixture
async def visit(browser: Browser, app: App) -> AsyncIterator[Visit]:
    async with visitors(browser, app) as visit:
        yield visit


async def people_of_the_host(app: App, visit: Visit) -> Page:
    """Return the host's page with its people open."""
    page = await visit(await invitation(app, "host", ""))
    await come_in(page, "Hanna")
    await page.wait_for_selector("rm-fader")
    await page.evaluate("() => document.querySelector('rm-faces button').click()")
    await expect(page.get_by_text("Invite someone")).to_be_visible()
    return page


async def test_a_waiting_engineer_shows_a_number_and_the_host_lets_them_in_by_one_tap(app: App, visit: Visit) -> None:
    host = await people_of_the_host(app, visit)
    wrong = f"{(int(app.admission.pin or 0) + 1) % 1_000_000:06}"
    for _ in range(WRONG_TRIES):
        app.admission.tries.begin("127.0.0.1")
    page = await visit()
    await page.get_by_label("Your name").fill("FOH tablet")
    await page.get_by_label("PIN").fill(wrong)
    await page.get_by_role("button", name="Join", exact=True).click()
    await page.get_by_role("button", name="Ask the host to let me in").click()
    await expect(page.get_by_role("alert")).to_contain_text("Your number is")
    [waiting] = app.admission.waiting_room.waiting()
    await expect(page.get_by_role("alert")).to_contain_text(waiting.number)
    await expect(host.get_by_text(f"number {waiting.number}")).to_be_visible()
    await expect(host.get_by_text("wrong PIN").first).to_be_visible()
    await host.get_by_role("button", name="Let in: FOH tablet").click()
    await page.wait_for_selector("rm-fader")
    assert (await person_called(app, "FOH tablet")) in {person.id for person in app.admission.people()}
    await on_loop(app, app.admission.remove(await person_called(app, "FOH tablet")))


async def test_the_host_blocks_an_address_and_lets_it_try_again(app: App, visit: Visit) -> None:
    for number in range(2):
        app.admission.tries.begin(f"192.0.2.{number}")
    host = await people_of_the_host(app, visit)
    await host.get_by_role("button", name="Block: 192.0.2.1").click()
    await expect(host.get_by_text("1 wrong PIN · blocked for 60 min")).to_be_visible()
    assert app.admission.tries.block_wait("192.0.2.1") > 0
    await host.get_by_role("button", name="Let try: 192.0.2.1").click()
    await expect(host.get_by_role("button", name="Let try: 192.0.2.1")).to_have_count(0)
    assert app.admission.tries.block_wait("192.0.2.1") == 0


async def test_an_engineer_sees_none_of_it(app: App, visit: Visit) -> None:
    app.admission.tries.begin("192.0.2.9")
    page = await visit(await invitation(app, "engineer", ""))
    await come_in(page, "Erik")
    await page.wait_for_selector("rm-fader")
    await page.evaluate("() => document.querySelector('rm-faces button').click()")
    await expect(page.get_by_text("Invite someone")).to_be_visible()
    assert await page.get_by_text("Wrong PINs").count() == 0

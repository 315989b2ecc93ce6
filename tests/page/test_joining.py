"""Coming in from the LAN, in a real browser: by the PIN, by an invitation, and out again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from tests.page.axe import LOOKS, faults, reopen_wearing
from tests.page.entering import Visit, come_in, invitation, on_loop, person_called, visitors
from tests.support.browser import DESKTOP
from tests.support.running import running
from tests.support.waiting import until

SMALL = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), trust_local=False) as app:
        yield app


@pytest_asyncio.fixture
async def visit(browser: Browser, app: App) -> AsyncIterator[Visit]:
    async with visitors(browser, app) as visit:
        yield visit


async def test_a_stranger_sees_one_screen_and_joins_by_name_and_pin(app: App, visit: Visit) -> None:
    page = await visit()
    await page.get_by_label("Your name").fill("Anne")
    await page.get_by_label("PIN").fill(f"{app.admission.pin[:3]} {app.admission.pin[3:]}" if app.admission.pin else "")
    await page.get_by_role("button", name="Join", exact=True).click()
    await page.wait_for_selector("rm-fader")
    await page.reload()
    await page.wait_for_selector("rm-fader")
    assert await page.locator(".joining").count() == 0


async def test_axe_finds_nothing_serious_on_the_join_screen(visit: Visit) -> None:
    page = await visit()
    for look in LOOKS:
        await reopen_wearing(page, *look)
        await page.wait_for_selector(".joining")
        assert await faults(page) == [], look


async def test_a_wrong_pin_is_said_and_nothing_of_the_mixer_is_shown(app: App, visit: Visit) -> None:
    page = await visit()
    await page.get_by_label("Your name").fill("Mallory")
    await page.get_by_label("PIN").fill("000000")
    await page.get_by_role("button", name="Join", exact=True).click()
    await expect(page.get_by_role("alert")).not_to_be_empty()
    assert await page.locator("rm-fader").count() == 0


async def test_scan_name_own_mix_and_the_invitation_stays_in_no_address_and_no_storage(app: App, visit: Visit) -> None:
    behind = await invitation(app)
    page = await visit(f"{behind}&to=Mix%201")
    await expect(page.locator(".joining").get_by_role("heading")).to_have_text("Your mix: Mix 1")
    assert page.url.partition("#")[2] in ("", "/layer/all")  # a place of the page, no invitation
    await come_in(page, "Berta")
    await until(lambda: any(client.caller.name == "Berta" for client in app.hub.clients))
    kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert behind[6:] not in kept
    assert "Berta" in kept


async def test_a_used_invitation_says_so_and_asks_for_the_pin_instead(app: App, visit: Visit) -> None:
    behind = await invitation(app)
    await come_in(await visit(behind), "Carl")
    late = await visit(behind)
    await late.get_by_label("Your name").fill("Dora")
    await late.get_by_role("button", name="Join", exact=True).click()
    await expect(late.get_by_role("alert")).to_contain_text("another")
    await expect(late.get_by_label("Your name")).to_have_value("Dora")
    await expect(late.get_by_label("PIN")).to_be_focused()


async def test_an_invited_name_is_remembered_so_that_the_next_time_is_one_tap(app: App, visit: Visit) -> None:
    page = await visit(await invitation(app))
    await come_in(page, "Emil")
    await page.context.clear_cookies()
    await page.goto(f"http://127.0.0.1:{app.port}/?again{await invitation(app, mix='band/bus2')}")
    await page.get_by_role("button", name="Join", exact=True).click()
    await page.wait_for_selector('[data-wire="online"]')
    assert [person.mix for person in app.admission.people() if person.name == "Emil"] == ["band/bus1", "band/bus2"]


async def test_whoever_is_removed_is_out_at_once_and_reads_why(app: App, visit: Visit) -> None:
    page = await visit(await invitation(app, "engineer", ""))
    await come_in(page, "Fred")
    await on_loop(app, app.admission.remove(await person_called(app, "Fred")))
    await expect(page.get_by_role("alert")).to_contain_text("signed out")
    await expect(page.get_by_label("PIN")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("PIN")).to_be_visible()


async def test_a_locked_page_that_is_put_out_stays_out_of_reach_when_unlocked(app: App, visit: Visit) -> None:
    page = await visit(await invitation(app))
    await come_in(page, "Gina")
    await page.locator('[data-tool="lock"]').click()
    await on_loop(app, app.admission.remove(await person_called(app, "Gina")))
    await page.wait_for_selector(".joining")
    await page.locator(".lock button").click(delay=1200)
    await page.wait_for_selector(".lock", state="detached")
    assert await page.evaluate("() => document.body.inert")
    await expect(page.get_by_label("PIN")).to_be_visible()


async def test_too_many_wrong_pins_count_down(app: App, visit: Visit) -> None:
    page = await visit()
    key = page.locator(".go")
    await page.get_by_label("Your name").fill("Mallory")
    for guess in range(12):
        await page.get_by_label("PIN").fill(f"00000{guess % 10}")
        await key.click()
        await expect(page.get_by_role("alert")).not_to_be_empty()
        if await page.get_by_text("Wait").count():
            break
    await expect(key).to_be_disabled()
    await expect(key).to_contain_text("Wait")


@pytest.mark.parametrize("size", [SMALL, DESKTOP], ids=["small", "desktop"])
async def test_the_screen_fits_and_keeps_its_key_in_sight(visit: Visit, size: dict[str, int]) -> None:
    page = await visit(size=size)
    await expect(page.get_by_role("button", name="Join", exact=True)).to_be_in_viewport()
    assert await page.locator(".joining").evaluate("e => e.scrollWidth - e.clientWidth") <= 0

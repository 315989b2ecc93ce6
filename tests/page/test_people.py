"""The people panel in a real browser: who is here, invitations, roles, limits, the card, and the way out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from remote_mixer.app import App
from remote_mixer.people.person import Person
from tests.page.entering import Visit, come_in, invitation, visitors
from tests.support.browser import DESKTOP, PHONE, noticed
from tests.support.devices import keep_out
from tests.support.running import online, running
from tests.support.waiting import until


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), trust_local=False) as app:
        yield app


@pytest_asyncio.fixture
async def visit(browser: Browser, app: App) -> AsyncIterator[Visit]:
    async with visitors(browser, app) as visit:
        yield visit


async def the_host(app: App, visit: Visit, size: dict[str, int] = DESKTOP) -> Page:
    """Return the host's page with the people panel open."""
    page = await visit(await invitation(app, "host", ""), size)
    await come_in(page, "Hanna")
    await open_people(page)
    return page


async def open_people(page: Page) -> None:
    await page.locator('[data-tool="more"]:visible, .keys [data-name="more"]:visible').first.click()
    await page.locator(".panel").get_by_text("connected, your name").click()
    await page.wait_for_selector('.panel[data-name="people"] .people li')


def called(app: App, name: str) -> Person:
    return next(person for person in app.admission.people() if person.name == name)


async def test_the_host_sees_who_is_here_by_what_and_how_well_it_is_linked(app: App, visit: Visit) -> None:
    await come_in(await visit(await invitation(app)), "Anne")
    host = await the_host(app, visit)
    anne = host.locator(".people li", has_text="Anne")
    await expect(anne).to_contain_text("Musician · Mix 1")
    await expect(anne).to_contain_text("ms")
    await expect(host.locator(".people li", has_text="Hanna").first).to_contain_text("Host")


async def test_the_host_makes_a_musician_an_engineer_and_the_page_is_told_at_once(app: App, visit: Visit) -> None:
    musician = await visit(await invitation(app))
    await come_in(musician, "Berta")
    host = await the_host(app, visit)
    await host.locator(".people li", has_text="Berta").get_by_role("button").click()
    await host.get_by_role("button", name="Engineer").click()
    await noticed(musician, "engineer")
    assert called(app, "Berta").role == "engineer"


async def test_the_host_moves_a_musician_to_another_mix(app: App, visit: Visit) -> None:
    await come_in(await visit(await invitation(app)), "Carl")
    host = await the_host(app, visit)
    await host.locator(".people li", has_text="Carl").get_by_role("button").click()
    await host.locator(".panel").get_by_label("Mix").select_option("band/bus3")
    await until(lambda: called(app, "Carl").mix == "band/bus3")


async def test_removing_somebody_asks_first_and_is_true_at_once(app: App, visit: Visit) -> None:
    guest = await visit(await invitation(app, "guest", ""))
    await come_in(guest, "Dora")
    host = await the_host(app, visit)
    await host.locator(".people li", has_text="Dora").get_by_role("button").click()
    await host.get_by_role("button", name="Remove").click()
    await host.get_by_role("button", name="Cancel").click()
    assert called(app, "Dora")
    await host.get_by_role("button", name="Remove").click()
    await host.get_by_role("button", name="Remove").click()
    await expect(guest.get_by_label("PIN")).to_be_visible()


async def test_an_invitation_is_a_code_and_says_when_somebody_came_in_by_it(app: App, visit: Visit) -> None:
    host = await the_host(app, visit, PHONE)
    await host.get_by_text("Invite someone").click()
    asked: list[str] = []
    keep_out(host)
    host.on("request", lambda one: asked.append(one.post_data or "") if one.url.endswith("/qr") else None)
    await host.get_by_role("button", name="Create QR code").click()
    await host.wait_for_function("() => document.querySelector('img.qr')?.naturalWidth > 0")
    behind = asked[0].split("#")[1].rstrip('"}')
    guest = await visit(f"#{behind}")
    await expect(guest.get_by_role("heading", name="Your mix: Mix 1")).to_be_visible()
    await come_in(guest, "Emil")
    await expect(host.get_by_text("This code was used or revoked")).to_be_visible()


async def test_an_invitation_that_is_withdrawn_lets_nobody_in(app: App, visit: Visit) -> None:
    behind = await invitation(app, kind="day")
    host = await the_host(app, visit)
    await host.get_by_text("Invite someone").click()
    await host.locator(".open li", has_text="everyone today").get_by_role("button").first.click()
    await expect(host.locator(".open li", has_text="everyone today")).to_have_count(0)
    late = await visit(behind)
    await late.get_by_label("Your name").fill("Fred")
    await late.get_by_role("button", name="Join", exact=True).click()
    await expect(late.get_by_role("alert")).to_contain_text("withdrawn")


async def test_a_card_is_printed_on_one_sheet_and_its_secret_is_in_no_address(app: App, visit: Visit) -> None:
    host = await the_host(app, visit)
    await host.get_by_text("Invite someone").click()
    await host.get_by_role("button", name="Create QR code").click()
    async with host.context.expect_page() as opened:
        await host.get_by_role("button", name="Print card").click()
    card = await opened.value
    await card.get_by_label("Wi-Fi name").fill("Stage")
    await card.get_by_label("Wi-Fi password").fill("loud;er")
    await card.keyboard.press("Tab")
    await card.wait_for_function(
        "() => [...document.images].length == 2 && [...document.images].every(i => i.naturalWidth)"
    )
    assert card.url.endswith("/card.html")
    assert "join" not in str(await host.evaluate("sessionStorage.getItem('remote-mixer.card')"))
    assert (await card.pdf(format="A6")).count(b"/Type /Page\n") == 1
    assert "loud" not in await card.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


async def test_what_the_host_grants_is_kept_at_once(app: App, visit: Visit) -> None:
    await online(app)
    host = await the_host(app, visit)
    await host.get_by_text("Permissions").click()
    await host.locator(".mixes summary", has_text="Mix 2").click()
    await host.locator(".rights").first.get_by_role("button", name="Ask").first.click()
    await until(lambda: app.admission.policy.grant("band/bus2", "musician").sends == "ask")
    await host.get_by_label("Send limit").first.fill("0")
    await host.keyboard.press("Tab")
    await until(lambda: app.admission.policy.ceiling("band/bus2").send_db == 0)


async def test_a_guard_rail_comes_and_goes(app: App, visit: Visit) -> None:
    host = await the_host(app, visit)
    await host.get_by_text("Permissions").click()
    await host.get_by_text("New limit").click()
    await host.get_by_label("Controls").select_option("*/main/fader")
    await expect(host.get_by_label("Limit type").locator("option")).to_have_text(
        ["maximum level", "maximum rise per second"]
    )
    await host.get_by_role("button", name="Add").click()
    await until(lambda: [rail.most_db for rail in app.admission.policy.rails] == [0])
    await host.get_by_role("button", name="Remove").click()
    await until(lambda: app.admission.policy.rails == ())


async def test_a_new_pin_asks_first(app: App, visit: Visit) -> None:
    before = app.admission.pin
    host = await the_host(app, visit)
    await host.get_by_role("button", name="New PIN").click()
    await host.get_by_role("button", name="New PIN").click()
    await until(lambda: app.admission.pin != before)
    await expect(host.get_by_label("PIN", exact=True)).to_have_text(
        f"{str(app.admission.pin)[:3]} {str(app.admission.pin)[3:]}"
    )


async def test_an_engineer_invites_and_sees_the_pin_but_decides_about_nobody(app: App, visit: Visit) -> None:
    page = await visit(await invitation(app, "engineer", ""), DESKTOP)
    await come_in(page, "Gerd")
    await open_people(page)
    await expect(page.get_by_label("PIN", exact=True)).to_contain_text(str(app.admission.pin)[:3])
    assert await page.get_by_text("Permissions").count() == 0
    assert await page.locator(".people .opens").count() == 0
    await page.get_by_text("Invite someone").click()
    await page.get_by_role("button", name="Guest").wait_for()
    assert await page.get_by_role("button", name="Engineer").count() == 0


async def test_signing_out_asks_first_and_leads_to_the_door(app: App, visit: Visit) -> None:
    page = await visit(await invitation(app, "engineer", ""), DESKTOP)
    await come_in(page, "Ida")
    await open_people(page)
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("alert")).to_have_text("You have signed out.")
    await page.reload()
    await expect(page.get_by_label("PIN")).to_be_visible()

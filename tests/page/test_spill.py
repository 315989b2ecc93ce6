"""Spill: the members of a DCA or a mute group stand alone, and one tap leads back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE
from tests.support.running import demo_console, online
from tests.support.studio import running_studio
from tests.support.waiting import until

NAMED: dict[str, Value] = {"foh/dca1/name": "Drums"}
DRUMS: dict[str, Value] = {f"foh/ch{n}/dca/1": n <= 3 for n in range(1, 7)}
GROUP: dict[str, Value] = {f"foh/ch{n}/mutegroup/2": n in {2, 5} for n in range(1, 7)}
SPILL = 'rm-strip[data-strip="foh/dca1"] .sends'
BACK = ".layers .spilled"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_studio(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served, "foh")
    await assign(served, NAMED | DRUMS | GROUP)
    return served


async def assign(app: App, values: dict[str, Value]) -> None:
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await until(lambda: app.desk.values.items() >= values.items())


async def stand(page: Page, *channels: int) -> None:
    """Wait until the bank has these channels and no other strip."""
    await page.wait_for_function(
        "all => [...document.querySelectorAll('.bank rm-strip')].map((one) => one.dataset.strip).join() === all",
        arg=",".join(f"foh/ch{number}" for number in channels),
    )


async def test_a_dcas_members_stand_alone_over_a_reload_until_a_tap_leads_back(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(DESKTOP)
    page = anne.page
    count = await page.locator(".bank rm-strip").count()
    await page.locator(SPILL).tap()
    await stand(page, 1, 2, 3)
    await expect(page.locator(BACK)).to_have_text("Drums")
    await assign(app, {"foh/dca1/name": "Toms"})
    await expect(page.locator(BACK)).to_have_text("Toms")
    await page.reload()
    await stand(page, 1, 2, 3)
    await page.locator(BACK).tap()
    await expect(page.locator(".bank rm-strip")).to_have_count(count)
    await page.go_forward()
    await stand(page, 1, 2, 3)
    await page.keyboard.press("1")
    await expect(page.locator(".bank rm-strip")).to_have_count(count)


async def test_the_bank_is_laid_once_for_a_spill_and_once_for_all_who_join_together(
    app: App, shared_screen: Open
) -> None:
    page = (await shared_screen(DESKTOP)).page
    bank = page.locator(".bank")
    await bank.evaluate("bank => { bank.laid = 0; bank.addEventListener('filled', () => (bank.laid += 1)) }")
    await page.locator(SPILL).tap()
    await stand(page, 1, 2, 3)
    assert await bank.evaluate("bank => bank.laid") == 1
    await assign(app, {"foh/ch4/dca/1": True, "foh/ch5/dca/1": True})
    await stand(page, 1, 2, 3, 4, 5)
    assert await bank.evaluate("bank => bank.laid") == 2


async def test_a_group_without_members_says_so(app: App, shared_screen: Open) -> None:
    page = (await shared_screen(PHONE)).page
    await page.evaluate("location.hash = '#/spill/foh/dca4'")
    await expect(page.locator(".mixer .words")).to_contain_text("No strip in this group")
    await page.get_by_role("button", name="Main mix", exact=True).tap()
    await expect(page.locator(".mixer .words")).to_be_hidden()


async def test_a_strip_that_joins_the_group_comes_once_no_finger_is_down(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(DESKTOP)
    await anne.page.locator(SPILL).tap()
    await stand(anne.page, 1, 2, 3)
    await anne.drag("foh/ch2/fader", 40, lift=False)
    await assign(app, {"foh/ch1/dca/1": False, "foh/ch6/dca/1": True})
    await assign(app, {"foh/ch3/mute": True})
    await expect(anne.page.locator('rm-toggle[data-path="foh/ch3/mute"]')).to_have_attribute("aria-pressed", "true")
    await stand(anne.page, 1, 2, 3)
    await anne.touch("touchEnd")
    await stand(anne.page, 2, 3, 6)


async def test_on_a_phone_the_pages_of_a_dca_and_of_mute_groups_lead_there(app: App, shared_screen: Open) -> None:
    page = (await shared_screen(PHONE)).page
    await page.evaluate("location.hash = '#/strip/foh/dca1/groups'")
    await page.get_by_role("button", name="Show only its members").tap()
    await stand(page, 1, 2, 3)
    await page.evaluate("location.hash = '#/panel/mutes/foh'")
    await page.get_by_role("button", name="Show only these").nth(1).tap()
    await stand(page, 2, 5)
    await expect(page.locator(BACK)).to_have_text("Mute 2")

"""Groups over consoles on the page: made, given members, dragged, undone, spilled, and their mutes marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.desk.tapers import FADER
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import host
from tests.support.running import online, running
from tests.support.waiting import until

DCA, MUTES = "house/dca1", "house/mutegroup/1"
BAND, FOH, DCA_FADER = "band/ch1/fader", "foh/ch1/fader", "house/dca1/fader"
FIRST: dict[str, Value] = {DCA_FADER: 0.75, MUTES: False, BAND: 0.75, FOH: 0.625}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), ("band", "demo:4"), ("foh", "demo:4")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    """The program with a DCA and a mute group, each with a member on both consoles."""
    for name in ("band", "foh", "house"):
        await online(served, name)
    crew = host(served)
    former = [group["path"] for group in crew.call("GET", "/groups").json["groups"]]
    for group in former:
        crew.call("PUT", f"/params/{MUTES}", {"value": False})
        if group not in (DCA, MUTES):
            crew.call("DELETE", f"/groups/{group}")
    for kind, name, members in (("dca", "Drums", "band/ch1 foh/ch1"), ("mutegroup", "Talk", "band/ch2 foh/ch2")):
        group = DCA if kind == "dca" else MUTES
        if group not in former:
            assert crew.call("POST", "/groups", {"kind": kind, "name": name}).json["path"] == group
        crew.call("PUT", f"/params/{group}/members", {"value": members})
    for path, value in FIRST.items():
        crew.call("PUT", f"/params/{path}", {"value": value})
    return served


def levels(app: App) -> list[float]:
    """Return the levels of the DCA and its members, in dB."""
    found = [app.desk.values[path] for path in (DCA_FADER, BAND, FOH)]
    return [FADER.to_unit(position) for position in found if isinstance(position, float)]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_a_finger_on_a_dca_moves_members_on_two_consoles_and_ctrl_z_takes_all_back(
    app: App, shared_screen: Open, size: dict[str, int]
) -> None:
    anne = await shared_screen(size)
    await anne.page.goto(f"{anne.page.url.split('#')[0]}#/layer/dca")
    await expect(anne.page.locator(".mains rm-strip").first).to_be_visible()  # beside groups alone as well
    await anne.drag(DCA_FADER, -60)
    await until(lambda: levels(app)[0] < -1 and not app.desk.held())
    await anne.stands_at(DCA_FADER, app.desk.values[DCA_FADER])  # type: ignore[arg-type]
    dca, band, foh = levels(app)
    assert [band, foh] == pytest.approx([dca, dca - 5], abs=0.01)
    await anne.page.keyboard.press("Control+z")
    await until(lambda: levels(app) == pytest.approx([0, 0, -5]))
    await anne.page.keyboard.press("Control+Shift+Z")
    await until(lambda: levels(app) == pytest.approx([dca, band, foh]))


async def test_a_group_is_made_named_given_members_of_both_consoles_and_deleted(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    page = anne.page
    await page.goto(f"{page.url.split('#')[0]}#/panel/groups")
    await page.get_by_label("New DCA").fill("Brass")
    await page.get_by_label("New DCA").press("Enter")
    await page.locator(".panel h2", has_text="Brass").wait_for()
    await expect(page.locator(".undo-key:visible")).to_contain_text("Brass made")
    for member in ("band/ch3", "foh/ch4"):
        await page.locator(f'[data-member="{member}"]').tap()
        await expect(page.locator(f'[data-member="{member}"]')).to_have_attribute("aria-pressed", "true")
    await until(lambda: app.desk.values["house/dca2/members"] == "band/ch3 foh/ch4")
    await page.locator('[data-member="band/ch3"]').tap()
    await until(lambda: app.desk.values["house/dca2/members"] == "foh/ch4")
    await page.locator(".panel .swatch[data-color=blue]").tap()
    await until(lambda: app.desk.values["house/dca2/color"] == "blue")
    values = app.desk.values
    await page.get_by_role("button", name="Delete group").tap()
    await page.locator(".sure button.away").tap()
    await until(lambda: "house/dca2/members" not in values)
    await expect(page.locator(".group-row")).to_have_count(2)
    await expect(page.locator(".undo-key:visible")).to_contain_text("Brass deleted")
    await page.keyboard.press("Control+z")
    await until(lambda: (values.get("house/dca2/members"), values.get("house/dca2/color")) == ("foh/ch4", "blue"))
    await page.locator(".group-row", has_text="Brass").tap()
    await page.get_by_role("button", name="Delete group").tap()
    await page.locator(".sure button.away").tap()
    await page.get_by_role("button", name="Put back").tap()
    await page.locator(".panel h2", has_text="Brass").wait_for()
    await until(lambda: (values.get("house/dca2/members"), values.get("house/dca2/color")) == ("foh/ch4", "blue"))


async def test_two_consoles_of_one_kind_are_told_apart_by_their_nicknames(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(DESKTOP)
    await expect(anne.page.locator("header .pill b")).to_have_text(["band", "foh"])
    await expect(anne.page.locator(".layers button", has_text="Demo console")).to_have_count(0)
    await expect(anne.page.locator(".layers button", has_text=re.compile("^(band|foh)$"))).to_have_count(2)


async def test_members_of_both_consoles_stand_alone_under_their_consoles_bands(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(DESKTOP)
    page = anne.page
    await page.locator(f'rm-strip[data-strip="{DCA}"] .sends').tap()
    strips = page.locator(".bank rm-strip")
    await expect(strips).to_have_count(2)
    await expect(page.locator(".whose b")).to_have_text(["band", "foh"])
    host(app).call("PUT", f"/params/{DCA}/members", {"value": "band/ch1 foh/ch1 foh/ch3"})
    await expect(strips).to_have_count(3)


async def test_the_panic_row_has_a_mute_group_and_its_members_are_marked(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(DESKTOP)
    page = anne.page
    await page.locator(f'.panic rm-toggle[data-path="{MUTES}"]').tap()
    await until(lambda: app.desk.values["foh/ch2/mute"] is True)
    await expect(page.locator('rm-strip[data-strip="band/ch2"]')).to_have_attribute("data-grouped", "")
    host(app).call("PUT", "/params/band/ch2/mute", {"value": False})
    await expect(page.locator('rm-strip[data-strip="band/ch2"]')).not_to_have_attribute("data-grouped", "")


async def test_a_strip_joins_a_group_from_its_own_view(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    page = anne.page
    await page.goto(f"{page.url.split('#')[0]}#/strip/band/ch3/groups")
    await page.locator(f'.choices [data-group="{DCA}"]').tap()
    await until(lambda: app.desk.values[f"{DCA}/members"] == "band/ch1 foh/ch1 band/ch3")


async def test_what_is_missing_is_named_and_can_be_taken_out(app: App, shared_screen: Open) -> None:
    host(app).call("PUT", f"/params/{DCA}/members", {"value": "band/ch1 gone/ch7"})
    anne = await shared_screen(PHONE)
    page = anne.page
    await page.goto(f"{page.url.split('#')[0]}#/panel/groups")
    row = page.locator(f'.group-row[data-group="{DCA}"]')
    await expect(row).to_contain_text("2 strips, 1 missing")
    await row.tap()
    await page.get_by_role("button", name="Take gone/ch7 out").tap()
    await until(lambda: app.desk.values[f"{DCA}/members"] == "band/ch1")

"""Layers of one's own on the page: put together by a finger, kept for the person, and never moved under a hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from remote_mixer.app import App
from remote_mixer.desk.tapers import FADER
from tests.page.axe import LOOKS, NAMED, faults, wear
from tests.page.conftest import Open
from tests.page.entering import come_in, invitation, visitors
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import host
from tests.support.running import online, running
from tests.support.waiting import until

SIZES = """all => all.map((one) => one.getBoundingClientRect()).filter(({ width }) => width)
    .map(({ width, height }) => Math.min(width, height))"""
ROW: list[Any] = [{"separator": "Drums"}, "foh/ch2", "daw/ch1", {"separator": "Far"}, "gone/ch7", "foh/ch1"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), ("foh", "demo:4"), ("daw", "demo:4")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    """The program with two consoles and no layer."""
    for name in ("foh", "daw"):
        await online(served, name)
    for layer in kept(served):
        host(served).call("DELETE", f"/layers/{layer['id']}")
    return served


def kept(app: App) -> list[Any]:
    layers: list[Any] = host(app).call("GET", "/layers").json["layers"]
    return layers


def make(app: App, **form: Any) -> Any:
    made = host(app).call("POST", "/layers", {"name": "Rhythm", "items": ROW} | form)
    assert made.status == 201, made.body
    return made.json


def level(app: App, path: str) -> float:
    position = app.desk.values[path]
    assert isinstance(position, float)
    return FADER.to_unit(position)


async def strips(page: Page) -> list[str]:
    """Return the strips of the bank, in their order."""
    found: list[str] = await page.locator(".bank rm-strip").evaluate_all("all => all.map(one => one.dataset.strip)")
    return found


async def show(page: Page, place: str) -> None:
    await page.goto(f"{page.url.split('#')[0]}{place}")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_a_layer_is_put_together_by_taps_and_brought_in_order_by_a_finger(
    app: App, screens: Open, size: dict[str, int]
) -> None:
    anne = await screens(size)
    page = anne.page
    await show(page, "#/panel/layers")
    await page.get_by_role("button", name="New layer").tap()
    await page.get_by_label("Layer name").fill("Rhythm")
    for path in ("daw/ch2", "foh/ch1", "foh/ch3"):
        await page.locator(f'[data-choice="{path}"]').tap()
    await page.get_by_role("button", name="Add separator").tap()
    await page.get_by_label("Separator's title").fill("Keys")
    await page.locator('[data-choice="daw/ch4"]').tap()
    await page.locator('[data-choice="foh/ch3"]').tap()  # and out again
    await page.locator(".panel .body").evaluate("body => body.scrollTop = 0")
    (x, y), (_, to) = [await anne.middle(f'[data-item="{path}"] .grip') for path in ("foh/ch1", "daw/ch2")]
    await anne.touch("touchStart", (x, y))
    for step in range(1, 6):
        await anne.touch("touchMove", (x, y + (to - 8 - y) * step / 5))
    await anne.touch("touchEnd")
    rows = page.locator(".layer-items li")
    await expect(rows.first).to_have_attribute("data-item", "foh/ch1")
    await page.get_by_role("button", name="Save").tap()
    await expect(page.locator(".panel")).to_be_hidden()
    (layer,) = kept(app)
    assert (layer["name"], layer["items"]) == ("Rhythm", ["foh/ch1", "daw/ch2", {"separator": "Keys"}, "daw/ch4"])
    assert await strips(page) == ["foh/ch1", "daw/ch2", "daw/ch4"]
    assert page.url.endswith(f"#/layer/{layer['id']}")
    await page.reload()
    await anne.link("online")
    assert await strips(page) == ["foh/ch1", "daw/ch2", "daw/ch4"]
    await expect(page.locator(".layers [aria-pressed=true]")).to_have_text("Rhythm")


async def test_the_arrow_keys_bring_a_strip_to_its_place_and_the_focus_goes_along(app: App, screens: Open) -> None:
    make(app, items=["foh/ch1", "foh/ch2", "daw/ch1"])
    anne = await screens(DESKTOP, touch=False)
    page = anne.page
    await show(page, "#/panel/layers")
    await page.get_by_role("button", name="Edit Rhythm").press("Enter")
    grip = page.locator('[data-item="daw/ch1"] .grip')
    await grip.focus()
    for _ in range(2):
        await page.keyboard.press("ArrowUp")
    await expect(grip).to_be_focused()
    await expect(grip).to_have_attribute("aria-label", re.compile("place 1 of 3"))
    await page.get_by_role("button", name="Save").press("Enter")
    await until(lambda: kept(app)[0]["items"] == ["daw/ch1", "foh/ch1", "foh/ch2"])


async def test_keys_of_the_editor_are_large_enough_for_a_finger(app: App, screens: Open) -> None:
    make(app)
    anne = await screens(PHONE)
    await show(anne.page, "#/panel/layers")
    await anne.page.get_by_role("button", name="Edit Rhythm").tap()
    await anne.page.locator(".layer-items li").first.wait_for()
    sizes = await anne.page.locator(".panel :is(button, input)").evaluate_all(SIZES)
    assert min(sizes) >= 44


@pytest.mark.parametrize(("theme", "text"), LOOKS, ids=NAMED)
async def test_axe_finds_nothing_serious_on_a_layer_and_its_editor(
    app: App, shared_screen: Open, theme: str, text: int
) -> None:
    layer = make(app, shared=True)
    anne = await shared_screen(DESKTOP)
    await show(anne.page, f"#/layer/{layer['id']}/panel/layers")
    await wear(anne.page, theme, text)
    await anne.page.get_by_role("button", name="Edit Rhythm").wait_for()
    assert await faults(anne.page) == []
    await anne.page.get_by_role("button", name="Edit Rhythm").tap()
    await anne.page.locator(".layer-items li").first.wait_for()
    assert await faults(anne.page) == []


async def test_search_leads_to_a_layer(app: App, screens: Open) -> None:
    make(app)
    anne = await screens(PHONE)
    await show(anne.page, "#/panel/help")
    await anne.page.get_by_label("Find a strip, mix, scene, anything").fill("rhy")
    await anne.page.locator('[data-kind="layer"]').tap()
    await expect(anne.page.locator(".panel")).to_be_hidden()
    assert await strips(anne.page) == ["foh/ch2", "daw/ch1", "gone/ch7", "foh/ch1"]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_strips_of_a_layer_stand_under_their_consoles_and_a_missing_one_keeps_its_place(
    app: App, screens: Open, size: dict[str, int]
) -> None:
    make(app)
    anne = await screens(size)
    page = anne.page
    await page.locator(".layers button", has_text="Rhythm").tap()
    await expect(page.locator(".bank rm-strip")).to_have_count(4)
    assert await strips(page) == ["foh/ch2", "daw/ch1", "gone/ch7", "foh/ch1"]
    await expect(page.locator(".whose:not(.titles) b")).to_have_text(["foh", "daw", "gone", "foh"])
    await expect(page.locator(".titles b")).to_have_text(["Drums", "Far"])
    await expect(page.locator('rm-strip[data-strip="gone/ch7"]')).to_have_text(re.compile("not here now"))
    for path, nick in (("foh/ch2", 0), ("daw/ch1", 1)):
        strip = await page.locator(f'.bank rm-strip[data-strip="{path}"]').bounding_box()
        band = await page.locator(".whose:not(.titles) > span").nth(nick).bounding_box()
        assert strip
        assert band
        assert abs(strip["x"] - band["x"]) < 2, path
        assert abs(strip["width"] - band["width"]) < 2, path


async def test_a_changed_layer_waits_for_the_finger_on_a_fader(app: App, screens: Open) -> None:
    layer = make(app, items=["foh/ch1", "foh/ch2", "daw/ch1"])
    anne = await screens(PHONE)
    page = anne.page
    await page.locator(".layers button", has_text="Rhythm").tap()
    await expect(page.locator(".bank rm-strip")).to_have_count(3)
    await anne.drag("foh/ch1/fader", -40, lift=False)
    changed = {"items": ["daw/ch1", "foh/ch2", "foh/ch1"], "name": "Turned"}
    assert host(app).call("PUT", f"/layers/{layer['id']}", changed).status == 200
    host(app).call("PUT", "/params/foh/ch2/fader", {"value": 0.25})  # comes after the layers, on the same link
    await anne.stands_at("foh/ch2/fader", 0.25)
    assert await strips(page) == ["foh/ch1", "foh/ch2", "daw/ch1"]
    await expect(page.locator(".layers [aria-pressed=true]")).to_have_text("Rhythm")
    await anne.touch("touchEnd")
    await expect(page.locator(".layers [aria-pressed=true]")).to_have_text("Turned")
    assert await strips(page) == ["daw/ch1", "foh/ch2", "foh/ch1"]


async def test_what_somebody_else_has_changed_is_not_overwritten(app: App, screens: Open) -> None:
    layer = make(app, shared=True)
    anne = await screens(PHONE)
    page = anne.page
    await show(page, "#/panel/layers")
    await page.get_by_role("button", name="Edit Rhythm").tap()
    await page.locator('[data-item="foh/ch1"]').wait_for()
    host(app).call("PUT", f"/layers/{layer['id']}", {"items": ["foh/ch4"]})
    await page.get_by_role("button", name="Save").tap()
    await expect(page.locator("rm-notice")).to_contain_text("open it again")
    assert kept(app)[0]["items"] == ["foh/ch4"]
    anne.faults.clear()  # the browser's remark on the answer 409


async def test_what_was_put_together_and_not_saved_is_there_when_the_panel_opens_again(app: App, screens: Open) -> None:
    anne = await screens(PHONE)
    page = anne.page
    for _ in range(2):
        await show(page, "#/panel/layers")
        await page.get_by_role("button", name="New layer").tap()
        await expect(page.locator(".layer-items li")).to_have_count(0)
        await page.locator('[data-choice="daw/ch2"]').tap()
        await page.locator(".panel").get_by_role("button", name="Close").tap()
        await show(page, "#/panel/layers")
        await page.get_by_role("button", name="New layer").tap()
        await expect(page.locator('.layer-items [data-item="daw/ch2"]')).to_be_visible()
        await page.get_by_role("button", name="Discard changes").tap()
        await expect(page.locator(".layer-items li")).to_have_count(0)
        await page.locator(".panel").get_by_role("button", name="Close").tap()
    assert kept(app) == []


async def test_a_device_brings_along_the_layers_that_it_alone_had(app: App, screens: Open) -> None:
    anne = await screens(PHONE)
    own = json.dumps(json.dumps([{"id": "own1", "name": "Old", "strips": ["foh/ch2", "foh/ch1"]}]))
    await anne.page.evaluate(f"localStorage.setItem('remote-mixer.layers', {own})")
    await anne.page.evaluate("localStorage.setItem('remote-mixer.layer', '\"own1\"')")
    await show(anne.page, "#/")
    await anne.page.reload()
    await until(lambda: [layer["name"] for layer in kept(app)] == ["Old"])
    await expect(anne.page.locator(".layers [aria-pressed=true]")).to_have_text("Old")
    assert await strips(anne.page) == ["foh/ch2", "foh/ch1"]


async def test_pages_of_a_role_open_with_the_layer_that_the_crew_gave_it(app: App, browser: Browser) -> None:
    make(app, name="Stage", shared=True, roles=["guest", "musician"], items=["foh/ch3", "foh/ch1", "daw/ch1"])
    async with visitors(browser, app) as visit:
        guest = await visit(await invitation(app, "guest", ""))
        await come_in(guest, "Gus")
        await expect(guest.locator(".layers [aria-pressed=true]")).to_have_text("Stage")
        assert await strips(guest) == ["foh/ch3", "foh/ch1", "daw/ch1"]
        musician = await visit(await invitation(app, "musician", "foh/bus1"))
        await come_in(musician, "Mia")
        await expect(musician.locator(".mine-layers [aria-pressed=true]")).to_have_text("Stage")
        lines = musician.locator(".sends-list rm-line")
        await expect(lines).to_have_count(2)
        assert await lines.evaluate_all("all => all.map(one => one.dataset.strip)") == ["foh/ch3", "foh/ch1"]
        await musician.locator(".who-are-you").click()
        await musician.locator(".choices >> text=Snare").click()  # which is in no layer
        await expect(lines).to_have_count(3)
        assert await lines.evaluate_all("all => all.map(one => one.dataset.strip)") == ["foh/ch2", "foh/ch3", "foh/ch1"]
        send = {number: f"foh/ch{number}/send/bus1/level" for number in (2, 4)}
        for path in send.values():
            host(app).call("PUT", f"/params/{path}", {"value": "-10dB"})
        await musician.locator(".more-me").click()
        await until(lambda: level(app, send[2]) > -10 > level(app, send[4]))  # of those out of the layer too
        await musician.locator(".mine-layers button", has_text="All").click()
        await expect(lines).to_have_count(4)

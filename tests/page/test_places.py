"""Places on the page: what is fetched later, what a reload keeps, and where Back and a sent address lead."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.conftest import Open
from tests.page.mine import KICK, Musician
from tests.support.browser import PHONE, PHONE_ON_ITS_SIDE, Screen, noticed
from tests.support.devices import keep_out
from tests.support.running import FADER, demo_console

LATER = re.compile(r"/views[/-]panels(\.later)?\.js")
MINE = re.compile(r"/views[/-]musician(\.later)?\.js")
SENDS = "band/ch{}/send/bus1/level"
LIT_AT_0_DB = """meter => {
    const all = new Proxy([], { get: () => 0 })
    meter.draw({ levels: all, holds: all })
    const { width, height } = meter.canvas
    const alphas = meter.pen.getImageData(Math.floor(width / 2), 0, 1, height).data.filter((_, at) => at % 4 === 3)
    return alphas.filter(Boolean).length / height
}"""
"""Share of a meter that is lit while the channel reads 0 dB."""
RECORD_FADERS = """
  window.stood = new Set()
  new MutationObserver(() => {
    for (const fader of document.querySelectorAll("rm-fader")) window.stood.add(fader.dataset.path)
  }).observe(document, { childList: true, subtree: true })
"""
"""Keeps the paths of all faders that have ever stood on the page."""


async def at(screen: Screen, address: str) -> None:
    """Wait until the page's address ends so."""
    await expect(screen.page).to_have_url(re.compile(re.escape(address) + "$"))


async def mix(screen: Screen) -> None:
    """Open the first mix from the mix bar."""
    await screen.page.locator('.mixbar [data-to="band/bus1"]').tap()
    await screen.page.wait_for_selector(screen.fader(SENDS.format(1)))


async def leftmost(screen: Screen) -> str:
    """Return the path of the fader at the left edge of the bank."""
    return str(
        await screen.page.evaluate("""() => {
      const { left, top, height } = document.querySelector(".bank").getBoundingClientRect()
      return document.elementsFromPoint(left + 20, top + height / 2).find((e) => e.matches("rm-fader")).dataset.path
    }""")
    )


async def test_a_reload_in_a_mix_brings_the_same_faders_and_never_another(app: App, screens: Open) -> None:
    anne = await screens(PHONE)
    await mix(anne)
    await anne.page.locator(".bank").evaluate("bank => bank.scrollTo({ left: bank.clientWidth / 2 })")
    await anne.page.wait_for_function("() => sessionStorage.getItem('remote-mixer.scrolled')?.includes('band/ch3')")
    assert await leftmost(anne) == SENDS.format(3)
    keep_out(anne.page)
    await anne.page.add_init_script(RECORD_FADERS)
    await anne.page.reload()
    await anne.link("online")
    assert await leftmost(anne) == SENDS.format(3)
    sends = [*map(SENDS.format, range(1, 9)), "band/bus1/fader"]
    await anne.page.wait_for_function("sends => sends.every((one) => window.stood.has(one))", arg=sends)
    assert set(await anne.page.evaluate("[...window.stood]")) == set(sends)


async def test_back_closes_the_strip_and_the_mix_and_asks_before_it_leaves_and_forward_returns(
    app: App, screens: Open
) -> None:
    anne = await screens(PHONE)
    await mix(anne)
    await anne.page.locator('rm-strip[data-strip="band/ch2"] .plate').tap()
    await at(anne, "#/mix/band/bus1/strip/band/ch2")
    await anne.page.go_back()
    await expect(anne.page.locator(".panel")).to_be_hidden()
    await anne.page.go_back()
    await anne.page.wait_for_selector(anne.fader(FADER))
    await anne.page.go_back()
    await anne.page.get_by_role("alertdialog", name="Leave the mixer?").get_by_text("Stay").tap()
    await at(anne, "#/layer/all")
    await anne.page.go_forward()
    await anne.page.go_forward()
    await expect(anne.page.locator(".panel")).to_contain_text("Snare")
    await anne.page.set_viewport_size(PHONE_ON_ITS_SIDE)  # type: ignore[arg-type] # held upright it takes the header's place
    await anne.page.locator("button.back").tap()
    await at(anne, "#/layer/all/strip/band/ch2")


async def test_sends_wear_the_colour_of_their_mix_and_show_the_level_sent_or_no_meter(app: App, screens: Open) -> None:
    anne = await screens(PHONE)
    background = "e => getComputedStyle(e).backgroundImage"
    strip = anne.page.locator('rm-strip[data-strip="band/ch1"]')
    house = await strip.locator(".cap").evaluate(background)
    await mix(anne)
    await expect(anne.page.locator("header .mix")).to_have_text("Sends toMix 1")
    await expect(anne.page.locator("body")).to_have_attribute("data-color", "violet")
    assert await strip.locator(".cap").evaluate(background) != house
    meter = strip.locator(".throw rm-meter")
    await expect(meter).to_be_visible()
    sent: dict[str, Value] = {"band/ch1/send/bus1/tap": "post_fader", "band/ch1/send/bus1/level": 0.5}
    app.loop.call_soon_threadsafe(demo_console(app).move, sent)
    await anne.stands_at(SENDS.format(1), 0.5)
    assert await meter.evaluate(LIT_AT_0_DB) == pytest.approx(0.5, abs=0.01), "the level sent, −10 dB"
    values: dict[str, Value] = {"band/ch1/send/bus1/tap": "pre_fader", "band/ch1/send/bus1/level": 0.5, FADER: 0.0}
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await expect(meter).to_be_hidden()


async def test_an_address_of_a_mix_that_is_not_there_has_no_faders_and_a_way_out(app: App, screens: Open) -> None:
    anne = await screens(PHONE)
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/mix/band/bus99")
    empty = anne.page.locator(".mixer .empty")
    await expect(empty).to_contain_text("Mix not available")
    assert await anne.page.locator("rm-fader").count() == 0
    await empty.get_by_role("button", name="Main mix").tap()
    await anne.page.wait_for_selector(anne.fader(FADER))


async def test_a_musician_who_is_sent_another_mix_sees_neither_it_nor_their_own_in_its_place(
    app: App, musician: Musician
) -> None:
    ann = await musician(own=None)
    await ann.page.goto("about:blank")  # a sent address opens a page of its own
    await ann.page.goto(f"http://127.0.0.1:{app.port}/#/mix/band/bus1/strip/band/ch1")
    empty = ann.page.locator(".mine .empty")
    await expect(empty).to_contain_text("Not your mix")
    assert await ann.page.locator("rm-fader, .panel:not([hidden])").count() == 0
    await empty.get_by_role("button", name="My mix").tap()
    await ann.page.wait_for_selector(f'rm-fader[data-path="{KICK}"]')
    for place in ("panel/wall", "scenes"):
        await ann.page.goto("about:blank")
        await ann.page.goto(f"http://127.0.0.1:{app.port}/#/{place}")
        await noticed(ann.page, "That address leads to a page of the sound crew.")
        await expect(ann.page.locator(".panel")).to_be_hidden()


async def test_a_panel_that_is_not_here_yet_stands_as_soon_as_it_comes(app: App, screens: Open) -> None:
    anne, here = await screens(), asyncio.Event()

    async def hold(route: Route) -> None:
        await here.wait()
        await route.continue_()

    keep_out(anne.page)
    await anne.page.route(LATER, hold)
    await anne.page.reload()
    await anne.link("online")
    await anne.page.locator('rm-strip[data-strip="band/ch1"] .plate').click()
    panel = anne.page.locator(".panel")
    await expect(panel).to_contain_text("Loading…")
    here.set()
    await panel.get_by_role("tab", name="Name").click()
    await expect(panel.get_by_label("Name", exact=True)).to_be_visible()


async def test_panels_are_fetched_soon_after_the_first_second_without_a_tap(app: App, screens: Open) -> None:
    anne = await screens()
    async with anne.page.expect_request(LATER):
        await anne.page.reload()


async def test_a_musicians_page_that_did_not_come_is_asked_for_again_and_the_crew_asks_for_it_later_than_for_a_fader(
    musician: Musician, screens: Open
) -> None:
    asked: list[str] = []
    anne = await screens()
    keep_out(anne.page)
    anne.page.on("request", lambda request: asked.append(request.url))
    await anne.page.reload()
    await anne.page.wait_for_selector("rm-fader")
    assert not any(map(MINE.search, asked))
    ann = await musician()

    async def lose_the_first(route: Route) -> None:
        await route.abort()
        await ann.page.unroute(MINE)

    keep_out(ann.page)
    await ann.page.route(MINE, lose_the_first)
    await ann.page.reload()
    await expect(ann.page.locator("rm-line[data-own]")).to_be_visible()
    ann.faults.clear()  # the browser's own word for the lost request

"""The page for everybody: with a screen reader, without a mouse, with weak eyes, with large fingers."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from tests.page.axe import LOOKS, NAMED, faults, wear
from tests.page.conftest import Open
from tests.page.mine import Musician
from tests.page.test_channel import STANDS_OUT
from tests.page.test_page import put
from tests.support.browser import PHONE, Screen
from tests.support.running import FADER
from tests.support.waiting import until

QUIET_PARTS = (".solo", ".tick:not(.zero)", "rm-pan .word")
OPENS = {
    "a strip": "#/strip/band/ch1",
    "people": "#/panel/people",
    "an invitation": "#/panel/invite",
    "join": "#/panel/join",
    "scenes": "#/scenes",
    "all meters": "#/panel/wall",
    "sends": "#/mix/band/bus1",
}


@pytest.mark.parametrize(("theme", "text"), LOOKS, ids=NAMED)
async def test_axe_finds_nothing_serious_on_the_crews_page(
    app: App, shared_screen: Open, theme: str, text: int
) -> None:
    await put(app, ch1_mute=True)
    anne = await shared_screen(PHONE)
    await wear(anne.page, theme, text)
    assert await faults(anne.page) == []
    for what, address in OPENS.items():
        await anne.page.goto(anne.page.url.partition("#")[0] + address)
        await anne.page.wait_for_selector(".panel h2, .back" if what != "sends" else ".back")
        await anne.page.wait_for_selector('[data-link="online"]', state="attached")
        assert await faults(anne.page) == [], what


async def test_axe_finds_nothing_serious_on_a_musicians_page(musician: Musician) -> None:
    ann = await musician()
    for look in LOOKS:
        await wear(ann.page, *look)
        await ann.page.wait_for_selector("rm-line[data-own]")
        assert await faults(ann.page) == [], look
    await ann.page.goto(ann.page.url.partition("#")[0] + "#/panel/help")
    await ann.page.wait_for_selector(".panel .gesture")
    assert await faults(ann.page) == [], "help"


async def test_more_contrast_is_worn_where_the_device_asks_for_it(shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    contrasts = {}
    for asked in ("no-preference", "more"):
        await anne.page.emulate_media(contrast=asked)
        contrasts[asked] = [await anne.page.locator(f".bay {part}").first.evaluate(STANDS_OUT) for part in QUIET_PARTS]
    await anne.page.emulate_media(contrast="no-preference")
    for usual, more in zip(*contrasts.values(), strict=True):
        assert more[2] > usual[2] * 1.2, contrasts


async def focus(screen: Screen) -> str:
    """Return the strip and the place in it that have the focus: "band/ch1 fader"."""
    script = """() => {
      const focus = document.activeElement
      const part = focus.closest("[data-at]")?.dataset.at ?? (focus.matches(".plate") ? "plate" : focus.localName)
      return `${focus.closest("[data-strip]")?.dataset.strip} ${part}`
    }"""
    return str(await screen.page.evaluate(script))


async def press(screen: Screen, *keys: str) -> None:
    for key in keys:
        await screen.page.keyboard.press(key)


async def test_each_strip_is_a_named_group_with_one_tab_stop(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    await expect(anne.page.get_by_role("group", name="Kick", exact=True)).to_have_count(1)
    await anne.page.locator(anne.fader(FADER)).focus()
    assert await focus(anne) == "band/ch1 fader"
    await press(anne, "Tab")
    assert await focus(anne) == "band/ch2 fader"
    await press(anne, "Shift+ArrowUp", "Tab")
    assert await focus(anne) == "band/ch3 fader"
    await press(anne, "Shift+Tab", "Shift+Tab")
    assert await focus(anne) == "band/ch1 fader"


async def test_arrows_walk_over_the_strips_through_their_controls_and_move_the_fader(
    app: App, shared_screen: Open
) -> None:
    await put(app, ch1_fader=0.5, ch2_fader=0.5)
    anne = await shared_screen()
    await anne.page.locator(anne.fader(FADER)).focus()
    await press(anne, "ArrowRight", "ArrowUp", "ArrowUp")
    await until(lambda: app.desk.values["band/ch2/fader"] == 0.525)
    assert app.desk.values[FADER] == 0.5
    await press(anne, "Shift+ArrowUp")
    assert await focus(anne) == "band/ch2 mute"
    await press(anne, "ArrowLeft", "ArrowUp", "ArrowUp")
    assert await focus(anne) == "band/ch1 pan"
    await press(anne, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft")
    assert await focus(anne) == "band/ch1 fader"


async def test_m_and_s_mute_and_solo_the_strip_in_focus_and_enter_takes_a_value(app: App, shared_screen: Open) -> None:
    await put(app, ch1_fader=0.5, ch1_mute=False)
    anne = await shared_screen()
    await anne.page.locator(anne.fader(FADER)).focus()
    await press(anne, "m", "s")
    await until(lambda: (app.desk.values["band/ch1/mute"], app.desk.values["band/ch1/solo"]) == (True, True))
    await press(anne, "m", "s")
    await until(lambda: (app.desk.values["band/ch1/mute"], app.desk.values["band/ch1/solo"]) == (False, False))
    await press(anne, "Enter")
    await anne.page.keyboard.type("-20")
    await press(anne, "Enter")
    await until(lambda: app.desk.values[FADER] == pytest.approx(0.375))
    assert await focus(anne) == "band/ch1 fader"


async def test_digits_choose_a_layer_and_the_focus_stays_on_the_bank(shared_screen: Open) -> None:
    anne = await shared_screen()
    await anne.page.locator(anne.fader(FADER)).focus()
    await press(anne, "3")
    third = anne.page.locator(".layers button").nth(2)
    await expect(third).to_have_attribute("aria-pressed", "true")
    await expect(anne.page.locator("rm-strip:focus-within")).to_have_count(1)
    await press(anne, "1")
    await expect(anne.page.locator(anne.fader(FADER))).to_have_count(1)


async def test_escape_closes_a_panel_and_returns_to_what_opened_it(shared_screen: Open) -> None:
    anne = await shared_screen()
    await anne.page.locator(anne.fader("band/ch2/fader")).focus()
    for _ in range(6):
        await press(anne, "Shift+ArrowUp")
    assert await focus(anne) == "band/ch2 plate"
    await press(anne, "Enter")
    await anne.page.wait_for_selector(".panel h2")
    await press(anne, "Escape")
    assert await focus(anne) == "band/ch2 plate"
    await anne.page.locator('[data-tool="more"]').focus()
    await press(anne, "Enter")
    await anne.page.locator(".panel button.row").first.focus()
    await press(anne, "Escape")
    await expect(anne.page.locator('[data-tool="more"]')).to_be_focused()


async def test_what_is_heard_names_the_page_the_strip_and_the_value(app: App, shared_screen: Open) -> None:
    await put(app, ch1_fader=0.6375, ch1_send_bus1_level=0.5)
    anne = await shared_screen()
    await expect(anne.page.get_by_role("heading", level=1)).to_have_text("Main mix")
    await expect(anne.page.get_by_role("button", name="Kick level, −4.5 dB", exact=True)).to_have_count(1)
    await anne.page.locator('rm-strip[data-strip="band/bus1"] .sends').click()
    await expect(anne.page.get_by_role("heading", level=1)).to_have_text(re.compile("Sends to "))
    await expect(anne.page.get_by_role("button", name="Kick send level, −10.0 dB", exact=True)).to_have_count(1)


BAY = ".bay :is(rm-strip:nth-child(-n+3), .mains rm-strip)"
TARGETS = (
    f"header button, .mixkey button, .rail, .near, .channel-head .tool, .tabs button, .edge rm-toggle, "
    f".edge rm-pan, {BAY} :is(rm-pan, .plate)"
)
KEYS, READOUTS = f"{BAY} :is(rm-toggle, rm-choice)", f":is({BAY}, .edge) rm-readout button"
SIZES = [(390, 844), (844, 390), (568, 320), (820, 1180), (1024, 768), (1440, 900), (1920, 1080)]
LEAST = [(TARGETS, 44, 44), (KEYS, 44, 44), (READOUTS, 44, 44)]
LEAST_SIDEWAYS = [(TARGETS, 44, 44), (KEYS, 36, 44), (READOUTS, 44, 24)]
"""With the phone on its side two keys share a strip's width, so that eight stand there; values leave faders height."""
PLACES = {"#/": ".bay .plate", "#/mix/band/bus1": ".back", "#/strip/band/ch1": ".edge rm-fader"}
SMALL = """least => {
  const scrollers = ".layers, .bank, .mixkeys, .bars, .tabs"
  const screen = { left: 0, right: innerWidth, top: 0, bottom: innerHeight }
  const isIn = (sight, { left, right, top, bottom }) =>
    left >= sight.left - 1 && right <= sight.right + 1 && top >= sight.top - 1 && bottom <= sight.bottom + 1
  const reach = (meets) => {
    let [near, far] = [0, 45]
    while (far - near > 1) meets((near + far) >> 1) ? (near = (near + far) >> 1) : (far = (near + far) >> 1)
    return near
  }
  const smallOf = ([targets, wide, high]) => [...document.querySelectorAll(targets)].flatMap((one) => {
    const box = one.getBoundingClientRect()
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2]
    const meets = (right, down) => one.contains(document.elementFromPoint(x + right, y + down))
    const sight = one.closest(scrollers)?.getBoundingClientRect() ?? screen
    if (box.width === 0 || one.disabled || !isIn(sight, box) || !meets(0, 0)) return []
    const across = reach((px) => meets(-px, 0)) + 1 + reach((px) => meets(px, 0))
    const along = reach((px) => meets(0, -px)) + 1 + reach((px) => meets(0, px))
    return across < wide || along < high ? [`${one.ariaLabel ?? one.textContent}: ${across} × ${along}`] : []
  })
  return least.flatMap(smallOf)
}"""
"""Returns what a finger misses: how far from the middle of a target wholly in sight it still meets it, in pixels."""


async def test_a_finger_finds_targets_of_44_px(shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    small = {}
    for wide, high in SIZES:
        await anne.page.set_viewport_size({"width": wide, "height": high})
        for place, there in PLACES.items():
            await anne.page.evaluate("place => (location.hash = place)", place)
            await expect(anne.page.locator(there).first).to_be_visible()
            await anne.drawn()
            small[wide, high, place] = await anne.page.evaluate(SMALL, LEAST if high > 480 else LEAST_SIDEWAYS)
    assert {where: found for where, found in small.items() if found} == {}


async def test_what_says_clip_is_small_and_takes_a_finger(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    clip = anne.page.locator('rm-strip[data-strip="band/ch1"] .throw .clip')
    box = await clip.evaluate("one => [one.offsetWidth, one.offsetHeight]")
    assert min(box) >= 44

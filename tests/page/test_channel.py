"""The channel view: one strip's fader at its edge and all its params beside it, on every size of screen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, Screen, noticed
from tests.support.running import demo_console, online
from tests.support.studio import running_studio
from tests.support.waiting import until

SMALL = {"width": 568, "height": 320}
TABLET_UPRIGHT = {"width": 820, "height": 1180}
SIZES = [PHONE, PHONE_ON_ITS_SIDE, SMALL, TABLET_UPRIGHT, DESKTOP]
NAMES = ["phone", "side", "small", "tablet", "desktop"]
FADER = "foh/ch1/fader"
EDGE = ".panel rm-fader[data-path='foh/ch1/fader']:not([sideways])"
LEAST_TRAVEL = 120
OVERLAPS = """() => {
  const parts = document.querySelectorAll(".channel-head > *, .tabs, .panel > .body, .edge > *")
  const boxOf = (part) => ({ name: part.className || part.localName, box: part.getBoundingClientRect() })
  const boxes = [...parts].map(boxOf)
  const seen = boxes.filter(({ box }) => box.height > 0)
  const laps = ({ box: one }, { box: other }) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1
  const isOutside = ({ box: { left, top, right, bottom } }) =>
    Math.min(left, top, innerWidth - right, innerHeight - bottom) < -1
  const others = (one) => seen.slice(seen.indexOf(one) + 1).filter((other) => laps(one, other))
  const pairs = seen.flatMap((one) => others(one).map((other) => [one, other]))
  return [...pairs, ...seen.filter(isOutside)].flat().map(({ name }) => name)
}"""
"""The parts of the channel view that lie over each other or outside the screen."""
CUT = """() => [...document.querySelectorAll(".edge rm-toggle")].flatMap((key) => ["off", "on"].filter((state) => {
  key.word.textContent = key.getAttribute(state)
  const words = document.createRange()
  words.selectNodeContents(key.word)
  const isCut = key.offsetWidth > 0 && words.getBoundingClientRect().width > key.clientWidth
  key.draw()
  return isCut
}).map((state) => key.getAttribute(state)))"""
"""The words of the edge's keys that are wider than their key."""

ZOOMED = [(320, 568), (360, 640), (640, 360), (740, 360), (823, 514), (1000, 500), (1097, 617)]
"""Short phones, and the screens of laptops at 150, 175 and 300 %."""
HAS_TRAVEL = "([fader, least]) => document.querySelector(`${fader} .run`)?.clientHeight >= least"

SMALL_TARGETS = """() => [...document.querySelectorAll(
  ".tabs button, .page :is(button, select, rm-toggle, rm-choice, rm-pan)")]
  .filter((one) => one.getClientRects().length && Math.min(one.offsetWidth, one.offsetHeight) < 44)
  .map((one) => `${one.className} ${one.ariaLabel ?? one.textContent} ${one.offsetWidth} × ${one.offsetHeight}`)"""
"""Targets too small for a finger on a page of the channel view; on phones held sideways the rows of keys are lower."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_studio(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served, "foh")
    return served


async def opened(screen: Screen, strip: str = "ch1", tab: str | None = None) -> None:
    """Open a strip's channel view by its plate, at one of its tabs."""
    await screen.page.locator(f'rm-strip[data-strip="foh/{strip}"] .plate').click()
    await screen.page.wait_for_selector('.panel[data-name="strip"] .page')
    if tab:
        await screen.page.get_by_role("tab", name=tab, exact=True).click()
        await screen.page.wait_for_selector(f'.page[data-page="{tab}"]')


async def screen_of(shared_screen: Open, size: dict[str, int]) -> Screen:
    """Return a screen of this size; the smallest one opens upright, as a phone that is turned later."""
    screen = await shared_screen(PHONE if size is SMALL else size)
    await screen.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    return screen


async def test_an_open_channel_is_a_part_of_the_mixer_and_lights_no_other_key(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await opened(anne)
    await expect(anne.page.locator(".keys [aria-current]")).to_have_count(0)
    await expect(anne.page.locator(".mixbar [aria-current]")).to_have_text("Main")
    await anne.page.locator(".mixbar").get_by_text("Main").tap()
    await expect(anne.page.locator(".panel")).to_be_hidden()
    await expect(anne.page.locator(".mixbar [aria-current]")).to_have_text("Main")


@pytest.mark.parametrize("text", [100, 200])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
async def test_the_fader_is_at_the_edge_of_every_tab_with_its_travel_and_nothing_lies_over_anything(
    app: App, shared_screen: Open, size: dict[str, int], text: int
) -> None:
    anne = await screen_of(shared_screen, size)
    await anne.page.evaluate("text => document.querySelector('rm-strip').page.prefs.text.set(text)", text)
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/strip/foh/ch1/eq")
    for tab in ("EQ", "Sends", "Name"):
        await anne.page.get_by_role("tab", name=tab, exact=True).click()
        await expect(anne.page.locator(".page")).to_have_attribute("data-page", tab)
        run = await anne.page.locator(f"{EDGE} .run").bounding_box()
        assert run
        assert run["height"] >= LEAST_TRAVEL
        assert await anne.page.evaluate(OVERLAPS) == []
        if text == 100 and size in (PHONE, TABLET_UPRIGHT):
            assert await anne.page.evaluate(SMALL_TARGETS) == []
    assert await anne.page.evaluate(CUT) == []
    for what in ("mute", "solo", "fader"):
        await expect(anne.page.locator(f'.edge [data-path="foh/ch1/{what}"]').first).to_be_visible()
    await expect(anne.page.locator(".edge .throw rm-meter")).to_be_visible()
    await expect(anne.page.locator(".edge rm-readout")).to_have_text(re.compile("dB|[0-9]"))
    has_room = size is not SMALL and not (text == 200 and size is PHONE_ON_ITS_SIDE)
    await expect(anne.page.locator(".edge rm-pan")).to_be_visible(visible=has_room)


async def test_the_edge_keeps_its_travel_on_a_zoomed_page_and_a_short_phone(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    for wide, high in ZOOMED:
        await anne.page.set_viewport_size({"width": wide, "height": high})
        await anne.page.wait_for_function(HAS_TRAVEL, arg=[EDGE, LEAST_TRAVEL], timeout=5000)
        assert await anne.page.evaluate(OVERLAPS) == [], (wide, high)


async def test_the_edge_moves_as_the_bank_does(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    bank = await anne.page.locator(f"{anne.fader(FADER)} .run").bounding_box()
    await opened(anne, tab="EQ")
    edge = await anne.page.locator(f"{EDGE} .run").bounding_box()
    assert bank
    assert edge
    x, y = await anne.middle(EDGE)
    before = float(app.desk.values[FADER] or 0)
    await anne.touch("touchStart", (x, y))
    await anne.touch("touchMove", (x, y + 8))
    for step in range(1, 6):
        await anne.touch("touchMove", (x, y + 8 + 16 * step))
    await anne.touch("touchEnd")
    await until(lambda: not app.desk.held())
    assert float(app.desk.values[FADER] or 0) == pytest.approx(before - 80 / edge["height"], abs=0.03)
    await anne.page.locator(".edge .mute").tap()
    await until(lambda: app.desk.values["foh/ch1/mute"] is True)
    await anne.page.locator(".edge .mute").tap()
    await until(lambda: app.desk.values["foh/ch1/mute"] is False)


@pytest.mark.parametrize("size", [PHONE_ON_ITS_SIDE, TABLET_UPRIGHT, DESKTOP], ids=["side", "tablet", "desktop"])
async def test_the_bank_stays_beside_it_with_the_open_strip_outlined_and_in_sight(
    app: App, shared_screen: Open, size: dict[str, int]
) -> None:
    anne = await shared_screen(size)
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/strip/foh/ch12/eq")
    panel = anne.page.locator(".panel")
    await expect(panel).to_contain_text("Vox")
    box = await panel.bounding_box()
    assert box
    assert size["width"] * 0.4 <= box["width"] <= size["width"] * 0.6
    strip = anne.page.locator('.bank rm-strip[data-strip="foh/ch12"][data-open]')
    await expect(strip).to_be_in_viewport(ratio=0.95)
    assert await strip.evaluate("strip => getComputedStyle(strip, '::after').borderTopStyle") == "solid"
    beside = await strip.bounding_box()
    assert beside
    assert beside["x"] + beside["width"] <= box["x"] + 1


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["upright", "small"])
async def test_on_a_phone_it_takes_the_headers_place_and_says_whose_strip_it_is(
    app: App, shared_screen: Open, size: dict[str, int]
) -> None:
    anne = await screen_of(shared_screen, size)
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/strip/foh/ch1/eq")
    await expect(anne.page.locator("body > header")).to_be_hidden()
    box = await anne.page.locator(".panel").bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"]) == (0, 0, size["width"])
    await expect(anne.page.locator(".channel-head h2")).to_have_text(re.compile("Ch 01.*Kick"))
    await expect(anne.page.locator(".bank rm-fader").first).to_be_hidden()


async def test_a_swipe_on_the_head_leads_to_the_next_strip_at_the_same_tab(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    title = anne.page.locator(".channel-head h2 b")
    for pixels, name in ((-120, "Snare"), (-120, "Hats"), (120, "Snare")):
        x, y = await anne.middle(".channel-head h2")
        await anne.touch("touchStart", (x, y))
        for step in range(1, 6):
            await anne.touch("touchMove", (x + pixels * step / 5, y))
        await anne.touch("touchEnd")
        await expect(title).to_have_text(name)
        await expect(anne.page.locator(".page")).to_have_attribute("data-page", "EQ")
    await expect(anne.page).to_have_url(re.compile("/strip/foh/ch2/eq$"))


async def test_a_short_or_an_upright_move_on_the_head_leads_nowhere(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await opened(anne)
    x, y = await anne.middle(".channel-head h2")
    for right, down in ((30, 0), (60, 200)):
        await anne.touch("touchStart", (x, y))
        for step in range(1, 6):
            await anne.touch("touchMove", (x + right * step / 5, y + down * step / 5))
        await anne.touch("touchEnd")
    await anne.page.get_by_role("tab", name="Name", exact=True).tap()
    await expect(anne.page.locator(".channel-head h2 b")).to_have_text("Kick")


async def test_the_neighbours_stand_by_their_names_and_go_round_over_main(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await opened(anne)
    before, after = anne.page.locator(".near.before"), anne.page.locator(".near.after")
    await expect(before).to_contain_text("Main")
    await expect(after).to_contain_text("Snare")
    await before.tap()
    await expect(anne.page.locator(".channel-head h2 b")).to_have_text("Main")
    await expect(after).to_contain_text("Kick")
    await after.tap()
    await expect(anne.page.locator(".channel-head h2 b")).to_have_text("Kick")


async def test_arrow_keys_walk_along_the_strips_where_no_control_wants_them(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(touch=False)
    await opened(anne, tab="EQ")
    title, before = anne.page.locator(".channel-head h2 b"), app.desk.values["foh/ch2/fader"]
    await anne.page.locator(".panel").focus()
    await anne.page.keyboard.press("ArrowRight")
    await expect(title).to_have_text("Snare")
    await expect(anne.page.locator(".page")).to_have_attribute("data-page", "EQ")
    await anne.page.locator('.edge rm-fader[data-path="foh/ch2/fader"]').focus()
    await anne.page.keyboard.press("ArrowRight")
    await until(lambda: app.desk.values["foh/ch2/fader"] != before)
    await expect(title).to_have_text("Snare")
    await anne.page.get_by_role("tab", name="EQ").focus()
    await anne.page.keyboard.press("ArrowRight")
    await expect(anne.page.locator(".page")).to_have_attribute("data-page", "Gate")
    await expect(title).to_have_text("Snare")


async def test_a_reload_lands_on_the_same_strip_and_tab_and_back_closes_it(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    await anne.page.locator(".near.after").tap()
    await expect(anne.page).to_have_url(re.compile("/strip/foh/ch2/eq$"))
    await anne.page.reload()
    await expect(anne.page.locator(".page")).to_have_attribute("data-page", "EQ")
    await expect(anne.page.locator(".channel-head h2 b")).to_have_text("Snare")
    await anne.page.go_back()
    await expect(anne.page.locator(".panel")).to_be_hidden()
    await anne.page.wait_for_selector(anne.fader(FADER))


async def test_in_a_mix_the_edge_is_the_send_of_the_bank_and_says_where_it_goes(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/mix/foh/bus1/strip/foh/ch1/eq")
    await expect(anne.page.locator('.edge rm-fader[data-path="foh/ch1/send/bus1/level"]')).to_be_visible()
    await expect(anne.page.locator(EDGE)).to_have_count(0)
    await expect(anne.page.locator(".rim .to")).to_have_text("Anna")


async def put(app: App, values: dict[str, Value]) -> None:
    """Let the console itself put params somewhere."""
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await until(lambda: all(app.desk.values[path] == app.desk.param(path).check(values[path]) for path in values))


async def stands(app: App, path: str, value: float) -> None:
    await until(lambda: float(app.desk.values[path] or 0) == pytest.approx(value, abs=0.01))


GRIP, GAIN, FREQ, Q = 'rm-grip[aria-label="Band 3"]', "foh/ch1/eq/3/gain", "foh/ch1/eq/3/freq", "foh/ch1/eq/3/q"
FIRST: dict[str, Value] = {GAIN: 0.5, FREQ: 0.7, Q: 0.5}


async def test_a_second_finger_makes_a_handle_ten_times_finer(app: App, shared_screen: Open) -> None:
    await put(app, FIRST)
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    x, y = await anne.middle(GRIP)
    rest = await anne.middle(".acts-row")
    for fine, least, most in ((False, 0.1, 0.4), (True, 0.01, 0.04)):
        before = float(app.desk.values[GAIN] or 0)
        await anne.touch("touchStart", (x, y))
        if fine:
            await anne.touch("touchStart", (x, y), rest)
        for step in range(1, 6):
            await anne.touch("touchMove", (x, y - 10 * step), *([rest] if fine else []))
        await anne.touch("touchEnd")
        await until(lambda: not app.desk.held())
        moved = float(app.desk.values[GAIN] or 0) - before
        assert least < moved < most
        x, y = await anne.middle(GRIP)


async def test_two_fingers_together_on_the_plot_narrow_the_band_at_hand_and_apart_widen_it(
    app: App, shared_screen: Open
) -> None:
    await put(app, FIRST)
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    await anne.page.get_by_role("button", name="Band 3").tap()
    box = await anne.page.locator("rm-eq canvas").bounding_box()
    assert box
    y, middle = box["y"] + 30, box["x"] + box["width"] / 2
    for wide, narrow, sign in ((120, 50, 1), (50, 120, -1)):
        before = float(app.desk.values[Q] or 0)
        await anne.touch("touchStart", (middle - wide, y), (middle + wide, y))
        for step in range(1, 6):
            apart = wide + (narrow - wide) * step / 5
            await anne.touch("touchMove", (middle - apart, y), (middle + apart, y))
        await anne.touch("touchEnd")
        await until(lambda before=before, sign=sign: sign * (float(app.desk.values[Q] or 0) - before) > 0.1)  # type: ignore[misc]
        await until(lambda: not app.desk.held())
    assert app.desk.values[GAIN] == 0.5


async def test_a_double_tap_resets_gain_and_q_as_one_move_and_the_frequency_stays(
    app: App, shared_screen: Open
) -> None:
    await put(app, FIRST | {GAIN: 0.2, Q: 0.9})
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    await anne.double_tap(GRIP)
    await stands(app, GAIN, 0.5)
    await stands(app, Q, 0.54)
    await stands(app, FREQ, 0.7)
    await anne.page.locator(".keys .undo-key[data-loud]").tap()
    await stands(app, GAIN, 0.2)
    await stands(app, Q, 0.9)


async def test_a_and_b_change_places_by_one_tap_that_one_undo_takes_back(app: App, screens: Open) -> None:
    await put(app, FIRST)
    anne = await screens(PHONE)
    await opened(anne, tab="EQ")
    a, b = (anne.page.get_by_role("button", name=f"Setting {letter}") for letter in "AB")
    await put(app, {GAIN: 0.8, Q: 0.7})
    await b.tap()
    await stands(app, GAIN, 0.5)
    await stands(app, Q, 0.5)
    await expect(b).to_have_attribute("aria-pressed", "true")
    await a.tap()
    await stands(app, GAIN, 0.8)
    await stands(app, Q, 0.7)
    await expect(a).to_have_attribute("aria-pressed", "true")
    await until(lambda: not app.rooms.history.mover.ends())
    await expect(anne.page.locator(".keys .undo-key[data-loud]")).to_contain_text("Kick: 2 controls")
    await anne.page.locator(".keys .undo-key").tap()
    await stands(app, GAIN, 0.5)
    await stands(app, Q, 0.5)


async def test_a_section_is_pasted_on_another_strip_and_nothing_else_of_it(app: App, shared_screen: Open) -> None:
    await put(app, FIRST | {GAIN: 0.8, "foh/ch2/eq/3/gain": 0.4, "foh/ch2/gate/threshold": 0.1})
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    await anne.page.get_by_label("Copy and paste").tap()
    await anne.page.get_by_role("button", name="Copy EQ").tap()
    await anne.page.locator(".near.after").tap()
    await anne.page.get_by_label("Copy and paste").tap()
    await anne.page.get_by_role("button", name="Paste EQ of Kick").tap()
    await noticed(anne.page, "EQ of Kick pasted.")
    await stands(app, "foh/ch2/eq/3/gain", 0.8)
    assert app.desk.values["foh/ch2/gate/threshold"] == 0.1


async def test_a_channel_is_pasted_without_its_fader_gain_and_48_v(app: App, shared_screen: Open) -> None:
    kept: dict[str, Value] = {"fader": 0.3, "gain": 0.2, "phantom": False, "mute": True}
    first: dict[str, Value] = {f"foh/ch3/{local}": value for local, value in kept.items()}
    await put(app, first | {"foh/ch3/pan": 0.5, "foh/ch1/pan": 0.2, "foh/ch1/phantom": True, "foh/ch1/mute": False})
    await put(app, {"foh/ch1/send/bus2/level": 0.6, "foh/ch1/gate/on": True, GAIN: 0.7})
    anne = await shared_screen(PHONE)
    await opened(anne, tab="EQ")
    await anne.page.get_by_label("Copy and paste").tap()
    await anne.page.get_by_role("button", name="Copy channel").tap()
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/strip/foh/ch3/eq")
    await anne.page.get_by_label("Copy and paste").tap()
    await anne.page.get_by_role("button", name="Paste channel of Kick").tap()
    for local, value in (("send/bus2/level", 0.6), ("pan", 0.2), ("eq/3/gain", 0.7)):
        await stands(app, f"foh/ch3/{local}", value)
    await until(lambda: app.desk.values["foh/ch3/gate/on"] is True)
    assert {path: app.desk.values[path] for path in first} == {
        path: app.desk.param(path).check(value) for path, value in first.items()
    }


async def test_a_switch_says_what_is_and_red_is_left_to_mute(app: App, shared_screen: Open) -> None:
    await put(app, {"foh/ch1/gate/on": False, "foh/ch1/phantom": True})
    anne = await shared_screen(PHONE)
    await opened(anne, tab="Gate")
    gate = anne.page.locator('rm-toggle[data-path="foh/ch1/gate/on"]')
    await expect(gate).to_have_text("Gate off")
    await gate.tap()
    await expect(gate).to_have_text("Gate on")
    await anne.page.get_by_role("tab", name="Input", exact=True).tap()
    lit = anne.page.locator('rm-toggle[data-path="foh/ch1/phantom"][aria-pressed="true"]')
    await expect(lit).to_be_visible()
    colours = """key => {
      const style = getComputedStyle(document.documentElement)
      const probe = document.body.appendChild(document.createElement("i"))
      probe.style.color = style.getPropertyValue("--good")
      const good = getComputedStyle(probe).color
      probe.remove()
      return [getComputedStyle(key).borderTopColor, good]
    }"""
    border, good = await lit.evaluate(colours)
    assert border == good


STANDS_OUT = """key => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d")
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  const luminance = () => {
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => linear(part / 255))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const below = []
  for (let one = key.parentElement; one; one = one.parentElement) below.unshift(getComputedStyle(one).backgroundColor)
  const laid = (colours) => {
    canvas.clearRect(0, 0, 1, 1)
    for (const colour of colours) {
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
    }
    return luminance()
  }
  const ground = laid(below)
  const { color, backgroundColor, borderTopColor } = getComputedStyle(key)
  return [backgroundColor, borderTopColor, color].map((colour) => {
    const light = laid([...below, colour])
    return (Math.max(light, ground) + 0.05) / (Math.min(light, ground) + 0.05)
  })
}"""
"""Contrasts of a key's surface, edge and word with the ground that it lies on."""

SETTLED = "() => !document.getAnimations().some((one) => one instanceof CSSTransition)"


async def test_solo_at_rest_never_stands_out_more_than_mute_in_dark_and_light(app: App, screens: Open) -> None:
    await put(app, {"foh/ch1/solo": False})
    anne = await screens(PHONE)
    await opened(anne)
    for theme, muted in itertools.product(("dark", "light"), (False, True)):
        await anne.page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        await put(app, {"foh/ch1/mute": muted})
        for place in (".edge", '.bank rm-strip[data-strip="foh/ch1"]'):
            key = anne.page.locator(f"{place} .mute")
            await expect(key).to_have_attribute("aria-pressed", str(muted).lower())
            await anne.page.wait_for_function(SETTLED)
            solo, mute = [await anne.page.locator(f"{place} .{name}").evaluate(STANDS_OUT) for name in ("solo", "mute")]
            parts = 2 if muted else 3  # a lit word stands on red, not on the ground
            pairs = list(zip(solo[:parts], mute[:parts], strict=True))
            assert all(one <= other for one, other in pairs), (theme, muted, place, pairs)

"""Typed values: on a touch screen a pad of our own, and a field that commits what is valid and says what it takes."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.conftest import Open
from tests.support.browser import PHONE, PHONE_ON_ITS_SIDE, TABLET, Screen, noticed
from tests.support.running import FADER, demo_console
from tests.support.waiting import until

READOUT = f'rm-readout[data-path="{FADER}"]'
SMALL = {"width": 568, "height": 320}

WHOLE_BESIDE = """value => {
  const pad = document.querySelector("rm-pad").getBoundingClientRect()
  const strip = document.querySelector(value).closest("rm-strip").getBoundingClientRect()
  const beside = pad.left >= strip.right || pad.right <= strip.left
  return beside && pad.left >= 0 && pad.top >= 0 && pad.right <= innerWidth && pad.bottom <= innerHeight
}"""


async def put(app: App, position: float) -> None:
    at: dict[str, Value] = {FADER: position}
    app.loop.call_soon_threadsafe(demo_console(app).move, at)
    await until(lambda: app.desk.values[FADER] == position)


async def stands(app: App, position: float) -> None:
    await until(lambda: app.desk.values[FADER] == pytest.approx(position, abs=0.001))


async def open_pad(screen: Screen, readout: str = READOUT) -> None:
    """Tap a number once the pad is there: it comes a second after the page, which till then has the device's keys."""
    await screen.page.wait_for_function("() => customElements.get('rm-pad')")
    await screen.page.locator(f"{readout} button").tap()
    await expect(screen.page.locator("rm-pad button").first).to_be_visible()


async def press(screen: Screen, *keys: str) -> None:
    for key in keys:
        await screen.page.locator(f'rm-pad [data-key="{key}"]').last.tap()


async def test_by_touch_a_pad_of_our_own_opens_and_no_keyboard_of_the_device(app: App, shared_screen: Open) -> None:
    await put(app, 0.5)
    anne = await shared_screen(PHONE)
    await open_pad(anne)
    await expect(anne.page.locator(f"{READOUT} input")).to_have_attribute("inputmode", "none")
    await press(anne, "−5")
    await stands(app, 0.625)
    await expect(anne.page.locator("rm-pad")).to_have_count(0)


@pytest.mark.parametrize(
    ("keys", "position"),
    [(["3", ".", "5", "±", "OK"], 0.6625), (["±", "1", "2", "⌫", "0", "OK"], 0.5), (["−∞"], 0.0), (["0"], None)],
    ids=["-3.5", "a digit taken back", "off", "0 in the row of whole values"],
)
async def test_the_pad_types_digits_and_signs(
    app: App, shared_screen: Open, keys: list[str], position: float | None
) -> None:
    await put(app, 0.31)
    anne = await shared_screen(PHONE)
    await open_pad(anne)
    if position is None:
        await anne.page.locator('rm-pad .wholes [data-key="0"]').tap()
    else:
        await press(anne, *keys)
    await stands(app, 0.75 if position is None else position)


async def test_half_a_decibel_up_or_down_moves_at_once_and_the_pad_stays(app: App, shared_screen: Open) -> None:
    await put(app, 0.5)
    anne = await shared_screen(PHONE)
    await open_pad(anne)
    await press(anne, "+0.5", "+0.5", "−0.5")
    await stands(app, 0.5125)
    await expect(anne.page.locator("rm-pad output")).to_have_text("−9.5")


async def test_leaving_the_field_commits_what_is_valid(app: App, shared_screen: Open) -> None:
    await put(app, 0.5)
    anne = await shared_screen(PHONE)
    await open_pad(anne)
    await press(anne, "5", "±")
    await anne.page.locator('rm-strip[data-strip="band/ch3"] .plate').tap()
    await stands(app, 0.625)


async def test_leaving_an_untouched_field_moves_nothing(app: App, shared_screen: Open) -> None:
    await put(app, 0.51234)
    anne = await shared_screen(touch=False)
    await anne.page.locator(f"{READOUT} button").click()
    await anne.page.keyboard.press("Tab")
    await expect(anne.page.locator(f"{READOUT} input")).to_have_count(0)
    assert app.desk.values[FADER] == 0.51234


async def test_a_bad_value_moves_nothing_and_words_say_what_is_taken(app: App, shared_screen: Open) -> None:
    await put(app, 0.5)
    anne = await shared_screen(touch=False)
    await anne.page.locator(f"{READOUT} button").click()
    await anne.page.keyboard.type("loud")
    await anne.page.keyboard.press("Enter")
    await noticed(anne.page, "Type a value from −∞ to +10.0 dB.")
    await expect(anne.page.locator(f"{READOUT} input")).to_have_attribute("aria-invalid", "true")
    await anne.page.keyboard.press("Tab")
    await noticed(anne.page, "“loud” was not set.")
    assert app.desk.values[FADER] == 0.5


async def test_at_a_keyboard_there_is_no_pad(app: App, shared_screen: Open) -> None:
    await put(app, 0.5)
    anne = await shared_screen(touch=False)
    await anne.page.locator(f"{READOUT} button").click()
    await expect(anne.page.locator("rm-pad")).to_have_count(0)
    await expect(anne.page.locator(f"{READOUT} input")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, PHONE_ON_ITS_SIDE, TABLET], ids=["upright", "on its side", "tablet"])
@pytest.mark.parametrize("strip", ["ch1", "ch3", "main"])
async def test_the_pad_is_whole_on_the_screen_and_not_over_the_strip_that_it_sets(
    app: App, shared_screen: Open, size: dict[str, int], strip: str
) -> None:
    anne = await shared_screen(size)
    value = f'rm-readout[data-path="band/{strip}/fader"]'
    await open_pad(anne, value)
    await anne.page.wait_for_function(WHOLE_BESIDE, arg=value)
    heights = await anne.page.locator("rm-pad button").evaluate_all("all => all.map((one) => one.offsetHeight)")
    widths = await anne.page.locator("rm-pad button").evaluate_all("all => all.map((one) => one.offsetWidth)")
    assert min(heights) >= 44
    assert min(widths) >= 40


async def test_on_the_smallest_screen_it_stands_beside_the_edge_of_the_channel_view(
    app: App, shared_screen: Open
) -> None:
    anne = await shared_screen(SMALL)
    await anne.page.locator('rm-strip[data-strip="band/ch1"] .plate').tap()
    await anne.page.locator(".edge rm-readout button").tap()
    await expect(anne.page.locator("rm-pad button").first).to_be_visible()
    await anne.page.wait_for_function(WHOLE_BESIDE, arg=".edge rm-readout")

"""Help on the page: gestures told once, and a search over all there is."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.test_page import put
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE
from tests.support.running import FADER
from tests.support.waiting import until


async def test_a_first_touch_ever_is_told_four_gestures_once_and_stands_in_no_fingers_way(
    app: App, screens: Open
) -> None:
    await put(app, ch1_fader=0.4)
    anne = await screens(PHONE)
    await anne.stands_at(FADER, 0.4)
    told = anne.page.locator(".teach")
    await anne.drag(FADER, 30, lift=False)
    await expect(told).to_have_count(0)
    await anne.touch("touchEnd")
    await expect(told.locator("b")).to_have_text(
        ["Drag anywhere on a strip", "Double tap", "Rest a second finger", "Tap the number"]
    )
    before = float(app.desk.values[FADER] or 0)
    await anne.drag(FADER, 60, lift=False)
    await until(lambda: float(app.desk.values[FADER] or 0) > before + 0.05)
    await expect(told).to_have_count(0)
    await anne.touch("touchEnd")
    await anne.page.reload()
    await anne.link("online")
    await anne.drag(FADER, -30)
    await until(lambda: not app.desk.held())
    assert await anne.page.evaluate("localStorage.getItem('remote-mixer.taught')") == "true"
    await expect(told).to_have_count(0)


async def test_a_search_mutes_the_drums_at_once_and_one_undo_opens_them(app: App, screens: Open) -> None:
    drums = [f"band/ch{n}/mute" for n in (1, 2, 3)]
    await put(app, ch1_mute=False, ch2_mute=False, ch3_mute=False)
    anne = await screens(DESKTOP, touch=False)
    await anne.page.keyboard.press("/")
    await anne.page.get_by_label("Find a strip").fill("mute drums")
    await expect(anne.page.locator(".panel .row b").first).to_have_text("Mute Drums")
    await anne.page.keyboard.press("Enter")
    await until(lambda: all(app.desk.values[path] for path in drums))
    await expect(anne.page.locator(".panel")).to_be_hidden()
    await anne.page.keyboard.press("Control+z")
    await until(lambda: not any(app.desk.values[path] for path in drums))


async def test_a_search_gives_a_musician_more_of_themselves_as_their_own_key_does(app: App, screens: Open) -> None:
    own, kick = "band/ch7/send/bus1/level", "band/ch1/send/bus1/level"
    await put(app, bus1_name="Lead", ch7_name="Vox lead", ch7_send_bus1_level=0.5, ch1_send_bus1_level=0.5)
    anne = await screens(DESKTOP, touch=False)
    await anne.page.keyboard.press("/")
    await anne.page.get_by_label("Find a strip").fill("lead more me")
    await expect(anne.page.locator(".panel .row").first).to_have_text("Lead: more meVox lead +3 dB, others −1 dB")
    await anne.page.keyboard.press("Enter")
    await until(lambda: app.desk.values[own] == pytest.approx(0.575))
    await until(lambda: app.desk.values[kick] == pytest.approx(0.4875))
    await anne.page.keyboard.press("Control+z")
    await until(lambda: app.desk.values[own] == app.desk.values[kick] == 0.5)
    await put(app, bus1_name="Mix 1")


async def test_a_search_leads_to_a_strip_a_mix_and_settings(app: App, screens: Open) -> None:
    await put(app, bus1_name="Singer")
    anne = await screens(PHONE)
    box, results = anne.page.get_by_label("Find a strip"), anne.page.locator(".panel .row")
    for words, first in (("vox 2", "Vox 2"), ("singer", "Singer"), ("theme", "Settings")):
        await anne.page.keyboard.press("/")
        await box.fill(words)
        await results.filter(has_text=first).last.tap()
        if words == "vox 2":
            await expect(anne.page.locator('rm-strip[data-strip="band/ch8"]')).to_be_in_viewport()
        if words == "singer":
            await expect(anne.page.locator("header .mix")).to_have_text(re.compile("Sends toSinger"))
    await expect(anne.page.locator(".panel h2")).to_have_text("Settings")
    await anne.page.keyboard.press("/")
    await box.fill("nobody knows")
    await expect(anne.page.locator(".panel")).to_contain_text("Nothing found.")
    await put(app, bus1_name="Mix 1")


async def test_a_finger_that_pulls_the_top_row_down_opens_the_search_and_a_short_or_slanting_one_does_not(
    app: App, screens: Open
) -> None:
    for size, row in ((PHONE, ".layers [aria-pressed=true]"), (PHONE_ON_ITS_SIDE, "header .mix")):
        anne = await screens(size)
        x, y = await anne.middle(row)
        for across, down in ((0, 30), (90, 80), (0, 90)):
            await expect(anne.page.locator(".panel")).to_be_hidden()
            await anne.touch("touchStart", (x, y))
            for step in range(1, 6):
                await anne.touch("touchMove", (x + across * step / 5, y + down * step / 5))
            await anne.touch("touchEnd")
        await expect(anne.page.get_by_label("Find a strip")).to_be_visible()

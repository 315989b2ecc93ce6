"""Scenes of our own on the page: preview, recall by touch, safes, and who sees none of it."""

from __future__ import annotations

import re

from playwright.async_api import expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.mine import Musician
from tests.page.shows import HATS, HERE, MUTE, SNARE, THERE, banner, preview, row, show_list, stand, tell
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, noticed
from tests.support.people import host
from tests.support.running import FADER, Hand
from tests.support.waiting import until

SHORT = {"width": 360, "height": 640}
SMALL = {"width": 568, "height": 320}
TRAVEL_PX = "() => document.querySelector('.bay rm-fader > .run').clientHeight"
TALL_TABLET = {"width": 820, "height": 1180}


async def test_a_moment_that_was_kept_by_itself_leads_back_through_the_same_preview(
    app: App, shared_screen: Open, bob: Hand, ballad: int
) -> None:
    await tell(bob, do="recall", scene=ballad)
    await until(lambda: app.desk.values.items() >= THERE.items())
    anne = await shared_screen(PHONE)
    await show_list(anne)
    await anne.page.locator("summary", has_text="Earlier").tap()
    await row(anne, "Before “Ballad”").first.tap()
    await anne.page.locator(".plan > li").first.wait_for()
    await anne.page.locator(".recall").tap()
    await until(lambda: app.desk.values.items() >= HERE.items())


async def test_a_preview_shows_targets_on_the_bank_beside_it_and_moves_nothing(
    app: App, shared_screen: Open, ballad: int
) -> None:
    anne = await shared_screen(PHONE)
    rows = await preview(anne)
    await expect(anne.page.locator(".plan-counts")).to_contain_text("4 will change on 4 strips")
    await expect(rows.first).to_contain_text("0.0 → −30.0 dB")
    target = anne.page.locator(f"{anne.fader(FADER)} .target")
    for size in (PHONE, PHONE_ON_ITS_SIDE, SMALL, TALL_TABLET, DESKTOP):
        await anne.page.set_viewport_size(size)  # type: ignore[arg-type] # width and height
        await expect(target).to_have_attribute("data-way", "down")
        await expect(target).to_be_in_viewport()
        await expect(anne.page.locator(".recall")).to_be_in_viewport()
        await anne.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        assert await anne.page.evaluate(TRAVEL_PX) >= 120, size
    await anne.page.evaluate("() => document.querySelector('rm-strip').page.prefs.text.set(200)")
    for size in (PHONE, SHORT):
        await anne.page.set_viewport_size(size)  # type: ignore[arg-type] # as above
        await anne.page.wait_for_function("() => document.querySelector('.panel .body').clientHeight >= 150")
        await expect(anne.page.locator(".recall")).to_be_in_viewport(ratio=0.99)
    assert app.desk.values.items() >= HERE.items()
    await anne.page.go_back()
    await expect(target).to_have_count(0)
    await expect(row(anne, "Ballad")).to_be_visible()


async def test_a_search_finds_a_scene_and_shows_first_what_it_would_change(
    app: App, shared_screen: Open, ballad: int
) -> None:
    anne = await shared_screen(PHONE)
    await anne.page.keyboard.press("/")
    await anne.page.get_by_label("Find a strip").fill("ballad")
    await anne.page.locator(".panel .row", has_text="scene 1 · slow").tap()
    await expect(anne.page.locator(".plan-counts")).to_contain_text("4 will change on 4 strips")
    assert app.desk.values.items() >= HERE.items()


async def test_a_finger_recalls_all_but_the_strip_and_the_section_that_it_left_out(
    app: App, shared_screen: Open, ballad: int
) -> None:
    anne = await shared_screen(PHONE)
    rows = await preview(anne)
    await anne.page.get_by_role("checkbox", name="Recall Snare").tap()
    await anne.page.get_by_role("button", name="Mutes").tap()
    await expect(rows.filter(has_text="Snare")).to_have_attribute("data-out", "")
    await expect(anne.page.locator(".plan-counts")).to_contain_text("2 will change on 2 strips")
    await expect(anne.page.locator(f"{anne.fader(SNARE)} .target")).to_have_count(0)
    await anne.page.locator(".recall").tap()
    await until(lambda: app.desk.values.items() >= {FADER: 0.25, HATS: 0.5}.items())
    await expect(banner(anne)).to_contain_text("2 of 2 changed")
    assert (app.desk.values[SNARE], app.desk.values[MUTE]) == (HERE[SNARE], HERE[MUTE])


async def test_what_stays_says_why_and_who(app: App, shared_screen: Open, bob: Hand, ballad: int) -> None:
    await tell(bob, do="safe", strip="band/ch1", sections=True)
    await bob.send(type="hold", path=SNARE)
    await bob.until("held", path=SNARE)
    anne = await shared_screen(PHONE)
    rows = await preview(anne)
    await expect(rows.filter(has_text="Kick")).to_contain_text("Safe: stays as it is")
    await expect(rows.filter(has_text="Snare")).to_contain_text("Bob holds it")
    await expect(anne.page.locator(".plan-counts")).to_contain_text("1 safe")
    await rows.filter(has_text="Kick").locator(".plan-head").tap()
    await expect(rows.filter(has_text="Kick")).to_contain_text("Level: This is safe: no recall moves it.")
    await bob.send(type="release", path=SNARE)
    await bob.until("settle", path=SNARE)


async def test_a_preview_follows_what_others_move_meanwhile(app: App, shared_screen: Open, ballad: int) -> None:
    anne = await shared_screen(PHONE)
    rows = await preview(anne)
    await stand(app, {FADER: 0.5})
    await expect(rows.first).to_contain_text("−10.0 → −30.0 dB")


async def test_a_reload_keeps_the_preview_open_at_its_address(app: App, screens: Open, ballad: int) -> None:
    anne = await screens(PHONE)
    await preview(anne)
    await expect(anne.page).to_have_url(re.compile(f"/scenes/{ballad}$"))
    await anne.page.reload()
    await anne.link("online")
    await expect(anne.page.locator(".plan-counts")).to_contain_text("4 will change")
    assert app.desk.values.items() >= HERE.items()


async def test_an_address_of_a_scene_that_is_gone_says_so(app: App, shared_screen: Open, bob: Hand) -> None:
    anne = await shared_screen(PHONE)
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/scenes/9999")
    await expect(anne.page.locator(".panel")).to_contain_text("There is no such scene")


async def test_a_strip_is_made_safe_in_its_sheet_and_says_so_on_every_page(
    app: App, shared_screen: Open, bob: Hand, ballad: int
) -> None:
    anne, carl = await shared_screen(PHONE), await shared_screen()
    strip = 'rm-strip[data-strip="band/ch1"]'
    await anne.page.locator(f"{strip} .plate").tap()
    await anne.page.get_by_role("tab", name="More").tap()
    await anne.page.locator(".safe-key").tap()
    await expect(carl.page.locator(strip)).to_have_attribute("data-safe", "all")
    await tell(bob, do="recall", scene=ballad)
    await until(lambda: app.desk.values[SNARE] == THERE[SNARE])
    assert app.desk.values[FADER] == HERE[FADER]
    await anne.page.locator(".safe-key").tap()
    await expect(carl.page.locator(strip)).not_to_have_attribute("data-safe", "all")


async def test_musicians_see_nothing_of_scenes(app: App, musician: Musician, bob: Hand, ballad: int) -> None:
    ann = await musician(own=None)
    await tell(bob, do="recall", scene=ballad, fade=30)
    await ann.page.goto("about:blank")
    await ann.page.goto(f"http://127.0.0.1:{app.port}/#/scenes/{ballad}")
    await noticed(ann.page, "page of the sound crew")
    assert await ann.page.locator("rm-recall, .preview, .target").count() == 0


async def test_a_scene_of_another_console_shows_its_strips_beside_those_here_to_be_corrected(
    app: App, shared_screen: Open, bob: Hand
) -> None:
    await stand(app, HERE)
    foreign = {"old/ch5/name": "Kick", "old/ch5/fader": 0.5, "old/ch19/name": "Tuba", "old/ch19/fader": 0.5}
    host(app).call("POST", "/scenes", {"name": "Old tour", "values": foreign})
    anne = await shared_screen(PHONE)
    rows = await preview(anne, "Old tour")
    await expect(anne.page.locator(".match summary")).to_have_text("Of another console: 1 of 2 strips have one here")
    await expect(rows.filter(has_text="Kick")).to_contain_text("0.0 → −10.0 dB")
    await anne.page.locator(".match summary").tap()
    for size in (SMALL, DESKTOP, PHONE):
        await anne.page.set_viewport_size(size)  # type: ignore[arg-type] # width and height
        await anne.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    await anne.page.get_by_label("Tuba (old/ch19)").select_option("band/ch3")
    await expect(rows.filter(has_text="Hats")).to_contain_text("0.0 → −10.0 dB")
    await anne.page.get_by_label("Kick (old/ch5)").select_option("band/ch2")
    await expect(rows.filter(has_text="Kick")).to_have_count(0)
    await anne.page.locator(".recall").tap()
    await until(lambda: (app.desk.values[SNARE], app.desk.values[HATS]) == (0.5, 0.5))
    assert app.desk.values[FADER] == HERE[FADER]

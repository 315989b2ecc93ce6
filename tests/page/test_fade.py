"""Fades of scenes on the page: their banner, a finger on a fader that glides, and the way back."""

from __future__ import annotations

from playwright.async_api import expect

from remote_mixer.app import App
from tests.page.axe import wear
from tests.page.conftest import Open
from tests.page.shows import HATS, HERE, THERE, banner, begin_fade, preview, tell
from tests.page.test_travel import resized
from tests.support.browser import DESKTOP, PHONE
from tests.support.running import FADER, Hand
from tests.support.waiting import until

LEAST_TRAVEL = 120
SMALL = {"width": 568, "height": 320}


async def test_a_fade_rests_by_its_key_for_every_engineer_goes_on_and_ends_at_once(
    app: App, shared_screen: Open, ballad: int
) -> None:
    anne, carl = await shared_screen(PHONE), await shared_screen()
    await begin_fade(anne)
    await banner(anne).get_by_role("button", name="Pause").tap()
    for screen in (anne, carl):
        await expect(banner(screen)).to_contain_text("paused")
    rested = app.desk.values[FADER]
    await expect(banner(carl)).to_contain_text("1 Ballad")
    await banner(carl).get_by_role("button", name="Go on").click()
    await expect(banner(anne).get_by_role("button", name="Pause")).to_be_visible()
    await until(lambda: app.desk.values[FADER] != rested)
    await banner(anne).get_by_role("button", name="Finish now").tap()
    await until(lambda: app.desk.values.items() >= THERE.items())
    await expect(banner(carl)).to_contain_text("4 of 4 changed")


async def test_back_from_the_middle_of_a_fade_brings_all_back_and_ends_the_banner(
    app: App, shared_screen: Open, ballad: int
) -> None:
    anne, carl = await shared_screen(PHONE), await shared_screen()
    await begin_fade(anne)
    await until(lambda: app.desk.values[FADER] != HERE[FADER])
    await banner(anne).get_by_role("button", name="Back").tap()
    await until(lambda: app.desk.values.items() >= HERE.items())
    for screen in (anne, carl):
        await expect(banner(screen)).to_be_hidden()


async def test_a_finger_on_a_gliding_fader_has_it_for_good_and_the_banner_says_so(
    app: App, shared_screen: Open, ballad: int
) -> None:
    anne = await shared_screen(PHONE)
    await begin_fade(anne)
    target = anne.page.locator(f"{anne.fader(HATS)} .target")
    await target.wait_for()
    await anne.drag(HATS, 20)
    await expect(target).to_have_count(0)
    await expect(banner(anne)).to_contain_text("Hats stays")


async def test_the_banner_pushes_and_lies_over_no_fader(app: App, shared_screen: Open, ballad: int) -> None:
    for size in (PHONE, SMALL):
        anne = await shared_screen(size)
        await begin_fade(anne)
        for text in (200, 100):
            await wear(anne.page, "dark", text)
            await resized(anne, (size["width"], size["height"]))
            foot = await banner(anne).evaluate("e => e.getBoundingClientRect().bottom")
            faders = await anne.page.locator(".mixer").evaluate("e => e.getBoundingClientRect().top")
            assert foot <= faders + 1
            assert await anne.page.locator(f"{anne.fader(FADER)} .run").evaluate("e => e.clientHeight") >= LEAST_TRAVEL
            await expect(banner(anne).get_by_role("button", name="Back")).to_be_in_viewport(ratio=0.99)
        await banner(anne).get_by_role("button", name="Back").tap()
        await expect(banner(anne)).to_be_hidden()
        await until(lambda: app.desk.values.items() >= HERE.items())


async def test_what_others_have_moved_since_is_said_before_back_puts_it_back_too(
    app: App, shared_screen: Open, bob: Hand, ballad: int
) -> None:
    anne = await shared_screen(PHONE)
    await preview(anne)
    await anne.page.get_by_role("button", name="Mutes").tap()
    for name in ("Snare", "Hats"):
        await anne.page.get_by_role("checkbox", name=f"Recall {name}").tap()
    await anne.page.locator(".recall", has_text="1 change").tap()
    await until(lambda: app.desk.values[FADER] == THERE[FADER])
    await bob.send(type="set", id=1, values={FADER: 0.4})
    await bob.until("ok", id=1)
    await banner(anne).get_by_role("button", name="Back").tap()
    await expect(banner(anne)).to_contain_text("Bob moved Kick since")
    await banner(anne).get_by_role("button", name="Put back anyway").tap()
    await until(lambda: app.desk.values[FADER] == HERE[FADER])


async def test_the_way_back_outlives_a_reload_until_somebody_has_gone_back(
    app: App, screens: Open, bob: Hand, ballad: int
) -> None:
    anne = await screens(DESKTOP)
    await tell(bob, do="recall", scene=ballad)
    await expect(banner(anne)).to_contain_text("back for")
    await anne.page.reload()
    await anne.link("online")
    await expect(banner(anne)).to_contain_text("4 of 4 changed · back for")
    await banner(anne).get_by_role("button", name="Back").click()
    await until(lambda: app.desk.values.items() >= HERE.items())
    await expect(banner(anne)).to_be_hidden()
    await anne.page.reload()
    await anne.link("online")
    await expect(anne.page.locator(".mixer rm-strip").first).to_be_visible()
    await expect(banner(anne)).to_be_hidden()

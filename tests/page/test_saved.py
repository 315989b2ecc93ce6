"""Saved mixes on a musician's page: saved, looked at, recalled, renamed and thrown away by a thumb."""

from __future__ import annotations

from playwright.async_api import expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.mine import KICK, VOICE, Musician, put
from tests.support.browser import PHONE_ON_ITS_SIDE, Screen
from tests.support.running import Hand
from tests.support.waiting import until

LEAST_PX = 44
SIZES = (
    {"width": 360, "height": 640},
    PHONE_ON_ITS_SIDE,
    {"width": 568, "height": 320},
    {"width": 820, "height": 1180},
)


async def open_saved(ann: Screen) -> None:
    await ann.page.locator('[data-tool="mymore"]').tap()
    await ann.page.locator(".panel button.row", has_text="Saved mixes").tap()


async def test_a_mix_is_saved_recalled_after_a_look_taken_back_renamed_and_deleted(
    app: App, musician: Musician, screens: Open
) -> None:
    await put(app, {KICK: 0.5, VOICE: 0.5})
    ann = await musician(own=None)
    await open_saved(ann)
    await ann.page.get_by_label("Name, as").fill("First set")
    await ann.page.get_by_role("button", name="Save my mix").tap()
    row = ann.page.locator(".show-list .scene", has_text="First set")
    await expect(row).to_be_visible()
    await put(app, {KICK: 0.75, VOICE: 0.25})
    await row.tap()
    await expect(ann.page.locator(".plan-counts")).to_contain_text("2 will change in your mix")
    await expect(ann.page.locator(".plan > li", has_text="Kick")).to_contain_text("0.0 → −10.0 dB")
    assert app.desk.values[KICK] == 0.75, "a look moves nothing"
    for size in SIZES:
        await ann.page.set_viewport_size(size)  # type: ignore[arg-type] # width and height
        key = ann.page.locator(".recall")
        await expect(key).to_be_in_viewport(ratio=1)
        assert await key.evaluate("e => e.clientHeight") >= LEAST_PX
        await ann.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    await ann.page.set_viewport_size(SIZES[0])  # type: ignore[arg-type] # as above
    await ann.page.locator(".recall").tap()
    await until(lambda: (app.desk.values[KICK], app.desk.values[VOICE]) == (0.5, 0.5))
    await ann.page.keyboard.press("Control+z")
    await until(lambda: (app.desk.values[KICK], app.desk.values[VOICE]) == (0.75, 0.25))
    crew = await screens()
    await crew.page.goto(f"http://127.0.0.1:{app.port}/#/scenes")
    await crew.page.locator("summary", has_text="Musicians' mixes").click()
    await expect(crew.page.locator(".show-list .scene", has_text="First set")).to_contain_text("Ann · Anna")
    await open_saved(ann)
    await row.tap()
    await ann.page.locator("summary", has_text="Rename").tap()
    await ann.page.get_by_label("New name of").fill("Encore")
    await ann.page.get_by_role("button", name="Rename", exact=True).tap()
    await ann.page.locator(".show-list .scene", has_text="Encore").tap()
    await ann.page.locator("summary", has_text="Rename").tap()
    await ann.page.get_by_role("button", name="Delete").tap()
    await ann.page.locator(".sure .away").tap()
    await expect(ann.page.locator(".show-list .scene:visible")).to_have_count(0)
    await ann.page.locator("summary", has_text="Bin").tap()
    await ann.page.get_by_role("button", name="Take out of the bin: Encore").tap()
    await expect(ann.page.locator(".show-list button.scene", has_text="Encore")).to_be_visible()


async def test_a_musician_sees_who_moved_the_own_mix_and_puts_it_back(app: App, musician: Musician, bob: Hand) -> None:
    await put(app, {KICK: 0.5, VOICE: 0.5})
    ann = await musician(own=None)
    await bob.send(type="set", id=7, values={KICK: 0.75, "band/ch1/fader": 0.3})
    await bob.until("ok", id=7)
    await ann.page.locator('[data-tool="mymore"]').tap()
    await ann.page.locator(".panel button.row", has_text="History").tap()
    move = ann.page.locator(".moves > li").first
    await expect(move).to_contain_text("Kick in Anna −10.0 → 0.0")
    await expect(move).to_contain_text("Bob")
    await move.get_by_role("button", name="Put back").tap()
    await until(lambda: app.desk.values[KICK] == 0.5)
    assert app.desk.values["band/ch1/fader"] == 0.3, "the house mix is none of theirs"

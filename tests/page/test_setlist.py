"""Set list on the page: scenes are saved, changed, put in order, thrown away and gone to."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.sections import USUAL_SECTIONS
from tests.page.conftest import Open
from tests.page.shows import HERE, SNARE, THERE, row, show_list, stand, tell
from tests.support.browser import PHONE
from tests.support.running import FADER, Hand
from tests.support.waiting import until


async def test_a_scene_is_saved_renamed_deleted_and_taken_out_of_the_bin(
    app: App, shared_screen: Open, bob: Hand
) -> None:
    anne = await shared_screen(PHONE)
    await show_list(anne)
    await expect(anne.page.locator(".show-list").first).to_contain_text("No scene yet")
    await anne.page.get_by_role("button", name="Save scene").tap()
    await anne.page.get_by_label("Name", exact=True).fill("Walk in")
    await anne.page.get_by_label("Note").fill("from the laptop")
    await anne.page.get_by_role("button", name="blue").tap()
    await anne.page.get_by_role("button", name="Save scene").tap()
    await expect(row(anne, "Walk in")).to_contain_text("from the laptop")
    await expect(anne.page.locator('.show-list li[data-color="blue"]')).to_be_visible()
    await anne.page.get_by_role("button", name="Edit 1 Walk in").tap()
    await anne.page.get_by_label("Name", exact=True).fill("Doors")
    await anne.page.get_by_label("Number").fill("5")
    await anne.page.get_by_role("button", name="Save", exact=True).tap()
    await expect(row(anne, "Doors")).to_contain_text("5")
    left_of = (
        "e => e.querySelector('i').getBoundingClientRect().right <= e.querySelector('b').getBoundingClientRect().left"
    )
    assert await row(anne, "Doors").evaluate(left_of), "the number stands before the name, not under it"
    await anne.page.get_by_role("button", name="Edit 5 Doors").tap()
    await anne.page.get_by_role("button", name="Delete").tap()
    await anne.page.locator(".sure .away").tap()
    await expect(anne.page.locator(".show-list").first).to_contain_text("No scene yet")
    await anne.page.locator("summary", has_text="Bin").tap()
    await anne.page.get_by_role("button", name="Take out of the bin: 5 Doors").tap()
    await expect(anne.page.get_by_role("button", name="Edit 5 Doors")).to_be_visible()  # in the bin it has no such key


async def test_a_scene_is_saved_with_its_fade_and_with_what_a_recall_is_to_leave(
    app: App, shared_screen: Open, bob: Hand
) -> None:
    anne = await shared_screen(PHONE)
    await show_list(anne)
    await anne.page.get_by_role("button", name="Save scene").tap()
    await anne.page.get_by_label("Fade in seconds").fill("2.5")
    await anne.page.get_by_role("button", name="Mutes").tap()
    await anne.page.get_by_role("button", name="Input").tap()
    await anne.page.locator("summary", has_text="Only some strips").tap()
    await anne.page.locator(".keep").get_by_role("button", name="Kick").tap()
    await anne.page.get_by_role("button", name="Save scene").tap()
    await expect(row(anne, "Scene 1")).to_contain_text("fade 2.5 s")
    await bob.send(type="scene", id="heads", do="list")
    (head,) = (await bob.until("scenes", id="heads"))["scenes"]
    assert head["scope"]["sections"] == sorted(USUAL_SECTIONS - {"mutes"} | {"input"})
    assert {"band/ch1", "band/ch2"}.intersection(head["scope"]["strips"]) == {"band/ch2"}


async def test_scenes_change_their_order_and_everybody_sees_it(app: App, shared_screen: Open, bob: Hand) -> None:
    for name in ("One", "Two", "Three"):
        await tell(bob, do="store", name=name)
    anne, carl = await shared_screen(PHONE), await shared_screen()
    await show_list(anne)
    await show_list(carl)
    await anne.page.get_by_role("button", name="Change the order").tap()
    await anne.page.get_by_role("button", name="3 Three up").tap()
    await expect(carl.page.locator(".show-list").first.locator(".scene b")).to_have_text(["One", "Three", "Two"])


async def test_go_recalls_the_next_scene_and_the_keys_beside_it_only_say_where_we_are(
    app: App, shared_screen: Open, bob: Hand, ballad: int
) -> None:
    anne = await shared_screen(PHONE)
    await show_list(anne)
    await anne.page.get_by_role("button", name="We are at the next scene").tap()
    await expect(row(anne, "Ballad")).to_contain_text("here")
    assert app.desk.values[FADER] == HERE[FADER]
    await expect(anne.page.locator(".go-keys .go")).to_be_disabled()
    await stand(app, THERE | {FADER: 0.6})
    await tell(bob, do="store", name="Chorus")
    await stand(app, HERE)
    go = anne.page.locator(".go-keys .go")
    await expect(go).to_contain_text("2 Chorus")
    await go.tap()
    await until(lambda: app.desk.values[FADER] == pytest.approx(0.6, abs=0.001))
    await expect(row(anne, "Chorus")).to_contain_text("here")


async def test_keys_go_to_the_next_scene_and_move_the_mark(
    app: App, shared_screen: Open, bob: Hand, ballad: int
) -> None:
    def begin() -> None:
        app.rooms.scenes.current = 0
        app.rooms.scenes.share()

    app.loop.call_soon_threadsafe(begin)
    anne = await shared_screen(PHONE)
    await show_list(anne)
    go = anne.page.locator(".go")
    await expect(go).to_contain_text("Ballad")
    await anne.page.keyboard.press("g")
    await anne.page.keyboard.press("Shift+N")
    await expect(go).to_contain_text("End of the list")
    assert app.desk.values.items() >= HERE.items(), "the mark moves nothing"
    app.loop.call_soon_threadsafe(begin)
    await expect(go).to_contain_text("Ballad")
    await anne.page.keyboard.press("Shift+G")
    await until(lambda: app.desk.values.items() >= THERE.items())


async def test_what_has_changed_since_is_counted_and_an_update_shows_first_what_it_keeps(
    app: App, shared_screen: Open, bob: Hand
) -> None:
    await stand(app, HERE)
    kept = await tell(bob, do="store", name="Ballad")
    await tell(bob, do="mark", scene=kept["scene"]["id"])
    await stand(app, {FADER: 0.5, SNARE: 0.5})
    anne = await shared_screen(PHONE)
    await show_list(anne)
    await anne.page.get_by_role("button", name="Changed since: 2").tap()
    await expect(anne.page.locator(".plan > li").first).to_contain_text("0.0 → −10.0 dB")
    await expect(anne.page.locator(".plan-counts")).to_contain_text("2 will be kept anew")
    await anne.page.locator(".recall", has_text="UPDATE").tap()
    await expect(row(anne, "Ballad")).to_be_visible()
    await expect(anne.page.locator(".changed")).to_be_hidden()
    await stand(app, {FADER: 0.75})
    await tell(bob, do="recall", scene=kept["scene"]["id"])
    await until(lambda: app.desk.values[FADER] == pytest.approx(0.5))

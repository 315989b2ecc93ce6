"""Scenes of our own on the page: set list, preview, recall by touch, fade and way back, safes, files."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from remote_mixer.app import App
from remote_mixer.desk import show
from remote_mixer.desk.params import Value
from remote_mixer.desk.sections import USUAL_SECTIONS
from tests.page.conftest import Open
from tests.page.entering import REFUSED
from tests.page.mine import Musician
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, Screen, noticed
from tests.support.running import FADER, Hand, demo_console, joined
from tests.support.waiting import until

SNARE, HATS, MUTE = "band/ch2/fader", "band/ch3/fader", "band/ch4/mute"
LEAST_TRAVEL = 120
SMALL = {"width": 568, "height": 320}
TALL_TABLET = {"width": 820, "height": 1180}
THERE: dict[str, Value] = {FADER: 0.25, SNARE: 0.75, HATS: 0.5, MUTE: True}
HERE: dict[str, Value] = {FADER: 0.75, SNARE: 0.25, HATS: 0.75, MUTE: False}


async def stand(app: App, values: dict[str, Value]) -> None:
    """Let the console itself move controls."""
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await until(lambda: app.desk.values.items() >= values.items())


async def tell(hand: Hand, **frame: Any) -> Any:
    """Send a frame about scenes as another engineer, and return its answer."""
    await hand.send(type="scene", id="bob", **frame)
    return await hand.until("ok", id="bob")


@pytest_asyncio.fixture
async def bob(app: App) -> AsyncIterator[Hand]:
    """Another engineer, who finds no scene, no safe and no recall under way."""
    async with joined(app, "bob") as bob:
        await bob.send(type="scene", id="list", do="list")
        found = await bob.until("scenes", id="list")
        for strip in found["safes"]:
            await tell(bob, do="safe", strip=strip, sections=[])
        for scene in found["scenes"]:
            await tell(bob, do="delete", scene=scene["id"])
        yield bob
        await bob.send(type="scene", id="end", do="finish")
        if (await answer_to(bob, "end"))["type"] == "ok":
            await bob.until("fading", over=True)


async def answer_to(hand: Hand, id_: str) -> Any:
    """Return the answer to a frame, whether it was done or refused."""
    while True:
        frame = await hand.next()
        if isinstance(frame, dict) and frame.get("id") == id_:
            return frame


@pytest_asyncio.fixture
async def ballad(app: App, bob: Hand) -> int:
    """Scene “1 Ballad” of THERE, while the console stands at HERE."""
    await stand(app, THERE)
    kept = await tell(bob, do="store", name="Ballad", color="violet", note="slow")
    await stand(app, HERE)
    return int(kept["scene"]["id"])


def row(screen: Screen, name: str) -> Locator:
    """Return the key of a scene in the list."""
    return screen.page.locator(".show-list .scene:visible", has_text=name)


async def show_list(screen: Screen) -> None:
    """Open the list of scenes: two taps from the bank."""
    await screen.page.locator('[data-tool="more"]:visible, .keys [data-name="more"]:visible').first.tap()
    await screen.page.locator(".panel button.row", has_text="set list").tap()


async def preview(screen: Screen, name: str = "Ballad") -> Locator:
    """Open the preview of a scene, and return its rows."""
    await show_list(screen)
    await row(screen, name).tap()
    rows = screen.page.locator(".plan > li")
    await rows.first.wait_for()
    return rows


def banner(screen: Screen) -> Locator:
    return screen.page.locator("rm-recall")


# The set list


async def test_a_scene_is_saved_renamed_deleted_and_taken_out_of_the_bin(app: App, screens: Open, bob: Hand) -> None:
    anne = await screens(PHONE)
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
    await anne.page.get_by_role("button", name="Edit 5 Doors").tap()
    await anne.page.get_by_role("button", name="Delete").tap()
    await anne.page.locator(".sure .away").tap()
    await expect(anne.page.locator(".show-list").first).to_contain_text("No scene yet")
    await anne.page.locator("summary", has_text="Bin").tap()
    await anne.page.get_by_role("button", name="Take out of the bin: 5 Doors").tap()
    await expect(row(anne, "Doors").first).to_be_visible()


async def test_a_scene_is_saved_with_its_fade_and_with_what_a_recall_is_to_leave(
    app: App, screens: Open, bob: Hand
) -> None:
    anne = await screens(PHONE)
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


async def test_scenes_change_their_order_and_everybody_sees_it(app: App, screens: Open, bob: Hand) -> None:
    for name in ("One", "Two", "Three"):
        await tell(bob, do="store", name=name)
    anne, carl = await screens(PHONE), await screens()
    await show_list(anne)
    await show_list(carl)
    await anne.page.get_by_role("button", name="Change the order").tap()
    await anne.page.get_by_role("button", name="3 Three up").tap()
    await expect(carl.page.locator(".show-list").first.locator(".scene b")).to_have_text(["One", "Three", "Two"])


async def test_go_recalls_the_next_scene_and_the_keys_beside_it_only_say_where_we_are(
    app: App, screens: Open, bob: Hand, ballad: int
) -> None:
    anne = await screens(PHONE)
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


async def test_a_moment_that_was_kept_by_itself_leads_back_through_the_same_preview(
    app: App, screens: Open, bob: Hand, ballad: int
) -> None:
    await tell(bob, do="recall", scene=ballad)
    await until(lambda: app.desk.values.items() >= THERE.items())
    anne = await screens(PHONE)
    await show_list(anne)
    await anne.page.locator("summary", has_text="Earlier").tap()
    await row(anne, "Before “Ballad”").first.tap()
    await anne.page.locator(".plan > li").first.wait_for()
    await anne.page.locator(".recall").tap()
    await until(lambda: app.desk.values.items() >= HERE.items())


# Preview and recall


@pytest.mark.parametrize(
    "size", [PHONE, PHONE_ON_ITS_SIDE, SMALL, TALL_TABLET, DESKTOP], ids=["phone", "side", "small", "tablet", "desktop"]
)
async def test_a_preview_shows_targets_on_the_bank_beside_it_and_moves_nothing(
    app: App, screens: Open, ballad: int, size: dict[str, int]
) -> None:
    anne = await screens(size)
    rows = await preview(anne)
    await expect(anne.page.locator(".plan-counts")).to_contain_text("4 will change on 4 strips")
    await expect(rows.first).to_contain_text("0.0 → −30.0 dB")
    target = anne.page.locator(f"{anne.fader(FADER)} .target")
    await expect(target).to_have_attribute("data-way", "down")
    await expect(target).to_be_in_viewport()
    await expect(anne.page.locator(".recall")).to_be_in_viewport()
    fits = "e => document.documentElement.scrollWidth <= innerWidth"
    assert await target.evaluate(fits)
    assert app.desk.values.items() >= HERE.items()
    await anne.page.go_back()
    await expect(target).to_have_count(0)
    await expect(row(anne, "Ballad")).to_be_visible()


async def test_a_finger_recalls_all_but_the_strip_and_the_section_that_it_left_out(
    app: App, screens: Open, ballad: int
) -> None:
    anne = await screens(PHONE)
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


async def test_what_stays_says_why_and_who(app: App, screens: Open, bob: Hand, ballad: int) -> None:
    await tell(bob, do="safe", strip="band/ch1", sections=True)
    await bob.send(type="hold", path=SNARE)
    await bob.until("held", path=SNARE)
    anne = await screens(PHONE)
    rows = await preview(anne)
    await expect(rows.filter(has_text="Kick")).to_contain_text("Safe: stays as it is")
    await expect(rows.filter(has_text="Snare")).to_contain_text("Bob holds it")
    await expect(anne.page.locator(".plan-counts")).to_contain_text("1 safe")
    await rows.filter(has_text="Kick").locator(".plan-head").tap()
    await expect(rows.filter(has_text="Kick")).to_contain_text("Level: This is safe: no recall moves it.")
    await bob.send(type="release", path=SNARE)
    await bob.until("settle", path=SNARE)


async def test_a_preview_follows_what_others_move_meanwhile(app: App, screens: Open, ballad: int) -> None:
    anne = await screens(PHONE)
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


async def test_keys_go_to_the_next_scene_and_move_the_mark(app: App, screens: Open, bob: Hand, ballad: int) -> None:
    def begin() -> None:
        app.rooms.scenes.current = 0
        app.rooms.scenes.share()

    app.loop.call_soon_threadsafe(begin)
    anne = await screens(PHONE)
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


async def test_an_address_of_a_scene_that_is_gone_says_so(app: App, screens: Open, bob: Hand) -> None:
    anne = await screens(PHONE)
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/scenes/9999")
    await expect(anne.page.locator(".panel")).to_contain_text("There is no such scene")


# Fade and way back


async def begin_fade(anne: Screen, seconds: str = "30") -> None:
    """Recall “Ballad” with a fade from its preview."""
    await preview(anne)
    box = anne.page.get_by_label("Fade in seconds")
    await box.fill(seconds)
    await box.press("Enter")
    await anne.page.locator(".recall", has_text=f"over {seconds} s").tap()
    await expect(banner(anne)).to_contain_text("s left")


async def test_a_fade_rests_by_its_key_for_every_engineer_goes_on_and_ends_at_once(
    app: App, screens: Open, ballad: int
) -> None:
    anne, carl = await screens(PHONE), await screens()
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
    app: App, screens: Open, ballad: int
) -> None:
    anne, carl = await screens(PHONE), await screens()
    await begin_fade(anne)
    await until(lambda: app.desk.values[FADER] != HERE[FADER])
    await banner(anne).get_by_role("button", name="Back").tap()
    await until(lambda: app.desk.values.items() >= HERE.items())
    for screen in (anne, carl):
        await expect(banner(screen)).to_be_hidden()


async def test_a_finger_on_a_gliding_fader_has_it_for_good_and_the_banner_says_so(
    app: App, screens: Open, ballad: int
) -> None:
    anne = await screens(PHONE)
    await begin_fade(anne)
    target = anne.page.locator(f"{anne.fader(HATS)} .target")
    await target.wait_for()
    await anne.drag(HATS, 20)
    await expect(target).to_have_count(0)
    await expect(banner(anne)).to_contain_text("Hats stays")


async def test_the_banner_pushes_and_lies_over_no_fader(app: App, screens: Open, ballad: int) -> None:
    for size in (PHONE, SMALL):
        anne = await screens(size)
        await begin_fade(anne)
        foot = await banner(anne).evaluate("e => e.getBoundingClientRect().bottom")
        faders = await anne.page.locator(".mixer").evaluate("e => e.getBoundingClientRect().top")
        assert foot <= faders + 1
        assert await anne.page.locator(f"{anne.fader(FADER)} .run").evaluate("e => e.clientHeight") >= LEAST_TRAVEL
        await expect(banner(anne).get_by_role("button", name="Back")).to_be_in_viewport()
        await banner(anne).get_by_role("button", name="Back").tap()
        await expect(banner(anne)).to_be_hidden()
        await until(lambda: app.desk.values.items() >= HERE.items())


async def test_what_others_have_moved_since_is_said_before_back_puts_it_back_too(
    app: App, screens: Open, bob: Hand, ballad: int
) -> None:
    anne = await screens(PHONE)
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


# Safes, and who sees none of it


async def test_a_strip_is_made_safe_in_its_sheet_and_says_so_on_every_page(
    app: App, screens: Open, bob: Hand, ballad: int
) -> None:
    anne, carl = await screens(PHONE), await screens()
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


# Changed since, and files


async def test_what_has_changed_since_is_counted_and_an_update_shows_first_what_it_keeps(
    app: App, screens: Open, bob: Hand
) -> None:
    await stand(app, HERE)
    kept = await tell(bob, do="store", name="Ballad")
    await tell(bob, do="mark", scene=kept["scene"]["id"])
    await stand(app, {FADER: 0.5, SNARE: 0.5})
    anne = await screens(PHONE)
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


async def test_the_show_is_downloaded_and_comes_back_from_its_file(
    app: App, screens: Open, bob: Hand, ballad: int, tmp_path: Path
) -> None:
    anne = await screens(PHONE)
    await show_list(anne)
    async with anne.page.expect_download() as found:
        await anne.page.get_by_role("button", name="Download the show").tap()
    file = tmp_path / "show.json"
    await (await found.value).save_as(file)
    (scene,) = show.read(file.read_bytes())
    assert (scene["name"], scene["values"][FADER]) == ("Ballad", THERE[FADER])
    assert json.loads(file.read_text("utf-8"))["scenes"][0]["values"][FADER]["text"] == "−30.0"
    await tell(bob, do="delete", scene=ballad)
    await expect(row(anne, "Ballad")).to_be_hidden()
    await anne.page.get_by_label("Show file").set_input_files(file)
    await noticed(anne.page, "1 scene came from show.json")
    await expect(row(anne, "Ballad")).to_contain_text("slow")


async def test_a_consoles_own_file_becomes_a_scene_and_what_is_left_out_is_named(screens: Open, tmp_path: Path) -> None:
    anne = await screens(PHONE)
    await show_list(anne)
    file = tmp_path / "desk.scn"
    file.write_text('#4.0# "From the desk" "" %000000000 1\n/ch/01/mix ON -3.2 ON +0 OFF -oo\n/fx/1 VREV\n')
    await anne.page.get_by_label("Show file").set_input_files(file)
    await noticed(anne.page, "“From the desk” came from desk.scn, 6 values. Left out: 1 × /fx/*.")
    await expect(row(anne, "From the desk")).to_be_visible()
    file.write_text("/ch/01/mix ON -3.2\n\0\0")
    await anne.page.get_by_label("Show file").set_input_files(file)
    await noticed(anne.page, "Nothing was changed.")
    anne.faults[:] = [fault for fault in anne.faults if REFUSED not in fault]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("not a show", "This is no show file of Remote Mixer. Nothing was changed."),
        (
            '{"remote-mixer-show": 1, "scenes": [{"name": "Good", "values": {}}, {"color": "plaid", "values": {}}]}',
            "No scene was added.",
        ),
    ],
    ids=["foreign", "half good"],
)
async def test_a_file_that_is_dragged_in_and_refused_says_why_and_adds_nothing(
    app: App, screens: Open, bob: Hand, text: str, why: str
) -> None:
    anne = await screens(PHONE)
    await show_list(anne)
    drop = """(area, text) => {
      const data = new DataTransfer()
      data.items.add(new File([text], "tour.json"))
      area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }))
    }"""
    await anne.page.locator(".show").evaluate(drop, text)
    await noticed(anne.page, why)
    await expect(anne.page.locator(".show-list").first).to_contain_text("No scene yet")
    anne.faults[:] = [fault for fault in anne.faults if REFUSED not in fault]

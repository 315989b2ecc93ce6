"""A musician's page under real thumbs: their own mix, more of themselves, groups, limits, and asking the sound crew."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.policy import Rail
from tests.page.entering import on_loop
from tests.page.mine import KICK, MASTER, MIX, MUTE, SENDS, SMALL_PHONE, SNARE, VOICE, Musician, db, decide, push, put
from tests.page.test_travel import resized
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, TABLET, noticed
from tests.support.running import demo_console
from tests.support.waiting import until

LAPTOP = DESKTOP
TALL_TABLET = {"width": 820, "height": 1180}
MORE_ME, UNDO = ".more-me", "button.undo"


async def test_a_musician_finds_their_own_mix_and_no_way_into_another(app: App, musician: Musician) -> None:
    ann = await musician()
    faders = await ann.page.locator("rm-fader").evaluate_all("all => all.map(one => one.dataset.path)")
    assert set(faders) == {*SENDS, MASTER}
    assert faders[0] == VOICE, "the own channel stands first"
    for gone in (".layers", ".keys", "rm-strip", "rm-consoles", "rm-transport", ".mix", '[data-tool="more"]'):
        assert await ann.page.locator(gone).count() == 0, gone
    await ann.page.locator('[data-tool="mymore"]').tap()
    rows = await ann.page.locator(".row b").all_inner_texts()
    assert rows == ["My channel", "Saved mixes", "History", "People", "Settings", "Help", "Lock page"]


LOW = {"width": 568, "height": 320}
SIZES = {"360": SMALL_PHONE, "390": PHONE, "side": PHONE_ON_ITS_SIDE, "low": LOW, "tablet": TABLET}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_the_whole_mix_mute_and_more_me_are_in_reach_of_a_thumb_and_lines_have_room(
    musician: Musician, size: dict[str, int]
) -> None:
    ann = await musician(size)
    lines = ann.page.locator("rm-line[data-strip]")
    for line in (lines.nth(0), lines.nth(1), lines.nth(2)):
        await expect(line).to_be_in_viewport(ratio=0.99)
        box = await line.locator(".mute").bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 36
    for target in (f'rm-fader[data-path="{MASTER}"]', f'rm-toggle[data-path="{MUTE}"]', MORE_ME, UNDO):
        box = await ann.page.locator(target).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, target
        assert size["height"] / 2 < box["y"] <= size["height"] - box["height"], target
        assert 0 <= box["x"] <= size["width"] - box["width"], target
    assert await ann.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


TRAVEL_PX = 120
FAULTS = """least => {
    const boxOf = (one) => one.getBoundingClientRect()
    const faults = []
    const apart = (where, all) => all.forEach((one, at) => {
        for (const other of all.slice(at + 1).map(boxOf)) {
            const { left, right, top, bottom } = boxOf(one)
            if (left < other.right - 1 && right > other.left + 1 && top < other.bottom - 1 && bottom > other.top + 1)
                faults.push(`${where}: something lies over ${one.className || one.localName}`)
        }
    })
    for (const line of document.querySelectorAll("rm-line")) {
        const { clientWidth, clientHeight } = line.querySelector("rm-fader > .run")
        const travel = Math.max(clientWidth, clientHeight)
        if (travel < least) faults.push(`${line.dataset.strip}: ${travel} px of travel`)
        apart(line.dataset.strip, [...line.querySelectorAll(".tag, .cap, .mute")])
    }
    const { bottom } = boxOf(document.querySelector(".sends-list"))
    if (boxOf(document.querySelector("rm-line")).bottom > bottom + 1) faults.push("no line is whole in sight")
    apart("dock", [...document.querySelectorAll(".dock > :is(rm-toggle, button), .dock .cap, .dock .tag")])
    for (const words of document.querySelectorAll(".who-are-you > *, .dock > button")) {
        const { offsetHeight, scrollWidth, offsetWidth, parentElement } = words
        const isWhole = offsetHeight <= parentElement.offsetHeight && scrollWidth <= offsetWidth
        if (!isWhole) faults.push(`“${words.textContent}” is cut`)
    }
    return faults
}"""


@pytest.mark.parametrize("percent", [100, 200])
async def test_a_musicians_faders_keep_their_travel_and_nothing_lies_over_anything(
    musician: Musician, percent: int
) -> None:
    ann = await musician(LOW, own=None)
    await ann.page.evaluate("percent => localStorage.setItem('remote-mixer.text', percent)", percent)
    await ann.page.reload()
    await ann.link("online")
    await ann.page.wait_for_selector("rm-line")
    found = {}
    for size in (LOW, SMALL_PHONE, PHONE, PHONE_ON_ITS_SIDE, TALL_TABLET, TABLET, LAPTOP):
        await resized(ann, (size["width"], size["height"]))
        found[tuple(size.values())] = await ann.page.evaluate(FAULTS, TRAVEL_PX)
    assert {size: faults for size, faults in found.items() if faults} == {}


async def test_a_thumb_moves_a_send_of_the_own_mix_and_of_no_other(app: App, musician: Musician) -> None:
    ann = await musician()
    before = {path: value for path, value in app.desk.values.items() if "bus2" not in path}
    await push(ann, KICK, 60)
    await until(lambda: float(app.desk.values[KICK] or 0) > 0.6)
    await until(lambda: not app.desk.held())
    assert {path: app.desk.values[path] for path in before} == before


async def test_a_list_that_scrolls_moves_no_send(app: App, musician: Musician) -> None:
    ann = await musician()
    before = dict(app.desk.values)
    x, y = await ann.middle(f'rm-fader[data-path="{SNARE}"]')
    await ann.touch("touchStart", (x, y))
    for step in range(1, 11):
        await ann.touch("touchMove", (x + step, y - 12 * step))
    await ann.touch("touchEnd")
    await ann.page.wait_for_function("() => document.querySelector('.sends-list').scrollTop > 40")
    assert dict(app.desk.values) == before


async def test_more_me_lifts_the_own_channel_lets_the_others_down_and_undo_restores_all(
    app: App, musician: Musician
) -> None:
    ann = await musician()
    await ann.page.locator(MORE_ME).tap()
    await until(lambda: db(app, VOICE) == -7.0)
    assert {db(app, path) for path in SENDS if path != VOICE} == {-11.0}
    await ann.page.locator(UNDO).tap()
    await until(lambda: all(app.desk.values[path] == 0.5 for path in SENDS))
    assert await ann.page.locator(UNDO).is_disabled()


async def test_undo_lets_be_what_the_crew_moved_since(app: App, musician: Musician) -> None:
    ann = await musician()
    await ann.page.locator(MORE_ME).tap()
    await until(lambda: db(app, KICK) == -11.0)
    await put(app, {KICK: 0.75})
    await ann.stands_at(KICK, 0.75)
    await ann.page.locator(UNDO).tap()
    await until(lambda: app.desk.values[VOICE] == 0.5)
    await noticed(ann.page, "1 send was changed since")
    assert app.desk.values[KICK] == 0.75


async def test_a_group_of_channels_is_one_fader_and_keeps_its_balance(app: App, musician: Musician) -> None:
    await put(app, {KICK: 0.625, SNARE: 0.5})
    ann = await musician()
    await ann.page.locator('[data-tab="Groups"]').tap()
    await ann.page.wait_for_selector('rm-line[data-group="Drums"]')
    assert await ann.page.locator('rm-line[data-group="Vocals"]').count() == 0, "the own voice is in no group"
    await push(ann, KICK, -30, tag="rm-group")
    await until(lambda: db(app, KICK) < -5)
    await until(lambda: not app.desk.held())
    assert db(app, KICK) - db(app, SNARE) == pytest.approx(5, abs=0.2)


async def test_a_double_tap_never_leaps_up_in_somebodys_ears(app: App, musician: Musician) -> None:
    ann = await musician()
    for before, after in ((0.5, 0.5), (0.85, 0.75)):
        await put(app, {KICK: before})
        await ann.stands_at(KICK, before)
        await ann.double_tap(ann.fader(KICK))
        await ann.stands_at(KICK, after)
        await until(lambda: not app.desk.held())
        assert app.desk.values[KICK] == after


async def test_a_group_is_made_by_name_and_channels_and_kept_on_the_device(musician: Musician) -> None:
    ann = await musician()
    await ann.page.locator('[data-tab="Groups"]').tap()
    await ann.page.locator("text=New group").tap()
    for name in ("Bass", "Keys"):
        await ann.page.locator(f".choices >> text={name}").tap()
    await ann.page.get_by_label("Group name").fill("Low end")
    await ann.page.get_by_role("button", name="Save").tap()
    await ann.page.wait_for_selector('rm-line[data-group="Low end"]')
    await ann.page.reload()
    await ann.page.wait_for_selector('rm-line[data-group="Low end"]')


async def test_the_limit_is_said_drawn_and_stops_the_cap(app: App, musician: Musician) -> None:
    await decide(app, ceiling=-5)
    ann = await musician()
    await ann.page.wait_for_selector("text=Limit −5 dB")
    await push(ann, KICK, 300)
    await until(lambda: db(app, KICK) == -5.0)
    await until(lambda: not app.desk.held())
    assert db(app, KICK) == -5.0
    await expect(ann.page.locator(f'rm-fader[data-path="{KICK}"] .beyond')).to_have_count(1)


async def test_a_limit_that_came_down_meanwhile_brings_the_cap_back_and_says_why(app: App, musician: Musician) -> None:
    ann = await musician()
    await ann.page.locator('[data-strip="band/ch1"] .tag').tap()
    await ann.page.locator(f'rm-readout[data-path="{KICK}"] button').tap()
    await ann.page.keyboard.type("+9")
    await ann.page.keyboard.press("Enter")
    await noticed(ann.page, "The limit here is")
    await ann.stands_at(KICK, 0.5)
    assert app.desk.values[KICK] == 0.5


async def test_each_line_has_a_mute_of_its_own(app: App, musician: Musician) -> None:
    mute = KICK.replace("level", "mute")
    ann = await musician()
    for muted in (True, False):
        await ann.page.get_by_role("button", name="Kick mute", exact=True).tap()
        await until(lambda muted=muted: app.desk.values[mute] is muted)  # type: ignore[misc]
    assert app.desk.values["band/ch1/mute"] is False, "the house still hears it"


async def test_a_long_name_takes_two_lines(app: App, musician: Musician) -> None:
    ann = await musician()
    name = ann.page.locator('[data-strip="band/ch1"] .tag b')
    one = await name.evaluate("name => name.offsetHeight")
    await put(app, {"band/ch1/name": "Kick and snare"})
    await expect(name).to_have_text("Kick and snare")
    try:
        high, whole = await name.evaluate("name => [name.offsetHeight, name.scrollHeight]")
        assert 1.8 * one < whole <= high
    finally:
        await put(app, {"band/ch1/name": "Kick"})


@pytest.mark.parametrize("size", [TABLET, TALL_TABLET, LAPTOP], ids=["tablet", "upright", "laptop"])
async def test_faders_stand_on_a_tablet_and_a_laptop_the_own_one_beside_all_others(
    app: App, musician: Musician, size: dict[str, int]
) -> None:
    ann = await musician(size)
    await expect(ann.page.locator(ann.fader(KICK))).to_have_attribute("aria-orientation", "vertical")
    boxes = [await ann.page.locator(ann.fader(path)).bounding_box() for path in SENDS]
    own = await ann.page.locator(ann.fader(VOICE)).bounding_box()
    assert own
    for box in filter(None, boxes):
        assert box["height"] >= 200
        assert 0 <= box["x"] <= size["width"] - box["width"]
        assert own["x"] <= box["x"]
    await ann.drag(KICK, 60)
    await until(lambda: float(app.desk.values[KICK] or 0) > 0.5)
    await until(lambda: not app.desk.held())


async def test_mute_mine_is_one_tap(app: App, musician: Musician) -> None:
    ann = await musician()
    for muted in (True, False):
        await ann.page.locator(f'rm-toggle[data-path="{MUTE}"]').tap()
        await until(lambda muted=muted: app.desk.values[MUTE] is muted)  # type: ignore[misc]


async def test_a_musician_without_a_mix_waits_and_gets_it_without_a_touch(app: App, musician: Musician) -> None:
    ann = await musician(own=None)
    person = await ann.page.evaluate("fetch('/api/v1/me').then(me => me.json()).then(me => me.person)")
    await on_loop(app, app.admission.change(person, mix=""))
    await ann.page.wait_for_selector("text=Welcome, Ann")
    assert await ann.page.locator("rm-fader").count() == 0
    await on_loop(app, app.admission.change(person, mix=MIX))
    await ann.page.wait_for_selector(f'rm-fader[data-path="{KICK}"]')


async def test_the_page_locks_in_one_tap_and_opens_by_a_second_of_rest(app: App, musician: Musician) -> None:
    ann = await musician()
    x, y = await ann.middle(ann.fader(KICK))
    await ann.page.locator('[data-tool="lock"]').tap()
    await expect(ann.page.locator(".lock")).to_be_visible()
    await ann.touch("touchStart", (x, y))
    await ann.touch("touchMove", (x + 60, y))
    await ann.touch("touchEnd")
    x, y = await ann.middle(".lock button")
    await ann.touch("touchStart", (x, y))
    await ann.page.wait_for_selector(".lock", state="detached")
    await ann.touch("touchEnd")
    assert app.desk.values[KICK] == 0.5


async def test_a_locked_page_is_locked_after_a_reload(app: App, musician: Musician) -> None:
    ann = await musician()
    await ann.page.locator('[data-tool="lock"]').tap()
    await ann.page.reload()
    await expect(ann.page.locator(".lock")).to_be_visible()
    x, y = await ann.middle(".lock button")
    await ann.touch("touchStart", (x, y))
    await ann.page.wait_for_selector(".lock", state="detached")
    await ann.touch("touchEnd")
    await ann.page.reload()
    await ann.page.wait_for_selector("rm-line")
    await expect(ann.page.locator(".lock")).to_have_count(0)


async def test_a_console_that_goes_is_said_and_its_sends_do_not_move(app: App, musician: Musician) -> None:
    ann = await musician()
    app.loop.call_soon_threadsafe(demo_console(app).unplug)
    try:
        await ann.page.wait_for_selector("text=console offline")
        await push(ann, KICK, 60)
        await ann.stands_at(KICK, 0.5)
    finally:
        app.loop.call_soon_threadsafe(demo_console(app).plug)
    await ann.page.wait_for_selector("text=Limit +6 dB")


WATCH = """([fader, notice]) => {
  window.seen = { backs: 0, said: 0, last: -1 }
  new MutationObserver(() => {
    const now = Number(getComputedStyle(fader).getPropertyValue("--position"))
    if (now < seen.last - 0.002) seen.backs += 1
    seen.last = now
  }).observe(fader, { attributes: true, attributeFilter: ["style"] })
  new MutationObserver(() => (seen.said += 1)).observe(notice, { childList: true })
}"""
"""Counts how often a cap goes back, and how often a notice is drawn."""


async def test_a_rise_that_is_too_fast_stops_the_cap_calmly_and_says_why_once(app: App, musician: Musician) -> None:
    await decide(app, rails=(Rail("*/send/*/level", ("musician",), rise_db=3),))
    ann = await musician()
    handles = [await ann.page.query_selector(one) for one in (ann.fader(KICK), "rm-notice")]
    await ann.page.evaluate(WATCH, handles)
    x, y = await ann.middle(ann.fader(KICK))
    await ann.touch("touchStart", (x, y))
    began = time.monotonic()
    for step in range(60):
        await ann.touch("touchMove", (x + 2 * step, y))
        await ann.page.wait_for_timeout(10)
    seconds = time.monotonic() - began
    await noticed(ann.page, "go more slowly")
    await ann.touch("touchEnd")
    await until(lambda: not app.desk.held())
    seen = await ann.page.evaluate("() => window.seen")
    assert seen["backs"] <= 3 * max(seconds, 1), seen
    assert seen["said"] == 1, seen
    assert db(app, KICK) < -4


async def test_whoever_becomes_a_guest_in_the_middle_of_a_push_moves_nothing_more(app: App, musician: Musician) -> None:
    ann = await musician()
    await push(ann, KICK, 60, lift=False)
    await until(lambda: bool(app.desk.held()))
    person = await ann.page.evaluate("fetch('/api/v1/me').then(me => me.json()).then(me => me.person)")
    await on_loop(app, app.admission.change(person, role="guest", mix=""))
    await ann.page.wait_for_selector("rm-strip")
    assert not app.desk.held()
    stands = app.desk.values[KICK]
    await ann.touch("touchMove", (300, 300))
    await ann.touch("touchEnd")
    await noticed(ann.page, "You are now a guest")
    assert app.desk.values[KICK] == stands

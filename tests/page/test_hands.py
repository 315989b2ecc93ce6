"""Two devices, one mixer: the whole road from a finger to everybody's page, in a real browser."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.layout import OFFLINE
from remote_mixer.desk.sources import console
from remote_mixer.hub.messages import Ghost
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, Wire
from tests.support.running import FADER, demo_console, joined
from tests.support.waiting import until

MUTE = "band/ch1/mute"
OTHER = "band/ch2/fader"


async def test_a_finger_on_one_page_moves_the_fader_on_the_other(app: App, shared_screen: Open) -> None:
    anne, bob = await shared_screen(PHONE), await shared_screen()
    app.loop.call_soon_threadsafe(lambda: demo_console(app).move({FADER: 0.75}))
    for screen in (anne, bob):
        await screen.stands_at(FADER, 0.75)
    await anne.drag(FADER, -120)
    await until(lambda: float(app.desk.values[FADER] or 0) < 0.65)
    await until(lambda: not app.desk.held())
    moved = float(app.desk.values[FADER] or 0)
    await bob.stands_at(FADER, moved)
    await anne.stands_at(FADER, moved)
    await until(lambda: demo_console(app).values[FADER] == moved)


COUNT_ANEW = """() => {
    window.anew = []
    const see = (changes) => window.anew.push(...changes.map(({ target }) => target.className || target.localName))
    new MutationObserver(see).observe(document.querySelector(".mixer"), { childList: true, subtree: true })
}"""

SLOWER_ANSWER = """() => {
    const { status } = document.querySelector("rm-fader").page.link
    status.set({ ...status.value, rtt: 321 })
}"""
"""The page's own work at each ping, once a second, where the round trip has changed."""


async def test_a_drag_puts_no_new_part_on_the_page_and_its_cap_has_a_layer_of_its_own(
    app: App, shared_screen: Open
) -> None:
    anne = await shared_screen(PHONE)
    await anne.drag(FADER, -20, lift=False)
    cap = anne.page.locator(f"{anne.fader(FADER)} .cap")
    assert await cap.evaluate("cap => getComputedStyle(cap).willChange") == "transform"
    await anne.page.evaluate(COUNT_ANEW)
    x, y = await anne.middle(anne.fader(FADER))
    for step in range(1, 11):
        await anne.touch("touchMove", (x, y + 20 + 6 * step))
    await anne.drawn()
    before = await anne.position(FADER)
    await anne.page.evaluate(SLOWER_ANSWER)
    await anne.drawn()
    assert await anne.position(FADER) == before
    assert await anne.page.evaluate("window.anew") == []
    await anne.touch("touchEnd")
    await until(lambda: not app.desk.held())


async def test_the_cap_never_jumps_to_the_finger(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    before = app.desk.values[FADER]
    x, y = await anne.middle(anne.fader(FADER))
    await anne.touch("touchStart", (x, y + 150))
    await anne.touch("touchMove", (x, y + 153))
    await anne.touch("touchEnd")
    assert app.desk.values[FADER] == before


async def test_a_sideways_finger_moves_no_fader(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    before = dict(app.desk.values)
    x, y = await anne.middle(anne.fader(FADER))
    await anne.touch("touchStart", (x, y))
    for step in range(1, 9):
        await anne.touch("touchMove", (x + 12 * step, y - 4 * step))
    await anne.touch("touchEnd")
    assert {path: value for path, value in app.desk.values.items() if path.endswith("fader")} == {
        path: value for path, value in before.items() if path.endswith("fader")
    }


async def test_two_fingers_move_two_faders(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    before = float(app.desk.values[FADER] or 0), float(app.desk.values[OTHER] or 0)
    one, two = await anne.middle(anne.fader(FADER)), await anne.middle(anne.fader(OTHER))
    await anne.touch("touchStart", one, two)
    for step in range(1, 11):
        await anne.touch("touchMove", (one[0], one[1] + 6 * step), (two[0], two[1] + 9 * step))
    await anne.touch("touchEnd")
    await until(lambda: float(app.desk.values[FADER] or 0) < before[0])
    await until(lambda: float(app.desk.values[OTHER] or 0) < before[1])
    await until(lambda: not app.desk.held())


async def test_while_a_finger_rests_others_see_who_holds_and_cannot_pull(app: App, shared_screen: Open) -> None:
    anne, bob = await shared_screen(PHONE), await shared_screen()
    await anne.drag(FADER, -30, lift=False)
    held = await anne.position(FADER)
    await until(lambda: app.desk.values[FADER] == pytest.approx(held))
    await bob.page.wait_for_selector(f"{bob.fader(FADER)}[data-by]")
    await bob.drag(FADER, -60)
    await bob.stands_at(FADER, held)
    assert app.desk.values[FADER] == pytest.approx(held)
    await anne.touch("touchEnd")
    await until(lambda: not app.desk.held())


async def test_a_page_cut_off_is_inert_sends_nothing_stale_and_is_right_within_a_second(
    app: App, screens: Open
) -> None:
    async with Wire(app.port).laid() as wire:
        anne = await screens(PHONE, port=wire.port)
        wire.cut()
        await anne.link("reconnecting")
        sent = len(wire.upstream)
        stood = app.desk.values[OTHER]
        await anne.drag(OTHER, -100)
        await anne.page.locator(f'rm-toggle[data-path="{MUTE}"]').first.tap(force=True)
        async with joined(app, "bob") as bob:
            await bob.send(type="set", id=1, values={FADER: 0.3})
            await bob.until("ok")
        wire.mend()
        await anne.link("online", 5)
        async with asyncio.timeout(1):
            await anne.stands_at(FADER, 0.3)
        assert b'"set"' not in wire.upstream[sent:]
        assert app.desk.values[OTHER] == stood
        assert app.desk.values[MUTE] is False


async def test_a_console_that_is_offline_is_said_and_its_faders_do_not_move(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    app.loop.call_soon_threadsafe(demo_console(app).unplug)
    await anne.page.wait_for_selector(f'[data-console="band"][data-status="{OFFLINE}"]')
    stood = await anne.position(FADER)
    await anne.drag(FADER, -100)
    await anne.stands_at(FADER, stood)
    app.loop.call_soon_threadsafe(demo_console(app).plug)
    await anne.page.wait_for_selector('[data-console="band"][data-status="online"]')


async def test_what_the_console_moves_is_seen(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    app.loop.call_soon_threadsafe(lambda: demo_console(app).move({FADER: 0.2}))
    await anne.stands_at(FADER, 0.2)


@pytest.mark.parametrize(("key", "position"), [("Home", 0.75), ("ArrowDown", 0.7375), ("PageUp", 0.875), ("End", 0.0)])
async def test_keys_move_a_fader_by_decibels(app: App, shared_screen: Open, key: str, position: float) -> None:
    anne = await shared_screen(touch=False)
    app.loop.call_soon_threadsafe(lambda: demo_console(app).move({FADER: 0.75 if key != "Home" else 0.1}))
    await anne.stands_at(FADER, 0.75 if key != "Home" else 0.1)
    await anne.page.locator(anne.fader(FADER)).first.focus()
    await anne.page.keyboard.press(key)
    await until(lambda: abs(float(app.desk.values[FADER] or 0) - position) < 0.0001)


async def test_what_people_write_is_shown_as_text(app: App, screens: Open) -> None:
    anne = await screens()
    evil = '<img src=x onerror="document.title=1"><b>bold</b>'
    app.loop.call_soon_threadsafe(lambda: demo_console(app).move({"band/ch2/name": evil[:32]}))
    async with joined(app, "bob") as bob:
        await bob.send(type="say", text=evil)
        await bob.until("message")
    await anne.page.wait_for_function("t => document.body.textContent.includes(t)", arg=evil[:32])
    assert await anne.page.locator("img[src=x]").count() == 0


async def test_what_is_amiss_is_said_on_the_page(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    app.loop.call_soon_threadsafe(app.hub.share_notices, ["The disk is full: make room on it."])
    await anne.page.wait_for_selector("rm-notice >> text=The disk is full")
    app.loop.call_soon_threadsafe(app.hub.share_notices, [])
    await anne.page.wait_for_selector("rm-notice >> text=The disk is full", state="detached")


async def test_a_consoles_own_trouble_is_a_tap_away(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    guard = console("band")
    app.loop.call_soon_threadsafe(app.desk.set, {"band/notice": "Kick.wav cannot be read."}, guard)
    await anne.page.locator('[data-console="band"][data-notice]').click()
    await anne.page.wait_for_selector(".panel >> text=Kick.wav cannot be read.")
    app.loop.call_soon_threadsafe(app.desk.set, {"band/notice": ""}, guard)
    await anne.page.wait_for_selector('[data-console="band"]:not([data-notice])')


async def test_where_a_real_fader_has_to_meet_the_cap_a_dashed_line_shows_where_it_stands(
    app: App, screens: Open
) -> None:
    for size in (PHONE, DESKTOP):
        anne = await screens(size)
        ghost = anne.page.locator(f"{anne.fader(FADER)} .ghost")
        await expect(ghost).to_be_hidden()
        app.loop.call_soon_threadsafe(app.hub.clients.send, Ghost(FADER, 0.25, "surface-nano"))
        await expect(ghost).to_be_visible()
        line, run = await ghost.bounding_box(), await anne.page.locator(f"{anne.fader(FADER)} .run").bounding_box()
        assert line
        assert run
        assert (line["y"] - run["y"]) / run["height"] == pytest.approx(0.75, abs=0.02)
        app.loop.call_soon_threadsafe(app.hub.clients.send, Ghost(FADER, None, "surface-nano"))
        await expect(ghost).to_be_hidden()

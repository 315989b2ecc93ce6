"""What a person finds on the page beside the faders' road: values typed, mutes guarded, mixes, names, messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.drivers.demo import DemoConsole
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, TABLET, Screen, noticed
from tests.support.running import FADER, demo_console, joined, online, running
from tests.support.waiting import until

MUTE, MAIN_MUTE, SEND = "band/ch1/mute", "band/main/mute", "band/ch1/send/bus1/level"


def toggle(path: str) -> str:
    return f'rm-toggle[data-path="{path}"]'


async def put(app: App, **values: Value) -> None:
    """Let the console itself put params of band somewhere; _ stands for the slash."""
    at: dict[str, Value] = {f"band/{path.replace('_', '/')}": value for path, value in values.items()}
    app.loop.call_soon_threadsafe(demo_console(app).move, at)
    await until(lambda: app.desk.values.items() >= at.items())


# Before the tests that share a page: levels would fall on that for eight seconds of theirs.
async def test_meters_move(app: App, screens: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DemoConsole, "metering", True)
    anne = await screens()
    canvas = anne.page.locator("rm-strip rm-meter canvas").first
    first = await canvas.evaluate("c => c.toDataURL()")
    handle = await canvas.element_handle()
    await anne.page.wait_for_function("([c, before]) => c.toDataURL() !== before", arg=[handle, first])


async def test_a_double_tap_glides_to_0_db(app: App, shared_screen: Open) -> None:
    await put(app, ch1_fader=0.3)
    anne = await shared_screen(PHONE)
    await anne.stands_at(FADER, 0.3)
    await anne.double_tap(anne.fader(FADER))
    await until(lambda: app.desk.values[FADER] == 0.75)
    await until(lambda: not app.desk.held())


@pytest.mark.parametrize(
    ("typed", "position"), [("-10", 0.5), ("+5", 0.875), ("−∞", 0.0), ("0", 0.75), ("-3,5", 0.6625)]
)
async def test_a_value_can_be_typed(app: App, shared_screen: Open, typed: str, position: float) -> None:
    await put(app, ch1_fader=0.31)
    anne = await shared_screen()
    await anne.page.locator(f'rm-readout[data-path="{FADER}"] button').click()
    await anne.page.keyboard.type(typed)
    await anne.page.keyboard.press("Enter")
    await until(lambda: app.desk.values[FADER] == pytest.approx(position))


async def test_muting_is_one_tap_and_so_is_opening_a_channel(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    for muted in (True, False):
        await anne.page.locator(toggle(MUTE)).tap()
        await until(lambda muted=muted: app.desk.values[MUTE] is muted)  # type: ignore[misc]
        await anne.page.wait_for_selector(f'{toggle(MUTE)}[aria-pressed="{str(muted).lower()}"]')


async def test_main_is_muted_by_one_tap_and_opened_by_two(app: App, shared_screen: Open) -> None:
    await put(app, main_mute=False)
    anne = await shared_screen(PHONE)
    await anne.page.locator(toggle(MAIN_MUTE)).tap()
    await until(lambda: app.desk.values[MAIN_MUTE])
    await anne.page.locator(toggle(MAIN_MUTE)).tap()
    await anne.page.wait_for_selector(f"{toggle(MAIN_MUTE)}[data-armed]")
    assert app.desk.values[MAIN_MUTE]
    await anne.page.locator(toggle(MAIN_MUTE)).tap()
    await until(lambda: app.desk.values[MAIN_MUTE] is False)


async def test_main_is_opened_by_keys_too_and_words_say_how(app: App, shared_screen: Open) -> None:
    await put(app, main_mute=True)
    anne = await shared_screen(touch=False)
    await anne.page.locator(toggle(MAIN_MUTE)).focus()
    await anne.page.keyboard.press("Enter")
    await noticed(anne.page, "Press again within 3 s to unmute the main mix.")
    assert app.desk.values[MAIN_MUTE]
    await anne.page.keyboard.press("Enter")
    await until(lambda: app.desk.values[MAIN_MUTE] is False)


async def test_an_armed_key_of_main_rests_after_three_seconds_and_opens_nothing(app: App, shared_screen: Open) -> None:
    await put(app, main_mute=True)
    anne = await shared_screen(PHONE)
    await anne.page.locator(toggle(MAIN_MUTE)).tap()
    await anne.page.wait_for_selector(f"{toggle(MAIN_MUTE)}[data-armed]")
    await anne.page.wait_for_selector(f"{toggle(MAIN_MUTE)}:not([data-armed])")
    assert app.desk.values[MAIN_MUTE]


async def test_a_mix_puts_its_sends_under_the_faders_until_a_clear_tap_back(app: App, shared_screen: Open) -> None:
    await put(app, ch1_fader=0.6, ch1_send_bus1_level=0.2)
    anne = await shared_screen(PHONE)
    await anne.page.locator('.mixbar [data-to="band/bus1"]').tap()
    await anne.stands_at(SEND, 0.2)
    await expect(anne.page.locator(anne.fader(FADER))).to_have_count(0)
    await expect(anne.page.locator(anne.fader("band/bus1/fader"))).to_have_count(1)
    await anne.drag(SEND, 60)
    await until(lambda: float(app.desk.values[SEND] or 0) > 0.25)
    assert app.desk.values[FADER] == 0.6, "the house mix has not moved"
    await anne.page.locator("button.back").tap()
    await anne.stands_at(FADER, 0.6)


async def test_a_notice_stands_over_no_fader_key_or_read_out(shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await anne.page.locator(".bank").evaluate("bank => bank.firstChild.page.notices.say('Nothing was sent.')")
    notice = await anne.page.locator("rm-notice p").bounding_box()
    stage = await anne.page.locator(".bay").bounding_box()
    assert notice
    assert stage
    assert notice["y"] + notice["height"] <= stage["y"]


async def test_a_strip_gets_its_name_and_colour_from_its_channel_view_on_every_page(
    app: App, shared_screen: Open
) -> None:
    anne, bob = await shared_screen(), await shared_screen(PHONE)
    await anne.page.locator('rm-strip[data-strip="band/ch1"] .plate').click()
    await anne.page.get_by_role("tab", name="Name").click()
    await anne.page.get_by_label("Name", exact=True).fill("Bassdrum")
    await anne.page.keyboard.press("Enter")
    await anne.page.locator('button.swatch[data-color="pink"]').click()
    await bob.page.wait_for_selector("text=Bassdrum")
    await until(lambda: app.desk.values["band/ch1/color"] == "pink")


async def test_what_one_page_says_another_hears_with_an_unread_mark(app: App, screens: Open) -> None:
    anne, bob = await screens(), await screens()
    await anne.page.locator('[data-tool="messages"]').click()
    await anne.page.locator("#say").fill("Two minutes to go")
    await anne.page.keyboard.press("Enter")
    await anne.page.wait_for_selector("#messages >> text=Two minutes to go")
    await bob.page.wait_for_selector('[data-tool="messages"][data-unread]')
    await bob.page.locator('[data-tool="messages"]').click()
    await bob.page.wait_for_selector("#messages >> text=Two minutes to go")
    await bob.page.wait_for_selector('[data-tool="messages"]:not([data-unread])')


async def test_a_solo_is_on_a_pill_that_clears_it(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    await anne.page.locator(toggle("band/ch2/solo")).click()
    await until(lambda: app.desk.values["band/ch2/solo"])
    await anne.page.locator("header rm-solos button").click()
    await until(lambda: app.desk.values["band/ch2/solo"] is False)


async def test_a_fader_speaks_decibels(app: App, shared_screen: Open) -> None:
    await put(app, ch1_fader=0.5)
    anne = await shared_screen()
    fader = anne.page.locator(anne.fader(FADER))
    await anne.stands_at(FADER, 0.5)
    await expect(fader).to_have_attribute("role", "slider")
    await expect(fader).to_have_attribute("aria-valuetext", re.compile("10"))
    await expect(fader).to_have_attribute("aria-valuenow", "-10")


@pytest.mark.parametrize(
    "size", [PHONE, PHONE_ON_ITS_SIDE, TABLET, DESKTOP], ids=["phone", "on its side", "tablet", "desktop"]
)
async def test_main_is_in_sight_and_targets_are_large_enough_for_a_finger(
    app: App, shared_screen: Open, size: dict[str, int]
) -> None:
    anne = await shared_screen(size)
    main = await anne.page.locator(anne.fader("band/main/fader")).bounding_box()
    assert main
    assert main["x"] + main["width"] <= size["width"]
    assert main["y"] + main["height"] <= size["height"]
    strip = await anne.page.locator("rm-strip").first.bounding_box()
    assert strip
    assert 64 <= strip["width"] <= 120
    assert await anne.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_page_works_in_full_on_plain_http_under_a_name(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path, open=True) as app:
        await online(app)
        anne = await Screen.open(browser, f"http://remote-mixer.local:{app.port}/", PHONE, touch=True)
        await anne.link("online")
        assert await anne.page.evaluate("isSecureContext") is False
        before = app.desk.values[FADER]
        await anne.drag(FADER, 40 if float(before or 0) < 0.5 else -40)
        await until(lambda: app.desk.values[FADER] != before)
        await anne.leave()


async def test_two_tabs_of_one_browser_are_two_pages(app: App, screens: Open) -> None:
    others = len(app.hub.clients)
    anne = await screens()
    second = await anne.context.new_page()
    await second.goto(anne.page.url)
    await second.wait_for_selector('[data-link="online"]', state="attached")
    await until(lambda: len(app.hub.clients) == others + 2)
    await anne.link("online")


async def test_a_server_with_another_page_is_met_by_a_reload(app: App, screens: Open) -> None:
    others = list(app.hub.clients)
    anne = await screens(PHONE)
    await anne.page.evaluate("window.before = true")
    identity = app.hub.identity
    try:
        app.hub.identity = type(identity)(identity.name, identity.version, "another page")
        for client in list(app.hub.clients):
            if client not in others:
                app.loop.call_soon_threadsafe(client.link.abort)
        await anne.page.wait_for_function("() => window.before === undefined")
    finally:
        app.hub.identity = identity
    async with joined(app, "bob") as bob:
        await bob.send(type="ping", t=1)
        await bob.until("pong")

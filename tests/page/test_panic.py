"""The panic row: mute groups and cleared solos one tap away, where a console has groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.conftest import Open
from tests.page.shows import tell
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, noticed
from tests.support.people import host
from tests.support.running import Hand, demo_console, online
from tests.support.studio import running_studio
from tests.support.waiting import until

A_LONG_TAP = "() => new Promise((over) => setTimeout(over, 400))"
"""A rest of a finger in the browser's own time: longer than a short tap may last."""
PUT_AWAY = """() => {
    Object.defineProperty(document, "hidden", { value: true })
    document.dispatchEvent(new Event("visibilitychange"))
}"""
GROUP, SOLO, TALK = "foh/mutegroup/2", "foh/ch1/solo", "foh/talk/b"
LEAST_OF_NEXT_LAYER_PX = 44
"""Room beside the first layer's key, in pixels: as wide as a finger's target."""
KEY = f'.panic rm-toggle[data-path="{GROUP}"]'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A console with mute groups beside one that has none."""
    with running_studio(tmp_path_factory.mktemp("data"), ("band", "demo:")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served, "foh")
    await online(served, "band")
    closed: dict[str, Value] = {GROUP: False}
    served.loop.call_soon_threadsafe(demo_console(served).move, closed)
    await until(lambda: served.desk.values[GROUP] is False)
    return served


@pytest.mark.parametrize("size", [PHONE, PHONE_ON_ITS_SIDE, DESKTOP], ids=["upright", "on its side", "desktop"])
async def test_a_mute_group_is_one_tap_away(app: App, shared_screen: Open, size: dict[str, int]) -> None:
    anne = await shared_screen(size)
    await anne.page.locator(KEY).tap()
    await until(lambda: app.desk.values[GROUP] is True)
    await expect(anne.page.locator(KEY)).to_have_attribute("aria-pressed", "true")
    await expect(anne.page.locator(".panic rm-toggle.mute")).to_have_count(6)


async def test_one_tap_clears_all_solos_and_without_any_the_key_rests(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    clear = anne.page.locator(".panic rm-solos button")
    await expect(clear).to_be_disabled()
    await anne.page.locator(f'rm-toggle[data-path="{SOLO}"]').tap()
    await until(lambda: app.desk.values[SOLO] is True)
    await clear.tap()
    await until(lambda: app.desk.values[SOLO] is False)


async def test_each_device_shows_or_hides_the_row_and_remembers_it(app: App, screens: Open) -> None:
    anne, bob = await screens(PHONE), await screens(PHONE)
    await anne.page.get_by_role("button", name="Quick keys").tap()
    await expect(anne.page.locator(".panic")).to_be_hidden()
    await anne.page.reload()
    await anne.link("online")
    await expect(anne.page.locator(".panic")).to_be_hidden()
    await expect(bob.page.locator(".panic")).to_be_visible()
    await anne.page.get_by_role("button", name="Quick keys").tap()
    await expect(anne.page.locator(KEY)).to_be_visible()


async def test_one_tap_mutes_all_effect_returns_and_the_next_opens_those_that_were_open(
    app: App, screens: Open
) -> None:
    first, second = "foh/fx1/mute", "foh/fx2/mute"

    async def stand(*values: bool) -> None:
        await until(lambda: (app.desk.values[first], app.desk.values[second]) == values)

    anne, bob = await screens(), await screens()
    key, theirs = (screen.page.get_by_role("button", name="FX mute") for screen in (anne, bob))
    await stand(False, False)
    await anne.page.locator(f'rm-toggle[data-path="{first}"]').tap()
    await stand(True, False)
    await key.tap()
    await stand(True, True)
    await expect(theirs).to_have_attribute("aria-pressed", "true")
    await theirs.tap()
    await noticed(bob.page, "not muted by this key")
    await anne.page.reload()
    await key.tap()
    await stand(True, False)
    await anne.page.locator(f'rm-toggle[data-path="{first}"]').tap()
    await stand(False, False)
    await key.tap()
    await stand(True, True)
    await anne.page.keyboard.press("Control+z")
    await stand(False, False)


async def test_one_tap_mutes_all_channels_but_those_of_a_layer_and_the_next_opens_those_that_it_closed(
    app: App, screens: Open
) -> None:
    api = host(app)
    layer = api.call("POST", "/layers", {"name": "Speech", "shared": True, "items": ["foh/ch1", "band/ch2"]}).json
    mutes = [path for path in app.desk.values if re.fullmatch(r"(foh|band)/ch\d+/mute", path)]
    spared, by_hand, reopened = ["foh/ch1/mute", "band/ch2/mute"], "foh/ch3/mute", "foh/ch4/mute"

    async def stand(open_: list[str]) -> None:
        await until(lambda: [path for path in mutes if app.desk.values[path] is False] == open_)

    def move(path: str, muted: bool) -> None:
        assert api.call("PUT", f"/params/{path}", {"value": muted}).status == 200

    before = [path for path in mutes if path != by_hand]
    for path in mutes:
        move(path, path == by_hand)
    anne = await screens(PHONE)
    page = anne.page
    await page.get_by_role("button", name="Mute all but …").tap()
    await page.locator(f'.panel [data-layer="{layer["id"]}"] button').tap()
    await page.keyboard.press("Escape")
    key = page.get_by_role("button", name="Mute all but Speech")
    await key.tap()
    await stand([path for path in mutes if path in spared])
    await expect(key).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Control+z")
    await stand(before)
    await expect(key).to_have_attribute("aria-pressed", "false")
    await key.tap()
    await stand([path for path in mutes if path in spared])
    move(reopened, False)
    await expect(key).to_have_attribute("aria-pressed", "false")
    move(reopened, True)
    await expect(key).to_have_attribute("aria-pressed", "true")
    await page.reload()
    await key.tap()
    await stand([path for path in before if path != reopened])
    api.call("DELETE", f"/layers/{layer['id']}")
    await expect(page.get_by_role("button", name="Mute all but …")).to_be_visible()


async def test_the_key_of_a_scene_stays_the_same_while_the_set_list_changes(
    app: App, shared_screen: Open, bob: Hand
) -> None:
    doors = (await tell(bob, do="store", name="Doors"))["scene"]["id"]
    anne = await shared_screen(PHONE)
    keys = anne.page.locator(".panic .one-scene")
    aimed_at = await keys.element_handle()
    await tell(bob, do="store", name="Ballad", number=1)
    await tell(bob, do="update", scene=doors, name="Doors open", number=3)
    await tell(bob, do="mark", scene=doors)
    await expect(keys).to_have_text(["1 Ballad", "3 Doors open"])
    await expect(keys.last).to_have_attribute("aria-current", "true")
    assert await keys.last.evaluate("(key, before) => key === before", aimed_at)


async def test_own_keys_mute_a_strip_and_do_a_consoles_action_and_stay_on_this_device(app: App, screens: Open) -> None:
    kick, main = "foh/ch1/mute", "foh/main/mute"
    opened: dict[str, Value] = {kick: False, main: False}
    app.loop.call_soon_threadsafe(demo_console(app).move, opened)
    await until(lambda: app.desk.values.items() >= opened.items())
    anne = await screens(PHONE)
    page = anne.page
    own = page.get_by_role("group", name="Own keys", exact=True).locator("rm-toggle, button")
    await page.goto(f"{page.url.partition('#')[0]}#/panel/keys")
    for word in ("Clear solos", "foh · Kick", "foh · Main"):
        await page.locator(".panel .choices").get_by_role("button", name=word, exact=True).tap()
    await page.reload()
    await page.get_by_role("button", name="Close").tap()
    await expect(own).to_have_text(["foh · Clear solos", "Mute foh · Kick", "Mute foh · Main"])
    await own.nth(1).tap()
    await until(lambda: app.desk.values[kick] is True)
    await expect(own.nth(1)).to_have_attribute("aria-pressed", "true")
    await own.nth(2).tap()
    await until(lambda: app.desk.values[main] is True)
    await own.nth(2).tap()
    await noticed(page, "unmute the main mix")
    assert app.desk.values[main] is True
    await page.locator(f'rm-strip rm-toggle[data-path="{SOLO}"]').tap()
    await until(lambda: app.desk.values[SOLO] is True)
    await own.first.tap()
    await until(lambda: app.desk.values[SOLO] is False)


async def test_talkback_is_on_while_a_finger_rests_and_off_however_the_finger_ends(
    app: App, shared_screen: Open
) -> None:
    anne = await shared_screen(PHONE)
    key = anne.page.get_by_role("button", name="Talk B", exact=True)
    await key.scroll_into_view_if_needed()
    for end in ("touchEnd", "touchCancel"):
        await anne.touch("touchStart", await anne.middle(f'.panic rm-toggle[data-path="{TALK}"]'))
        await until(lambda: app.desk.values[TALK] is True)
        await expect(key).to_have_attribute("aria-pressed", "true")
        await anne.page.evaluate(A_LONG_TAP)
        await anne.touch(end)
        await until(lambda: app.desk.values[TALK] is False)
        await expect(key).to_have_attribute("aria-pressed", "false")


async def test_a_short_tap_leaves_talkback_on_in_everybodys_sight_until_the_next(app: App, screens: Open) -> None:
    anne, bob = await screens(PHONE), await screens(PHONE_ON_ITS_SIDE)
    page = anne.page
    key = page.get_by_role("button", name="Talk B", exact=True)
    pills = [screen.page.get_by_role("button", name="End talkback") for screen in (anne, bob)]
    for tap in (key.tap, pills[0].tap, pills[1].tap):
        await key.tap()
        await until(lambda: app.desk.values[TALK] is True)
        await expect(key).to_have_attribute("aria-pressed", "true")
        for pill in pills:
            await expect(pill).to_have_text("TALK B ×")
            await expect(pill).to_be_in_viewport(ratio=1)
        await tap()
        await until(lambda: app.desk.values[TALK] is False)
        for pill in pills:
            await expect(pill).to_be_hidden()
    await key.tap()
    await until(lambda: app.desk.values[TALK] is True)
    await page.evaluate(PUT_AWAY)
    await until(lambda: app.desk.values[TALK] is False)


@pytest.mark.parametrize(("width", "height"), [(568, 320), (667, 375), (360, 640)])
async def test_with_talkback_and_a_solo_on_a_small_phone_still_shows_layers_and_whose_sends_these_are(
    app: App, screens: Open, width: int, height: int
) -> None:
    anne = await screens({"width": width, "height": height})
    lit: dict[str, Value] = {SOLO: True, TALK: True}
    app.loop.call_soon_threadsafe(demo_console(app).move, lit)
    for words in ("SOLO ×", "TALK B ×"):
        await expect(anne.page.locator(".tools").get_by_text(words)).to_be_in_viewport(ratio=1)
    room = await anne.page.locator(".layers").evaluate("row => row.clientWidth - row.children[0].offsetWidth")
    assert room >= LEAST_OF_NEXT_LAYER_PX
    await expect(anne.page.locator("rm-link .word")).to_be_hidden()
    await anne.page.evaluate("location.hash = '#/mix/foh/bus1'")
    name = anne.page.locator("header .mix b")
    await expect(name).to_have_text("Anna")
    assert await name.evaluate("name => name.scrollWidth <= name.clientWidth")
    await expect(anne.page.locator(".tools").get_by_text("SOLO ×")).to_be_in_viewport(ratio=1)
    dark: dict[str, Value] = dict.fromkeys(lit, False)
    app.loop.call_soon_threadsafe(demo_console(app).move, dark)
    await expect(anne.page.locator("rm-link .word")).to_be_visible()
    await until(lambda: app.desk.values[TALK] is app.desk.values[SOLO] is False)


async def test_talkback_that_is_on_by_keyboard_goes_off_when_its_page_goes(app: App, screens: Open) -> None:
    anne = await screens()
    key = anne.page.get_by_role("button", name="Talk B", exact=True)
    await key.press("Enter")
    await until(lambda: app.desk.values[TALK] is True)
    await key.press("Enter")
    await until(lambda: app.desk.values[TALK] is False)
    await key.press("Enter")
    await until(lambda: app.desk.values[TALK] is True)
    await anne.page.close()
    await until(lambda: app.desk.values[TALK] is False)

"""Undo on the page: the key that shows each own move, keys, two fingers, and the drawer."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, Screen
from tests.support.running import FADER, Hand, demo_console, joined, online
from tests.support.waiting import until

MUTE = "band/ch2/mute"
LOUD = ".undo-key[data-loud]:visible"


async def stand(app: App, **values: Value) -> None:
    """Let the console itself move controls of band; _ stands for the slash.

    It moves them until they stand: the end of an undo before, still on its way to the console, comes after a move.
    """
    at: dict[str, Value] = {f"band/{path.replace('_', '/')}": value for path, value in values.items()}

    def stands() -> bool:
        app.loop.call_soon_threadsafe(demo_console(app).move, at)
        return app.desk.values.items() >= at.items() and not app.hub.pending()

    await until(stands)


async def drag(hand: Hand, path: str, value: Value) -> None:
    """Move a control as one gesture."""
    await hand.send(type="hold", path=path)
    await hand.send(type="set", id=1, values={path: value})
    await hand.send(type="release", path=path)
    await hand.until("settle", path=path)


async def overlaps_a_fader(screen: Screen) -> bool:
    """Whether the undo key lies over a fader that can be seen."""
    return bool(
        await screen.page.evaluate(
            """() => {
                const box = (element) => element.getBoundingClientRect()
                const key = box([...document.querySelectorAll(".undo-key")].find((one) => one.offsetParent))
                const beside = (a) => key.left >= a.right || a.left >= key.right
                const below = (a) => key.top >= a.bottom || a.top >= key.bottom
                return ![...document.querySelectorAll("rm-fader")].map(box).every((one) => beside(one) || below(one))
            }"""
        )
    )


@pytest.mark.parametrize("size", [PHONE, PHONE_ON_ITS_SIDE, DESKTOP], ids=["phone", "on its side", "desktop"])
async def test_an_own_move_is_shown_beside_the_faders_and_one_tap_takes_it_back(
    app: App, shared_screen: Open, size: dict[str, int]
) -> None:
    await stand(app, ch1_fader=0.5)
    anne = await shared_screen(size)
    await anne.stands_at(FADER, 0.5)
    await anne.drag(FADER, 40)
    await until(lambda: app.desk.values[FADER] != 0.5)
    key = anne.page.locator(LOUD)
    await key.wait_for()
    await expect(key).to_contain_text("−10.0 →")
    assert not await overlaps_a_fader(anne)
    await key.tap()
    await until(lambda: app.desk.values[FADER] == 0.5)


async def test_ctrl_z_takes_back_and_with_shift_gives_back(app: App, screens: Open) -> None:
    await stand(app, ch1_fader=0.5, ch2_mute=False)
    anne = await screens()
    await anne.page.locator(f'rm-toggle[data-path="{MUTE}"]').click()
    await until(lambda: app.desk.values[MUTE] is True)
    await anne.page.keyboard.press("Control+z")
    await until(lambda: app.desk.values[MUTE] is False)
    await anne.page.keyboard.press("Control+Shift+Z")
    await until(lambda: app.desk.values[MUTE] is True)
    await anne.page.hover(anne.fader(FADER))
    await anne.page.mouse.wheel(0, 120)
    await expect(anne.page.locator(anne.fader(FADER))).to_have_attribute("data-held", "")
    await anne.page.keyboard.press("Control+z")  # at once: the wheel's hold is no finger's
    await until(lambda: app.desk.values[FADER] == 0.5)


async def test_a_tap_of_two_fingers_takes_back(app: App, shared_screen: Open) -> None:
    await stand(app, ch1_fader=0.5)
    anne = await shared_screen(PHONE)
    await anne.drag(FADER, 40)
    await anne.page.locator(LOUD).wait_for()
    (x, y), (other_x, other_y) = await anne.middle(anne.fader(FADER)), await anne.middle(anne.fader("band/ch2/fader"))
    await anne.touch("touchStart", (other_x, other_y), (x, y))  # the finger on what goes back is the last to lift
    await anne.touch("touchEnd")
    await until(lambda: app.desk.values[FADER] == 0.5)


async def test_what_another_person_moved_since_is_said_and_can_be_put_back_anyway(
    app: App, shared_screen: Open
) -> None:
    await stand(app, ch1_fader=0.5, ch1_name="Kick")
    anne = await shared_screen()
    await anne.drag(FADER, 40)
    await anne.page.locator(LOUD).wait_for()
    async with joined(app, "bob") as bob:
        await bob.send(type="set", id=1, values={FADER: 0.3})
        await bob.until("ok", id=1)
    await anne.page.keyboard.press("Control+z")
    await anne.page.locator(f"{LOUD}[data-refused]", has_text="Bob moved Kick since.").click()
    await until(lambda: app.desk.values[FADER] == 0.5)


async def test_the_drawer_puts_one_move_back_and_all_since_after_a_look(app: App, shared_screen: Open) -> None:
    await stand(app, ch1_fader=0.75, ch2_mute=False)
    anne = await shared_screen()
    for path, value in ((FADER, 0.25), (MUTE, True)):
        async with joined(app, "bob") as bob:
            await bob.send(type="hold", path=path)
            await bob.send(type="set", id=1, values={path: value})
            await bob.send(type="release", path=path)
            await bob.until("settle")
    await anne.page.locator('[data-tool="more"]').click()
    await anne.page.locator("button.row", has_text="History").click()
    rows = anne.page.locator(".moves li")
    await rows.filter(has_text="on → muted").first.locator("button").click()
    await until(lambda: app.desk.values[MUTE] is False)
    await anne.page.locator(".moves li[data-undone]", has_text="on → muted").first.wait_for()
    level = rows.filter(has_text="0.0 → −30.0").first
    await level.locator("b").click(delay=700)
    await anne.page.locator(".since", has_text="Put back everything since").wait_for()
    assert app.desk.values[FADER] == 0.25
    await anne.page.locator(".since button", has_text="Put back").click()
    await until(lambda: app.desk.values[FADER] == 0.75)


async def test_undo_is_still_there_after_a_reload(app: App, screens: Open) -> None:
    await online(app)
    await stand(app, ch1_fader=0.5)
    anne = await screens()
    await anne.drag(FADER, 40)
    await anne.page.locator(LOUD).wait_for()
    await anne.page.reload()
    await anne.link("online")
    await anne.stands_at(FADER, float(app.desk.values[FADER] or 0))
    await anne.page.keyboard.press("Control+z")
    await until(lambda: app.desk.values[FADER] == 0.5)


async def test_a_strips_own_page_has_its_moves_and_puts_one_back(app: App, shared_screen: Open) -> None:
    await stand(app, ch1_fader=0.75, ch2_fader=0.75)
    anne = await shared_screen()
    async with joined(app, "bob") as bob:
        for path, value in ((FADER, 0.25), ("band/ch2/fader", 0.5)):
            await bob.send(type="set", id=1, values={path: value})
            await bob.until("ok", id=1)
    await anne.page.locator('rm-strip[data-strip="band/ch1"] .plate').click()
    await anne.page.get_by_role("tab", name="History").click()
    newest = anne.page.locator(".moves li").first
    await expect(newest).to_contain_text("0.0 → −30.0")
    await expect(anne.page.locator(".moves li", has_text="Snare")).to_have_count(0)
    await newest.locator("button").click()
    await until(lambda: app.desk.values[FADER] == 0.75)
    await expect(anne.page.locator(".moves li[data-undone]", has_text="0.0 → −30.0").first).to_be_visible()


async def test_undo_and_redo_in_the_drawer_are_out_of_use_while_there_is_nothing_to_take_back(
    app: App, screens: Open
) -> None:
    await stand(app, ch2_mute=False)
    anne = await screens(DESKTOP)
    await anne.page.locator('[data-tool="more"]').click()
    await anne.page.locator(".panel >> text=History").click()
    undo, redo = (anne.page.locator(".steps").get_by_text(word, exact=True) for word in ("Undo", "Redo"))
    await expect(undo).to_be_disabled()
    await expect(redo).to_be_disabled()
    await anne.page.locator(f'rm-toggle[data-path="{MUTE}"]').click()
    await expect(undo).to_be_enabled()
    await undo.click()
    await expect(redo).to_be_enabled()
    await expect(undo).to_be_disabled()


async def test_the_drawer_asks_the_server_for_the_moves_of_one_person_place_and_time(app: App, screens: Open) -> None:
    async with joined(app, "zoe") as zoe, joined(app, "yan") as yan:
        await drag(zoe, FADER, 0.31)
        await drag(zoe, MUTE, app.desk.values[MUTE] is not True)
        for step in range(60):  # more than the drawer fetches at once
            await drag(yan, FADER, 0.4 + step / 200)
        anne = await screens(PHONE)
        await anne.page.locator('[data-tool="more"]:visible, .keys [data-name="more"]:visible').first.tap()
        await anne.page.locator(".panel button.row", has_text="History").tap()
        rows = anne.page.locator(".moves li")
        await expect(rows).to_have_count(50)
        await expect(rows.filter(has_text="Zoe")).to_have_count(0)
        await anne.page.get_by_label("Who").select_option("Zoe")
        await expect(rows).to_have_count(2)
        await anne.page.get_by_label("Where").select_option("band/ch1")
        await expect(rows).to_have_count(1)
        await anne.page.get_by_label("When").select_option("600")
        await expect(rows).to_have_count(1)
        for size in (PHONE, PHONE_ON_ITS_SIDE, DESKTOP):
            await anne.page.set_viewport_size(size)  # type: ignore[arg-type] # width and height
            await expect(anne.page.get_by_label("When")).to_be_in_viewport()
            await anne.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        await anne.page.get_by_label("Who").select_option("")
        await expect(rows).to_have_count(50)
        await anne.page.get_by_role("button", name="Older moves").tap()
        await expect(rows.filter(has_text="Zoe")).to_have_count(1)

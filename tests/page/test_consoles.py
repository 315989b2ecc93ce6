"""Consoles that know little of themselves, learn, and can be asked; two of them side by side on one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.drivers import registry
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, TABLET
from tests.support.running import online, running
from tests.support.surface import Surface
from tests.support.waiting import until

IN_SIGHT = """selector => {
    const box = document.querySelector(selector).getBoundingClientRect()
    const corners = [[box.left + 6, box.top + 6], [box.right - 6, box.bottom - 6]]
    return corners.every(([x, y]) => document.elementFromPoint(x, y)?.closest(selector))
}"""
FADER, COARSE = "daw/ch1/fader", "daw/ch2/fader"


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A console by MIDI and the one in memory, fresh for each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.DRIVERS, "surface", "tests.support.surface:Surface")
        with running(tmp_path_factory.mktemp("data"), ("daw", "surface:"), ("band", "demo:")) as app:
            yield app


@pytest.fixture
async def daw(app: App) -> Surface:
    """The far end of the console by MIDI."""
    await online(app, "daw")
    driver = app.drivers[0]
    assert isinstance(driver, Surface)
    return driver


def do(app: App, act: Any, *arguments: Any) -> None:
    app.loop.call_soon_threadsafe(act, *arguments)


async def tells(app: App, daw: Surface, **values: Value) -> None:
    """Let the console itself say where params stand; _ stands for the slash."""
    at: dict[str, Value] = {f"daw/{path.replace('_', '/')}": value for path, value in values.items()}
    do(app, daw.console.move, at)
    await until(lambda: all(app.desk.values[path] == app.desk.param(path).check(at[path]) for path in at))


async def open_strip(page: Page, path: str, tab: str | None = None) -> None:
    await page.locator(f'rm-strip[data-strip="{path}"] .plate').click()
    if tab:
        await page.get_by_role("tab", name=tab).click()


async def open_console(page: Page) -> None:
    await page.locator('.pill[data-console="daw"]').click()


async def test_what_is_not_known_is_hollow_until_it_is_heard(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens()
    fader, mute = anne.page.locator(anne.fader(FADER)), anne.page.locator('rm-toggle[data-path="daw/ch1/mute"]')
    await expect(fader).to_have_attribute("aria-valuetext", "unknown")
    await expect(mute).to_have_attribute("aria-pressed", "mixed")
    await tells(app, daw, ch1_fader=0.5, ch1_mute=False)
    await anne.stands_at(FADER, 0.5)
    await expect(fader).to_have_attribute("aria-valuetext", "50 %")
    await expect(mute).to_have_attribute("aria-pressed", "false")
    await expect(fader).not_to_have_attribute("data-unknown", re.compile(""))


async def test_a_move_makes_the_unknown_known(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens()
    await anne.drag(COARSE, 80)
    await until(lambda: float(app.desk.values[COARSE] or 0) > 0.1)
    await expect(anne.page.locator(f"{anne.fader(COARSE)}[data-unknown]")).to_have_count(0)


async def test_what_is_remembered_is_marked_and_explained_until_it_is_heard(
    app: App, daw: Surface, screens: Open
) -> None:
    await tells(app, daw, ch2_fader=0.5)
    do(app, daw.remember, "ch2/fader")
    anne = await screens()
    readout = anne.page.locator(f'.bank rm-readout[data-path="{COARSE}"] button')
    await expect(readout).to_have_attribute("title", "last known value: not confirmed by the console")
    await open_strip(anne.page, "daw/ch2")
    await expect(anne.page.get_by_text("Last known value")).to_be_visible()
    do(app, daw.remember)
    await expect(anne.page.get_by_text("Last known value")).to_be_hidden()
    await expect(readout).to_have_attribute("title", "Type a value")


async def test_the_consoles_own_words_stand_where_it_has_any(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens()
    readout = anne.page.locator(f'rm-readout[data-path="{FADER}"]')
    await tells(app, daw, ch1_fader=0.64)
    await expect(readout).to_have_text("64 %")
    await tells(app, daw, ch1_fader_text="-3.2 dB")
    await expect(readout).to_have_text("-3.2 dB")
    await expect(anne.page.locator(anne.fader(FADER))).to_have_attribute("aria-valuetext", "-3.2 dB")


async def test_a_level_typed_where_travel_is_asked_moves_nothing(app: App, daw: Surface, screens: Open) -> None:
    await tells(app, daw, ch1_fader=0.5, ch1_fader_text="-3.2 dB")
    anne = await screens()
    await anne.page.locator(f'rm-readout[data-path="{FADER}"] button').click()
    await anne.page.keyboard.type("-10")
    await anne.page.keyboard.press("Enter")
    await expect(anne.page.locator("rm-readout input")).to_have_attribute("aria-invalid", "true")
    await anne.page.keyboard.press("Control+a")
    await anne.page.keyboard.type("80")
    await anne.page.keyboard.press("Enter")
    await until(lambda: app.desk.values[FADER] == pytest.approx(0.8, abs=0.001))


async def test_a_coarse_fader_says_so_and_its_smallest_step_still_moves_it(
    app: App, daw: Surface, screens: Open
) -> None:
    await tells(app, daw, ch2_fader=0.50394)
    anne = await screens(touch=False)
    fader = anne.page.locator(anne.fader(COARSE))
    await expect(anne.page.locator(f'rm-readout[data-path="{COARSE}"]')).to_contain_text("7 bit")
    await expect(fader).to_have_attribute("aria-description", "coarse: 7 bit")
    await fader.focus()
    await anne.page.keyboard.press("Control+ArrowUp")
    await until(lambda: app.desk.values[COARSE] == pytest.approx(65 / 127, abs=0.0001))


async def test_learning_binds_a_control_for_everyone(app: App, daw: Surface, screens: Open) -> None:
    anne, bob = await screens(), await screens(PHONE)
    for page in (anne.page, bob.page):
        await open_strip(page, "daw/ch3", "More")
        await expect(page.locator('[data-path="daw/ch3/fader"] small')).to_have_text("not assigned")
    await anne.page.get_by_label("Learn Fader").click()
    for page in (anne.page, bob.page):
        await expect(page.locator('[data-path="daw/ch3/fader"]')).to_contain_text("Move the control in the DAW…")
    assert daw.asked == [("learn", {"path": "ch3/fader"})]
    do(app, daw.listen, "CC 21, channel 1")
    for page in (anne.page, bob.page):
        await expect(page.locator('.binding[data-path="daw/ch3/fader"] small')).to_have_text("CC 21, channel 1 · 7 bit")
    await anne.stands_at("daw/ch3/fader", 64 / 127)


async def test_learning_can_be_left(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens()
    await open_strip(anne.page, "daw/ch3", "More")
    await anne.page.get_by_label("Learn Mute").click()
    await anne.page.get_by_text("Cancel").click()
    await expect(anne.page.locator('[data-path="daw/ch3/mute"] small')).to_have_text("not assigned")
    assert daw.asked == [("learn", {"path": "ch3/mute"}), ("learn", {"path": ""})]


async def test_a_console_is_asked_from_its_panel_and_twice_before_anything_is_lost(
    app: App, daw: Surface, screens: Open
) -> None:
    anne = await screens(DESKTOP)
    await open_console(anne.page)
    panel = anne.page.locator(".panel")
    await panel.get_by_role("button", name="Send all").click()
    assert daw.asked == []
    await panel.get_by_role("button", name="Send all").click()
    await panel.get_by_role("button", name="Set a marker in the DAW").click()
    await panel.get_by_label("New channel in Drums").fill("Snare")
    await anne.page.keyboard.press("Enter")
    await panel.get_by_label("Name of Vocals").fill("Voices")
    await anne.page.keyboard.press("Enter")
    await panel.get_by_label("Move Drums left").click()
    await until(lambda: len(daw.asked) == 5)
    assert daw.asked == [
        ("send_all", {}),
        ("marker", {}),
        ("add_channel", {"layer": "Drums", "name": "Snare"}),
        ("rename_layer", {"layer": "Vocals", "name": "Voices"}),
        ("move_layer", {"layer": "Drums", "place": 1}),
    ]


async def test_the_format_of_the_daws_time_is_a_key_that_says_how_it_stands(
    app: App, daw: Surface, screens: Open
) -> None:
    anne = await screens(DESKTOP)
    await open_console(anne.page)
    key = anne.page.locator(".panel").get_by_label("Time in beats")
    await key.click()
    await until(lambda: daw.console.values["daw/transport/beats"] is True)
    await expect(key).to_have_text("BEATS")
    daw.console.move({"daw/transport/beats": False})
    await expect(key).to_have_text("SMPTE")


async def test_a_channel_is_moved_and_deleted_from_its_channel_view(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens()
    await open_strip(anne.page, "daw/ch2", "More")
    await expect(anne.page.get_by_label("Move left")).to_be_disabled()
    await anne.page.get_by_label("Move right").click()
    await anne.page.get_by_role("button", name="Delete channel").click()
    await anne.page.get_by_role("button", name="Cancel").click()
    await until(lambda: daw.asked == [("move_channel", {"strip": "ch2", "place": 2})])
    await anne.page.get_by_role("button", name="Delete channel").click()
    await anne.page.get_by_role("button", name="Delete channel").click()
    await until(lambda: daw.asked[1:] == [("delete_channel", {"strip": "ch2"})])


async def test_two_consoles_stand_side_by_side_and_a_layer_of_the_one_is_a_tap(
    app: App, daw: Surface, screens: Open
) -> None:
    anne = await screens()
    names = anne.page.locator("rm-strip .plate b")
    for name in ("Wireless", "Vox lead"):
        await expect(names.get_by_text(name, exact=True)).to_be_visible()
    await anne.page.locator(".layers button", has_text="Vocals").click()
    await expect(names).to_have_text(["Vox", "Wireless", "Main"])
    await anne.drag("daw/main/fader", 60)
    await until(lambda: daw.console.values["daw/main/fader"])


async def test_a_mix_without_a_level_has_its_sends_under_the_faders(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens()
    assert await anne.page.locator('rm-strip[data-strip="daw/bus1"]').count() == 0
    await anne.page.locator('.mixbar [data-to="daw/bus1"]').click()
    await anne.drag("daw/ch1/send/bus1/level", 60)
    await until(lambda: daw.console.values["daw/ch1/send/bus1/level"])
    await expect(anne.page.locator(".mains rm-strip")).to_contain_text("Reverb")
    assert await anne.page.locator(".mains rm-fader").count() == 0


async def test_a_consoles_transport_has_the_keys_and_the_time_it_has(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens(PHONE)
    await anne.page.get_by_text("More", exact=True).tap()
    await anne.page.locator(".panel").get_by_text("DAW by MIDI").last.tap()
    transport = anne.page.locator(".panel rm-transport")
    await expect(transport).to_contain_text("001.02.03.040")
    await transport.get_by_label("Play").tap()
    await until(lambda: daw.console.values["daw/transport/play"] is True)
    await tells(app, daw, transport_time="001.02.04.000", transport_stop=True)
    await expect(transport).to_contain_text("001.02.04.000")
    await expect(transport.get_by_label("Stop")).to_have_attribute("aria-pressed", "true")
    await expect(transport.get_by_role("button")).to_have_count(8)


async def test_of_several_transports_the_header_shows_one_and_its_nickname_leads_to_the_next(
    tmp_path: Path, screens: Open
) -> None:
    with running(tmp_path, ("daw", "surface:"), ("tape", "surface:")) as app:
        await online(app, "daw")
        await online(app, "tape")
        anne = await screens(port=app.port)
        turn = anne.page.get_by_role("button", name="Transport of")
        play = anne.page.locator("header rm-transport").get_by_label("Play")
        await expect(turn).to_have_text("daw")
        await turn.click()
        await expect(turn).to_have_text("tape")
        await play.click()
        await until(lambda: app.desk.values["tape/transport/play"] is True)
        assert app.desk.values["daw/transport/play"] is not True
        await anne.page.reload()
        await expect(turn).to_have_text("tape")


async def test_record_and_select_are_keys_of_the_channel_view(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens(PHONE)
    await open_strip(anne.page, "daw/ch1", "More")
    for local in ("rec", "select"):
        await anne.page.locator(f'.panel .pair rm-toggle[data-path="daw/ch1/{local}"]').tap()
        await until(lambda local=local: daw.console.values[f"daw/ch1/{local}"] is True)  # type: ignore[misc]
    await expect(anne.page.locator('.bank rm-toggle[data-path="daw/ch1/rec"]')).to_have_attribute(
        "aria-pressed", "true"
    )


async def test_a_channels_own_mute_is_marked_where_it_silences_a_mix(app: App, daw: Surface, screens: Open) -> None:
    anne = await screens()
    await anne.page.locator('.mixbar [data-to="band/bus1"]').click()
    strip = anne.page.locator('rm-strip[data-strip="band/ch1"]')
    do(app, app.drivers[1].console.move, {"band/ch1/mute": True})  # type: ignore[attr-defined] # the demo console
    await expect(strip.locator(".plate")).to_contain_text("MUTED")
    do(app, app.drivers[1].console.move, {"band/ch1/send/bus1/tap": "pre_fader"})  # type: ignore[attr-defined] # as above
    await expect(strip.locator(".plate")).not_to_contain_text("MUTED")


async def test_taking_a_pan_over_is_offered_in_full(app: App, daw: Surface, screens: Open) -> None:
    anne, bob = await screens(), await screens()
    await anne.page.evaluate("document.querySelector('rm-strip').page.store.touch('band/ch2/pan')")
    pan = bob.page.locator('rm-strip[data-strip="band/ch2"] rm-pan')
    await expect(pan).to_have_attribute("data-by", re.compile("."))
    await pan.tap()
    await bob.page.wait_for_function(IN_SIGHT, arg=".take")
    await bob.page.get_by_role("button", name="Take over").tap()
    await until(lambda: app.desk.held().get("band/ch2/pan"))


async def test_each_group_of_strips_says_whose_it_is_and_a_channel_view_shows_its_strip(
    app: App, daw: Surface, screens: Open
) -> None:
    anne = await screens(PHONE)
    bands = anne.page.locator(".whose span")
    await expect(bands).to_have_text([re.compile("^daw"), re.compile("^band")], use_inner_text=True)
    await anne.page.locator(".bank").evaluate("bank => bank.scrollTo({ left: bank.scrollWidth })")
    await expect(bands.first).to_be_hidden()
    box = await bands.last.bounding_box()
    assert box
    assert box["x"] < 10
    assert box["width"] > 250
    await anne.page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await open_strip(anne.page, "band/ch1")
    await expect(anne.page.locator(".panel h2")).to_have_text(re.compile("^band · Ch 1"))
    await anne.page.wait_for_function(IN_SIGHT, arg='rm-strip[data-strip="band/ch1"][data-open]')

"""A real Ardour by OSC and a page: a finger is heard at its master, and what Ardour does is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from remote_mixer.desk.tapers import Taper
from tests.support.ardour import SINE, SINE_DB, Ardour, headless_ardour
from tests.support.browser import DESKTOP, Screen
from tests.support.running import online, running
from tests.support.waiting import until

FADER, MUTE, PAN = "daw/ch1/fader", "daw/ch1/mute", "daw/ch1/pan"
STRIP = f'rm-strip:has(rm-fader[data-path="{FADER}"])'
TRACKS, TRACK = 3, "Gesang 声"
GAIN, MUTED = (f'route("{TRACK}"):{control}_control()' for control in ("gain", "mute"))
PANNED = f'route("{TRACK}"):pan_azimuth_control()'
NEAR_DB, NEAR_SOUND_DB = 0.02, 0.3
IS_LIT = "meter => meter.querySelector('canvas').getContext('2d').getImageData(0, 0, 9999, 9999).data.some(Boolean)"


class Stage:
    """Ardour, whose first track carries a tone, a server that knows it, and a page."""

    def __init__(self, ardour: Ardour, app: App, screen: Screen) -> None:
        self.ardour, self.app, self.screen = ardour, app, screen

    @property
    def taper(self) -> Taper:
        return self.app.desk.layouts["daw"].tapers["fader"]

    @property
    def shown(self) -> float:
        """Level that the page shows for the fader, in dB."""
        position = self.app.desk.values[FADER]
        assert isinstance(position, float)
        return self.taper.to_unit(position)

    def sound(self) -> float:
        """Return the level of the left side at Ardour's master, in dB."""
        return self.ardour.number("session:master_out():peak_meter():meter_level(0, ARDOUR.MeterType.MeterPeak)")

    def gain(self) -> float:
        """Return the track's gain in Ardour as a factor."""
        return self.ardour.number(f"{GAIN}:get_value()")


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ardour]:
    with headless_ardour(tmp_path_factory.mktemp("ardour"), TRACKS, sound=SINE) as ardour:
        ardour.run(f'route("Spur 1"):set_name("{TRACK}")')
        ardour.set(f'route("{TRACK}"):to_track():monitoring_control()', 1)
        ardour.run(f'route("{TRACK}"):input():audio(0):connect("system:capture_1")')
        ardour.set(PANNED, 0)
        yield ardour


@pytest_asyncio.fixture(scope="module")
async def stage(ardour: Ardour, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    with running(tmp_path_factory.mktemp("data"), ("daw", f"ardour://127.0.0.1:{ardour.port}")) as app:
        await online(app, "daw")
        screen = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", DESKTOP, touch=True)
        yield Stage(ardour, app, screen)
        await screen.context.close()
        assert screen.faults == []


async def test_a_finger_moves_a_track_of_any_name_by_the_decibels_shown_and_is_heard_at_the_master(
    stage: Stage,
) -> None:
    screen = stage.screen
    await expect(screen.page.locator(STRIP)).to_contain_text(TRACK)
    for pixels in (-60, 40):
        before = stage.app.desk.values[FADER]
        await screen.drag(FADER, pixels)
        await until(lambda: not stage.app.desk.held() and not stage.app.hub.pending())
        assert stage.app.desk.values[FADER] != before
        await until(lambda: stage.gain() == pytest.approx(10 ** (stage.shown / 20), rel=0.01))
        await until(lambda: abs(stage.sound() - SINE_DB - stage.shown) < NEAR_SOUND_DB)
        await screen.stands_at(FADER, float(stage.app.desk.values[FADER] or 0))
        await expect(screen.page.locator(f"{STRIP} rm-readout").first).to_contain_text(f"{abs(stage.shown):.1f}")


async def test_a_fader_moved_in_ardour_stands_there_on_the_page(stage: Stage) -> None:
    stage.ardour.set(GAIN, 10 ** (-12.3 / 20))
    await stage.screen.stands_at(FADER, stage.taper.to_position(-12.3))


async def test_a_mute_goes_both_ways_and_ends_the_sound_and_the_meter(stage: Stage) -> None:
    key, meter = (stage.screen.page.locator(one) for one in (f'rm-toggle[data-path="{MUTE}"]', f"{STRIP} rm-meter"))
    lit = await meter.first.element_handle()
    await stage.screen.page.wait_for_function(IS_LIT, arg=lit)
    await key.tap()
    await until(lambda: stage.ardour.number(f"{MUTED}:get_value()") == 1)
    await until(lambda: stage.sound() < SINE_DB - 40)
    await expect(key).to_have_attribute("aria-pressed", "true")
    stage.ardour.set(MUTED, 0)
    await expect(key).to_have_attribute("aria-pressed", "false")


async def test_a_pan_dragged_on_the_page_is_ardours_and_ardours_is_the_pages(stage: Stage) -> None:
    screen, desk = stage.screen, stage.app.desk
    x, y = await screen.middle(f'rm-pan[data-path="{PAN}"]')
    await screen.touch("touchStart", (x, y))
    for step in range(1, 9):
        await screen.touch("touchMove", (x + 10 * step, y))
    await screen.touch("touchEnd")
    await until(lambda: not desk.held() and float(desk.values[PAN] or 0) > 0.2)
    await until(lambda: stage.ardour.number(f"{PANNED}:get_value()") == pytest.approx(desk.values[PAN], abs=0.011))
    stage.ardour.set(PANNED, 0)
    await expect(screen.page.locator(f'rm-pan[data-path="{PAN}"]')).to_contain_text("L100")


async def test_a_page_without_ardour_is_hatched_and_shows_what_ardour_is_once_it_is_back(stage: Stage) -> None:
    stage.ardour.set(GAIN, 0.25)
    await stage.screen.stands_at(FADER, stage.taper.to_position(-12.04))
    stage.ardour.run("session:save_state('')")
    await stage.screen.drag(FADER, 40)
    await until(lambda: not stage.app.desk.held() and stage.gain() > 0.3)
    stage.ardour.kill()
    await expect(stage.screen.page.locator(f'rm-fader[data-path="{FADER}"][data-inert]')).to_be_visible()
    await stage.screen.drag(FADER, -40)  # nothing of it is sent later
    await asyncio.to_thread(stage.ardour.start)
    await expect(stage.screen.page.locator(f'rm-fader[data-path="{FADER}"]:not([data-inert])')).to_be_visible()
    await stage.screen.stands_at(FADER, stage.taper.to_position(-12.04))
    assert stage.gain() == pytest.approx(0.25, rel=0.01)

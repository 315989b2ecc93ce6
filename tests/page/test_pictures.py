"""Pictures of the built-in engine on the page: spectrum behind the equaliser, loudness beside main, hints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import THE_SERVER, console
from tests.page.axe import LOOKS, faults, wear
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, Screen
from tests.support.running import online, running
from tests.support.waiting import until
from tests.support.warm import warm

SIZES = [PHONE, PHONE_ON_ITS_SIDE, DESKTOP]
LUFS = 'rm-strip[data-strip="band/main"] rm-lufs'
PAINTED = """() => {
  const canvas = document.querySelector("rm-spectrum canvas")
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return data.some((value, place) => place % 4 === 3 && value > 0)
}"""
OVER_FADERS = """() => {
  const hint = document.querySelector(".hint").getBoundingClientRect()
  const faders = [...document.querySelectorAll("rm-fader")].map((fader) => fader.getBoundingClientRect())
  return faders.filter(({ top, height }) => height > 0 && top < hint.bottom - 1).length
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REMOTE_MIXER_OUTPUT", "clock")
        folder = warm(Path(tmp_path_factory.mktemp("data")))
        with running(folder, ("band", "builtin:")) as app:
            yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served)
    return served


async def at(screen: Screen, place: str) -> None:
    await screen.page.evaluate("place => (location.hash = place)", place)
    await screen.page.wait_for_selector('.panel[data-name="strip"] .page')


def howl(app: App, strip: str, hz: float) -> None:
    values: dict[str, Value] = {"band/feedback/strip": strip, "band/feedback/freq": hz}
    app.loop.call_soon_threadsafe(app.desk.set, values, console("band"))


# Before the tests that share a page, which looks at the loudness too.
async def test_only_what_a_page_looks_at_is_drawn(screens: Open, app: App) -> None:
    screen = await screens()
    await at(screen, "#/strip/band/ch3/eq")
    await until(
        lambda: set(app.hub.pictures._asked.get("band", ())) == {"band/ch3", "band/ch3/spectrum", "band/main/loudness"}
    )
    await at(screen, "#/strip/band/ch4/gate")
    await until(lambda: set(app.hub.pictures._asked.get("band", ())) == {"band/ch4", "band/main/loudness"})
    await screen.page.evaluate("location.hash = '#/mix/band/bus2'")
    await until(lambda: app.hub.pictures._asked.get("band", ()) == ["band/bus2"])
    await screen.page.goto("about:blank")
    await until(lambda: not any(app.hub.pictures._asked.values()))


async def test_the_spectrum_is_drawn_behind_the_equaliser_of_the_strip_at_hand(shared_screen: Open) -> None:
    screen = await shared_screen()
    await at(screen, "#/strip/band/ch1/eq")
    await screen.page.wait_for_function(PAINTED)
    await at(screen, "#/strip/band/ch2/eq")
    await screen.page.wait_for_function(PAINTED)


@pytest.mark.parametrize("size", SIZES, ids=["phone", "side", "desktop"])
async def test_the_loudness_of_main_stands_whole_beside_its_keys_and_opens_all_of_it(
    shared_screen: Open, size: dict[str, int]
) -> None:
    screen = await shared_screen(size)
    number = screen.page.locator(f"{LUFS} b")
    await screen.page.wait_for_function(f"() => /^−\\d/.test(document.querySelector('{LUFS} b')?.textContent)")
    cut = await number.evaluate("one => one.scrollWidth > one.parentElement.clientWidth + 1")
    assert not cut
    await screen.page.locator(f"{LUFS} button").click()
    await expect(screen.page.locator("rm-loudness dt")).to_have_count(6)
    await screen.page.wait_for_function("() => /^−\\d/.test(document.querySelector('rm-loudness b').textContent)")


async def test_loudness_is_measured_anew_by_a_tap(shared_screen: Open, app: App) -> None:
    screen = await shared_screen()
    await at(screen, "#/strip/band/main/loudness")
    integrated = "document.querySelectorAll('rm-loudness b')[2].textContent"
    await screen.page.wait_for_function(f"() => /^−\\d/.test({integrated})")
    app.loop.call_soon_threadsafe(app.desk.set, {"band/transport/play": False}, THE_SERVER)
    await screen.page.wait_for_function("() => document.querySelector('rm-loudness b').textContent === '−∞'")
    await screen.page.get_by_role("button", name="Measure loudness anew").click()
    await screen.page.wait_for_function(f"() => {integrated} === '−∞'")
    app.loop.call_soon_threadsafe(app.desk.set, {"band/transport/play": True}, THE_SERVER)


@pytest.mark.parametrize("size", SIZES, ids=["phone", "side", "desktop"])
async def test_feedback_is_a_row_over_no_fader_and_its_tap_cuts_and_can_be_undone(
    shared_screen: Open, app: App, size: dict[str, int]
) -> None:
    screen = await shared_screen(size)

    def gain() -> list[object]:
        return [app.desk.values[f"band/ch5/eq/{band}/gain"] for band in (1, 2, 3, 4)]

    before = gain()
    howl(app, "ch5", 2500)
    row = screen.page.locator(".hint")
    await expect(row).to_contain_text("Feedback near 2.50 kHz on Keys?")
    assert await screen.page.evaluate(OVER_FADERS) == 0
    assert gain() == before
    await row.get_by_role("button", name="Cut 2.50 kHz").click()
    await until(lambda: app.desk.values["band/ch5/eq/2/gain"] == pytest.approx(0.3, abs=0.01))
    assert app.desk.values["band/ch5/eq/on"] is True
    await expect(row).to_be_hidden()
    howl(app, "", 0)
    await screen.page.keyboard.press("Control+z")
    await until(lambda: gain() == before)


async def test_a_hint_is_put_away_until_its_reason_comes_back(shared_screen: Open, app: App) -> None:
    screen = await shared_screen()
    howl(app, "main", 800)
    row = screen.page.locator(".hint")
    await expect(row).to_contain_text("Feedback near 800 Hz?")
    await row.get_by_role("button", name="Dismiss").click()
    await expect(row).to_be_hidden()
    howl(app, "", 0)
    howl(app, "ch1", 440)
    await expect(row).to_contain_text("on Kick?")
    howl(app, "", 0)
    await expect(row).to_be_hidden()


async def test_axe_finds_nothing_serious_on_loudness_spectrum_and_a_hint(app: App, shared_screen: Open) -> None:
    screen = await shared_screen(PHONE)
    for look in LOOKS:
        await wear(screen.page, *look)
        howl(app, "ch1", 440)
        await expect(screen.page.locator(".hint")).to_be_visible()
        assert await faults(screen.page) == [], look
        howl(app, "", 0)
        for place in ("#/strip/band/main/loudness", "#/strip/band/ch1/eq"):
            await at(screen, place)
            assert await faults(screen.page) == [], (look, place)
        await screen.page.evaluate("location.hash = '#/'")
        await expect(screen.page.locator(".panel")).to_be_hidden()

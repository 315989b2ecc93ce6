"""The mix bar: main and every mix one tap away on every screen, and somebody invited to one by a long press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, TABLET, Screen
from tests.support.running import demo_console, online
from tests.support.studio import running_studio
from tests.support.waiting import until

SMALL = {"width": 568, "height": 320}
FADER, SEND, LAST = "foh/ch1/fader", "foh/ch1/send/bus3/level", "foh/mtx2"
BOX = """() => {
    const column = document.querySelector(".bars")
    const bar = column.getClientRects().length ? column : column.querySelector(".mixbar")
    const { left, top, right, bottom } = bar.getBoundingClientRect()
    return [left, top, innerWidth - right, innerHeight - bottom]
}"""
"""Distances of the bar from the left, top, right and bottom edge of the screen."""
LIT_AT_0_DB = """keys => keys.map((key) => {
    const [meter, outer] = [key.querySelector("rm-meter"), key.getBoundingClientRect()]
    const { left, top, right, bottom } = meter.getBoundingClientRect()
    if (left < outer.left || top < outer.top || right > outer.right || bottom > outer.bottom) return 0
    const all = new Proxy([], { get: () => 0 })
    meter.draw({ levels: all, holds: all })
    const { width, height } = meter.canvas
    const alphas = meter.pen.getImageData(0, 0, width, height).data.filter((_, at) => at % 4 === 3)
    return alphas.filter(Boolean).length / width / height
})"""
"""Share of each key's meter that is lit while its mix reads 0 dB; 0 for a meter outside its key."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A console with six buses and two matrices."""
    with running_studio(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served, "foh")
    named: dict[str, Value] = {"foh/bus3/name": "Singer", "foh/bus3/color": "grey"}
    served.loop.call_soon_threadsafe(demo_console(served).move, named)
    await until(lambda: served.desk.values["foh/bus3/name"] == "Singer")
    return served


def key(screen: Screen, mix: str) -> str:
    """Return the selector of a mix's key; "" is main's."""
    return f'.mixbar [data-to="{mix}"]'


async def expect_whole_in_sight(screen: Screen, selector: str) -> None:
    """Wait until nothing hides any part of an element."""
    await screen.page.wait_for_function(
        """selector => {
          const { left, top, right, bottom } = document.querySelector(selector).getBoundingClientRect()
          return [[left, top], [right, bottom], [left, bottom], [right, top]].every(([x, y]) =>
            document.elementFromPoint((x + (left + right) * 5) / 11 , (y + (top + bottom) * 5) / 11)?.closest(selector)
            && x >= -1 && y >= -1 && x <= innerWidth + 1 && y <= innerHeight + 1)
        }""",
        arg=selector,
    )


@pytest.mark.parametrize(
    ("size", "edges"),
    [(PHONE, (0, 2, 3)), (PHONE_ON_ITS_SIDE, (0, 1, 3)), (SMALL, (0, 1, 3)), (TABLET, (0, 2)), (DESKTOP, (0, 2))],
    ids=["at the thumb", "at the left edge", "on a small phone too", "on top of a tablet", "on top of a desktop"],
)
async def test_the_bar_has_its_place_and_costs_a_phone_on_its_side_no_height(
    app: App, shared_screen: Open, size: dict[str, int], edges: tuple[int, ...]
) -> None:
    anne = await shared_screen(size)
    await anne.page.wait_for_selector(key(anne, FADER.replace("ch1/fader", "bus3")))
    distances = await anne.page.evaluate(BOX)
    assert [distances[edge] for edge in edges] == [0] * len(edges)
    heights = await anne.page.locator(".mixbar [data-to]").evaluate_all("all => all.map((one) => one.clientHeight)")
    assert min(heights) >= 44
    lit = await anne.page.locator(".mixkey").evaluate_all(LIT_AT_0_DB)
    assert len(lit) == len(heights)
    assert min(lit) > 0.5, "the small meter of each mix"


async def test_one_tap_shows_a_mix_in_its_own_colour_and_one_tap_leads_back(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await expect(anne.page.locator(key(anne, ""))).to_have_attribute("aria-current", "true")
    await anne.page.locator(key(anne, "foh/bus3")).tap()
    await anne.page.wait_for_selector(anne.fader(SEND))
    await expect(anne.page.locator("header .mix")).to_have_text("Sends toSinger")
    await expect(anne.page.locator(".mixbar [aria-current]")).to_have_text("Singer")
    await expect(anne.page.locator("body")).to_have_attribute("data-color", "orange")
    await anne.page.locator(key(anne, "")).tap()
    await anne.page.wait_for_selector(anne.fader(FADER))


async def test_a_tap_on_the_bar_shows_the_faders_that_a_panel_covers(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await anne.page.locator('.keys [data-name="messages"]').tap()
    await expect(anne.page.locator(".panel")).to_be_visible()
    await anne.page.locator(key(anne, "foh/bus3")).tap()
    await expect(anne.page.locator(".panel")).to_be_hidden()
    await anne.page.wait_for_selector(anne.fader(SEND))


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["upright", "on its side"])
async def test_of_many_mixes_the_chosen_one_is_in_sight(app: App, shared_screen: Open, size: dict[str, int]) -> None:
    anne = await shared_screen(size)
    await anne.page.evaluate("last => (location.hash = `#/mix/${last}`)", LAST)
    await expect(anne.page.locator(key(anne, LAST))).to_have_attribute("aria-current", "true")
    await expect_whole_in_sight(anne, key(anne, LAST))


async def test_a_long_press_invites_to_that_mix_and_shows_no_sends(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await anne.touch("touchStart", await anne.middle(key(anne, "foh/bus3")))
    await expect(anne.page.get_by_role("combobox", name="Mix")).to_have_value("foh/bus3")
    await anne.touch("touchEnd")
    await anne.page.get_by_role("button", name="Create QR code").tap()
    await until(lambda: [one.mix for one in app.admission.invitations()] == ["foh/bus3"])
    await expect(anne.page.locator(anne.fader(FADER))).to_have_count(1)


async def test_the_context_menu_key_invites_as_a_long_press_does(app: App, screens: Open) -> None:
    anne = await screens(touch=False)
    await anne.page.locator(key(anne, "foh/bus3")).focus()
    await anne.page.keyboard.press("Shift+F10")
    await expect(anne.page.get_by_role("combobox", name="Mix")).to_have_value("foh/bus3")


async def test_a_finger_that_scrolls_the_bar_chooses_nothing(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    x, y = await anne.middle(key(anne, "foh/bus2"))
    await anne.touch("touchStart", (x, y))
    for step in range(1, 9):
        await anne.touch("touchMove", (x - 15 * step, y))
    await anne.touch("touchEnd")
    await anne.page.wait_for_function("() => document.querySelector('.mixkeys').scrollLeft > 40")
    await expect(anne.page.locator(key(anne, ""))).to_have_attribute("aria-current", "true")

"""The bank: a finger flings it, over faders too, and the rail says whose strip a finger is on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.test_travel import resized
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, Screen
from tests.support.devices import keep_out
from tests.support.running import running

FINGER_PX, MOVES, MOVE_SECONDS = 120, 8, 0.016
AT_REST = """() => {
    const bank = document.querySelector(".bank")
    return bank.classList.contains("rolling") ? false : { left: bank.scrollLeft, each: bank.firstChild.offsetWidth }
}"""
ROLLS = "() => document.querySelector('.bank.rolling')"
LEFT = "() => document.querySelector('.bank').scrollLeft"
FRAMES = """() => new Promise((done) => {
    let left = 20
    const frame = () => (left-- ? requestAnimationFrame(frame) : done())
    frame()
})"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """More strips than any screen of these tests shows."""
    with running(tmp_path_factory.mktemp("data"), ("band", "demo:32")) as app:
        yield app


async def fling(screen: Screen, end: str = "touchEnd") -> None:
    """Move the bank by 120 px in 128 ms with a finger on a fader, by the events' own times, and end that."""
    x, y = await screen.middle(screen.fader("band/ch3/fader"))
    start = time.time() - MOVES * MOVE_SECONDS
    await screen.touch("touchStart", (x, y), at=start)
    for move in range(1, MOVES + 1):
        point = (x - FINGER_PX * move / MOVES, y)
        await screen.touch("touchMove", point, at=start + move * MOVE_SECONDS)
    await screen.touch(end, at=start + (MOVES + 0.5) * MOVE_SECONDS)


async def test_a_flung_bank_rolls_on_to_a_whole_strip_and_no_fader_moves(app: App, shared_screen: Open) -> None:
    before = {path: value for path, value in app.desk.values.items() if path.endswith("/fader")}
    anne = await shared_screen(PHONE)
    await fling(anne)
    rest = await (await anne.page.wait_for_function(AT_REST)).json_value()
    assert rest["left"] > FINGER_PX + 2 * rest["each"], "it goes on by its momentum"
    strips = rest["left"] / rest["each"]
    assert strips == pytest.approx(round(strips), abs=0.05)
    assert {path: app.desk.values[path] for path in before} == before


async def test_the_next_finger_stops_it_where_it_lands_and_then_it_comes_to_a_whole_strip(
    app: App, shared_screen: Open
) -> None:
    anne = await shared_screen(PHONE)
    await fling(anne)
    await anne.page.wait_for_function(ROLLS)
    await anne.touch("touchStart", await anne.middle(anne.fader("band/main/fader")))
    stopped = await anne.page.evaluate(LEFT)
    await anne.page.evaluate(FRAMES)
    assert await anne.page.evaluate(LEFT) == stopped
    await anne.touch("touchEnd")
    rest = await (await anne.page.wait_for_function(AT_REST)).json_value()
    assert abs(rest["left"] - stopped) <= rest["each"] / 2 + 1
    assert rest["left"] / rest["each"] == pytest.approx(round(rest["left"] / rest["each"]), abs=0.05)


@pytest.mark.parametrize("reason", ["the finger is cancelled", "the device asks for little motion"])
async def test_it_does_not_roll_when(app: App, screens: Open, reason: str) -> None:
    anne = await screens(PHONE)
    if reason == "the device asks for little motion":
        keep_out(anne.page)
        await anne.page.emulate_media(reduced_motion="reduce")
    await anne.page.evaluate(
        """() => new MutationObserver(() => (window.rolled ||= document.querySelector(".bank.rolling") !== null))
                .observe(document.querySelector(".bank"), { attributes: true })"""
    )
    await fling(anne, "touchCancel" if reason == "the finger is cancelled" else "touchEnd")
    await anne.page.wait_for_function("() => !document.querySelector('.bank.dragged')")
    await anne.page.evaluate(FRAMES)
    assert not await anne.page.evaluate("() => window.rolled")
    assert 0 < await anne.page.evaluate(LEFT) < 2 * FINGER_PX


@pytest.mark.parametrize("size", [PHONE, PHONE_ON_ITS_SIDE, DESKTOP], ids=["upright", "on its side", "desktop"])
async def test_the_rail_fits_a_finger_and_names_the_strip_below_it(
    app: App, shared_screen: Open, size: dict[str, int]
) -> None:
    anne = await shared_screen(size)
    rail, bubble = anne.page.locator(".rail"), anne.page.locator(".rail .under")
    await expect(bubble).to_be_hidden()
    box = await rail.bounding_box()
    assert box
    assert box["height"] >= 44
    x, y = box["x"] + box["width"] * 0.02, box["y"] + box["height"] / 2
    await anne.touch("touchStart", (x, y))
    await expect(bubble).to_have_text("CH 1Kick")
    await anne.touch("touchMove", (x + box["width"] * 0.96, y))
    await expect(bubble).to_be_in_viewport(ratio=1)
    await expect(bubble).to_have_text(re.compile("Mix 4$"))
    await anne.touch("touchEnd")
    await expect(bubble).to_be_hidden()


FULL_HD = {"width": 1920, "height": 1080}
IN_SIGHT = """() => {
    const { left, right } = document.querySelector(".bank").getBoundingClientRect()
    const isWhole = (box) => box.left >= left - 1 && box.right <= right + 1
    const strips = [...document.querySelectorAll(".bank rm-strip")]
    return strips.filter((strip) => isWhole(strip.getBoundingClientRect())).map((strip) => strip.dataset.strip)
}"""
CUT = """() => [...document.querySelectorAll(".bank rm-strip rm-toggle > span, .bank rm-readout span")]
    .filter((one) => one.getClientRects().length && one.scrollWidth > one.parentElement.clientWidth)
    .map((one) => one.textContent)"""
UNDER_THE_CAP = """() => [...document.querySelectorAll(".bank .tick.zero")].filter((zero) => {
    const words = document.createRange()
    words.selectNodeContents(zero)
    const cap = zero.closest("rm-fader").querySelector(".cap")
    return words.getBoundingClientRect().right > cap.getBoundingClientRect().left + 0.5
}).length"""


async def in_sight(screen: Screen, many: int) -> list[str]:
    """Wait until so many whole strips stand side by side, and return their paths."""
    await screen.page.wait_for_function(f"many => ({IN_SIGHT})().length === many", arg=many)
    return list(await screen.page.evaluate(IN_SIGHT))


async def test_a_large_screen_shows_as_many_strips_as_are_chosen_and_keys_lead_from_bank_to_bank(
    app: App, screens: Open
) -> None:
    anne = await screens(FULL_HD, touch=False)
    usual = await anne.page.evaluate(IN_SIGHT)
    assert 16 < len(usual) < 24
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/panel/settings")
    for many in (24, 16, 8):
        await anne.page.locator("fieldset", has_text="Strips in sight").get_by_text(str(many), exact=True).click()
    await anne.page.get_by_role("button", name="Close").click()
    first = await in_sight(anne, 8)
    assert first == [f"band/ch{strip}" for strip in range(1, 9)]
    await anne.page.reload()
    assert await in_sight(anne, 8) == first, "the device remembers it"
    await expect(anne.page.get_by_role("button", name="Strips before")).to_be_disabled()
    await anne.page.get_by_role("button", name="Next strips").click()
    await anne.page.wait_for_function(f"() => ({IN_SIGHT})()[0] === 'band/ch9'")
    await anne.page.get_by_role("button", name="Strips before").click()
    await anne.page.wait_for_function(f"() => ({IN_SIGHT})()[0] === 'band/ch1'")
    await anne.page.evaluate("() => localStorage.setItem('remote-mixer.density', '24')")
    await anne.page.reload()
    for size in (FULL_HD, DESKTOP):
        await resized(anne, (size["width"], size["height"]))
        await in_sight(anne, 24)
        assert await anne.page.evaluate(CUT) == []
        assert await anne.page.evaluate(UNDER_THE_CAP) == 0


async def test_the_wall_has_the_meters_of_all_strips_and_a_tap_on_one_leads_to_that_strip(
    app: App, screens: Open
) -> None:
    anne = await screens(FULL_HD)
    await anne.page.get_by_role("button", name="All meters").tap()
    await expect(anne.page.locator(".tile rm-meter")).to_have_count(32 + 4 + 1)
    await expect(anne.page).to_have_url(re.compile("#/layer/all/panel/wall$"))
    await expect(anne.page.locator(".tile").last).to_be_in_viewport(ratio=0.99)
    await anne.page.evaluate("() => localStorage.setItem('remote-mixer.layer', '\"bus\"')")
    await anne.page.goto(f"http://127.0.0.1:{app.port}/?fresh#/panel/wall")
    await anne.page.locator(".tile").nth(30).tap()
    strip = anne.page.locator('.bank rm-strip[data-strip="band/ch31"]')
    await expect(strip).to_be_in_viewport(ratio=0.99)
    await expect(strip.locator("rm-fader")).to_be_focused()
    await expect(anne.page.locator(".wall")).to_have_count(0)


async def test_the_marks_of_the_wall_stand_where_its_meters_draw_these_levels(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    await anne.page.goto(f"{anne.page.url.split('#')[0]}#/panel/wall")
    tile = anne.page.locator(".tile").first
    await expect(tile.locator(".scale span")).to_have_text(["0", "−10", "−30"])
    apart = await tile.evaluate(
        """tile => {
            const meter = tile.querySelector("rm-meter"), box = meter.getBoundingClientRect()
            return [...tile.querySelectorAll(".scale span")].map(mark => {
                const { top, height } = mark.getBoundingClientRect()
                const level = Number(mark.textContent.replace("−", "-"))
                return Math.abs(box.bottom - meter.share(level) * box.height - (top + height / 2))
            })
        }"""
    )
    assert max(apart) < 1.5


@pytest.mark.parametrize("width", [320, 390])
async def test_the_keys_beside_the_rail_and_the_names_of_sends_are_whole_on_a_narrow_phone(
    app: App, shared_screen: Open, width: int
) -> None:
    anne = await shared_screen({"width": width, "height": 568})
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    assert await anne.page.locator(".keys button[data-name]").evaluate_all(cut) == []
    ends = await anne.page.locator(".rail, .keys [data-name] span").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).flatMap(({ left, right }) => [left, right])"
    )
    assert all(after - before > 2 for before, after in pairwise(ends)), ends  # rail, Messages, More
    await anne.page.goto(f"{anne.page.url.split('#')[0]}#/strip/band/ch1/sends")
    names = anne.page.locator(".send b")
    await expect(names.first).to_be_visible()
    assert await names.evaluate_all(cut) == []

"""Faders keep their travel, and names and MUTE their place, on every screen and at every text size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from remote_mixer.app import App
from tests.page.axe import wear
from tests.page.conftest import Open
from tests.support.browser import Screen
from tests.support.running import online, running

UPRIGHT = [(320, 568), (360, 640), (360, 740), (390, 844), (447, 844)]
SIDEWAYS = [(568, 320), (667, 375), (740, 360), (844, 390)]
SIZES = [*SIDEWAYS, *UPRIGHT, (768, 1024), (820, 1180), (1024, 768), (1280, 720), (1440, 900), (1920, 1080)]
ZOOMED = [(480, 300), (823, 514), (1536, 864)]
"""A laptop at 300, 175 and 94 %."""
LEAST_PX = 120
FADERS = {"#/": "band/ch1/fader", "#/mix/band/bus1": "band/ch1/send/bus1/level"}
"""The first fader of each place."""
FAULTS = """least => {
    const faults = innerWidth > screen.width ? [`the page is ${innerWidth} px wide`] : []
    const boxOf = (element) => element.getBoundingClientRect()
    const isShown = (one) => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden"
    const shown = (elements) => [...elements].filter(isShown)
    const bank = boxOf(document.querySelector(".bank"))
    const inSight = (strip) =>
        strip.closest(".mains") || (boxOf(strip).left >= bank.left - 1 && boxOf(strip).right <= bank.right + 1)
    const words = (element) => {
        const range = document.createRange()
        range.selectNodeContents(element)
        return boxOf(range)
    }
    const isWithin = (inner, outer) => inner.width <= outer.width && inner.height <= outer.height
    const over = (one, other) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1
    const nameOf = (element) => element.className || element.localName
    const apart = (where, elements) => {
        elements.forEach((one, at) => {
            for (const other of elements.slice(at + 1))
                if (over(boxOf(one), boxOf(other))) faults.push(`${where}: ${nameOf(one)} over ${nameOf(other)}`)
        })
    }
    const header = document.querySelector("header")
    const [mix, layers] = [".mix b", ".layers"].map((part) => header.querySelector(part))
    apart("header", shown(header.children))
    if (shown([layers]).length) {
        const chosen = layers.querySelector("[aria-pressed=true]")
        for (const key of shown(layers.children))
            if (words(key).width > boxOf(key).width + 1) faults.push(`“${key.textContent}” is wider than its key`)
        if (words(chosen).right > boxOf(layers).right + 1) faults.push("the chosen layer is cut")
    }
    for (const name of shown(header.querySelectorAll("rm-consoles b")))
        if (name.scrollWidth > name.clientWidth + 1) faults.push(`“${name.textContent}” is cut`)
    if (document.body.dataset.mix && !shown([mix]).length) faults.push("nothing says whose sends these are")
    if (mix.scrollWidth > mix.clientWidth + 1) faults.push(`“${mix.textContent}” is cut in the header`)
    const isWhole = ({ right, bottom }) => right <= innerWidth + 1 && bottom <= innerHeight + 1
    const mixes = shown(document.querySelectorAll(".mixkey")).filter((key) => isWhole(boxOf(key)))
    if (mixes.length < 3) faults.push(`only ${mixes.length} mixes in sight`)
    const strips = [...document.querySelectorAll(".bay rm-strip")].filter(inSight)
    const mains = document.querySelectorAll(".mains rm-strip").length
    if (mains !== (innerWidth >= 1000 && !document.body.dataset.mix ? 2 : 1)) faults.push(`${mains} mains`)
    if (strips.length < 3) faults.push(`only ${strips.length} strips in sight`)
    apart("page", shown(document.body.children).filter((one) => one.localName !== "rm-notice"))
    apart("mixer", shown(document.querySelector(".mixer").children))
    for (const strip of strips) {
        const say = (words) => faults.push(`${strip.dataset.strip}: ${words}`)
        const part = (selector) => strip.querySelector(selector)
        const [name, mute, run] = [".plate b", ".mute", "rm-fader > .run"].map(part)
        if (run.clientHeight < least) say(`${run.clientHeight} px of travel`)
        if (shown([name, mute, run]).length < 3) say("name, MUTE or fader is not shown")
        if (boxOf(strip).bottom > innerHeight + 1 || boxOf(strip).right > innerWidth + 1) say("beyond the screen")
        if (words(name).height > boxOf(part(".plate")).height) say("its name is cut")
        if (!isWithin(words(mute.firstChild), boxOf(mute))) say("MUTE is cut")
        if (boxOf(mute).height < 28) say("MUTE is too low for a finger")
        if (words(part(".tick.zero")).right > boxOf(part(".cap")).left + 0.5) say("0 under the cap")
        apart(strip.dataset.strip, shown(strip.children))
    }
    return faults
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Two consoles: bands, console numbers and a rail all ask for height."""
    with running(tmp_path_factory.mktemp("data"), ("band", "demo:16"), ("foh", "demo:")) as app:
        yield app


async def resized(screen: Screen, size: tuple[int, int]) -> None:
    """Give the page another size, and wait until it has been drawn so."""
    await screen.page.set_viewport_size({"width": size[0], "height": size[1]})
    await screen.page.wait_for_function("([w, h]) => screen.width === w && screen.height === h", arg=list(size))
    await screen.drawn()


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("place", FADERS, ids=["main", "sends"])
async def test_a_fader_has_its_travel_and_nothing_stands_over_anything(
    app: App, shared_screen: Open, percent: int, place: str
) -> None:
    await online(app, "foh")
    anne = await shared_screen({"width": 568, "height": 320})
    await wear(anne.page, "dark", percent)
    await anne.page.evaluate("place => (location.hash = place)", place)
    await anne.page.wait_for_selector(anne.fader(FADERS[place]))
    found = {}
    for size in [*SIZES, *(ZOOMED if percent == 100 else [])]:
        await resized(anne, size)
        found[size] = await anne.page.evaluate(FAULTS, LEAST_PX)
    assert {size: faults for size, faults in found.items() if faults} == {}

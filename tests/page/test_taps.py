"""The most frequent jobs and the taps that they cost, on screens of four sizes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.shows import stand, tell
from tests.page.test_travel import resized
from tests.support.browser import PHONE, Screen
from tests.support.running import Hand, online
from tests.support.studio import running_studio
from tests.support.waiting import until

SIZES = [(390, 844), (844, 390), (568, 320), (1440, 900)]
FADER, MUTE, SOLO, GROUP = "foh/ch1/fader", "foh/ch1/mute", "foh/ch1/solo", "foh/mutegroup/1"
ONE_MUTE = {"consoles": None, "strips": ["foh/ch1"], "sections": ["mutes"]}
MIX, SEND = "foh/bus2", "foh/ch1/send/bus2/level"
FINGER_PX = 44
DISMISS = "() => document.querySelector('rm-recall:not([hidden]) [aria-label=Dismiss]:not([hidden])')?.click()"
LATER_IS_HERE = "() => customElements.get('rm-pad')"
SMALL_TARGETS = """least => [...document.querySelectorAll("header button")]
    .filter((one) => one.getClientRects().length)
    .filter((one) => one.offsetWidth < least || one.offsetHeight < least)
    .map((one) => `${one.className} ${one.ariaLabel ?? one.textContent} ${one.offsetWidth} × ${one.offsetHeight}`)"""


class Thumb:
    """A finger on one page, and how often it has landed."""

    def __init__(self, app: App, screen: Screen, bob: Hand) -> None:
        self.app, self.screen, self.page, self.taps, self._bob = app, screen, screen.page, 0, bob

    async def begin_show(self) -> None:
        """Stand before the second scene of two; both mute what stands un-muted."""
        await stand(self.app, {MUTE: False})
        scenes = await scenes_of(self._bob)
        await tell(self._bob, do="mark", scene=scenes["Doors"])
        await expect(self.page.locator(".next-scene")).to_contain_text("Ballad")

    async def tap(self, target: str | Locator) -> None:
        """Tap what is in sight now: nothing is scrolled or opened on the way."""
        locator = self.page.locator(target) if isinstance(target, str) else target
        await expect(locator).to_be_in_viewport(ratio=0.99)
        await locator.tap()
        self.taps += 1

    async def find(self, target: str | Locator) -> Locator:
        """Return a quick key; of a phone on its side they stand below the mixes: a swipe away, and no tap."""
        locator = self.page.locator(target) if isinstance(target, str) else target
        if (self.page.viewport_size or PHONE)["height"] < 481:
            await locator.scroll_into_view_if_needed()
        return locator

    async def hold(self, target: str) -> None:
        """Let the finger rest on what is in sight now."""
        await expect(self.page.locator(target)).to_be_in_viewport(ratio=0.99)
        await self.screen.touch("touchStart", await self.screen.middle(target))
        self.taps += 1

    async def flip(self, key: str, path: str) -> None:
        """Tap a key, and wait until its toggle has changed at the desk."""
        before = self.app.desk.values[path]
        await self.tap(f'{key}[data-path="{path}"]')
        await until(lambda: self.app.desk.values[path] is not before)


async def see_a_fader(thumb: Thumb) -> None:
    await expect(thumb.page.locator(thumb.screen.fader(FADER))).to_be_in_viewport(ratio=0.99)


async def mute(thumb: Thumb) -> None:
    await thumb.flip("rm-strip rm-toggle", MUTE)


async def solo(thumb: Thumb) -> None:
    await thumb.flip("rm-strip rm-toggle", SOLO)


async def see_the_sends_of_a_mix(thumb: Thumb) -> None:
    await thumb.tap(f'.mixbar [data-to="{MIX}"]')
    await expect(thumb.page.locator(thumb.screen.fader(SEND))).to_be_in_viewport(ratio=0.99)


async def go_back(thumb: Thumb) -> None:
    await see_the_sends_of_a_mix(thumb)
    thumb.taps = 0
    await thumb.tap('.mixbar [data-to=""]')
    await see_a_fader(thumb)


async def set_an_exact_value(thumb: Thumb) -> None:
    """The keys of the pad are not counted."""
    await thumb.tap(f'rm-readout[data-path="{FADER}"] button')
    whole, position = ("−20", 0.375) if float(thumb.app.desk.values[FADER] or 0) > 0.4 else ("−10", 0.5)
    await thumb.page.locator(f'rm-pad .wholes [data-key="{whole}"]').tap()
    await until(lambda: thumb.app.desk.values[FADER] == pytest.approx(position, abs=0.001))


async def see_the_eq_of_a_channel(thumb: Thumb) -> None:
    await thumb.tap('rm-strip[data-strip="foh/ch1"] .plate')
    await thumb.tap(thumb.page.get_by_role("tab", name="EQ", exact=True))
    await expect(thumb.page.locator("rm-eq")).to_be_visible()


async def close_a_mute_group(thumb: Thumb) -> None:
    await thumb.find(f'.panic rm-toggle[data-path="{GROUP}"]')
    await thumb.flip(".panic rm-toggle", GROUP)


async def see_the_scenes(thumb: Thumb) -> None:
    await thumb.tap(await thumb.find(".panic .scenes-key"))
    await expect(thumb.page.get_by_role("button", name="Save scene")).to_be_visible()


async def recall_the_next_scene(thumb: Thumb) -> None:
    """The first tap shows what would change and moves nothing; the scene mutes what stands un-muted."""
    await thumb.begin_show()
    await thumb.tap(await thumb.find(".panic .next-scene"))
    await expect(thumb.page.locator(".recall")).to_contain_text("1 change")
    assert thumb.app.desk.values[MUTE] is False
    await thumb.tap(".recall")
    await until(lambda: thumb.app.desk.values[MUTE] is True)
    await expect(thumb.page.locator(".panel")).to_be_hidden()


async def recall_another_scene(thumb: Thumb) -> None:
    """The set list goes on beside the next scene: a swipe away, and no tap."""
    await thumb.begin_show()
    scene = thumb.page.locator(".panic .one-scene", has_text="Doors")
    await scene.scroll_into_view_if_needed()
    await thumb.tap(scene)
    await expect(thumb.page.locator(".recall")).to_contain_text("1 change")
    await thumb.tap(".recall")
    await until(lambda: thumb.app.desk.values[MUTE] is True)
    await expect(thumb.page.locator(".panel")).to_be_hidden()


async def invite_to_a_mix(thumb: Thumb) -> None:
    await thumb.hold(f'.mixbar [data-to="{MIX}"]')
    await expect(thumb.page.get_by_role("combobox", name="Mix")).to_have_value(MIX)
    await thumb.screen.touch("touchEnd")
    await thumb.tap(thumb.page.get_by_role("button", name="Create QR code"))
    await expect(thumb.page.locator(".made h1")).to_be_visible()


JOBS: dict[Callable[[Thumb], Awaitable[None]], int] = {
    see_a_fader: 0,
    mute: 1,
    solo: 1,
    see_the_sends_of_a_mix: 1,
    go_back: 1,
    set_an_exact_value: 1,
    see_the_eq_of_a_channel: 2,
    close_a_mute_group: 1,
    see_the_scenes: 1,
    recall_the_next_scene: 2,
    recall_another_scene: 2,
    invite_to_a_mix: 2,
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A console with EQ, buses and mute groups."""
    with running_studio(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served, "foh")
    return served


async def start_anew(screen: Screen) -> None:
    """Go to the faders of the main mix, as the page began; without the banner of a recall, which needs room."""
    await screen.page.evaluate("() => document.querySelector('.bars').scrollTo(0, 0)")
    await screen.page.evaluate("() => (location.hash = '#/')")
    await expect(screen.page.locator(".panel")).to_be_hidden()
    await screen.page.evaluate(DISMISS)
    await expect(screen.page.locator(screen.fader(FADER))).to_be_visible()


async def scenes_of(bob: Hand) -> dict[str, int]:
    """Return the number of each scene by its name."""
    await bob.send(type="scene", id="list", do="list")
    return {scene["name"]: scene["id"] for scene in (await bob.until("scenes", id="list"))["scenes"]}


async def test_the_most_frequent_jobs_cost_few_taps(app: App, screens: Open, bob: Hand) -> None:
    await stand(app, {MUTE: True})
    for name in ("Doors", "Ballad"):
        await tell(bob, do="store", name=name, scope=ONE_MUTE)
    anne = await screens(PHONE)
    await anne.page.wait_for_function(LATER_IS_HERE)
    taps: dict[tuple[int, int], dict[str, int]] = {size: {} for size in SIZES}
    small = {}
    for size in SIZES:
        await resized(anne, size)
        await start_anew(anne)
        small[size] = await anne.page.evaluate(SMALL_TARGETS, FINGER_PX)
        for job in JOBS:
            await start_anew(anne)
            thumb = Thumb(app, anne, bob)
            await job(thumb)
            taps[size][job.__name__] = thumb.taps
    assert taps == {size: {job.__name__: most for job, most in JOBS.items()} for size in SIZES}
    assert small == {size: [] for size in SIZES}, "keys of the header that a finger misses"

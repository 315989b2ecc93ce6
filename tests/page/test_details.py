"""A strip's details, scenes and mute groups of a console that has them all, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.drivers.demo import DemoConsole
from tests.page.conftest import Open
from tests.support.browser import DESKTOP, PHONE, PHONE_ON_ITS_SIDE, TABLET, Screen, noticed
from tests.support.running import demo_console, joined, online
from tests.support.studio import TAPERS, Studio, running_studio
from tests.support.waiting import until

EQ, DYN = "foh/ch1/eq/3", "foh/ch1/dyn"
GRIP = 'rm-grip[aria-label="Band 3"]'
STANDS: dict[str, Value] = {f"{EQ}/freq": 0.7, f"{EQ}/gain": 0.5, f"{EQ}/q": 0.5, f"{DYN}/threshold": 0.6}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_studio(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served, "foh")
    await put(served, STANDS)
    return served


async def put(app: App, values: dict[str, Value]) -> None:
    """Let the console itself put params somewhere."""
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await until(lambda: all(abs_same(app.desk.values[path], value) for path, value in values.items()))


def abs_same(ours: Value, theirs: Value) -> bool:
    return abs(ours - theirs) < 0.02 if isinstance(ours, float) and isinstance(theirs, float) else ours == theirs


def number(app: App, path: str) -> float:
    value = app.desk.values[path]
    assert isinstance(value, float)
    return value


async def page_of(screen: Screen, name: str, strip: str = "ch1") -> None:
    """Open a strip's channel view at one of its pages."""
    await screen.page.locator(f'rm-strip[data-strip="foh/{strip}"] .plate').first.click()
    await turn_to(screen, name)


async def turn_to(screen: Screen, name: str) -> None:
    """Turn a strip's open channel view to one of its pages."""
    await screen.page.get_by_role("tab", name=name, exact=True).click()
    await screen.page.wait_for_selector(f'.page[data-page="{name}"]')


async def way_to(screen: Screen, view: str) -> None:
    await screen.page.locator('[data-tool="more"]:visible, .keys [data-name="more"]:visible').first.click()
    await screen.page.locator(f'[data-way-to="{view}"]').click()


async def drag(screen: Screen, selector: str, right: float, up: float) -> None:
    x, y = await screen.middle(selector)
    await screen.touch("touchStart", (x, y))
    for step in range(1, 11):
        await screen.touch("touchMove", (x + right * step / 10, y - up * step / 10))
    await screen.touch("touchEnd")


# Before the tests that share a page: levels would fall on that for eight seconds of theirs.
async def test_what_the_compressor_takes_away_is_shown(
    app: App, screens: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DemoConsole, "metering", True)
    anne = await screens()
    await page_of(anne, "Dynamics")
    await anne.page.wait_for_selector(".figure rm-reduction[data-working] >> text=/−[1-9]/")
    await anne.page.wait_for_selector('rm-strip[data-strip="foh/ch1"] rm-reduction[data-working]')


async def test_a_finger_on_a_band_moves_its_frequency_and_its_gain_on_every_page(app: App, shared_screen: Open) -> None:
    anne, bob = await shared_screen(PHONE), await shared_screen()
    await page_of(anne, "EQ")
    await page_of(bob, "EQ")
    await drag(anne, GRIP, -60, 40)
    await until(lambda: number(app, f"{EQ}/freq") < 0.62 and number(app, f"{EQ}/gain") > 0.6)
    await until(lambda: not app.desk.held())
    assert app.desk.values[f"{EQ}/q"] == pytest.approx(0.5, abs=0.02)
    hertz = TAPERS["freq"].to_unit(number(app, f"{EQ}/freq"))
    text = f"{hertz:.0f} Hz" if hertz < 999.5 else f"{hertz / 1000:.2f} kHz"
    await expect(bob.page.locator(GRIP)).to_have_attribute("aria-valuetext", re.compile(f"^{re.escape(text)}"))


async def test_a_band_never_jumps_to_the_finger_and_a_tap_moves_nothing(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await page_of(anne, "EQ")
    before = number(app, f"{EQ}/freq"), number(app, f"{EQ}/gain")
    x, y = await anne.middle(GRIP)
    await anne.touch("touchStart", (x + 12, y - 12))
    await anne.touch("touchMove", (x + 15, y - 15))
    await anne.touch("touchEnd")
    await until(lambda: not app.desk.held())
    assert (number(app, f"{EQ}/freq"), number(app, f"{EQ}/gain")) == before


async def test_a_double_tap_on_a_band_brings_it_to_0_db(app: App, shared_screen: Open) -> None:
    await put(app, {f"{EQ}/gain": 0.8})
    anne = await shared_screen(PHONE)
    await page_of(anne, "EQ")
    await anne.double_tap(GRIP)
    await until(lambda: number(app, f"{EQ}/gain") == 0.5)


async def test_the_wheel_turns_the_q_of_the_band_at_hand(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(touch=False)
    await page_of(anne, "EQ")
    await anne.page.locator(GRIP).click()
    await anne.page.mouse.wheel(0, -120)
    await until(lambda: number(app, f"{EQ}/q") > 0.51)
    await until(lambda: not app.desk.held())


@pytest.mark.parametrize(
    ("key", "local", "sign"), [("ArrowRight", "freq", 1), ("ArrowDown", "gain", -1), ("PageDown", "q", -1)]
)
async def test_keys_move_a_band(app: App, shared_screen: Open, key: str, local: str, sign: int) -> None:
    anne = await shared_screen(touch=False)
    await page_of(anne, "EQ")
    before = number(app, f"{EQ}/{local}")
    await anne.page.locator(GRIP).focus()
    await anne.page.keyboard.press(key)
    await until(lambda: sign * (number(app, f"{EQ}/{local}") - before) > 0.005)
    await until(lambda: not app.desk.held())


async def test_a_band_that_another_hand_holds_stays_and_says_whose_it_is(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await page_of(anne, "EQ")
    async with joined(app, "bob") as bob:
        await bob.send(type="hold", path=f"{EQ}/gain")
        await anne.page.wait_for_selector(f"{GRIP}[data-by]")
        before = number(app, f"{EQ}/freq")
        await drag(anne, GRIP, -60, 40)
        await anne.page.wait_for_selector(".take")
        assert number(app, f"{EQ}/freq") == before


async def test_values_stand_in_their_units_and_can_be_typed(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    await page_of(anne, "EQ")
    await anne.page.get_by_role("button", name="Band 3").click()
    readout = anne.page.locator(f'.page rm-readout[data-path="{EQ}/freq"]')
    await expect(readout).to_have_text(re.compile(r"^2\.5\d kHz$"))
    await readout.locator("button").click()
    await anne.page.keyboard.type("1.25k")
    await anne.page.keyboard.press("Enter")
    await until(lambda: abs(TAPERS["freq"].to_unit(number(app, f"{EQ}/freq")) - 1250) < 25)


async def test_the_threshold_is_dragged_on_its_curve(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await page_of(anne, "Dynamics")
    await drag(anne, 'rm-grip[aria-label="Threshold"]', -70, 0)
    await until(lambda: number(app, f"{DYN}/threshold") < 0.45)


async def test_a_choice_is_one_tap_and_a_long_one_a_list(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await page_of(anne, "Dynamics")
    await anne.page.get_by_label("Ratio").select_option("10")
    await until(lambda: app.desk.values[f"{DYN}/ratio"] == "10")
    await anne.page.locator('[data-choice="exp"]').tap()
    await until(lambda: app.desk.values[f"{DYN}/mode"] == "exp")
    await anne.page.wait_for_selector('[data-choice="exp"][aria-pressed="true"]')


async def test_a_strip_joins_a_group_by_its_name(app: App, shared_screen: Open) -> None:
    anne = await shared_screen(PHONE)
    await page_of(anne, "Groups", "ch2")
    await anne.page.get_by_role("button", name="Drums", exact=True).tap()
    await until(lambda: app.desk.values["foh/ch2/dca/1"] is False)


async def test_a_strip_silenced_by_a_group_is_told_apart_from_one_muted_by_hand(app: App, shared_screen: Open) -> None:
    anne, bob = await shared_screen(PHONE), await shared_screen()
    grouped = 'rm-strip[data-strip="foh/ch1"][data-grouped]'
    await way_to(anne, "mutes")
    await anne.page.locator(".panel").get_by_role("button", name="Mute 1", exact=True).tap()
    await until(lambda: app.desk.values["foh/mutegroup/1"] is True)
    await bob.page.wait_for_selector(f'{grouped} .mute[aria-pressed="false"]')
    await anne.page.locator(".panel").get_by_role("button", name="Mute 1", exact=True).tap()
    await bob.page.wait_for_selector(grouped, state="detached")


async def test_a_control_that_acts_on_nothing_is_dim_and_says_why(app: App, shared_screen: Open) -> None:
    gain = 'rm-fader[data-path="foh/ch1/gain"]'
    anne = await shared_screen()
    await page_of(anne, "Input")
    await anne.page.wait_for_selector(f"{gain}:not([data-idle])")
    await put(app, {"foh/ch1/gain/idle": "USB plays"})
    await anne.page.wait_for_selector(f"{gain}[data-idle]")
    await anne.page.wait_for_selector("p.idle:visible >> text=Gain: USB plays")
    await put(app, {"foh/ch1/gain/idle": ""})
    await anne.page.wait_for_selector(f"{gain}:not([data-idle])")
    await anne.page.wait_for_selector("p.idle:visible", state="detached")


async def test_a_muted_dca_marks_its_strips(app: App, shared_screen: Open) -> None:
    grouped = 'rm-strip[data-strip="foh/ch1"][data-grouped]'
    anne = await shared_screen()
    await put(app, {"foh/dca1/mute": True})
    await anne.page.wait_for_selector(grouped)
    await put(app, {"foh/dca1/mute": False})
    await anne.page.wait_for_selector(grouped, state="detached")


async def test_a_recall_asks_first(app: App, shared_screen: Open) -> None:
    studio = app.drivers[0]
    assert isinstance(studio, Studio)
    studio.recalled.clear()
    anne = await shared_screen(PHONE)
    await way_to(anne, "scenes")
    await anne.page.locator("text=Encore").tap()
    await anne.page.get_by_role("button", name="Cancel").tap()
    await anne.page.locator("text=Encore").tap()
    assert studio.recalled == []
    await anne.page.get_by_role("button", name="Recall 7").tap()
    await anne.page.wait_for_selector(".scenes [aria-current] >> text=Encore")
    assert studio.recalled == [7]


async def test_a_scene_recalled_elsewhere_leaves_a_mark_until_somebody_looks(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    await put(app, {"foh/scene/current": 2.0})
    await put(app, {"foh/scene/current": 4.0})
    await noticed(anne.page, "scene 4, Ballads")
    await anne.page.wait_for_selector("html[data-moved]")
    await way_to(anne, "scenes")
    await anne.page.wait_for_selector(".scenes [aria-current] >> text=changed elsewhere")
    await anne.page.get_by_role("button", name="Close").click()
    await anne.page.wait_for_selector("html:not([data-moved])")


@pytest.mark.parametrize(
    "size", [PHONE, PHONE_ON_ITS_SIDE, TABLET, DESKTOP], ids=["phone", "side", "tablet", "desktop"]
)
async def test_every_page_fits_the_width_of_the_panel(app: App, shared_screen: Open, size: dict[str, int]) -> None:
    anne = await shared_screen(size)
    await page_of(anne, "Input")
    wider = "b => b.scrollWidth - b.clientWidth"
    too_wide = []
    for name in ("Input", "EQ", "Gate", "Dynamics", "Sends", "Groups", "Name", "More"):
        await turn_to(anne, name)
        if await anne.page.locator(".panel .body").evaluate(wider) > 0:
            too_wide.append(name)
    assert too_wide == []


async def test_an_address_leads_to_a_page_of_a_strip_and_a_tab_is_in_the_address(app: App, shared_screen: Open) -> None:
    anne = await shared_screen()
    await anne.page.goto(f"http://127.0.0.1:{app.port}/#/strip/foh/ch1/eq")
    await anne.page.wait_for_selector('.page[data-page="EQ"]')
    await turn_to(anne, "Sends")
    await expect(anne.page).to_have_url(re.compile("/strip/foh/ch1/sends$"))

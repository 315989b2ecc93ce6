"""What a musician asks for, on their own page and before the sound crew's eyes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from remote_mixer.app import App
from tests.page.conftest import Open
from tests.page.entering import on_loop
from tests.page.mine import KICK, MASTER, SNARE, Musician, db, decide, push, put
from tests.support.browser import DESKTOP, PHONE, TABLET
from tests.support.waiting import until


@pytest_asyncio.fixture(autouse=True)
async def nothing_is_left_waiting(app: App) -> AsyncIterator[None]:
    yield
    for request in app.requests.open_ones():
        await on_loop(app, app.requests.decline(request.id, "Test"))


async def test_what_is_only_asked_for_does_not_move_and_is_granted_by_the_crew(
    app: App, musician: Musician, shared_screen: Open
) -> None:
    await decide(app, sends="ask")
    ann, crew = await musician(), await shared_screen(DESKTOP, touch=False)
    await push(ann, KICK, 60, tag="rm-ask")
    await crew.page.wait_for_selector(".tray >> text=more, from Ann")
    await ann.page.wait_for_selector('[data-strip="band/ch1"] >> text=more: seen')
    assert app.desk.values[KICK] == 0.5
    await crew.page.locator(".tray >> text=+2 dB").click()
    await until(lambda: db(app, KICK) == -8.0)
    await ann.page.wait_for_selector('[data-strip="band/ch1"] >> text=+2 dB, done')
    await crew.page.wait_for_selector(".tray", state="hidden")


async def test_a_quick_ask_opens_that_mix_at_the_crew_with_the_ask_on_its_fader(
    app: App, musician: Musician, shared_screen: Open
) -> None:
    await put(app, {"band/ch8/name": "Click"})
    ann, crew = await musician(), await shared_screen(DESKTOP, touch=False)
    quick = ann.page.locator("rm-quick")
    await expect(quick.locator("b")).to_have_text(["Too loud", "I hear nothing", "More click", "Less of all"])
    await quick.get_by_text("Too loud").tap()
    await crew.page.locator(".tray .asks", has_text="Anna, whole mix").click()
    asked = crew.page.locator(crew.fader(MASTER))
    await expect(asked.locator(".asked")).to_have_text("▼ Ann: too loud")
    await expect(crew.page.locator("header .mix")).to_contain_text("Anna")
    await expect(quick.locator("[data-open]")).to_have_text("Too loudseen")
    await crew.page.locator(".tray >> text=−2 dB").click()
    await until(lambda: db(app, MASTER) == -2.0)
    await expect(quick.get_by_text("−2 dB, done")).to_be_visible()
    await expect(crew.page.locator("[data-asked]")).to_have_count(0)
    await put(app, {"band/ch8/name": "Vox 2", MASTER: 0.75})


async def test_the_crew_answers_in_words(app: App, musician: Musician, shared_screen: Open) -> None:
    await decide(app, sends="ask")
    ann, crew = await musician(), await shared_screen(PHONE)
    await ann.page.locator('[data-strip="band/ch1"] >> button.ask >> nth=0').tap()
    await crew.page.locator(".tray button.answer").tap()
    await crew.page.get_by_label("Reply").fill("After this song")
    await crew.page.keyboard.press("Enter")
    await ann.page.wait_for_selector('[data-strip="band/ch1"] >> text=“After this song”')


async def people_ask(app: App, musician: Musician, *channels: int) -> None:
    """Let people, who may only ask, ask for more of a channel each."""
    await decide(app, sends="ask")
    for channel in channels:
        ann = await musician(TABLET)
        await ann.page.locator(f'[data-strip="band/ch{channel}"] >> button.ask >> nth=1').tap()
        await ann.page.wait_for_selector(f'[data-strip="band/ch{channel}"] >> text=more:')


async def test_a_double_tap_on_an_answer_answers_no_second_request(
    app: App, musician: Musician, shared_screen: Open
) -> None:
    await people_ask(app, musician, 1, 2)
    crew = await shared_screen(DESKTOP)
    place = await crew.middle(".tray >> text=+2 dB")
    for _ in range(2):
        await crew.touch("touchStart", place)
        await crew.touch("touchEnd")
    await until(lambda: db(app, KICK) == -8.0)
    await crew.page.wait_for_selector(".tray >> text=Snare in Anna")
    assert db(app, SNARE) == -10.0
    assert await crew.page.locator("rm-notice p").count() == 0
    await crew.page.locator(".tray >> text=Decline").tap()
    await crew.page.wait_for_selector(".tray", state="hidden")


async def test_nothing_moves_in_the_list_of_requests_while_it_is_open(
    app: App, musician: Musician, shared_screen: Open
) -> None:
    await people_ask(app, musician, 1, 2)
    crew = await shared_screen(PHONE)
    await crew.page.locator(".tray button.answer").tap()
    rows = crew.page.locator(".requests li")
    before = [await rows.nth(at).bounding_box() for at in range(2)]
    await crew.page.get_by_label("Reply").nth(1).fill("Soon")
    await people_ask(app, musician, 3)
    await crew.page.wait_for_selector(".requests >> text=Hats in Anna")
    await rows.filter(has_text="Kick").get_by_text("+2 dB").tap()
    await crew.page.wait_for_selector(".requests >> text=+2 dB, done")
    assert [await rows.nth(at).bounding_box() for at in range(2)] == before
    assert await crew.page.get_by_label("Reply").nth(1).input_value() == "Soon"
    for name in ("Snare", "Hats"):
        await rows.filter(has_text=name).get_by_text("Decline").tap()
    await crew.page.wait_for_selector('[data-tool="requests"][data-unread]', state="detached")


async def test_a_push_that_the_page_cuts_short_asks_for_nothing(app: App, musician: Musician) -> None:
    await decide(app, sends="ask")
    ann = await musician()
    await push(ann, KICK, 60, tag="rm-ask", lift=False)
    await decide(app, sends="ask", mute="look")
    await ann.page.wait_for_selector('.mute-mine[data-may="look"]')
    await ann.touch("touchEnd")
    await push(ann, SNARE, 60, tag="rm-ask")
    await until(lambda: [one.path for one in app.requests.open_ones()] == [SNARE])

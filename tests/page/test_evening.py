"""An evening of three: the host at the computer, an engineer by PIN, a musician by a code, each in a real browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from remote_mixer.app import App
from remote_mixer.desk.tapers import FADER
from tests.page.entering import Visit, come_in, invitation, visitors
from tests.support.browser import DESKTOP, Screen
from tests.support.devices import keep_out
from tests.support.running import demo_console, online, running
from tests.support.waiting import until

SEND, ELSEWHERE, MAIN = "band/ch1/send/bus1/level", "band/ch1/send/bus2/level", "band/main/fader"
COUNT_TAPS = "sessionStorage.taps ??= 0; addEventListener('pointerdown', () => sessionStorage.taps++, true)"
# What a musician's page could be made to do: its own cookie, its own link, somebody else's faders.
PATCHED = """async (paths) => {
  const link = new WebSocket(`ws://${location.host}/ws`)
  const heard = []
  link.onmessage = ({ data }) => typeof data === "string" && heard.push(JSON.parse(data))
  await new Promise((done) => (link.onopen = done))
  link.send(JSON.stringify({ type: "hello", protocol: 1, client: "patched", name: "Engineer" }))
  const value = (path) => path.endsWith("/mute") || 1
  paths.forEach((path, id) => link.send(JSON.stringify({ type: "set", id, values: { [path]: value(path) } })))
  paths.forEach((path) => link.send(JSON.stringify({ type: "hold", path, take: true })))
  const refused = () => heard.filter(({ type }) => type === "error")
  while (refused().length < 2 * paths.length) await new Promise((next) => setTimeout(next, 10))
  link.close()
  return refused().map(({ code }) => code)
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), trust_local=False) as app:
        yield app


@pytest_asyncio.fixture
async def visit(browser: Browser, app: App) -> AsyncIterator[Visit]:
    async with visitors(browser, app) as visit:
        yield visit


@pytest_asyncio.fixture
async def host(app: App, visit: Visit) -> Page:
    """The window of a computer that trusts nobody for where they sit: it comes in by a code of its own."""
    page = await visit(await invitation(app, "host", ""), DESKTOP)
    await come_in(page, "Hanna")
    return page


async def open_panel(page: Page, row: str) -> None:
    await page.locator('[data-tool="more"]:visible, .keys [data-name="more"]:visible').first.click()
    await page.locator(".panel").get_by_text(row).click()


async def make_code(page: Page) -> str:
    """Have the host make a code for a musician of the first mix; return what stands behind the # of its address."""
    drawn: list[str] = []
    keep_out(page)
    page.on("request", lambda one: drawn.append(one.post_data or "") if one.url.endswith("/qr") else None)
    await open_panel(page, "connected, your name")
    await page.get_by_text("Invite someone").click()
    await page.get_by_role("button", name="Create QR code").click()
    await page.wait_for_function("() => document.querySelector('img.qr')?.naturalWidth > 0")
    return "#" + str(json.loads(drawn[0])["text"]).partition("#")[2]


async def engineer_by_pin(app: App, visit: Visit) -> Page:
    page = await visit("", DESKTOP)
    await page.get_by_label("Your name").fill("Eve")
    await page.get_by_label("PIN").fill(app.admission.pin or "")
    await page.get_by_role("button", name="Join", exact=True).click()
    await page.wait_for_selector("rm-strip")
    return page


async def put(app: App, values: dict[str, Any]) -> None:
    """Let the console itself put params somewhere."""
    app.loop.call_soon_threadsafe(demo_console(app).move, values)
    await until(lambda: app.desk.values.items() >= values.items())


async def push(musician: Screen, pixels: float, tag: str = "rm-fader") -> None:
    x, y = await musician.middle(f'{tag}[data-path="{SEND}"]')
    await musician.touch("touchStart", (x, y))
    for step in range(1, 11):
        await musician.touch("touchMove", (x + pixels * step / 10, y))
    await musician.touch("touchEnd")


def level(app: App, path: str) -> float:
    return FADER.to_unit(float(app.desk.values[path] or 0))


async def test_an_evening_of_three_from_the_code_to_the_goodbye(app: App, visit: Visit, host: Page) -> None:
    await online(app)
    await put(app, {SEND: 0.5, ELSEWHERE: 0.5, MAIN: 0.5})
    engineer = await engineer_by_pin(app, visit)

    # From the code to the own mix: the name field, and one button.
    page = await visit(await make_code(host))
    await page.evaluate(COUNT_TAPS)
    await page.get_by_label("Your name").tap()
    await page.keyboard.type("Ann")
    await page.get_by_role("button", name="Join", exact=True).tap()
    await page.wait_for_selector(f'rm-fader[data-path="{SEND}"]')
    assert await page.evaluate("Number(sessionStorage.taps)") == 2
    musician = Screen(page, await page.context.new_cdp_session(page), [])

    # An own send moves, and nothing else can be moved, whatever the page is made to say.
    await push(musician, 40)
    await until(lambda: float(app.desk.values[SEND] or 0) > 0.5)
    assert set(await page.evaluate(PATCHED, [ELSEWHERE, MAIN, "band/ch1/mute", "band/bus2/fader"])) == {"forbidden"}
    assert (app.desk.values[ELSEWHERE], app.desk.values[MAIN]) == (0.5, 0.5)

    # Where only the crew moves, a push asks, and the answer moves the fader.
    await host.get_by_role("button", name="Back").click()
    await ask_only(host)
    await page.wait_for_selector(f'rm-ask[data-path="{SEND}"]')
    before = level(app, SEND)
    await push(musician, 60, "rm-ask")
    await engineer.get_by_role("button", name="Give +2 dB").click()
    await until(lambda: abs(level(app, SEND) - before - 2) < 0.1)
    await expect(page.locator(f'rm-line:has([data-path="{SEND}"])')).to_contain_text("+2 dB, done")

    # And out, at once, on the open page.
    await remove(host, "Ann")
    await expect(page.get_by_role("heading", name="Join the mixer")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Join the mixer")).to_be_visible()
    assert await page.locator("rm-fader").count() == 0


async def ask_only(host: Page) -> None:
    """Let musicians of the first mix ask for their sends."""
    answer = await host.evaluate(
        """async () => {
          const policy = { grants: { "band/bus1": { musician: { sends: "ask", fader: "move", mute: "move" } } } }
          const headers = { "Content-Type": "application/json" }
          return (await fetch("/api/v1/policy", { method: "PUT", headers, body: JSON.stringify(policy) })).status
        }"""
    )
    assert answer == 200


async def remove(host: Page, name: str) -> None:
    await host.locator('.panel[data-name="people"] .people li', has_text=name).first.click()
    await host.get_by_role("button", name="Remove").click()
    await host.get_by_role("button", name="Remove").click()

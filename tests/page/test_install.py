"""https in a real browser: who trusts the mixer and who does not is told, and the page that says "reconnecting"."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from remote_mixer.app import App
from remote_mixer.sockets import HttpsOptions
from remote_mixer.tls.authority import authority_file
from tests.support.browser import PATIENCE_MS, PHONE, chromium
from tests.support.complete import need
from tests.support.running import online, running


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    """The home of a person who took the steps: the browser finds the mixer's authority in it."""
    need(shutil.which("certutil"), "certutil (libnss3-tools) is not installed")
    with running(data, https=HttpsOptions(0)):
        authority = authority_file(data)
    home = tmp_path_factory.mktemp("home")
    (home / ".pki" / "nssdb").mkdir(parents=True)
    for what in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "mixer", "-i", str(authority)]):
        subprocess.run(["certutil", "-d", f"sql:{home}/.pki/nssdb", *what], check=True, timeout=30)
    return home


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def trusting(home: Path) -> AsyncIterator[Browser]:
    async with chromium(home) as browser:
        yield browser


@pytest.fixture
def app(data: Path) -> Iterator[App]:
    with running(data, https=HttpsOptions(0)) as app:
        yield app


def secure(app: App) -> str:
    return app.addresses()[0].secure_url


@asynccontextmanager
async def phone(browser: Browser, *, careless: bool = False) -> AsyncIterator[Page]:
    """A phone that has never been here; a careless one goes past warnings."""
    size: ViewportSize = {"width": PHONE["width"], "height": PHONE["height"]}
    context = await browser.new_context(viewport=size, has_touch=True, is_mobile=True, ignore_https_errors=careless)
    yield await context.new_page()
    await context.close()


async def test_a_device_that_trusts_the_mixer_is_told_so_and_led_to_https(trusting: Browser, app: App) -> None:
    await online(app)
    async with phone(trusting) as page:
        await page.goto(f"http://127.0.0.1:{app.port}/tls")
        await page.wait_for_selector('#test[data-result="trusted"] b:visible', timeout=PATIENCE_MS)
        await page.click("text=Open the mixer by https")
        await page.wait_for_selector('[data-link="online"]', state="attached", timeout=PATIENCE_MS)
        assert page.url.partition("#")[0] == secure(app)
        assert await page.evaluate("isSecureContext")


async def test_a_device_that_does_not_is_told_so_with_its_own_steps_first(browser: Browser, app: App) -> None:
    async with phone(browser) as page:
        await page.goto(f"http://127.0.0.1:{app.port}/tls")
        await page.wait_for_selector('#test[data-result="strange"] p:visible', timeout=PATIENCE_MS)
        await expect(page.locator("details").first).to_have_attribute("data-system", "linux")
        await expect(page.locator("details[open]")).to_have_count(1)
        await expect(page.locator('[data-fill="title"]:visible').first).to_contain_text("Remote Mixer on ")
        async with page.expect_download() as download:
            await page.click("text=Download the certificate >> nth=0")
        assert (await download.value).suggested_filename == "remote-mixer-ca.crt"


async def test_a_device_that_went_past_the_warning_is_told_that_it_does_not_trust_the_mixer(
    browser: Browser, app: App
) -> None:
    async with phone(browser, careless=True) as page:
        await page.goto(f"{secure(app)}tls")
        await page.wait_for_selector("#test:not([data-result=testing])", timeout=PATIENCE_MS)
        await expect(page.locator("#test")).to_have_attribute("data-result", "strange")


async def test_without_https_the_page_says_how_to_have_it(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path) as app:
        async with phone(browser) as page:
            await page.goto(f"http://127.0.0.1:{app.port}/tls")
            await page.wait_for_selector("text=Start it with --tls", timeout=PATIENCE_MS)
            assert not await page.locator("#steps").is_visible()


async def test_a_mixer_that_is_away_is_waited_for_and_an_old_one_never_shown(trusting: Browser, data: Path) -> None:
    with running(data, https=HttpsOptions(0)) as app:
        await online(app)
        url, port = secure(app), app.port
        async with phone(trusting) as page:
            await page.goto(url)
            await page.evaluate("navigator.serviceWorker.ready")
            assert await page.evaluate("caches.keys()") == []
            app.stop()
            await page.reload()
            await page.wait_for_selector("text=Reconnecting to the mixer", timeout=PATIENCE_MS)
            assert await page.locator("rm-fader").count() == 0
            with running(data, port=port, https=HttpsOptions(urlsplit(url).port or 0)):
                await page.wait_for_selector("rm-fader", timeout=PATIENCE_MS)
                await page.wait_for_selector('[data-link="online"]', state="attached", timeout=PATIENCE_MS)


async def test_by_http_nothing_is_installed(browser: Browser, app: App) -> None:
    async with phone(browser) as page:
        await page.goto(f"http://127.0.0.1:{app.port}/")
        await page.wait_for_selector('[data-link="online"]', state="attached", timeout=PATIENCE_MS)
        assert await page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


async def test_chromium_finds_the_page_fit_to_be_installed(trusting: Browser, app: App) -> None:
    async with phone(trusting) as page:
        await page.goto(secure(app))
        await page.evaluate("navigator.serviceWorker.ready")
        link = await page.context.new_cdp_session(page)
        told = await link.send("Page.getAppManifest")
        assert (told["errors"], told["url"]) == ([], f"{secure(app)}app.webmanifest")
        faults = (await link.send("Page.getInstallabilityErrors"))["installabilityErrors"]
        assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []


async def test_by_https_the_screen_is_kept_awake_by_one_lock_and_let_sleep_when_asked(
    trusting: Browser, app: App
) -> None:
    count = """() => {
        window.locks = { taken: 0, released: 0 }
        const request = WakeLock.prototype.request
        WakeLock.prototype.request = async function (kind) {
          const lock = await request.call(this, kind)
          window.locks.taken++
          lock.addEventListener("release", () => window.locks.released++)
          return lock
        }
      }"""
    async with phone(trusting) as page:
        await page.add_init_script(f"({count})()")
        await page.goto(secure(app))
        await page.wait_for_function("() => window.locks.taken === 1", timeout=PATIENCE_MS)
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.locator("text=More >> nth=-1").tap()
        await page.locator("button.row:has-text('Settings')").tap()
        await page.wait_for_selector("text=The screen stays on")
        await page.get_by_role("button", name="Off", exact=True).tap()
        await page.wait_for_function("window.locks.released === 1", timeout=PATIENCE_MS)
        assert await page.evaluate("window.locks.taken") == 1

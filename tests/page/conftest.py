"""One browser for all tests of the page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeAlias

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from remote_mixer.drivers.demo import DemoConsole
from remote_mixer.simulator import signals
from tests.page.mine import Musician, musicians
from tests.page.shared_device import SharedDevice
from tests.page.shows import engineer, keep_ballad
from tests.support.browser import DESKTOP, PATIENCE_MS, WITHOUT_WINDOWS, Screen, chromium
from tests.support.running import Hand, online, running
from tests.support.waiting import until

Open = Callable[..., Awaitable[Screen]]
Devices: TypeAlias = dict[tuple[bool, int], SharedDevice]
"""By whether they have a touch screen, and by how many of those a test has asked for before."""

expect.set_options(timeout=PATIENCE_MS)


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(programs=WITHOUT_WINDOWS) as browser:
        yield browser


@pytest.fixture(scope="module", autouse=True)
def band_rests() -> Iterator[None]:
    """Keep meters still: drawing them takes half of the processor's time of a test that is about something else.

    Between the tests of a file too, for one frame of levels takes eight seconds to fall on a page that stays open.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DemoConsole, "metering", False)
        patch.setattr(signals, "INPUT_DB", signals.SILENCE)
        yield


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served)
    return served


@pytest_asyncio.fixture
async def screens(browser: Browser, app: App) -> AsyncIterator[Open]:
    """Open the page on as many devices as a test wants; none of them may have complained at the end."""
    opened: list[Screen] = []

    async def open_screen(
        size: dict[str, int] = DESKTOP, *, touch: bool = True, port: int = 0, host: str = "127.0.0.1"
    ) -> Screen:
        url = f"http://{host}:{port or app.port}/"
        screen = await Screen.open(browser, url, size, touch=touch)
        opened.append(screen)
        await screen.link("online")
        return screen

    yield open_screen
    for screen in opened:
        await screen.leave()
    assert [fault for screen in opened for fault in screen.faults] == []


@pytest_asyncio.fixture(scope="module")
async def devices() -> AsyncIterator[Devices]:
    """Devices whose page stays open for all tests of a file."""
    devices: Devices = {}
    yield devices
    for device in devices.values():
        await device.screen.leave()


@pytest_asyncio.fixture
async def shared_screen(
    browser: Browser, app: App, devices: Devices, request: pytest.FixtureRequest
) -> AsyncIterator[Open]:
    """Give a test the page that the last one of its file left, as it was opened: a page costs most of a short test.

    For tests that leave the device nothing but settings and a place on the page; after a failure a fresh one is opened.
    """
    used: list[tuple[bool, int]] = []
    failed = request.session.testsfailed

    async def lend(size: dict[str, int] = DESKTOP, *, touch: bool = True) -> Screen:
        device = touch, sum(one[0] is touch for one in used)
        used.append(device)
        if device not in devices:
            devices[device] = await SharedDevice.open(browser, f"http://127.0.0.1:{app.port}/", size, touch=touch)
        await devices[device].begin(size)
        return devices[device].screen

    yield lend
    await until(lambda: not app.desk.held())  # what a lifted finger still sends would come over the next test's values
    if request.session.testsfailed > failed:
        for device in used:
            await devices.pop(device).screen.context.close()
    else:
        assert [fault for device in used for fault in devices[device].screen.faults] == []


@pytest_asyncio.fixture
async def musician(browser: Browser, app: App) -> AsyncIterator[Musician]:
    """Walk people into their own mix, each by an invitation."""
    async with musicians(browser, app) as musician:
        yield musician


@pytest_asyncio.fixture
async def bob(app: App) -> AsyncIterator[Hand]:
    """Another engineer, who finds no scene, no safe and no recall under way."""
    async with engineer(app) as bob:
        yield bob


@pytest_asyncio.fixture
async def ballad(app: App, bob: Hand) -> int:
    """Scene “1 Ballad” of THERE, while the console stands at HERE."""
    return await keep_ballad(app, bob)

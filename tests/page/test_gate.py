"""The gate: Firefox, WebKit and Chromium each join, drag, sleep and wake, and go back and forward."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from remote_mixer.app import App
from tests.page.mine import put
from tests.support.browsers import BROWSERS, Visitor
from tests.support.running import FADER, online, running
from tests.support.waiting import until

CAP = f'rm-fader[data-path="{FADER}"]'
ONLINE = '[data-link="online"]'
POSITION = "return Number(getComputedStyle(document.querySelector(arguments[0])).getPropertyValue('--position'))"


async def join(visitor: Visitor, name: str, pin: str) -> None:
    """Join by name and PIN, as a finger and a keyboard do."""
    await visitor.sees(".joining [name=name]")
    visitor.drag("[name=name]")
    visitor.type(name)
    visitor.drag("[name=pin]")
    visitor.type(pin)
    visitor.drag(".joining .go")


async def shows(visitor: Visitor, position: float) -> None:
    """Wait until the page is in and its first fader stands at a position."""
    await visitor.sees(ONLINE)
    await until(lambda: visitor.run(POSITION, CAP) == pytest.approx(position, abs=0.002))


async def drags(visitor: Visitor, app: App, pixels: int) -> None:
    """Drag the first fader once it shows the truth, and wait until desk and page agree on where it stands now."""
    await online(app)
    before = float(app.desk.values[FADER] or 0)
    await shows(visitor, before)
    visitor.drag(CAP, pixels)
    await until(lambda: (float(app.desk.values[FADER] or 0) - before) * pixels > 0 and not app.desk.held())
    await shows(visitor, float(app.desk.values[FADER] or 0))


def is_alone(app: App, name: str) -> bool:
    """Whether one page is open, and its person is the only one who has ever joined."""
    here = [client.caller.name for client in app.hub.clients]
    return here == [name] and [person.name for person in app.admission.people()] == [name]


@pytest.mark.slow
@pytest.mark.parametrize("browser", BROWSERS)
async def test_each_browser_joins_drags_sleeps_and_wakes_and_goes_back_and_forward(
    browser: str, tmp_path: Path
) -> None:
    def serve(port: int = 0) -> App:
        return server.enter_context(running(tmp_path / "data", port=port, trust_local=False))

    profile = tmp_path / "profile"
    profile.mkdir()
    with ExitStack() as server:
        async with BROWSERS[browser](profile) as visitor:
            app = serve()
            address = f"http://127.0.0.1:{app.port}/"
            visitor.open(address)
            await join(visitor, "Anne", str(app.admission.pin))
            await drags(visitor, app, 60)

            with visitor.asleep():
                server.close()
                app = serve(app.port)
                await online(app)
                await put(app, {FADER: 0.6})
            await shows(visitor, 0.6)
            await drags(visitor, app, -60)

            visitor.open(f"{address}why")
            await until(lambda: not app.hub.clients)
            visitor.back()
            await drags(visitor, app, 40)
            visitor.forward()
            await until(lambda: not app.hub.clients)
            visitor.back()
            await drags(visitor, app, -40)
            await until(lambda: is_alone(app, "Anne"))

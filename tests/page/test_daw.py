"""The built-in engine and a real mixer over MIDI side by side on one page: a finger is heard at the mixer's output."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Browser

from remote_mixer.app import App
from tests.drivers.midi_cc.mix_box import mix_box
from tests.support.browser import DESKTOP, MIDDLE, Screen
from tests.support.complete import need
from tests.support.jack import jack_server
from tests.support.level_meter import LevelMeter
from tests.support.running import online, running
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.support.warm import warm

FADER = "daw/ch1/fader"
NEAR, NEAR_DB = 0.002, 0.3
DRAGS = (-60, 20, 20, 20)
SETTLE_SECONDS = 3.0
MAP = """
[ports]
input = "box:midi out"
output = "box:midi in"
[[layers]]
name = "Playback"
[[layers.channels]]
name = "Tone"
fader = { cc = 7, law = { linear = [-70, 0] } }
"""


IN_SIGHT = f"(fader) => {{ fader.scrollIntoView({{ inline: 'center' }}); return ({MIDDLE})(fader) }}"
"""Scrolls to a fader, and again where the page was laid out anew meanwhile; returns whether a finger would reach it."""


def shown(app: App) -> float:
    """Return what the page shows for the fader, in dB."""
    position = app.desk.values[FADER]
    assert isinstance(position, float)
    return app.desk.layouts["daw"].tapers["linear -70 0"].to_unit(position)


async def drag_until_heard(app: App, screen: Screen, ear: LevelMeter) -> None:
    """Drag until the mixer has taken one: JACK on a busy machine may lose a message on the way, and MIDI never asks."""
    for pixels in DRAGS:
        await until(lambda: app.desk.values["daw/status"] == "online")
        await screen.drag(FADER, pixels, find=IN_SIGHT)
        await until(lambda: not app.desk.held())
        try:
            return await until(lambda: abs(ear.level() - shown(app)) < NEAR_DB, SETTLE_SECONDS)
        except TimeoutError:
            continue
    pytest.fail(f"the page shows {shown(app):.1f} dB, the mixer plays {ear.level():.1f} dB")


async def test_a_finger_beside_the_built_in_engine_is_heard_at_a_mixer_over_midi(
    browser: Browser, tmp_path: Path
) -> None:
    need(shutil.which("jack_mix_box"), "jack_mix_box is not installed (apt-get install jack-mixer)")
    (tmp_path / "map.toml").write_text(MAP)
    consoles = ("band", "builtin:"), ("daw", f"midi:{tmp_path / 'map.toml'}")
    with (
        jack_server(synchronous=True) as jack,
        mix_box(jack) as (_, ear),
        running(warm(tmp_path / "data"), *consoles) as app,
    ):
        await online(app, "band")
        await online(app, "daw")
        screen = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", DESKTOP, touch=True)
        await screen.page.wait_for_selector(screen.fader("band/ch1/fader"))
        app.loop.call_soon_threadsafe(app.desk.set, {FADER: 0.9}, next(iter(app.hub.clients)).source)
        await screen.stands_at(FADER, 0.9, tolerance=0.01)
        await drag_until_heard(app, screen, ear)
        async with asyncio.timeout(PATIENCE_SECONDS):  # an echo of the mixer's may still be on its way
            while abs(await screen.position(FADER) - float(app.desk.values[FADER] or 0)) > NEAR:
                pass
        assert app.desk.values["band/status"] == "online"
        assert screen.faults == []
        await screen.leave()

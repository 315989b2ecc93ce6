"""From a finger to a take and back: a tone through JACK, recorded, and played in place of the input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from playwright.async_api import Browser, expect

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine.controls import TABLE
from tests.engine.bare_mixer import noise, sine
from tests.engine.responses import compressed, section
from tests.engine.running import engine
from tests.support.browser import DESKTOP, PHONE, Screen
from tests.support.jack import Jack, jack_server
from tests.support.running import FADER, online, running
from tests.support.waiting import until
from tests.support.warm import warm

SECOND = 48_000
QUIETEST = 10 ** (-100 / 20)
SOURCE, OURS = "Remote Mixer", "Remote Mixer-01"  # by the order in which they join
HZ, HEARD = 997, SECOND // 4
CHANNEL, MAIN_PORT, MIX_PORT, MAIN, MIX = 0, 1, 2, 3, 5
"""Tracks of a take: channel 1; 2 and 3, to which JACK leads what comes out at the ports; main and mix 1."""
STRIP: dict[str, Value] = {
    "gain": 0.4,
    "eq/on": True,
    "eq/2/gain": 0.8,
    "dyn/on": True,
    "dyn/threshold": 0.3,
    "dyn/ratio": "4",
    "send/bus1/level": 0.7,
}


def sound(path: Path) -> NDArray[np.float32]:
    return np.asarray(soundfile.read(path, dtype="float32", always_2d=True)[0])


def step_of(piece: NDArray[np.float32], whole: NDArray[np.float32]) -> int:
    """Return the frame of a sound at which a piece of it begins."""
    windows = np.lib.stride_tricks.sliding_window_view(whole, len(piece))
    return int(np.argmin(np.abs(windows[:, ::10] - piece[::10]).max(axis=1)))


def part(take: NDArray[np.float32], track: int, place: int) -> NDArray[np.float32]:
    """Return a quarter of a second of a track, with a sound in it."""
    piece = take[place : place + HEARD, track]
    assert np.abs(piece).max() > 0.001
    return piece


def apart(piece: NDArray[np.float32], whole: NDArray[np.float32]) -> float:
    """Return by how much a piece differs from the place in a sound that it is most like."""
    place = step_of(piece[:500], whole)
    assert place + HEARD <= len(whole)
    return float(np.abs(piece - whole[place : place + HEARD]).max())


def level(take: NDArray[np.float32], track: int) -> float:
    """Return the level of the tone on a track, in dB of its peak."""
    turns = np.exp(-2j * np.pi * HZ / SECOND * np.arange(HEARD))
    return float(20 * np.log10(2 * np.abs(part(take, track, SECOND) @ turns) / HEARD))


def unit(app: App, local: str) -> float:
    """Return how a control of channel 1 stands, in its unit."""
    return number_of(TABLE.places[f"ch1/{local}"].control, app.desk.values[f"band/ch1/{local}"])


def wanted(app: App, peak: float) -> float:
    """Return what equaliser, compressor and fader do to the tone of such a peak, in dB."""
    hz, gain, q = (unit(app, f"eq/2/{local}") for local in ("freq", "gain", "q"))
    bell = section("bell", hz, gain, q, np.array([HZ], np.float64))
    lifted = float(20 * np.log10(np.abs(bell[0])))
    reduction = compressed(peak + lifted, unit(app, "dyn/threshold"), 4, 4 * unit(app, "dyn/knee"))
    return lifted - reduction + float(20 * np.log10(unit(app, "fader")))


async def record(page: Screen, app: App, name: str) -> Path:
    """Record two seconds by the key in the panel; return the file."""
    await page.page.get_by_label("Name of the take").fill(name)
    await page.page.locator(".takes .record-key").tap()
    await until(lambda: float(app.desk.values["band/recorder/seconds"] or 0) >= 2)
    await page.page.locator("rm-takes").get_by_label("Stop recording").tap()
    await until(lambda: app.desk.values["band/recorder/file"] == "")
    await expect(page.page.locator(f'.take-list [data-file="{name}.wav"]')).to_be_visible()
    return app.options.data / "takes" / "band" / f"{name}.wav"


def set_up(app: App, jack: Jack) -> None:
    jack.join(f"{SOURCE}:main left", f"{OURS}:in 1")
    jack.join(f"{OURS}:main left", f"{OURS}:in 2")
    jack.join(f"{OURS}:mix 1 left", f"{OURS}:in 3")
    values: dict[str, Value] = {f"band/ch1/{local}": value for local, value in STRIP.items()}
    for channel in (2, 3):
        values |= {f"band/ch{channel}/mute": True, f"band/ch{channel}/take": False}
    app.loop.call_soon_threadsafe(app.desk.set, values, Source(CLIENT, "anne", "Anne"))


async def test_a_tone_that_was_recorded_gives_the_same_main_and_mix_as_virtual_soundcheck(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tones = tmp_path / "tones"
    tones.mkdir()
    tone = np.tile(sine(HZ, 0.2), (60, 1)) + 0.01 * noise(1, 60 * SECOND)  # no second of it is like another
    soundfile.write(tones / "Tone.wav", tone, SECOND, subtype="FLOAT")
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "card")
    with (
        jack_server(synchronous=True) as jack,
        engine(warm(tmp_path / "source"), f"--stems={tones}", "--output=card", "--card=jack") as source,
        running(warm(tmp_path / "data"), ("band", "builtin:live:inputs=3,card=jack")) as app,
    ):
        await online(app)
        set_up(app, jack)
        page = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", DESKTOP, touch=True)
        before = app.desk.values["band/ch1/fader"]
        await page.drag(FADER, -60)
        await until(lambda: not app.desk.held())
        stands = app.desk.values["band/ch1/fader"]
        assert stands != before
        await page.page.evaluate("location.hash = '#/panel/takes/band'")
        was = sound(await record(page, app, "Tone"))
        await page.page.locator('[data-file="Tone.wav"] .play-key').tap()
        await expect(page.page.locator("rm-takes .plays")).to_contain_text("inputs are off")
        await until(lambda: app.desk.values["band/soundcheck/runs"] is True)
        now = sound(await record(page, app, "Again"))
        await page.page.locator("rm-takes .live-key").tap()
        await expect(page.page.locator("rm-takes .plays")).to_be_hidden()
        await until(lambda: app.desk.values["band/soundcheck/file"] == "")
        assert page.faults == []
        await page.leave()
        assert source.process.stdin
        source.process.stdin.close()
        source.process.wait(20)
    for take in (was, now):
        for port, track in ((MAIN_PORT, MAIN), (MIX_PORT, MIX)):
            assert apart(part(take, port, SECOND), take[:, track]) < QUIETEST, "it comes out at the port"
    for track in (CHANNEL, MAIN, MIX):
        assert apart(part(now, track, SECOND), was[:, track]) < QUIETEST
    lower = wanted(app, level(was, CHANNEL))
    assert level(was, MAIN) - level(was, CHANNEL) == pytest.approx(lower - 20 * np.log10(2**0.5), abs=0.3)
    sent = unit(app, "send/bus1/level")
    assert level(was, MIX) - level(was, CHANNEL) == pytest.approx(lower + 20 * np.log10(sent), abs=0.3)


async def loop_a_part(phone: Screen, app: App) -> None:
    """Repeat a part of a take, from where it stands to where it stands later."""
    soundfile.write(app.options.data / "takes" / "band" / "Long.wav", noise(1, 60 * SECOND, 4), SECOND)
    await phone.page.evaluate("location.hash = '#/panel/console/band'")
    await phone.page.evaluate("location.hash = '#/panel/takes/band'")
    await phone.page.locator('[data-file="Long.wav"] .play-key').tap()
    await until(lambda: float(app.desk.values["band/soundcheck/position"] or 0) >= 0.5)
    await phone.page.locator(".takes .loop-from").tap()
    await until(lambda: float(app.desk.values["band/soundcheck/from"] or 0) >= 0.5)
    first = float(app.desk.values["band/soundcheck/from"] or 0)
    await until(lambda: float(app.desk.values["band/soundcheck/position"] or 0) >= first + 1)
    await phone.page.locator(".takes .loop-to").tap()
    await until(lambda: float(app.desk.values["band/soundcheck/to"] or 0) < 30)
    assert app.desk.values["band/soundcheck/from"] == first
    await expect(phone.page.locator(".takes time")).to_contain_text("repeats 0:0")
    await phone.page.locator(".takes .live-key").tap()
    await until(lambda: app.desk.values["band/soundcheck/file"] == "")


async def test_a_phone_records_marks_and_deletes_a_take_and_m_sets_a_marker_on_a_desktop(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "clock")
    with running(warm(tmp_path / "data"), ("band", "builtin:")) as app:
        await online(app)
        url = f"http://127.0.0.1:{app.port}/"
        phone = await Screen.open(browser, url, PHONE, touch=True)
        desktop = await Screen.open(browser, url, DESKTOP, touch=False)
        await desktop.link("online")
        await phone.page.evaluate("location.hash = '#/panel/takes/band'")
        await phone.page.locator(".takes .record-key").tap()
        await expect(desktop.page.locator("rm-takes .records")).to_contain_text("left on the disk")
        await desktop.page.keyboard.press("m")
        await until(lambda: app.desk.values["band/recorder/marks"] == 1)
        await phone.page.locator("rm-takes").get_by_label("Set a marker").tap()
        await until(lambda: app.desk.values["band/recorder/marks"] == 2)
        await phone.page.locator(".takes .record-key").tap()
        row = phone.page.locator(".take-list li[data-file]")
        await expect(row).to_contain_text("29 tracks")
        await row.locator("summary").tap()
        await expect(row.locator(".choices button")).to_have_count(2)
        await row.get_by_text("Delete", exact=True).tap()
        await row.get_by_text("Cancel").tap()
        await row.get_by_text("Delete", exact=True).tap()
        await row.locator(".sure .away").tap()
        await expect(row).to_have_count(0)
        assert list((app.options.data / "takes" / "band").iterdir()) == []
        await loop_a_part(phone, app)
        assert phone.faults + desktop.faults == []
        for screen in (phone, desktop):
            await screen.leave()

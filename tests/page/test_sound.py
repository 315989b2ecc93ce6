"""From a finger to the sound: two real pages and the real engine."""

from __future__ import annotations

import os
from math import pi
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.async_api import Browser, Position, expect

from remote_mixer.desk.tapers import FADER as LAW
from tests.engine.test_card import null_cards
from tests.support.browser import DESKTOP, PHONE, Screen
from tests.support.running import FADER, online, running
from tests.support.waiting import until
from tests.support.warm import warm

RATE = 48_000
BESIDE_CLIP: Position = {"x": 6, "y": 6}  # ALSA's null device gives what was in memory, which may light the mark


def a_tone(folder: Path) -> Path:
    """Write a folder with one steady tone in it, one second long."""
    folder.mkdir()
    tone = 0.25 * np.sin(2 * pi * 1000 * np.arange(RATE) / RATE)
    soundfile.write(folder / "Tone.wav", tone, RATE)
    return folder


def level(frames: np.ndarray) -> float:
    """Return the level of a stretch of sound in dB below full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(frames**2))))


async def test_a_drag_on_one_page_moves_the_other_and_the_main_by_so_many_decibels(
    browser: Browser, tmp_path: Path
) -> None:
    record = tmp_path / "main.wav"
    with running(warm(tmp_path / "data"), ("band", f"builtin:{a_tone(tmp_path / 'tones')}"), record=record) as app:
        await online(app)
        url = f"http://127.0.0.1:{app.port}/"
        anne = await Screen.open(browser, url, PHONE, touch=True)
        bob = await Screen.open(browser, url, DESKTOP, touch=True)
        await until(lambda: record.exists() and soundfile.info(record).duration > 1.5)
        stood = app.desk.values[FADER]
        await anne.drag(FADER, -90)
        await until(lambda: app.desk.values[FADER] != stood)
        await until(lambda: not app.desk.held())
        moved = float(app.desk.values[FADER] or 0)
        await bob.stands_at(FADER, moved)
        after = soundfile.info(record).duration
        await until(lambda: soundfile.info(record).duration > after + 1.5)
        await anne.leave()
        await bob.leave()
    sound, _ = soundfile.read(record)
    change = level(sound[-RATE // 2 :]) - level(sound[RATE // 2 : RATE])
    assert change < -3
    assert abs(change - (LAW.to_unit(moved) - LAW.to_unit(0.75))) < 0.1


async def test_what_became_of_each_sound_file_stands_in_the_panel_of_the_console(
    browser: Browser, tmp_path: Path
) -> None:
    tones = a_tone(tmp_path / "tones")
    (tones / "02 Snare.m4a").write_bytes(b"no sound that can be read")
    (tones / os.fsdecode(b"03 Gr\xf6\xdfe.wav")).hardlink_to(tones / "Tone.wav")
    with running(warm(tmp_path / "data"), ("band", f"builtin:{tones}")) as app:
        await online(app)
        anne = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", PHONE, touch=True)
        await anne.page.locator('.pill[data-console="band"]').tap()
        lines = anne.page.locator(".panel .files li:visible")
        await expect(lines).to_have_text(
            [
                "02 Snare.m4a is not played: it is not a sound file that can be read.",
                "03 Gr\ufffd\ufffde.wav plays on channel 1.",
                "Tone.wav plays on channel 2.",
            ]
        )
        await anne.leave()


async def test_the_host_has_the_engine_keep_a_mix_below_a_level(browser: Browser, tmp_path: Path) -> None:
    with running(warm(tmp_path / "data"), ("band", "builtin:")) as app:
        await online(app)
        host = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", DESKTOP, touch=True)
        await host.page.locator('[data-tool="more"]').tap()
        await host.page.get_by_text("connected, your name").tap()
        await host.page.get_by_text("Permissions").tap()
        await host.page.locator(".mixes summary").first.tap()
        await host.page.locator('rm-toggle[data-path="band/bus1/limiter"]').tap()
        await until(lambda: app.desk.values["band/bus1/limiter"] is True)
        await host.page.locator('rm-readout[data-path="band/bus1/ceiling"] button').tap()
        await host.page.keyboard.type("-6")
        await host.page.keyboard.press("Enter")
        await host.page.wait_for_selector("rm-readout >> text=−6.0 dB")
        await host.leave()


async def test_the_sound_device_is_chosen_in_the_console_s_panel_and_a_source_on_a_channel_s_first_page(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    null_cards(tmp_path, monkeypatch)
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "card")
    with running(warm(tmp_path / "data"), ("band", "builtin:")) as app:
        await online(app)
        await until(lambda: "school, ALSA" in str(app.desk.layouts["band"].params["sound/card"].as_json()))
        anne = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", PHONE, touch=True)
        await anne.page.locator('.pill[data-console="band"]').tap()
        await anne.page.get_by_label("Inputs").select_option("4")
        await expect(anne.page.locator(".sound > [role=status]")).to_contain_text("4 inputs")
        await anne.page.get_by_label("Card").select_option("school, ALSA")
        await expect(anne.page.locator(".sound > [role=status]")).to_contain_text("school, 4 inputs, 2 outputs")
        await anne.page.get_by_role("button", name="64", exact=True).tap()
        await expect(anne.page.locator(".sound > [role=status]")).to_contain_text(
            "64 frames at 48,000 Hz: 1.3 ms a block"
        )
        await anne.page.get_by_text("Outputs", exact=True).tap()
        await anne.page.get_by_label("Output 2").select_option("direct 1")
        await until(lambda: app.desk.values["band/output/2"] == "direct 1")
        assert await anne.page.get_by_label("Microphones").input_value() == "the same card"
        await anne.page.keyboard.press("Escape")
        await anne.page.locator('rm-strip[data-strip="band/ch1"] .plate').click(position=BESIDE_CLIP)
        source = anne.page.get_by_label("Source")
        await expect(source).to_have_value("input 1")
        await source.select_option("pink noise")
        await until(lambda: app.desk.values["band/ch1/source"] == "pink noise")
        await anne.leave()

"""A real JACK server that goes, comes back, changes, or does not wait for the engine, which goes on."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine import shared
from remote_mixer.engine.controls import SOURCES
from tests.drivers.builtin.test_driver import console
from tests.engine.on_jack import OURS, live, news
from tests.engine.running import until
from tests.support import waiting
from tests.support.jack import Jack, jack_server
from tests.support.warm import warm


def test_a_server_that_ends_is_waited_for_and_the_same_ports_are_joined_when_it_is_back(
    jack: Jack, tmp_path: Path
) -> None:
    with live(tmp_path / "data") as running:
        jack.part("system:capture_1", f"{OURS}:in 1")
        jack.join("system:capture_2", f"{OURS}:in 1")
        running.plays(1.5)  # what a person joins is looked at once a second
        jack.stop()
        assert not news(running, audible=False)["remarks"]
        running.plays(0.5)
        jack.start()
        assert news(running, audible=True)["output"] == "JACK, 2 inputs, 256 frames"
        until(lambda: len(jack.joined("system:capture_2")) == 2)
        assert jack.joined("system:capture_1") == []
        assert jack.joined("system:playback_2") == [f"{OURS}:main right"]
        running.plays(0.2)


def test_a_period_that_changes_while_it_plays_is_said_and_the_mix_goes_on(jack: Jack, tmp_path: Path) -> None:
    with live(tmp_path / "data") as running:
        subprocess.run(("jack_bufsize", "64"), env=jack.environment, check=True, capture_output=True)
        assert news(running, frames=64)["output"] == "JACK, 2 inputs, 64 frames"
        running.plays(0.2)


def test_a_server_at_a_rate_that_the_mix_does_not_run_at_is_named_and_the_mix_goes_on(tmp_path: Path) -> None:
    with jack_server(256, 88_200), live(tmp_path / "data") as running:
        assert not running.ready["audible"]
        assert "JACK runs at 88,200 Hz, and the mixer at 44,100, 48,000 or 96,000 Hz" in running.ready["remarks"][0]
        running.plays(0.2)


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_the_rate_of_the_server_is_the_engines(tmp_path: Path, rate: int) -> None:
    take = tmp_path / "take.wav"
    with jack_server(256, rate), live(tmp_path / "data", 1, f"--record={take}") as running:
        assert running.ready["audible"]
        running.block.write("ch1/source", SOURCES.index("tone"))
        running.block.commit()
        running.plays(1.5 * rate / shared.RATE)
    sound, written = soundfile.read(take)
    assert written == rate
    tone = sound[-rate // 2 :, 0]
    assert np.argmax(np.abs(np.fft.rfft(tone * np.hanning(len(tone))))) == 500, "1 kHz"


async def test_a_server_that_comes_back_at_another_rate_takes_the_engine_along(
    jack: Jack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "card")
    async with console(warm(tmp_path), "live:inputs=2,card=jack") as band:
        await band.status("online")
        jack.stop()
        await waiting.until(lambda: "No sound card" in str(band.value("notice")))
        jack.rate = 96_000
        jack.start()
        await waiting.until(lambda: "starts again at that rate" in str(band.value("notice")))
        await band.status("online")
        await waiting.until(lambda: "No sound card" not in str(band.value("notice")))


async def test_what_the_mixer_misses_is_said_on_the_console(
    jack: Jack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "card")
    async with console(warm(tmp_path), "live:inputs=2,card=jack") as band:
        await band.status("online")
        assert "without real-time priority" in str(band.value("notice"))
        assert band.driver.pid
        os.kill(band.driver.pid, signal.SIGSTOP)
        assert jack.ports()
        os.kill(band.driver.pid, signal.SIGCONT)
        await waiting.until(lambda: "The sound was interrupted: " in str(band.value("notice")))


def test_periods_that_the_mixer_misses_are_counted(jack: Jack, tmp_path: Path) -> None:
    with live(tmp_path / "data") as running:
        running.plays(0.5)
        missed = running.block.words[shared.MISSED]
        running.process.send_signal(signal.SIGSTOP)
        until(lambda: jack.ports() is not None)
        running.process.send_signal(signal.SIGCONT)
        until(lambda: running.block.words[shared.MISSED] > missed)

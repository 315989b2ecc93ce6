"""Outputs: how many of a card's are used, and at which rate."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from remote_mixer.engine import output, portaudio
from remote_mixer.engine.card import _rate_of, _true_outputs
from remote_mixer.engine.jack import server_rate
from remote_mixer.engine.output import Unfit, Wanted
from remote_mixer.engine.portaudio import load_library


class Library(ModuleType):
    """The part of sounddevice that is used here."""

    def query_hostapis(self, number: int) -> dict[str, Any]:
        return {"name": ["ALSA", "Core Audio", "PulseAudio"][number]}

    class PortAudioError(Exception):
        pass

    def check_output_settings(self, device: list[int], dtype: str, samplerate: int) -> None:
        """Take the rates that a device has, in place of an index."""
        if samplerate not in device:
            raise self.PortAudioError


@pytest.mark.parametrize(
    ("name", "api", "claimed", "used"),
    [
        ("default", 0, 32, 2),
        ("pipewire", 0, 64, 2),
        ("Scarlett 18i20: USB Audio (hw:1,0)", 0, 20, 20),
        ("HDA Intel: ALC (hw:0,0)", 0, 2, 2),
        ("Built-in Output", 1, 2, 2),
        ("Fireface", 1, 30, 30),
        ("Speaker", 1, 1, 1),
        ("Some sink", 2, 32, 2),
    ],
)
def test_a_sound_server_that_promises_32_outputs_gets_main_alone(name: str, api: int, claimed: int, used: int) -> None:
    assert _true_outputs(Library("sounddevice"), {"name": name, "hostapi": api, "max_output_channels": claimed}) == used


@pytest.mark.parametrize(
    ("wanted", "has", "usual", "taken"),
    [
        (0, [44_100, 48_000, 96_000], 44_100, 48_000),
        (96_000, [44_100, 48_000, 96_000], 44_100, 96_000),
        (96_000, [44_100, 48_000], 44_100, 48_000),
        (0, [44_100, 88_200], 88_200, 44_100),
        (48_000, [32_000, 88_200], 32_000, 0),
    ],
)
def test_a_card_runs_at_the_wanted_rate_or_the_usual_one_or_any_of_ours_that_it_has(
    wanted: int, has: list[int], usual: int, taken: int
) -> None:
    card = {"index": has, "default_samplerate": float(usual)}
    assert _rate_of(Library("sounddevice"), Wanted(rate=wanted), card) == taken


@pytest.mark.parametrize("has_asio", [True, False])
def test_the_library_is_the_one_with_asio_where_there_is_one(
    has_asio: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for sounddevice, which reads the variable when it is imported, and fails without that build."""
    missing = "" if has_asio else "if ASIO:\n    raise OSError('no such library')\n"
    (tmp_path / "sounddevice.py").write_text(f"import os\nASIO = {portaudio.ASIO!r} in os.environ\n{missing}")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "sounddevice", ModuleType("sounddevice"))
    monkeypatch.setenv(portaudio.ASIO, "1")
    monkeypatch.delenv(portaudio.ASIO)
    del sys.modules["sounddevice"]
    assert load_library().ASIO is has_asio


@pytest.mark.skipif(sys.platform != "linux", reason="libjack has its files in /dev/shm on Linux alone")
@pytest.mark.parametrize("ask", [server_rate, load_library])
def test_where_its_files_have_no_room_libjack_is_not_asked_and_a_person_is_told(
    ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "ROOM_BYTES", os.statvfs(output.SHARED_MEMORY).f_bavail * 2**20)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: pytest.fail(f"{name} would end the process"))
    with pytest.raises(Unfit, match="make room there"):
        ask()

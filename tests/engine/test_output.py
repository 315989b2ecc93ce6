"""Outputs: how many of a card's are used, and at which rate."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from remote_mixer.engine.card import _rate_of, _true_outputs
from remote_mixer.engine.output import Wanted


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

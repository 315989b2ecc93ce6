"""Outputs: how many of a card's are used."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from remote_mixer.engine.card import _true_outputs


class Library(ModuleType):
    """The part of sounddevice that is used here."""

    def query_hostapis(self, number: int) -> dict[str, Any]:
        return {"name": ["ALSA", "Core Audio", "PulseAudio"][number]}


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

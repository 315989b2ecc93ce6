"""A console with one of everything that a right is asked about: the demo's, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Number, Position, Toggle
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.demo import Demo

FADER = {"fader": Position("fader"), "mute": Toggle()}
ACTIONS = (Action("recall", "Recall"), Action("learn", "Learn", setup=True))
OWN = {"playing": Toggle(), "mute_group/1": Toggle(), "tempo": Number(20, 300, "bpm", read_only=True, default=120)}


class Wide(Demo):
    """Sends and buses with a pan, a matrix, a DCA, a transport and mute groups; an action of setup."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.layout = _widened(self.layout)

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Do nothing, well."""


def _widened(layout: Layout) -> Layout:
    strips = (
        *map(_panned, layout.strips),
        Strip("mtx1", "matrix", 1, "Mtx 1", FADER),
        Strip("dca1", "dca", 1, "D", FADER),
    )
    return replace(layout, params=OWN, strips=strips, actions=ACTIONS)


def _panned(strip: Strip) -> Strip:
    places = (
        ["pan"]
        if strip.kind == "bus"
        else [local[: -len("level")] + "pan" for local in strip.params if "level" in local]
    )
    return replace(strip, params={**strip.params, **dict.fromkeys(places, Position("pan", 0.5))})

"""A console as MIDI gear shows itself: faders without dB, names of its own, nothing known at first, many actions.

The page's tests run it beside another console; `listen` stands for a control that somebody moves in the DAW.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import STRIP_COLORS, Layer, Layout, Strip
from remote_mixer.desk.params import Choice, Param, Position, Text, Toggle, Value
from remote_mixer.desk.tapers import PAN, Taper
from remote_mixer.drivers.base import Opened, Report, Setup
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.midi_cc.actions import ACTIONS as MIDI_ACTIONS

TRAVEL = Taper("%", ((0, 0), (1, 100)))
PLAIN = Taper("", ((0, 0), (1, 127)))
SHOWN = Text(20, read_only=True)
NAMED: dict[str, Param] = {"name": Text(32), "color": Choice(STRIP_COLORS, "grey")}
FINE: dict[str, Param] = {"fader": Position("travel", steps=1024), "fader/text": SHOWN}
COARSE: dict[str, Param] = {"fader": Position("plain", steps=128), "mute": Toggle()}
SURFACE: dict[str, Param] = {
    "pan": Position("pan", 0.5, steps=128),
    "pan/text": SHOWN,
    "mute": Toggle(),
    "solo": Toggle(),
    "rec": Toggle(),
    "select": Toggle(),
    "send/bus1/level": Position("plain", steps=128),
}
OWN: dict[str, Param] = {
    "learning": SHOWN,
    "flip": Toggle(),
    "transport/time": SHOWN,
    **{f"transport/{key}": Toggle() for key in ("play", "stop", "record", "rewind", "forward", "cycle", "beats")},
}
ACTIONS = (
    *(replace(action, setup=False) for action in MIDI_ACTIONS if action.name != "unbind"),
    Action("marker", "Set a marker in the DAW"),
)
ADDRESSES = {
    "ch1/fader": "CC 20, channel 1",
    "ch1/mute": "CC 30, channel 1",
    "ch1/send/bus1/level": "CC 40, channel 1",
    "ch3/fader": "",
    "ch3/mute": "",
}
FIRST: dict[str, Value] = {
    "ch1/name": "Wireless",
    "ch1/color": "red",
    "ch2/name": "Vox",
    "ch2/color": "violet",
    "ch3/name": "Kick",
    "ch4/name": "Bass",
    "bus1/name": "Reverb",
    "bus1/color": "cyan",
    "transport/time": "001.02.03.040",
}


def _layout(name: str) -> Layout:
    channels = (NAMED | FINE | SURFACE, NAMED | COARSE, NAMED, FINE | {"name": Text(32, read_only=True)})
    strips = [Strip(f"ch{n}", "channel", n, f"Ch {n}", params) for n, params in enumerate(channels, 1)]
    strips += [Strip("bus1", "bus", 1, "Bus 1", NAMED), Strip("main", "main", None, "Main", FINE)]
    layers = Layer("Vocals", ("ch2", "ch1")), Layer("Drums", ("ch3", "ch4"))
    tapers = {"travel": TRAVEL, "plain": PLAIN, "pan": PAN}
    return Layout(
        name,
        Surface.title,
        "surface",
        tapers=tapers,
        params=OWN,
        strips=tuple(strips),
        layers=layers,
        actions=ACTIONS,
        addresses=ADDRESSES,
    )


class Surface(Demo):
    """Driver and console in one; `asked` holds the requested actions, without arguments that were left out."""

    title = "DAW by MIDI"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.layout = _layout(self.name)
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.console.values = {path: None for path, _ in self.layout.paths()}
        self.console.values |= {f"{self.name}/{local}": value for local, value in FIRST.items()}
        for local in ("status", "notice"):
            del self.console.values[f"{self.name}/{local}"]

    async def open(self, report: Report) -> Opened:
        return Opened(self.layout, self.console.values)

    def confirms(self, path: str) -> bool:
        return False

    def query(self, path: str) -> bool:
        return False

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        self.asked.append((action, {name: value for name, value in arguments.items() if value is not None}))
        if action == "learn":
            self.console.move({f"{self.name}/learning": arguments["path"]})

    def listen(self, address: str) -> None:
        """Bind the fader that is being learned to the control just moved in the DAW."""
        local = str(self.console.values[f"{self.name}/learning"])
        strip_id, _, param = local.partition("/")
        grown = {param: Position("plain", steps=128)}
        strips = tuple(replace(s, params={**s.params, **grown}) if s.id == strip_id else s for s in self.layout.strips)
        self.layout = replace(self.layout, strips=strips, addresses={**self.layout.addresses, local: address})
        self.console.values |= {f"{self.name}/learning": "", f"{self.name}/{local}": 0.5}
        assert self.console.report
        self.console.report.opened(Opened(self.layout, self.console.values))

    def remember(self, *locals_: str) -> None:
        """Mark some values as remembered."""
        assert self.console.report
        self.console.report.remembered(frozenset(f"{self.name}/{local}" for local in locals_))

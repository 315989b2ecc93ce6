"""A map → the strips that the page shows."""

from __future__ import annotations

from remote_mixer.desk.layout import Layer, Layout, Strip
from remote_mixer.desk.params import Choice, Param, Text
from remote_mixer.drivers.midi_cc.control import Knob
from remote_mixer.drivers.midi_cc.model import COLORS, NAME, Map, MapStrip

LEARNING = "learning"
WRITTEN = ("name", "color")
"""Params that live in the map, not at the console."""
PLAYED_LIVE = ("send", "send_all")
"""Actions that leave the map as it is; the others are setup."""

_COLOR = Choice(COLORS, COLORS[0])
_LABELS = {"channel": "Ch", "bus": "Mix"}


def make_layout(name: str, title: str, actions: tuple[str, ...], told: Map) -> Layout:
    """Return the layout of the console called `name`: channels in the order of their layers, buses, main."""
    shown = [strip for strip in told.strips if not strip.hidden]
    bound = told.entries
    layers = [
        Layer(layer.name, tuple(strip.id for strip in layer.channels if not strip.hidden)) for layer in told.layers
    ]
    return Layout(
        name,
        title,
        "midi_cc",
        {entry.law_name: entry.taper for entry in bound.values() if isinstance(entry, Knob)},
        {LEARNING: Text(64, read_only=True)},
        tuple(_strip(strip) for strip in shown),
        tuple(layers),
        actions,
        tuple(action for action in actions if action not in PLAYED_LIVE),
        {path: str(bound[path].control) if path in bound else "" for path in told.learnable()},
    )


def _strip(strip: MapStrip) -> Strip:
    kind = strip.id.rstrip("0123456789").replace("ch", "channel")
    label = f"{_LABELS[kind]} {strip.number}" if kind in _LABELS else "Main"
    params: dict[str, Param] = {local: entry.param for local, entry in strip.entries.items()}
    return Strip(strip.id, kind, strip.number, label, params | {"name": NAME, "color": _COLOR})

"""A map's plain data (of TOML, or made of the predecessor's JSON) → a Map, or a fault with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from remote_mixer.drivers.midi_cc.control import Entry
from remote_mixer.drivers.midi_cc.entries import Reader, read_button, read_entry, read_knob, read_pan
from remote_mixer.drivers.midi_cc.model import COLORS, Map, MapLayer, MapStrip
from remote_mixer.drivers.midi_cc.places import Keys, Part, Reading, Table, quote
from remote_mixer.drivers.midi_cc.sharing import check_shared

MOST_ID = 1_000_000
STRIP_KEYS = ("id", "name", "color", "hide")
# What a strip or a send may have on a control, and how that is read.
MASTER: dict[str, Reader] = {"fader": read_knob, "mute": read_button}
CHANNEL: dict[str, Reader] = {**MASTER, "pan": read_pan}
SEND: dict[str, Reader] = {"level": read_knob, "mute": read_button}

Numbered = Mapping[int, Part]


def read_map(plain: Table, file: str, place: Callable[[Keys], str]) -> Map:
    """Return the map; raise MapFault at the first fault.

    plain  what the file says
    file   its name, for faults
    place  the line or key at which something stands, for faults
    """
    top = Part(Reading(file, place), (), plain)
    top.expect("ports", "buses", "layers", "main", "last_id")
    buses, _ = _with_ids(top.tables("buses"), 0)
    layers = top.tables("layers")
    channels, last_id = _with_ids(
        [channel for layer in layers for channel in layer.tables("channels")],
        top.whole("last_id", (0, MOST_ID), 0),
    )
    told = Map(
        _port(top.table("ports")),
        _layers(layers, {part.keys: _channel(part, number, buses) for number, part in channels.items()}),
        tuple(_strip(bus, f"bus{number}", MASTER) for number, bus in buses.items()),
        _strip(top.table("main"), "main", MASTER),
        last_id,
    )
    keys = {f"ch{n}": part.keys for n, part in channels.items()} | {f"bus{n}": part.keys for n, part in buses.items()}
    check_shared(top.reading, told, keys)
    return replace(told, warnings=tuple(top.reading.warnings))


def _port(ports: Part) -> str:
    ports.expect("input", "output")
    heard, told = ports.text("input"), ports.text("output")
    return f"{heard}::{told}" if heard and told and heard != told else heard or told


def _layers(layers: Sequence[Part], channels: Mapping[Keys, MapStrip]) -> tuple[MapLayer, ...]:
    rows: dict[Keys, list[MapStrip]] = {layer.keys: [] for layer in layers}
    for keys, channel in channels.items():
        rows[keys[:2]].append(channel)
    told: dict[str, MapLayer] = {}
    for layer in layers:
        layer.expect("name", "channels")
        name = layer.name(f"Layer {len(told) + 1}")
        if name in told:
            raise layer.fault(f"two layers are called {quote(name)}: give one of them another name", "name")
        told[name] = MapLayer(name, tuple(rows[layer.keys]))
    return tuple(told.values())


def _with_ids(parts: Sequence[Part], last_id: int) -> tuple[Numbered, int]:
    """Give each table its id, one that was never used where it has none; return them and the last id of all."""
    given = [part.whole("id", (1, MOST_ID), 0, "an id") for part in parts]
    for place, number in enumerate(given):
        if number and number in given[:place]:
            text = f"two have the id {number}: take one away, and the program writes a new one"
            raise parts[place].fault(text, "id")
    last_id = max([last_id, *given])
    numbered: dict[int, Part] = {}
    for number, part in zip(given, parts, strict=True):
        last_id += not number
        numbered[number or last_id] = part
    return numbered, last_id


def _channel(part: Part, number: int, buses: Numbered) -> MapStrip:
    strip = _strip(part, f"ch{number}", CHANNEL, "sends")
    sends = part.table("sends")
    entries = dict(strip.entries)
    for bus in sends.held:
        what = f"send {bus} of {quote(strip.name or strip.id)}"
        if not bus.isdecimal() or int(bus) not in buses:
            there = f"write one of {', '.join(map(str, buses))}, or" if buses else "first"
            raise sends.called(what).fault(f"there is no bus {bus}; {there} add it under [[buses]]", bus)
        entries |= {f"send/bus{int(bus)}/{key}": entry for key, entry in _send(sends, bus, what).items()}
    return replace(strip, entries=entries)


def _send(sends: Part, bus: str, what: str) -> dict[str, Entry]:
    """Read one send: its level's control alone, or a table of `level` and `mute`."""
    told = sends.held[bus]
    if not isinstance(told, dict) or not SEND.keys() & told.keys():
        return {"level": read_entry(sends, bus, what, read_knob)}
    send = sends.table(bus).called(what)
    send.expect(*SEND)
    return {key: read_entry(send, key, f"{key} of {what}", read) for key, read in SEND.items() if key in send}


def _strip(part: Part, strip: str, controls: Mapping[str, Reader], *more: str) -> MapStrip:
    part.expect(*STRIP_KEYS, *controls, *more)
    name = part.name("")
    of = quote(name or strip)
    entries = {key: read_entry(part, key, f"{key} of {of}", read) for key, read in controls.items() if key in part}
    part = part.called(of)
    return MapStrip(strip, name, _color(part), part.truth("hide"), entries)


def _color(part: Part) -> str:
    color = part.held.get("color", COLORS[0])
    if color not in COLORS:
        raise part.fault(f"color is one of {', '.join(COLORS)}, not {quote(color)}", "color")
    return str(color)

"""Reader of maps: plain data (of TOML, or made from the predecessor's JSON) → a Map, or a fault with its position."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from remote_mixer.desk.layout import STRIP_COLORS
from remote_mixer.drivers.midi_cc.control import (
    CC,
    LAWS,
    MOST_NRPN,
    NRPN,
    PAIR,
    PLAIN,
    TOP_7,
    Button,
    Control,
    Entry,
    Knob,
    Law,
)
from remote_mixer.drivers.midi_cc.model import Map, MapLayer, MapStrip, check_shared
from remote_mixer.drivers.midi_cc.tables import Diagnostics, Table, TableReader, quote
from remote_mixer.drivers.midi_ports import BOTH
from remote_mixer.maps.files import Keys

WHICH = ("cc", "nrpn")
CONTROL_KEYS = (*WHICH, "channel")
TRAVEL_KEYS = ("low", "high", "invert")
MOST_DB = 200
SWITCH, MOMENTARY = "switch", "momentary"

Reader = Callable[[TableReader], Entry]


def read_knob(at: TableReader) -> Knob:
    """Read a fader or a send's level."""
    at.expect(*CONTROL_KEYS, *TRAVEL_KEYS, "law")
    return _travel(at, _law(at))


def read_pan(at: TableReader) -> Knob:
    """Read a pan; it has no choice of law."""
    at.expect(*CONTROL_KEYS, *TRAVEL_KEYS)
    return _travel(at, None)


def read_button(at: TableReader) -> Button:
    """Read a mute."""
    at.expect(*CONTROL_KEYS, "on", "off", "kind")
    control = _control(at)
    on = at.integer("on", (0, control.top), control.top)
    off = at.integer("off", (0, control.top), 0)
    if on == off:
        raise at.fault(f"on and off are both {on}: write two different numbers")
    kind = at.values.get("kind", SWITCH)
    if kind not in (SWITCH, MOMENTARY):  # a tuple, since a list cannot be looked up in a set
        raise at.fault(f"kind is “{SWITCH}” or “{MOMENTARY}”, not {quote(kind)}", "kind")
    return Button(control, on, off, kind == MOMENTARY)


def read_entry(holder: TableReader, key: str, what: str, reader: Reader) -> Entry:
    """Read the control under a key of a strip or its sends: a plain CC, or a table."""
    value = holder.values[key]
    at = TableReader(holder.diagnostics, (*holder.keys, key), value if isinstance(value, dict) else {"cc": value}, what)
    if isinstance(value, dict) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return reader(at)
    raise at.fault(f"write a CC, as 20, or a table, as {{ cc = 20, channel = 2 }}, not {quote(value)}")


def _control(at: TableReader) -> Control:
    channel = at.integer("channel", (1, 16), 1, "a MIDI channel")
    if ("cc" in at) == ("nrpn" in at):
        raise at.fault("write one of cc = 20, cc = [20, 52] (14 bit) and nrpn = 1024")
    if "nrpn" in at:
        return Control(NRPN, channel, at.integer("nrpn", (0, MOST_NRPN), 0, "an NRPN"))
    cc = at.values["cc"]
    if not isinstance(cc, list):
        return Control(CC, channel, _cc(at, cc))
    numbers = [_cc(at, number) for number in cc]
    if len(set(numbers)) != 2 or len(numbers) != 2:
        raise at.fault("a 14-bit pair is two CCs, coarse and fine, as [20, 52]", "cc")
    return Control(PAIR, channel, *numbers)


def _cc(at: TableReader, found: object) -> int:
    return at.number("cc", found, (0, TOP_7), "a CC")


def _travel(at: TableReader, law: Law | None) -> Knob:
    control = _control(at)
    low, high = at.integer("low", (0, control.top), 0), at.integer("high", (0, control.top), control.top)
    if low >= high:
        raise at.fault(f"low ({low}) must be below high ({high}); invert = true reverses a control")
    if law is None and high - low < 2:
        raise at.fault("a pan needs a left, a middle and a right: set low and high further apart")
    return Knob(control, low, high, at.boolean("invert"), law)


def _law(at: TableReader) -> Law:
    law = at.values.get("law", PLAIN)
    if isinstance(law, str) and law in LAWS:
        return law
    ends = law.get("linear") if isinstance(law, dict) and law.keys() == {"linear"} else None
    if _rises(ends):
        return float(ends[0]), float(ends[1])
    names = ", ".join(f"“{name}”" for name in LAWS)
    raise at.fault(f"a law is one of {names} and {{ linear = [-70, 0] }} (dB), not {quote(law)}", "law")


def _rises(ends: object) -> TypeGuard[list[Any]]:
    if not isinstance(ends, list) or len(ends) != 2:
        return False
    real = all(isinstance(end, int | float) and not isinstance(end, bool) and abs(end) <= MOST_DB for end in ends)
    return real and ends[0] < ends[1]


MOST_ID = 1_000_000
STRIP_KEYS = ("id", "name", "color", "hide")
# Params of a strip or a send that a control can move, each with its reader.
MASTER: dict[str, Reader] = {"fader": read_knob, "mute": read_button}
CHANNEL: dict[str, Reader] = {**MASTER, "pan": read_pan}
SEND: dict[str, Reader] = {"level": read_knob, "mute": read_button}

Numbered = Mapping[int, TableReader]


def read_map(plain: Table, file: str, place: Callable[[Keys], str]) -> Map:
    """Return the map; raise MapFault at the first fault.

    plain  the file's data
    file   its name, for faults
    place  keys → line or JSON key, for faults
    """
    top = TableReader(Diagnostics(file, place), (), plain)
    top.expect("ports", "buses", "layers", "main", "last_id")
    buses, _ = _with_ids(top.tables("buses"), 0)
    layers = top.tables("layers")
    channels, last_id = _with_ids(
        [channel for layer in layers for channel in layer.tables("channels")],
        top.integer("last_id", (0, MOST_ID), 0),
    )
    midi_map = Map(
        _port(top.table("ports")),
        _layers(layers, {part.keys: _channel(part, number, buses) for number, part in channels.items()}),
        tuple(_strip(bus, f"bus{number}", MASTER) for number, bus in buses.items()),
        _strip(top.table("main"), "main", MASTER),
        last_id,
    )
    keys = {f"ch{n}": part.keys for n, part in channels.items()} | {f"bus{n}": part.keys for n, part in buses.items()}
    check_shared(top.diagnostics, midi_map, keys)
    return replace(midi_map, warnings=tuple(top.diagnostics.warnings))


def _port(ports: TableReader) -> str:
    ports.expect("input", "output")
    source, target = ports.text("input"), ports.text("output")
    if source and not target:
        ports.warn("no output is named, so controls can be watched and not moved", "input")
    return source if source == target else f"{source}{BOTH}{target}"


def _layers(layers: Sequence[TableReader], channels: Mapping[Keys, MapStrip]) -> tuple[MapLayer, ...]:
    rows: dict[Keys, list[MapStrip]] = {layer.keys: [] for layer in layers}
    for keys, channel in channels.items():
        rows[keys[:2]].append(channel)
    found: dict[str, MapLayer] = {}
    for layer in layers:
        layer.expect("name", "channels")
        name = layer.name(f"Layer {len(found) + 1}")
        if name in found:
            raise layer.fault(f"two layers are called {quote(name)}: give one of them another name", "name")
        found[name] = MapLayer(name, tuple(rows[layer.keys]))
    return tuple(found.values())


def _with_ids(parts: Sequence[TableReader], last_id: int) -> tuple[Numbered, int]:
    """Return the tables by id, and the last id used; a table without an id gets one that was never used."""
    given = [part.integer("id", (1, MOST_ID), 0, "an id") for part in parts]
    for place, number in enumerate(given):
        if number and number in given[:place]:
            text = f"two have the id {number}: remove one, and the program writes a new one"
            raise parts[place].fault(text, "id")
    last_id = max([last_id, *given])
    numbered: dict[int, TableReader] = {}
    for number, part in zip(given, parts, strict=True):
        last_id += not number
        numbered[number or last_id] = part
    return numbered, last_id


def _channel(part: TableReader, number: int, buses: Numbered) -> MapStrip:
    strip = _strip(part, f"ch{number}", CHANNEL, "sends")
    sends = part.table("sends")
    entries = dict(strip.entries)
    for bus in sends.values:
        what = f"send {bus} of {quote(strip.name or strip.id)}"
        if not bus.isdecimal() or int(bus) not in buses:
            there = f"write one of {', '.join(map(str, buses))}, or" if buses else "first"
            raise sends.label(what).fault(f"there is no bus {bus}; {there} add it under [[buses]]", bus)
        entries |= {f"send/bus{int(bus)}/{key}": entry for key, entry in _send(sends, bus, what).items()}
    return replace(strip, entries=entries)


def _send(sends: TableReader, bus: str, what: str) -> dict[str, Entry]:
    """Read one send: a control for its level alone, or a table of `level` and `mute`."""
    value = sends.values[bus]
    if not isinstance(value, dict) or not SEND.keys() & value.keys():
        return {"level": read_entry(sends, bus, what, read_knob)}
    send = sends.table(bus).label(what)
    send.expect(*SEND)
    return {key: read_entry(send, key, f"{key} of {what}", read) for key, read in SEND.items() if key in send}


def _strip(part: TableReader, strip: str, controls: Mapping[str, Reader], *more: str) -> MapStrip:
    part.expect(*STRIP_KEYS, *controls, *more)
    name = part.name("")
    of = quote(name or strip)
    entries = {key: read_entry(part, key, f"{key} of {of}", read) for key, read in controls.items() if key in part}
    part = part.label(of)
    return MapStrip(strip, name, _color(part), part.boolean("hide"), entries)


def _color(part: TableReader) -> str:
    color = part.values.get("color", STRIP_COLORS[0])
    if color not in STRIP_COLORS:
        raise part.fault(f"color is one of {', '.join(STRIP_COLORS)}, not {quote(color)}", "color")
    return str(color)

"""A map's plain data (of TOML, or made of the predecessor's JSON) → a Map, or a fault with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

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
from remote_mixer.drivers.midi_cc.model import COLORS, Map, MapLayer, MapStrip, check_shared
from remote_mixer.drivers.midi_cc.tables import Keys, Part, Reading, Table, quote

WHICH = ("cc", "nrpn")
CONTROL_KEYS = (*WHICH, "channel")
TRAVEL_KEYS = ("low", "high", "invert")
MOST_DB = 200
SWITCH, MOMENTARY = "switch", "momentary"

Reader = Callable[[Part], Entry]


def read_knob(at: Part) -> Knob:
    """Read a fader or a send's level."""
    at.expect(*CONTROL_KEYS, *TRAVEL_KEYS, "law")
    return _travel(at, _law(at))


def read_pan(at: Part) -> Knob:
    """Read a pan, whose law is always its own."""
    at.expect(*CONTROL_KEYS, *TRAVEL_KEYS)
    return _travel(at, None)


def read_button(at: Part) -> Button:
    """Read a mute."""
    at.expect(*CONTROL_KEYS, "on", "off", "kind")
    control = _control(at)
    on = at.whole("on", (0, control.top), control.top)
    off = at.whole("off", (0, control.top), 0)
    if on == off:
        raise at.fault(f"on and off are both {on}: write two different numbers")
    kind = at.held.get("kind", SWITCH)
    if kind not in (SWITCH, MOMENTARY):  # a set would stumble over a list
        raise at.fault(f"kind is “{SWITCH}” or “{MOMENTARY}”, not {quote(kind)}", "kind")
    return Button(control, on, off, kind == MOMENTARY)


def read_entry(holder: Part, key: str, what: str, reader: Reader) -> Entry:
    """Read what stands under a key of a strip or its sends: a CC alone, or a table."""
    told = holder.held[key]
    at = Part(holder.reading, (*holder.keys, key), told if isinstance(told, dict) else {"cc": told}, what)
    if isinstance(told, dict) or (isinstance(told, int | float) and not isinstance(told, bool)):
        return reader(at)
    raise at.fault(f"write a CC, as 20, or a table, as {{ cc = 20, channel = 2 }}, not {quote(told)}")


def _control(at: Part) -> Control:
    channel = at.whole("channel", (1, 16), 1, "a MIDI channel")
    if ("cc" in at) == ("nrpn" in at):
        raise at.fault("write one of cc = 20, cc = [20, 52] (14 bit) and nrpn = 1024")
    if "nrpn" in at:
        return Control(NRPN, channel, at.whole("nrpn", (0, MOST_NRPN), 0, "an NRPN"))
    cc = at.held["cc"]
    if not isinstance(cc, list):
        return Control(CC, channel, _cc(at, cc))
    numbers = [_cc(at, number) for number in cc]
    if len(set(numbers)) != 2 or len(numbers) != 2:
        raise at.fault("a 14-bit pair is two CCs, coarse and fine, as [20, 52]", "cc")
    return Control(PAIR, channel, *numbers)


def _cc(at: Part, found: object) -> int:
    return at.number("cc", found, (0, TOP_7), "a CC")


def _travel(at: Part, law: Law | None) -> Knob:
    control = _control(at)
    low, high = at.whole("low", (0, control.top), 0), at.whole("high", (0, control.top), control.top)
    if low >= high:
        raise at.fault(f"low ({low}) stands below high ({high}); invert = true turns a control round")
    if law is None and high - low < 2:
        raise at.fault("a pan needs a left, a middle and a right: put low and high further apart")
    return Knob(control, low, high, at.truth("invert"), law)


def _law(at: Part) -> Law:
    law = at.held.get("law", PLAIN)
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

"""Reader of the JSON maps of this program's predecessor.

A file: `{"midi_interface_out": …, "midi_interface_in": …, "channel_groups": [{"title": …, "channels": [{"title": …,
"volume_cc": 20, "mute_cc": 30, "verb_cc": 40, "mon_cc": 50, "hide": true}]}]}`: each group is a layer of channels, each
channel has sends to a reverb and to a monitor.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from remote_mixer.drivers.midi_cc.tables import Diagnostics, Table, TableReader
from remote_mixer.maps.files import Keys, MapFault
from remote_mixer.maps.toml_text import toml

TOP_KEYS = {"midi_interface_out": "output", "midi_interface_in": "input"}
CHANNEL_KEYS = {"title": "name", "volume_cc": "fader", "mute_cc": "mute", "hide": "hide"}
SEND_KEYS = {"verb_cc": (1, "Reverb"), "mon_cc": (2, "Monitor")}


@dataclass
class LegacyMap:
    """Plain data made from a predecessor's map, with the original key of each part, and warnings."""

    plain: dict[str, Any] = field(default_factory=dict)
    places: dict[Keys, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def place(self, keys: Keys) -> str:
        """Return the JSON key of these keys, or of the part that contains them."""
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, "")


def read_legacy(text: str, file: str) -> LegacyMap:
    """Return the map of a JSON text; raise MapFault if it is none. Numbers are not checked here."""
    plain = _parsed(text, file)
    former = LegacyMap()
    top = TableReader(Diagnostics(file, _shown), (), plain)
    top.expect(*TOP_KEYS, "channel_groups")
    ports = {new: top.text(old) for old, new in TOP_KEYS.items() if plain.get(old) is not None}
    layers = [_layer(former, group) for group in top.tables("channel_groups")]
    _name_apart(layers)
    used = {bus for layer in layers for channel in layer["channels"] for bus in channel.get("sends", {})}
    buses = [{"id": number, "name": name} for number, name in SEND_KEYS.values() if str(number) in used]
    former.plain = {"ports": ports, "buses": buses, "layers": layers}
    former.warnings = top.diagnostics.warnings
    return former


def as_toml(plain: Table, file: str) -> str:
    """Return the TOML text, with ids, of a predecessor's map from this file."""
    lines = [f"# Made from {file}, which is left as it was."]
    if plain["ports"]:
        lines += ["", "[ports]", *_keys(plain["ports"])]
    for bus in plain["buses"]:
        lines += ["", "[[buses]]", *_keys(bus)]
    number = 0
    for layer in plain["layers"]:
        lines += ["", "[[layers]]", f"name = {toml(layer['name'])}"]
        for channel in layer["channels"]:
            number += 1
            lines += ["", "  [[layers.channels]]", *(f"  {line}" for line in _keys({"id": number, **channel}))]
    text = "\n".join(lines) + "\n"
    return text.encode("utf-8", "replace").decode()  # JSON may hold lone surrogates


def _keys(table: Table) -> list[str]:
    return [f"{key} = {toml(value)}" for key, value in table.items()]


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as fault:
        raise MapFault(f"{file}, line {fault.lineno}: this is not valid JSON ({fault.msg}): fix it there") from fault
    except ValueError as fault:  # more digits than Python converts
        raise MapFault(f"{file}: a number in it is far too long: fix it there") from fault
    except RecursionError as fault:
        raise MapFault(f"{file}: this is not a map: its brackets are nested too deeply") from fault
    if not isinstance(plain, dict):
        raise MapFault(f"{file}: a map in JSON begins with {{ and has “channel_groups”")
    return plain


def _layer(former: LegacyMap, group: TableReader) -> dict[str, Any]:
    group.expect("title", "channels")
    new: Keys = ("layers", group.keys[-1])
    former.places |= {new: _shown(group.keys), (*new, "name"): _shown((*group.keys, "title"))}
    name = group.text("title") or f"Layer {int(group.keys[-1]) + 1}"
    return {"name": name, "channels": [_channel(former, new, channel) for channel in group.tables("channels")]}


def _channel(former: LegacyMap, layer: Keys, channel: TableReader) -> dict[str, Any]:
    channel.expect(*CHANNEL_KEYS, *SEND_KEYS)
    new: Keys = (*layer, "channels", channel.keys[-1])
    former.places[new] = _shown(channel.keys)
    former.places |= {(*new, name): _shown((*channel.keys, key)) for key, name in CHANNEL_KEYS.items()}
    former.places |= {(*new, "sends", str(bus)): _shown((*channel.keys, key)) for key, (bus, _) in SEND_KEYS.items()}
    values = {key: value for key, value in channel.values.items() if value is not None}
    data = {name: values[key] for key, name in CHANNEL_KEYS.items() if key in values}
    sends = {str(bus): values[key] for key, (bus, _) in SEND_KEYS.items() if key in values}
    return data | ({"sends": sends} if sends else {})


def _name_apart(layers: list[dict[str, Any]]) -> None:
    """Number layers of the same title: a layer is found by its name."""
    seen: set[str] = set()
    for layer in layers:
        name, count = layer["name"], 2
        while layer["name"] in seen:
            layer["name"], count = f"{name} {count}", count + 1
        seen.add(layer["name"])


def _shown(keys: Keys) -> str:
    """Return keys as text: channel_groups[0].channels[2].volume_cc."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")

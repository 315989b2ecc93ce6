"""The JSON layout of a predecessor of this program → the plain data of a map of ours.

It was `{"midi_interface_out": …, "midi_interface_in": …, "channel_groups": [{"title": …, "channels": [{"title": …,
"volume_cc": 20, "mute_cc": 30, "verb_cc": 40, "mon_cc": 50, "hide": true}]}]}`: each group a row of channels, each
channel with sends to a reverb and to a monitor.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from remote_mixer.drivers.midi_cc.tables import Keys, MapFault, Part, Reading

TOP_KEYS = {"midi_interface_out": "output", "midi_interface_in": "input"}
CHANNEL_KEYS = {"title": "name", "volume_cc": "fader", "mute_cc": "mute", "hide": "hide"}
SEND_KEYS = {"verb_cc": (1, "Reverb"), "mon_cc": (2, "Monitor")}


@dataclass
class Former:
    """A map made of the predecessor's: its plain data, where each part of it stood, and the warnings."""

    plain: dict[str, Any] = field(default_factory=dict)
    places: dict[Keys, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def place(self, keys: Keys) -> str:
        """Return the key at which something stood in the JSON, or what held it."""
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, "")


def read_former(text: str, file: str) -> Former:
    """Return the map that a JSON text makes; raise MapFault where it is none. Its numbers are not checked here."""
    plain = _parsed(text, file)
    former = Former()
    top = Part(Reading(file, _shown), (), plain)
    top.expect(*TOP_KEYS, "channel_groups")
    ports = {new: top.text(old) for old, new in TOP_KEYS.items() if plain.get(old) is not None}
    layers = [_layer(former, group) for group in top.tables("channel_groups")]
    _name_apart(layers)
    used = {bus for layer in layers for channel in layer["channels"] for bus in channel.get("sends", {})}
    buses = [{"id": number, "name": name} for number, name in SEND_KEYS.values() if str(number) in used]
    former.plain = {"ports": ports, "buses": buses, "layers": layers}
    former.warnings = top.reading.warnings
    return former


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as fault:
        raise MapFault(f"{file}, line {fault.lineno}: this is no JSON ({fault.msg}): mend it there") from fault
    except ValueError as fault:  # past Python's limit of digits
        raise MapFault(f"{file}: a number in it is far too long: mend it there") from fault
    except RecursionError as fault:
        raise MapFault(f"{file}: this is no map: its brackets lie too deep in each other") from fault
    if not isinstance(plain, dict):
        raise MapFault(f"{file}: a map in JSON begins with {{ and has “channel_groups”")
    return plain


def _layer(former: Former, group: Part) -> dict[str, Any]:
    group.expect("title", "channels")
    new: Keys = ("layers", group.keys[-1])
    former.places |= {new: _shown(group.keys), (*new, "name"): _shown((*group.keys, "title"))}
    name = group.text("title") or f"Layer {int(group.keys[-1]) + 1}"
    return {"name": name, "channels": [_channel(former, new, channel) for channel in group.tables("channels")]}


def _channel(former: Former, layer: Keys, channel: Part) -> dict[str, Any]:
    channel.expect(*CHANNEL_KEYS, *SEND_KEYS)
    new: Keys = (*layer, "channels", channel.keys[-1])
    former.places[new] = _shown(channel.keys)
    former.places |= {(*new, name): _shown((*channel.keys, key)) for key, name in CHANNEL_KEYS.items()}
    former.places |= {(*new, "sends", str(bus)): _shown((*channel.keys, key)) for key, (bus, _) in SEND_KEYS.items()}
    held = {key: value for key, value in channel.held.items() if value is not None}
    told = {name: held[key] for key, name in CHANNEL_KEYS.items() if key in held}
    sends = {str(bus): held[key] for key, (bus, _) in SEND_KEYS.items() if key in held}
    return told | ({"sends": sends} if sends else {})


def _name_apart(layers: list[dict[str, Any]]) -> None:
    """Number groups that had the same title: a layer is found by its name."""
    seen: set[str] = set()
    for layer in layers:
        name, count = layer["name"], 2
        while layer["name"] in seen:
            layer["name"], count = f"{name} {count}", count + 1
        seen.add(layer["name"])


def _shown(keys: Keys) -> str:
    """Return keys as one writes them: channel_groups[0].channels[2].volume_cc."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")

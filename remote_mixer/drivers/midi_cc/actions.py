"""Actions of a MIDI console: their arguments, and the changes that they make to a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.actions import Action
from remote_mixer.desk.params import Number, Text
from remote_mixer.drivers.midi_cc.control import NRPN, PAIR, Control
from remote_mixer.drivers.midi_cc.draft import Draft
from remote_mixer.drivers.midi_cc.map_reader import CONTROL_KEYS, WHICH
from remote_mixer.drivers.midi_cc.tables import NAME
from remote_mixer.maps.files import Keys, MapFault

FIRST_LAYER = "Channels"
OF_ONE_RESOLUTION = {"low", "high", "on", "off"}


def bind(draft: Draft, path: str, control: Control) -> None:
    """Bind a param (local path, as `ch3/fader`) to a control; its law and other settings stay."""
    keys = _entry_keys(draft, path)
    draft.set(keys, _bound(draft.get(keys), control, draft.map.entries.get(path)))


def unbind(draft: Draft, path: str) -> None:
    """Remove a param's control."""
    if path not in draft.map.entries:
        raise MapFault(f"“{path}” has no control.")
    draft.set(_entry_keys(draft, path), None)


def describe(draft: Draft, texts: Mapping[str, str]) -> None:
    """Write names and colours of strips, by local path; strips that no longer exist are skipped."""
    there = {strip.id for strip in draft.map.strips}
    for path, text in texts.items():
        strip, key = paths.strip_and_param(path)
        if strip in there:
            draft.set((*draft.strip(strip), key), text)


def add_channel(draft: Draft, layer: str | None, name: str | None) -> None:
    """Append a channel to a layer (default: the last one); the first channel creates the first layer."""
    layers = draft.map.layers
    if not layers and layer is None:
        draft.insert(("layers", 0), {"name": FIRST_LAYER})
        keys: Keys = ("layers", 0)
    else:
        keys = draft.layer(layers[-1].name if layer is None else layer)
    count = len(draft.get((*keys, "channels")) or ())
    number = draft.map.last_id + 1
    draft.insert((*keys, "channels", count), {"id": number, "name": name} if name else {"id": number})


def delete_channel(draft: Draft, strip: str) -> None:
    """Delete a channel; its id is never used again."""
    draft.delete(_channel(draft, strip))
    if draft.get(("last_id",)) != draft.map.last_id:
        draft.set(("last_id",), draft.map.last_id)


def move_channel(draft: Draft, strip: str, layer: str | None, place: int | None) -> None:
    """Move a channel to a place (1-based, None: the end) in its own or another layer."""
    keys = _channel(draft, strip)
    to = keys[:2] if layer is None else draft.layer(layer)
    count = len(draft.get((*to, "channels")) or ()) - (to == keys[:2])
    draft.move(keys, (*to, "channels", _from_zero(place, count)))


def add_layer(draft: Draft, name: str) -> None:
    """Append an empty layer."""
    draft.insert(("layers", len(draft.map.layers)), {"name": _new_layer_name(draft, name)})


def rename_layer(draft: Draft, layer: str, name: str) -> None:
    """Rename a layer."""
    if name != layer:
        draft.set((*draft.layer(layer), "name"), _new_layer_name(draft, name))


def move_layer(draft: Draft, layer: str, place: int | None) -> None:
    """Move a layer with its channels to a place (1-based, None: the end)."""
    draft.move(draft.layer(layer), ("layers", _from_zero(place, len(draft.map.layers) - 1)))


def delete_layer(draft: Draft, layer: str) -> None:
    """Delete an empty layer."""
    keys = draft.layer(layer)
    values = len(draft.get((*keys, "channels")) or ())
    if values:
        raise MapFault(f"“{layer}” still holds {values} channel{'s' if values > 1 else ''}: move or delete them first.")
    draft.delete(keys)


def _channel(draft: Draft, strip: str) -> Keys:
    keys = draft.strip(strip)
    if keys[0] != "layers":
        raise MapFault(f"“{strip}” is not a channel: only channels can be moved and deleted.")
    return keys


def _from_zero(place: int | None, count: int) -> int:
    if place is not None and not 1 <= place <= count + 1:
        raise MapFault(f"A place here is a number from 1 to {count + 1}, not {place}.")
    return count if place is None else place - 1


def _new_layer_name(draft: Draft, name: str) -> str:
    if any(layer.name == name for layer in draft.map.layers):
        raise MapFault(f"There is already a layer “{name}”: choose another name.")
    return name


def _entry_keys(draft: Draft, path: str) -> Keys:
    """Return the keys at which a param's control is, or would be, written."""
    if path not in draft.map.learnable():
        raise MapFault(f"“{path}” cannot be bound to a control.")
    strip, *local = paths.segments(path)
    keys = draft.strip(strip)
    if len(local) == 1:
        return (*keys, local[0])
    keys = (*keys, "sends", local[1].removeprefix("bus"))
    entry_data = draft.get(keys)
    several = isinstance(entry_data, dict) and not set(WHICH) & entry_data.keys()
    return (*keys, local[2]) if several or local[2] != "level" else keys


def _bound(former: Any, control: Control, entry: Any) -> object:  # noqa: ANN401 - any TOML value
    """Return the new entry for a control, keeping the old settings that still apply."""
    kept = dict(former) if isinstance(former, dict) else {}
    dropped = {*CONTROL_KEYS, *(OF_ONE_RESOLUTION if entry and entry.control.top != control.top else ())}
    entry_data: dict[str, Any] = {"nrpn": control.number} if control.kind == NRPN else {"cc": control.number}
    if control.kind == PAIR:
        entry_data = {"cc": [control.number, control.lsb]}
    entry_data |= {"channel": control.channel} if control.channel != 1 else {}
    entry_data |= {key: value for key, value in kept.items() if key not in dropped}
    return entry_data["cc"] if entry_data.keys() == {"cc"} and control.kind != PAIR else entry_data


# Changes of the map. The parameters after the draft are the action's arguments.
EDITS: dict[str, Callable[..., None]] = {
    "unbind": unbind,
    "add_channel": add_channel,
    "delete_channel": delete_channel,
    "move_channel": move_channel,
    "add_layer": add_layer,
    "rename_layer": rename_layer,
    "move_layer": move_layer,
    "delete_layer": delete_layer,
}
_PATH, _STRIP = Text(200), Text(40)
_PLACE = Number(1, 9999, "", 1, whole=True)
ACTIONS = (
    Action("learn", "Learn", {"path": _PATH}, setup=True),
    Action("send", "Send", {"path": _PATH}),
    Action("send_all", "Send all"),
    Action("unbind", "Unbind", {"path": _PATH}, setup=True),
    Action("add_channel", "Add channel", {"layer": NAME, "name": NAME}, {"layer": None, "name": None}, setup=True),
    Action("delete_channel", "Delete channel", {"strip": _STRIP}, setup=True),
    Action(
        "move_channel",
        "Move channel",
        {"strip": _STRIP, "layer": NAME, "place": _PLACE},
        {"layer": None, "place": None},
        setup=True,
    ),
    Action("add_layer", "Add layer", {"name": NAME}, setup=True),
    Action("rename_layer", "Rename layer", {"layer": NAME, "name": NAME}, setup=True),
    Action("move_layer", "Move layer", {"layer": NAME, "place": _PLACE}, {"place": None}, setup=True),
    Action("delete_layer", "Delete layer", {"layer": NAME}, setup=True),
)
"""All actions; `send` and `send_all` leave the map as it is, the others are setup."""

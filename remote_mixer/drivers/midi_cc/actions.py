"""What a person may have this console do beside setting params, and what each action needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_cc.control import NRPN, PAIR, Control
from remote_mixer.drivers.midi_cc.draft import Draft
from remote_mixer.drivers.midi_cc.map_reader import CONTROL_KEYS, WHICH
from remote_mixer.drivers.midi_cc.tables import NAME, Keys, MapFault

FIRST_LAYER = "Channels"
OF_ONE_RESOLUTION = {"low", "high", "on", "off"}


def bind(draft: Draft, path: str, control: Control) -> None:
    """Put a param (local path, as `ch3/fader`) on a control; its law, and what else a person wrote of it, stays."""
    keys = _entry_keys(draft, path)
    draft.set(keys, _bound(draft.get(keys), control, draft.map.entries.get(path)))


def unbind(draft: Draft, path: str) -> None:
    """Take a param off its control."""
    if path not in draft.map.entries:
        raise MapFault(f"“{path}” is on no control.")
    draft.set(_entry_keys(draft, path), None)


def describe(draft: Draft, texts: Mapping[str, str]) -> None:
    """Write names and colours of strips, by the local paths of those params; strips that are gone are left out."""
    there = {strip.id for strip in draft.map.strips}
    for path, text in texts.items():
        strip, _, key = path.partition("/")
        if strip in there:
            draft.set((*draft.strip(strip), key), text)


def add_channel(draft: Draft, layer: str | None, name: str | None) -> None:
    """Add a channel at the end of a layer, of the last one if none is named; the first one makes the first layer."""
    layers = draft.map.layers
    if not layers and layer is None:
        draft.insert(("layers", 0), {"name": FIRST_LAYER})
        keys: Keys = ("layers", 0)
    else:
        keys = draft.layer(layers[-1].name if layer is None else layer)
    count = len(draft.get((*keys, "channels")) or ())
    number = draft.map.last_id + 1
    draft.insert((*keys, "channels", count), {"id": number, "name": _name(name)} if name else {"id": number})


def delete_channel(draft: Draft, strip: str) -> None:
    """Take a channel out, for good: its id is never given again."""
    draft.delete(_channel(draft, strip))
    if draft.get(("last_id",)) != draft.map.last_id:
        draft.set(("last_id",), draft.map.last_id)


def move_channel(draft: Draft, strip: str, layer: str | None, place: int | None) -> None:
    """Put a channel to another place (1-based; none: the end) of its layer or of another one."""
    keys = _channel(draft, strip)
    to = keys[:2] if layer is None else draft.layer(layer)
    count = len(draft.get((*to, "channels")) or ()) - (to == keys[:2])
    draft.move(keys, (*to, "channels", _from_zero(place, count)))


def add_layer(draft: Draft, name: str) -> None:
    """Add an empty layer at the end."""
    draft.insert(("layers", len(draft.map.layers)), {"name": _new_layer_name(draft, name)})


def rename_layer(draft: Draft, layer: str, name: str) -> None:
    """Give a layer another name."""
    if name != layer:
        draft.set((*draft.layer(layer), "name"), _new_layer_name(draft, name))


def move_layer(draft: Draft, layer: str, place: int | None) -> None:
    """Put a layer with its channels to another place (1-based; none: the end)."""
    draft.move(draft.layer(layer), ("layers", _from_zero(place, len(draft.map.layers) - 1)))


def delete_layer(draft: Draft, layer: str) -> None:
    """Take an empty layer out."""
    keys = draft.layer(layer)
    held = len(draft.get((*keys, "channels")) or ())
    if held:
        raise MapFault(f"“{layer}” still holds {held} channel{'s' if held > 1 else ''}: move or delete them first.")
    draft.delete(keys)


def _channel(draft: Draft, strip: str) -> Keys:
    keys = draft.strip(strip)
    if keys[0] != "layers":
        raise MapFault(f"“{strip}” is no channel: only channels can be moved and deleted.")
    return keys


def _from_zero(place: int | None, count: int) -> int:
    if place is not None and not 1 <= place <= count + 1:
        raise MapFault(f"A place here is a number from 1 to {count + 1}, not {place}.")
    return count if place is None else place - 1


def _new_layer_name(draft: Draft, name: str) -> str:
    if any(layer.name == name for layer in draft.map.layers):
        raise MapFault(f"There is a layer “{name}” already: take another name.")
    return _name(name)


def _name(name: str) -> str:
    try:
        return str(NAME.check(name))
    except ValueError as fault:
        raise MapFault(f"This cannot be a name: {fault}.") from fault


def _entry_keys(draft: Draft, path: str) -> Keys:
    """Return where the control of a param stands or would stand."""
    if path not in draft.map.learnable():
        raise MapFault(f"“{path}” cannot be put on a control.")
    strip, *local = path.split("/")
    keys = draft.strip(strip)
    if len(local) == 1:
        return (*keys, local[0])
    keys = (*keys, "sends", local[1].removeprefix("bus"))
    whole = draft.get(keys)
    several = isinstance(whole, dict) and not set(WHICH) & whole.keys()
    return (*keys, local[2]) if several or local[2] != "level" else keys


def _bound(former: Any, control: Control, entry: Any) -> object:  # noqa: ANN401 - whatever a person wrote
    """Return what to write for a control, with what else was said of it where that still makes sense."""
    kept = dict(former) if isinstance(former, dict) else {}
    dropped = {*CONTROL_KEYS, *(OF_ONE_RESOLUTION if entry and entry.control.top != control.top else ())}
    told: dict[str, Any] = {"nrpn": control.number} if control.kind == NRPN else {"cc": control.number}
    if control.kind == PAIR:
        told = {"cc": [control.number, control.lsb]}
    told |= {"channel": control.channel} if control.channel != 1 else {}
    told |= {key: value for key, value in kept.items() if key not in dropped}
    return told["cc"] if told.keys() == {"cc"} and control.kind != PAIR else told


Needs = Mapping[str, type]
"""What an action takes: name → kind. A name that ends with ? may be left out."""

# Changes of the map: what each needs, in the order in which its function takes it after the draft.
EDITS: dict[str, tuple[Callable[..., None], Needs]] = {
    "unbind": (unbind, {"path": str}),
    "add_channel": (add_channel, {"layer?": str, "name?": str}),
    "delete_channel": (delete_channel, {"strip": str}),
    "move_channel": (move_channel, {"strip": str, "layer?": str, "place?": int}),
    "add_layer": (add_layer, {"name": str}),
    "rename_layer": (rename_layer, {"layer": str, "name": str}),
    "move_layer": (move_layer, {"layer": str, "place?": int}),
    "delete_layer": (delete_layer, {"layer": str}),
}
PLAYED: dict[str, Needs] = {"learn": {"path": str}, "send": {"path": str}, "send_all": {}}
ACTIONS = (*PLAYED, *EDITS)


def taken(action: str, arguments: Mapping[str, Any]) -> list[Any]:
    """Return an action's arguments in order, None for what was left out; raise DriverError for one that is wrong."""
    needs = PLAYED[action] if action in PLAYED else EDITS[action][1]
    return [_taken(action, name, kind, arguments) for name, kind in needs.items()]


def _taken(action: str, name: str, kind: type, arguments: Mapping[str, Any]) -> object:
    key = name.removesuffix("?")
    value = arguments.get(key)
    if value is None and name.endswith("?"):
        return None
    if kind is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # a layer may be called 1, and a shell makes a number of that
    if not isinstance(value, kind) or isinstance(value, bool):
        raise DriverError(f"“{action}” needs {'a text' if kind is str else 'a number'} called “{key}”.")
    return value

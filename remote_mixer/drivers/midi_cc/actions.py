"""What a person may have this console do beside setting params, and what each action needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_cc import edits

Needs = Mapping[str, type]
"""What an action takes: name → kind. A name that ends with ? may be left out."""

# Changes of the map: what each needs, in the order in which its function takes it after the draft.
EDITS: dict[str, tuple[Callable[..., None], Needs]] = {
    "unbind": (edits.unbind, {"path": str}),
    "add_channel": (edits.add_channel, {"layer?": str, "name?": str}),
    "delete_channel": (edits.delete_channel, {"strip": str}),
    "move_channel": (edits.move_channel, {"strip": str, "layer?": str, "place?": int}),
    "add_layer": (edits.add_layer, {"name": str}),
    "rename_layer": (edits.rename_layer, {"layer": str, "name": str}),
    "move_layer": (edits.move_layer, {"layer": str, "place?": int}),
    "delete_layer": (edits.delete_layer, {"layer": str}),
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

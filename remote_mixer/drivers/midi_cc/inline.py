"""Values in TOML on one line, and setting them in a parsed table so that the comments beside them stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import InlineTable, Table

from remote_mixer.drivers.midi_cc.places import Keys


def toml(value: object) -> str:
    """Return a value in TOML on one line: tables inline, keys bare or quoted as needed."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{tomlkit.key(key).as_string()} = {toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(toml(item) for item in value)}]"
    return tomlkit.item(value).as_string()


def nested(names: Keys, value: object) -> object:
    """Return a value within a table for each of these names."""
    for name in reversed(names):
        value = {name: value}
    return value


def assign(table: Any, keys: Keys, value: object) -> list[str]:  # noqa: ANN401 - tomlkit's own kinds of table
    """Set a value in a parsed table, None for out; return the lines to write behind it, where the key is a new one."""
    key, *rest = keys
    if key not in table:
        return [] if value is None else [f"{key} = {toml(nested(tuple(rest), value))}"]
    held = table[key]
    if isinstance(held, Table):  # dotted keys: `sends.1 = 40`
        new = assign(held, tuple(rest), value) if rest else assign_each(held, value)
        return [f"{key}.{line}" for line in new]
    if rest:
        inner = held.unwrap() if isinstance(held, InlineTable) else {}
        value = _changed(inner, rest, value)
    if value is None:
        del table[key]
    else:
        table[key] = tomlkit.parse(f"value = {toml(value)}")["value"]
    return []


def _changed(inner: dict[Any, Any], keys: list[str | int], value: object) -> dict[Any, Any]:
    key, *rest = keys
    if rest:
        value = _changed(inner.get(key, {}), rest, value)
    changed = {**inner, key: value}
    return {name: item for name, item in changed.items() if item is not None}


def assign_each(table: Any, values: object) -> list[str]:  # noqa: ANN401 - as above
    """Make a parsed table hold these values and no others."""
    wanted = values if isinstance(values, Mapping) else {"cc": values}
    changes = {**dict.fromkeys(table), **wanted}
    return [line for key, value in changes.items() for line in assign(table, (key,), value)]

"""Draft of a changed map: each change is made in the data and in the text, and both must agree."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from remote_mixer.drivers.midi_cc.map_reader import read_map
from remote_mixer.drivers.midi_cc.model import Map
from remote_mixer.maps.document import BY_HAND, Document
from remote_mixer.maps.files import Keys, MapFault
from remote_mixer.maps.toml_text import toml


def parse(text: str, file: str) -> dict[str, Any]:
    """Return the plain data of a TOML text; raise MapFault, with the line, if it is not valid TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        reason, _, place = str(fault).rpartition(" (at ")
        line = place.partition(",")[0] if place.startswith("line") else f"line {text.count(chr(10)) + 1}"
        raise MapFault(f"{file}, {line}: this is not valid TOML ({reason or fault}): fix it there") from fault
    except RecursionError as fault:
        raise MapFault(f"{file}: this is not a map: its brackets are nested too deeply") from fault


def read_toml(text: str, file: str) -> Map:
    """Return the map of a TOML text; raise MapFault with file, line and what to write instead."""
    plain = parse(text, file)
    return read_map(plain, file, Lines(text))


class Lines:
    """Positions in a text, as “line 12”; the text is split only when a position is needed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._document: Document | None = None

    def __call__(self, keys: Keys) -> str:
        """Return the line of these keys; an empty text if unknown."""
        self._document = self._document or Document(self._text)
        line = self._document.line(keys)
        return f"line {line}" if line else ""


class Draft:
    """A map that is being changed. Keys are those of its plain data, as ("layers", 0, "channels", 3)."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self.map = read_toml(text, file)
        self.plain = parse(text, file)
        self._document = Document(text)
        self._strips = _strips(self.map)

    def finish(self) -> tuple[str, Map]:
        """Return the new text and its map; raise MapFault where the file's form does not allow the change."""
        text = self._document.text
        wanted = read_map(self.plain, self._file, lambda keys: "")
        try:
            made = read_toml(text, self._file)
        except MapFault as fault:
            raise MapFault(f"{self._file}: {BY_HAND}") from fault
        if made != wanted:
            raise MapFault(f"{self._file}: {BY_HAND}")
        return text, made

    def strip(self, strip_id: str) -> Keys:
        """Return the keys of a strip; raise MapFault for an unknown id."""
        if strip_id not in self._strips:
            raise MapFault(f"The map has no strip “{strip_id}” any more.")
        return self._strips[strip_id]

    def layer(self, name: str) -> Keys:
        """Return the keys of a layer; raise MapFault for an unknown name."""
        names = [layer.name for layer in self.map.layers]
        if name not in names:
            raise MapFault(f"The map has no layer “{name}” any more.")
        return ("layers", names.index(name))

    def get(self, keys: Keys) -> Any:  # noqa: ANN401 - any TOML value
        """Return the value at these keys; None if there is none."""
        values: Any = self.plain
        for key in keys:
            try:
                values = values[key]
            except (KeyError, IndexError, TypeError):
                return None
        return values

    def set(self, keys: Keys, value: object) -> None:
        """Write a value; None removes it."""
        self._document.set(keys, value)
        values: Any = self.plain
        for key in keys[:-1]:
            values = values.setdefault(key, {}) if isinstance(values, dict) else values[key]
        if value is None:
            values.pop(keys[-1], None)
        else:
            values[keys[-1]] = value

    def insert(self, keys: Keys, table: Mapping[str, Any]) -> None:
        """Insert a table into a list, at the place that ends the keys."""
        self._document.insert(keys, [f"{key} = {toml(value)}" for key, value in table.items()])
        self._list(keys).insert(int(keys[-1]), dict(table))

    def delete(self, keys: Keys) -> None:
        """Delete a table from its list."""
        self._document.delete(keys)
        del self._list(keys)[int(keys[-1])]

    def move(self, keys: Keys, to: Keys) -> None:
        """Move a table to the keys `to`, counted without it."""
        self._document.move(keys, to)
        table = self._list(keys).pop(int(keys[-1]))
        self._list(to).insert(int(to[-1]), table)

    def write_ids(self) -> None:
        """Write the ids of all strips that have none, or of no strip where the file's form does not allow it."""
        numbers = {self._strips[strip.id]: strip.number for strip in self.map.strips if strip.number}
        missing = {keys: number for keys, number in numbers.items() if "id" not in self.get(keys)}
        with suppress(MapFault):
            self._document.head({keys: f"id = {number}" for keys, number in missing.items()})
            for keys, number in missing.items():
                self.get(keys)["id"] = number

    def _list(self, keys: Keys) -> list[Any]:
        holder = self.get(keys[:-2])
        found: list[Any] = holder.setdefault(keys[-2], [])
        return found


def _strips(midi_map: Map) -> dict[str, Keys]:
    """Return the keys of each strip, by its id."""
    places: dict[str, Keys] = {bus.id: ("buses", n) for n, bus in enumerate(midi_map.buses)}
    for n, layer in enumerate(midi_map.layers):
        places |= {channel.id: ("layers", n, "channels", m) for m, channel in enumerate(layer.channels)}
    return places | {midi_map.main.id: ("main",)}

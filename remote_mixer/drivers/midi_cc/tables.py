"""Typed access to the tables of a map file, with positions for faults and warnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from remote_mixer.desk.params import Text
from remote_mixer.maps.files import Keys, MapFault

NAME = Text(32)

Table = Mapping[str, Any]


@dataclass
class Diagnostics:
    """Faults and warnings of one file.

    file      its name
    place     keys → line or JSON key; an empty text if unknown
    warnings  the warnings so far
    """

    file: str
    place: Callable[[Keys], str]
    warnings: list[str] = field(default_factory=list)

    def fault(self, keys: Keys, text: str) -> MapFault:
        """Return a fault at these keys."""
        return MapFault(self._with_place(keys, text))

    def warn(self, keys: Keys, text: str) -> None:
        """Add a warning at these keys."""
        self.warnings.append(self._with_place(keys, text))

    def _with_place(self, keys: Keys, text: str) -> str:
        place = self.place(keys)
        return f"{self.file}, {place}: {text}" if place else f"{self.file}: {text}"


@dataclass(frozen=True, slots=True)
class TableReader:
    """One table of the file: its position, its values, and its name for people."""

    diagnostics: Diagnostics
    keys: Keys
    values: Table
    what: str = ""

    def fault(self, text: str, *keys: str) -> MapFault:
        """Return a fault of this table, or of an item in it."""
        return self.diagnostics.fault((*self.keys, *keys), f"{self.what}: {text}" if self.what else text)

    def warn(self, text: str, *keys: str) -> None:
        """Add a warning about this table, or an item in it."""
        self.diagnostics.warn((*self.keys, *keys), f"{self.what}: {text}" if self.what else text)

    def label(self, what: str) -> TableReader:
        """Return the same table under a name for people."""
        return replace(self, what=what)

    def __contains__(self, key: str) -> bool:
        """Return whether the table has a key."""
        return key in self.values

    def expect(self, *known: str) -> None:
        """Add a warning for each unknown key."""
        for key in sorted(self.values.keys() - set(known)):
            near = get_close_matches(key, known, 1)
            meant = f"did you mean “{near[0]}”?" if near else "it is ignored"
            self.warn(f"unknown key {quote(key)}: {meant}", key)

    def table(self, key: str) -> TableReader:
        """Return the table under a key, an empty one if there is none."""
        found = self.values.get(key, {})
        if not isinstance(found, dict):
            raise self.fault(f"{key} is a table of its own, not {quote(found)}", key)
        return TableReader(self.diagnostics, (*self.keys, key), found)

    def tables(self, key: str) -> list[TableReader]:
        """Return the list of tables under a key, an empty one if there is none."""
        found = self.values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            names = ".".join([*(name for name in self.keys if isinstance(name, str)), key])
            raise self.fault(f"{key} is a list of tables, in TOML each under a line [[{names}]]", key)
        return [TableReader(self.diagnostics, (*self.keys, key, n), item) for n, item in enumerate(found)]

    def text(self, key: str) -> str:
        """Return the text under a key, an empty one if there is none."""
        found = self.values.get(key, "")
        if not isinstance(found, str):
            raise self.fault(f"{key} is a text in quotes, not {quote(found)}", key)
        return found

    def name(self, default: str) -> str:
        """Return the name, cut to fit a strip with a warning."""
        wanted = self.text("name") or default
        fitting = NAME.fit(wanted)
        if fitting != wanted:
            self.warn(f"a name is one line of at most {NAME.length} characters: it becomes {quote(fitting)}", "name")
        return fitting

    def boolean(self, key: str) -> bool:
        """Return the boolean under a key, false if there is none."""
        found = self.values.get(key, False)
        if not isinstance(found, bool):
            raise self.fault(f"{key} is true or false, not {quote(found)}", key)
        return found

    def integer(self, key: str, ends: tuple[int, int], default: int, label: str = "") -> int:
        """Return the whole number under a key, within these ends; the default if there is none."""
        return self.number(key, self.values[key], ends, label or key) if key in self.values else default

    def number(self, key: str, found: object, ends: tuple[int, int], label: str) -> int:
        """Return a value found under a key as a whole number within these ends; raise MapFault if it is none."""
        if isinstance(found, bool) or not isinstance(found, int) or not ends[0] <= found <= ends[1]:
            raise self.fault(f"{label} is a number from {ends[0]} to {ends[1]}, not {quote(found)}", key)
        return found


def quote(value: object) -> str:
    """Return a value as text for a message, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return f"a {'table' if isinstance(value, dict) else 'list'}"
    text = str(value) if len(str(value)) <= 40 else f"{str(value)[:40]}…"
    return f"“{text}”" if isinstance(value, str) else text

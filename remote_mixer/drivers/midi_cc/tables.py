"""Reading a person's file: what is there, what is not, and where a fault stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from remote_mixer.desk.params import Text

NAME = Text(32)

Keys = tuple[str | int, ...]
"""Where something stands in plain data: ("layers", 0, "channels", 3, "fader")."""
Table = Mapping[str, Any]


class MapFault(ValueError):
    """A map cannot be used or changed; the text names file and line or key, and says what to write instead."""


@dataclass
class Reading:
    """One reading of one file.

    file      its name, for faults
    place     the line or key at which keys stand, for faults; an empty text where that is not known
    warnings  what gathers
    """

    file: str
    place: Callable[[Keys], str]
    warnings: list[str] = field(default_factory=list)

    def fault(self, keys: Keys, text: str) -> MapFault:
        """Return the fault that stands at these keys."""
        return MapFault(self._said(keys, text))

    def warn(self, keys: Keys, text: str) -> None:
        """Note what a person should know of these keys."""
        self.warnings.append(self._said(keys, text))

    def _said(self, keys: Keys, text: str) -> str:
        place = self.place(keys)
        return f"{self.file}, {place}: {text}" if place else f"{self.file}: {text}"


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the file: where it stands, what it holds, and what a person would call it."""

    reading: Reading
    keys: Keys
    held: Table
    what: str = ""

    def fault(self, text: str, *keys: str) -> MapFault:
        """Return a fault of this table, or of something in it."""
        return self.reading.fault((*self.keys, *keys), f"{self.what}: {text}" if self.what else text)

    def warn(self, text: str, *keys: str) -> None:
        """Warn of this table, or of something in it."""
        self.reading.warn((*self.keys, *keys), f"{self.what}: {text}" if self.what else text)

    def called(self, what: str) -> Part:
        """Return the same under a name for people."""
        return replace(self, what=what)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is something under a key."""
        return key in self.held

    def expect(self, *known: str) -> None:
        """Warn of each key that nobody here understands."""
        for key in sorted(self.held.keys() - set(known)):
            near = get_close_matches(key, known, 1)
            meant = f"did you mean “{near[0]}”?" if near else "it is ignored"
            self.warn(f"nothing here is called {quote(key)}: {meant}", key)

    def table(self, key: str) -> Part:
        """Return the table under a key, an empty one where there is none."""
        found = self.held.get(key, {})
        if not isinstance(found, dict):
            raise self.fault(f"{key} is a table of its own, not {quote(found)}", key)
        return Part(self.reading, (*self.keys, key), found)

    def tables(self, key: str) -> list[Part]:
        """Return the tables listed under a key, none where it is not there."""
        found = self.held.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            names = ".".join([*(name for name in self.keys if isinstance(name, str)), key])
            raise self.fault(f"{key} is a list of tables, in TOML each under a line [[{names}]]", key)
        return [Part(self.reading, (*self.keys, key, n), item) for n, item in enumerate(found)]

    def text(self, key: str) -> str:
        """Return the text under a key, an empty one where there is none."""
        found = self.held.get(key, "")
        if not isinstance(found, str):
            raise self.fault(f"{key} is a text in quotes, not {quote(found)}", key)
        return found

    def name(self, default: str) -> str:
        """Return a name that fits on a strip; one that does not is cut with a warning."""
        told = self.text("name") or default
        fitting = NAME.fit(told)
        if fitting != told:
            self.warn(f"a name is one line of at most {NAME.length} characters: it becomes {quote(fitting)}", "name")
        return fitting

    def truth(self, key: str) -> bool:
        """Return true or false, false where there is nothing."""
        found = self.held.get(key, False)
        if not isinstance(found, bool):
            raise self.fault(f"{key} is true or false, not {quote(found)}", key)
        return found

    def whole(self, key: str, ends: tuple[int, int], default: int, called: str = "") -> int:
        """Return a whole number between these ends, the default where there is none."""
        return self.number(key, self.held[key], ends, called or key) if key in self.held else default

    def number(self, key: str, found: object, ends: tuple[int, int], called: str) -> int:
        """Return what was found under a key if it is a whole number between these ends; raise a fault if not."""
        if isinstance(found, bool) or not isinstance(found, int) or not ends[0] <= found <= ends[1]:
            raise self.fault(f"{called} is a number from {ends[0]} to {ends[1]}, not {quote(found)}", key)
        return found


def quote(value: object) -> str:
    """Name what a person wrote, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return f"a {'table' if isinstance(value, dict) else 'list'}"
    text = str(value) if len(str(value)) <= 40 else f"{str(value)[:40]}…"
    return f"“{text}”" if isinstance(value, str) else text

"""Record type of a layer: strips of any consoles in an order of its own, with separators.

A layer keeps the paths of its strips whether their consoles are here or not. In the database its items are lines: a
strip's path, or SEPARATOR and a title.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.policy import ROLES
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people.identifiers import visible

SEPARATOR = "= "
MOST_NAME, MOST_PATH = 24, 64
"""Longest name and title, and longest path of a strip, in characters."""
MOST_STRIPS, MOST_ITEMS = 128, 192
"""Most strips of a layer, and most items with its separators."""

Item = str | dict[str, str]
"""A strip's path as `foh/ch1`, or `{"separator": "Drums"}`, its title "" for none."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Layer of a person, or of the whole sound crew.

    owner  the person's name in small letters, or the role of callers without a name; "" for a shared layer
    lines  its items, one a line
    roles  roles whose pages have it by default, with spaces between; of a shared layer alone
    rev    number of its version, from 1
    at     time at which it was made, of the clock of lifetimes
    """

    id: str
    owner: str
    name: str
    lines: str
    roles: str
    rev: int
    at: float

    @property
    def items(self) -> list[Item]:
        """Strips and separators, in their order."""
        return [_item(line) for line in self.lines.splitlines()]

    @property
    def is_shared(self) -> bool:
        """Whether it is the whole sound crew's."""
        return not self.owner

    def is_for(self, role: str) -> bool:
        """Whether the pages of a role have it by default."""
        return role in self.roles.split()

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object for the API and the wire."""
        about = {"id": self.id, "name": self.name, "shared": self.is_shared, "roles": self.roles.split()}
        return {**about, "rev": self.rev, "items": self.items}


def name_of(value: object) -> str:
    """Return a layer's name as one line. Raises Refusal: bad-value."""
    return _line(value, f"A layer's name has 1 to {MOST_NAME} characters.", least=1)


def lines_of(value: object) -> str:
    """Return items in the form of the database. Raises Refusal: bad-value."""
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise _bad(f"A layer's items are a list of at most {MOST_ITEMS} strips and separators.")
    lines = [_checked(item) for item in value]
    strips = [line for line in lines if not line.startswith(SEPARATOR)]
    if not 0 < len(strips) <= MOST_STRIPS:
        raise _bad(f"A layer has 1 to {MOST_STRIPS} strips: this one would have {len(strips)}.")
    if twice := next((strip for strip in strips if strips.count(strip) > 1), None):
        raise _bad(f"{twice} would stand in this layer twice: name each strip once.")
    return "\n".join(lines)


def roles_of(value: object) -> str:
    """Return roles in the form of the database. Raises Refusal: bad-value."""
    if not isinstance(value, list) or any(role not in ROLES for role in value):
        raise _bad(f"A layer's roles are a list of {', '.join(ROLES)}.")
    return " ".join(role for role in ROLES if role in value)


def strips_in(items: Iterable[Item]) -> list[str]:
    """Return the paths of the strips among items."""
    return [item for item in items if isinstance(item, str)]


def _item(line: str) -> Item:
    return {"separator": line.removeprefix(SEPARATOR)} if line.startswith(SEPARATOR) else line


def _checked(item: object) -> str:
    if isinstance(item, dict) and set(item) == {"separator"}:
        return SEPARATOR + _line(item["separator"], f"A separator's title has at most {MOST_NAME} characters.")
    if isinstance(item, str) and _is_strip(item):
        return item
    raise _bad('Each item is a strip, as foh/ch1, or a separator, as {"separator": "Drums"}.')


def _is_strip(path: str) -> bool:
    segments = paths.segments(path)
    is_plain = path.isascii() and path.isprintable() and " " not in path
    return is_plain and len(path) <= MOST_PATH and len(segments) == 2 and all(segments)


def _line(value: object, text: str, least: int = 0) -> str:
    line = visible(value) if isinstance(value, str) else None
    if line is None or not least <= len(line) <= MOST_NAME:
        raise _bad(text)
    return line


def _bad(text: str) -> Refusal:
    return Refusal(Code.BAD_VALUE, text)

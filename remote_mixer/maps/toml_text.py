"""TOML text: line ranges of tables, values on one line, and values set in parsed tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import InlineTable, Table

from remote_mixer.maps.files import Keys

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]\]?\s*(?:#.*)?$")
ASSIGNMENT = re.compile(rf"\s*({_KEYS})\s*=")
_EMPTY = re.compile(r"\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one table: from `start` (the comments right above it) over its header to before `end`.

    core  the line after its last key
    """

    keys: Keys
    start: int
    header: int
    core: int
    end: int


def find_blocks(lines: list[str]) -> list[Block]:
    """Return all tables in order; the first one is the text before any header."""
    headers = [(n, found) for n, line in _outside_texts(lines) if (found := _HEADER.match(line))]
    starts = [_comments_above(lines, n) for n, _ in headers]
    ends = [*starts, len(lines)]
    counters: dict[Keys, int] = {}
    blocks = [Block((), 0, -1, _core(lines, 0, ends[0]), ends[0])]
    for (n, found), start, end in zip(headers, starts, ends[1:], strict=True):
        keys = _resolved(names_of(found[2]), counters, new=found[1] == "[[")
        blocks.append(Block(keys, start, n, _core(lines, n + 1, end), end))
    return blocks


def _outside_texts(lines: list[str]) -> list[tuple[int, str]]:
    """Return the numbered lines that are not within a multi-line text."""
    outside, open_text = [], ""
    for n, line in enumerate(lines):
        if not open_text:
            outside.append((n, line))
        for mark in ('"""', "'''"):
            if open_text in {"", mark} and line.count(mark) % 2:
                open_text = "" if open_text else mark
    return outside


def _comments_above(lines: list[str], header: int) -> int:
    start = header
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _core(lines: list[str], start: int, end: int) -> int:
    """Return the line after the last one that is neither empty nor a comment."""
    while end > start and _EMPTY.match(lines[end - 1]):
        end -= 1
    return end


def names_of(text: str) -> tuple[str, ...]:
    """Return the keys of a header or an assignment, without quotes."""
    return tuple(name.strip().strip("\"'") for name in re.findall(_KEY, text))


def _resolved(names: tuple[str, ...], counters: dict[Keys, int], *, new: bool) -> Keys:
    """Return a header's names, each list followed by the index in it; `new` begins a list item."""
    if new:
        for longer in [known for known in counters if known[: len(names)] == names and known != names]:
            del counters[longer]
        counters[names] = counters.get(names, -1) + 1
    keys: list[str | int] = []
    for n in range(len(names)):
        keys.append(names[n])
        if names[: n + 1] in counters:
            keys.append(counters[names[: n + 1]])
    return tuple(keys)


def toml(value: object) -> str:
    """Return a value as TOML on one line: tables inline, keys quoted as needed."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{tomlkit.key(key).as_string()} = {toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(toml(item) for item in value)}]"
    return tomlkit.item(value).as_string()


def nested(names: Keys, value: object) -> object:
    """Return a value within one table for each of these names."""
    for name in reversed(names):
        value = {name: value}
    return value


def assign(table: Any, keys: Keys, value: object) -> list[str]:  # noqa: ANN401 - tomlkit's own kinds of table
    """Set a value in a parsed table, None to remove it; return the lines to append, for a new key."""
    key, *rest = keys
    if key not in table:
        return [] if value is None else [f"{key} = {toml(nested(tuple(rest), value))}"]
    values = table[key]
    if isinstance(values, Table):  # dotted keys: `sends.1 = 40`
        new = assign(values, tuple(rest), value) if rest else assign_each(values, value)
        return [f"{key}.{line}" for line in new]
    if rest:
        inner = values.unwrap() if isinstance(values, InlineTable) else {}
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
    """Make a parsed table hold exactly these values."""
    wanted = values if isinstance(values, Mapping) else {"cc": values}
    changes = {**dict.fromkeys(table), **wanted}
    return [line for key, value in changes.items() for line in assign(table, (key,), value)]

"""The lines of a TOML file by the tables that they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from remote_mixer.drivers.midi_cc.places import Keys

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]\]?\s*(?:#.*)?$")
ASSIGNMENT = re.compile(rf"\s*({_KEYS})\s*=")
_EMPTY = re.compile(r"\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Block:
    """One table's lines: from `start` (the comments right above it) over its header to before `end`.

    core  the line after its last key
    """

    keys: Keys
    start: int
    header: int
    core: int
    end: int


def find_blocks(lines: list[str]) -> list[Block]:
    """Return all tables in order; the first one is what stands before any header."""
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
    """Return the lines that do not lie within a text of several lines, numbered."""
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
    """Return a header's names with the place in each list that they go through; a new entry counts."""
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

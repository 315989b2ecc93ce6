"""Scene and snippet files of these consoles (`.scn`, `.snp`): lines of text, read as far as our tables go.

A line has all values of a node, or one value at its own address, as most lines of snippets do. Facts: lines of scene
files of real desks; an X Air's lines have the same form with fewer values. No I/O.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer import x32, xair
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.scene_preamps import Lines, preamp_of
from remote_mixer.drivers.behringer.table import Leaf
from remote_mixer.drivers.behringer.texts import UnknownUnit, printed, tokens, value_in
from remote_mixer.drivers.osc import parts_of

FAMILIES = (x32.FAMILY, xair.FAMILY)
MOST_CHARACTERS, MOST_LINES = 2_000_000, 20_000
FIRST_NAMED = 3
"""Addresses of each kind of what is left out that are named."""

FOREIGN_TEXT = "This is no scene file of an X32, M32, X Air or MR console. Nothing was changed."
EMPTY_TEXT = "This file of a {} holds nothing that the mixer knows. Nothing was changed."
DAMAGED_TEXT = "The file is damaged: its line {} is none of a scene. Nothing was changed."
TOO_LARGE_TEXT = "The file is far larger than a scene of a console. Nothing was changed."

_LINE_END = re.compile(r"[\r\n]+")
_HEADER = re.compile(r"#\d+(?:\.\d+)*#")
_LINE = re.compile(r"/[\w/-]+(\s|$)")
_DIGITS = re.compile(r"\d+")


@dataclass
class SceneFile:
    """Scene of a file, and what of it is not known.

    word    the family's word, as in `--console NAME=WORD:…`
    values  local path, as `ch1/fader` → value
    left    kind of line or value that is not known → the addresses that have it
    """

    word: str
    name: str
    note: str
    values: dict[str, Value] = field(default_factory=dict)
    left: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def left_out(self) -> list[dict[str, object]]:
        """Return what was left out by kind, the most frequent first: kind, count, and the first few addresses."""
        kinds = sorted(self.left.items(), key=lambda item: -len(item[1]))
        return [{"kind": kind, "count": len(some), "first": some[:FIRST_NAMED]} for kind, some in kinds]


def read(text: str) -> SceneFile:
    """Return what a file holds; ValueError with a sentence for a file of another kind, or one without a known value."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(TOO_LARGE_TEXT)
    name, note, lines = _parts(text)
    found = max((_read(family, name, note, lines) for family in FAMILIES), key=_fitness)
    if not found.values:
        raise ValueError(EMPTY_TEXT.format(found.word))
    return found


def _fitness(found: SceneFile) -> int:
    """Return how well a family's tables fit a file."""
    return len(found.values) - sum(map(len, found.left.values()))


def _parts(text: str) -> tuple[str, str, list[str]]:
    """Return name, note and lines of a file, without a person's remarks; ValueError where it has another form."""
    lines = [line.strip() for line in _LINE_END.split(text.removeprefix("\ufeff")) if line.strip()]
    head = tokens(lines[0]) if lines and _HEADER.match(lines[0]) else []
    body = [line for line in (lines[1:] if head else lines) if not line.startswith("# ")]
    if not body or len(body) > MOST_LINES or "\0" in text:
        raise ValueError(FOREIGN_TEXT)
    strange = next((place for place, line in enumerate(body) if not _LINE.match(line)), None)
    if strange is not None:
        raise ValueError(DAMAGED_TEXT.format(strange + (2 if head else 1)) if strange or head else FOREIGN_TEXT)
    quoted = [token.strip('"').strip() for token in head[1:] if token.startswith('"')]
    return (quoted or [""])[0], (quoted[1:] or [""])[0], body


def _read(family: Family, name: str, note: str, lines: list[str]) -> SceneFile:
    found = SceneFile(family.word, name, note)
    lines_by_node = {node: texts for node, *texts in map(tokens, lines)}
    leaves = {**_leaves(family.word), **_preamps(family, lines_by_node)}
    for line in lines:
        node, *words = tokens(line)
        texts = {node: words[0]} if node in leaves and words else printed(line, family.nodes)
        if leaves.keys().isdisjoint(texts):
            found.left[_kind(node)].append(node)
            continue
        for address, text in texts.items():
            if address in leaves:
                _take(found, leaves[address], address, text)
            else:
                found.left[_kind(address)].append(address)
        if len(words) > len(texts):
            found.left[f"{_kind(node)} with more values"].append(node)
    return found


def _take(found: SceneFile, leaves: list[Leaf], address: str, text: str) -> None:
    """Store the values of one address: of both strips of a link, of all bits of a mask."""
    try:
        found.values |= {leaf.path: value_in(leaf.encoding, text) for leaf in leaves}
    except UnknownUnit as fault:
        found.left[f"{_kind(address)} {fault}"].append(address)
    except ValueError:
        found.left[f"{_kind(address)} {text[:12]}"].append(address)


def _kind(address: str) -> str:
    """Return what lines of one kind have in common: `/ch/*/automix`."""
    return "/" + _DIGITS.sub("*", "/".join(parts_of(address)))


@cache
def _leaves(word: str) -> Mapping[str, list[Leaf]]:
    """Return the leaves of a family by address, but for what no scene holds."""
    by_address: dict[str, list[Leaf]] = defaultdict(list)
    for leaf in _settings(next(family for family in FAMILIES if family.word == word)):
        by_address[leaf.address].append(leaf)
    return dict(by_address)


def _preamps(family: Family, lines: Lines) -> dict[str, list[Leaf]]:
    """Return the leaves of the preamps that feed channels in a file, by address."""
    by_address: dict[str, list[Leaf]] = defaultdict(list)
    for group in family.groups:
        for number in group.numbers if group.id == "ch" else ():
            preamp = preamp_of(family.word, number, lines)
            amp = None if preamp is None else family.head_amps.amps.get(preamp)
            for leaf in amp.leaves(group.strip_id(number)) if amp else ():
                by_address[leaf.address].append(leaf)
    return by_address


def _settings(family: Family) -> Iterator[Leaf]:
    return (leaf for leaf in family.leaves() if not leaf.path.startswith("scene/") and not leaf.path.endswith("/solo"))

"""Matching of a scene's strips with those of another console, or of another layout: by name, then by number.

No I/O. A strip that stands here is meant itself. All others are matched with strips of the same sort: inputs with
inputs, buses with buses. A person may correct each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.laws import Laws, law_of
from remote_mixer.desk.layout import Strip
from remote_mixer.desk.params import Position, Value
from remote_mixer.desk.paths import strip_of
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.scenes import Scope
from remote_mixer.desk.sections import OF_CONSOLES
from remote_mixer.desk.tapers import Taper

SORTS = {"bus": "bus", "mtx": "matrix", "dca": "dca", "main": "main", "mono": "main"}
"""Letters of a strip's id → its sort; all others are inputs."""
INPUT = "input"
SEND = "/send/"
SORT_OF_KIND = {"channel": INPUT, "return": INPUT}

NO_STRIP_TEXT = "“{}” is no strip here: choose one of those that there are."
NO_CONSOLE_TEXT = "“{}” is no console here: choose one of those that there are."
TWICE_TEXT = "Two strips of the scene cannot go to “{}”: choose another one for one of them."


@dataclass(frozen=True, slots=True)
class Match:
    """Table of a scene's strips: which of those here each is meant for.

    strips  strip of the scene → strip here, None for none; what is not in it stands here itself
    left    strips that a person leaves out
    names   strip of the scene → its name there, "" where that is not kept
    """

    strips: Mapping[str, str | None] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object: strip of the scene → its name there, and the strip here."""
        return {strip: {"name": self.names.get(strip, ""), "to": to} for strip, to in self.strips.items()}

    def scope(self, scope: Scope) -> Scope:
        """Return a scope of the scene's strips as one of those here."""
        if not self.strips:
            return scope
        there = {strip: to for strip, to in self.strips.items() if to}
        consoles = {paths.console_of(strip): paths.console_of(to) for strip, to in there.items()}
        return Scope(_with(scope.consoles, consoles), _with(scope.strips, there), scope.sections, scope.mix)

    def values(self, values: Mapping[str, Value], desk: Desk, laws: Laws) -> Mapping[str, Value]:
        """Return a scene's values by paths here; what no strip here is meant for keeps its own path.

        laws  the scene's own, by which a position is the same level under another law
        """
        if not self.strips:
            return values
        found: dict[str, Value] = {}
        for path, value in values.items():
            strip = strip_of(path)
            if strip in self.left:
                continue
            to = self._path(path, strip)
            found[to] = _converted(path, to, value, desk, laws)
        return found

    def _path(self, path: str, strip: str) -> str:
        """Return the path here of a scene's param; a send goes into the bus that its own bus is meant for."""
        to = self.strips.get(strip, strip)
        if to is None:
            return path
        param = paths.parse(path) if SEND in path else None
        if param is None or param.send is None:
            return to + path[len(strip) :]
        bus, what = param.send
        into = self.strips.get(paths.join(param.console, bus), paths.join(param.console, bus))
        if into is None or paths.console_of(into) != paths.console_of(to):
            return path
        return paths.join(to, "send", paths.local_of(into), what)


def matched(values: Mapping[str, Value], desk: Desk, wanted: Mapping[str, str | None] | None = None) -> Match:
    """Return the table for a scene's values; empty where all its strips stand here.

    A scene of a console that is not here goes to the one whose names fit best, of those that it keeps no values of.

    wanted  a person's corrections: strip of the scene → strip here, or None to leave it out; or console of the scene →
            console here, for all its strips

    Raises Refusal `bad-value` for a correction to what is not here, or of two strips to one.
    """
    if not wanted and values.keys() <= desk.values.keys():  # the usual case, in no time
        return Match()
    wanted = wanted or {}
    onto = {one: to for one, to in wanted.items() if "/" not in one and to}
    here = {paths.join(name, strip.id): strip for name, layout in desk.layouts.items() for strip in layout.strips}
    kept = dict.fromkeys(strip for path in values if len(strip := strip_of(path)) < len(path))
    strange = [one for one in kept if paths.console_of(one) in onto or (one not in here and _is_read(one, desk))]
    strange = [one for one in strange if paths.local_of(one) not in OF_CONSOLES]
    corrected = {one: to for one, to in wanted.items() if "/" in one}
    if not strange and not corrected:
        return Match()
    _check(onto, corrected, desk, here)
    names = {one: name for one in strange if isinstance(name := values.get(f"{one}/name"), str)}
    look = _Look(desk, here, names, {one for one in kept if one in here} - set(strange))
    strips: dict[str, str | None] = {}
    for console, some in _by_console(strange).items():
        strips |= look.best(some, _targets(console, set(map(paths.console_of, kept)), desk, onto))
    taken = {to for to in corrected.values() if to}
    strips = {one: None if to in taken else to for one, to in strips.items()} | corrected
    displaced = {to: None for to in taken if to in kept and to not in strips}
    left = frozenset(one for one, to in corrected.items() if to is None)
    return Match(dict(sorted((strips | displaced).items(), key=_in_order)), left, names)


def _is_read(strip: str, desk: Desk) -> bool:
    """Whether it can be known that a strip is not here: a console that was not read yet has none."""
    layout = desk.layouts.get(paths.console_of(strip))
    return layout is None or bool(layout.strips)


def _check(onto: Mapping[str, str], corrected: Mapping[str, str | None], desk: Desk, here: Mapping[str, Strip]) -> None:
    for console in onto.values():
        if console not in desk.layouts:
            raise Refusal(Code.BAD_VALUE, NO_CONSOLE_TEXT.format(console[:40]))
    seen: set[str] = set()
    for to in filter(None, corrected.values()):
        if to not in here:
            raise Refusal(Code.BAD_VALUE, NO_STRIP_TEXT.format(to[:80]))
        if to in seen:
            raise Refusal(Code.BAD_VALUE, TWICE_TEXT.format(to))
        seen.add(to)


def _targets(console: str, kept: Collection[str], desk: Desk, onto: Mapping[str, str]) -> list[str]:
    """Return the consoles that a scene's console may go to."""
    if console in onto:
        return [onto[console]]
    if console in desk.layouts:
        return [console]
    return [name for name, layout in desk.layouts.items() if name not in kept and layout.strips]


@dataclass(frozen=True, slots=True)
class _Look:
    """The look for strips here. `taken` are those that the scene means itself."""

    desk: Desk
    here: Mapping[str, Strip]
    names: Mapping[str, str]
    taken: set[str]

    def best(self, strange: list[str], consoles: list[str]) -> dict[str, str | None]:
        """Return the matches with the console of which most names fit, then most numbers; the first of equals."""
        found: dict[str, str | None] = dict.fromkeys(strange)
        most = (-1, -1)
        for console in consoles:
            matches, by_name = self._matches(strange, console)
            score = (by_name, len(matches))
            if score > most:
                most, found = score, dict.fromkeys(strange) | matches
        self.taken.update(filter(None, found.values()))
        return found

    def _matches(self, strange: list[str], console: str) -> tuple[dict[str, str], int]:
        """Return strip of the scene → strip of a console here, and how many of them fit by name."""
        free = [path for path in self.here if paths.console_of(path) == console and path not in self.taken]
        found: dict[str, str] = {}
        by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        for path in free:
            by_name[_plain(self._name_here(path)), self._sort_here(path)].append(path)
        for strip in strange:
            some = by_name.get((_plain(self.names.get(strip, "")), _sort(strip)))
            if some and self.names.get(strip, "").strip():
                found[strip] = some.pop(0)
        count, left = len(found), set(free) - set(found.values())
        for strip in strange:
            same = paths.join(console, paths.local_of(strip))
            if strip not in found and same in left:
                found[strip] = same
                left.remove(same)
        return found, count

    def _name_here(self, path: str) -> str:
        name = self.desk.values.get(f"{path}/name")
        return name if isinstance(name, str) and name.strip() else self.here[path].label

    def _sort_here(self, path: str) -> str:
        kind = self.here[path].kind
        return SORT_OF_KIND.get(kind, kind)


def _sort(strip: str) -> str:
    """Return the sort of a strip by its id alone: its console may not be here."""
    return SORTS.get(paths.local_of(strip).rstrip("0123456789"), INPUT)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _by_console(strips: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for strip in sorted(strips, key=_number):
        found[paths.console_of(strip)].append(strip)
    return found


def _in_order(row: tuple[str, str | None]) -> tuple[str, str, int]:
    return _number(row[0])


def _number(strip: str) -> tuple[str, str, int]:
    """Return what sorts ch2 before ch10."""
    console, local = paths.console_of(strip), paths.local_of(strip)
    letters = local.rstrip("0123456789")
    digits = local[len(letters) :]
    return console, letters, int(digits) if digits.isascii() and digits else 0


def _with(some: frozenset[str] | None, there: Mapping[str, str]) -> frozenset[str] | None:
    return None if some is None else some | {there[one] for one in some if one in there}


def _converted(path: str, to: str, value: Value, desk: Desk, laws: Laws) -> Value:
    """Return a position for another law of the same unit, where both laws are known; else the value as it is."""
    if path == to or not isinstance(value, float):
        return value
    there, here = law_of(path, laws) or _law_here(path, desk), _law_here(to, desk)
    return here.to_position(there.to_unit(value)) if there and here and there.unit == here.unit else value


def _law_here(path: str, desk: Desk) -> Taper | None:
    """Return the law of a position here, None for another param, or none."""
    param = desk.param(path) if path in desk.values else None
    return desk.layouts[paths.console_of(path)].tapers[param.taper] if isinstance(param, Position) else None

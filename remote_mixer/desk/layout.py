"""A Layout is what a driver returns on opening: the console's strips, their params, their meter taps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.actions import Action
from remote_mixer.desk.meters import GAINS
from remote_mixer.desk.params import Choice, Param, Position, Text, Value
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sections import NO_PART_OF_A_MIX, is_kept_of_strips, is_part_of_a_mix
from remote_mixer.desk.tapers import Taper

ONLINE, OFFLINE, SYNCING = "online", "offline", "syncing"

# Every console has these two, so that its state travels as all other values do.
STATUS = Choice((ONLINE, OFFLINE, SYNCING), OFFLINE, read_only=True)
NOTICE = Text(500, read_only=True)
STRIP_COLORS = ("grey", "red", "orange", "yellow", "green", "cyan", "blue", "violet", "pink")
"""Colours of the strips of our own consoles; a console with colours of its own names those."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Any column with a fader.

    id      its segment in a path, as `ch3`
    kind    channel, return, bus, matrix, dca, main or solo
    number  1-based, as the console prints it; None where there is only one
    params  local path → Param, as `fader` or `send/bus2/level`
    taps    names of its meter taps, as `input` and `post_fader`
    pictures  names of what can be looked at, as `spectrum` and `loudness` (see `Driver.look`)
    """

    id: str
    kind: str
    number: int | None
    label: str
    params: Mapping[str, Param]
    taps: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A row of strips that the console itself defines: its name, and the ids of its strips in order."""

    name: str
    strips: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """One console.

    name       its nickname, the first segment of its paths
    tapers     by the name that its positions call
    params     the console's own, by local path
    strips     in order
    layers     the console's own rows of strips
    actions    what it can do beside setting params (see `Driver.act`)
    addresses  what the console itself calls a param, for people: `ch3/fader` → `CC 20`
    hidden_while_empty  no client sees the console while it has neither strips nor params
    """

    name: str
    title: str
    driver: str
    tapers: Mapping[str, Taper] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    strips: tuple[Strip, ...] = ()
    layers: tuple[Layer, ...] = ()
    actions: tuple[Action, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    hidden_while_empty: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether clients see the console."""
        return bool(self.strips or self.params) or not self.hidden_while_empty

    @property
    def own_params(self) -> dict[str, Param]:
        """The console's own params, by local path: status and notice, and what the driver adds."""
        return {"status": STATUS, "notice": NOTICE, **self.params}

    def paths(self) -> Iterator[tuple[str, Param]]:
        """Yield each full path with its param."""
        yield from self.by_path.items()

    @cached_property
    def by_path(self) -> Mapping[str, Param]:
        """Full path → param; made once."""
        made = dict(self._own_paths())
        for strip in self.strips:
            below = paths.join(self.name, strip.id, "")
            made |= {below + local: param for local, param in strip.params.items()}
        return made

    def _own_paths(self) -> Iterator[tuple[str, Param]]:
        return ((paths.join(self.name, local), param) for local, param in self.own_params.items())

    def fitting(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return values by full path as the desk keeps them; ValueError or KeyError where one does not fit."""
        by_path = self.by_path
        return {path: None if value is None else by_path[path].check(value) for path, value in values.items()}

    @cached_property
    def in_scenes(self) -> Mapping[str, Taper | None]:
        """Full path of each param that a scene keeps → law of its position, None for another kind; made once."""
        made = self._laws((path, param) for path, param in self._own_paths() if is_part_of_a_mix(path))
        by_params: dict[int, dict[str, Taper | None]] = {}
        for strip in self.strips:
            if strip.id not in NO_PART_OF_A_MIX:
                if id(strip.params) not in by_params:  # strips of a kind may share theirs
                    kept = ((local, param) for local, param in strip.params.items() if is_kept_of_strips(local))
                    by_params[id(strip.params)] = self._laws(kept)
                below = paths.join(self.name, strip.id, "")
                made |= {below + local: law for local, law in by_params[id(strip.params)].items()}
        return made

    def _laws(self, params: Iterable[tuple[str, Param]]) -> dict[str, Taper | None]:
        """Return the law of each position, None for another kind; nothing of what is only read."""
        return {
            path: self.tapers[param.taper] if isinstance(param, Position) else None
            for path, param in params
            if not param.read_only
        }

    @property
    def setup(self) -> list[str]:
        """Names of the actions for the host alone."""
        return [action.name for action in self.actions if action.setup]

    def check_action(self, name: str, arguments: Mapping[str, object]) -> dict[str, Value]:
        """Return an action's arguments as `Action.check` does; Refusal `bad-value` for a wrong name or argument."""
        for action in self.actions:
            if action.name == name:
                try:
                    return action.check(arguments)
                except ValueError as fault:
                    raise Refusal(Code.BAD_VALUE, str(fault), self.name) from fault
        raise Refusal(Code.BAD_VALUE, f"The console “{self.name}” cannot do “{name[:40]}”.", self.name)

    def taps(self) -> list[str]:
        """Return the full tap paths, in the order of the console's readings."""
        return [paths.join(self.name, strip.id, tap) for strip in self.strips for tap in strip.taps]

    def gains(self) -> tuple[int, ...]:
        """Return the places among those readings that are a gain (see `meters.GAINS`)."""
        names = (tap for strip in self.strips for tap in strip.taps)
        return tuple(place for place, tap in enumerate(names) if tap in GAINS)

    @cached_property
    def sights(self) -> frozenset[str]:
        """Full path of all that a page can look at: each strip, and each picture; made once."""
        pictures = (paths.join(self.name, strip.id, one) for strip in self.strips for one in strip.pictures)
        return frozenset(pictures).union(paths.join(self.name, strip.id) for strip in self.strips)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object: each distinct param once in `table`, and by path its index there; made once."""
        return self._json

    @cached_property
    def _json(self) -> dict[str, Any]:
        table: dict[Param, int] = {}
        places: dict[int, int] = {}
        own = _index(self.own_params, table, places)
        of_strips = {id(strip.params): strip.params for strip in self.strips}  # strips of a kind may share theirs
        indexes = {key: _index(params, table, places) for key, params in of_strips.items()}
        strips = [_strip_json(strip, indexes[id(strip.params)]) for strip in self.strips]
        return {
            "name": self.name,
            "title": self.title,
            "driver": self.driver,
            "tapers": {name: taper.as_json() for name, taper in self.tapers.items()},
            "table": [param.as_json() for param in table],
            "params": own,
            "strips": strips,
            "layers": [{"name": layer.name, "strips": list(layer.strips)} for layer in self.layers],
            "actions": [action.name for action in self.actions],
            "setup": self.setup,
            "action_schema": {action.name: action.as_json() for action in self.actions},
            "addresses": dict(self.addresses),
        }


def _index(params: Mapping[str, Param], table: dict[Param, int], places: dict[int, int]) -> dict[str, int]:
    """Return each param's place in the table; `places` has those of the objects met before, which strips share."""
    for param in params.values():
        if id(param) not in places:
            places[id(param)] = table.setdefault(param, len(table))
    return {local: places[id(param)] for local, param in params.items()}


def _strip_json(strip: Strip, params: dict[str, int]) -> dict[str, Any]:
    return {
        "id": strip.id,
        "kind": strip.kind,
        "number": strip.number,
        "label": strip.label,
        "params": params,
        "taps": list(strip.taps),
        "pictures": list(strip.pictures),
    }

"""Recall of a scene: the plan of what it would change, and why the rest stays.

Pure: nothing here sets a param. A recall does what its plan says and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

from remote_mixer.desk import paths
from remote_mixer.desk.history import GONE_TEXT, UNKNOWN_TEXT, Standing
from remote_mixer.desk.layout import ONLINE
from remote_mixer.desk.matching import Match
from remote_mixer.desk.moves import Span
from remote_mixer.desk.params import Param, Value
from remote_mixer.desk.refusal import RESTING_TEXT, Code, Held, Refusal
from remote_mixer.desk.scenes import ALL, Safes, Scope, is_safe
from remote_mixer.desk.sources import Source

SAFE_TEXT = "This is safe: no recall moves it."
OFFLINE_TEXT = "Its console is offline."


class Verdict(Enum):
    """Result of the look at one value of a scene."""

    WILL = "will"
    SAME = "same"
    SAFE = "safe"
    OUT = "out"
    """Out of the scope."""
    OFFLINE = "offline"
    MISSING = "missing"
    """No console has such a param, or it does not take the value."""
    HELD = "held"
    FORBIDDEN = "forbidden"
    """Beyond the rights of who recalls."""
    UNKNOWN = "unknown"
    """The scene has no value."""


VERDICT_OF_CODE = {Code.OFFLINE: Verdict.OFFLINE, Code.READ_ONLY: Verdict.MISSING}
QUIET = frozenset({Verdict.WILL, Verdict.SAME, Verdict.OUT})
"""Verdicts of which only the number is listed."""


class Row(NamedTuple):
    """One value of a scene: the present one, the scene's, the verdict, and its reason for a person ("" for none)."""

    before: Value
    after: Value
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True)
class RecallPlan:
    """Result of the look at all values of a scene: path → Row, in the scene's order.

    match  which strips here are meant, where the scene is of another console or layout
    """

    rows: Mapping[str, Row]
    match: Match = field(default_factory=Match)

    @cached_property
    def _moves(self) -> dict[str, Span]:
        return {path: (row.before, row.after) for path, row in self.rows.items() if row.verdict is Verdict.WILL}

    def values(self) -> dict[str, Span]:
        """Return path → (present value, value to set) of what the recall will set; searched for once."""
        return self._moves

    def ends(self) -> dict[str, Value]:
        """Return path → value of what the recall will set."""
        return {path: after for path, (_, after) in self._moves.items()}

    def may_move(self, path: str) -> bool:
        """Whether the recall may move a param on the way to its value."""
        return path in self.rows and self.rows[path].verdict in (Verdict.WILL, Verdict.SAME)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object: number of each verdict, what will change, and what stays with its reason."""
        counts = dict.fromkeys((verdict.value for verdict in Verdict), 0)
        stays: dict[str, dict[str, str]] = {}
        for path, row in self.rows.items():
            counts[row.verdict.value] += 1
            if row.verdict not in QUIET:
                stays[path] = {"verdict": row.verdict.value, "text": row.why}
        return {"counts": counts, "values": self.values(), "stays": stays, "match": self.match.as_json()}


def plan(
    values: Mapping[str, Value], standing: Standing, source: Source, scope: Scope = ALL, safes: Safes | None = None
) -> RecallPlan:
    """Return what a recall of these values would change now, for this source."""
    status = {name: standing.desk.values[paths.status(name)] for name in standing.desk.layouts}
    online = frozenset(name for name in status if status[name] == ONLINE)
    look = _Look(standing, source, scope, safes or {}, online)
    return RecallPlan({path: look.row(path, value) for path, value in values.items()})


class _Stays(Exception):
    """A value that is not set, and the reason."""

    def __init__(self, verdict: Verdict, why: str = "") -> None:
        super().__init__(verdict)
        self.verdict, self.why = verdict, why


@dataclass(frozen=True, slots=True)
class _Look:
    """The look at the values of a scene, one by one."""

    standing: Standing
    source: Source
    scope: Scope
    safes: Safes
    online: frozenset[str]

    def row(self, path: str, value: Value) -> Row:
        """Return the row of one value."""
        desk = self.standing.desk
        present = self.standing.value(path) if path in desk.values else None
        if paths.is_talk(path) or not self.scope.has(path):
            return Row(present, value, Verdict.OUT)
        try:
            param, after = self._fitting(path, value)
            if param.same(present, after) and desk.is_known(path):
                return Row(present, value, Verdict.SAME)  # the usual case
            self._check(path, after)
        except _Stays as stays:
            return Row(present, value, stays.verdict, stays.why)
        return Row(present, after, Verdict.WILL)

    def _fitting(self, path: str, value: Value) -> tuple[Param, Value]:
        """Return the param, and a value as it keeps it."""
        desk = self.standing.desk
        if path not in desk.values:
            raise _Stays(Verdict.MISSING, GONE_TEXT)
        if value is None:
            raise _Stays(Verdict.UNKNOWN, UNKNOWN_TEXT)
        param = desk.param(path)
        try:
            fitting = param.check(value)
        except ValueError as fault:
            raise _Stays(Verdict.MISSING, str(fault)) from fault
        if paths.console_of(path) not in self.online:
            raise _Stays(Verdict.OFFLINE, OFFLINE_TEXT)
        return param, fitting

    def _check(self, path: str, after: Value) -> None:
        """Raise the reason why a value that differs is not set."""
        desk = self.standing.desk
        if is_safe(path, self.safes):
            raise _Stays(Verdict.SAFE, SAFE_TEXT)
        try:
            desk.check(path, after, self.source, gradually=True)
        except Refusal as refusal:
            raise _Stays(_verdict_of(refusal), refusal.text) from refusal
        if desk.holder(path):
            raise _Stays(Verdict.HELD, RESTING_TEXT)


def _verdict_of(refusal: Refusal) -> Verdict:
    if isinstance(refusal, Held):
        return Verdict.HELD
    return VERDICT_OF_CODE.get(refusal.code, Verdict.FORBIDDEN)

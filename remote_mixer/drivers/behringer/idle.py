"""Reasons why params act on nothing now, as the tables name them. No I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer.table import Group

SOURCE = "source"
"""Stands for the routing of a preamp among the params that decide."""


class Reasons:
    """The reasons of one console, by path of a param, or of what several have in common (`bus1/eq/1`)."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._rules: dict[str, list[tuple[str, Mapping[Value, str]]]] = defaultdict(list)
        self._reasons: dict[str, dict[str, str]] = defaultdict(dict)
        for group in groups:
            for strip in map(group.strip_id, group.numbers):
                for idle in group.idle:
                    self._rules[f"{strip}/{idle.by}"] += [(f"{strip}/{part}", idle.why) for part in idle.locals]

    def see(self, path: str, value: Value) -> list[str]:
        """Note a param's value; return the paths whose reason it decides."""
        rules = self._rules.get(path, [])
        for idle, why in rules:
            self._reasons[idle][path] = why.get(value, "")
        return [idle for idle, _ in rules]

    def feed(self, path: str, reason: str) -> None:
        """Note why the routing leaves a param without effect; empty where it does not."""
        self._reasons[path][SOURCE] = reason

    def of(self, path: str) -> str:
        """Return the reason of a path; empty where it acts."""
        return next((reason for reason in self._reasons[path].values() if reason), "")

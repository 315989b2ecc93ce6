"""Ports of JACK, or of PipeWire, as params of the built-in engine's console: what each of ours is joined to.

The engine says which ports there are and what ours are joined to, by whoever did it; what a person chooses here is kept
with the console's values, and a new engine begins with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from remote_mixer.desk.params import Choice, Param, Value

FIRST = "port/"
USUAL, NOTHING, AND = "usual", "nothing", " + "


def _local(port: str) -> str:
    return FIRST + port.replace(" ", "_")


def _value(others: Sequence[str] | None) -> str:
    return USUAL if others is None else AND.join(others) or NOTHING


def _others(value: str) -> list[str] | None:
    """Return the ports that a value names; None for what is usual."""
    return None if value == USUAL else [] if value == NOTHING else value.split(AND)


class Ports:
    """Joins of our ports, whoever made them.

    graph  the engine's newest word
    """

    def __init__(self, kept: Mapping[str, Value]) -> None:
        """Begin with the values that were kept, by local path."""
        self._values = {local: str(value) for local, value in kept.items() if local.startswith(FIRST) and value}
        self.graph: Mapping[str, Any] = {}

    def begin(self) -> dict[str, list[str] | None]:
        """Return what a new engine is to join, by the port's short name; there is no port until it says so."""
        self.graph = {}
        return {_short(local): _others(value) for local, value in self._values.items() if value != USUAL}

    def choose(self, local: str, value: Value) -> dict[str, list[str] | None]:
        """Keep a person's choice; return it for the engine."""
        self._values[local] = str(value)
        return {_short(local): _others(str(value))}

    def take(self, graph: Mapping[str, Any]) -> None:
        """Take the engine's news of all ports, see `engine.line`."""
        self.graph = graph
        for ours in ("inputs", "outputs"):
            self._values |= {_local(port): _value(others) for port, others in graph.get(ours, {}).items()}

    def params(self) -> dict[str, Param]:
        """Return a choice for each port of ours, by local path; what it is joined to is among them, there or not."""
        found: dict[str, Param] = {}
        for ours, theirs in (("inputs", "sources"), ("outputs", "goals")):
            for port in self.graph.get(ours, {}):
                names = (USUAL, NOTHING, *self.graph[theirs], self._values[_local(port)])
                found[_local(port)] = Choice(tuple(dict.fromkeys(names)), USUAL)
        return found

    def values(self) -> dict[str, Value]:
        """Return the value of each of these params."""
        return {local: self._values[local] for local in self.params()}


def _short(local: str) -> str:
    """Return the name of a port, as JACK has it."""
    return local.removeprefix(FIRST).replace("_", " ")

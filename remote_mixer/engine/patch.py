"""Patch of our ports: what each is joined to, kept while the other side is away, and joined again when it is back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

Pair = tuple[str, str]
"""Short name of a port of ours, full name of the other."""
Chosen = Mapping[str, Collection[str] | None]
"""Short name of a port of ours → full names of what a person has joined it to; None for what is usual."""
NONE: Chosen = MappingProxyType({})


class Patch:
    """Pairs that are to be joined.

    A pair that comes apart while both ports are there was taken apart by a person, and is forgotten; one whose other
    port has gone is waited for.
    """

    def __init__(self, chosen: Chosen = NONE) -> None:
        """Begin with what a person has chosen before."""
        self.wanted: set[Pair] = set()
        self._away: set[Pair] = set()
        self._usual: set[Pair] = set()
        self._chosen: set[str] = set()
        self.is_new = True
        self.choose(chosen)

    def begin(self, usual: Iterable[Pair]) -> None:
        """Begin with a server on which nothing is joined; `usual` is wanted the first time, where nothing is chosen."""
        if self.is_new:
            self._usual, self.is_new = set(usual), False
            self.wanted |= {pair for pair in self._usual if pair[0] not in self._chosen}
        self._away = set(self.wanted)

    def choose(self, chosen: Chosen) -> None:
        """Want other pairs of these ports; what is joined besides has to be taken apart before the next look."""
        for port, others in chosen.items():
            pairs = _of(port, self._usual) if others is None else {(port, other) for other in others}
            self._chosen = self._chosen - {port} if others is None else self._chosen | {port}
            self.wanted = self.wanted - _of(port, self.wanted) | pairs
            self._away |= pairs

    def joins(self, port: str) -> list[str] | None:
        """Return what a port is wanted to be joined to, there or not; None where that is the usual."""
        pairs = _of(port, self.wanted)
        return None if pairs == _of(port, self._usual) else sorted(other for _, other in pairs)

    def to_join(self, joined: Collection[Pair], there: Collection[str]) -> list[Pair]:
        """Return the pairs that are to be joined now.

        joined  pairs that are
        there   full names of the ports that are there
        """
        apart = self.wanted - set(joined)
        away = {pair for pair in apart if pair[1] not in there}
        back = (apart - away) & self._away
        self.wanted = set(joined) | away | back
        self._away = away
        return sorted(back)

    def refused(self, pair: Pair) -> None:
        """Record that a pair could not be joined: its other port's program is not ready yet, so it is waited for."""
        self._away.add(pair)


def _of(port: str, pairs: Iterable[Pair]) -> set[Pair]:
    return {pair for pair in pairs if pair[0] == port}

"""Patch of our ports: what each is joined to, kept while the other side is away, and joined again when it is back."""

from __future__ import annotations

from collections.abc import Collection, Iterable

Pair = tuple[str, str]
"""Short name of a port of ours, full name of the other."""


class Patch:
    """Pairs that are to be joined.

    A pair that comes apart while both ports are there was taken apart by a person, and is forgotten; one whose other
    port has gone is waited for.
    """

    def __init__(self) -> None:
        self.wanted: set[Pair] = set()
        self._away: set[Pair] = set()
        self.is_new = True

    def begin(self, usual: Iterable[Pair]) -> None:
        """Begin with a server on which nothing is joined; `usual` is what is wanted the first time."""
        if self.is_new:
            self.wanted, self.is_new = set(usual), False
        self._away = set(self.wanted)

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

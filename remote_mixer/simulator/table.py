"""How a console's map is written down: rows of leaves below a strip, and the model that they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from remote_mixer.simulator.kinds import Choice, Kind, Value

ON_OFF = Choice(("OFF", "ON"))


@dataclass(frozen=True)
class Leaf:
    """One value of the console.

    address  below the strip in a table, whole in a model
    first    where it stands when the console leaves the factory
    fixed    the console alone sets it: a SET from outside does nothing
    """

    address: str
    kind: Kind
    first: Value
    fixed: bool = False


@dataclass(frozen=True)
class Link:
    """What makes a value follow another: both switches must be on.

    partner  the address at the other strip of the pair
    pair     the switch that links the two strips
    share    the switch that says whether linked strips share such values
    """

    partner: str
    pair: str
    share: str


@dataclass(frozen=True)
class Strips:
    """All strips of one kind: how many, where, and with what.

    root    address by number, as `/ch/{n:02}`
    switch  which word under /config links their pairs; none where they cannot be linked
    """

    root: str
    count: int
    leaves: tuple[Leaf, ...]
    switch: str = ""

    def roots(self) -> Iterator[str]:
        """Give the strips' addresses."""
        return (self.root.format(n=number) for number in range(1, self.count + 1))

    def all_leaves(self) -> Iterator[Leaf]:
        """Give all leaves with their whole addresses."""
        for root in self.roots():
            yield from below(root, self.leaves)

    def links(self, shared: Mapping[str, str]) -> Iterator[tuple[str, Link]]:
        """Give what follows what, by address; `shared` says which switch shares which part of a strip."""
        roots = list(self.roots()) if self.switch else []
        for place in range(0, len(roots) - 1, 2):
            pair = f"/config/{self.switch}/{place + 1}-{place + 2}"
            for leaf in self.leaves:
                share = shared.get(leaf.address.partition("/")[0])
                if share and not leaf.address.endswith("/pan"):
                    one, other = (f"{root}/{leaf.address}" for root in roots[place : place + 2])
                    yield one, Link(other, pair, share)
                    yield other, Link(one, pair, share)


@dataclass(frozen=True)
class Family:
    """What differs between X32 and X Air besides the map.

    clients        how many may hold /xremote at once
    echoes         whether /xremote tells a client of its own writes
    version        first field of /info
    current        where the number of the last recalled scene stands
    recall         the action that recalls
    scene_numbers  which numbers it takes
    scene_name     where a scene's name stands
    shared         which switch says whether linked strips share a part, by the part's first word
    shown_name     where the current scene's name stands, if anywhere
    """

    key: str
    port: int
    clients: int
    echoes: bool
    version: str
    current: str
    recall: str
    scene_numbers: range
    scene_name: str
    shared: Mapping[str, str]
    shown_name: str = ""


@dataclass(frozen=True)
class Model:
    """A console that can be played.

    counts  how many there are of what, by the word in its addresses: ch, bus, …
    leaves  all its values, by address
    nodes   which values a node such as /ch/01/mix holds, in their order
    links   which values follow others while their strips are linked
    """

    key: str
    title: str
    firmware: str
    family: Family
    counts: Mapping[str, int]
    leaves: Mapping[str, Leaf]
    nodes: Mapping[str, tuple[str, ...]]
    links: Mapping[str, Link] = field(repr=False)


def build(
    words: tuple[str, str, str],
    family: Family,
    counts: Mapping[str, int],
    strips: Iterable[Strips],
    others: Iterable[Leaf],
) -> Model:
    """Put a model together from its word, title and firmware, its strips, and the leaves that belong to none."""
    strips = tuple(strips)
    leaves = {leaf.address: leaf for kind in strips for leaf in kind.all_leaves()}
    leaves |= {leaf.address: leaf for leaf in (*others, *(leaf for kind in strips for leaf in _switches(kind)))}
    links = {address: link for kind in strips for address, link in kind.links(family.shared)}
    return Model(*words, family, counts, leaves, _nodes(leaves), links)


def below(root: str, leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Give leaves with their addresses below a root."""
    return (Leaf(f"{root}/{leaf.address}", leaf.kind, leaf.first, leaf.fixed) for leaf in leaves)


def _switches(kind: Strips) -> Iterator[Leaf]:
    if kind.switch:
        for odd in range(1, kind.count, 2):
            yield Leaf(f"/config/{kind.switch}/{odd}-{odd + 1}", ON_OFF, 0)


def _nodes(leaves: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return which leaves stand directly below which node, in the table's order."""
    nodes: dict[str, list[str]] = {}
    for address in leaves:
        nodes.setdefault(address.rpartition("/")[0], []).append(address)
    return {node: tuple(below) for node, below in nodes.items()}

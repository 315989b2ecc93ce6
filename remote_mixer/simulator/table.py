"""Tables of a console's address map: leaves of strips, and the model built from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from remote_mixer.simulator.kinds import Choice, Kind, Value

ON_OFF = Choice(("OFF", "ON"))


@dataclass(frozen=True)
class Leaf:
    """One value of the console.

    address  below the strip in a table, whole in a model
    first    factory value
    fixed    set by the console alone: a SET of a client does nothing
    """

    address: str
    kind: Kind
    first: Value
    fixed: bool = False


@dataclass(frozen=True)
class Link:
    """Link of a value to the same value of the paired strip; active while both switches are on.

    partner  the address at the other strip of the pair
    pair     the switch that links the two strips
    share    the switch that makes linked strips share such values
    """

    partner: str
    pair: str
    share: str


@dataclass(frozen=True)
class Strips:
    """All strips of one kind.

    root    address by number, as `/ch/{n:02}`
    switch  last part of the /config address that links pairs; empty if strips of this kind cannot be linked
    """

    root: str
    count: int
    leaves: tuple[Leaf, ...]
    switch: str = ""

    def roots(self) -> Iterator[str]:
        """Yield the addresses of the strips."""
        return (self.root.format(n=number) for number in range(1, self.count + 1))

    def all_leaves(self) -> Iterator[Leaf]:
        """Yield all leaves of all strips, with whole addresses."""
        for root in self.roots():
            yield from below(root, self.leaves)

    def links(self, shared: Mapping[str, str]) -> Iterator[tuple[str, Link]]:
        """Yield address and link of each value that strips share; `shared` maps a part of a strip to its switch."""
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
    """Differences between X32 and X Air besides the address map.

    clients        number of clients that may hold /xremote at once
    echoes         whether /xremote sends a client its own changes
    version        first field of /info
    current        address of the number of the scene that was loaded or saved last; empty where no address tells it
    recall         address of the action that recalls
    scene_numbers  numbers of scenes
    scene_name     address of a scene's name, by number `n`
    shared         switch that makes linked strips share a part, by the part's first word
    shown_name     address of the current scene's name, if there is one
    solos          (root of the strips, their first and last number) in the order of the solo switches; None for a
                   switch without a strip
    sends_ranges   whether it knows /formatsubscribe
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
    solos: tuple[tuple[str | None, int, int], ...]
    shown_name: str = ""
    sends_ranges: bool = True

    def soloed_by(self) -> Iterator[str | None]:
        """Yield the strip of each solo switch, from the first one on; None for a switch without a strip."""
        for root, first, last in self.solos:
            yield from (root.format(n=number) if root else None for number in range(first, last + 1))


@dataclass(frozen=True)
class Model:
    """One console model.

    counts  numbers of strips and groups, by their part of the address: ch, bus, …
    leaves  all values, by address
    nodes   addresses of the values in a node such as /ch/01/mix, in order
    links   values that follow another while their strips are linked
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
    """Build a model from (key, title, firmware), its strips, and the leaves outside strips."""
    strips = tuple(strips)
    leaves = {leaf.address: leaf for kind in strips for leaf in kind.all_leaves()}
    leaves |= {leaf.address: leaf for leaf in (*others, *(leaf for kind in strips for leaf in _switches(kind)))}
    links = {address: link for kind in strips for address, link in kind.links(family.shared)}
    return Model(*words, family, counts, leaves, _nodes(leaves), links)


def below(root: str, leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Yield leaves with their addresses below a root."""
    return (Leaf(f"{root}/{leaf.address}", leaf.kind, leaf.first, leaf.fixed) for leaf in leaves)


def _switches(kind: Strips) -> Iterator[Leaf]:
    if kind.switch:
        for odd in range(1, kind.count, 2):
            yield Leaf(f"/config/{kind.switch}/{odd}-{odd + 1}", ON_OFF, 0)


def _nodes(leaves: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the addresses directly below each node, in the table's order."""
    nodes: dict[str, list[str]] = {}
    for address in leaves:
        nodes.setdefault(address.rpartition("/")[0], []).append(address)
    return {node: tuple(below) for node, below in nodes.items()}

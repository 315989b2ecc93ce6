"""Nodes: one query that is answered by all values right under an address, as `/ch/01/mix`.

The consoles' own editors read in this way. As with a snapshot, an answer changes no value: it names the addresses that
have to be looked at. Which values there are, and in which order, is that of the lines in scene files; a form is used
once a node of it has told what is known already, and given up where it keeps telling something else. No I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from remote_mixer.drivers.behringer.texts import Forms, names_of
from remote_mixer.drivers.osc import Argument, node_of

TRIES = 4
"""Most nodes of a form that are tested, and answers in a row that may say the same of a value in vain."""


@dataclass(slots=True)
class _Form:
    """The nodes with the same names, and the number of addresses under them."""

    nodes: list[str] = field(default_factory=list)
    addresses: int = 0
    tested: int = 0
    trusted: bool = False


class Nodes:
    """The nodes of one console.

    known  the console's present arguments, by address
    """

    def __init__(self, forms: Forms, known: Mapping[str, Argument]) -> None:
        self._forms = forms
        self._known = known
        self._by_names: dict[tuple[str, ...], _Form] = {}
        self._form: dict[str, _Form] = {}
        self._below: dict[str, tuple[str, ...]] = {}
        self._node: dict[str, str] = {}
        self._doubts: dict[str, tuple[Argument, int]] = {}

    def add(self, addresses: Iterable[str]) -> None:
        """Add the nodes of addresses."""
        for address in addresses:
            node = node_of(address)
            if node not in self._below:
                self._add(node, names_of(node, self._forms))
            if address in self._below[node] and address not in self._node:
                self._node[address] = node
                self._form[node].addresses += 1

    def _add(self, node: str, names: tuple[str, ...]) -> None:
        self._below[node] = tuple(f"{node}/{name}" for name in names) if len(names) > 1 else ()
        if len(names) > 1:
            self._form[node] = self._by_names.setdefault(names, _Form())
            self._form[node].nodes.append(node)

    def tests(self) -> Iterator[str]:
        """Yield a node of each form that is not trusted yet, and has not failed too often."""
        for form in self._by_names.values():
            if not form.trusted and form.tested < TRIES:
                form.tested += 1
                yield form.nodes[(form.tested - 1) % len(form.nodes)]

    def query(self, address: str) -> str:
        """Return the query that looks at an address: its node where the node's form is trusted, else the address."""
        node = self._node.get(address)
        return node if node and self._form[node].trusted else address

    @property
    def spared(self) -> int:
        """The number of queries that nodes spare where all addresses are looked at."""
        return sum(form.addresses - len(form.nodes) for form in self._by_names.values() if form.trusted)

    def below(self, query: str) -> tuple[str, ...]:
        """Return the addresses that a query looks at."""
        return self._below.get(query) or (query,)

    def differing(self, node: str, arguments: Sequence[Argument]) -> list[str]:
        """Return the addresses whose argument in the answer of a node is not the known one."""
        addresses = self._below.get(node, ())
        answered = {one: argument for one, argument in zip(addresses, arguments, strict=False) if one in self._known}
        differing = [address for address, argument in answered.items() if self._known[address] != argument]
        for address in answered.keys() - differing:
            self._doubts.pop(address, None)
        if differing:
            for address in differing:
                self._doubt(address, answered[address])
        elif len(answered) > 1 and self._form[node].tested <= TRIES:
            self._form[node].trusted = self._known.keys().isdisjoint(addresses[len(arguments) :])
        return differing

    def _doubt(self, address: str, argument: Argument) -> None:
        """Count an argument that differs; give the form up where looks at the address have shown nothing new."""
        before, times = self._doubts.get(address, (argument, 0))
        self._doubts[address] = (argument, times + 1 if before == argument else 1)
        if times >= TRIES:
            form = self._form[self._node[address]]
            form.trusted, form.tested = False, TRIES + 1

"""Paths and addresses of one console, and the value that stands at each as far as it is known. No I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.osc import Argument
from remote_mixer.drivers.behringer.table import Leaf

PROMINENT = ("/current", "/fader", "/mute", "/name", "/color", "/link", "/solo")
"""Ends of the paths that are read first and re-read most often."""
LINKED = ("ch", "aux", "fx", "bus", "mtx")
NOT_LINKED = ("name", "color", "icon", "link", "solo", "gain", "phantom")


class AddressBook:
    """The addresses of one console of a family, and the arguments and values that stand there."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.by_path: dict[str, Leaf] = {}
        self._by_address: dict[str, list[Leaf]] = defaultdict(list)
        self._strip_by_source = family.head_amps.sources(family.groups)
        self._below: dict[str, list[str]] = defaultdict(list)
        self.standing: dict[str, Argument] = {}
        self.values: dict[str, Value] = {}
        for leaf in family.leaves():
            self._add(leaf)
        for address in self._by_address:
            self._below[address.rpartition("/")[0]].append(address)

    def _add(self, leaf: Leaf) -> None:
        self.by_path[leaf.path] = leaf
        self._by_address[leaf.address].append(leaf)

    def knows(self, address: str) -> bool:
        """Whether this console has an address."""
        return address in self._by_address or address in self._strip_by_source

    def leaf(self, address: str) -> Leaf | None:
        """Return one of the leaves at an address; all compare arguments alike."""
        leaves = self._by_address.get(address)
        return leaves[0] if leaves else None

    def leaves(self, address: str) -> list[Leaf]:
        """Return all leaves at an address: both strips of a link, all bits of a mask."""
        return self._by_address.get(address, [])

    def paths(self, address: str) -> list[str]:
        """Return the paths of an address: both strips of a link, all bits of a mask."""
        return [leaf.path for leaf in self._by_address.get(address, ())]

    def all(self) -> list[str]:
        """Return all addresses: the preamp sources, then the prominent ones, then the others."""
        prominent = self.prominent()
        return list(dict.fromkeys([*self._strip_by_source, *prominent, *self._by_address]))

    def prominent(self) -> list[str]:
        """Return the addresses of faders, mutes, names and the like."""
        paths = (path for path in self.by_path if path.endswith(PROMINENT) and not _names_a_scene(path))
        return [self.by_path[path].address for path in paths]

    def below(self, root: str) -> list[str]:
        """Return the addresses right under a root, as `/ch/03/config`."""
        return self._below.get(root, [])

    def preamp_sources(self) -> Iterable[str]:
        """Return the addresses that hold which preamp feeds which strip."""
        return self._strip_by_source

    def take(self, address: str, argument: Argument) -> dict[str, Value]:
        """Store the argument at an address; return its values by path. Raises ValueError where it does not fit.

        At a preamp source, gain and phantom power become unknown until the new preamp is read; without a preamp,
        `gain/text` says so.
        """
        if address in self._strip_by_source:
            return self._take_source(address, argument)
        values = {leaf.path: leaf.wire.read(argument) for leaf in self._by_address[address]}
        self.standing[address] = argument
        self.values |= values
        return values

    def _take_source(self, address: str, argument: Argument) -> dict[str, Value]:
        if not isinstance(argument, int):
            raise ValueError(f"the number of a preamp, not {argument!r:.40}")
        if self.standing.get(address) == argument:
            return {}
        self.standing[address] = argument
        strip, amps = self._strip_by_source[address], self.family.head_amps
        values: dict[str, Value] = {f"{strip}/gain": None, f"{strip}/phantom": None}
        for path in values:
            self._remove(path)
        for leaf in amps.leaves(strip, argument):
            self._add(leaf)
        values[f"{strip}/gain/text"] = amps.feed(argument)
        self.values |= values
        return values

    def _remove(self, path: str) -> None:
        leaf = self.by_path.pop(path, None)
        if leaf:
            self._by_address[leaf.address].remove(leaf)

    def preamp_addresses(self, address: str) -> list[str]:
        """Return the preamp's addresses of the strip whose source stands at `address`."""
        strip = self._strip_by_source.get(address)
        both = [self.by_path.get(f"{strip}/{local}") for local in ("gain", "phantom")] if strip else []
        return [leaf.address for leaf in both if leaf]

    def partner(self, path: str) -> str | None:
        """Return the address of the same param in the other strip of a linked pair; None where there is no pair."""
        strip, local = paths.strip_and_param(path)
        kind = strip.rstrip("0123456789")
        if kind not in LINKED or local in NOT_LINKED or not self.values.get(f"{strip}/link"):
            return None
        number = int(strip[len(kind) :])
        leaf = self.by_path.get(f"{kind}{number + 1 if number % 2 else number - 1}/{local}")
        return leaf.address if leaf else None

    def strips(self, address: str) -> Iterator[str]:
        """Give the strips whose values stand at an address."""
        yield from dict.fromkeys(paths.strip_and_param(path)[0] for path in self.paths(address))

    def of_strip(self, strip: str) -> list[str]:
        """Return all addresses of a strip."""
        return [leaf.address for path, leaf in self.by_path.items() if path.startswith(f"{strip}/")]


def _names_a_scene(path: str) -> bool:
    return path.startswith("scene/") and path.endswith("/name")

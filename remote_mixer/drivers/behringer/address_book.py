"""Paths and addresses of one console, and the present value of each as far as it is known. No I/O."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Self

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer.encodings import PRINTED, AsciiText, Printed, Travel
from remote_mixer.drivers.behringer.family import GAIN, NO_AMP, NO_PHANTOM, Family, HeadAmp
from remote_mixer.drivers.behringer.idle import Reasons
from remote_mixer.drivers.behringer.nodes import Nodes
from remote_mixer.drivers.behringer.table import Leaf
from remote_mixer.drivers.osc import Argument, node_of

PROMINENT = ("/current", "/fader", "/mute", "/name", "/color", "/link", "/solo")
"""Ends of the paths that are read first."""
PROMPT = ("fader", "mute", "solo")
"""Params of a strip that are looked at most often."""
LINKED = ("ch", "aux", "fx", "bus", "mtx")
NOT_LINKED = ("name", "color", "icon", "link", "solo", "gain", "phantom")
AT_ONCE = 200
"""Values that are gone through without a pause of the loop's other work."""


class AddressBook:
    """The addresses of one console of a family, with the console's present arguments and values."""

    def __init__(self, family: Family, leaves: Iterable[Leaf] | None = None) -> None:
        """Hold the values at some leaves, else at all leaves of the family."""
        self.family = family
        self.by_path: dict[str, Leaf] = {}
        self._by_address: dict[str, list[Leaf]] = defaultdict(list)
        self._strip_by_source = family.head_amps.sources(family.groups)
        self._below: dict[str, list[str]] = defaultdict(list)
        self._prompt: dict[tuple[str, str], None] = {}
        self._of_strip: dict[str, dict[str, None]] = defaultdict(dict)
        self.arguments: dict[str, Argument] = {}
        self.nodes = Nodes(family.nodes, self.arguments)
        self.values: dict[str, Value] = {}
        self.gains: dict[str, Travel] = dict.fromkeys(self._strip_by_source.values(), GAIN)
        """Encoding of the gain of each strip that a preamp can feed."""
        self.faults: dict[str, str] = {}
        """Why the present argument of an address is not understood: its values are unknown then."""
        self._reasons = Reasons(family.groups)
        self._strips: dict[str, tuple[str, ...]] = {}
        self._printed: set[str] = set()
        self._scene_names: list[str] = []
        self._prominent: dict[str, None] = {}  # in order, each once; only preamps leave, and none is among these
        for leaf in family.leaves() if leaves is None else leaves:
            self._add(leaf)

    @classmethod
    async def gradually(cls, family: Family) -> Self:
        """Return all addresses, made ready while the loop does its other work: an X32 has thousands of values."""
        made, leaves = cls(family, ()), family.leaves()
        while some := tuple(islice(leaves, AT_ONCE)):
            for leaf in some:
                made._add(leaf)
            await asyncio.sleep(0)
        return made

    def _add(self, leaf: Leaf) -> None:
        strip, local = paths.strip_and_param(leaf.path)
        if local in PROMPT:
            self._prompt[strip, local] = None
        self._of_strip[strip][leaf.path] = None
        if leaf.address not in self._by_address:
            self._below[node_of(leaf.address)].append(leaf.address)
        if _names_a_scene(leaf.path):
            self._scene_names.append(leaf.address)
        elif leaf.path.endswith(PROMINENT):
            self._prominent[leaf.address] = None
        self.by_path[leaf.path] = leaf
        self._by_address[leaf.address].append(leaf)
        self._leaves_changed(leaf.address)

    def _leaves_changed(self, address: str) -> None:
        """Find anew, once, what is asked for with each value that the console sends."""
        leaves = self._by_address[address]
        self._strips[address] = tuple(dict.fromkeys(paths.strip_and_param(leaf.path)[0] for leaf in leaves))
        if any(isinstance(leaf.encoding, Printed) for leaf in leaves):
            self._printed.add(address)
        else:
            self._printed.discard(address)

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
        return list(self._prominent)

    def prompt(self) -> list[str]:
        """Return the addresses of the strips' faders, mutes and solos."""
        return [self.by_path[f"{strip}/{local}"].address for strip, local in self._prompt]

    def every(self) -> list[str]:
        """Return all addresses, in the order of the tables."""
        return [*self._strip_by_source, *self._by_address]

    def scene_names(self) -> list[str]:
        """Return the addresses of the names of scenes."""
        return self._scene_names

    def is_numeric(self, address: str) -> bool:
        """Whether the values at an address are numbers."""
        return not any(isinstance(leaf.encoding, AsciiText) for leaf in self.leaves(address))

    def siblings(self, address: str) -> list[str]:
        """Return the addresses that often move with one: its node, and the same param of all strips if it is prompt."""
        alike = {local for path in self.paths(address) if (local := paths.strip_and_param(path)[1]) in PROMPT}
        same = [self.by_path[f"{strip}/{local}"].address for strip, local in self._prompt if local in alike]
        return [*self.below(node_of(address)), *same]

    def alike(self, address: str) -> list[str]:
        """Return the addresses of a param at all strips, as of the sends into one mix; none for a prompt one."""
        params = {paths.strip_and_param(path)[1] for path in self.paths(address)}.difference(PROMPT)
        everywhere = (f"{strip}/{local}" for local in params for strip in self._of_strip)
        return [self.by_path[path].address for path in everywhere if path in self.by_path]

    def into(self, strip: str) -> list[str]:
        """Return the addresses of all strips' sends into a strip."""
        way = f"/send/{strip}/"
        return [leaf.address for path, leaf in self.by_path.items() if way in path]

    def below(self, root: str) -> list[str]:
        """Return the addresses right under a root, as `/ch/03/config`."""
        return self._below.get(root, [])

    def preamp_sources(self) -> Iterable[str]:
        """Return the addresses of the preamp choices: one per strip that a preamp can feed."""
        return self._strip_by_source

    def take(self, address: str, argument: Argument) -> dict[str, Value]:
        """Store the argument at an address; return its values by path, None for what is not understood.

        At a preamp source, gain and phantom power become unknown until the new preamp is read. The reasons why params
        act on nothing are among the values.
        """
        if address in self._strip_by_source:
            return self._take_source(address, argument)
        self.faults.pop(address, None)
        values = {leaf.path: self._read(leaf, argument) for leaf in self._by_address[address]}
        if self.is_printed(address) and self.arguments.get(address) == argument:
            values = {path: self.values.get(path) for path in values}
        idle = [part for path, value in values.items() for part in self._reasons.see(path, value)]
        values |= {f"{part}/idle": self._reasons.of(part) for part in idle}
        self.arguments[address] = argument
        self.values |= values
        return values

    def _read(self, leaf: Leaf, argument: Argument) -> Value:
        try:
            return leaf.encoding.read(argument)
        except ValueError as fault:
            self.faults[leaf.address] = str(fault)
            return None

    def is_printed(self, address: str) -> bool:
        """Whether the values at an address are shown in the console's words."""
        return address in self._printed

    def lacks_text(self, address: str) -> bool:
        """Whether the console's words for an address are to be shown, and are not known."""
        return self.is_printed(address) and any(self.values[path] is None for path in self.paths(address))

    def take_text(self, address: str, text: str) -> dict[str, Value]:
        """Store the console's words for the argument at an address; return them by path."""
        values = dict[str, Value]((path, PRINTED.fit(text)) for path in self.paths(address))
        self.values |= values
        return values

    def adopt(self, family: Family) -> None:
        """Take over the encodings of a family with the same addresses; what they cannot read becomes unknown."""
        self.family = family
        for leaf in family.leaves():
            if leaf != self.by_path[leaf.path]:
                self._remove(leaf.path)
                self._add(leaf)
                self.values[leaf.path] = None

    def _take_source(self, address: str, argument: Argument) -> dict[str, Value]:
        if self.arguments.get(address) == argument:
            return {}
        self.arguments[address] = argument
        strip, values = self._strip_by_source[address], dict[str, Value]()
        amp, reasons = self._feed(address, argument)
        self.gains[strip] = amp.gain
        for local, reason in reasons.items():
            path = f"{strip}/{local}"
            self._remove(path)
            self._reasons.feed(path, reason)
            values |= {path: None, f"{path}/idle": self._reasons.of(path)}
        for leaf in amp.leaves(strip) if amp.root else ():
            self._add(leaf)
        self.values |= values
        return values

    def _feed(self, address: str, argument: Argument) -> tuple[HeadAmp, dict[str, str]]:
        """Return the preamp of a source, and why its gain and 48 V act on nothing; empty where they act."""
        self.faults.pop(address, None)
        try:
            feed = self.family.head_amps.feed(argument)
        except ValueError as fault:
            self.faults[address] = str(fault)
            return NO_AMP, {"gain": "", "phantom": ""}
        if isinstance(feed, str):
            return NO_AMP, {"gain": feed, "phantom": feed}
        return feed, {"gain": "", "phantom": "" if feed.phantom else NO_PHANTOM}

    def _remove(self, path: str) -> None:
        leaf = self.by_path.pop(path, None)
        if leaf:
            self._by_address[leaf.address].remove(leaf)
            self._leaves_changed(leaf.address)

    def preamp_addresses(self, address: str) -> list[str]:
        """Return the addresses of the preamp that feeds the strip whose source is at `address`."""
        strip = self._strip_by_source.get(address)
        if strip is None:
            return []
        both = (self.by_path.get(f"{strip}/{local}") for local in ("gain", "phantom"))
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

    def strips(self, address: str) -> tuple[str, ...]:
        """Return the strips that have a value at an address."""
        return self._strips.get(address, ())

    def is_strip(self, strip: str) -> bool:
        """Whether a strip has a fader, a mute or a solo: scenes and mute groups have not."""
        return any((strip, local) in self._prompt for local in PROMPT)

    def of_strip(self, strip: str) -> list[str]:
        """Return all addresses of a strip."""
        paths = self._of_strip.get(strip, ())
        return [self.by_path[path].address for path in paths if path in self.by_path]


def _names_a_scene(path: str) -> bool:
    return path.startswith("scene/") and path.endswith("/name")

"""The data of a family of consoles: strips, addresses, meters, scenes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import Layer, Layout, Strip
from remote_mixer.desk.params import Number, Param, Text, Toggle
from remote_mixer.drivers.behringer import laws
from remote_mixer.drivers.behringer.encodings import AsciiText, Whole
from remote_mixer.drivers.behringer.meters import Meter, Read
from remote_mixer.drivers.behringer.table import ON, Group, Leaf, knob

DIAGNOSTICS = Text(500, read_only=True)
CLEAR_SOLO = Action("clear_solo", "Clear all solos")
GAIN, PHANTOM = knob("gain"), ON
NO_PREAMP = "no preamp"
FEED = Text(12, read_only=True)
"""Text in place of a gain without a preamp; empty where there is a preamp."""
SCENE_NAME = AsciiText(Text(32, read_only=True))


@dataclass(frozen=True, slots=True)
class HeadAmps:
    """Preamp that feeds a strip: the console has a number at `source`, and `root` turns it into an address, or None.

    strips  (kind of strip, its first number at `source`)
    others  names of other sources, by number
    """

    source: str
    root: Callable[[int], str | None]
    strips: tuple[tuple[str, int], ...]
    others: tuple[tuple[int, str], ...] = ()

    def sources(self, groups: tuple[Group, ...]) -> dict[str, str]:
        """Return source address → the strip's id."""
        firsts = dict(self.strips)
        return {
            self.source.format(n=firsts[group.id] + number - 1): group.strip_id(number)
            for group in groups
            if group.id in firsts
            for number in group.numbers
        }

    def leaves(self, strip: str, source: int) -> list[Leaf]:
        """Return the preamp's leaves for a strip; none where no preamp feeds it."""
        root = self.root(source)
        if root is None:
            return []
        return [Leaf(f"{strip}/gain", f"{root}/gain", GAIN), Leaf(f"{strip}/phantom", f"{root}/phantom", PHANTOM)]

    def feed(self, source: int) -> str:
        """Return the text in place of a gain; empty where there is a preamp."""
        return "" if self.root(source) is not None else dict(self.others).get(source, NO_PREAMP)


@dataclass(frozen=True, slots=True)
class Scenes:
    """Addresses of the console's own scenes: the current one's number, the names, and the recall."""

    current: str
    name: str
    recall: str
    numbers: range

    @property
    def recall_action(self) -> Action:
        """The action that recalls one of them, by its number."""
        first, last = self.numbers[0], self.numbers[-1]
        return Action("recall", "Recall scene", {"scene": Number(first, last, "", first, whole=True)})

    def leaves(self) -> Iterator[Leaf]:
        """Yield the number of the current scene and all names."""
        yield Leaf("scene/current", self.current, Whole(Number(-1, self.numbers[-1], "", -1, read_only=True)))
        for number in self.numbers:
            yield Leaf(f"scene/{number}/name", self.name.format(n=number), SCENE_NAME)


@dataclass(frozen=True, slots=True)
class Family:
    """One family.

    models    beginnings of the model names that belong to it
    slots     how many clients a console notifies of changes
    renewals  the requests to be notified, best first: the next one is tried where the first has no effect
    clear     address that ends all solos, or None where each must be switched off
    witness   a harmless address (the colour of the last DCA) that `slots` changes for a moment
    asks_gates  whether the console must be queried for the order of its gate modes (see `gates`)
    fewer     (part of a model name, kind of strip → how many that model has)
    """

    title: str
    word: str
    port: int
    models: tuple[str, ...]
    slots: int
    renewals: tuple[str, ...]
    groups: tuple[Group, ...]
    mute_groups: int
    head_amps: HeadAmps
    scenes: Scenes
    meters: tuple[Meter, ...]
    read_meter: Read
    layers: tuple[tuple[str, tuple[tuple[str, range], ...]], ...]
    witness: str
    clear: str | None = None
    asks_gates: bool = False
    fewer: tuple[tuple[str, Mapping[str, int]], ...] = ()

    def of_model(self, model: str) -> Family:
        """Return the family with the strips and sends of this model only."""
        for part, counts in self.fewer:
            if part in model:
                groups = tuple(_fewer(group, counts) for group in self.groups)
                return replace(self, groups=groups, fewer=())
        return self

    def leaves(self) -> Iterator[Leaf]:
        """Yield every value whose address is fixed."""
        for group in self.groups:
            yield from group.leaves()
        for number in range(1, self.mute_groups + 1):
            yield Leaf(f"mutegroup/{number}", f"/config/mute/{number}", ON)
        yield from self.scenes.leaves()

    def layout(self, name: str, title: str) -> Layout:
        """Return the layout of a console of this family."""
        strips = tuple(self._strips())
        own = {f"mutegroup/{n}": Toggle() for n in range(1, self.mute_groups + 1)}
        scenes = {leaf.path: leaf.encoding.param for leaf in self.scenes.leaves()}
        params: dict[str, Param] = {**own, **scenes, "diagnostics": DIAGNOSTICS}
        layers = tuple(self._layers({strip.id for strip in strips}))
        actions = (self.scenes.recall_action, CLEAR_SOLO)
        return Layout(name, title, "behringer", laws.TAPERS, params, strips, layers, actions)

    def _strips(self) -> Iterator[Strip]:
        amps: dict[str, Param] = {"gain": GAIN.param, "gain/text": FEED, "phantom": PHANTOM.param}
        for group in self.groups:
            fed = group.id in dict(self.head_amps.strips)
            params = group.params() | amps if fed else group.params()
            for n in group.numbers:
                number = None if group.kind == "main" else n
                yield Strip(group.strip_id(n), group.kind, number, group.label.format(n=n), params, group.taps)

    def _layers(self, there: set[str]) -> Iterator[Layer]:
        groups = {group.id: group for group in self.groups}
        for name, runs in self.layers:
            ids = (groups[kind].strip_id(number) for kind, numbers in runs for number in numbers)
            yield Layer(name, tuple(strip for strip in ids if strip in there))

    def taps(self) -> Iterator[tuple[str, int, str]]:
        """Yield (strip's kind, its number, tap) in the layout's order."""
        for group in self.groups:
            yield from ((group.id, number, tap) for number in group.numbers for tap in group.taps)


_SEND = re.compile(r"send/([a-z]+)(\d+)/")


def _fewer(group: Group, counts: Mapping[str, int]) -> Group:
    """Return a group without the strips and the sends that a smaller model lacks."""
    rows = tuple(row for row in group.rows if _is_there(row.local, counts))
    return replace(group, count=counts.get(group.id, group.count), rows=rows)


def _is_there(local: str, counts: Mapping[str, int]) -> bool:
    send = _SEND.match(local)
    return send is None or int(send[2]) <= counts.get(send[1], 99)

"""The data of a family of consoles: strips, addresses, meters, scenes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from remote_mixer.desk import paths
from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import Layer, Layout, Strip
from remote_mixer.desk.params import Choice, Number, Param, Text, Toggle
from remote_mixer.drivers.behringer import laws
from remote_mixer.drivers.behringer.encodings import AsciiText, Selection, Travel, Whole
from remote_mixer.drivers.behringer.meters import Meter, Read
from remote_mixer.drivers.behringer.table import ON, REASON, Group, Leaf, Proofs, Row, knob, proofs_of
from remote_mixer.drivers.behringer.texts import Forms
from remote_mixer.drivers.osc import Argument

DIAGNOSTICS = Text(500, read_only=True)
CLEAR_SOLO = Action("clear_solo", "Clear solos")
GAIN, LINE_GAIN, PHANTOM = knob("gain"), knob("line_gain"), ON
NO_PREAMP, NO_PHANTOM = "no preamp", "no 48 V"
SCENE_NAME = AsciiText(Text(32, read_only=True))
OWN = "own"
"""Stands for the console itself among the kinds of strips."""
LISTS = ("cues", "scenes", "snippets")


@dataclass(frozen=True, slots=True)
class HeadAmp:
    """One preamp: its address (empty for none), the encoding of its gain, and whether it has 48 V."""

    root: str
    gain: Travel = GAIN
    phantom: bool = True

    def leaves(self, strip: str) -> list[Leaf]:
        """Return its leaves for the strip that it feeds."""
        gain = Leaf(f"{strip}/gain", f"{self.root}/gain", self.gain)
        return [gain, Leaf(f"{strip}/phantom", f"{self.root}/phantom", PHANTOM)] if self.phantom else [gain]


@dataclass(frozen=True, slots=True)
class HeadAmps:
    """The preamps of a console, and which of them feeds a strip: the console has a number at `source`.

    strips  (kind of strip, its first number at `source`)
    amps    the preamps by that number
    others  what people call the other sources, by that number; one that is in neither is not understood
    """

    source: str
    strips: tuple[tuple[str, int], ...]
    amps: Mapping[int, HeadAmp]
    others: Mapping[int, str]

    def sources(self, groups: tuple[Group, ...]) -> dict[str, str]:
        """Return source address → the strip's id."""
        firsts = dict(self.strips)
        return {
            self.source.format(n=firsts[group.id] + number - 1): group.strip_id(number)
            for group in groups
            if group.id in firsts
            for number in group.numbers
        }

    def feed(self, source: Argument) -> HeadAmp | str:
        """Return the preamp of a source, or the reason why it has none; ValueError for one not understood."""
        if isinstance(source, int) and source in self.amps:
            return self.amps[source]
        if isinstance(source, int) and source in self.others:
            return self.others[source]
        raise ValueError(f"no source is known by {source!r:.40}")


@dataclass(frozen=True, slots=True)
class Scenes:
    """Addresses of the console's own scenes: their names, the recall, and what the console tells about them.

    current      the number of the scene that was loaded or saved last; empty where the console does not tell it
    highlighted  (the number of the highlighted line, which of LISTS it is a line of), where a console has one: no sign
                 of a recall, for anyone may move it
    """

    name: str
    recall: str
    numbers: range
    current: str = ""
    highlighted: tuple[str, str] | None = None

    @property
    def recall_action(self) -> Action:
        """The action that recalls one of them, by its number."""
        first, last = self.numbers[0], self.numbers[-1]
        return Action("recall", "Recall scene", {"scene": Number(first, last, "", first, whole=True)})

    @property
    def _number(self) -> Whole:
        return Whole(Number(-1, self.numbers[-1], "", -1, read_only=True))

    def status(self) -> Iterator[Leaf]:
        """Yield what the console says about the current scene."""
        if self.current:
            yield Leaf("scene/current", self.current, self._number)
        if self.highlighted:
            line, of = self.highlighted
            yield Leaf("scene/highlighted", line, self._number)
            yield Leaf("scene/list", of, Selection(Choice(LISTS, LISTS[0], read_only=True)))

    def leaves(self) -> Iterator[Leaf]:
        """Yield that, and all names."""
        yield from self.status()
        for number in self.numbers:
            yield Leaf(f"scene/{number}/name", self.name.format(n=number), SCENE_NAME)

    def params(self) -> dict[str, Param]:
        """Return the params, by local path; `scene/current` is None where no recall is known of."""
        return {"scene/current": self._number.param} | {leaf.path: leaf.encoding.param for leaf in self.leaves()}


NO_AMP = HeadAmp("", phantom=False)
"""Stands for the preamp of a strip that none feeds."""
_PREAMP: Mapping[str, Param] = {"gain/idle": REASON, "phantom": PHANTOM.param, "phantom/idle": REASON}


@dataclass(frozen=True, slots=True)
class Family:
    """One family.

    models    beginnings of the model names that belong to it
    slots     how many clients a console notifies of changes
    renewals  the requests to be notified, best first: the next one is tried where the first has no effect
    clear     address that ends all solos
    proofs    who proves which address; under OWN, the paths of the console's own params and of preamps
    witness   a harmless address (the colour of the last DCA) that `slots` changes for a moment
    talks     the letters of its talkbacks, as it prints them
    spare     whether the console has slots to spare, so that we may take a second one
    forms     forms of the lines in which the console prints its values; none where they are not known
    nodes     forms of its nodes (see `nodes`)
    smaller   (part of a model name, kind of strip → how many that model has, the preamps of that model)
    """

    title: str
    word: str
    port: int
    models: tuple[str, ...]
    slots: int
    renewals: tuple[str, ...]
    groups: tuple[Group, ...]
    proofs: Proofs
    mute_groups: int
    head_amps: HeadAmps
    scenes: Scenes
    meters: tuple[Meter, ...]
    read_meter: Read
    layers: tuple[tuple[str, tuple[tuple[str, range], ...]], ...]
    witness: str
    clear: str
    talks: tuple[str, ...] = ()
    spare: bool = False
    forms: Forms = ()
    nodes: Forms = ()
    smaller: tuple[tuple[str, Mapping[str, int], HeadAmps], ...] = ()

    def of_model(self, model: str) -> Family:
        """Return the family with the strips and sends of this model only."""
        for part, counts, head_amps in self.smaller:
            if part in model:
                groups = tuple(_fewer(group, counts) for group in self.groups)
                return replace(self, groups=groups, head_amps=head_amps, smaller=())
        return self

    def leaves(self) -> Iterator[Leaf]:
        """Yield every value whose address is fixed."""
        for group in self.groups:
            yield from group.leaves()
        for number in range(1, self.mute_groups + 1):
            yield Leaf(f"mutegroup/{number}", f"/config/mute/{number}", ON)
        yield from self._talks()
        yield from self.scenes.leaves()

    def _talks(self) -> Iterator[Leaf]:
        for letter in self.talks:
            yield Leaf(f"{paths.TALK}/{letter.lower()}", f"/-stat/talk/{letter}", ON)

    def rows(self) -> Iterator[Row]:
        """Yield every row once, with whole paths and addresses; N stands for a number."""
        for group in self.groups:
            root, strip = _pattern(group.root), group.id if group.kind == "main" else f"{group.id}N"
            for row in group.rows:
                yield replace(row, local=f"{strip}/{row.local}", address=f"{root}/{row.address}")
            for more in group.more:
                yield Row(f"{strip}/{more.local}", f"{more.address(1)} …", more.encoding, more.proofs)
        for row in self._own_rows():
            yield replace(row, proofs=proofs_of(self.proofs, OWN, row.local))

    def _own_rows(self) -> Iterator[Row]:
        yield Row("mutegroup/N", "/config/mute/N", ON)
        yield from (Row(leaf.path, leaf.address, leaf.encoding) for leaf in self._talks())
        models = (self.head_amps, *(head_amps for _, _, head_amps in self.smaller))
        amps = (amp for head_amps in models for amp in head_amps.amps.values())
        for kind, amp in {"preamp" if amp.phantom else "line": amp for amp in amps}.items():
            yield from (Row(leaf.path, f"… {leaf.address}", leaf.encoding) for leaf in amp.leaves(kind))
        yield from (Row(leaf.path, leaf.address, leaf.encoding) for leaf in self.scenes.status())
        yield Row("scene/N/name", _pattern(self.scenes.name), SCENE_NAME)

    def layout(self, name: str, title: str, gains: Mapping[str, Travel]) -> Layout:
        """Return the layout of a console of this family; `gains` has the strips that a preamp can feed."""
        strips = tuple(self._strips(gains))
        own = {f"mutegroup/{n}": Toggle() for n in range(1, self.mute_groups + 1)}
        own |= {leaf.path: Toggle() for leaf in self._talks()}
        params: dict[str, Param] = {**own, **self.scenes.params(), "diagnostics": DIAGNOSTICS}
        layers = tuple(self._layers({strip.id for strip in strips}))
        actions = (self.scenes.recall_action, CLEAR_SOLO)
        return Layout(name, title, "behringer", laws.TAPERS, params, strips, layers, actions)

    def _strips(self, gains: Mapping[str, Travel]) -> Iterator[Strip]:
        for group in self.groups:
            usual = group.params()
            by_gain = {gain: usual | {"gain": gain.param, **_PREAMP} for gain in dict.fromkeys(gains.values())}
            for n in group.numbers:
                number, strip = None if group.kind == "main" else n, group.strip_id(n)
                params = by_gain[gains[strip]] if strip in gains else usual
                yield Strip(strip, group.kind, number, group.label.format(n=n), params, group.taps)

    def _layers(self, there: set[str]) -> Iterator[Layer]:
        groups = {group.id: group for group in self.groups}
        for name, runs in self.layers:
            ids = (groups[kind].strip_id(number) for kind, numbers in runs for number in numbers)
            yield Layer(name, tuple(strip for strip in ids if strip in there))

    def taps(self) -> Iterator[tuple[str, int, str]]:
        """Yield (strip's kind, its number, tap) in the layout's order."""
        for group in self.groups:
            yield from ((group.id, number, tap) for number in group.numbers for tap in group.taps)


_NUMBER = re.compile(r"\{n(?::0(\d))?\}")


def _pattern(address: str) -> str:
    """Return an address with an N for each digit of its number."""
    return _NUMBER.sub(lambda number: "N" * int(number[1] or 1), address)


_SEND = re.compile(r"send/([a-z]+)(\d+)/")


def _fewer(group: Group, counts: Mapping[str, int]) -> Group:
    """Return a group without the strips and the sends that a smaller model lacks."""
    rows = tuple(row for row in group.rows if _is_there(row.local, counts))
    return replace(group, count=counts.get(group.id, group.count), rows=rows)


def _is_there(local: str, counts: Mapping[str, int]) -> bool:
    send = _SEND.match(local)
    return send is None or int(send[2]) <= counts.get(send[1], 99)

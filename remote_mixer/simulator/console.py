"""The values of one console and its rules: links, solos, groups, recalls, scene text. No network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from remote_mixer.simulator.example_show import SCENES, first_values, scene_values
from remote_mixer.simulator.kinds import Value
from remote_mixer.simulator.osc import Argument, Message
from remote_mixer.simulator.recording import Recording
from remote_mixer.simulator.table import Leaf, Model
from remote_mixer.simulator.x32 import x32
from remote_mixer.simulator.xair import SIZES, xair

MODELS: dict[str, Callable[[str], Model]] = {"x32": x32, "m32": x32, **dict.fromkeys(SIZES, xair)}
SOLO_SWITCHES, ANY_SOLO = "/-stat/solosw", "/-stat/solo"
CLEAR_SOLO = "/-action/clearsolo"
_TOKEN = re.compile(r'"([^"]*)"|(\S+)')


class Console:
    """All values of one console, and its rules.

    Each change is returned as the messages that a real console sends of it, in order; no change, no message.
    """

    def __init__(self, model: str | Recording, name: str) -> None:
        """Set the first values: names, levels and ten scenes of a band, or those of a recording.

        KeyError for a model that is not in MODELS.
        """
        key = model if isinstance(model, str) else model.model
        self.model = MODELS[key](key)
        self._values = {address: leaf.first for address, leaf in self.model.leaves.items()}
        self._values |= first_values(self.model) | {"/-prefs/name": name or f"{key.upper()}-5001"}
        self._values |= {self._scene_name(number): name for number, name in self._named()}
        self._strange: Mapping[str, Value] = {}
        """Values of a recording that the model does not know: they can be queried, and never change."""
        self._texts: dict[str, str] = {}
        """Lines of a recording, by node, until a value in them changes."""
        if isinstance(model, Recording):
            self._play(model)
        self.values: Mapping[str, Value] = MappingProxyType(self._values)
        self.changes = 0
        """Count of values that have changed."""
        self.recalled: int | None = None
        """The number of the scene recalled last; not every console tells it."""

    def _play(self, recording: Recording) -> None:
        for address, value in recording.values.items():
            leaf = self.model.leaves.get(address)
            if leaf and leaf.kind.take(value) is not None:
                self._values[address] = value
        self._strange = {address: value for address, value in recording.values.items() if address not in self._values}
        self._texts = dict(recording.texts)

    @property
    def name(self) -> str:
        """The console's own name, as in `/info`."""
        return str(self._values["/-prefs/name"])

    def get(self, address: str) -> Message | None:
        """Return the value at an address, or all values of a node; None for an unknown address."""
        if address in self._values:
            return Message(address, (self._values[address],))
        if address in self._strange:
            return Message(address, (self._strange[address],))
        if below := self.model.nodes.get(address):
            return Message(address, tuple(self._values[one] for one in below))
        return None

    def set(self, address: str, arguments: tuple[Argument, ...]) -> list[Message]:
        """Set one value, or the values of a node from its first on, at a client's request.

        A node's change is one message with all given values; changes that follow from it are one message each.
        """
        if below := self.model.nodes.get(address):
            return self._set_node(address, below, arguments)
        leaf = self.model.leaves.get(address)
        if leaf is None or leaf.fixed or len(arguments) != 1:
            return []
        return self._messages(self._change({address: leaf.kind.take(arguments[0])}))

    def text(self, path: str) -> str | None:
        """Return a node or one value as a line of a scene file, `/ch/01/mix ON -10.0 ON +0 OFF   -oo`, with its end.

        None for an unknown path. The path needs no leading slash.
        """
        address = _address(path.strip())
        if address in self._texts:
            return self._texts[address]
        if not (below := self._below(address)):
            return None
        tokens = (self.model.leaves[one].kind.text(self._values[one]) for one in below)
        return " ".join((address, *tokens)) + "\n"

    def set_text(self, line: str) -> list[Message]:
        """Set the values in a line of a scene file, from the node's first on; an unreadable value is skipped."""
        path, _, rest = line.strip().partition(" ")
        leaves = [self.model.leaves[address] for address in self._below(_address(path))]
        tokens = [quoted or bare for quoted, bare in _TOKEN.findall(rest)]
        pairs = zip(leaves, tokens, strict=False)
        return self._messages(
            self._change({leaf.address: leaf.kind.read(token) for leaf, token in pairs if not leaf.fixed})
        )

    def move(self, address: str, value: Argument) -> list[Message]:
        """Move a control by hand; KeyError for an unknown address, ValueError for a value that does not fit."""
        kept = self.model.leaves[address].kind.take(value)
        if kept is None:
            raise ValueError(f"{address} does not take {value!r}")
        return self._messages(self._change({address: kept}))

    def _change(self, wanted: Mapping[str, Value | None]) -> dict[str, Value]:
        """Set all values but those that are None; return every value that changed, linked ones too."""
        changed: dict[str, Value] = {}
        for address, value in wanted.items():
            if value is not None:
                self._change_one(address, value, changed)
        return changed

    def recall(self, number: int) -> list[Message]:
        """Recall a scene: hundreds of values at once; a number without a scene does nothing."""
        family = self.model.family
        if number not in family.scene_numbers or not self._values[self._scene_name(number)]:
            return []
        self.recalled = number
        wanted: dict[str, Value | None] = {**scene_values(self.model, number)}
        if family.current:
            wanted[family.current] = number
        if family.shown_name:
            wanted[family.shown_name] = self._values[self._scene_name(number)]
        return self._messages(self._change(wanted))

    def clear_solo(self) -> list[Message]:
        """Switch all solos off."""
        return self._messages(self._change(dict.fromkeys(self.model.nodes[SOLO_SWITCHES], 0)))

    @property
    def soloed(self) -> list[str]:
        """The strips whose solo is on."""
        switches = enumerate(self.model.family.soloed_by(), 1)
        return [strip for number, strip in switches if strip and self._values[f"{SOLO_SWITCHES}/{number:02}"]]

    def muted_by_groups(self, strip: str) -> bool:
        """Whether a DCA that is off, or an active mute group, silences a strip."""
        dcas, groups = self._members(f"{strip}/grp/dca"), self._members(f"{strip}/grp/mute")
        off = any(not self._values[f"/dca/{n}/on"] for n in dcas)
        return off or any(self._values[f"/config/mute/{n}"] for n in groups)

    def dca_faders(self, strip: str) -> list[str]:
        """Return the addresses of the DCA faders that a strip follows."""
        return [f"/dca/{number}/fader" for number in self._members(f"{strip}/grp/dca")]

    def _below(self, address: str) -> tuple[str, ...]:
        """Return the addresses of a node's values, or the address of one value; empty for an unknown address."""
        return (address,) if address in self._values else self.model.nodes.get(address, ())

    def _members(self, address: str) -> list[int]:
        mask = int(self._values.get(address, 0))
        return [bit + 1 for bit in range(mask.bit_length()) if mask >> bit & 1]

    def _change_one(self, address: str, value: Value, changed: dict[str, Value]) -> None:
        if self._values[address] == value:
            return
        self._values[address] = changed[address] = value
        self.changes += 1
        self._texts.pop(address.rpartition("/")[0], None)
        link = self.model.links.get(address)
        if link and self._values[link.pair] and self._values[link.share]:
            self._change_one(link.partner, value, changed)
        elif address.startswith(SOLO_SWITCHES):
            any_solo = any(self._values[switch] for switch in self.model.nodes[SOLO_SWITCHES])
            self._change_one(ANY_SOLO, int(any_solo), changed)

    def _set_node(self, node: str, below: tuple[str, ...], arguments: tuple[Argument, ...]) -> list[Message]:
        leaves = [self.model.leaves[address] for address in below[: len(arguments)]]
        wanted = {leaf.address: _kept(leaf, argument) for leaf, argument in zip(leaves, arguments, strict=False)}
        changed = self._change(wanted)
        if not changed or None in wanted.values():
            return self._messages(changed)
        others = {address: value for address, value in changed.items() if address not in wanted}
        return [Message(node, tuple(self._values[address] for address in wanted)), *self._messages(others)]

    def _messages(self, changed: Mapping[str, Value]) -> list[Message]:
        return [Message(address, (value,)) for address, value in changed.items()]

    def _scene_name(self, number: int) -> str:
        return self.model.family.scene_name.format(n=number)

    def _named(self) -> list[tuple[int, str]]:
        return list(zip(self.model.family.scene_numbers, SCENES, strict=False))


def _kept(leaf: Leaf, argument: Argument) -> Value | None:
    return None if leaf.fixed else leaf.kind.take(argument)


def _address(path: str) -> str:
    return "/" + path.removeprefix("/")

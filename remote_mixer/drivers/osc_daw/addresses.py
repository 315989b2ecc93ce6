"""Values of one list of strips: their paths, their addresses, and what the DAW last sent for each. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Param, Value
from remote_mixer.drivers.osc import Argument, Message
from remote_mixer.drivers.osc_daw.strips import number_of
from remote_mixer.drivers.osc_daw.table import Arguments, Control, Leaf, Row, SendRow, Table, Track

TAP = "post_fader"


class Addresses:
    """The values of a DAW's strips and of the DAW itself.

    strips  the DAW's tracks by our id, in order
    """

    def __init__(self, table: Table, strips: Mapping[str, Track]) -> None:
        self.strips = strips
        self.by_path: dict[str, Leaf] = {}
        self.by_key: dict[str, Leaf] = {}
        self.arguments: dict[str, Argument] = {}
        self.shape = 0  # counts the changes of what there is, as a send that was made or a panner that was removed
        self._table = table
        self._ids = {track.number: id_ for id_, track in strips.items()}
        self._absent: set[str] = set()  # keys of values that a strip of this kind may have, and this one has not
        self._sends: dict[int, tuple[tuple[int, int], ...]] = {}  # (target, number) of each send of a strip
        for control in table.controls:
            self._add(_control_leaf(control))
        for id_, track in strips.items():
            for row in table.rows:
                if track.kind in row.kinds:
                    self._add(_strip_leaf(row, id_, track.number))
            self.arguments[f"{table.names}/{track.number}"] = track.name

    def _add(self, leaf: Leaf) -> None:
        self.by_path[leaf.path] = self.by_key[leaf.key] = leaf

    # From the DAW

    def readings(self, address: str, arguments: Arguments) -> Iterator[tuple[Leaf, Argument | None, bool]]:
        """Yield (leaf, argument, whether it answers a question) for each value in a message; None is no such value."""
        if address == self._table.sends.address:
            yield from self._send_readings(arguments)
        elif address in self._table.answers and arguments:
            key, convert = self._table.answers[address]
            yield self.by_key[key], convert(arguments[0]), True
        elif leaf := self.by_key.get(address):
            asked = leaf.question is not None and leaf.question[0] == address
            yield leaf, arguments[0] if arguments else None, asked
        elif len(arguments) == 2 and (leaf := self.by_key.get(f"{address}/{_whole(arguments[0])}")):
            yield leaf, arguments[1], False

    def _send_readings(self, arguments: Arguments) -> Iterator[tuple[Leaf, Argument | None, bool]]:
        """Learn a strip's sends, and yield their values."""
        sends = self._table.sends
        id_ = self._ids.get(_whole(arguments[0])) if arguments else None
        if id_ is None:
            return
        number = self.strips[id_].number
        listed = {
            (_whole(one[sends.target]), _whole(one[sends.number])): one
            for one in sends.listed(arguments)
            if one[sends.target] in self._ids
        }
        self._learn_sends(id_, number, tuple(listed))
        for (_, send), one in listed.items():
            for row in sends.rows:
                if leaf := self.by_key.get(_send_key(row, number, send)):
                    yield leaf, one[row.place], True

    def _learn_sends(self, id_: str, number: int, sends: tuple[tuple[int, int], ...]) -> None:
        """Replace a strip's sends where they have changed; of two to one bus the first is ours."""
        if self._sends.get(number) == sends:
            return
        self._sends[number] = sends
        self.shape += 1
        for path in [path for path in self.by_path if path.startswith(f"{id_}/send/")]:
            leaf = self.by_path.pop(path)
            del self.by_key[leaf.key]
            self.arguments.pop(leaf.key, None)
        for target, send in reversed(sends):
            for row in self._table.sends.rows:
                path = paths.join(id_, "send", self._ids[target], row.local)
                if former := self.by_path.get(path):
                    del self.by_key[former.key]
                self._add(_send_leaf(row, path, number, send, (self._table.sends.address, (number,))))

    def keep(self, leaf: Leaf, argument: Argument | None) -> dict[str, Value]:
        """Keep an argument and return its value by path; one that is not understood makes the value unknown."""
        if (argument is None) is not (leaf.key in self._absent):
            self._absent ^= {leaf.key}
            self.shape += 1
        if argument is None:
            return {}
        self.arguments[leaf.key] = argument
        return {leaf.path: self._value(leaf)}

    def is_absent(self, leaf: Leaf) -> bool:
        """Whether a strip has answered that it has no such value."""
        return leaf.key in self._absent

    def _value(self, leaf: Leaf) -> Value:
        argument = self.arguments.get(leaf.key)
        try:
            return None if argument is None else leaf.encoding.read(argument)
        except ValueError:
            return None

    # To the desk

    def values(self) -> dict[str, Value]:
        """Return the value of every param by path; None is unknown."""
        return {path: self._value(leaf) for path, leaf in self.by_path.items() if leaf.key not in self._absent}

    def layout(self, console: str) -> Layout:
        """Return the layout of these strips."""
        table = self._table
        own = {control.local: control.encoding.param for control in table.controls}
        strips = tuple(self._strip(id_, track) for id_, track in self.strips.items())
        return Layout(console, table.title, "osc_daw", tapers=table.tapers, params=own, strips=strips)

    def _strip(self, id_: str, track: Track) -> Strip:
        params: dict[str, Param] = {
            paths.strip_and_param(path)[1]: leaf.encoding.param
            for path, leaf in self.by_path.items()
            if path.startswith(f"{id_}/") and leaf.key not in self._absent
        }
        number, label = number_of(id_), self._table.labels[track.kind]
        return Strip(id_, track.kind, number, f"{label} {number}" if number else label, params, (TAP,))

    # Questions

    def missing(self) -> list[Message]:
        """Return the questions for all that is not known yet."""
        unknown = (leaf for key, leaf in self.by_key.items() if key not in self.arguments and key not in self._absent)
        asked = [leaf.question for leaf in unknown if leaf.question]
        lists = [question for question in self.send_questions() if _whole(question[1][0]) not in self._sends]
        return list(dict.fromkeys([*asked, *lists]))

    def questions(self, *, prompt: bool) -> list[Message]:
        """Return the questions for the values that are read again promptly, or for all others."""
        asked = [leaf.question for leaf in self.by_key.values() if leaf.question and leaf.prompt is prompt]
        return list(dict.fromkeys([*asked, *([] if prompt else self.send_questions())]))

    def send_questions(self) -> list[Message]:
        """Return the questions for the sends of each strip that may have any."""
        sends = self._table.sends
        return [(sends.address, (track.number,)) for track in self.strips.values() if track.kind in sends.kinds]


def _whole(argument: Argument) -> int:
    return argument if isinstance(argument, int) else 0


def _strip_leaf(row: Row, id_: str, number: int) -> Leaf:
    key = row.key(number)
    order = partial(_order, key)
    return Leaf(
        paths.join(id_, row.local), key, row.encoding, (key, ()), order, number, row.prompt, row.local == "name"
    )


def _send_key(row: SendRow, number: int, send: int) -> str:
    return f"{row.address}/{number}/{send}"


def _send_leaf(row: SendRow, path: str, number: int, send: int, question: Message) -> Leaf:
    order = partial(_send_order, row.address, number, send)
    return Leaf(path, _send_key(row, number, send), row.encoding, question, order, number)


def _send_order(address: str, number: int, send: int, argument: Argument) -> Message:
    """Return the message that sets a send, whose value is a float whatever it means."""
    return address, (number, send, float(argument))


def _order(key: str, argument: Argument) -> Message:
    return key, (argument,)


def _control_leaf(control: Control) -> Leaf:
    return Leaf(control.local, control.address, control.encoding, control.question, partial(_switch, control))


def _switch(control: Control, argument: Argument) -> Message:
    return (control.on if argument else control.off) or (control.address, (argument,))

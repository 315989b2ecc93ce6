"""The console as oracle: its own lines of text (`/node`) show whether our laws and orders are those of its firmware.

At opening a sample of every kind of value is compared. A kind that the console prints in another way than the tables
have it is not set from here: it is shown in the console's own words.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.encodings import Encoding, Printed
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.table import Group, Row
from remote_mixer.drivers.behringer.texts import agrees, names_of, printed
from remote_mixer.drivers.osc import Argument, leaf_of, node_of, parts_of
from remote_mixer.drivers.osc_line import soon

ANSWER = "node"
SAMPLES = 3
"""Different values of each kind that are compared."""
TRIES = 4
ANSWER_SECONDS = 0.2
BURST, PAUSE_SECONDS = 8, 0.01
AT_ONCE = 50
"""Addresses that are looked through without a pause of the loop's other work."""
_DIGITS = re.compile(r"\d+")


def kind(address: str) -> str:
    """Return what all values of one kind have in common: the address without its strip and its numbers."""
    root, *rest = parts_of(address)
    return _DIGITS.sub("*", "/".join((root, *rest[1:])))


class Oracle:
    """Compares the console's texts with the tables; later receives the texts of what is shown in its words.

    differing  by kind: an address, its argument and the console's text
    """

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._addresses = conversation.addresses
        self._forms = conversation.addresses.family.forms
        self._waiting: dict[str, None] = {}
        self._doubts: dict[str, tuple[Argument, str]] = {}
        self.differing: dict[str, str] = {}
        conversation.intercepted[ANSWER] = self._take

    async def consult(self) -> Family:
        """Compare; return the family with what differs shown in the console's words."""
        self._waiting = await self._sample()
        for _ in range(TRIES):
            await self._ask()
            if await soon(lambda: not self._waiting, ANSWER_SECONDS):
                break
        self._waiting.clear()
        return _shown(self._addresses.family, self.differing.keys()) if self.differing else self._addresses.family

    def show(self) -> None:
        """Query the texts that are missing of the values shown in the console's words; one may have been lost."""
        if not self.differing:
            return
        missing = filter(self._addresses.lacks_text, self._addresses.arguments)
        for node in dict.fromkeys(map(node_of, missing)):
            self._conversation.line.send("/node", node[1:])

    def diagnosis(self) -> str:
        """Return a sentence about what is shown in the console's words; empty where the tables fit."""
        if not self.differing:
            return ""
        return f" This firmware differs from our tables, so these are only shown: {'; '.join(self.differing.values())}."

    async def _sample(self) -> dict[str, None]:
        """Return the nodes whose lines hold a few different values of every kind; collected bit by bit."""
        seen: dict[str, set[Argument]] = defaultdict(set)
        nodes: dict[str, None] = {}
        for place, (address, argument) in enumerate(tuple(self._addresses.arguments.items())):
            node, name = node_of(address), leaf_of(address)
            values = seen[kind(address)]
            if len(values) < SAMPLES and argument not in values and name in names_of(node, self._forms):
                values.add(argument)
                nodes[node] = None
            if place % AT_ONCE == 0:
                await asyncio.sleep(0)
        return nodes

    async def _ask(self) -> None:
        for place, node in enumerate(tuple(self._waiting)):
            self._conversation.line.send("/node", node[1:])
            if place % BURST == BURST - 1:
                await asyncio.sleep(PAUSE_SECONDS)

    def _take(self, line: Argument, _: bool) -> None:
        texts = printed(str(line), self._forms)
        self._conversation.take_texts(texts)
        if (node := str(line).partition(" ")[0]) not in self._waiting:
            return
        doubtful = [address for address, text in texts.items() if not self._agrees(address, text)]
        if not doubtful:
            self._waiting.pop(node, None)

    def _agrees(self, address: str, text: str) -> bool:
        """Whether a text is no reason to ask again: it fits, or it differs for the second time in the same way.

        A value that moves while it is compared differs in another way each time.
        """
        leaf, argument = self._addresses.leaf(address), self._addresses.arguments.get(address)
        if leaf is None or argument is None or _fits(leaf.encoding, argument, text):
            return True
        doubt, self._doubts[address] = self._doubts.get(address), (argument, text)
        if doubt == (argument, text):
            self.differing.setdefault(kind(address), f"{address} {argument!r} is {text}")
            return True
        self._conversation.ask_first(address)
        return False


def _fits(encoding: Encoding, argument: Argument, text: str) -> bool:
    try:
        return agrees(encoding, argument, text)
    except ValueError:  # a text of another form says nothing
        return True


def _shown(family: Family, kinds: Iterable[str]) -> Family:
    """Return a family whose values of some kinds are shown in the console's words."""
    return replace(family, groups=tuple(_shown_group(group, frozenset(kinds)) for group in family.groups))


def _shown_group(group: Group, kinds: frozenset[str]) -> Group:
    root = group.root.format(n=1)
    rows = tuple(_shown_row(row) if kind(f"{root}/{row.address}") in kinds else row for row in group.rows)
    return replace(group, rows=rows)


def _shown_row(row: Row) -> Row:
    return replace(row, encoding=Printed())

"""House: our own console, for params that span consoles. It has no hardware, and no strips yet.

Unlike other drivers it has the desk: it may set params of any console through the one door, and follow all changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Driver, Opened, Report, Setup

NICKNAME = "house"
WORD = "house"


class House(Driver):
    """The driver. Its console is hidden while it has no strips."""

    title = "House"
    hidden_while_empty = True

    def __init__(self, setup: Setup) -> None:
        """Raise ValueError for a spec: this driver has none."""
        super().__init__(setup)
        if setup.spec:
            raise ValueError(f"“{WORD}:” takes nothing after its colon, not “{setup.spec}”")
        self._desk: Desk | None = None

    def join(self, desk: Desk) -> None:
        """Keep the desk, for sets with cause `group` and for its listeners."""
        self._desk = desk

    @property
    def desk(self) -> Desk:
        """The desk; RuntimeError before `join`."""
        if self._desk is None:
            raise RuntimeError("the house console has not joined a desk")
        return self._desk

    def layout(self) -> Layout:
        """Return the strips that the console has now."""
        return Layout(self.name, self.title, WORD, hidden_while_empty=self.hidden_while_empty)

    async def open(self, report: Report) -> Opened:
        """Return the layout: there is no connection to open."""
        return Opened(self.layout(), {})

    async def run(self, report: Report) -> None:
        """Stay until cancelled: there is no link that could be lost."""
        await asyncio.Event().wait()

    def send(self, path: str, value: Value) -> None:
        """Carry out a set of one of the console's own params; it has none yet."""

    async def close(self) -> None:
        """Return at once: there is no connection to close."""


def with_house(consoles: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return these consoles, and our own console `house` unless it is among them."""
    if any(spec.partition(":")[0] == WORD for _, spec in consoles):
        return list(consoles)
    taken = {name for name, _ in consoles}
    free = (f"{NICKNAME}{number}" for number in count(2))
    name = NICKNAME if NICKNAME not in taken else next(name for name in free if name not in taken)
    return [*consoles, (name, f"{WORD}:")]

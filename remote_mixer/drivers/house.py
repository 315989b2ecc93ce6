"""House: the console of our own, which holds what spans consoles. It has no far end, and no strips yet.

Unlike other drivers it has the desk: it may set params of any console through the one door, and follow all changes.
"""

from __future__ import annotations

import asyncio

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
        """Take no spec; ValueError for one."""
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
        """Return the layout: nothing has to be reached."""
        return Opened(self.layout(), {})

    async def run(self, report: Report) -> None:
        """Stay until cancelled: there is no link that could be lost."""
        await asyncio.Event().wait()

    def send(self, path: str, value: Value) -> None:
        """Carry out a set of one of the console's own params; it has none yet."""

    async def close(self) -> None:
        """Release nothing."""

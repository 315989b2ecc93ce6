"""Whether we have a client slot: a console notifies only so many clients of changes and ignores any more.

The only proof is a change made by another client. So a second socket, which takes no slot, changes the colour of the
last DCA (the witness) for a moment: if we are notified, we have a slot. A colour that another client sets meanwhile is
kept: the witness is read before each change, and a colour that is not ours is not touched.
"""

from __future__ import annotations

import asyncio

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.osc_line import Line, soon

COLORS = 16
TRIES = 4
NUMBERS = {4: "Four", 8: "Eight"}


class Slots:
    """Tests whether the console notifies us."""

    def __init__(self, conversation: Conversation, host: str, port: int, wait_seconds: float) -> None:
        self._conversation = conversation
        self._where = (host, port)
        self._wait = wait_seconds
        self._witness = conversation.addresses.family.witness
        self._one_at_a_time = asyncio.Lock()

    async def notified(self) -> bool:
        """Return whether we are notified of others' changes; the witness then has the colour that others gave it."""
        async with self._one_at_a_time:
            return await self._probe()

    async def _probe(self) -> bool:
        try:
            other = await Line(lambda address, arguments: None).connect(*self._where)
        except DriverError:  # the network is away for a moment: undecided
            return True
        probe = Probe(self._conversation, other, self._witness, self._wait)
        self._conversation.intercepted[self._witness] = probe.take
        try:
            try:
                return await probe.look()
            finally:
                await probe.restore()
        finally:
            del self._conversation.intercepted[self._witness]
            probe.leave()
            await other.close()
            self._conversation.ask([self._witness])


class Probe:
    """One test; `other` is the second socket.

    color  the witness's colour as last received; None before that
    due    the colour that another client set last, to be restored
    """

    def __init__(self, conversation: Conversation, other: Line, witness: str, wait_seconds: float) -> None:
        self.color: int | None = None
        self.due = 0
        self._conversation = conversation
        self._other = other
        self._witness = witness
        self._wait = wait_seconds
        self._before = conversation.addresses.arguments.get(witness)
        self._ours: set[int] = set()
        self._notified = False
        self._answered = False

    def take(self, argument: Argument, asked: bool) -> None:
        """Record the witness's colour; one that we did not set is another client's, and is kept."""
        if not isinstance(argument, int):
            return
        self._notified |= not asked and argument != self.color
        self._answered |= asked
        self.color = argument
        if argument not in self._ours:
            self.due = argument

    async def look(self) -> bool:
        """Change the witness, to another colour each time, until we are notified of a change by any client."""
        for _ in range(TRIES):
            if await self._query() and not self._notified and self._change(self._another()):
                await soon(lambda: self._notified, self._wait)
            if self._notified or self._own_page_moves:
                return True
        return self.color is None  # without any message it is undecided

    async def restore(self) -> None:
        """Restore the witness; it is read before and after each try."""
        for _ in range(TRIES):
            if await self._query() and (self.color == self.due or not self._change(self.due)):
                return

    def leave(self) -> None:
        """Restore the witness without waiting, for a test that was cancelled."""
        if self.color not in {None, self.due}:
            self._change(self.due)

    def _another(self) -> int:
        others = ((self.due + step) % COLORS for step in range(1, COLORS))
        return next(color for color in others if color not in self._ours)

    def _change(self, color: int) -> bool:
        """Change the witness, unless one of our own pages has just done so; return whether it was changed."""
        if self._own_page_moves:
            return False
        self._ours.add(color)
        self._other.send(self._witness, color)
        return True

    @property
    def _own_page_moves(self) -> bool:
        (path,) = self._conversation.addresses.paths(self._witness)
        return self._conversation.newest(path) != self._before

    async def _query(self) -> bool:
        """Query the witness; return whether an answer came."""
        self._answered = False
        self._conversation.ask_first(self._witness)
        return await soon(lambda: self._answered, self._wait)


def full(count: int) -> str:
    """Return the notice for a console whose client slots are all taken."""
    return (
        f"{NUMBERS[count]} others are connected to the console, and it reports changes to no more than that. Close one"
        " of them; until then changes made elsewhere show here late."
    )

"""Whether the console tells us what others do: it takes only so many clients and refuses the next one with silence.

The one way to know is to see a change made by somebody else. So a second socket, which asks for nothing and takes no
slot, changes the colour of the last DCA for a moment: told of it, we have a slot. A colour that anybody else gives it
meanwhile stays: the console is asked before each change where it stands, and what we did not put there is not touched.
"""

from __future__ import annotations

import asyncio

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.line import Line
from remote_mixer.drivers.behringer.osc import Argument
from remote_mixer.drivers.behringer.timing import soon

COLORS = 16
TRIES = 4
NUMBERS = {4: "Four", 8: "Eight"}


class Slots:
    """Asks the console whether it tells us anything."""

    def __init__(self, conversation: Conversation, host: str, port: int, wait_seconds: float) -> None:
        self._conversation = conversation
        self._where = (host, port)
        self._wait = wait_seconds
        self._witness = conversation.addresses.family.witness
        self._one_at_a_time = asyncio.Lock()

    async def notified(self) -> bool:
        """Tell whether a change by somebody else reaches us; all stands as others left it when this returns."""
        async with self._one_at_a_time:
            return await self._probe()

    async def _probe(self) -> bool:
        try:
            other = await Line(lambda address, arguments: None).connect(*self._where)
        except DriverError:  # the network is away for a moment: then nobody can tell
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
    """One look: `other` is the second socket.

    stands  where the witness stands, as last heard; None as long as nothing was heard
    due     where it belongs: what somebody else put there last
    """

    def __init__(self, conversation: Conversation, other: Line, witness: str, wait_seconds: float) -> None:
        self.stands: int | None = None
        self.due = 0
        self._conversation = conversation
        self._other = other
        self._witness = witness
        self._wait = wait_seconds
        self._stood = conversation.addresses.standing.get(witness)
        self._ours: set[int] = set()
        self._notified = False
        self._answered = False

    def take(self, argument: Argument, asked: bool) -> None:
        """Note where the witness stands; what we did not put there is somebody else's, and stays."""
        if not isinstance(argument, int):
            return
        self._notified |= not asked and argument != self.stands
        self._answered |= asked
        self.stands = argument
        if argument not in self._ours:
            self.due = argument

    async def look(self) -> bool:
        """Change the witness, to another colour each time, until we are told unasked of a change, ours or anybody's."""
        for _ in range(TRIES):
            if await self._asked() and not self._notified and self._put(self._another()):
                await soon(lambda: self._notified, self._wait)
            if self._notified or self._ours_moves:
                return True
        return self.stands is None  # where nothing is heard at all nobody can tell

    async def restore(self) -> None:
        """Put the witness back, asking each time whether that is to be done and whether it was."""
        for _ in range(TRIES):
            if await self._asked() and (self.stands == self.due or not self._put(self.due)):
                return

    def leave(self) -> None:
        """Put the witness back without waiting, for an end in the middle of it all."""
        if self.stands not in {None, self.due}:
            self._put(self.due)

    def _another(self) -> int:
        others = ((self.due + step) % COLORS for step in range(1, COLORS))
        return next(color for color in others if color not in self._ours)

    def _put(self, color: int) -> bool:
        """Change the witness, unless a hand on one of our own pages is just doing so."""
        if self._ours_moves:
            return False
        self._ours.add(color)
        self._other.send(self._witness, color)
        return True

    @property
    def _ours_moves(self) -> bool:
        (path,) = self._conversation.addresses.paths(self._witness)
        return self._conversation.newest(path) != self._stood

    async def _asked(self) -> bool:
        """Ask where the witness stands; tell whether an answer came."""
        self._answered = False
        self._conversation.ask_first(self._witness)
        return await soon(lambda: self._answered, self._wait)


def full(count: int) -> str:
    """Return the sentence for a console that takes no more clients."""
    return (
        f"{NUMBERS[count]} others are connected to the console, and it tells no more than that what moves. Close one"
        " of them; until then moves made elsewhere show here late."
    )

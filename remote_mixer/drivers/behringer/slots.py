"""Whether the console tells us what others do: it takes only so many clients and refuses the next one with silence.

The one way to know is to see a change made by somebody else. So a second socket, which asks for nothing and takes no
slot, changes the colour of the last DCA for a moment: told of it, we have a slot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.line import Line
from remote_mixer.drivers.behringer.osc import Argument

COLORS = 16
TRIES = 4
LOOK_SECONDS = 0.01
NUMBERS = {4: "Four", 8: "Eight"}


class Slots:
    """Asks the console whether it tells us anything."""

    def __init__(self, talk: Conversation, host: str, port: int, wait_seconds: float) -> None:
        self._talk = talk
        self._where = (host, port)
        self._wait = wait_seconds
        self._witness = talk.book.family.witness
        self._one_at_a_time = asyncio.Lock()

    async def told(self) -> bool:
        """Tell whether a change by somebody else reaches us; all stands as before when this returns."""
        async with self._one_at_a_time:
            return await self._told()

    async def _told(self) -> bool:
        stood = self._talk.book.standing.get(self._witness)
        if not isinstance(stood, int):
            return True
        try:
            other = await Line(lambda address, arguments: None).reach(*self._where)
        except DriverError:  # the network is away for a moment: then nobody can tell
            return True
        heard: list[tuple[Argument, bool]] = []
        self._talk.overheard[self._witness] = lambda argument, asked: heard.append((argument, asked))
        try:
            try:
                return await self._change(other, stood, heard)
            finally:
                await self._restore(other, stood, heard)
        finally:
            del self._talk.overheard[self._witness]
            other.send(self._witness, stood)  # once more, for an end in the middle of it all
            await other.close()

    async def _change(self, other: Line, stood: int, heard: list[tuple[Argument, bool]]) -> bool:
        """Change the witness, to another colour each time, until we are told of it unasked."""
        for attempt in range(1, TRIES + 1):
            other.send(self._witness, (stood + attempt) % COLORS)
            if await self._until(lambda: any(told != stood and not asked for told, asked in heard)):
                return True
        return False

    async def _restore(self, other: Line, stood: int, heard: list[tuple[Argument, bool]]) -> None:
        """Put the witness back, asking each time whether it arrived."""
        for _ in range(TRIES):
            heard.clear()
            other.send(self._witness, stood)
            self._talk.line.send(self._witness)
            if await self._until(lambda: any(told == stood for told, _ in heard)):
                return

    async def _until(self, there: Callable[[], bool]) -> bool:
        """Wait a moment for something; tell whether it came."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._wait
        while not there() and loop.time() < end:  # noqa: ASYNC110 - a few looks within a moment
            await asyncio.sleep(LOOK_SECONDS)
        return there()


def full(count: int) -> str:
    """Return the sentence for a console that takes no more clients."""
    return (
        f"{NUMBERS[count]} others are connected to the console, and it tells no more than that what moves. Close one"
        " of them; until then moves made elsewhere show here late."
    )

"""A simulated console and its driver on a loop whose time jumps: what is lost, and how long the page is wrong."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import Joined, joined
from tests.support.virtual import Datagram, VirtualLoop, loop

SETTLING_SECONDS = 6.0
"""Time after which all looks go round as they will for hours."""
PATIENCE_SECONDS = 200.0


class Story:
    """A console that has been open for a while."""

    def __init__(self, page: Joined, loop: VirtualLoop) -> None:
        self.page = page
        self.loop = loop
        self.console = page.simulator

    def lose_push(self, address: str) -> None:
        """Lose the next datagram of a value on its way to us, once."""
        before = self.loop.loses

        def lost(datagram: Datagram) -> bool:
            if datagram.source == self.console.address and datagram.address == address:
                self.loop.loses = before
                return True
            return before(datagram)

        self.loop.loses = lost

    def move(self, address: str) -> None:
        """Move a control of the console somewhere else."""
        stands = self.console.values[address]
        if isinstance(stands, str):
            self.console.move(address, "Other" if stands == "Lost" else "Lost")
        elif isinstance(stands, float):
            self.console.move(address, 0.25 if stands > 0.5 else 0.75)
        else:
            takes = self.console.model.leaves[address].kind.take
            others = (takes(other) for other in (stands ^ 1, stands + 1, stands - 1))
            self.console.move(address, next(other for other in others if other not in {None, stands}))

    def addresses(self) -> list[str]:
        """Return every address whose value the driver has."""
        return list(self.page.lifecycle.conversation.addresses.arguments)

    def is_right(self, address: str) -> bool:
        known, stands = self.page.lifecycle.conversation.addresses.arguments.get(address), self.console.values[address]
        return known == stands or (isinstance(known, float) and abs(known - float(stands)) < 1e-6)

    async def repair(self, addresses: Iterable[str]) -> dict[str, float]:
        """Return how long each address was wrong, in seconds."""
        began, took = self.loop.time(), dict[str, float]()
        wrong = set(addresses)
        while wrong:
            assert self.loop.time() - began < PATIENCE_SECONDS, f"never repaired: {sorted(wrong)[:9]}"
            for address in [address for address in wrong if self.is_right(address)]:
                took[address] = self.loop.time() - began
                wrong.discard(address)
            await asyncio.sleep(0.01)
        return took

    def most_sent_in_a_second(self, since: float) -> int:
        """Return the highest number of our datagrams within any one second."""
        ours = [one.at for one in self.loop.sent if one.at >= since and one.source != self.console.address]
        return max((bisect_left(ours, at + 1) - place for place, at in enumerate(ours)), default=0)


@asynccontextmanager
async def opened(data: Path, word: str) -> AsyncIterator[Story]:
    console = Simulator(word, clock=loop().time)
    async with joined(data, word, simulator=console, probe_seconds=1e6) as there:
        await asyncio.sleep(SETTLING_SECONDS)
        assert not there.wrong()
        yield Story(there, loop())

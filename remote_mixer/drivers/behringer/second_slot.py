"""A second client slot: the console sends each change twice, so that a lost datagram is noticed at once.

For consoles that have slots to spare and send no snapshots. What comes here changes no value: it may be older than what
came on the first slot. Where the two differ, the value is looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf

from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.snapshots import END
from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.osc_line import Line

COMPARE_SECONDS = 0.03
"""Time in which the same change comes on the first slot, unless it was lost."""
PROBES = 2
"""Tests for notice without a change here after which this slot is held to be lost."""


class SecondSlot:
    """A second socket that is notified of changes.

    look  takes the addresses to look at
    """

    def __init__(self, conversation: Conversation, look: Callable[[list[str]], None]) -> None:
        self._conversation = conversation
        self._look = look
        self._line = Line(self._take)
        self._newest: dict[str, Argument] = {}
        self._comparing: asyncio.TimerHandle | None = None
        self._wanted = False
        self._changed_at = -inf

    async def connect(self, host: str, port: int) -> None:
        """Open the socket; DriverError where the name or the network is not known."""
        await self._line.connect(host, port)

    def want(self, *, wanted: bool) -> None:
        """Hold the slot from the next renewal on, or free it at once: the first slot goes first."""
        if self._wanted and not wanted:
            self._line.send(END)
        self._wanted = wanted

    @property
    def tells(self) -> bool:
        """Whether the console tells each change here too: the test for notice makes one each quiet minute."""
        since = self._conversation.clock.time() - self._changed_at
        return self._wanted and since < PROBES * self._conversation.timing.probe_seconds

    def renew(self, renewal: str) -> None:
        """Hold the slot for the next ten seconds, if it is wanted."""
        if self._wanted:
            self._line.send(renewal)

    def _take(self, address: str, arguments: tuple[Argument, ...]) -> None:
        """Note a change, to be compared once the first slot has had its time."""
        if len(arguments) != 1 or not self._conversation.addresses.knows(address):
            return
        self._changed_at = self._conversation.clock.time()
        self._newest[address] = arguments[0]
        if self._comparing is None:
            self._comparing = asyncio.get_running_loop().call_later(COMPARE_SECONDS, self._compare)

    def _compare(self) -> None:
        self._comparing = None
        newest, self._newest = self._newest, {}
        known = self._conversation.addresses.arguments
        differ = (address for address, argument in newest.items() if known.get(address) != argument)
        self._look([address for address in differ if not self._conversation.is_busy_with(address)])

    async def close(self) -> None:
        """Free the slot and close the socket."""
        if self._comparing:
            self._comparing.cancel()
        self.want(wanted=False)
        await self._line.close()

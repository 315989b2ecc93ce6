"""Repair of lost messages: joins the schedule of looks, snapshots and a second slot to a conversation."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import islice

from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.reread import Reread
from remote_mixer.drivers.behringer.second_slot import SecondSlot
from remote_mixer.drivers.behringer.snapshots import RENEW, Numbers, Snapshots, count, ranges
from remote_mixer.drivers.osc import Argument, Message

AT_ONCE = 300
"""Addresses that are counted without a pause of the loop's other work."""


class Repair:
    """Looks at what a lost datagram may have changed; `reread` decides what and when."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._snapshots = Snapshots()
        self._clock = conversation.clock.time
        self.reread = Reread(
            conversation.addresses, conversation.timing, conversation.look, self._send, self._snapshots
        )
        self._second = SecondSlot(conversation, self.reread.look_now)

    async def connect(self, host: str, port: int) -> None:
        """Open the socket of the second slot; DriverError where there is no way to the console."""
        await self._second.connect(host, port)

    def notified(self, *, notified: bool) -> None:
        """Note whether we hold a slot: only then a second one is taken, where the family has some to spare."""
        self._second.want(wanted=notified and self._conversation.addresses.family.spare)

    async def close(self) -> None:
        """Free the second slot."""
        await self._second.close()

    async def start(self) -> None:
        """Begin to test nodes and to request snapshots; thousands of addresses are gone through bit by bit."""
        addresses, numbers = self._conversation.addresses, Numbers(set)
        every, prompt = iter(addresses.every()), frozenset(addresses.prompt())
        while some := tuple(islice(every, AT_ONCE)):
            count(filter(addresses.is_numeric, some), prompt, numbers)
            self._conversation.addresses.nodes.add(some)
            await asyncio.sleep(0)
        self._snapshots.start(ranges(numbers), self._clock())
        for alias in self._snapshots.aliases:
            self._conversation.intercepted[alias] = partial(self._compare, alias)

    def renew(self, renewal: str) -> None:
        """Prolong snapshots and second slot; test what nodes the console answers."""
        self._second.renew(renewal)
        self.reread.notified_twice = self._second.tells
        self.reread.look_now(list(self._conversation.addresses.nodes.tests()))
        if self._snapshots.covered:
            self._conversation.line.send(RENEW)

    def surprised(self, address: str) -> None:
        """Look at the strip of a value whose push was lost, unless everything is being read anyhow."""
        if not self._conversation.busy:
            self.reread.surprised(address, self._clock())

    def diagnosis(self) -> str:
        """Return a sentence about a console that sends no snapshots; empty for one that does."""
        if not self._snapshots.is_refused:
            return ""
        prompt, others = self.reread.periods
        return (
            f" The console sends no snapshots: a lost change of a fader, mute or solo shows within {prompt:.2g} s, of"
            f" anything else but the name of a scene within {others:.0f} s."
        )

    def _send(self, message: Message) -> None:
        address, arguments = message
        self._conversation.line.send(address, *arguments)

    def _compare(self, alias: str, frame: Argument, _: bool) -> None:
        """Look at the values that differ in a frame."""
        known = self._conversation.addresses.arguments
        self.reread.look_now(self._snapshots.take(alias, frame, known, self._clock()))

"""Links in memory between the test DAW and a driver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from remote_mixer.drivers.midi_ports import Link, OpenLink, Receive
from tests.support.daw import Daw
from tests.support.midi import pairs
from tests.support.watchdog import far_end


class DawLinks:
    """Opens one link for each of the DAW's units, in the units' order.

    sides  the far side of each unit's link
    loses  called with each message for the DAW; whether it is lost
    hides  called with each message from the DAW; whether it is lost
    """

    def __init__(self, daw: Daw, *, starts: bool = True) -> None:
        """Connect a DAW; if it `starts`, it does so each time that the driver has opened the last unit's link."""
        self.daw = daw
        self._names = [f"unit {number}" for number in range(len(daw.units))]
        self._open, sides = pairs(*self._names)
        self.sides = list(sides.values())
        self._starts = starts
        self.loses: Callable[[bytes], bool] = lambda message: False
        self.hides: Callable[[bytes], bool] = lambda message: False
        for number, side in enumerate(self.sides):
            side.listeners.append(partial(self._deliver, number))
        daw.listeners.append(self._say)

    async def open_link(self, port: str, receive: Receive, client: str = "Remote Mixer") -> Link:
        """Open the first unit's link that is not open; the client's name is ignored."""
        number = next(number for number, side in enumerate(self.sides) if not side.opened)
        link = await self._open(self._names[number], receive, client)
        if self._starts and all(side.opened for side in self.sides):
            asyncio.get_running_loop().call_soon(self.daw.start)
        return link

    @far_end
    def _deliver(self, number: int, message: bytes) -> None:
        if not self.loses(message):
            self.daw.receive(number, message)

    def _say(self, number: int, data: bytes) -> None:
        if not self.hides(data):
            self.sides[number].say(data)

    def cut(self) -> None:
        """Remove all ports."""
        for side in self.sides:
            side.cut()

    def bring_back(self) -> None:
        """Offer all ports again."""
        for side in self.sides:
            side.bring_back()


def opener(daw: Daw, *, starts: bool = True) -> OpenLink:
    """Return a function that opens links to the DAW."""
    return DawLinks(daw, starts=starts).open_link

"""Joins the DAW to a driver's links in memory."""

from __future__ import annotations

import asyncio
from functools import partial

from remote_mixer.drivers.midi_ports import Link, OpenLink, Receive
from tests.support.daw import Daw
from tests.support.midi import pairs


class DawLinks:
    """What a driver opens one link for each of the DAW's units with, in the units' order.

    sides  the far side of each unit's link
    """

    def __init__(self, daw: Daw, *, starts: bool = True) -> None:
        """Join a DAW; where it `starts`, it does so each time that the driver has opened the last unit's link."""
        self.daw = daw
        self._names = [f"unit {number}" for number in range(len(daw.units))]
        self._open, sides = pairs(*self._names)
        self.sides = list(sides.values())
        self._starts = starts
        for number, side in enumerate(self.sides):
            side.on_sent = partial(daw.receive, number)
        daw.say = lambda number, data: self.sides[number].say(data)

    def open_link(self, port: str, receive: Receive, client: str = "Remote Mixer") -> Link:
        """Open the first unit's link that is not open; what the driver calls it does not matter."""
        number = next(number for number, side in enumerate(self.sides) if not side.opened)
        link = self._open(self._names[number], receive, client)
        if self._starts and all(side.opened for side in self.sides):
            asyncio.get_running_loop().call_soon(self.daw.start)
        return link

    def cut(self) -> None:
        """Let all ports vanish."""
        for side in self.sides:
            side.cut()

    def bring_back(self) -> None:
        """Let all ports be there again."""
        for side in self.sides:
            side.bring_back()


def opener(daw: Daw, *, starts: bool = True) -> OpenLink:
    """Return what a driver opens its links to the DAW with."""
    return DawLinks(daw, starts=starts).open_link

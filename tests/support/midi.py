"""MIDI links in memory: a driver at one end, the test at the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_bytes import Parser
from remote_mixer.drivers.midi_ports import Link, OpenLink, Receive


class FarSide:
    """What a test holds of one link: all that was sent, and a voice.

    on_sent  called with each message as it is sent, for a far end that answers; a new one may be put in its place
    """

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.on_sent: Callable[[bytes], None] = lambda message: None
        self.there = True
        self.link: MemoryLink | None = None

    @property
    def opened(self) -> bool:
        """Return whether a driver has the link open."""
        return self.link is not None

    def say(self, *messages: bytes) -> None:
        """Let the driver receive bytes, whole messages or not, in the loop's next turn; nobody there hears nothing."""
        if self.link:
            asyncio.get_running_loop().call_soon(self.link.take, b"".join(messages))

    def cut(self) -> None:
        """Let the port vanish until `bring_back`."""
        self.there = False
        if self.link:
            self.link.cut.set()

    def bring_back(self) -> None:
        """Let the port be there again, for whoever opens it."""
        self.there = True


class MemoryLink:
    """The driver's end."""

    notice = ""

    def __init__(self, port: str, receive: Receive, far: FarSide) -> None:
        self.cut = asyncio.Event()
        self._port, self._receive, self._far = port, receive, far
        self._parser = Parser()

    @property
    def dropped(self) -> int:
        """Return how many incoming messages were cut short or too long."""
        return self._parser.dropped

    def send(self, message: bytes) -> None:
        """Hand a message to the far side; a cut or closed link loses it."""
        if self._far.link is self and self._far.there:
            self._far.sent.append(message)
            self._far.on_sent(message)

    def take(self, data: bytes) -> None:
        """Let the driver receive, unless the link is cut or closed by now."""
        if self._far.link is self and self._far.there:
            for message in self._parser.feed(data):
                self._receive(message)

    async def gone(self) -> None:
        """Wait for the cut."""
        await self.cut.wait()
        raise DriverError(f"The MIDI port “{self._port}” has gone.")

    def close(self) -> None:
        """Let go of the far side."""
        if self._far.link is self:
            self._far.link = None


def pair() -> tuple[OpenLink, FarSide]:
    """Return what a driver opens, whatever port it asks for, and the far side of it."""
    far = FarSide()
    return _opener(lambda name: far), far


def pairs(*names: str) -> tuple[OpenLink, dict[str, FarSide]]:
    """Return what a driver opens several links with, and the far sides by port, or by client where the port is ""."""
    sides = {name: FarSide() for name in names}
    return _opener(sides.__getitem__), sides


def _opener(side: Callable[[str], FarSide]) -> OpenLink:
    def open_link(port: str, receive: Receive, client: str = "Remote Mixer") -> Link:
        far = side(port or client)
        if not far.there:
            raise DriverError(f"There is no MIDI port “{port or client}” here.")
        far.link = MemoryLink(port or client, receive, far)
        return far.link

    return open_link

"""MIDI links in memory: a driver at one end, the test at the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_ports import Link, OpenLink, Receive
from remote_mixer.midi.messages import Parser


class FarSide:
    """The test's side of one link: all that was sent, and a way to send.

    listeners  called with each message as it is sent, for a far end that answers
    """

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.listeners: list[Callable[[bytes], None]] = []
        self.there = True
        self.link: MemoryLink | None = None

    @property
    def opened(self) -> bool:
        """Whether a driver has the link open."""
        return self.link is not None

    def say(self, *messages: bytes) -> None:
        """Send bytes to the driver, whole messages or not, in the loop's next turn; without a link they are lost."""
        if self.link:
            asyncio.get_running_loop().call_soon(self.link.take, b"".join(messages))

    def cut(self) -> None:
        """Remove the port until `bring_back`."""
        self.there = False
        if self.link:
            self.link.cut.set()

    def bring_back(self) -> None:
        """Offer the port again."""
        self.there = True


class MemoryLink:
    """The driver's side."""

    notice = ""

    def __init__(self, port: str, receive: Receive, far: FarSide) -> None:
        self.cut = asyncio.Event()
        self._port, self._receive, self._far = port, receive, far
        self._parser = Parser()

    @property
    def dropped(self) -> int:
        """Count of incoming messages that were cut short or too long."""
        return self._parser.dropped

    def send(self, message: bytes) -> None:
        """Hand a message to the far side; a cut or closed link loses it."""
        if self._far.link is self and self._far.there:
            self._far.sent.append(message)
            for listener in self._far.listeners:
                listener(message)

    def take(self, data: bytes) -> None:
        """Pass bytes to the driver, unless the link is cut or closed."""
        if self._far.link is self and self._far.there:
            for message in self._parser.feed(data):
                self._receive(message)

    async def gone(self) -> None:
        """Wait for the cut."""
        await self.cut.wait()
        raise DriverError(f"The MIDI port “{self._port}” has gone.")

    def close(self) -> None:
        """Disconnect from the far side."""
        if self._far.link is self:
            self._far.link = None


def pair() -> tuple[OpenLink, FarSide]:
    """Return a function that opens one link for any port, and its far side."""
    far = FarSide()
    return _opener(lambda name: far), far


def pairs(*names: str) -> tuple[OpenLink, dict[str, FarSide]]:
    """Return a function that opens several links, and the far sides by port, or by client where the port is ""."""
    sides = {name: FarSide() for name in names}
    return _opener(sides.__getitem__), sides


def _opener(side: Callable[[str], FarSide]) -> OpenLink:
    async def open_link(port: str, receive: Receive, client: str = "Remote Mixer") -> Link:
        far = side(port or client)
        if not far.there:
            raise DriverError(f"There is no MIDI port “{port or client}” here.")
        far.link = MemoryLink(port or client, receive, far)
        return far.link

    return open_link

"""MIDI ports by name: listed, opened as a link of both directions, and missed when they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

CLIENT = "Remote Mixer"
"""What other programs see us as, and what virtual ports are called."""

Hear = Callable[[bytes], None]
"""Called on the loop with one whole message; must not raise."""


class Link(Protocol):
    """Both directions of one MIDI connection."""

    @property
    def dropped(self) -> int:
        """Return how many incoming messages were lost: too many waiting, cut short or too long."""

    def send(self, message: bytes) -> None:
        """Send one whole message. Never waits and never raises; where the port has gone, `gone` says so."""

    async def gone(self) -> None:
        """Wait until the port has vanished, then raise DriverError that names it; never returns."""

    def close(self) -> None:
        """Let go of the ports; may be called twice."""


OpenLink = Callable[[str, Hear, str], Link]
"""Takes the port, who hears, and the client's name, as `open_link` does."""

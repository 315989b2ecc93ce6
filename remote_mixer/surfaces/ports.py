"""MIDI ports as another room opens them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol


class Link(Protocol):
    """Both directions of one MIDI connection."""

    @property
    def notice(self) -> str:
        """Note on the choice of the port where several match, else an empty text."""

    def send(self, message: bytes) -> None:
        """Send one whole message. Never waits and never raises."""

    async def gone(self) -> None:
        """Wait until the port has vanished, then raise the fault of `Ports`; never returns."""

    def close(self) -> None:
        """Close the ports; may be called twice."""


OpenLink = Callable[[str, Callable[[bytes], None], str], Awaitable[Link]]
"""Opens ports: takes a port's name, a receiver of whole messages, and our name for other programs."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Access to MIDI ports.

    open_link  opens a port by its name; raises `fault` with a sentence where it is not there
    fault      exception of a port that is missing or has gone
    """

    open_link: OpenLink
    fault: type[Exception]

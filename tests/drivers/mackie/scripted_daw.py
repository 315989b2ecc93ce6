"""The test DAW with a script of bytes at its surface, in place of a driver."""

from __future__ import annotations

from typing import Any

from tests.support.daw import Daw
from tests.support.daw_clock import HandClock

ANNOUNCE = "f0 00 00 66 14 01 52 65 6d 6f 74 65 31 01 02 03 04 f7"


class ScriptedDaw:
    """The test DAW and a script of bytes at its surface."""

    def __init__(self, tracks: int | list[str] = 10, units: int = 1, *, started: bool = True, **habits: Any) -> None:
        self.clock = HandClock()
        self.daw = Daw(tracks, units, clock=self.clock, **{"asks": False} | habits)
        if started:
            self.daw.start()
            self.replies()

    def do(self, script: str, unit: int = 0) -> list[str]:
        """Send bytes, given in hex, and return the reply."""
        self.daw.receive(unit, bytes.fromhex(script))
        return self.replies(unit)

    def replies(self, unit: int = 0) -> list[str]:
        """Return all messages since the last call."""
        said = [message.hex(" ") for message in self.daw.said[unit]]
        self.daw.said[unit].clear()
        return said

    def wait(self, seconds: float) -> list[str]:
        self.clock.advance(seconds)
        return self.replies()


def screen(offset: int, text: str, identity: int = 0x14) -> str:
    return bytes((0xF0, 0, 0, 0x66, identity, 0x12, offset, *text.encode(), 0xF7)).hex(" ")

"""Driver for Mackie Control: the program acts as the surface, and any DAW as the console.

`--console daw=mackie:` opens virtual ports called “Remote Mixer”; `daw=mackie:PORT[,PORT…]` takes ports by name, the
main unit first and then up to three extenders. A DAW cannot be queried: what it has not sent is not known.
"""

from __future__ import annotations

import time

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers import midi_ports
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.mackie.layout import TITLE, ports_of
from remote_mixer.drivers.mackie.session import Session
from remote_mixer.drivers.midi_ports import OpenLink

VALUE_SECONDS = 1 / 300
"""Least time between two values: each is up to two messages, and a DIN cable carries about 600 a second."""


class Mackie(Driver):
    """The driver; each opening has a `Session` of its own."""

    title = TITLE

    def __init__(self, setup: Setup, open_link: OpenLink = midi_ports.open_link) -> None:
        """Take one to four ports as the spec."""
        super().__init__(setup)
        self._ports = ports_of(setup.spec)
        self._open_link = open_link
        self._session: Session | None = None
        self._free_at = 0.0

    async def open(self, report: Report) -> Opened:
        """Announce the surface and learn the DAW's tracks; without a DAW the strips are there, their values unknown."""
        self._session = Session(self.name, self._ports, self._open_link)
        return await self._session.open(report)

    async def run(self, report: Report) -> None:
        """Report what the DAW shows and send what clients set."""
        if self._session is None:
            raise DriverError("The surface is not open.")
        await self._session.run(report)

    def send(self, path: str, value: Value) -> None:
        """Send one value; a track outside the window is brought into it first."""
        if self._session:
            self._free_at = time.monotonic() + VALUE_SECONDS
            self._session.set(*self._place(path), value)

    def wait(self, lane: str) -> float:
        """Return the seconds until the next value may leave."""
        return self._free_at - time.monotonic()

    def hold(self, path: str, *, down: bool) -> None:
        """Touch a fader, or release it."""
        strip, local = self._place(path)
        if self._session and local == "fader":
            self._session.hold(strip, down=down)

    async def close(self) -> None:
        """Close the ports."""
        if self._session:
            self._session.close()
        self._session = None

    def _place(self, path: str) -> tuple[str, str]:
        """Return strip ("" for the surface itself) and local path."""
        strip, local = paths.strip_and_param(paths.local_of(path))
        return (strip, local) if strip == "main" or strip.startswith("ch") else ("", f"{strip}/{local}".strip("/"))

"""Driver for Mackie Control: the program acts as the surface, and any DAW as the console.

`--console daw=mackie:` opens virtual ports called “Remote Mixer”; `daw=mackie:PORT[,PORT…]` takes ports by name, the
main unit first and then up to three extenders. A DAW cannot be queried: what it has not sent is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers import midi_link
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.mackie.layout import TITLE, ports_of
from remote_mixer.drivers.mackie.session import Session
from remote_mixer.drivers.midi_ports import OpenLink


class Mackie(Driver):
    """The driver; each opening has a `Session` of its own."""

    title = TITLE
    retry_seconds = 1.0

    def __init__(self, setup: Setup, open_link: OpenLink = midi_link.open_link) -> None:
        """Parse the spec: one to four ports; ValueError for more."""
        super().__init__(setup)
        self._ports = ports_of(setup.spec)
        self._open_link = open_link
        self._session: Session | None = None

    async def open(self, report: Report) -> Opened:
        """Announce the surface and learn the DAW's tracks; without a DAW the strips are there, their values unknown."""
        self._session = Session(self.name, self._ports, self._open_link, report)
        return await self._session.open()

    async def run(self, report: Report) -> None:
        """Report what the DAW shows and send what clients set."""
        if self._session is None:
            raise DriverError("The surface is not open.")
        await self._session.run()

    def send(self, path: str, value: Value) -> None:
        """Send one value, to a track in the window."""
        if self._session:
            self._session.hands.set(*self._place(path), value)

    def lane(self, path: str) -> str:
        """Return the path: each value waits for its own track, and overtakes those that wait for others."""
        return path

    def wait(self, lane: str) -> float:
        """Return the seconds until the value may leave; a track outside the window is called into it."""
        return self._session.hands.wait(*self._place(lane)) if self._session else 0.0

    def confirms(self, path: str) -> bool:
        """Return whether the DAW shows, by its motor's echo, an LED or a ring, that a value has arrived."""
        return self._session is not None and self._session.hands.confirms(*self._place(path))

    def query(self, path: str) -> bool:
        """Bring the track into the window, to hear where it stands; return whether it can be heard."""
        return self._session is not None and self._session.hands.query(*self._place(path))

    def hold(self, path: str, *, down: bool) -> None:
        """Touch a fader, or release it."""
        if self._session:
            self._session.hands.hold(*self._place(path), down=down)

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Press a key of the DAW, or read its tracks again."""
        if self._session is None:
            raise DriverError("The DAW is not connected: its ports have to be there first.")
        self._session.act(action)

    async def close(self) -> None:
        """Close the ports."""
        if self._session:
            self._session.close()
        self._session = None

    def _place(self, path: str) -> tuple[str, str]:
        """Return strip ("" for the surface itself) and local path."""
        strip, local = paths.strip_and_param(paths.local_of(path))
        return (strip, local) if strip == "main" or strip.startswith("ch") else ("", f"{strip}/{local}".strip("/"))

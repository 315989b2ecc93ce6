"""Driver for DAWs that speak OSC: all strips at once, each with its own fader, and every change as it happens."""

from __future__ import annotations

from typing import ClassVar

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Driver, Opened, Report, Setup
from remote_mixer.drivers.osc_daw.ardour import ARDOUR
from remote_mixer.drivers.osc_daw.session import Session
from remote_mixer.drivers.osc_daw.strips import Ids
from remote_mixer.drivers.osc_daw.table import Table
from remote_mixer.drivers.osc_daw.timing import Timing
from remote_mixer.drivers.place import THIS_MACHINE, Place, place_of
from remote_mixer.drivers.unconfirmed import Kind


class OscDaw(Driver):
    """A DAW; each opening has a `Session` of its own."""

    table: ClassVar[Table]

    def __init__(self, setup: Setup) -> None:
        """Parse the spec: `//HOST[:PORT]`, or "" for the DAW on this computer."""
        super().__init__(setup)
        place = place_of(setup.spec, self.table.word, self.table.port)
        self._place = place if place.host else Place(THIS_MACHINE, place.port)
        self._ids = Ids()
        self._session: Session | None = None
        self.timing = Timing()

    def confirms(self, path: str) -> bool:
        """Every value comes back, or is asked for."""
        return True

    async def open(self, report: Report) -> Opened:
        """Subscribe to the DAW and read it whole."""
        self._session = Session(self.name, self.table, self._ids, self.timing, report)
        return await self._session.open(self._place)

    async def run(self, report: Report) -> None:
        """Keep the desk's values the DAW's own; DriverError once the DAW has gone."""
        if self._session:
            await self._session.live()

    def send(self, path: str, value: Value) -> None:
        """Send a value."""
        if self._session:
            self._session.set(paths.local_of(path), value)

    def send_recalled(self, path: str, value: Value) -> None:
        """Send a value of a recall."""
        if self._session:
            self._session.set(paths.local_of(path), value, Kind.RECALL)

    def send_step(self, path: str, value: Value) -> None:
        """Send a value that is asked for only where no newer one follows."""
        if self._session:
            self._session.set(paths.local_of(path), value, Kind.STEP)

    def wait(self, lane: str) -> float:
        """Return the seconds until the next value may leave."""
        return self._session.wait() if self._session else 0.0

    def query(self, path: str) -> bool:
        """Ask for a value that is not known."""
        return self._session is not None and self._session.ask(paths.local_of(path))

    async def close(self) -> None:
        """Close the socket, if it is open."""
        if self._session:
            session, self._session = self._session, None
            await session.close()


class Ardour(OscDaw):
    """Ardour and Mixbus."""

    title = ARDOUR.title
    table = ARDOUR

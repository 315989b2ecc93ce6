"""The drivers of both families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.behringer import find, gates, x32, xair
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.lifecycle import Lifecycle
from remote_mixer.drivers.behringer.locate import Locator
from remote_mixer.drivers.behringer.timing import Timing
from remote_mixer.drivers.place import place_of
from remote_mixer.drivers.unconfirmed import Kind


class Behringer(Driver):
    """A console that speaks OSC as these two families do."""

    family: ClassVar[Family]

    def __init__(self, setup: Setup) -> None:
        """Parse the spec: `//HOST[:PORT]`, or "" for the only console of the family that answers."""
        super().__init__(setup)
        self.timing = Timing()
        self._locator = Locator(place_of(setup.spec, self.family.word, self.family.port), self.family)
        self._lifecycle: Lifecycle | None = None
        self._sights: Sequence[str] = ()

    @classmethod
    async def find(cls) -> Sequence[str]:
        """Return the specs of the consoles of this family that answer here and now."""
        there = await find.find(cls.family.port, find.BROADCAST, find.SIMULATED)
        return [f"//{found.host}" for found in there if found.model.startswith(cls.family.models)]

    async def open(self, report: Report) -> Opened:
        """Locate the console and read it for at most `Timing.open_seconds`."""
        located = await self._locator.locate(self.timing.patience_seconds)
        found, port = located.found, located.port
        family = self.family.of_model(found.model)
        family = await gates.with_gate_order(family, found.host, port)
        addresses = await AddressBook.gradually(family)
        self._lifecycle = lifecycle = Lifecycle(self.name, located, addresses, self.timing, report)
        lifecycle.shown(self._sights)
        await lifecycle.connect()
        await lifecycle.read()
        await lifecycle.consult()
        opened = await lifecycle.opened_gradually()
        self._locator.opened(located)
        return opened

    async def run(self, report: Report) -> None:
        """Keep the desk's values the console's own; DriverError once the console is silent for too long."""
        if self._lifecycle:
            await self._lifecycle.live()

    def confirms(self, path: str) -> bool:
        """Return True: each value is read back."""
        return True

    def query(self, path: str) -> bool:
        """Query a value at once; return whether the console has it."""
        return bool(self._lifecycle and self._lifecycle.query(paths.local_of(path)))

    def send(self, path: str, value: Value) -> None:
        """Send a value."""
        self._send(path, value)

    def send_recalled(self, path: str, value: Value) -> None:
        """Send a value at the pace of a recall."""
        self._send(path, value, Kind.RECALL)

    def send_step(self, path: str, value: Value) -> None:
        """Send a value that is looked back at only where no newer one follows."""
        self._send(path, value, Kind.STEP)

    def send_again(self, path: str) -> None:
        """Send a hand's value once more in a moment, where no newer one follows."""
        if self._lifecycle:
            self._lifecycle.conversation.repeat(paths.local_of(path))

    def _send(self, path: str, value: Value, kind: Kind = Kind.HAND) -> None:
        if self._lifecycle:
            self._lifecycle.moved(paths.local_of(path))
            self._lifecycle.conversation.set(paths.local_of(path), value, kind)

    def hold(self, path: str, *, down: bool) -> None:
        """Look at the strip under a person's hand more often than at others."""
        if self._lifecycle and down:
            self._lifecycle.moved(paths.local_of(path))

    def look(self, wanted: Sequence[str]) -> None:
        """Look at the strips that pages show more often than at others."""
        self._sights = [paths.local_of(path) for path in wanted]
        if self._lifecycle:
            self._lifecycle.shown(self._sights)

    def lane(self, path: str) -> str:
        """Return the strip: each has a pace of its own."""
        return paths.parse(path).strip

    def wait(self, lane: str) -> float:
        """Return the seconds until the console takes a hand's next value of a strip."""
        return self._lifecycle.conversation.wait(lane) if self._lifecycle else 0.0

    def wait_recalled(self, lane: str) -> float:
        """Return the seconds until the console takes a recall's next value of a strip."""
        return self._lifecycle.conversation.wait_recalled(lane) if self._lifecycle else 0.0

    @property
    def ready(self) -> int:
        """Number of values that the pace lets leave now."""
        return self._lifecycle.conversation.ready if self._lifecycle else 0

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Recall one of the console's own scenes, or switch all solos off."""
        if self._lifecycle is None:
            raise DriverError("The console is offline: wait until it is back.")
        if action == "recall":
            await self._lifecycle.recall(arguments["scene"])
        else:
            self._lifecycle.clear_solo()

    async def close(self) -> None:
        """Close the connection, if it is open."""
        if self._lifecycle:
            lifecycle, self._lifecycle = self._lifecycle, None
            await lifecycle.close()


class X32(Behringer):
    """Behringer X32 and Midas M32."""

    title = x32.FAMILY.title
    family = x32.FAMILY


class XAir(Behringer):
    """Behringer X Air and Midas MR."""

    title = xair.FAMILY.title
    family = xair.FAMILY

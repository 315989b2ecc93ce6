"""The drivers of both families: opening reads the console whole, living with it keeps the page true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.behringer import find, gates, x32, xair
from remote_mixer.drivers.behringer.address_book import Book
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.lifecycle import Life
from remote_mixer.drivers.behringer.locate import Way, place_of
from remote_mixer.drivers.behringer.meters import Readings
from remote_mixer.drivers.behringer.timing import Timing


class Behringer(Driver):
    """A console that speaks OSC as these two families do."""

    confirms = True
    family: ClassVar[Family]

    def __init__(self, setup: Setup) -> None:
        """Take `//HOST[:PORT]`, or nothing for the only console of the family that answers."""
        super().__init__(setup)
        self.timing = Timing()
        self._way = Way(place_of(setup.spec, self.family), self.family)
        self._life: Life | None = None

    @classmethod
    async def find(cls) -> Sequence[str]:
        """Return the specs of the consoles of this family that answer here and now."""
        there = await find.find(cls.family.port, find.EVERYBODY, find.SIMULATED)
        return [f"//{found.host}" for found in there if found.model.startswith(cls.family.models)]

    async def open(self, report: Report) -> Opened:
        """Reach the console and read it, as much as can be read in the time an opening has."""
        reached = await self._way.go(self.timing.patience_seconds)
        found, port = reached.found, reached.port
        family = self.family.of_model(found.model)
        if family.asks_gates:
            family = await gates.as_told(family, found.host, port)
        layout = family.layout(self.name, f"{found.model} “{found.name}”")
        talk = Conversation(Book(family), self.timing, Readings(family.meters, family.read_meter, family.taps()))
        await talk.line.reach(found.host, port)
        self._life = Life(talk, self.name, found.host, port, reached.notice)
        await self._life.read(report)
        return Opened(layout, self._standing(layout, talk.book), reached.notice)

    def _standing(self, layout: Layout, book: Book) -> dict[str, Value]:
        """Return every param's value; None for what the console has not told."""
        known = {"status", "notice", "diagnostics"}
        paths = (path.partition("/")[2] for path, _ in layout.paths())
        return {f"{self.name}/{path}": book.values.get(path) for path in paths if path not in known}

    async def run(self, report: Report) -> None:
        """Live with the console until it is silent for too long."""
        if self._life:
            await self._life.live(report)

    def send(self, path: str, value: Value) -> None:
        """Send a value."""
        if self._life:
            self._life.talk.set(path.partition("/")[2], value)

    def lane(self, path: str) -> str:
        """Return the strip: each has a pace of its own."""
        return path.split("/", 2)[1]

    def wait(self, lane: str) -> float:
        """Return the seconds until the console takes the next value of a strip."""
        return self._life.talk.wait(lane) if self._life else 0.0

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Recall one of the console's own scenes, or end all solos."""
        if self._life is None:
            raise DriverError("The console is offline: wait until it is back.")
        if action == "recall":
            await self._life.recalls.recall(arguments["scene"])
        else:
            self._life.clear_solo()

    async def close(self) -> None:
        """Let go of the console."""
        if self._life:
            life, self._life = self._life, None
            await life.talk.close()


class X32(Behringer):
    """Behringer X32 and Midas M32."""

    title = x32.FAMILY.title
    family = x32.FAMILY


class XAir(Behringer):
    """Behringer X Air and Midas MR."""

    title = xair.FAMILY.title
    family = xair.FAMILY

"""The driver in its guard on a desk, connected to the test DAW."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.mackie.driver import Mackie
from remote_mixer.midi.messages import NOTE_ON
from tests.support.daw import Daw
from tests.support.daw_links import DawLinks
from tests.support.waiting import until

ANNE = Source(CLIENT, "anne", "Anne")
BEN = Source(CLIENT, "ben", "Ben")
CLEO = Source(CLIENT, "cleo", "Cleo")


class Joined:
    """A DAW, the driver, and the desk."""

    def __init__(self, daw: Daw) -> None:
        self.daw = daw
        self.links = DawLinks(daw)
        self.desk = Desk()
        self.readings = b""
        self.pulses = 0
        self.pending: frozenset[str] = frozenset()
        spec = "," * (len(daw.units) - 1)
        self.driver = Mackie(Setup("daw", spec, Path()), self.links.open_link)
        self.guard = Guard(self.driver, self.desk, self._receive, self._pend)

    def _receive(self, console: str, codes: bytes) -> None:
        self.readings = codes
        self.pulses += 1

    def _pend(self, paths: frozenset[str]) -> None:
        self.pending = paths

    @property
    def remembered(self) -> set[str]:
        return set(self.desk.remembered())

    def value(self, local: str) -> Value:
        return self.desk.values.get(f"daw/{local}")

    def set(self, local: str, value: Value, who: Source = ANNE) -> None:
        self.desk.set({f"daw/{local}": value}, who)

    def hold(self, local: str, who: Source = ANNE) -> None:
        self.desk.hold(f"daw/{local}", who)

    def release(self, local: str) -> None:
        self.desk.release(f"daw/{local}", ANNE)

    async def later(self) -> None:
        """Wait until the driver has had time to report everything received so far."""
        goal = self.pulses + 4
        await until(lambda: self.pulses >= goal)

    @property
    def settled(self) -> bool:
        """Whether all values set have left and are confirmed."""
        return not self.guard._pending._sent and not len(self.guard._outbox)

    @property
    def names(self) -> list[Value]:
        """Names of all channels on the desk."""
        strips = self.desk.layouts["daw"].strips
        return [self.value(f"{strip.id}/name") for strip in strips if strip.kind == "channel"]

    def sent(self, unit: int = 0) -> list[str]:
        """Return what the surface has sent so far, in hex, without releases of what is not down: these are repeats."""
        down: set[int] = set()
        messages = []
        for message in self.links.sides[unit].sent:
            if message[0] == NOTE_ON:
                if not message[2] and message[1] not in down:
                    continue
                (down.add if message[2] else down.discard)(message[1])
            messages.append(message.hex(" "))
        return messages


@asynccontextmanager
async def joined(
    tracks: int | list[str] = 8,
    units: int = 1,
    *,
    first: int = 0,
    there: bool = True,
    loses: Callable[[bytes], bool] = lambda message: False,
    hides: Callable[[bytes], bool] = lambda message: False,
    **habits: Any,
) -> AsyncIterator[Joined]:
    """Yield a DAW whose window begins at the track `first` (from 0), and the driver, once the console is online.

    A DAW that is not `there` sends nothing until the test starts it; a message to it is lost where `loses` says so, and
    one from it where `hides` does.
    """
    both = Joined(Daw(tracks, units, **habits))
    both.links.loses, both.links.hides = loses, hides
    both.daw.silent = not there
    both.daw.go_to(first)
    living = asyncio.create_task(both.guard.live())
    await until(lambda: both.value("status") == "online", 30)
    yield both
    living.cancel()
    await asyncio.wait({living})
    both.daw.close()

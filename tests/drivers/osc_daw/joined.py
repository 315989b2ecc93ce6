"""A DAW, its driver in a guard, and a desk: joined for a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.osc_daw.driver import Ardour
from tests.support.waiting import until

ANNE = Source(CLIENT, "anne", "Anne")
NEAR = 1e-5


class Joined:
    """A driver in its guard, on a desk, for a test to look at and move."""

    def __init__(self, address: tuple[str, int], data: Path, **timing: Any) -> None:
        self.driver = Ardour(Setup("daw", f"//{address[0]}:{address[1]}", data))
        self.driver.timing = replace(self.driver.timing, **timing)
        self.desk = Desk()
        self.frames: list[bytes] = []
        self.pending: frozenset[str] = frozenset()
        self.guard = Guard(self.driver, self.desk, lambda _, codes: self.frames.append(codes), self._pend)

    def _pend(self, paths: frozenset[str]) -> None:
        self.pending = paths

    def set(self, path: str, value: Value) -> None:
        self.desk.set({f"daw/{path}": value}, ANNE)

    def value(self, path: str) -> Value:
        return self.desk.values[f"daw/{path}"]

    def near(self, path: str, value: float) -> bool:
        """Return whether the desk has a position, within rounding."""
        there = self.value(path)
        return isinstance(there, float) and abs(there - value) <= NEAR

    @property
    def settled(self) -> bool:
        """Whether all values set have left and are confirmed."""
        return not self.guard._pending._sent and not len(self.guard._outbox)

    @property
    def ids(self) -> list[str]:
        """Ids of the strips, in order."""
        return [strip.id for strip in self.desk.layouts["daw"].strips]

    def id_of(self, name: str) -> str:
        """Return the id of a strip with a name; StopIteration where there is none."""
        return next(id_ for id_ in self.ids if self.value(f"{id_}/name") == name)

    def names(self) -> list[Value]:
        return [self.value(f"{id_}/name") for id_ in self.ids]

    async def stands(self, path: str, value: Value) -> None:
        await until(lambda: self.value(path) == value)


@asynccontextmanager
async def joined(address: tuple[str, int], data: Path, **timing: Any) -> AsyncIterator[Joined]:
    """Join a DAW that is there; times of the driver may be other than usual."""
    there = Joined(address, data, **timing)
    living = asyncio.create_task(there.guard.live())
    try:
        await there.stands("status", "online")
        yield there
    finally:
        living.cancel()
        await asyncio.wait({living})

"""Admission on records in memory and a clock that the test moves."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people.admission import Admission
from remote_mixer.people.records import KEY_OF, Batch, R
from remote_mixer.people.request import Request

A_DAY = 24 * 3600.0


class Clock:
    """Clock that stands still; a test adds seconds to `now`."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class WallClock:
    """The computer's clock: it goes with the other one, and a test may let it leap by adding to `ahead`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead = 0.0

    def __call__(self) -> float:
        return self._clock() + self.ahead


class MemoryStore:
    """RecordStore in memory. With `is_full` writes are refused; while `writable` is cleared they wait."""

    def __init__(self) -> None:
        self.is_full = False
        self.writable = asyncio.Event()
        self.writable.set()
        self._records: dict[tuple[type[Any], str], Any] = {}

    def read(self, kind: type[R]) -> list[R]:
        return [record for (of, _), record in self._records.items() if of is kind]

    async def write(self, batch: Batch) -> None:
        await self.writable.wait()
        if self.is_full:
            raise Refusal(Code.NOT_KEPT, "The disk is full: make room on it.")
        for record in batch.upserts:
            self._records[type(record), getattr(record, KEY_OF[type(record)])] = record
        for record in batch.deletes:
            self._records.pop((type(record), getattr(record, KEY_OF[type(record)])), None)
        for request in [one for one in self.read(Request) if one.at < batch.delete_requests_before]:
            del self._records[Request, request.id]


class House:
    """Data folder, store and clock of one server, with its admission, which can be restarted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store, self.clock = folder, MemoryStore(), Clock()
        self.wall = WallClock(self.clock)
        self.admission = self._open()

    def _open(self) -> Admission:
        return Admission.open(self.folder, self.store, self.wall, self.clock)

    def restart(self) -> Admission:
        """Open the admission again from what was saved, and return it."""
        self.admission = self._open()
        return self.admission

    @property
    def pin(self) -> str:
        assert self.admission.pin
        return self.admission.pin

    @property
    def wrong_pin(self) -> str:
        return f"{(int(self.pin) + 1) % 1_000_000:06}"

    async def join(self, name: str = "Anna", address: str = "192.168.1.20") -> tuple[str, str]:
        """Join by PIN; return the person's id and cookie."""
        person, cookie = await self.admission.enter_by_pin(name, self.pin, address)
        return person.id, cookie


async def refusal(call: Awaitable[object]) -> Refusal:
    """Return the Refusal that a call raises."""
    try:
        await call
    except Refusal as fault:
        return fault
    raise AssertionError("the call was not refused")


def hide_pin(admission: Admission) -> None:
    """Leave only the hash of the PIN, as after a start with another secrets.json."""
    check = admission._pin_check
    check._secrets = replace(check._secrets, pin=None)

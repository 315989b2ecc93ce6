"""An admission whose records are in memory, and a clock that goes when told to."""

import asyncio
from pathlib import Path
from typing import Any

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people.admission import Admission
from remote_mixer.people.records import KEY_OF, Batch, R
from remote_mixer.people.request import Request

A_DAY = 24 * 3600.0


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Paper:
    """A RecordStore in memory. It can refuse, and it can take its time."""

    def __init__(self) -> None:
        self.refuses = False
        self.takes = asyncio.Event()
        self.takes.set()
        self._records: dict[tuple[type[Any], str], Any] = {}

    def read(self, kind: type[R]) -> list[R]:
        return [record for (of, _), record in self._records.items() if of is kind]

    async def write(self, batch: Batch) -> None:
        await self.takes.wait()
        if self.refuses:
            raise Refusal(Code.NOT_KEPT, "The disk is full: make room on it.")
        for record in batch.upserts:
            self._records[type(record), getattr(record, KEY_OF[type(record)])] = record
        for record in batch.deletes:
            self._records.pop((type(record), getattr(record, KEY_OF[type(record)])), None)
        for request in [one for one in self.read(Request) if one.at < batch.delete_requests_before]:
            del self._records[Request, request.id]


class House:
    """An admission that can be shut and opened again, as by a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.paper, self.clock = folder, Paper(), Clock()
        self.admission = self.reopened()

    def reopened(self) -> Admission:
        self.admission = Admission.open(self.folder, self.paper, self.clock, self.clock)
        return self.admission

    @property
    def pin(self) -> str:
        assert self.admission.pin
        return self.admission.pin

    @property
    def wrong_pin(self) -> str:
        return f"{(int(self.pin) + 1) % 1_000_000:06}"

    async def comes(self, name: str = "Anna", address: str = "192.168.1.20") -> tuple[str, str]:
        """Let somebody in by the PIN: their id and cookie."""
        person, cookie = await self.admission.enter_by_pin(name, self.pin, address)
        return person.id, cookie


async def refusal(doing: Any) -> Refusal:
    """Return how the call was refused."""
    try:
        await doing
    except Refusal as fault:
        return fault
    raise AssertionError("the call was not refused")


def hide_pin(admission: Admission) -> None:
    """Leave only the hash, as after a start with another secrets.json."""
    held = admission._pin_check
    held._secrets = type(held._secrets)(held._secrets.key, None)

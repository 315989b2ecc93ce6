"""Reports of a conversation: who receives them, and the values that one turn of the loop brings together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from remote_mixer.desk.params import Value


class Listener(Protocol):
    """Receiver of a conversation's reports. Paths are without the console's name."""

    def changed(self, values: Mapping[str, Value]) -> None:
        """Receive values that the console changed itself; one call has all those of one turn of the loop."""

    def confirmed(self, path: str) -> None:
        """Receive the path of a write that arrived or was settled."""

    def metered(self, codes: bytes) -> None:
        """Receive a meter frame."""

    def pushed(self, address: str) -> None:
        """Receive the address of a value that the console sent without a query."""

    def surprised(self, address: str) -> None:
        """Receive the address of a value that a look found changed: its push was lost."""


class Reports:
    """Collects values, and reports all of one turn of the loop at once."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._values: dict[str, Value] = {}
        self._loop = asyncio.get_running_loop()
        self._reporting: asyncio.Handle | None = None

    def add(self, values: Mapping[str, Value]) -> None:
        """Report values, the newest of each path."""
        self._values |= values
        if self._values and self._reporting is None:
            self._reporting = self._loop.call_soon(self._report)

    def drop(self, path: str) -> None:
        """Drop the value of a path: ours is newer."""
        self._values.pop(path, None)

    def _report(self) -> None:
        self._reporting = None
        values, self._values = self._values, {}
        self._listener.changed(values)

    def close(self) -> None:
        """Drop all values."""
        if self._reporting:
            self._reporting.cancel()

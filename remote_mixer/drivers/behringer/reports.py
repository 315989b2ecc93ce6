"""Reports of a conversation: who receives them, and the values of a few milliseconds that they bring together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import islice
from typing import Protocol

from remote_mixer.desk.params import Value

QUIET_SECONDS = 0.0015
"""Pause in which nothing more came, after which all is reported. A console sends each value as a datagram of its own:
reported one by one, the first of a row of 32 faders would keep the 31 others waiting until it is on every page."""
MOST_SECONDS = 0.006
"""Longest time from the first value to the report, where no pause comes."""
MOST_VALUES = 500
"""Values of one report: the desk and all pages take them in one step, and after a stop thousands may have come."""


class Listener(Protocol):
    """Receiver of a conversation's reports. Paths are without the console's name."""

    def changed(self, values: Mapping[str, Value]) -> None:
        """Receive values that the console changed itself; one call has all those that came in a row."""

    def confirmed(self, path: str) -> None:
        """Receive the path of a write that arrived or was settled."""

    def metered(self, codes: bytes) -> None:
        """Receive a meter frame."""

    def pushed(self, address: str) -> None:
        """Receive the address of a value that the console sent without a query."""

    def surprised(self, address: str) -> None:
        """Receive the address of a value that a look found changed: its push was lost."""


class Reports:
    """Collects values and confirmed paths, and reports all that come in a row at once, the values first.

    A path that were confirmed before its value is reported would stand as true with the value that we wrote.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._values: dict[str, Value] = {}
        self._confirmed: dict[str, None] = {}
        self._loop = asyncio.get_running_loop()
        self._reporting: asyncio.TimerHandle | None = None
        self._more = False
        self._end = 0.0

    def add(self, values: Mapping[str, Value]) -> None:
        """Report values, the newest of each path."""
        self._values |= values
        self._gather()

    def confirm(self, path: str) -> None:
        """Report that a write arrived or was settled."""
        self._confirmed[path] = None
        self._gather()

    def _gather(self) -> None:
        self._more = True
        if (self._values or self._confirmed) and self._reporting is None:
            self._end = self._loop.time() + MOST_SECONDS
            self._wait()

    def _wait(self) -> None:
        """Report after a pause, and at the latest at the end."""
        self._more = False
        self._reporting = self._loop.call_later(QUIET_SECONDS, self._report)

    def drop(self, path: str) -> None:
        """Drop what is known of a path: our write is newer."""
        self._values.pop(path, None)
        self._confirmed.pop(path, None)

    def _report(self) -> None:
        if self._more and self._loop.time() < self._end:
            self._wait()
            return
        self.report()

    def report(self) -> None:
        """Report what there is; more than one report takes is left for the loop's next turns."""
        self.close()
        values = dict(islice(self._values.items(), MOST_VALUES))
        for path in values:
            del self._values[path]
        if values:
            self._listener.changed(values)
        self._reporting = self._loop.call_later(0, self._report) if self._values else None
        if not self._values:
            self._confirm()

    def _confirm(self) -> None:
        confirmed, self._confirmed = self._confirmed, {}
        for path in confirmed:
            self._listener.confirmed(path)

    def close(self) -> None:
        """Report no more, until there is more to report."""
        if self._reporting:
            self._reporting.cancel()

"""Time that passes when a test says so."""

from __future__ import annotations

from collections.abc import Callable


class HandClock:
    """A loop's call_later on a test's own time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._calls = 0

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Schedule a call."""
        self._calls += 1
        self._due.append((self.now + delay, self._calls, callback))
        return callback

    def advance(self, seconds: float) -> None:
        """Advance the time, with all calls due in that span in their order."""
        end = self.now + seconds
        while self._due and min(self._due)[0] <= end:
            self._due.remove(due := min(self._due))
            self.now = due[0]
            due[2]()
        self.now = end

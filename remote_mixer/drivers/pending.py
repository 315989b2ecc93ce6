"""Values that a console has not confirmed in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable

PENDING_SECONDS = 0.15
LOOK_SECONDS = 0.05

PendingListener = Callable[[frozenset[str]], None]
"""Called with the whole list each time it changes."""


class Pending:
    """Paths that wait for confirmation; lists those that wait longer than PENDING_SECONDS."""

    def __init__(self, listener: PendingListener) -> None:
        self._listener = listener
        self._sent: dict[str, float] = {}
        self._listed: frozenset[str] = frozenset()
        self._look: asyncio.TimerHandle | None = None

    @property
    def unconfirmed(self) -> Collection[str]:
        """All paths that wait, late or not."""
        return self._sent.keys()

    def sent(self, paths: Iterable[str]) -> None:
        """Record values that were sent; the time of a path runs from its first unconfirmed value."""
        loop = asyncio.get_running_loop()
        for path in paths:
            self._sent.setdefault(path, loop.time())
        if self._look is None:
            self._look = loop.call_later(LOOK_SECONDS, self._list_late)

    def confirmed(self, path: str) -> None:
        """Record that the newest value of a path arrived."""
        self._sent.pop(path, None)

    def clear(self) -> None:
        """Forget all paths: the console has gone."""
        self._sent.clear()

    def _list_late(self) -> None:
        loop = asyncio.get_running_loop()
        late = frozenset(path for path, at in self._sent.items() if loop.time() - at > PENDING_SECONDS)
        if late != self._listed:
            self._listed = late
            self._listener(late)
        self._look = loop.call_later(LOOK_SECONDS, self._list_late) if self._sent or late else None

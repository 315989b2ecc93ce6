"""Solos left on: they clear by themselves a while after the link of whoever set them is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from remote_mixer.desk import sources
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source

LEFT_ON_SECONDS = 10.0


class Solos:
    """Remembers whose solo is on, and which of them belong to somebody who has gone."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._owners: dict[str, str] = {}
        self._gone: dict[str, float] = {}

    def heard(self, values: Mapping[str, Value], source: Source) -> None:
        """Note who set a solo; a change listener of the desk."""
        for path, value in values.items():
            if path.endswith("/solo"):
                self._owners.pop(path, None)
                if value and source.kind == sources.CLIENT:
                    self._owners[path] = source.id

    def left(self, client: str) -> None:
        """Note that a client's link is gone."""
        self._gone[client] = self._clock()

    def back(self, client: str) -> None:
        """Note that a client is here (again)."""
        self._gone.pop(client, None)

    def due(self) -> list[str]:
        """Return the solos whose owner has been gone too long, and forget those owners."""
        now = self._clock()
        away = {client for client, at in self._gone.items() if now - at >= LEFT_ON_SECONDS}
        for client in away:
            del self._gone[client]
        return [path for path, owner in self._owners.items() if owner in away]

"""Solos left on: they clear by themselves a while after the link of whoever set them is gone."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

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
        if client in self._owners.values():
            self._gone[client] = self._clock()

    def back(self, client: str) -> None:
        """Note that a client is here (again)."""
        self._gone.pop(client, None)

    def keep_only(self, paths: Container[str]) -> None:
        """Forget solos on strips that are no more."""
        self._owners = {path: owner for path, owner in self._owners.items() if path in paths}

    def due(self) -> list[str]:
        """Return the solos whose owner has been gone too long; they are due until somebody clears them."""
        now, owners = self._clock(), set(self._owners.values())
        self._gone = {client: at for client, at in self._gone.items() if client in owners}
        away = {client for client, at in self._gone.items() if now - at >= LEFT_ON_SECONDS}
        return [path for path, owner in self._owners.items() if owner in away]

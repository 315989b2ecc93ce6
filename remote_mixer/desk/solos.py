"""Solos left on: each clears by itself some time after the client that set it has gone."""

from __future__ import annotations

from collections.abc import Callable, Container

from remote_mixer.desk import paths, sources
from remote_mixer.desk.change import Change

LEFT_ON_SECONDS = 10.0


class Solos:
    """Owners of the solos that are on, and which of these clients have gone."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._owners: dict[str, str] = {}
        self._gone: dict[str, float] = {}

    def note(self, change: Change) -> None:
        """Record who set a solo; a change listener of the desk."""
        for path, value in change.after.items():
            if paths.param_of(path) == "solo":
                self._owners.pop(path, None)
                if value and change.source.kind == sources.CLIENT:
                    self._owners[path] = change.source.id

    def left(self, client: str) -> None:
        """Record that a client has gone."""
        if client in self._owners.values():
            self._gone[client] = self._clock()

    def back(self, client: str) -> None:
        """Record that a client has joined, or joined again."""
        self._gone.pop(client, None)

    def keep_only(self, paths: Container[str]) -> None:
        """Forget the solos of strips that no longer exist."""
        self._owners = {path: owner for path, owner in self._owners.items() if path in paths}

    def due(self) -> list[str]:
        """Return the solos to clear: those whose owner has been gone for LEFT_ON_SECONDS."""
        now, owners = self._clock(), set(self._owners.values())
        self._gone = {client: at for client, at in self._gone.items() if client in owners}
        away = {client for client, at in self._gone.items() if now - at >= LEFT_ON_SECONDS}
        return [path for path, owner in self._owners.items() if owner in away]

"""Who has a finger on which control."""

from __future__ import annotations

from collections.abc import Callable

HOLD_SECONDS = 10.0
"""A hold ends this long after its holder's last `hold` or `set`; a resting finger repeats `hold` every 3 s."""


class Holds:
    """Path → the client whose finger is on it. A path has one holder."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._held: dict[str, tuple[str, float]] = {}

    def holder(self, path: str) -> str | None:
        """Return the client that holds the path, if its hold has not run out."""
        client, ends = self._held.get(path, (None, 0.0))
        return client if self._clock() < ends else None

    def last(self, path: str) -> str | None:
        """Return who holds the path or held it last, if nobody has been told that this hold ran out."""
        return self._held.get(path, (None, 0.0))[0]

    def keep(self, path: str, client: str) -> None:
        """Begin, take over or prolong a hold."""
        self._held[path] = (client, self._clock() + HOLD_SECONDS)

    def end(self, path: str, client: str) -> bool:
        """End a hold of this client; False where it held nothing."""
        if self._held.get(path, ("", 0.0))[0] != client:
            return False
        del self._held[path]
        return True

    def of(self, client: str) -> list[str]:
        """Return the paths that the client holds."""
        return [path for path, (holder, _) in self._held.items() if holder == client]

    def ended(self) -> list[tuple[str, str]]:
        """Forget the holds that have run out and return them as (path, client)."""
        now = self._clock()
        out = [(path, client) for path, (client, ends) in self._held.items() if ends <= now]
        for path, _ in out:
            del self._held[path]
        return out

    def forget(self, paths: set[str]) -> list[tuple[str, str]]:
        """Drop the holds on paths that are no more and return them as (path, client)."""
        return [(path, self._held.pop(path)[0]) for path in paths & self._held.keys()]

    def table(self) -> dict[str, str]:
        """Return path → client for every hold that lasts."""
        return {path: client for path in self._held if (client := self.holder(path))}

"""Who is told of changes: the console has so many places, and a client loses its own when it does not renew it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Endpoint = tuple[str, int]
Clock = Callable[[], float]

LIFETIME_SECONDS = 10.0


class Remotes:
    """The clients of /xremote. One too many is refused with silence, as the consoles do."""

    def __init__(self, places: int, lifetime: float, clock: Clock) -> None:
        """Keep so many places, each for a lifetime in seconds of the clock."""
        self._places, self._lifetime, self._clock = places, lifetime, clock
        self._until: dict[Endpoint, float] = {}
        self._echoes: dict[Endpoint, bool] = {}

    def renew(self, client: Endpoint, *, echo: bool) -> bool:
        """Give a client its place, or keep it; False when all are taken by others."""
        there = self.there()
        if client not in there and len(there) >= self._places:
            return False
        self._until[client] = self._clock() + self._lifetime
        self._echoes[client] = echo
        return True

    def drop(self, client: Endpoint) -> None:
        """Take a client's place away."""
        self._until.pop(client, None)

    def clear(self) -> None:
        """Take all places away."""
        self._until.clear()

    def there(self) -> list[Endpoint]:
        """Return who has a place now."""
        now = self._clock()
        self._until = {client: until for client, until in self._until.items() if until > now}
        return list(self._until)

    def told(self, writer: Endpoint | None) -> Iterator[Endpoint]:
        """Give who hears of a change that `writer` made: all others, and the writer if it wants its echo."""
        return (client for client in self.there() if client != writer or self._echoes[client])

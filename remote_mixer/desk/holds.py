"""Holds and gestures: which client has a finger on which control, and which changes are one gesture."""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from itertools import count
from typing import NamedTuple

from remote_mixer.desk.sources import Source

HOLD_SECONDS = 10.0
"""Time from a holder's last `hold` or `set` to the end of the hold; a page repeats `hold` every 3 s meanwhile."""
SERIES_SECONDS = 1.0
"""Longest time between two sets of one gesture without a hold: same paths, same source."""


class _Hold(NamedTuple):
    client: str
    ends: float
    gesture: int


_NO_HOLD = _Hold("", 0.0, 0)
_Series = tuple[str, str, frozenset[str]]
"""Kind and id of a source, and the paths that it sets."""


class Holds:
    """Path → the client whose finger is on it, and the gesture that began with it. A path has one holder."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._held: dict[str, _Hold] = {}
        self._numbers = count(1)
        self._series: dict[_Series, tuple[int, float]] = {}

    def holder(self, path: str) -> str | None:
        """Return the client that holds the path, None if there is none or its hold has expired."""
        hold = self._held.get(path, _NO_HOLD)
        return hold.client if self._clock() < hold.ends else None

    def last(self, path: str) -> str | None:
        """Return the client that holds the path, or held it last if the end of that hold was not announced."""
        return self._held.get(path, _NO_HOLD).client or None

    def keep(self, path: str, client: str) -> None:
        """Begin, take over or prolong a hold."""
        lasts = self.holder(path) == client
        gesture = self._held[path].gesture if lasts else next(self._numbers)
        self._held[path] = _Hold(client, self._clock() + HOLD_SECONDS, gesture)

    def end(self, path: str, client: str) -> bool:
        """End a hold of this client; False where it held nothing."""
        if self._held.get(path, _NO_HOLD).client != client:
            return False
        del self._held[path]
        return True

    def of(self, client: str) -> list[str]:
        """Return the paths that the client holds."""
        return [path for path, hold in self._held.items() if hold.client == client]

    def ended(self) -> list[tuple[str, str]]:
        """Drop the expired holds and return them as (path, client)."""
        now = self._clock()
        out = [(path, hold.client) for path, hold in self._held.items() if hold.ends <= now]
        for path, _ in out:
            del self._held[path]
        return out

    def forget(self, paths: Set[str]) -> list[tuple[str, str]]:
        """Drop the holds on these paths and return them as (path, client)."""
        return [(path, self._held.pop(path).client) for path in paths & self._held.keys()]

    def table(self) -> dict[str, str]:
        """Return path → client for every present hold."""
        return {path: client for path in self._held if (client := self.holder(path))}

    # Gestures

    def gestures(self, paths: Collection[str], source: Source) -> dict[int, list[str]]:
        """Return gesture → its paths, for a set of these paths by this source.

        A held path belongs to its hold. Paths without a hold belong to the set's one held gesture, as with ganged
        faders under one finger; in a set with none or several they are a series of their own.
        """
        found: dict[int, list[str]] = {}
        loose: list[str] = []
        now = self._clock()
        for path in paths:
            hold = self._held.get(path, _NO_HOLD)
            held = hold.client == source.id and now < hold.ends
            (found.setdefault(hold.gesture, []) if held else loose).append(path)
        if loose:
            series = source.kind, source.id, frozenset(loose)
            gesture = next(iter(found)) if len(found) == 1 else self._series_of(series)
            found.setdefault(gesture, []).extend(loose)
        return found

    def _series_of(self, series: _Series) -> int:
        now = self._clock()
        self._forget_series(now)
        gesture = self._series.pop(series)[0] if series in self._series else next(self._numbers)
        self._series[series] = gesture, now
        return gesture

    def _forget_series(self, now: float) -> None:
        """Drop the series that have ended; the dict is ordered by the last set."""
        while self._series:
            oldest = next(iter(self._series))
            if now - self._series[oldest][1] <= SERIES_SECONDS:
                return
            del self._series[oldest]

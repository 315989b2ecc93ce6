"""Rate limits. No I/O; the clock is the caller's."""

from __future__ import annotations

from collections.abc import Callable

from remote_mixer.desk.refusal import Code, Refusal

MOST_KEYS = 1000
"""Most keys remembered; the least recently used one is dropped first."""
TOO_OFTEN_TEXT = "That was too often: wait a few seconds, then do it again."


class RateLimit:
    """Limit per key: `burst` at once, and `rate` a second thereafter (the generic cell rate algorithm).

    clock  seconds that never go back
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self.rate = rate
        self._tolerance = (burst - 1) / rate
        self._clock = clock
        self._due: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._due)

    def wait(self, key: str = "") -> float:
        """Return the seconds until the next use is allowed for a key; 0 if it is allowed now."""
        now = self._clock()
        return max(0.0, self._due.get(key, now) - now - self._tolerance)

    def spare(self, key: str = "") -> float:
        """Return how many uses are allowed for a key at once."""
        now = self._clock()
        return 1 + (self._tolerance - max(0.0, self._due.get(key, now) - now)) * self.rate

    def count(self, key: str = "") -> None:
        """Count one use for a key, allowed or not."""
        now = self._clock()
        self._due[key] = max(self._due.pop(key, now), now) + 1 / self.rate
        if len(self._due) > MOST_KEYS:
            self._forget(now)

    def take(self, key: str = "") -> bool:
        """Count one use for a key if it is allowed; return whether it was."""
        if self.wait(key) <= 0:
            self.count(key)
            return True
        self._due[key] = self._due.pop(key)  # so that the least recently used keys come first
        return False

    def forget(self, key: str = "") -> None:
        """Forget the uses of a key: its whole burst is available again."""
        self._due.pop(key, None)

    def check(self, key: str = "") -> None:
        """Count one use for a key; Refusal `too-often` where it is not allowed."""
        if not self.take(key):
            raise Refusal(Code.TOO_OFTEN, TOO_OFTEN_TEXT)

    def _forget(self, now: float) -> None:
        """Drop the keys whose whole burst is available again, then the least recently used."""
        self._due = {key: due for key, due in self._due.items() if due > now}
        while len(self._due) > MOST_KEYS:
            del self._due[next(iter(self._due))]

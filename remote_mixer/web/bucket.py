"""A token bucket per client: floods are told, then closed."""

from __future__ import annotations


class Bucket:
    """RATE frames a second, bursts of BURST; REFUSED frames too many in a row are a flood."""

    RATE = 240
    BURST = 480
    REFUSED = 480

    def __init__(self, now: float) -> None:
        self._tokens = float(self.BURST)
        self._at = now
        self._refused = 0

    def take(self, now: float) -> bool:
        """Take one token at a time in seconds; False when there is none."""
        self._tokens = min(self._tokens + (now - self._at) * self.RATE, self.BURST)
        self._at = now
        if self._tokens < 1 or self._refused > self.REFUSED:
            self._refused += 1
            return False
        self._tokens -= 1
        if self._tokens > self.RATE:
            self._refused = 0
        return True

    @property
    def just_empty(self) -> bool:
        """Whether this was the first frame refused since all was well: the moment to say so."""
        return self._refused == 1

    @property
    def just_overdrawn(self) -> bool:
        """Whether this one was too many, the moment to close the link; after it no other is let through."""
        return self._refused == self.REFUSED + 1

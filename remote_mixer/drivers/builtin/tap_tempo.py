"""Tap tempo: the time of a delay from taps in its beat."""

from __future__ import annotations

LONGEST_SECONDS, MOST_TAPS = 2.0, 5


class TapTempo:
    """Taps of one beat; a tap after a longer pause than LONGEST_SECONDS begins another."""

    def __init__(self) -> None:
        self._taps: list[float] = []

    def tap(self, now: float) -> float | None:
        """Take a tap at a time in seconds; return the mean seconds between the last MOST_TAPS, None for a first tap."""
        if self._taps and now - self._taps[-1] > LONGEST_SECONDS:
            self._taps.clear()
        self._taps = [*self._taps, now][-MOST_TAPS:]
        if len(self._taps) < 2 or now == self._taps[0]:
            return None
        return (now - self._taps[0]) / (len(self._taps) - 1)

"""Tap tempo: the time between taps of a key or pedal. No I/O."""

from __future__ import annotations

from collections.abc import Callable

LONGEST_SECONDS = 2.5
"""Longest time between two taps of one tempo: 24 beats a minute."""
MOST_TAPS = 5


class Tap:
    """Taps of one key. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: list[float] = []

    def tap(self) -> float | None:
        """Take a tap; return the mean time between the last ones in milliseconds, None at the first."""
        now = self._clock()
        if self._times and now - self._times[-1] > LONGEST_SECONDS:
            self._times.clear()
        self._times = [*self._times, now][-MOST_TAPS:]
        taps = len(self._times) - 1
        return (now - self._times[0]) / taps * 1000 if taps else None

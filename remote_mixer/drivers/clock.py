"""Clock of what a far end does: it stands still while this program itself gets no time, as on a busy machine.

By the loop's own time, a program that was held for seconds would take its lateness for the far end's silence, for a
lost answer, or for a pause between two messages: it looks at the time before it has read what waits in its sockets.
"""

from __future__ import annotations

import asyncio

BEAT_SECONDS = 0.05
SLACK_SECONDS = 0.02
"""Lateness of a beat that counts as time: a loop at work is always a little late."""


class Clock:
    """Seconds of the loop, without those by which the loop was late. It runs from its making until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.lost = 0.0
        """Seconds by which the loop was late so far."""
        self._beating = self._loop.call_later(BEAT_SECONDS, self._beat)
        self._latest = self._beating.when() + SLACK_SECONDS

    def time(self) -> float:
        """Return the time in seconds. It is asked for several times with each message."""
        return min(self._loop.time(), self._latest) - self.lost

    def _beat(self) -> None:
        self.lost += max(0.0, self._loop.time() - self._latest)
        self._beating = self._loop.call_later(BEAT_SECONDS, self._beat)
        self._latest = self._beating.when() + SLACK_SECONDS

    def close(self) -> None:
        """Stop."""
        self._beating.cancel()

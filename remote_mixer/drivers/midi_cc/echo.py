"""Telling a console's echo of our own moves from a move of its own.

Gear answers what it was sent: at once or a little later, and often rounded, one lower than sent. Taken for moves, such
answers would pull a fader back under the finger, and down a step with each touch.
"""

from __future__ import annotations

from collections import deque

ECHO_SECONDS = 0.15
"""How long after the last send an answer may be an echo of any value of the gesture."""
SETTLED_SECONDS = 1.0
"""How long after the last send a value beside ours is the console's rounding; later it is a step of its own."""
MOST_REMEMBERED = 256


class Echo:
    """What was sent on one control, and whether what comes back is that. Times are in seconds, of any steady clock."""

    def __init__(self) -> None:
        self._sent: deque[int] = deque(maxlen=MOST_REMEMBERED)
        self._last_at = 0.0
        self._answered: tuple[int, int] | None = None  # the number, and its tolerance

    def sent(self, raw: int, now: float) -> None:
        """Note a number that was sent."""
        if now - self._last_at > ECHO_SECONDS:
            self._sent.clear()
        self._sent.append(raw)
        self._last_at = now
        self._answered = None

    def is_echo(self, raw: int, tolerance: int, now: float) -> bool:
        """Tell whether a number that came is ours, within the tolerance; after one that is not, none is until we send.

        Answers come in the order of what they answer, so a number that we have been at before the one last answered is
        not taken for ours again.
        """
        if not self._sent:
            return False
        candidates = list(self._sent) if now - self._last_at <= ECHO_SECONDS else [self._sent[-1]]
        place = next((p for p, ours in enumerate(candidates) if abs(ours - raw) <= tolerance), None)
        if place is None or now - self._last_at > SETTLED_SECONDS:
            self._sent.clear()
            return False
        self._answered = raw, tolerance
        for _ in range(place if len(candidates) > 1 else 0):
            self._sent.popleft()
        return True

    @property
    def stands_at(self) -> int | None:
        """Where the console says it stands, if that is not where it was sent last; None if it is, or said nothing."""
        if not self._sent or not self._answered:
            return None
        raw, tolerance = self._answered
        return raw if abs(self._sent[-1] - raw) > tolerance else None

    def rest(self, now: float) -> float:
        """Return how many seconds it still takes until no answer to an earlier value can come; 0 or less: none."""
        return self._last_at + ECHO_SECONDS - now

    def forget(self) -> None:
        """Take nothing that comes for ours, until something is sent."""
        self._sent.clear()

"""Echo of one control: what was sent, what the far end answered, and whether the two agree."""

from __future__ import annotations

from collections import deque

ECHO_SECONDS = 0.15
"""Time after the last send in which an answer may be an echo of any value of the gesture."""
SETTLED_SECONDS = 1.0
"""Time after the last send in which a neighbouring value is the console's rounding; later it is a move."""
MOST_REMEMBERED = 256


class Echo:
    """Numbers sent on one control, to tell echoes from moves. Times are seconds of any monotonic clock.

    Gear echoes what it receives, at once or a little later, and often rounded by one. Counted as moves, such
    echoes would pull a fader back under the finger.
    """

    def __init__(self) -> None:
        self._sent: deque[int] = deque(maxlen=MOST_REMEMBERED)
        self._last_at = 0.0
        self._answered: tuple[int, int] | None = None  # the number, and its tolerance
        self.has_answered = False
        """Whether the far end has ever echoed this control."""

    def sent(self, raw: int, now: float) -> None:
        """Record a number that was sent, perhaps again."""
        if now - self._last_at > ECHO_SECONDS:
            self._sent.clear()
        if not self._sent or self._sent[-1] != raw:
            self._sent.append(raw)
        self._last_at = now
        self._answered = None

    def is_echo(self, raw: int, tolerance: int, now: float) -> bool:
        """Return whether a received number is an echo within the tolerance; after a move, none is until the next send.

        Echoes arrive in sending order, so a number sent before the last echoed one is not an echo.
        """
        if not self._sent:
            return False
        candidates = list(self._sent) if now - self._last_at <= ECHO_SECONDS else [self._sent[-1]]
        place = next((p for p, ours in enumerate(candidates) if abs(ours - raw) <= tolerance), None)
        if place is None or now - self._last_at > SETTLED_SECONDS:
            self._sent.clear()
            return False
        self._answered = raw, tolerance
        self.has_answered |= now - self._last_at <= ECHO_SECONDS
        for _ in range(place if len(candidates) > 1 else 0):
            self._sent.popleft()
        return True

    @property
    def is_confirmed(self) -> bool:
        """Whether the last answer since the last send says that the number sent last stands."""
        return bool(self._answered and self._sent) and self.stands_at is None

    @property
    def stands_at(self) -> int | None:
        """The console's number where it differs from the one sent last; None where it does not, or no echo came."""
        if not self._sent or not self._answered:
            return None
        raw, tolerance = self._answered
        return raw if abs(self._sent[-1] - raw) > tolerance else None

    def forget(self) -> None:
        """Count nothing as an echo until the next send."""
        self._sent.clear()

"""How often somebody may do what costs everybody: what is told to all and kept, or answered with all there is."""

from __future__ import annotations

from collections.abc import Callable

from remote_mixer.desk.refusal import Code, Refusal

MOST_KNOWN = 1000
"""People whose pace is remembered; who has rested is forgotten first."""
TOO_FAST = "That was too often: wait a few seconds, then do it again."


class Pace:
    """Each may do it `burst` times at once, and `rate` times a second thereafter. `clock` never goes back."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._full_again: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._full_again)

    def check(self, who: str) -> None:
        """Count once more for somebody; Refusal `too-often` where it is once too often."""
        now = self._clock()
        full_again = max(self._full_again.pop(who, now), now) + 1 / self._rate
        allowed = full_again - now <= self._burst / self._rate
        self._full_again[who] = full_again if allowed else full_again - 1 / self._rate
        if len(self._full_again) > MOST_KNOWN:
            self._forget(now)
        if not allowed:
            raise Refusal(Code.TOO_OFTEN, TOO_FAST)

    def _forget(self, now: float) -> None:
        self._full_again = {who: at for who, at in self._full_again.items() if at > now}
        while len(self._full_again) > MOST_KNOWN:
            del self._full_again[next(iter(self._full_again))]

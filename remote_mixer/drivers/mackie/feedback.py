"""Buttons and V-pots: pressed or turned until the DAW shows the wanted state by LED or ring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from remote_mixer.drivers.mackie.protocol import MOST_TICKS

Key = tuple[int, str]
"""A strip of the surface (−1 for none) and the name of its LED."""
LED_SECONDS = 0.6
"""Time that a DAW may take to answer a press with its LED."""


class Buttons:
    """Presses that the DAW has not answered yet.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._expected: dict[Key, tuple[bool, float]] = {}

    def needs_press(self, key: Key, lit: bool | None, wanted: bool) -> bool:
        """Return whether to press; an unknown LED needs a press, an unanswered press counts as done."""
        coming = self._expected[key][0] if key in self._expected else lit
        self._expected[key] = (wanted, self._clock() + LED_SECONDS)
        return coming is not wanted

    @property
    def busy(self) -> bool:
        """Whether any press is unanswered."""
        return bool(self._expected)

    def waits(self, key: Key) -> bool:
        """Return whether a press is unanswered."""
        return key in self._expected

    def on_led(self, key: Key, lit: bool | None) -> None:
        """Record an LED's state; the last press is answered when the LED is as wanted."""
        if key in self._expected and self._expected[key][0] is lit:
            del self._expected[key]

    def overdue(self) -> set[Key]:
        """Buttons whose LED never confirmed; the LED's state wins. Each is returned once."""
        now = self._clock()
        late = {key for key, (_, until) in self._expected.items() if until <= now}
        for key in late:
            del self._expected[key]
        return late

    def clear(self) -> None:
        """Forget all presses."""
        self._expected.clear()


ANSWER_SECONDS = 0.15
"""Time that the DAW may take to move a ring; after it more ticks are sent."""
MOST_TURNS = 40
"""Attempts after which a ring that has not arrived is given up."""


@dataclass
class _Turn:
    wanted: int
    rate: float = 1.0  # ticks for one step of the ring
    ticks: int = 0
    ring: int = 0
    at: float = 0.0
    turns: int = 0

    def next(self, ring: int, now: float) -> int | None:
        """Return the ticks to send now, 0 while the answer is awaited, None when no more are of use."""
        way = self.wanted - ring
        if self.ticks and ring == self.ring and now - self.at < ANSWER_SECONDS:
            return 0
        too_far = way * self.ticks < 0
        if not way or self.turns >= MOST_TURNS or (too_far and abs(self.ticks) == 1):
            return None
        if too_far:
            self.rate /= 2
        elif self.ticks and ring == self.ring:
            self.rate *= 2
        self._send(way, ring, now)
        return self.ticks

    def _send(self, way: int, ring: int, now: float) -> None:
        count = min(max(round(abs(way) * self.rate), 1), MOST_TICKS)
        self.ticks, self.ring, self.at = (count if way > 0 else -count), ring, now
        self.turns += 1


class VPots:
    """V-pots that are being turned; only the DAW knows how far one tick moves its value.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turns: dict[int, _Turn] = {}

    def want(self, pot: int, step: int) -> None:
        """Turn a pot until its ring shows a step (0–10)."""
        turn = self._turns.setdefault(pot, _Turn(step))
        turn.wanted, turn.turns = step, 0

    @property
    def busy(self) -> bool:
        """Whether any pot is being turned."""
        return bool(self._turns)

    def turning(self, pot: int) -> bool:
        """Return whether a pot is being turned."""
        return pot in self._turns

    def tend(self, rings: Sequence[int | None]) -> tuple[dict[int, int], list[int]]:
        """Return the ticks to send now, by pot, and the pots that have arrived."""
        ticks = {pot: self._next(turn, rings[pot]) for pot, turn in self._turns.items()}
        done = [pot for pot, count in ticks.items() if count is None]
        for pot in done:
            del self._turns[pot]
        return {pot: count for pot, count in ticks.items() if count}, done

    def clear(self) -> None:
        """Forget all pots: their strips are about to change."""
        self._turns.clear()

    def _next(self, turn: _Turn, ring: int | None) -> int | None:
        return None if ring is None else turn.next(ring, self._clock())

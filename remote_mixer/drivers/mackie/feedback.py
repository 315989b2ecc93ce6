"""Buttons that toggle: pressed only where the led is not as wanted, and believed only when the led says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from remote_mixer.drivers.mackie.protocol import MOST_TICKS

Key = tuple[int, str]
"""A strip of the surface (−1 for none) and its led."""
LED_SECONDS = 0.6
"""How long a DAW may take to answer a press with its led."""


class Buttons:
    """What has been pressed and not answered yet.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._expected: dict[Key, tuple[bool, float]] = {}

    def needs_press(self, key: Key, lit: bool | None, wanted: bool) -> bool:
        """Tell whether to press; a led that is not known, or was pressed a moment ago, is no reason not to."""
        coming = self._expected[key][0] if key in self._expected else lit
        self._expected[key] = (wanted, self._clock() + LED_SECONDS)
        return coming is not wanted

    @property
    def busy(self) -> bool:
        """Whether any press is not answered yet."""
        return bool(self._expected)

    def waits(self, key: Key) -> bool:
        """Tell whether a press is not answered yet."""
        return key in self._expected

    def heard(self, key: Key, lit: bool | None) -> None:
        """Take a led: the last press is answered when it is as wanted."""
        if key in self._expected and self._expected[key][0] is lit:
            del self._expected[key]

    def overdue(self) -> set[Key]:
        """Return, once, whose led never came as wanted: it shows the truth."""
        now = self._clock()
        late = {key for key, (_, until) in self._expected.items() if until <= now}
        for key in late:
            del self._expected[key]
        return late

    def clear(self) -> None:
        """Forget them all."""
        self._expected.clear()


ANSWER_SECONDS = 0.15
"""How long the DAW may take to move its ring; after that more ticks go out."""
MOST_TURNS = 40
"""Ticks went out this often and the ring is not there yet: it never will be."""


@dataclass
class _Turn:
    wanted: int
    rate: float = 1.0  # ticks for one step of the ring
    ticks: int = 0
    ring: int = 0
    at: float = 0.0
    turns: int = 0

    def next(self, ring: int, now: float) -> int | None:
        """Return the ticks that leave now, 0 while the answer is awaited, or None when no more are of use."""
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
    """The V-pots of a surface that are being turned.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turns: dict[int, _Turn] = {}

    def want(self, pot: int, step: int) -> None:
        """Have a pot's ring stand at a step (0–10)."""
        turn = self._turns.setdefault(pot, _Turn(step))
        turn.wanted, turn.turns = step, 0

    @property
    def busy(self) -> bool:
        """Whether any pot is on its way."""
        return bool(self._turns)

    def turning(self, pot: int) -> bool:
        """Tell whether a pot is on its way."""
        return pot in self._turns

    def tend(self, rings: Sequence[int | None]) -> tuple[dict[int, int], list[int]]:
        """Return the ticks that leave now, by pot, and the pots that stand where they will stay."""
        ticks = {pot: self._next(turn, rings[pot]) for pot, turn in self._turns.items()}
        done = [pot for pot, count in ticks.items() if count is None]
        for pot in done:
            del self._turns[pot]
        return {pot: count for pot, count in ticks.items() if count}, done

    def clear(self) -> None:
        """Forget them all: the strips under the pots are others now."""
        self._turns.clear()

    def _next(self, turn: _Turn, ring: int | None) -> int | None:
        return None if ring is None else turn.next(ring, self._clock())

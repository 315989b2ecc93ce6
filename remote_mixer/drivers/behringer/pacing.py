"""What leaves for the console: the newest per address, so many a second in all and so many for one strip."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Pacer(Generic[Item]):
    """Hands items on at once when idle, else strip by strip in turn; pure, on a clock that is told.

    rate, strip_rate  items a second, in all and for one strip
    """

    def __init__(self, rate: float, strip_rate: float) -> None:
        self._gap, self._strip_gap = 1 / rate, 1 / strip_rate
        self._next = 0.0
        self._waiting: dict[str, dict[str, Item]] = {}
        self._free_at: dict[str, float] = {}
        self._turns: list[tuple[float, int, str]] = []
        self._turn = 0

    def put(self, strip: str, address: str, item: Item) -> None:
        """Let an item wait; an older one of the same address is forgotten."""
        waiting = self._waiting.setdefault(strip, {})
        if not waiting:
            self._line_up(strip)
        waiting[address] = item

    def waits(self, strip: str, address: str) -> Item | None:
        """Return what waits for an address."""
        return self._waiting.get(strip, {}).get(address)

    def take(self, now: float) -> Item | None:
        """Return the next item that may leave now, if any."""
        if now < self._next or not self._turns or self._turns[0][0] > now:
            return None
        _, _, strip = heappop(self._turns)
        waiting = self._waiting[strip]
        item = waiting.pop(next(iter(waiting)))
        self._next = now + self._gap
        self._free_at[strip] = now + self._strip_gap
        if waiting:
            self._line_up(strip)
        return item

    def wait(self, now: float) -> float | None:
        """Return the seconds until something may leave; None when nothing waits."""
        return max(self._turns[0][0] - now, self._next - now, 0.0) if self._turns else None

    def clear(self) -> None:
        """Forget what waits: nothing stale reaches a console that comes back."""
        self._waiting.clear()
        self._turns.clear()

    def _line_up(self, strip: str) -> None:
        self._turn += 1
        heappush(self._turns, (self._free_at.get(strip, 0.0), self._turn, strip))

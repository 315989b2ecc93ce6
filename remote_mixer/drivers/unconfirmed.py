"""Writes that the console has not confirmed: after each its address is queried and the answer compared."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import takewhile

from remote_mixer.drivers.osc import Argument

EARLIER = 16
STALE_SECONDS = 2.0
"""Time after which a write that did not arrive is given up: a later effect would surprise."""
MOST_TIMES = 6

Same = Callable[[Argument, Argument], bool]


class Verdict(Enum):
    """Result of comparing a received argument with our write."""

    NOT_OURS = auto()
    """No write to this address is unconfirmed: the console itself changed it."""
    ARRIVED = auto()
    """The console has our value."""
    WAIT = auto()
    """Undecided."""
    AGAIN = auto()
    """The write was lost."""
    YIELD = auto()
    """The console has another value, from another client or of its own: that one wins."""


@dataclass(slots=True)
class _Write:
    """The newest argument written, the argument before our writes, and our earlier arguments."""

    ours: Argument
    made_at: float
    stood: Argument | None
    earlier: deque[Argument] = field(default_factory=lambda: deque(maxlen=EARLIER))
    contested: bool = False
    times: int = 1
    asked: bool = False


class Unconfirmed:
    """Unconfirmed writes by address. No I/O; callers pass the time in seconds."""

    def __init__(self, look_back_seconds: float) -> None:
        self._look_back = look_back_seconds
        self._unconfirmed: dict[str, _Write] = {}
        self._look_at: dict[str, float] = {}  # of those that were not asked for yet; the first is due first
        self.lost: dict[str, Argument] = {}
        """Lost writes by address, until they are sent again or replaced."""

    def sent(self, address: str, ours: Argument, stood: Argument | None, now: float) -> None:
        """Record a write that was sent; `stood` is the console's argument before it, as far as known."""
        self.lost.pop(address, None)
        move = self._unconfirmed.get(address)
        if move is None:
            self._unconfirmed[address] = _Write(ours, now, stood)
            self._look_at[address] = now + self._look_back
            return
        if ours != move.ours:
            move.earlier.append(move.ours)
            move.times, move.made_at = 0, now
        if move.asked:
            self._look_at[address], move.asked = now + self._look_back, False
        move.ours = ours
        move.times += 1

    def ours(self, address: str) -> Argument | None:
        """Return the unconfirmed argument of an address."""
        move = self._unconfirmed.get(address)
        return move.ours if move else None

    def lose(self, address: str, now: float) -> bool:
        """Record that a write was lost; return False where it is too old to be sent again."""
        move = self._unconfirmed.get(address)
        if move is None or now - move.made_at > STALE_SECONDS:
            return False
        self.lost[address] = move.ours
        return True

    def to_ask(self, now: float) -> list[str]:
        """Return the addresses whose writes should have arrived by now, each of them once."""
        due = list(takewhile(lambda address: self._look_at[address] <= now, self._look_at))
        for address in due:
            del self._look_at[address]
            self._unconfirmed[address].asked = True
        return due

    def wait(self, now: float) -> float | None:
        """Return the seconds until `to_ask` has something to return; None when there is nothing."""
        first = next(iter(self._look_at.values()), None)
        return None if first is None else max(first - now, 0.0)

    def judge(self, address: str, theirs: Argument, same: Same, *, answer: bool) -> Verdict:
        """Compare the console's argument with our write; `answer` where it answers a query."""
        move = self._unconfirmed.get(address)
        if move is None:
            return Verdict.NOT_OURS
        if same(move.ours, theirs):
            if move.times > 1 and not (answer and move.asked):
                return Verdict.WAIT  # a repeat under way would undo what a hand at the console does meanwhile
            self.forget(address)
            return Verdict.ARRIVED
        before_it = any(same(earlier, theirs) for earlier in move.earlier)
        if not answer or not move.asked:
            move.contested |= not answer and not before_it
            return Verdict.WAIT
        move.stood = theirs if move.stood is None else move.stood  # unknown when it was written
        stood = same(move.stood, theirs)
        if (before_it or stood) and not move.contested and move.times < MOST_TIMES:
            return Verdict.AGAIN
        self.forget(address)
        return Verdict.YIELD

    def forget(self, address: str) -> None:
        """Drop the write to an address."""
        self._unconfirmed.pop(address, None)
        self._look_at.pop(address, None)
        self.lost.pop(address, None)

    def clear(self) -> None:
        """Drop all writes."""
        self._unconfirmed.clear()
        self._look_at.clear()
        self.lost.clear()

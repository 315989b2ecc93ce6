"""Our own writes until the console is seen to have them: an address is asked after each, and the answer judged."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from remote_mixer.drivers.behringer.osc import Argument

EARLIER = 16
STALE_SECONDS = 2.0
"""A move that did not arrive in this time is let go: nobody expects it any more."""
MOST_TIMES = 6

Same = Callable[[Argument, Argument], bool]


class Verdict(Enum):
    """What an argument heard says about our write."""

    NOT_OURS = auto()
    """Nothing of ours is on its way to this address: the console moved."""
    ARRIVED = auto()
    """The console stands where we put it."""
    WAIT = auto()
    """It says nothing yet."""
    AGAIN = auto()
    """The write was lost on the way."""
    YIELD = auto()
    """The console stands elsewhere, by another hand (it told so unasked) or its own mind: that stands."""


@dataclass(slots=True)
class _Write:
    """A write: the newest argument, where the console stood before, and what of ours went before it."""

    ours: Argument
    made_at: float
    look_at: float
    stood: Argument | None
    earlier: deque[Argument] = field(default_factory=lambda: deque(maxlen=EARLIER))
    contested: bool = False
    times: int = 1
    asked: bool = False


class Unconfirmed:
    """Pure, on a clock that is told."""

    def __init__(self, look_back_seconds: float) -> None:
        self._look_back = look_back_seconds
        self._unconfirmed: dict[str, _Write] = {}
        self.lost: dict[str, Argument] = {}
        """Writes that the console never took, by address, until they are sent again or overtaken."""

    def sent(self, address: str, ours: Argument, stood: Argument | None, now: float) -> None:
        """Note a write that left; `stood` is where the console stood before, as far as we know."""
        self.lost.pop(address, None)
        move = self._unconfirmed.get(address)
        if move is None:
            self._unconfirmed[address] = _Write(ours, now, now + self._look_back, stood)
            return
        if ours != move.ours:
            move.earlier.append(move.ours)
            move.times, move.made_at = 0, now
        if move.asked:
            move.look_at, move.asked = now + self._look_back, False
        move.ours = ours
        move.times += 1

    def ours(self, address: str) -> Argument | None:
        """Return what is on its way to an address."""
        move = self._unconfirmed.get(address)
        return move.ours if move else None

    def lose(self, address: str, now: float) -> bool:
        """Note that a write was lost; return False where the hand that moved it was there too long ago."""
        move = self._unconfirmed.get(address)
        if move is None or now - move.made_at > STALE_SECONDS:
            return False
        self.lost[address] = move.ours
        return True

    def to_ask(self, now: float) -> list[str]:
        """Return the addresses whose writes should have arrived by now, each once."""
        due = [address for address, move in self._unconfirmed.items() if not move.asked and move.look_at <= now]
        for address in due:
            self._unconfirmed[address].asked = True
        return due

    def wait(self, now: float) -> float | None:
        """Return the seconds until `to_ask` has something to return; None when there is nothing."""
        first = min((move.look_at for move in self._unconfirmed.values() if not move.asked), default=None)
        return None if first is None else max(first - now, 0.0)

    def judge(self, address: str, theirs: Argument, same: Same, *, answer: bool) -> Verdict:
        """Judge what the console says of an address; `answer` where we had asked."""
        move = self._unconfirmed.get(address)
        if move is None:
            return Verdict.NOT_OURS
        if same(move.ours, theirs):
            self.forget(address)
            return Verdict.ARRIVED
        before_it = any(same(earlier, theirs) for earlier in move.earlier)
        if not answer or not move.asked:
            move.contested |= not answer and not before_it
            return Verdict.WAIT
        stood = move.stood is not None and same(move.stood, theirs)
        if (before_it or stood) and not move.contested and move.times < MOST_TIMES:
            return Verdict.AGAIN
        self.forget(address)
        return Verdict.YIELD

    def forget(self, address: str) -> None:
        """Give up a write whose address does not answer."""
        self._unconfirmed.pop(address, None)
        self.lost.pop(address, None)

    def clear(self) -> None:
        """Forget all."""
        self._unconfirmed.clear()
        self.lost.clear()

"""Writes that the console has not confirmed: after each its address is queried and the answer compared.

Not so within a fade: the next step replaces each one anyway. A step is queried where none has followed for a while, as
where a fade is stopped. An argument that nobody asked for and that is none of the last steps is of a hand at the
console: it counts at once, so that the fade ends, and as if it were our write, for a step on its way may come after it.
Echoes come in the order of the steps, so that one before the last that was echoed is a hand's too, and each is of a
console that never echoes.

An echo proves that a write has arrived only where no earlier write of ours had the same value: where somebody moves to
and fro, the echo may be that of the first time, and a later one of the way between would pass for somebody else's move.

A hand's value is sent a second time after a moment, before anybody knows whether the first was lost, unless a newer one
has left or somebody else has moved the same param.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import takewhile

from remote_mixer.drivers.osc import Argument

EARLIER = 16
STALE_SECONDS = 2.0
"""Time after which a hand's write that did not arrive is given up: a later effect would surprise."""
STALE_RECALL_SECONDS = 5.0
"""The same for a recall's, which is awaited and shown until it has ended."""
MOST_TIMES = 6
ENOUGH_WRITES, SELDOM = 8, 10
"""A console that has echoed less than every tenth write of so many echoes none."""
REPEAT_SECONDS = 0.01
"""Time after which a hand's value is sent once more; two datagrams so far apart are seldom lost together."""
PASSING_SECONDS = 0.6
"""Time after a step of a fade in which the next one comes, also where hundreds of params fade."""

Same = Callable[[Argument, Argument], bool]


class Kind(Enum):
    """Origin of a write."""

    HAND = auto()
    RECALL = auto()
    STEP = auto()
    """A fade: a newer one follows by itself."""


GIVEN_UP_SECONDS = {Kind.HAND: STALE_SECONDS, Kind.RECALL: STALE_RECALL_SECONDS, Kind.STEP: STALE_RECALL_SECONDS}
"""Time after which a write is given up."""


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
    """The newest argument written, the argument before our writes, and our earlier arguments.

    stale_at  time at which it is given up
    passing   whether a newer one follows by itself, or it is a hand's at the console, which a newer one may follow
    """

    ours: Argument
    stale_at: float
    stood: Argument | None
    passing: bool
    earlier: deque[Argument] = field(default_factory=lambda: deque(maxlen=EARLIER))
    contested: bool = False
    times: int = 1
    asked: bool = False


class Unconfirmed:
    """Unconfirmed writes by address. No I/O; callers pass the time in seconds."""

    def __init__(self, look_back_seconds: float) -> None:
        self._look_back = look_back_seconds
        self._unconfirmed: dict[str, _Write] = {}
        self._sent: dict[str, deque[Argument]] = {}  # the last arguments of each address, the newest too
        self._steps: dict[str, deque[Argument]] = {}  # of a fade, not echoed yet, and the write before
        self._writes = self._echoes = 0
        self._look_at: dict[str, float] = {}  # of those that were not asked for yet; the first is due first
        self._pass_at: dict[str, float] = {}  # as above, of those that passed
        self._repeat_at: dict[str, float] = {}  # as above, of those that are to be sent once more
        self.lost: dict[str, Argument] = {}
        """Lost writes by address, until they are sent again or replaced."""

    def sent(self, address: str, ours: Argument, stood: Argument | None, now: float, kind: Kind = Kind.HAND) -> None:
        """Record a write that was sent; `stood` is the console's argument before it, as far as known.

        One that is sent again is given up when it was to be at first.
        """
        passing, stale_at = kind is Kind.STEP, now + GIVEN_UP_SECONDS[kind]
        self.lost.pop(address, None)
        self._repeat_at.pop(address, None)
        self._plan_look(address, now, passing=passing)
        sent = self._sent.setdefault(address, deque(maxlen=EARLIER))
        if not sent or sent[-1] != ours:
            sent.append(ours)
        if not passing:
            self._writes += 1
            self._steps[address] = deque(maxlen=EARLIER)
        self._steps.setdefault(address, deque(maxlen=EARLIER)).append(ours)
        move = self._unconfirmed.get(address)
        if move is None:
            self._unconfirmed[address] = _Write(ours, stale_at, stood, passing)
            return
        move.passing = passing
        if ours != move.ours:
            move.earlier.append(move.ours)
            move.times, move.stale_at = 0, stale_at
        move.asked = False
        move.ours = ours
        move.times += 1

    def _plan_look(self, address: str, now: float, *, passing: bool) -> None:
        """Let the address be queried in its turn; one that was to be queried already keeps its turn."""
        self._pass_at.pop(address, None)
        if passing and address not in self._look_at:
            self._pass_at[address] = now + PASSING_SECONDS
        else:
            self._look_at.setdefault(address, now + self._look_back)

    def repeat(self, address: str, now: float) -> None:
        """Let the write to an address be sent once more."""
        self._repeat_at[address] = now + REPEAT_SECONDS

    def to_repeat(self, now: float, most: int) -> dict[str, Argument]:
        """Return writes to send once more, each of them once, by address; what is more than `most` waits."""
        due = _due(self._repeat_at, now)[:most]
        for address in due:
            del self._repeat_at[address]
            self._unconfirmed[address].times += 1
        return {address: self._unconfirmed[address].ours for address in due}

    def repeat_in(self, now: float) -> float | None:
        """Return the seconds until `to_repeat` has something to return; None when there is nothing."""
        return next((at - now for at in self._repeat_at.values()), None)

    def ours(self, address: str) -> Argument | None:
        """Return the unconfirmed argument of an address."""
        move = self._unconfirmed.get(address)
        return move.ours if move else None

    def lose(self, address: str, now: float) -> bool:
        """Record that a write was lost; return False where it is too old to be sent again."""
        move = self._unconfirmed.get(address)
        if move is None or now > move.stale_at:
            return False
        self.lost[address] = move.ours
        return True

    def to_ask(self, now: float) -> list[str]:
        """Return the addresses whose writes should have arrived by now, each of them once."""
        due = []
        for looks in (self._look_at, self._pass_at):
            for address in _due(looks, now):
                del looks[address]
                self._unconfirmed[address].asked = True
                due.append(address)
        return due

    def wait(self, now: float) -> float | None:
        """Return the seconds until `to_ask` has something to return; None when there is nothing."""
        firsts = [next(iter(looks.values())) for looks in (self._look_at, self._pass_at) if looks]
        return max(min(firsts) - now, 0.0) if firsts else None

    def take_over(self, address: str, theirs: Argument, same: Same, linked: str = "") -> bool:
        """Let an argument that nobody asked for stand in the place of a fade's step; return whether it does.

        Not so an echo, nor what stood before, nor a step of the address with which this one is linked.
        """
        move = self._unconfirmed.get(address)
        if move is None or not move.passing:
            return False
        if any(same(one, theirs) for one in (move.stood, *self._steps.get(linked, ())) if one is not None):
            return False
        if self._is_echo(address, theirs, same):
            return False
        move.earlier.extend(self._sent[address])
        self._sent[address].append(theirs)
        move.ours, move.times, move.asked, move.contested = theirs, 1, False, False
        self._pass_at.pop(address, None)
        self._look_at = {address: 0.0, **self._look_at}
        return True

    def _is_echo(self, address: str, theirs: Argument, same: Same) -> bool:
        """Return whether an argument is that of a step that was not echoed yet; those before it are not any more."""
        if self._writes >= ENOUGH_WRITES and self._echoes * SELDOM < self._writes:
            return False
        steps = self._steps[address]
        place = next((place for place, one in enumerate(steps) if same(one, theirs)), None)
        for _ in range(place or 0):
            steps.popleft()
        return place is not None

    def judge(self, address: str, theirs: Argument, same: Same, *, answer: bool, askable: bool = True) -> Verdict:
        """Compare the console's argument with our write.

        answer   whether it answers a query
        askable  whether the address can be queried at all
        """
        move = self._unconfirmed.get(address)
        if move is None:
            return Verdict.NOT_OURS
        if same(move.ours, theirs):
            self._echoes += not answer and not move.passing
            doubtful = move.times > 1 or (askable and self._repeats(address, same))
            if doubtful and not (answer and move.asked):
                return Verdict.WAIT  # a repeat under way would undo what a hand at the console does meanwhile
            self.forget(address)
            return Verdict.ARRIVED
        before_it = any(same(earlier, theirs) for earlier in move.earlier)
        if not answer or not move.asked:
            if not answer and not before_it:
                move.contested = True
                self._repeat_at.pop(address, None)
                self._hurry(address)
            return Verdict.WAIT
        move.stood = theirs if move.stood is None else move.stood  # unknown when it was written
        stood = same(move.stood, theirs)
        if (before_it or stood) and not move.contested and move.times < MOST_TIMES:
            return Verdict.AGAIN
        self.forget(address)
        return Verdict.YIELD

    def _repeats(self, address: str, same: Same) -> bool:
        """Return whether an earlier write to an address had the value of the last one."""
        *earlier, ours = self._sent[address]
        return any(same(one, ours) for one in earlier)

    def _hurry(self, address: str) -> None:
        """Query the address of a write that passed soon, with the others."""
        if self._pass_at.pop(address, None) is not None:
            self._look_at[address] = 0.0

    def forget(self, address: str) -> None:
        """Drop the write to an address."""
        self._unconfirmed.pop(address, None)
        self._look_at.pop(address, None)
        self._pass_at.pop(address, None)
        self._repeat_at.pop(address, None)
        self.lost.pop(address, None)

    def clear(self) -> None:
        """Drop all writes."""
        self._unconfirmed.clear()
        self._sent.clear()
        self._steps.clear()
        self._look_at.clear()
        self._pass_at.clear()
        self._repeat_at.clear()
        self.lost.clear()


def _due(looks: Mapping[str, float], now: float) -> list[str]:
    """Return the addresses that are due, of a row in which the first is due first."""
    return list(takewhile(lambda address: looks[address] <= now, looks))

"""Queries to the console: bounded in flight, repeated without an answer. No I/O; callers pass the time in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from remote_mixer.drivers.behringer.timing import Timing

BURST = 8
LATER = 1.1
"""Factor by which the expected answer time grows with each missing answer, which may only be late."""
SLACK = 1.5
"""Longest wait on a slow network, in times of its answers."""

LATE_SECONDS = 2.0
"""Time after a retry in which the first answer may still arrive, in seconds."""


class Origin(Enum):
    """Relation of a message to our queries."""

    ANSWER = auto()
    """The answer to a query in flight."""
    LATE = auto()
    """Possibly a second answer, to a repeated query: its value may be outdated."""
    UNASKED = auto()
    """No query: the console pushed it."""


class Queries:
    """Queries that wait, that are in flight, and that were never answered."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._waiting: dict[str, int] = {}
        self._urgent: dict[str, int] = {}
        self._flying: dict[str, tuple[float, int, float]] = {}
        self._late: dict[str, list[float]] = {}
        self._overtaken: set[str] = set()
        self._usual, self._spread = timing.answer_seconds / 2, timing.answer_seconds / 8
        self._longest = timing.answer_seconds
        self._allowed, self._allowed_at = float(BURST), 0.0
        self.unanswered: set[str] = set()
        self.again = 0

    def ask(self, addresses: Iterable[str]) -> None:
        """Queue queries; one that waits already is sent once."""
        for address in addresses:
            self._waiting.setdefault(address, 0)

    def ask_first(self, address: str) -> None:
        """Send a query before all others, and again where it is in flight: the answer under way may be outdated."""
        self._let_go(address)
        self._urgent[address] = 0

    def ask_anew(self, address: str) -> None:
        """Send a query before all others, for a hand that begins at its answer.

        One in flight is awaited first and its answer, which may be outdated, counts as late: two are never mixed up.
        """
        if address in self._flying:
            self._overtaken.add(address)
        else:
            self._urgent[address] = 0

    def answered(self, address: str, now: float) -> Origin:
        """Record a message and return its relation to our queries."""
        self.unanswered.discard(address)
        question = self._flying.pop(address, None)
        if question is None:
            return self._after_patience(address, now)
        _, tries, asked_at = question
        if late := self._still_late(address, now):  # it is the answer to the oldest query: ours to come is the newest's
            self._late[address] = [*late[1:], asked_at + LATE_SECONDS]
        elif tries == 1:
            self._learn(now - asked_at)
        return Origin.LATE if self._ask_overtaken(address) else Origin.ANSWER

    def _after_patience(self, address: str, now: float) -> Origin:
        """Return the relation of a message to a query that is not in flight.

        An answer to one that only waits to be asked again is as good as one in time, unless one to an earlier query may
        still come: on a network, or a computer, that is slower than the longest wait there is no other.
        """
        late = self._still_late(address, now)
        if not late:
            return Origin.UNASKED
        self._late[address] = late[1:]
        self._learn(min(now - late[0] + LATE_SECONDS, 2 * self._patience()))  # it may be a push, with a time of its own
        if self._urgent.get(address, 0) != len(late):
            return Origin.LATE
        del self._urgent[address]
        return Origin.ANSWER

    def _learn(self, took: float) -> None:
        """Take the time of an answer into account, in seconds."""
        self._spread += (abs(took - self._usual) - self._spread) / 4
        self._usual += (took - self._usual) / 8
        wanted = min(max(SLACK * took, self._timing.answer_seconds), self._timing.slow_answer_seconds)
        self._longest = max(wanted, self._longest + (wanted - self._longest) / 8)

    def _ask_overtaken(self, address: str) -> bool:
        """Queue the query again that is wanted newer than the one in flight was; return whether there is such a one."""
        if address not in self._overtaken:
            return False
        self._overtaken.discard(address)
        self._urgent[address] = 0
        return True

    def _let_go(self, address: str) -> None:
        """Stop waiting for an answer; it may still come."""
        question = self._flying.pop(address, None)
        if question:
            asked_at = question[2]
            self._late[address] = [*self._still_late(address, asked_at), asked_at + LATE_SECONDS]

    def _still_late(self, address: str, now: float) -> list[float]:
        """Take out the ends of the times in which an answer to an earlier query may still come, oldest first."""
        return [until for until in self._late.pop(address, ()) if until >= now]

    def _patience(self) -> float:
        """Return how long to wait for an answer: a little over the usual time, so that a lost one delays few others."""
        usual = self._usual + 4 * self._spread
        return min(max(usual, self._timing.quick_answer_seconds), self._longest)

    def is_open(self, address: str) -> bool:
        """Whether an answer from an address is awaited."""
        return address in self._flying or address in self._waiting or address in self._urgent

    @property
    def open(self) -> int:
        """Number of queries without an answer."""
        return len(self._waiting) + len(self._urgent) + len(self._flying)

    @property
    def waiting(self) -> bool:
        """Whether a query has not left yet."""
        return bool(self._urgent or self._waiting)

    def late_in(self, now: float) -> float | None:
        """Return the seconds until the next answer is late; None where none is awaited."""
        for until, _, _ in self._flying.values():
            return until - now
        return None

    def due(self, now: float) -> list[str]:
        """Return the addresses to query now."""
        self._give_up(now)
        rate, since = self._timing.ask_rate, now - self._allowed_at
        self._allowed, self._allowed_at = min(self._allowed + rate * since, BURST), now
        asked = []
        while self._allowed >= 1 and len(self._flying) < self._timing.window and (self._urgent or self._waiting):
            asked.append(self._next(now))
            self._allowed -= 1
        return asked

    def _next(self, now: float) -> str:
        line = self._urgent or self._waiting
        address = next(iter(line))
        tries = line.pop(address) + 1
        self._flying[address] = (now + self._patience(), tries, now)
        return address

    def _give_up(self, now: float) -> None:
        """Queue unanswered queries again, or give them up after the last try."""
        late = []
        for address, (until, tries, _) in self._flying.items():
            if until > now:
                break
            late.append((address, tries))
        for address, tries in late:
            self._let_go(address)
            self._usual = min(self._usual * LATER, self._longest)
            if self._ask_overtaken(address):
                continue
            if tries < self._timing.tries:
                self.again += 1
                self._urgent.setdefault(address, tries)
            else:
                self.unanswered.add(address)

    def clear(self) -> None:
        """Drop all queries."""
        self._waiting.clear()
        self._urgent.clear()
        self._flying.clear()
        self._late.clear()
        self._overtaken.clear()
        self.unanswered.clear()

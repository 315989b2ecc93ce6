"""Questions to the console: bounded in flight, asked again when no answer comes. Pure, on a clock that is told."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from remote_mixer.drivers.behringer.timing import Timing

BURST = 8
LATER = 1.1
"""An answer that did not come may only be late: each makes us wait longer, each that comes, for what is usual."""

LATE_SECONDS = 2.0
"""So long after a question that was asked again its first answer may still come: networks hold datagrams up."""


class Origin(Enum):
    """What a message under an asked address is."""

    ANSWER = auto()
    """The answer to what is in flight."""
    LATE = auto()
    """It may be a second answer, to a question asked again: it says where the console stood some time ago."""
    UNASKED = auto()
    """Nobody asked: the console tells."""


class Queries:
    """What is to be asked, what is in flight, what was never answered."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._waiting: dict[str, int] = {}
        self._urgent: dict[str, int] = {}
        self._flying: dict[str, tuple[float, int, float]] = {}
        self._late: dict[str, list[float]] = {}
        self._usual, self._spread = timing.answer_seconds / 2, timing.answer_seconds / 8
        self._allowed, self._allowed_at = float(BURST), 0.0
        self.unanswered: set[str] = set()
        self.again = 0

    def ask(self, addresses: Iterable[str]) -> None:
        """Let questions wait their turn; what waits already is asked once."""
        for address in addresses:
            self._waiting.setdefault(address, 0)

    def ask_first(self, address: str) -> None:
        """Ask before all that waits, and anew where it is in flight: an answer on its way may be too old."""
        self._let_go(address)
        self._urgent[address] = 0

    def answered(self, address: str, now: float) -> Origin:
        """Note what came; tell whether it is an answer."""
        self.unanswered.discard(address)
        question = self._flying.pop(address, None)
        if question is None:
            return Origin.LATE if self._is_late(address, now) else Origin.UNASKED
        _, tries, asked_at = question
        if tries == 1:
            took = now - asked_at
            self._spread += (abs(took - self._usual) - self._spread) / 4
            self._usual += (took - self._usual) / 8
        return Origin.ANSWER

    def _let_go(self, address: str) -> None:
        """Wait for an answer no longer; it may come all the same."""
        question = self._flying.pop(address, None)
        if question:
            asked_at = question[2]
            self._late[address] = [*self._still_late(address, asked_at), asked_at + LATE_SECONDS]

    def _is_late(self, address: str, now: float) -> bool:
        """Tell whether an answer was still to come, which is not waited for any more."""
        late = self._still_late(address, now)
        if late:
            self._late[address] = late[1:]
        return bool(late)

    def _still_late(self, address: str, now: float) -> list[float]:
        return [until for until in self._late.pop(address, ()) if until >= now]

    def _patience(self) -> float:
        """Return how long to wait for an answer: by what is usual here, so that a lost one holds up few others."""
        usual = self._usual + 4 * self._spread
        return min(max(usual, self._timing.quick_answer_seconds), self._timing.answer_seconds)

    @property
    def open(self) -> int:
        """How many answers are still to come."""
        return len(self._waiting) + len(self._urgent) + len(self._flying)

    def due(self, now: float) -> list[str]:
        """Return the addresses to ask now."""
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
        """Put what was not answered in time back in line, or give it up after the last try."""
        late = []
        for address, (until, tries, _) in self._flying.items():
            if until > now:
                break
            late.append((address, tries))
        for address, tries in late:
            self._let_go(address)
            self._usual = min(self._usual * LATER, self._timing.answer_seconds)
            if tries < self._timing.tries:
                self.again += 1
                self._urgent.setdefault(address, tries)
            else:
                self.unanswered.add(address)

    def clear(self) -> None:
        """Forget all questions."""
        self._waiting.clear()
        self._urgent.clear()
        self._flying.clear()
        self._late.clear()
        self.unanswered.clear()

"""All times of the driver in one place, so that a test can shorten them; a round of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remote_mixer.drivers.osc import Message


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in seconds.

    listing        longest wait for the list of strips before it is asked for again: a DAW may be busy at first
    ask_again      from a question for a value to the same question again
    open           longest reading of the values while opening; the rest is read while the console is live
    patience       longest wait for a DAW that does not answer; `complain` is when that is reported
    silence        no answer for so long means that the DAW has gone
    beat           no heartbeat for so long means that the DAW has forgotten us, though it answers
    value          least time between two values
    look_back      from a set value without an echo to the question whether it arrived
    prompt, slow   period of reading again what must be right soon, and everything else: two losses in a row are
                   repaired within 10 s
    """

    listing: float = 0.6
    ask_again: float = 0.2
    open: float = 1.0
    patience: float = 30.0
    complain: float = 1.5
    silence: float = 2.0
    beat: float = 4.0
    value: float = 1 / 400
    look_back: float = 0.05
    prompt: float = 0.8
    slow: float = 3.0
    tick: float = 0.05


class Round:
    """Going round a list of questions once in a period. No I/O; callers pass the time in seconds."""

    def __init__(self, questions: Sequence[Message], period: float, now: float) -> None:
        self._questions, self._period, self._begun = questions, period, now
        self._asked = 0

    def due(self, now: float) -> list[Message]:
        """Return the questions to ask now: those that time has passed by, each at most once."""
        count = len(self._questions)
        upto = int((now - self._begun) / self._period * count)
        first, self._asked = max(self._asked, upto - count), upto
        return [self._questions[place % count] for place in range(first, upto)]

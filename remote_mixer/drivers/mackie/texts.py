"""Value texts of the LCD: the control that each belongs to, and when one is out of date."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import inf

RECENT_SECONDS = 1.0
"""Time after a move in which a text without a unit belongs to the moved control."""
PROOF_SECONDS = 0.5
"""Time after a move in which a new text must come; after it the old text is out of date."""
SLACK_SECONDS = 0.1
"""Time by which a DAW may send a text before it moves the control."""

_LEVEL = re.compile(r"-?(inf|oo)\b.*|[+-]?\d+([.,]\d+)? ?dB|[+-]?\d+[.,]\d+", re.IGNORECASE)
_PAN = re.compile(r"L ?\d+ ?R ?\d+|[<>LR]+ ?\d+%?|\d+%? ?[<>LR]+|c|<c>|cent(er|re)?|mid|<>|\d+ ?%", re.IGNORECASE)
_VALUE = re.compile(rf"{_LEVEL.pattern}|{_PAN.pattern}|[+-]?\d+", re.IGNORECASE)


def is_value(text: str) -> bool:
    """Return whether a text looks like a value and not like a track's name."""
    return bool(_VALUE.fullmatch(text))


class Texts:
    """Owners of the texts: the control of each strip that its text belongs to.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moved: dict[tuple[int, str], float] = {}
        self._unproved: set[tuple[int, str]] = set()
        self._painted: dict[tuple[int, str], float] = {}

    def moved(self, strip: int, control: str) -> None:
        """Record that a strip's control ("fader" or "pan") has moved."""
        self._moved[strip, control] = self._clock()
        self._unproved.add((strip, control))

    def moved_lately(self, strip: int, seconds: float) -> bool:
        """Return whether a control of a strip has moved within this time."""
        return self._clock() - max(self._at(strip, "fader"), self._at(strip, "pan")) < seconds

    def owner(self, strip: int, text: str) -> str | None:
        """Return the control that a text belongs to, "fader" or "pan", and note its time; None for neither."""
        control = self._control(strip, text) if text else None
        if control:
            self._painted[strip, control] = self._clock()
        return control

    def _control(self, strip: int, text: str) -> str | None:
        if _PAN.fullmatch(text):
            return "pan"
        if _LEVEL.fullmatch(text):
            return "fader"
        fader, pan = self._at(strip, "fader"), self._at(strip, "pan")
        if self._clock() - max(fader, pan) > RECENT_SECONDS:
            return None
        return "fader" if fader > pan else "pan"

    def _at(self, strip: int, control: str) -> float:
        return self._moved.get((strip, control), -inf)

    def outdated(self) -> list[tuple[int, str]]:
        """Texts that did not follow a move: (strip, control). Each is returned once."""
        now = self._clock()
        due = {key for key in self._unproved if now - self._moved[key] > PROOF_SECONDS}
        self._unproved -= due
        return [key for key in due if self._painted.get(key, -inf) < self._moved[key] - SLACK_SECONDS]

    def clear(self) -> None:
        """Forget all: the strips have changed."""
        self._moved.clear()
        self._unproved.clear()
        self._painted.clear()

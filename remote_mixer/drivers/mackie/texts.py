"""The short texts of the lower row (and of the upper one for a moment): whose they are, and how long they hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import inf

RECENT_SECONDS = 1.0
"""A control that moved this lately is what a text without a unit is about."""
PROOF_SECONDS = 0.5
"""A control has moved and no text came within this time: the text that stands there is out of date."""
SLACK_SECONDS = 0.1
"""A DAW may paint a text this much before it moves the control."""

_LEVEL = re.compile(r"-?(inf|oo)\b.*|[+-]?\d+([.,]\d+)? ?dB|[+-]?\d+[.,]\d+", re.IGNORECASE)
_PAN = re.compile(r"L ?\d+ ?R ?\d+|[<>LR]+ ?\d+%?|\d+%? ?[<>LR]+|c|<c>|cent(er|re)?|mid|<>|\d+ ?%", re.IGNORECASE)
_VALUE = re.compile(rf"{_LEVEL.pattern}|{_PAN.pattern}|[+-]?\d+", re.IGNORECASE)


def is_value(text: str) -> bool:
    """Tell whether a text reads like a value and not like a track's name."""
    return bool(_VALUE.fullmatch(text))


class Texts:
    """Which text belongs to which control of each strip.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moved: dict[tuple[int, str], float] = {}
        self._unproved: set[tuple[int, str]] = set()
        self._painted: dict[tuple[int, str], float] = {}

    def moved(self, strip: int, control: str) -> None:
        """Note that a strip's control ("fader" or "pan") has moved."""
        self._moved[strip, control] = self._clock()
        self._unproved.add((strip, control))

    def moved_lately(self, strip: int, seconds: float) -> bool:
        """Tell whether anything on a strip has moved within so many seconds."""
        return self._clock() - max(self._at(strip, "fader"), self._at(strip, "pan")) < seconds

    def owner(self, strip: int, text: str) -> str | None:
        """Return whose text this is, "fader" or "pan", and note that it came; None where it says nothing of either."""
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
        """Return, once, whose text has not followed: (strip, control)."""
        now = self._clock()
        due = {key for key in self._unproved if now - self._moved[key] > PROOF_SECONDS}
        self._unproved -= due
        return [key for key in due if self._painted.get(key, -inf) < self._moved[key] - SLACK_SECONDS]

    def clear(self) -> None:
        """Forget all: the strips are others now."""
        self._moved.clear()
        self._unproved.clear()
        self._painted.clear()

"""Value texts of the LCD: the control that each belongs to, and when one is out of date."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import inf

RECENT_SECONDS = 1.0
"""Time after a move in which a number without a unit belongs to the moved control."""
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


_BOTH_SIDES = re.compile(r"L ?(\d+) ?R ?(\d+)", re.IGNORECASE)
_ONE_SIDE = re.compile(r"([<L]+|[>R]+) ?(\d+)%?|(\d+)%? ?([<L]+|[>R]+)", re.IGNORECASE)
_CENTRES = {"c", "<c>", "center", "centre", "mid", "<>"}
_SIDES = (50, 63, 64, 100)
"""Numbers by which DAWs print a pan that is hard at one side."""
RING_SLACK = 0.055
"""Half a step of the ring, and a rounding: a text further off it is about another moment."""
SAME = 0.006


class PanTexts:
    """Positions of a DAW's pan texts; "L30" is one only where the scale is known: the ring excludes scales."""

    def __init__(self) -> None:
        self._sides: tuple[int, ...] = _SIDES

    def position(self, text: str, ring: float) -> float | None:
        """Return the position (0–1) of a text beside a ring's position; None where it is not known finer."""
        if text.lower() in _CENTRES:
            return self._near([0.5], ring)
        if both := _BOTH_SIDES.fullmatch(text):
            left, right = int(both[1]), int(both[2])
            return self._near([right / (left + right)] if left + right else [], ring)
        one = _ONE_SIDE.fullmatch(text)
        return self._one_side(one[1] or one[4], int(one[2] or one[3]), ring) if one else None

    def _one_side(self, side: str, amount: int, ring: float) -> float | None:
        sign = -1 if side[0] in "<Ll" else 1
        places = {scale: 0.5 + sign * amount / scale / 2 for scale in self._sides}
        fitting = {scale: at for scale, at in places.items() if abs(at - ring) <= RING_SLACK}
        self._sides = tuple(fitting) or self._sides
        return self._near(list(fitting.values()), ring)

    def _near(self, places: list[float], ring: float) -> float | None:
        near = [at for at in places if abs(at - ring) <= RING_SLACK]
        return round(near[0], 2) if near and max(near) - min(near) <= SAME else None


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
        if not any(map(str.isdigit, text)):
            return None  # a word, as "Pan" for what the V-pots do
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

"""Tapers: the law between a position (0–1) and the unit that a person reads, as breakpoints sent to the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isinf
from typing import Any

SILENT_DB = -60.0
"""Level below which a fader counts as silent: a rise by a few decibels would stay inaudible."""
FROM_SILENCE_DB = -20.0
"""Level from which a silent fader rises."""


@dataclass(frozen=True, slots=True)
class Taper:
    """Straight pieces between breakpoints (position, value), both rising.

    points       first position 0, last position 1
    off_at_zero  position 0 is −∞ (off), whatever the first breakpoint says
    """

    unit: str
    points: tuple[tuple[float, float], ...]
    off_at_zero: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError when the breakpoints do not rise from position 0 to position 1."""
        rising = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(self.points))
        if len(self.points) < 2 or not rising or self.points[0][0] != 0 or self.points[-1][0] != 1:
            raise ValueError(f"a taper's breakpoints must rise from position 0 to position 1, not {self.points}")

    @property
    def is_two_sided(self) -> bool:
        """Whether the law is a pan's: equal ends left and right."""
        return self.unit == "%" and self.points[0][1] == -self.points[-1][1]

    def to_unit(self, position: float) -> float:
        """Return the value at a position (0–1); −inf where the taper is off."""
        if self.off_at_zero and position <= 0:
            return -inf
        return _interpolate(self.points, position)

    def to_position(self, value: float) -> float:
        """Return the position (0–1) of a value; one out of range gives the nearest end."""
        if isinf(value):
            return 0.0 if value < 0 else 1.0
        return _interpolate(tuple((v, p) for p, v in self.points), value)

    def raised(self, position: float, db: float, most_db: float | None = None) -> float:
        """Return the position (0–1) that is `db` above this one, or below it where `db` is negative.

        A silent fader rises from −20 dB. `most_db` is a ceiling; a position already above it is kept.
        """
        level = self.to_unit(position)
        if level < SILENT_DB:
            if db <= 0:
                return position
            level = FROM_SILENCE_DB
        target = level + db
        if most_db is not None and db > 0:
            target = min(target, max(most_db, self.to_unit(position)))
        return self.to_position(target)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object for a Layout."""
        return {"unit": self.unit, "points": [list(point) for point in self.points], "off_at_zero": self.off_at_zero}

    @classmethod
    def of_json(cls, form: Mapping[str, Any]) -> Taper:
        """Return the taper that `as_json` wrote."""
        return cls(form["unit"], tuple((p, v) for p, v in form["points"]), form["off_at_zero"])


def _interpolate(points: tuple[tuple[float, float], ...], x: float) -> float:
    x = min(max(x, points[0][0]), points[-1][0])
    right = min(bisect_right(points, x, key=lambda point: point[0]), len(points) - 1)
    (x0, y0), (x1, y1) = points[right - 1], points[right]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


# The fader law of X32 and X Air: −∞ at 0, −60 at .0625, −30 at .25, −10 at .5, 0 at .75, +10 at 1 (dB).
FADER = Taper("dB", ((0, -90), (0.0625, -60), (0.25, -30), (0.5, -10), (1, 10)), off_at_zero=True)
PAN = Taper("%", ((0, -100), (1, 100)))

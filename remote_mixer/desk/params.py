"""Params: one class per kind, with the values that it takes and the form in which the page gets it."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Any, ClassVar

from remote_mixer.desk import paths

Value = float | bool | str | None
"""Value of a param; None is "not known", which only a console may report."""

POSITION_DECIMALS = 5
UNPRINTABLE = {"Cc", "Cs"}
"""Unicode's categories of control characters and surrogates."""


class Param(ABC):
    """One thing that can be set."""

    __slots__ = ()
    kind: str
    read_only: bool
    default: Value

    @abstractmethod
    def check(self, value: object) -> Value:
        """Return the value as the desk keeps it; raise ValueError with a sentence for a person when it does not fit."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Return the JSON object for a Layout; keys with their default are left out."""

    def same(self, ours: Value, theirs: Value) -> bool:
        """Whether a console's value equals ours, within the console's own rounding."""
        return ours == theirs


@dataclass(frozen=True, slots=True)
class Position(Param):
    """A fader or knob: 0–1 of its travel, with a taper for people and, where the console has a grid, its steps."""

    taper: str
    default: float = 0.0
    steps: int | None = None
    read_only: bool = False
    kind = "position"

    def check(self, value: object) -> float:
        """Accept 0–1; return it on the console's grid, with at most 5 decimals."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ValueError(f"a position is a number from 0 to 1, not {_quote(value)}")
        if self.steps:
            value = round(value * (self.steps - 1)) / (self.steps - 1)
        return round(float(value), POSITION_DECIMALS)

    def below(self, highest: float) -> float:
        """Return the highest position of the grid that is not above `highest` (0–1)."""
        parts = self.steps - 1 if self.steps else 10**POSITION_DECIMALS
        return round(floor(highest * parts + 1e-9) / parts, POSITION_DECIMALS)

    def same(self, ours: Value, theirs: Value) -> bool:
        """Whether two values differ by at most half a step of the console's grid."""
        if not isinstance(ours, float) or not isinstance(theirs, float):
            return ours == theirs
        half_step = 0.5 / (self.steps - 1) if self.steps else 0.5 * 10**-POSITION_DECIMALS
        return abs(ours - theirs) <= half_step

    def as_json(self) -> dict[str, Any]:
        """Return kind, taper, default and, where there is a grid, steps."""
        return _json(self, taper=self.taper, steps=self.steps)


@dataclass(frozen=True, slots=True)
class Toggle(Param):
    """On or off."""

    default: bool = False
    read_only: bool = False
    kind = "toggle"

    def check(self, value: object) -> bool:
        """Accept true and false, but no number or text in their place."""
        if not isinstance(value, bool):
            raise ValueError(f"a toggle is true or false, not {_quote(value)}")
        return value

    def as_json(self) -> dict[str, Any]:
        """Return kind and default."""
        return _json(self)


@dataclass(frozen=True, slots=True)
class Choice(Param):
    """One of named values."""

    choices: tuple[str, ...]
    default: str
    read_only: bool = False
    kind = "choice"

    def check(self, value: object) -> str:
        """Accept the name of one of the choices."""
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError(f"choose one of {', '.join(self.choices)}; {_quote(value)} is none of them")
        return value

    def as_json(self) -> dict[str, Any]:
        """Return kind, choices and default."""
        return _json(self, choices=list(self.choices))


@dataclass(frozen=True, slots=True)
class Text(Param):
    """A short text on one line, of at most `length` characters."""

    length: int
    default: str = ""
    read_only: bool = False
    kind = "text"

    def check(self, value: object) -> str:
        """Accept one line of at most `length` characters, in any script."""
        if not isinstance(value, str):
            raise ValueError(f"this is a text, not {_quote(value)}")
        if len(value) > self.length:
            raise ValueError(f"at most {self.length} characters fit here, not {len(value)}: shorten it")
        if any(unicodedata.category(character) in UNPRINTABLE for character in value):
            raise ValueError("a text here has no line breaks or control characters: leave them out")
        return value

    def fit(self, text: str) -> str:
        """Return a text made to fit: on one line, without lone surrogates, cut to the param's length."""
        return "".join(" " if unicodedata.category(c) in UNPRINTABLE else c for c in text[: self.length])

    def as_json(self) -> dict[str, Any]:
        """Return kind, length and default."""
        return _json(self, length=self.length)


@dataclass(frozen=True, slots=True)
class StripList(Text):
    """A text of strips or mute groups of consoles, each once, as `band/ch1 foh/mutegroup/2`.

    but_of  the console whose own do not belong into it; "" for none
    """

    but_of: str = ""
    SEPARATOR: ClassVar[str] = " "

    def check(self, value: object) -> str:
        """Accept such a text; return it with each strip once, at its first place."""
        text = Text.check(self, value)
        strips = dict.fromkeys(text.split())
        for strip in strips:
            console, *segments = paths.segments(strip)
            if len(segments) not in (1, 2) or not all((console, *segments)):
                raise ValueError(f"a strip is named by console and strip, as band/ch1, not {_quote(strip)}")
            if console == self.but_of:
                raise ValueError(f"{strip} is a group itself: a group has members of other consoles")
        return self.SEPARATOR.join(strips)

    def fitting(self, strips: Iterable[str]) -> str:
        """Return the text of as many of these strips as fit."""
        text = self.SEPARATOR.join(strips)
        return text if len(text) <= self.length else text[: self.length].rpartition(self.SEPARATOR)[0]


@dataclass(frozen=True, slots=True)
class Number(Param):
    """A plain ranged reading in its own unit; `whole` allows whole numbers only."""

    low: float
    high: float
    unit: str
    default: float = 0.0
    read_only: bool = False
    whole: bool = False
    kind = "number"

    def check(self, value: object) -> float:
        """Accept a number within the range; return an int where only whole numbers fit."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not self._fits(value):
            number = "a whole number" if self.whole else "a number"
            unit = f" {self.unit}" if self.unit else ""
            raise ValueError(f"this is {number} from {self.low:g} to {self.high:g}{unit}, not {_quote(value)}")
        return int(value) if self.whole else float(value)

    def _fits(self, value: float) -> bool:
        return self.low <= value <= self.high and (not self.whole or value == int(value))

    def as_json(self) -> dict[str, Any]:
        """Return kind, range, unit, default and, where only whole numbers fit, whole."""
        return _json(self, low=self.low, high=self.high, unit=self.unit, whole=self.whole or None)


def _json(param: Param, **rest: object) -> dict[str, Any]:
    form = {"kind": param.kind, "default": param.default, **{k: v for k, v in rest.items() if v is not None}}
    return form | {"read_only": True} if param.read_only else form


def _quote(value: object) -> str:
    """Return a value as text for an error, shortened: a client may send 60 kB."""
    text = repr(value) if isinstance(value, bool | int | float | str) else type(value).__name__
    return text if len(text) <= 40 else f"{text[:40]}…"

"""Kinds of values: the arguments that each accepts, and its form in a line of a scene file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from remote_mixer.simulator.osc import Argument
from remote_mixer.simulator.tapers import Linear, Logarithmic, Taper, read_number

Value = int | float | str
Show = Callable[[float], str]


class Kind(ABC):
    """One kind of value. None means that an argument does not fit; the console then changes nothing."""

    @abstractmethod
    def take(self, argument: Argument) -> Value | None:
        """Return an argument as the console keeps it, rounded to the console's steps."""

    @abstractmethod
    def read(self, token: str) -> Value | None:
        """Return the value that a token of a scene line means."""

    @abstractmethod
    def text(self, value: Value) -> str:
        """Return the value's token in a scene line."""


@dataclass(frozen=True)
class Knob(Kind):
    """A position from 0 to 1 in `steps` steps between its ends, printed by its law."""

    taper: Taper
    steps: int
    show: Show

    def take(self, argument: Argument) -> Value | None:
        """Round to the nearest step, as the console does; a text is read in the knob's unit.

        An integer counts as a float: clients in the field send 1 for the top of a fader.
        """
        if isinstance(argument, str):
            return self.read(argument.strip())
        return self._snap(argument) if isinstance(argument, (int, float)) and isfinite(argument) else None

    def read(self, token: str) -> Value | None:
        """Read decibels, hertz, milliseconds."""
        unit = read_number(token)
        return None if unit is None else self._snap(self.taper.position(unit))

    def text(self, value: Value) -> str:
        """Print decibels, hertz, milliseconds."""
        return self.show(self.unit(value))

    def unit(self, value: Value) -> float:
        """Return a position in the knob's unit."""
        return self.taper.unit(float(value))

    def at(self, unit: float) -> float:
        """Return the step nearest to a unit."""
        return self._snap(self.taper.position(unit))

    def _snap(self, position: float) -> float:
        return round(min(1.0, max(0.0, position)) * self.steps) / self.steps


def linear(low: float, high: float, step: float, show: str) -> Knob:
    """Return a linear knob from its ends and its step, in its unit."""
    return Knob(Linear(low, high), round((high - low) / step), show.format)


def logarithmic(low: float, high: float, values: int, show: Show) -> Knob:
    """Return a logarithmic knob from its ends and its number of values."""
    return Knob(Logarithmic(low, high), values - 1, show)


@dataclass(frozen=True)
class Choice(Kind):
    """One of several names, given by number or by name."""

    names: tuple[str, ...]

    def take(self, argument: Argument) -> Value | None:
        """Accept the number of a name, or a name."""
        if isinstance(argument, str):
            return self.read(argument)
        return argument if isinstance(argument, int) and 0 <= argument < len(self.names) else None

    def read(self, token: str) -> Value | None:
        """Read a name."""
        return self.names.index(token) if token in self.names else None

    def text(self, value: Value) -> str:
        """Print the name."""
        return self.names[int(value)]


@dataclass(frozen=True)
class Integer(Kind):
    """An integer, limited to a range."""

    low: int
    high: int

    def take(self, argument: Argument) -> Value | None:
        """Accept a number, or a text that is one, as a client that reads lines of text sends it."""
        if isinstance(argument, str):
            return self.read(argument.strip())
        return min(self.high, max(self.low, argument)) if isinstance(argument, int) else None

    def read(self, token: str) -> Value | None:
        """Read a number."""
        number = read_number(token)
        return None if number is None or not isfinite(number) else self.take(round(number))

    def text(self, value: Value) -> str:
        """Print the number."""
        return str(value)


@dataclass(frozen=True)
class BitMask(Kind):
    """Membership in groups: bit n−1 is group n."""

    count: int

    def take(self, argument: Argument) -> Value | None:
        """Accept a number of at most `count` bits, or the text of one."""
        if isinstance(argument, str):
            return self.read(argument.strip())
        return argument if isinstance(argument, int) and 0 <= argument < 1 << self.count else None

    def read(self, token: str) -> Value | None:
        """Read `%0101`, whose last character is group 1, or a plain number."""
        digits = token.removeprefix("%")
        if not digits.isascii() or not digits.isdecimal():
            return None
        base = 2 if digits != token and set(digits) <= {"0", "1"} else 10
        return self.take(int(digits[: self.count + 1], base))

    def text(self, value: Value) -> str:
        """Print `%0101`."""
        return f"%{value:0{self.count}b}"


@dataclass(frozen=True)
class Text(Kind):
    """A text, cut to its first `length` characters."""

    length: int

    def take(self, argument: Argument) -> Value | None:
        """Accept a text, not a number."""
        return argument[: self.length] if isinstance(argument, str) else None

    def read(self, token: str) -> Value | None:
        """Read a text."""
        return self.take(token)

    def text(self, value: Value) -> str:
        """Return the text in quotes."""
        return f'"{value}"'

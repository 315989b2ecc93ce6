"""What a value of the console can be: which arguments it takes, and how it reads in a scene line."""

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
    """One kind of value. What it does not take it returns as None, and the console then does nothing."""

    @abstractmethod
    def take(self, argument: Argument) -> Value | None:
        """Return what the console keeps of an argument, rounded to its own steps."""

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
        """Round to a step, which the console does rather than refuse; a text is read in the knob's unit.

        A whole number passes as a float: clients in the field send 1 for the top of a fader.
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
        """Return what a position stands for."""
        return self.taper.unit(float(value))

    def at(self, unit: float) -> float:
        """Return the step nearest to a unit."""
        return self._snap(self.taper.position(unit))

    def _snap(self, position: float) -> float:
        return round(min(1.0, max(0.0, position)) * self.steps) / self.steps


def linear(low: float, high: float, step: float, show: str) -> Knob:
    """Return a straight knob by its ends and its step, in its unit."""
    return Knob(Linear(low, high), round((high - low) / step), show.format)


def logarithmic(low: float, high: float, values: int, show: Show) -> Knob:
    """Return a knob of equal factors by its ends and how many values it has."""
    return Knob(Logarithmic(low, high), values - 1, show)


@dataclass(frozen=True)
class Choice(Kind):
    """One of some names: by number, or by the name itself."""

    names: tuple[str, ...]

    def take(self, argument: Argument) -> Value | None:
        """Take a number that is one of the names, or a name."""
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
    """A whole number; what lies outside is brought to the nearer end."""

    low: int
    high: int

    def take(self, argument: Argument) -> Value | None:
        """Take a number, never a text."""
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
    """A membership: bit n−1 says whether group n is meant."""

    count: int

    def take(self, argument: Argument) -> Value | None:
        """Take a number of that many bits."""
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
    """A text of so many characters; what is longer is cut."""

    length: int

    def take(self, argument: Argument) -> Value | None:
        """Take a text, never a number."""
        return argument[: self.length] if isinstance(argument, str) else None

    def read(self, token: str) -> Value | None:
        """Read a text."""
        return self.take(token)

    def text(self, value: Value) -> str:
        """Print it in quotes."""
        return f'"{value}"'

"""Encodings between a DAW's OSC argument and a param's value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from remote_mixer.desk.params import Param, Position, Text, Toggle, Value
from remote_mixer.drivers.osc import Argument

TOGGLE = Toggle()


class Encoding(ABC):
    """Encoding of one kind of value."""

    param: Param

    @abstractmethod
    def encode(self, value: Value) -> Argument:
        """Return the argument for a value."""

    @abstractmethod
    def read(self, argument: Argument) -> Value:
        """Return the value in an argument; raise ValueError where it does not fit."""

    def same(self, ours: Argument, theirs: Argument) -> bool:
        """Whether two arguments are one value, up to the DAW's rounding."""
        try:
            return self.param.same(self.read(ours), self.read(theirs))
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Travel(Encoding):
    """A fader or knob: a float 0–1. `flipped` where the DAW counts the other way (its pan from right to left)."""

    param: Position
    flipped: bool = False

    def encode(self, value: Value) -> Argument:
        """Return the position."""
        position = float(value or 0)
        return 1 - position if self.flipped else position

    def read(self, argument: Argument) -> Value:
        """Accept 0–1."""
        if not isinstance(argument, float):
            raise ValueError(f"a position is a float, not {argument!r:.40}")
        return self.param.check(1 - argument if self.flipped else argument)


@dataclass(frozen=True, slots=True)
class Switch(Encoding):
    """On or off: 1 or 0. `inverted` where the DAW's 1 is our false (its send "enabled" is not muted)."""

    param: Toggle = TOGGLE
    inverted: bool = False

    def encode(self, value: Value) -> Argument:
        """Return 0 or 1."""
        return int(bool(value) != self.inverted)

    def read(self, argument: Argument) -> Value:
        """Accept 0 and 1, whole or not."""
        if argument not in (0, 1):
            raise ValueError(f"a switch is 0 or 1, not {argument!r:.40}")
        return bool(argument) != self.inverted


@dataclass(frozen=True, slots=True)
class Reading(Encoding):
    """A text that the DAW alone writes, in any script."""

    param: Text

    def encode(self, value: Value) -> Argument:
        """Return the text."""
        return str(value or "")

    def read(self, argument: Argument) -> Value:
        """Accept any text; return it made to fit one line."""
        if not isinstance(argument, str):
            raise ValueError(f"a text, not {argument!r:.40}")
        return self.param.fit(argument)

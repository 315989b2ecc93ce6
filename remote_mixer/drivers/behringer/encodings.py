"""Encodings between a console's OSC argument and a param's value.

`present` is the argument that the address has now; only a bit of a mask needs it.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass

from remote_mixer.desk.params import Choice, Number, Param, Position, Text, Toggle, Value
from remote_mixer.drivers.osc import Argument

TOGGLE, NAME = Toggle(), Text(12)
PRINTED = Text(24, read_only=True)
"""A strip's name has twelve characters on the console's displays."""


class Encoding(ABC):
    """Encoding of one kind of value."""

    param: Param

    @abstractmethod
    def encode(self, value: Value, present: Argument | None) -> Argument | None:
        """Return the argument for a value, None where it cannot be known; `present` is the console's argument now."""

    @abstractmethod
    def read(self, argument: Argument) -> Value:
        """Return the value in an argument; raise ValueError where it is not understood."""

    def same(self, ours: Argument, theirs: Argument) -> bool:
        """Whether two arguments are equal, up to the console's rounding."""
        return ours == theirs


@dataclass(frozen=True, slots=True)
class Travel(Encoding):
    """A fader or knob: a float 0–1. `flipped` where the console counts downwards (the Q of an equaliser)."""

    param: Position
    flipped: bool = False

    def encode(self, value: Value, present: Argument | None) -> Argument:
        """Return the position on the console's grid."""
        last = (self.param.steps or 2) - 1
        place = round(float(value or 0) * last) / last
        return 1 - place if self.flipped else place

    def read(self, argument: Argument) -> Value:
        """Accept 0–1."""
        if not isinstance(argument, float):
            raise ValueError(f"a position is a float, not {argument!r:.40}")
        return self.param.check(1 - argument if self.flipped else argument)

    def same(self, ours: Argument, theirs: Argument) -> bool:
        """Compare within half a step."""
        return isinstance(ours, float) and isinstance(theirs, float) and self.param.same(ours, theirs)


@dataclass(frozen=True, slots=True)
class Switch(Encoding):
    """On or off: 1 or 0. `inverted` where the console's 1 is our false (its "on" is not muted)."""

    param: Toggle = TOGGLE
    inverted: bool = False

    def encode(self, value: Value, present: Argument | None) -> Argument:
        """Return 0 or 1."""
        return int(bool(value) != self.inverted)

    def read(self, argument: Argument) -> Value:
        """Accept 0 and 1."""
        if argument not in (0, 1):
            raise ValueError(f"a switch is 0 or 1, not {argument!r:.40}")
        return bool(argument) != self.inverted


@dataclass(frozen=True, slots=True)
class Selection(Encoding):
    """One of named values: its index."""

    param: Choice

    def encode(self, value: Value, present: Argument | None) -> Argument:
        """Return the index of a name."""
        return self.param.choices.index(str(value))

    def read(self, argument: Argument) -> Value:
        """Accept an index; return the name."""
        if not isinstance(argument, int) or not 0 <= argument < len(self.param.choices):
            raise ValueError(f"a selection is a number below {len(self.param.choices)}, not {argument!r:.40}")
        return self.param.choices[argument]


@dataclass(frozen=True, slots=True)
class Unordered(Encoding):
    """One of named values in an order that is not known: its index says nothing, and nothing is written."""

    param: Choice

    def encode(self, value: Value, present: Argument | None) -> Argument | None:
        """Return None."""
        return None

    def read(self, argument: Argument) -> Value:
        """Accept an index; return None."""
        if not isinstance(argument, int):
            raise ValueError(f"a selection is a number, not {argument!r:.40}")
        return None


@dataclass(frozen=True, slots=True)
class Whole(Encoding):
    """A whole number."""

    param: Number

    def encode(self, value: Value, present: Argument | None) -> Argument:
        """Return the nearest whole number."""
        return round(float(value or 0))

    def read(self, argument: Argument) -> Value:
        """Accept a whole number in the range."""
        if not isinstance(argument, int):
            raise ValueError(f"a whole number, not {argument!r:.40}")
        return self.param.check(argument)


@dataclass(frozen=True, slots=True)
class AsciiText(Encoding):
    """A name. The console's displays know ASCII alone: accents are dropped, other characters become "?"."""

    param: Text = NAME

    def encode(self, value: Value, present: Argument | None) -> Argument:
        """Return the name as the console can write it."""
        bare = "".join(c for c in unicodedata.normalize("NFKD", str(value)) if not unicodedata.combining(c))
        return bare.encode("ascii", "replace").decode()[: self.param.length].rstrip(" ")

    def read(self, argument: Argument) -> Value:
        """Accept any text; return it made to fit one line, without the blanks that fill a field of a fixed length."""
        if not isinstance(argument, str):
            raise ValueError(f"a name is a text, not {argument!r:.40}")
        return self.param.fit(argument).rstrip(" ")


@dataclass(frozen=True, slots=True)
class Bit(Encoding):
    """One bit of a mask: the whole mask is sent, made from the console's present one."""

    bit: int
    param: Toggle = TOGGLE

    def encode(self, value: Value, present: Argument | None) -> Argument | None:
        """Return the mask with this bit changed; None where the other bits are not known."""
        if not isinstance(present, int):
            return None
        return present | 1 << self.bit if value else present & ~(1 << self.bit)

    def read(self, argument: Argument) -> Value:
        """Accept a mask; return its bit."""
        if not isinstance(argument, int):
            raise ValueError(f"a mask is a number, not {argument!r:.40}")
        return bool(argument >> self.bit & 1)


@dataclass(frozen=True, slots=True)
class Printed(Encoding):
    """A value that we cannot read, but the console prints: shown in its words, and never set."""

    param: Text = PRINTED

    def encode(self, value: Value, present: Argument | None) -> Argument:
        """Return the present argument: nothing is set."""
        return present if present is not None else 0

    def read(self, argument: Argument) -> Value:
        """Return None: only the console's line of text tells."""
        return None

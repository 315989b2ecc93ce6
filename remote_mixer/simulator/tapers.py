"""Tapers between a position (0–1) and decibels, hertz or milliseconds, and how the console prints these."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, isfinite, log
from typing import Protocol

MINUS_INFINITY = "-oo"


class Taper(Protocol):
    """Position ↔ unit."""

    def unit(self, position: float) -> float:
        """Return the value in the unit at a position (0–1)."""

    def position(self, unit: float) -> float:
        """Return the position of a value in the unit; may lie outside 0–1."""


@dataclass(frozen=True)
class Linear:
    """Linear from `low` to `high`."""

    low: float
    high: float

    def unit(self, position: float) -> float:
        """Return low at 0, high at 1."""
        return self.low + position * (self.high - self.low)

    def position(self, unit: float) -> float:
        """Return 0 at low, 1 at high."""
        return (unit - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Logarithmic:
    """Logarithmic from `low` to `high`; `high` may be the smaller one."""

    low: float
    high: float

    def unit(self, position: float) -> float:
        """Return low at 0, high at 1."""
        return float(self.low * (self.high / self.low) ** position)

    def position(self, unit: float) -> float:
        """Return 0 at low, 1 at high; −∞ for 0 and less."""
        return log(unit / self.low) / log(self.high / self.low) if unit > 0 else -inf


# (lowest position of the piece, slope in dB, dB at position 0 of its line): knees at −10, −30 and −60 dB.
_PIECES = ((0.5, 40, -30), (0.25, 80, -50), (0.0625, 160, -70), (0.0, 480, -90))


class Level:
    """Faders and sends of all these consoles: −90 to +10 dB in four straight pieces; position 0 is −∞."""

    def unit(self, position: float) -> float:
        """Return decibels."""
        if position <= 0:
            return -inf
        _, slope, start = next(piece for piece in _PIECES if position >= piece[0])
        return slope * position + start

    def position(self, unit: float) -> float:
        """Return the position of decibels; 0 for −90 dB and less."""
        if unit <= -90:
            return 0.0
        _, slope, start = next(piece for piece in _PIECES if unit >= piece[1] * piece[0] + piece[2])
        return (unit - start) / slope


def plain(digits: int, width: int = 0) -> str:
    """Return a format for a number without a sign, as `-40.0`."""
    return f"{{:{width}.{digits}f}}"


def signed(digits: int, width: int = 0) -> str:
    """Return a format for a number that always shows its sign, as `+0.0`."""
    return f"{{:+{width}.{digits}f}}"


def show_level(unit: float) -> str:
    """Return a level as the console prints it, five wide: `-10.5`, `  0.0`, `  -oo`."""
    if not isfinite(unit):
        return f"{MINUS_INFINITY:>5}"
    return "  0.0" if abs(unit) < 0.05 else f"{unit:+5.1f}"


def show_frequency(unit: float) -> str:
    """Return hertz as the console prints them: `124.7`, and cut to tens from a thousand on: `1k02`, `20k00`."""
    if round(unit, 1) < 1000:
        return f"{unit:.1f}"
    thousands, rest = divmod(floor(unit / 10 + 1e-6), 100)
    return f"{thousands}k{rest:02}"


def show_three_digits(unit: float) -> str:
    """Return milliseconds or a make-up gain with three digits: `0.02`, `79.6`, ` 100`."""
    digits = 2 if unit < 9.995 else 1 if unit < 99.95 else 0
    return f"{unit:4.{digits}f}"


def show_q(unit: float) -> str:
    """Return a Q as the console prints it: `0.3`, `2.0`, ` 10`."""
    return " 10" if unit > 9.95 else f"{unit:.1f}"


def read_number(token: str) -> float | None:
    """Return the number in a token of a scene line: `-20.5`, `-oo`, `1k02` (1020); None if the token is no number."""
    if token == MINUS_INFINITY:
        return -inf
    thousands, k, rest = token.partition("k")
    try:
        number = float(thousands) * 1000 + float(f"0.{rest or 0}") * 1000 if k else float(token)
    except ValueError:
        return None
    return number if isfinite(number) else None

"""Readings: values as text for people, and typed text as values, for shell and API.

The page has the same forms in ui/desk/units.js and taper.js; tests/data/readings.json holds both to one table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import isinf
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Param, Value
from remote_mixer.desk.tapers import Taper

UNKNOWN = "not known"
OFF = "−∞"

_ON = frozenset({"on", "true", "yes"})
_OFF = frozenset({"off", "false", "no"})
_SILENT = re.compile(r"-?(∞|inf|infinity|oo)(\s*db)?|off|mute")
_CENTRE = re.compile(r"c|centre|center")
_SIDE = re.compile(r"([lr])\s*(\d+(?:\.\d+)?)\s*%?")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(\D*)")


# Units


def _rounded(value: float, decimals: int) -> str:
    """Return a number with this many decimals; halves go away from zero, and zero has no sign."""
    text = str(Decimal(abs(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    return f"−{text}" if value < 0 and float(text) else text


def _level(value: float) -> str:
    """Return one decimal with its sign."""
    text = _rounded(value, 1)
    return f"+{text}" if value > 0 and float(text) else text


def _tenths(value: float) -> str:
    """Return at most one decimal."""
    return _rounded(value, 1).removesuffix(".0")


def _digits(value: float) -> str:
    """Return three digits, however large: 0.02, 1.25, 12.5, 125."""
    size = abs(value)
    return _rounded(value, 2 if size < 9.995 else 1 if size < 99.95 else 0)


@dataclass(frozen=True, slots=True)
class Unit:
    """Text form of one unit.

    show     number → text
    symbol   text after the number
    typed    endings that a person may type, in small letters → factor
    greater  the unit to show from a thousand on
    """

    show: Callable[[float], str]
    symbol: str = ""
    typed: Mapping[str, float] = field(default_factory=dict)
    greater: Unit | None = None

    def text(self, value: float) -> str:
        """Return a value with its unit."""
        if self.greater and value >= 999.5:
            return self.greater.text(value / 1000)
        return f"{self.show(value)} {self.symbol}".rstrip()


UNITS = {
    "dB": Unit(_level, "dB", {"db": 1}),
    "Hz": Unit(_digits, "Hz", {"hz": 1, "k": 1000, "khz": 1000}, Unit(_digits, "kHz")),
    "ms": Unit(_digits, "ms", {"ms": 1, "s": 1000}, Unit(_digits, "s")),
    "s": Unit(_digits, "s", {"s": 1, "ms": 0.001}),
    "%": Unit(_tenths, "%", {"%": 1}),
}


def unit_of(name: str, *, even: bool = True) -> Unit:
    """Return the text form of a unit; a law without one has three digits, unless it is a straight line (`even`)."""
    other = Unit(_tenths if name or even else _digits, name, {name.lower(): 1} if name else {})
    return UNITS.get(name, other)


# Controls


@dataclass(frozen=True, slots=True)
class Control:
    """One param as in a Layout's JSON: `form` is the param's, `taper` is set for a position."""

    form: Mapping[str, Any]
    taper: Taper | None = None

    def reading(self, value: Value) -> str:
        """Return the text of a value: `−10.0 dB`, `1.25 kHz`, `L53`, `on`, a name."""
        if value is None:
            return UNKNOWN
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, str):
            return value
        if self.taper is None:
            return unit_of(self.form.get("unit", "")).text(value)
        return _position_text(self.taper, value)

    def value_of(self, typed: str) -> Value:
        """Return the value of a typed text; ValueError with a sentence when it has none.

        A position is any of its readings, or a number from 0 to 1 where its law has a unit. Whether the param takes the
        value is checked by the desk.
        """
        plain = typed.strip().lower().replace("−", "-").replace(",", ".")
        match self.form["kind"]:
            case "position":
                return _number(plain, typed) if self.taper is None else _position(self.taper, plain, typed)
            case "toggle":
                return _toggle(plain, typed)
            case "number":
                unit = unit_of(self.form.get("unit", ""))
                return _in_unit(unit, plain, typed)[0]
            case _:
                return typed.strip()


def control_of(layout: Layout, param: Param) -> Control:
    """Return the control of a layout's param."""
    form = param.as_json()
    return Control(form, layout.tapers.get(form.get("taper", "")))


def controls(consoles: Sequence[Mapping[str, Any]]) -> dict[str, Control]:
    """Return the controls of Layouts as received (JSON), by path."""
    return {path: control for console in consoles for path, control in _controls(console)}


def _controls(console: Mapping[str, Any]) -> Iterator[tuple[str, Control]]:
    tapers = {name: Taper.of_json(form) for name, form in console["tapers"].items()}
    table = [Control(form, tapers.get(form.get("taper", ""))) for form in console["table"]]
    name = console["name"]
    yield from ((paths.join(name, local), table[index]) for local, index in console["params"].items())
    for strip in console["strips"]:
        yield from ((paths.join(name, strip["id"], local), table[index]) for local, index in strip["params"].items())


# Positions


def _position_text(taper: Taper, position: float) -> str:
    value = taper.to_unit(position)
    if isinf(value):
        return f"{OFF} {taper.unit}"
    if taper.is_two_sided:
        size = _rounded(abs(value), 0)
        return "C" if size == "0" else f"{'L' if value < 0 else 'R'}{size}"
    return _unit_of(taper).text(value)


def _position(taper: Taper, plain: str, typed: str) -> float:
    """Return the position of a text in small letters; `typed` is the text for the refusal."""
    if taper.off_at_zero and _SILENT.fullmatch(plain):
        return 0.0
    if taper.is_two_sided and _CENTRE.fullmatch(plain):
        return taper.to_position(0)
    side = _SIDE.fullmatch(plain) if taper.is_two_sided else None
    if side:
        return _in_range(taper, float(side[2]) * (-1 if side[1] == "l" else 1), typed)
    value, ending = _in_unit(_unit_of(taper), plain, typed)
    return value if taper.unit and not ending else _in_range(taper, value, typed)


def _in_range(taper: Taper, value: float, typed: str) -> float:
    """Return the position of a value in the unit; below a law that ends in silence lies silence."""
    low, high = taper.points[0][1], taper.points[-1][1]
    if taper.off_at_zero and value < low:
        return 0.0
    text = _unit_of(taper).text
    if not low <= value <= high and text(value) not in (text(low), text(high)):
        raise ValueError(f"this control goes from {low:g} to {high:g} {taper.unit}".rstrip() + f", not to {typed}")
    return taper.to_position(value)


def _unit_of(taper: Taper) -> Unit:
    return unit_of(taper.unit, even=len(taper.points) == 2)


# Typed text


def _in_unit(unit: Unit, plain: str, typed: str) -> tuple[float, str]:
    """Return the number of a text and the unit's ending in it, if any."""
    found = _NUMBER.fullmatch(plain)
    if not found or found[2] not in {"", *unit.typed}:
        like = f" such as “{unit.text(1)}”" if unit.symbol else ""
        raise ValueError(f"this control takes a number{like}, not {typed!r}")
    return float(found[1]) * unit.typed.get(found[2], 1), found[2]


def _number(plain: str, typed: str) -> float:
    return _in_unit(unit_of(""), plain, typed)[0]


def _toggle(plain: str, typed: str) -> bool:
    if plain not in _ON | _OFF:
        raise ValueError(f"this control is on or off, not {typed!r}")
    return plain in _ON

"""Text form of controls' values: dB by the console's own taper, `on` and `off`, names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isinf
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.desk.tapers import Taper

_ON = frozenset({"on", "true", "yes"})
_OFF = frozenset({"off", "false", "no"})
_SILENT = re.compile(r"[-−](inf|∞)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Control:
    """One param of a Layout as received: `form` is its JSON, `taper` is set for a position."""

    form: Mapping[str, Any]
    taper: Taper | None = None

    def reading(self, value: Value) -> str:
        """Return the text of a value: `−10.0 dB`, `on`, a name."""
        if value is None:
            return "not known"
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, str):
            return value
        return f"{value:g} {self.form.get('unit', '')}".rstrip() if self.taper is None else _in_unit(self.taper, value)

    def value_of(self, typed: str) -> Value:
        """Return the value of a typed text; ValueError with a sentence when it has none.

        A position is a number from 0 to 1, or a number with the taper's unit, as `-10dB`; `-inf` is 0.
        Whether the control takes the value is checked by the server.
        """
        typed = typed.strip()
        match self.form["kind"]:
            case "position":
                return self._position(typed)
            case "toggle":
                return _toggle(typed)
            case "number":
                return _number(typed.removesuffix(str(self.form.get("unit", ""))))
            case _:
                return typed

    def _position(self, typed: str) -> float:
        taper = self.taper
        if taper is None or not (_SILENT.match(typed) or typed.lower().endswith(taper.unit.lower())):
            return _number(typed)
        if _SILENT.match(typed):
            return 0.0
        value = _number(typed[: -len(taper.unit)])
        low, high = taper.points[0][1], taper.points[-1][1]
        if not low <= value <= high:
            raise ValueError(f"this control goes from {low:g} to {high:g} {taper.unit}, not to {typed}")
        return taper.to_position(value)


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


def _in_unit(taper: Taper, position: float) -> str:
    value = taper.to_unit(position)
    if isinf(value):
        return f"−∞ {taper.unit}"
    number = f"{value:+.1f}" if taper.unit == "dB" else f"{value:+.0f}"
    return f"{number.replace('-', '−')} {taper.unit}"


def _toggle(typed: str) -> bool:
    if typed.lower() not in _ON | _OFF:
        raise ValueError(f"this control is on or off, not {typed!r}")
    return typed.lower() in _ON


def _number(typed: str) -> float:
    try:
        return float(typed.strip().replace("−", "-"))
    except ValueError:
        raise ValueError(f"this control takes a number, not {typed!r}") from None

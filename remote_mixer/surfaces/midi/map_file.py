"""Map of a MIDI controller, a TOML file: which control moves what."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.maps.files import content_of
from remote_mixer.surfaces import orders
from remote_mixer.surfaces.orders import Order

PORTS, CONTROLS = "ports", "controls"
CC, NOTE, BEND, PROGRAM = "cc", "note", "bend", "program"
MOST_NUMBER, MOST_BEND = 127, 16383
PICK_UP, TOGGLE, MOMENTARY, TAP = "pick-up", "toggle", "momentary", "tap"
RELATIVE: Mapping[str, Callable[[int], int]] = {
    "signed": lambda value: value - 128 if value > 64 else value,
    "offset": lambda value: value - 64,
    "magnitude": lambda value: -(value & 0x3F) if value & 0x40 else value,
}
"""Kind of an endless encoder → ticks of a value, right is positive: two's complement; 64 at rest; bit 6 is the sign."""
KINDS = (PICK_UP, *RELATIVE, TOGGLE, MOMENTARY, TAP)
USUAL_KIND = {CC: PICK_UP, BEND: PICK_UP, NOTE: TOGGLE, PROGRAM: TOGGLE}
FITTING = {
    CC: KINDS,
    BEND: (PICK_UP,),
    NOTE: (TOGGLE, MOMENTARY, TAP),
    PROGRAM: (TOGGLE, TAP),
}
"""Kind of message → the kinds of control that it can be: a program change has no release, for one."""
OF_A_STRIP = {
    "fader": PICK_UP,
    "main": PICK_UP,
    "knob": PICK_UP,
    **dict.fromkeys(("mute", "solo", "rec", "select"), TOGGLE),
}
"""Param of a place in the bank, as a map names it → usual kind of the control that moves it."""
KEYS = {"channel", "kind", "path", "strip", "what", "do", *USUAL_KIND}

Address = tuple[str, int, int]
"""Kind of message, MIDI channel, number."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control.

    path   the param that it moves; "" where it is of a place in the bank, or an order
    strip  place in the bank, from 0 on
    what   what it moves there
    order  what it does as a key
    fine   number of the CC with the lower seven bits of a pair; None for a control without
    """

    address: Address
    kind: str
    path: str = ""
    strip: int = 0
    what: str = ""
    order: Order | None = None
    fine: int | None = None

    @property
    def top(self) -> int:
        """Greatest value of its messages."""
        return MOST_BEND if self.address[0] == BEND or self.fine is not None else MOST_NUMBER


@dataclass(frozen=True, slots=True)
class Map:
    """Content of a file. `port` is written as INPUT::OUTPUT; "" for virtual ports of our own."""

    port: str
    controls: tuple[Control, ...]

    @property
    def width(self) -> int:
        """Number of places in the bank."""
        return max((control.strip + 1 for control in self.controls if control.what), default=8)


def is_surface_map(file: Path) -> bool:
    """Whether a file is written as a map of a surface, not of a console."""
    return file.is_file() and f"[[{CONTROLS}]]" in file.read_text("utf-8", "replace")


def read(file: Path) -> Map:
    """Return the map in a file; ValueError with a sentence where there is none, or it has a fault."""
    try:
        plain = tomllib.loads(content_of(file).decode())
    except OSError as fault:
        raise ValueError(f"the map {file} cannot be read ({fault.strerror or fault})") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ValueError(f"{file} is no TOML: {fault}") from fault
    try:
        return parse(plain)
    except ValueError as fault:
        raise ValueError(f"{file}: {fault}") from fault


def parse(plain: Mapping[str, Any]) -> Map:
    """Return the map of plain data; ValueError with the number of the control that has a fault."""
    _check_keys(plain, {PORTS, CONTROLS}, "the map")
    ports, rows = plain.get(PORTS, {}), plain.get(CONTROLS, [])
    if not isinstance(ports, dict) or not isinstance(rows, list):
        raise ValueError("write [ports], and [[controls]] for each control")
    _check_keys(ports, {"input", "output"}, "[ports]")
    controls: dict[Address, Control] = {}
    for number, row in enumerate(rows, 1):
        try:
            control = _control(row)
            places = {control.address, fine_of(control)}
            if any(places & {one.address, fine_of(one)} - {None} for one in controls.values()):
                raise ValueError(f"{' '.join(map(str, control.address))} is used by another control")
        except ValueError as fault:
            raise ValueError(f"control {number}: {fault}") from fault
        controls[control.address] = control
    return Map(_port(str(ports.get("input", "")), str(ports.get("output", ""))), tuple(controls.values()))


def fine_of(control: Control) -> Address | None:
    """Return the address of a pair's lower bits; None for a control without."""
    kind, channel, _ = control.address
    return None if control.fine is None else (kind, channel, control.fine)


def _port(source: str, target: str) -> str:
    return source if source == target else f"{source}::{target}"


def _control(row: object) -> Control:
    if not isinstance(row, dict):
        raise ValueError("a control is a table, as { cc = 0, strip = 1 }")
    _check_keys(row, KEYS, "a control")
    address = _address(row)
    target = [key for key in ("path", "do", "strip", "what") if key in row]
    if target not in (["path"], ["do"], ["strip"], ["strip", "what"], ["what"], ["path", "do"]):
        raise ValueError('it moves one thing: path = "band/ch1/fader", strip = 1, or do = "go"')
    if row.get("do") == TAP:
        return Control(address, TAP, _path(row))
    if "do" in row:
        return Control(address, TOGGLE, order=orders.parse(str(row["do"])))
    what = str(row.get("what", "" if "path" in row else "fader"))
    if what and what not in OF_A_STRIP:
        raise ValueError(f"what is one of {', '.join(OF_A_STRIP)}, not “{what[:40]}”")
    kind = row.get("kind", OF_A_STRIP.get(what) or USUAL_KIND[address[0]])
    if kind not in FITTING[address[0]]:
        raise ValueError(f"kind is one of {', '.join(FITTING[address[0]])} for a {address[0]}, not “{str(kind)[:40]}”")
    fine = _fine(row) if kind == PICK_UP else None
    if "path" in row:
        return Control(address, kind, _path(row), fine=fine)
    return Control(address, kind, strip=_whole(row, "strip", 1, 64) - 1, what=what, fine=fine)


def _fine(row: Mapping[str, Any]) -> int | None:
    cc = row.get(CC)
    return _whole({CC: cc[1]}, CC, 0, MOST_NUMBER) if isinstance(cc, list) and len(cc) == 2 else None


def _path(row: Mapping[str, Any]) -> str:
    path = row.get("path")
    if not isinstance(path, str) or not paths.parse(path).strip:
        raise ValueError('path is a control’s, as "band/ch1/fader"')
    return path


def _address(row: Mapping[str, Any]) -> Address:
    kinds = [kind for kind in USUAL_KIND if kind in row]
    if len(kinds) != 1:
        raise ValueError("write one of cc = 20, note = 36, program = 5 and bend = true")
    channel = _whole({"channel": 1} | dict(row), "channel", 1, 16)
    if isinstance(cc := row.get(CC), list):
        if len(cc) != 2 or row.get("kind", PICK_UP) != PICK_UP or "do" in row:
            raise ValueError("a pair of CCs, coarse and fine, as [0, 32], is of a fader")
        return CC, channel, _whole({CC: cc[0]}, CC, 0, MOST_NUMBER)
    return kinds[0], channel, 0 if kinds == [BEND] else _whole(row, kinds[0], 0, MOST_NUMBER)


def _whole(row: Mapping[str, Any], key: str, low: int, high: int) -> int:
    value = row.get(key, low)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{key} is a whole number from {low} to {high}, not {str(value)[:40]}")
    return value


def _check_keys(table: Mapping[str, Any], known: set[str], of: str) -> None:
    if unknown := table.keys() - known:
        raise ValueError(f"{of} has {', '.join(sorted(known))}, and not “{min(unknown)[:40]}”")

"""What a map says about one control → the control, its travel, its law; or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeGuard

from remote_mixer.drivers.midi_cc.control import CC, MOST_NRPN, NRPN, PAIR, TOP_7, Button, Control, Entry, Knob
from remote_mixer.drivers.midi_cc.laws import LAWS, PLAIN, Law
from remote_mixer.drivers.midi_cc.places import Part, quote

WHICH = ("cc", "nrpn")
CONTROL_KEYS = (*WHICH, "channel")
TRAVEL_KEYS = ("low", "high", "invert")
MOST_DB = 200
SWITCH, MOMENTARY = "switch", "momentary"

Reader = Callable[[Part], Entry]


def read_knob(at: Part) -> Knob:
    """Read a fader or a send's level."""
    at.expect(*CONTROL_KEYS, *TRAVEL_KEYS, "law")
    return _travel(at, _law(at))


def read_pan(at: Part) -> Knob:
    """Read a pan, whose law is always its own."""
    at.expect(*CONTROL_KEYS, *TRAVEL_KEYS)
    return _travel(at, None)


def read_button(at: Part) -> Button:
    """Read a mute."""
    at.expect(*CONTROL_KEYS, "on", "off", "kind")
    control = _control(at)
    on = at.whole("on", (0, control.top), control.top)
    off = at.whole("off", (0, control.top), 0)
    if on == off:
        raise at.fault(f"on and off are both {on}: write two different numbers")
    kind = at.held.get("kind", SWITCH)
    if kind not in (SWITCH, MOMENTARY):  # a set would stumble over a list
        raise at.fault(f"kind is “{SWITCH}” or “{MOMENTARY}”, not {quote(kind)}", "kind")
    return Button(control, on, off, kind == MOMENTARY)


def read_entry(holder: Part, key: str, what: str, reader: Reader) -> Entry:
    """Read what stands under a key of a strip or its sends: a CC alone, or a table."""
    told = holder.held[key]
    at = Part(holder.reading, (*holder.keys, key), told if isinstance(told, dict) else {"cc": told}, what)
    if isinstance(told, dict) or (isinstance(told, int | float) and not isinstance(told, bool)):
        return reader(at)
    raise at.fault(f"write a CC, as 20, or a table, as {{ cc = 20, channel = 2 }}, not {quote(told)}")


def _control(at: Part) -> Control:
    channel = at.whole("channel", (1, 16), 1, "a MIDI channel")
    if ("cc" in at) == ("nrpn" in at):
        raise at.fault("write one of cc = 20, cc = [20, 52] (14 bit) and nrpn = 1024")
    if "nrpn" in at:
        return Control(NRPN, channel, at.whole("nrpn", (0, MOST_NRPN), 0, "an NRPN"))
    cc = at.held["cc"]
    if not isinstance(cc, list):
        return Control(CC, channel, _cc(at, cc))
    numbers = [_cc(at, number) for number in cc]
    if len(set(numbers)) != 2 or len(numbers) != 2:
        raise at.fault("a 14-bit pair is two CCs, coarse and fine, as [20, 52]", "cc")
    return Control(PAIR, channel, *numbers)


def _cc(at: Part, found: object) -> int:
    return at.number("cc", found, (0, TOP_7), "a CC")


def _travel(at: Part, law: Law | None) -> Knob:
    control = _control(at)
    low, high = at.whole("low", (0, control.top), 0), at.whole("high", (0, control.top), control.top)
    if low >= high:
        raise at.fault(f"low ({low}) stands below high ({high}); invert = true turns a control round")
    if law is None and high - low < 2:
        raise at.fault("a pan needs a left, a middle and a right: put low and high further apart")
    return Knob(control, low, high, at.truth("invert"), law)


def _law(at: Part) -> Law:
    law = at.held.get("law", PLAIN)
    if isinstance(law, str) and law in LAWS:
        return law
    ends = law.get("linear") if isinstance(law, dict) and law.keys() == {"linear"} else None
    if _rises(ends):
        return float(ends[0]), float(ends[1])
    names = ", ".join(f"“{name}”" for name in LAWS)
    raise at.fault(f"a law is one of {names} and {{ linear = [-70, 0] }} (dB), not {quote(law)}", "law")


def _rises(ends: object) -> TypeGuard[list[Any]]:
    if not isinstance(ends, list) or len(ends) != 2:
        return False
    real = all(isinstance(end, int | float) and not isinstance(end, bool) and abs(end) <= MOST_DB for end in ends)
    return real and ends[0] < ends[1]

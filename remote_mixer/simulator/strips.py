"""Parts of the strips of both families, with ranges and steps as published for firmware 4."""

from __future__ import annotations

from collections.abc import Iterable

from remote_mixer.simulator.kinds import BitMask, Choice, Integer, Kind, Knob, Text, linear, logarithmic
from remote_mixer.simulator.table import ON_OFF, Leaf, below
from remote_mixer.simulator.tapers import (
    Level,
    plain,
    show_frequency,
    show_level,
    show_q,
    show_three_digits,
    signed,
)

NAME_LENGTH = 12
FADER = Knob(Level(), 1023, show_level)
SEND = Knob(Level(), 160, show_level)
UNITY = FADER.at(0)
PAN = linear(-100, 100, 2, signed(0))
CENTRE = PAN.at(0)
FREQUENCY = logarithmic(20, 20000, 201, show_frequency)
EQ_GAIN = linear(-15, 15, 0.25, signed(2))
Q = logarithmic(10, 0.3, 72, show_q)
TRIM = linear(-18, 18, 0.25, signed(1))
HIGH_PASS = logarithmic(20, 400, 101, plain(0, 3).format)
ATTACK = linear(0, 120, 1, plain(0))
HOLD = logarithmic(0.02, 2000, 101, show_three_digits)
RELEASE = logarithmic(5, 4000, 101, plain(0, 4).format)
GATE_THRESHOLD = linear(-80, 0, 0.5, plain(1))
GATE_RANGE = linear(3, 60, 0.5, plain(1))
"""An X32's: desks print 15.5 and 44.5. An X Air has whole decibels."""
THRESHOLD = linear(-60, 0, 0.5, plain(1))
KNEE = linear(0, 5, 1, plain(0))
MAKE_UP = Knob(linear(0, 24, 0.5, "").taper, 48, show_three_digits)
DYN_MIX = linear(0, 100, 5, plain(0))
DELAY = linear(0.3, 500, 0.1, plain(1, 5))
HEADAMP_GAIN = linear(-12, 60, 0.5, signed(1))
WEIGHT = linear(-12, 12, 0.5, signed(1, 5))

PLAIN_COLORS = ("OFF", "RD", "GN", "YE", "BL", "MG", "CY", "WH")
COLOR = Choice((*PLAIN_COLORS, *(f"{color}i" for color in PLAIN_COLORS)))
GATE_MODE = Choice(("EXP2", "EXP3", "EXP4", "GATE", "DUCK"))
RATIOS = ("1.1", "1.3", "1.5", "2.0", "2.5", "3.0", "4.0", "5.0", "7.0", "10", "20", "100")
EQ_TYPES = ("LCut", "LShv", "PEQ", "VEQ", "HShv", "HCut")
CROSSOVER_TYPES = ("BU6", "BU12", "BS12", "LR12", "BU18", "BU24", "BS24", "LR24")
PEQ = 2

DYN_FIRST = (
    Leaf("dyn/on", ON_OFF, 0),
    Leaf("dyn/mode", Choice(("COMP", "EXP")), 0),
    Leaf("dyn/det", Choice(("PEAK", "RMS")), 1),
    Leaf("dyn/env", Choice(("LIN", "LOG")), 1),
    Leaf("dyn/thr", THRESHOLD, THRESHOLD.at(0)),
    Leaf("dyn/ratio", Choice(RATIOS), 5),
    Leaf("dyn/knee", KNEE, KNEE.at(1)),
    Leaf("dyn/mgain", MAKE_UP, 0.0),
    Leaf("dyn/attack", ATTACK, ATTACK.at(10)),
    Leaf("dyn/hold", HOLD, HOLD.at(10)),
    Leaf("dyn/release", RELEASE, RELEASE.at(150)),
)
DYN_LAST = (Leaf("dyn/mix", DYN_MIX, 1.0), Leaf("dyn/auto", ON_OFF, 0))
FILTER_TYPE = Choice(("LC6", "LC12", "HC6", "HC12", "1.0", "2.0", "3.0", "5.0", "10.0"))
GATE = (
    Leaf("gate/on", ON_OFF, 0),
    Leaf("gate/mode", GATE_MODE, 3),
    Leaf("gate/thr", GATE_THRESHOLD, GATE_THRESHOLD.at(-80)),
    Leaf("gate/range", GATE_RANGE, GATE_RANGE.at(60)),
    Leaf("gate/attack", ATTACK, ATTACK.at(1)),
    Leaf("gate/hold", HOLD, HOLD.at(502)),
    Leaf("gate/release", RELEASE, RELEASE.at(983)),
)
GROUP_MEMBER = "grp"


def side_filter(part: str) -> tuple[Leaf, ...]:
    """Return the key filter of a gate or a compressor."""
    return (
        Leaf(f"{part}/filter/on", ON_OFF, 0),
        Leaf(f"{part}/filter/type", FILTER_TYPE, 6),
        Leaf(f"{part}/filter/f", FREQUENCY, FREQUENCY.at(1000)),
    )


def name_and_color(color: int, colors: Kind = COLOR) -> tuple[Leaf, ...]:
    """Return a strip's name and colour."""
    return Leaf("config/name", Text(NAME_LENGTH), ""), Leaf("config/color", colors, color)


def label(icon: int, color: int) -> tuple[Leaf, ...]:
    """Return name, icon and colour of an X32 strip."""
    name, painted = name_and_color(color)
    return name, Leaf("config/icon", Integer(1, 74), icon), painted


def bands(count: int, types: Choice) -> tuple[Leaf, ...]:
    """Return the bands of an equaliser, spread over the range and flat."""
    return tuple(
        leaf
        for band in range(1, count + 1)
        for leaf in _band(band, FREQUENCY.at(20 * 1000 ** (band / (count + 1))), types)
    )


def _band(band: int, frequency: float, types: Choice) -> tuple[Leaf, ...]:
    return (
        Leaf(f"eq/{band}/type", types, PEQ),
        Leaf(f"eq/{band}/f", FREQUENCY, frequency),
        Leaf(f"eq/{band}/g", EQ_GAIN, EQ_GAIN.at(0)),
        Leaf(f"eq/{band}/q", Q, Q.at(2)),
    )


def equaliser(count: int, types: Choice) -> tuple[Leaf, ...]:
    """Return an equaliser: its switch, then its bands."""
    return Leaf("eq/on", ON_OFF, 1), *bands(count, types)


def members(dcas: int, mute_groups: int) -> tuple[Leaf, ...]:
    """Return a strip's membership in DCAs and mute groups."""
    return Leaf("grp/dca", BitMask(dcas), 0), Leaf("grp/mute", BitMask(mute_groups), 0)


def dcas(count: int, leaves: Iterable[Leaf]) -> tuple[Leaf, ...]:
    """Return the DCAs, whose switch and fader are directly below their number."""
    own = (Leaf("on", ON_OFF, 1), Leaf("fader", FADER, UNITY), *leaves)
    return tuple(leaf for number in range(1, count + 1) for leaf in below(f"/dca/{number}", own))


def switches(pattern: str, count: int) -> tuple[Leaf, ...]:
    """Return a row of switches that are off, numbered from 1."""
    return tuple(Leaf(pattern.format(n=number), ON_OFF, 0) for number in range(1, count + 1))

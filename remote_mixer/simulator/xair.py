"""X Air and Midas MR: address map of firmware 1; values are in the order of saved scenes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from remote_mixer.simulator.kinds import Choice, Integer, Text, linear, logarithmic
from remote_mixer.simulator.strips import (
    CENTRE,
    DYN_FIRST,
    DYN_LAST,
    EQ_TYPES,
    FADER,
    GATE,
    HEADAMP_GAIN,
    HIGH_PASS,
    PAN,
    SEND,
    TRIM,
    UNITY,
    WEIGHT,
    dcas,
    equaliser,
    members,
    name_and_color,
    side_filter,
    switches,
)
from remote_mixer.simulator.table import ON_OFF, Family, Leaf, Model, Strips, build
from remote_mixer.simulator.tapers import plain, signed
from remote_mixer.simulator.xair_system import system_leaves

SNAPSHOTS = 64
EFFECTS = 4
LINE_INPUTS = range(17, 25)
"""Numbers of the preamps of the line inputs, on the models that have any: without 48 V, and with less gain."""


@dataclass(frozen=True)
class Size:
    """Counts that differ between the models; the rest is the same in all.

    microphones  inputs with a microphone preamp, from the first one on
    lines        whether all other inputs are line inputs with a preamp of their own
    """

    channels: int
    buses: int
    microphones: int
    lines: bool

    def preamp(self, source: int) -> int | None:
        """Return the number of the preamp of an input, both from 1 on; None for an input without one."""
        if source <= self.microphones:
            return source
        place = source - self.microphones - 1
        return LINE_INPUTS[place] if self.lines and place < len(LINE_INPUTS) else None


SIZES: Mapping[str, Size] = {
    "xr18": Size(16, 6, 16, lines=False),
    "xr16": Size(16, 4, 8, lines=True),
    "xr12": Size(12, 2, 4, lines=True),
}
FIRST_EFFECT_SEND = 7
SOLO_SWITCHES = 54
SHARED = {
    "preamp": "/config/linkcfg/preamp",
    "eq": "/config/linkcfg/eq",
    "gate": "/config/linkcfg/dyn",
    "dyn": "/config/linkcfg/dyn",
    "mix": "/config/linkcfg/fdrmute",
    "grp": "/config/linkcfg/fdrmute",
}
FAMILY = Family(
    key="xair",
    port=10024,
    clients=8,
    echoes=True,
    version="V0.04",
    current="/-snap/index",
    recall="/-snap/load",
    scene_numbers=range(1, SNAPSHOTS + 1),
    scene_name="/-snap/{n:02}/name",
    shared=SHARED,
    shown_name="/-snap/name",
    solos=(
        ("/ch/{n:02}", 1, 16),
        ("/rtn/aux", 1, 1),
        ("/rtn/{n}", 1, 4),
        (None, 1, 18),  # USB returns: no strips
        ("/bus/{n}", 1, 6),
        ("/fxsend/{n}", 1, 4),
        ("/lr", 1, 1),
        ("/dca/{n}", 1, 4),
    ),
    sends_ranges=False,
)

_COLOR = Integer(0, 15)
"""An X Air prints a colour's number, where an X32 has its name."""
_LINE_GAIN = linear(-12, 20, 0.5, signed(1))
_GATE_MODE = Choice(("GATE", "EXP2", "EXP3", "EXP4", "DUCK"))
_EQ_MODE = Choice(("PEQ", "GEQ", "TEQ"))
_SIX = Choice(EQ_TYPES)
_TAPS = Choice(("IN", "PREEQ", "POSTEQ", "PRE", "POST", "GRP"))
_POSTEQ, _POST = 2, 4
_INSERTS = Choice(("OFF", "Fx1A", "Fx1B", "Fx2A", "Fx2B", "Fx3A", "Fx3B", "Fx4A", "Fx4B"))
_LR_INSERTS = Choice(("OFF", "Fx1", "Fx2", "Fx3", "Fx4"))
_INPUTS = Choice((*(f"In{n:02}" for n in range(1, 19)), "OFF"))
_USB = Choice((*(f"U{n:02}" for n in range(1, 19)),))
_AUX_PAIR = Choice(("U1718",))
_USB_PAIRS = Choice(tuple(f"U{n:02}{n + 1:02}" for n in range(1, 19, 2)))
_KEYS = Choice(("SELF", *(f"Ch{n:02}" for n in range(1, 17)), *(f"Bus{n}" for n in range(1, 7))))
_LOW = (
    "20",
    "25",
    "31.5",
    "40",
    "50",
    "63",
    "80",
    "100",
    "125",
    "160",
    "200",
    "250",
    "315",
    "400",
    "500",
    "630",
    "800",
)
_HIGH = ("1k", "1k25", "1k6", "2k", "2k5", "3k15", "4k", "5k", "6k3", "8k", "10k", "12k5", "16k", "20k")
_SLIDER = linear(-15, 15, 0.5, "{:.1f}")

_RETURN_TRIM = (Leaf("preamp/rtntrim", TRIM, TRIM.at(0)), Leaf("preamp/rtnsw", ON_OFF, 0))
_PREAMP = (
    *_RETURN_TRIM,
    Leaf("preamp/invert", ON_OFF, 0),
    Leaf("preamp/hpon", ON_OFF, 0),
    Leaf("preamp/hpf", HIGH_PASS, HIGH_PASS.at(80)),
)
_GATE_RANGE = linear(3, 60, 1, "{:.1f}")
_RELEASE = logarithmic(5, 4000, 101, plain(0).format)
_OWN = {
    "gate/mode": Leaf("gate/mode", _GATE_MODE, 0),
    "gate/range": Leaf("gate/range", _GATE_RANGE, _GATE_RANGE.at(60)),
    "gate/release": Leaf("gate/release", _RELEASE, _RELEASE.at(983)),
    "dyn/release": Leaf("dyn/release", _RELEASE, _RELEASE.at(150)),
}
"""Values and texts in which an X Air differs from an X32."""
_GATE = (*(_OWN.get(leaf.address, leaf) for leaf in GATE), Leaf("gate/keysrc", _KEYS, 0), *side_filter("gate"))
_MIX_KNOB, _AUTO = DYN_LAST
_DYN_FIRST = tuple(_OWN.get(leaf.address, leaf) for leaf in DYN_FIRST)
_DYN = (*_DYN_FIRST, _MIX_KNOB, Leaf("dyn/keysrc", _KEYS, 0), _AUTO, *side_filter("dyn"))
_LR_DYN = (*_DYN_FIRST, _MIX_KNOB, _AUTO, *side_filter("dyn"))
_INSERT, _LR_INSERT = (
    (Leaf("insert/on", ON_OFF, 0), Leaf("insert/fxslot", slots, 0)) for slots in (_INSERTS, _LR_INSERTS)
)
_EQ4 = equaliser(4, _SIX)
_EQ_SWITCH, *_EQ_BANDS = equaliser(6, _SIX)
_EQ6 = (
    _EQ_SWITCH,
    Leaf("eq/mode", _EQ_MODE, 0),
    *_EQ_BANDS,
    *(Leaf(f"geq/{band}", _SLIDER, 0.5) for band in _LOW + _HIGH),
)
_MEMBER = members(4, 4)
_AUTOMIX = (Leaf("automix/group", Choice(("OFF", "X", "Y")), 0), Leaf("automix/weight", WEIGHT, WEIGHT.at(0)))
_COLOR_OF_CHANNELS = 3


def _mix(fader: float, main: int) -> tuple[Leaf, ...]:
    return (
        Leaf("mix/on", ON_OFF, 1),
        Leaf("mix/fader", FADER, fader),
        Leaf("mix/lr", ON_OFF, main),
        Leaf("mix/pan", PAN, CENTRE),
    )


def _label(color: int) -> tuple[Leaf, ...]:
    return name_and_color(color, _COLOR)


def _sends(buses: int) -> tuple[Leaf, ...]:
    """Return the sends to the buses that the model has, then those to its effects, always 07–10."""
    numbers = (*range(1, buses + 1), *range(FIRST_EFFECT_SEND, FIRST_EFFECT_SEND + EFFECTS))
    return tuple(leaf for number in numbers for leaf in _send(number))


def _send(number: int) -> Iterator[Leaf]:
    here = f"mix/{number:02}"
    yield Leaf(f"{here}/level", SEND, 0.0)
    yield Leaf(f"{here}/grpon", ON_OFF, 0)
    yield Leaf(f"{here}/tap", _TAPS, _POSTEQ if number < FIRST_EFFECT_SEND else _POST)
    if number % 2 and number < FIRST_EFFECT_SEND:
        yield Leaf(f"{here}/pan", PAN, CENTRE)


def _strips(channels: int, buses: int) -> tuple[Strips, ...]:
    last = (*_mix(0.0, 1), *_sends(buses), *_MEMBER)
    config = (*_label(_COLOR_OF_CHANNELS), Leaf("config/insrc", _INPUTS, 0), Leaf("config/rtnsrc", _USB, 0))
    aux, back = (
        (*_label(2), Leaf("config/rtnsrc", pairs, 0), *_RETURN_TRIM, *_EQ4, *last) for pairs in (_AUX_PAIR, _USB_PAIRS)
    )
    feed = (*_label(4), Leaf("mix/on", ON_OFF, 1), Leaf("mix/fader", FADER, UNITY), *_MEMBER)
    main = (Leaf("mix/on", ON_OFF, 1), Leaf("mix/fader", FADER, UNITY), Leaf("mix/pan", PAN, CENTRE))
    channel = (*config, *_PREAMP, *_GATE, *_DYN, *_INSERT, *_EQ4, *last, *_AUTOMIX)
    bus = (*_label(7), *_DYN, *_INSERT, *_EQ6, *_mix(UNITY, 0), *_MEMBER)
    return (
        Strips("/ch/{n:02}", channels, channel, "chlink"),
        Strips("/rtn/aux", 1, aux),
        Strips("/rtn/{n}", EFFECTS, back),
        Strips("/bus/{n}", buses, bus, "buslink"),
        Strips("/fxsend/{n}", EFFECTS, feed),
        Strips("/lr", 1, (*_label(6), *_LR_DYN, *_LR_INSERT, *_EQ6, *main)),
    )


def _head_amps(size: Size) -> Iterator[Leaf]:
    for number in range(1, size.microphones + 1):
        yield Leaf(f"/headamp/{number:02}/gain", HEADAMP_GAIN, HEADAMP_GAIN.at(30))
        yield Leaf(f"/headamp/{number:02}/phantom", ON_OFF, 0)
    if size.lines:
        yield from (Leaf(f"/headamp/{number:02}/gain", _LINE_GAIN, _LINE_GAIN.at(20)) for number in LINE_INPUTS)


def _others() -> Iterator[Leaf]:
    yield from dcas(4, _label(0))
    yield from switches("/config/mute/{n}", 4)
    yield from (Leaf(f"/config/linkcfg/{part}", ON_OFF, 1) for part in ("preamp", "eq", "dyn", "fdrmute"))
    yield from system_leaves()
    yield from switches("/-stat/solosw/{n:02}", SOLO_SWITCHES)
    yield Leaf("/-stat/solo", ON_OFF, 0, fixed=True)
    yield Leaf("/-stat/selidx", Integer(0, SOLO_SWITCHES), 0)
    yield Leaf("/-prefs/name", Text(32), "")
    yield Leaf(FAMILY.current, Integer(0, SNAPSHOTS), 0)
    yield Leaf(FAMILY.shown_name, Text(32), "", fixed=True)
    yield from (Leaf(FAMILY.scene_name.format(n=number), Text(32), "") for number in FAMILY.scene_numbers)


@cache
def xair(key: str) -> Model:
    """Return the model `xr18`, `xr16` or `xr12`."""
    size = SIZES[key]
    counts = {"ch": size.channels, "bus": size.buses, "fx": EFFECTS, "dca": 4, "mute": 4}
    others = (*_head_amps(size), *_others())
    return build((key, key.upper(), "1.17"), FAMILY, counts, _strips(size.channels, size.buses), others)

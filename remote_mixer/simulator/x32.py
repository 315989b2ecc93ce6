"""X32 and M32: address map of firmware 4; all models have the same counts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from remote_mixer.simulator.kinds import Choice, Integer, Text
from remote_mixer.simulator.strips import (
    CENTRE,
    CROSSOVER_TYPES,
    DELAY,
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
    label,
    members,
    side_filter,
    switches,
)
from remote_mixer.simulator.table import ON_OFF, Family, Leaf, Model, Strips, build
from remote_mixer.simulator.x32_system import system

COUNTS = {"ch": 32, "auxin": 8, "fxrtn": 8, "bus": 16, "mtx": 6, "dca": 8, "mute": 6, "headamp": 128}
SCENES = 100
STRIPS_THAT_CAN_BE_SELECTED = 72
SOLO_SWITCHES = 80
SHARED = {
    "preamp": "/config/linkcfg/hadly",
    "delay": "/config/linkcfg/hadly",
    "eq": "/config/linkcfg/eq",
    "gate": "/config/linkcfg/dyn",
    "dyn": "/config/linkcfg/dyn",
    "mix": "/config/linkcfg/fdrmute",
    "grp": "/config/linkcfg/fdrmute",
}
HIGHLIGHT, HIGHLIGHTED_LIST = "/-show/prepos/current", "/-prefs/show_control"
"""The highlighted line, and the list that it is a line of. Anyone may move the highlight, and a recall leaves it alone:
no document says that it follows."""
FAMILY = Family(
    key="x32",
    port=10023,
    clients=4,
    echoes=False,
    version="V2.07",
    current="",
    recall="/-action/goscene",
    scene_numbers=range(SCENES),
    scene_name="/-show/showfile/scene/{n:03}/name",
    shared=SHARED,
    solos=(
        ("/ch/{n:02}", 1, 32),
        ("/auxin/{n:02}", 1, 8),
        ("/fxrtn/{n:02}", 1, 8),
        ("/bus/{n:02}", 1, 16),
        ("/mtx/{n:02}", 1, 6),
        ("/main/st", 1, 1),
        ("/main/m", 1, 1),
        ("/dca/{n}", 1, 8),
    ),
)

_SOURCE = Integer(0, 168)
_KEY = Integer(0, 64)
_TAPS = Choice(("IN/LC", "<-EQ", "EQ->", "PRE", "POST", "GRP"))
_POST = 4
_PLACE = Choice(("PRE", "POST"))
_INSERTS = Choice(("OFF", *(f"FX{n}{side}" for n in range(1, 9) for side in "LR"), *(f"AUX{n}" for n in range(1, 7))))
_SIX, _FOURTEEN = Choice(EQ_TYPES), Choice((*EQ_TYPES, *CROSSOVER_TYPES))
_INSERT = (Leaf("insert/on", ON_OFF, 0), Leaf("insert/pos", _PLACE, 1), Leaf("insert/sel", _INSERTS, 0))
_TRIM = (Leaf("preamp/trim", TRIM, TRIM.at(0)), Leaf("preamp/invert", ON_OFF, 0))
_PREAMP = (
    *_TRIM,
    Leaf("preamp/hpon", ON_OFF, 0),
    Leaf("preamp/hpslope", Choice(("12", "18", "24")), 2),
    Leaf("preamp/hpf", HIGH_PASS, HIGH_PASS.at(80)),
)
_DELAY = (Leaf("delay/on", ON_OFF, 0), Leaf("delay/time", DELAY, 0.0))
_KEYED_GATE = (*GATE, Leaf("gate/keysrc", _KEY, 0), *side_filter("gate"))
_POSITION = Leaf("dyn/pos", _PLACE, 1)
_KEYED_DYN = (*DYN_FIRST, _POSITION, Leaf("dyn/keysrc", _KEY, 0), *DYN_LAST, *side_filter("dyn"))
_DYN = (*DYN_FIRST, _POSITION, *DYN_LAST, *side_filter("dyn"))
_MEMBER = members(COUNTS["dca"], COUNTS["mute"])


def _mix(fader: float, main: int) -> tuple[Leaf, ...]:
    return (
        Leaf("mix/on", ON_OFF, 1),
        Leaf("mix/fader", FADER, fader),
        Leaf("mix/st", ON_OFF, main),
        Leaf("mix/pan", PAN, CENTRE),
        Leaf("mix/mono", ON_OFF, 0),
        Leaf("mix/mlevel", SEND, 0.0),
    )


def _sends(count: int) -> tuple[Leaf, ...]:
    """Return the sends; the odd one of a pair holds pan and tap for both."""
    return tuple(leaf for number in range(1, count + 1) for leaf in _send(number))


def _send(number: int) -> Iterator[Leaf]:
    here = f"mix/{number:02}"
    yield Leaf(f"{here}/on", ON_OFF, 1)
    yield Leaf(f"{here}/level", SEND, 0.0)
    if number % 2:
        yield Leaf(f"{here}/pan", PAN, CENTRE)
        yield Leaf(f"{here}/type", _TAPS, _POST)
        yield Leaf(f"{here}/panFollow", Integer(0, 1), 0)


_BUS_SENDS, _MATRIX_SENDS = _sends(COUNTS["bus"]), _sends(COUNTS["mtx"])
_LAST = (*_mix(0.0, 1), *_BUS_SENDS, *_MEMBER)
_EQ4 = equaliser(4, _SIX)
_AUTOMIX = (Leaf("automix/group", Choice(("OFF", "X", "Y")), 0), Leaf("automix/weight", WEIGHT, WEIGHT.at(0)))
"""All channels answer; it acts on the first eight."""
_CHANNEL = (
    *label(1, 3),
    Leaf("config/source", _SOURCE, 0),
    *_DELAY,
    *_PREAMP,
    *_KEYED_GATE,
    *_KEYED_DYN,
    *_INSERT,
    *_EQ4,
    *_LAST,
    *_AUTOMIX,
)
_SUM = (*_INSERT, *equaliser(6, _FOURTEEN))
_ON_AND_FADER = (Leaf("mix/on", ON_OFF, 1), Leaf("mix/fader", FADER, UNITY))
_MAIN_PAN = Leaf("mix/pan", PAN, CENTRE)
_AUX = (*label(55, 2), Leaf("config/source", _SOURCE, 0), *_TRIM, *_EQ4, *_LAST)
_BUS = (*label(53, 7), *_KEYED_DYN, *_SUM, *_mix(UNITY, 0), *_MATRIX_SENDS, *_MEMBER)
_MATRIX = (*label(68, 6), Leaf("preamp/invert", ON_OFF, 0), *_DYN, *_SUM, *_ON_AND_FADER, *_MEMBER)
_MAIN = (*label(66, 7), *_DYN, *_SUM, *_ON_AND_FADER)
STRIPS = (
    Strips("/ch/{n:02}", COUNTS["ch"], _CHANNEL, "chlink"),
    Strips("/auxin/{n:02}", COUNTS["auxin"], _AUX, "auxlink"),
    Strips("/fxrtn/{n:02}", COUNTS["fxrtn"], (*label(61, 5), *_EQ4, *_LAST), "fxlink"),
    Strips("/bus/{n:02}", COUNTS["bus"], _BUS, "buslink"),
    Strips("/mtx/{n:02}", COUNTS["mtx"], _MATRIX, "mtxlink"),
    Strips("/main/st", 1, (*_MAIN, _MAIN_PAN, *_MATRIX_SENDS, *_MEMBER)),
    Strips("/main/m", 1, (*_MAIN, *_MATRIX_SENDS, *_MEMBER)),
)


def _others() -> Iterator[Leaf]:
    yield from dcas(COUNTS["dca"], label(1, 0))
    yield from switches("/config/mute/{n}", COUNTS["mute"])
    yield from (Leaf(f"/config/linkcfg/{part}", ON_OFF, 1) for part in ("hadly", "eq", "dyn", "fdrmute"))
    yield from system()
    for number in range(COUNTS["headamp"]):
        yield Leaf(f"/headamp/{number:03}/gain", HEADAMP_GAIN, HEADAMP_GAIN.at(30))
        yield Leaf(f"/headamp/{number:03}/phantom", ON_OFF, 0)
    yield from _headamps_of_channels()
    yield from switches("/-stat/solosw/{n:02}", SOLO_SWITCHES)
    yield Leaf("/-stat/solo", ON_OFF, 0, fixed=True)
    yield Leaf("/-stat/selidx", Integer(0, STRIPS_THAT_CAN_BE_SELECTED - 1), 0)
    yield from (Leaf(f"/-prefs/{word}", ON_OFF, 0) for word in ("dcamute", "hardmute", "invertmutes"))
    yield Leaf("/-prefs/name", Text(NAME_CHARACTERS), "")
    yield Leaf("/-show/showfile/show/name", Text(16), "Rehearsal")
    yield Leaf(HIGHLIGHT, Integer(-1, SCENES - 1), -1)
    yield Leaf(HIGHLIGHTED_LIST, Choice(("CUES", "SCENES", "SNIPPETS")), 1)
    yield from (Leaf(FAMILY.scene_name.format(n=number), Text(32), "") for number in FAMILY.scene_numbers)


NAME_CHARACTERS = 32


def _headamps_of_channels() -> Iterator[Leaf]:
    """Yield the head amp numbers of channels 1–32, then of aux in 1–8: local ones in order, −1 for none."""
    for place in range(COUNTS["ch"] + COUNTS["auxin"]):
        yield Leaf(f"/-ha/{place:02}/index", Integer(-1, 127), place if place < COUNTS["ch"] else -1, fixed=True)


@cache
def x32(key: str) -> Model:
    """Return the model `x32` or `m32`: one console under two names."""
    return build((key, key.upper(), "4.06"), FAMILY, COUNTS, STRIPS, _others())

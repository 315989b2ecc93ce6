"""The X Air / MR family: params of its strips and their addresses, and the limits of the smaller models.

No stereo link of returns, no matrices, no send mutes (a send is silent at level 0), no delay on channels. Which number
a strip has among the solo switches is known for channels; the rest follows the order of the console's meters.
"""

from __future__ import annotations

from remote_mixer.drivers.behringer.family import Family, HeadAmps, Scenes
from remote_mixer.drivers.behringer.meters import Block, Meter, read_decibels
from remote_mixer.drivers.behringer.table import (
    DYN,
    EQ_TYPE,
    EQ_TYPE_OF_BUSES,
    FADER,
    GATE,
    INSERT,
    MIX,
    NAME,
    OFF,
    ON,
    PAN,
    POLARITY,
    SEND,
    TAP,
    Group,
    Row,
    eq,
    knob,
    link,
    members,
    solo,
)

DCAS, MUTE_GROUPS, BUSES, FX = 4, 4, 6, 4


def _sends() -> tuple[Row, ...]:
    """Return the sends: 1–6 into the buses, where the odd one of a pair has the pan, 7–10 into the effects."""
    rows: list[Row] = []
    for number in range(1, BUSES + FX + 1):
        into = f"bus{number}" if number <= BUSES else f"fxsend{number - BUSES}"
        rows += [
            Row(f"send/{into}/level", f"mix/{number:02}/level", SEND),
            Row(f"send/{into}/tap", f"mix/{number:02}/tap", TAP),
        ]
        if number <= BUSES and number % 2:
            rows.append(Row(f"send/{into}/pan", f"mix/{number:02}/pan", PAN))
    return tuple(rows)


_MEMBER = members(DCAS, MUTE_GROUPS)
_TO_MAIN = (*MIX, Row("pan", "mix/pan", PAN), Row("main", "mix/lr", ON))
_INPUT = (*NAME, *_TO_MAIN, *eq(4, EQ_TYPE), *_sends(), *_MEMBER)
_LOW_CUT = (Row("lowcut/on", "preamp/hpon", ON), Row("lowcut/freq", "preamp/hpf", knob("lowcut")))
_PREAMP = (Row("trim", "preamp/rtntrim", knob("trim")), Row("polarity", "preamp/invert", POLARITY), *_LOW_CUT)
_SUM = (*NAME, *INSERT, *DYN, *eq(6, EQ_TYPE_OF_BUSES))
_DCA = (*NAME, Row("fader", "fader", FADER), Row("mute", "on", OFF))
_STEREO = ("left", "right")

GROUPS = (
    Group(
        "ch",
        "channel",
        "Ch {n}",
        16,
        "/ch/{n:02}",
        (*_INPUT, *_PREAMP, *GATE, *DYN, *INSERT),
        ("input", "gate", "dyn"),
        (solo(1), link("chlink")),
    ),
    Group("aux", "return", "Aux", 1, "/rtn/aux", _INPUT, _STEREO, (solo(17),)),
    Group("fx", "return", "FX {n}", FX, "/rtn/{n}", _INPUT, _STEREO, (solo(18),)),
    Group(
        "bus",
        "bus",
        "Bus {n}",
        BUSES,
        "/bus/{n}",
        (*_SUM, *_TO_MAIN, *_MEMBER),
        ("input", "dyn"),
        (solo(22), link("buslink")),
    ),
    Group("fxsend", "bus", "FX send {n}", FX, "/fxsend/{n}", (*NAME, *MIX, *_MEMBER), ("input",), (solo(28),)),
    Group("main", "main", "Main", 1, "/lr", (*_SUM, *MIX, Row("pan", "mix/pan", PAN)), (*_STEREO, "dyn")),
    Group("dca", "dca", "DCA {n}", DCAS, "/dca/{n}", _DCA),
)
_LAYERS = (
    ("Inputs", (("ch", range(1, 17)), ("aux", range(1, 2)))),
    ("Buses / main", (("bus", range(1, 7)), ("main", range(1, 2)))),
    ("FX", (("fx", range(1, 5)), ("fxsend", range(1, 5)))),
    ("DCAs", (("dca", range(1, 5)),)),
)
_METERS = (
    Meter(
        1,
        40,
        (
            Block("ch", "input", 0),
            Block("aux", "left", 16),
            Block("aux", "right", 17),
            Block("fx", "left", 18, 2),
            Block("fx", "right", 19, 2),
            Block("bus", "input", 26),
            Block("fxsend", "input", 32),
            Block("main", "left", 36),
            Block("main", "right", 37),
        ),
    ),
    Meter(
        6,
        39,
        (Block("ch", "gate", 0), Block("ch", "dyn", 16), Block("bus", "dyn", 32), Block("main", "dyn", 38)),
    ),
)


def _head_amp(source: int) -> str | None:
    """Return the preamp of an analogue input; the line inputs 17 and 18 and USB have none with a known law."""
    return f"/headamp/{source + 1:02}" if 0 <= source < 16 else None


FAMILY = Family(
    title="Behringer X Air / Midas MR",
    word="xair",
    port=10024,
    models=("XR", "X18", "MR"),
    slots=8,
    renewals=("/xremotenfb", "/xremote"),
    groups=GROUPS,
    mute_groups=MUTE_GROUPS,
    head_amps=HeadAmps("/ch/{n:02}/config/insrc", _head_amp, (("ch", 1),), ((16, "line input"), (17, "line input"))),
    scenes=Scenes("/-snap/index", "/-snap/{n:02}/name", "/-snap/load", range(1, 65)),
    meters=_METERS,
    read_meter=read_decibels,
    layers=_LAYERS,
    witness="/dca/4/config/color",
    asks_gates=True,
    fewer=(("R12", {"ch": 12, "bus": 2}), ("R16", {"ch": 16, "bus": 4})),
)

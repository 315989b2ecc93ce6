"""The X Air / MR family: params of its strips and their addresses, and the limits of the smaller models.

No stereo link of returns, no matrices, no send mutes (a send is silent at level 0), no delay on channels. Among the
solo switches, 22–39 belong to USB returns, which are no strips.
"""

from __future__ import annotations

from remote_mixer.drivers.behringer.family import LINE_GAIN, NO_PREAMP, OWN, Family, HeadAmp, HeadAmps, Scenes
from remote_mixer.drivers.behringer.meters import Block, Meter, read_decibels
from remote_mixer.drivers.behringer.table import (
    DYN,
    EQ_TYPE,
    FADER,
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
    Idle,
    Proof,
    Proofs,
    Row,
    eq,
    gate,
    key_filter,
    keys,
    knob,
    link,
    members,
    selection,
    solo,
)
from remote_mixer.drivers.behringer.texts import XAIR_NODES

DCAS, MUTE_GROUPS, BUSES, FX = 4, 4, 6, 4


def _sends() -> tuple[Row, ...]:
    """Return the sends: 1–6 into the buses, where the odd one of a pair has the pan, 7–10 into the effects."""
    rows: list[Row] = []
    for number in range(1, BUSES + FX + 1):
        into = f"bus{number}" if number <= BUSES else f"fxsend{number - BUSES}"
        rows += [
            Row(f"send/{into}/level", f"mix/{number:02}/level", SEND),
            Row(f"send/{into}/tap", f"mix/{number:02}/tap", TAP),
            Row(f"send/{into}/group", f"mix/{number:02}/grpon", ON),
        ]
        if number <= BUSES and number % 2:
            rows.append(Row(f"send/{into}/pan", f"mix/{number:02}/pan", PAN))
    return tuple(rows)


_MEMBER = members(DCAS, MUTE_GROUPS)
_TO_MAIN = (*MIX, Row("pan", "mix/pan", PAN), Row("main", "mix/lr", ON))
_INPUT = (*NAME, *_TO_MAIN, *eq(4, EQ_TYPE), *_sends(), *_MEMBER)
_LOW_CUT = (Row("lowcut/on", "preamp/hpon", ON), Row("lowcut/freq", "preamp/hpf", knob("lowcut")))
_USB = (Row("usb", "preamp/rtnsw", ON), Row("trim", "preamp/rtntrim", knob("trim")))
_PREAMP = (*_USB, Row("polarity", "preamp/invert", POLARITY), *_LOW_CUT)
_EQ_MODE = Row("eq/mode", "eq/mode", selection("peq", "geq", "teq"))
_KEY = keys(ch=16, bus=BUSES)
_DYN_KEY = Row("dyn/key", "dyn/keysrc", _KEY)
_DYN = (*DYN, *key_filter("dyn"))
_SUM = (*NAME, *INSERT, *_DYN, _EQ_MODE, *eq(6, EQ_TYPE))
_DCA = (*NAME, Row("fader", "fader", FADER), Row("mute", "on", OFF))
_STEREO = ("left", "right")
_IDLE_TRIM = Idle(("trim",), "usb", {False: "USB does not play"})
_IDLE_PREAMP = Idle(("gain", "phantom"), "usb", {True: "USB plays"})
_GRAPHIC = "the graphic EQ sounds"
_IDLE_BANDS = Idle(tuple(f"eq/{band}" for band in range(1, 7)), "eq/mode", {"geq": _GRAPHIC, "teq": _GRAPHIC})

GROUPS = (
    Group(
        "ch",
        "channel",
        "Ch {n}",
        16,
        "/ch/{n:02}",
        (*_INPUT, *_PREAMP, *gate("gate_range", _KEY), *_DYN, _DYN_KEY, *INSERT),
        ("input", "gate", "dyn"),
        (solo(1), link("chlink")),
        (_IDLE_TRIM, _IDLE_PREAMP),
    ),
    Group("aux", "return", "Aux", 1, "/rtn/aux", (*_INPUT, *_USB), _STEREO, (solo(17),), (_IDLE_TRIM,)),
    Group("fx", "return", "FX {n}", FX, "/rtn/{n}", (*_INPUT, *_USB), _STEREO, (solo(18),), (_IDLE_TRIM,)),
    Group(
        "bus",
        "bus",
        "Bus {n}",
        BUSES,
        "/bus/{n}",
        (*_SUM, _DYN_KEY, *_TO_MAIN, *_MEMBER),
        ("input", "dyn"),
        (solo(40), link("buslink")),
        (_IDLE_BANDS,),
    ),
    Group("fxsend", "bus", "FX send {n}", FX, "/fxsend/{n}", (*NAME, *MIX, *_MEMBER), ("input",), (solo(46),)),
    Group(
        "main",
        "main",
        "Main",
        1,
        "/lr",
        (*_SUM, *MIX, Row("pan", "mix/pan", PAN)),
        (*_STEREO, "dyn"),
        (solo(50),),
        (_IDLE_BANDS,),
    ),
    Group("dca", "dca", "DCA {n}", DCAS, "/dca/{n}", _DCA, (), (solo(51),)),
)
_ON_FADER = "config/* mix/on mix/fader"
_MASTER = f"{_ON_FADER} eq/* dyn/* insert/on"
PROOFS: Proofs = {
    Proof.CLIENT: {
        "ch": f"{_MASTER} mix/lr mix/??/level mix/0[1-6]/grpon grp/* preamp/* gate/* link solo",
        "aux": f"{_ON_FADER} mix/lr eq/* mix/??/level grp/* preamp/* solo",
        "fx": f"{_ON_FADER} mix/lr eq/* mix/??/level grp/* preamp/* solo",
        "bus": f"{_MASTER} mix/lr grp/* link solo",
        "fxsend": f"{_ON_FADER} grp/* solo",
        "main": f"{_MASTER} solo",
        "dca": "config/* on fader solo",
        OWN: "mutegroup/* preamp/* scene/current",
    },
    Proof.DESK: {
        "ch": "config/* preamp/* gate/* dyn/* insert/on eq/* mix/* grp/* link solo",
        **dict.fromkeys(("aux", "fx"), "config/* preamp/* eq/* mix/* grp/* solo"),
        "bus": "config/* dyn/* insert/on eq/* mix/* grp/* link solo",
        "fxsend": "config/* mix/* grp/* solo",
        "main": "config/* dyn/* insert/on eq/* mix/* solo",
        "dca": "solo",
        OWN: "mutegroup/*",
    },
}
"""Nobody has written an emulator; the desks are an MR18, and an XR18 whose scene has lines of these."""
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


def _head_amps(microphones: int, lines: int = 0) -> HeadAmps:
    """Return the preamps of a model: 1 and up at its first inputs, 17 and up at the line inputs that follow."""
    amps = {source: HeadAmp(f"/headamp/{source + 1:02}") for source in range(microphones)}
    amps |= {microphones + place: HeadAmp(f"/headamp/{17 + place}", LINE_GAIN, phantom=False) for place in range(lines)}
    others = {source: "line input" for source in range(18) if source not in amps}
    return HeadAmps("/ch/{n:02}/config/insrc", (("ch", 1),), amps, {**others, 18: NO_PREAMP})


FAMILY = Family(
    title="Behringer X Air / Midas MR",
    word="xair",
    port=10024,
    models=("XR", "X18", "MR"),
    slots=8,
    renewals=("/xremotenfb", "/xremote"),
    groups=tuple(group.proven(PROOFS) for group in GROUPS),
    proofs=PROOFS,
    mute_groups=MUTE_GROUPS,
    head_amps=_head_amps(16),
    scenes=Scenes("/-snap/{n:02}/name", "/-snap/load", range(1, 65), "/-snap/index"),
    meters=_METERS,
    read_meter=read_decibels,
    layers=_LAYERS,
    witness="/dca/4/config/color",
    clear="/-action/clearsolo",
    spare=True,
    nodes=XAIR_NODES,
    smaller=(
        ("R12", {"ch": 12, "bus": 2}, _head_amps(4, lines=8)),
        ("R16", {"ch": 16, "bus": 4}, _head_amps(8, lines=8)),
    ),
)

"""The X32 / M32 family: its strips' params and addresses (fw 4.x; map and counts as published for all models)."""

from __future__ import annotations

from remote_mixer.drivers.behringer.family import NO_PREAMP, OWN, Family, HeadAmp, HeadAmps, Scenes
from remote_mixer.drivers.behringer.meters import Block, Meter, read_amplitudes
from remote_mixer.drivers.behringer.table import (
    DYN,
    EQ_TYPE,
    EQ_TYPE_OF_BUSES,
    FADER,
    ICON,
    INSERT,
    MIX,
    NAME,
    OFF,
    ON,
    PAN,
    PLACE,
    POLARITY,
    SEND,
    TAP,
    Group,
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
from remote_mixer.drivers.behringer.texts import X32_FORMS, X32_NODES

DCAS, MUTE_GROUPS, BUSES, MATRICES = 8, 6, 16, 6


def _sends(into: str, count: int) -> tuple[Row, ...]:
    """Return the sends into buses or matrices; the odd one of each pair has pan and tap for both.

    Of the taps into a matrix a document has five, without the group, and an emulator six. The document is likelier to
    be right, as a matrix has no subgroups; all six stay, since a desk with five neither tells nor takes the sixth.
    """
    rows: list[Row] = []
    for number in range(1, count + 1):
        odd = number - (number + 1) % 2
        rows += [
            Row(f"send/{into}{number}/level", f"mix/{number:02}/level", SEND),
            Row(f"send/{into}{number}/mute", f"mix/{number:02}/on", OFF),
            Row(f"send/{into}{number}/tap", f"mix/{odd:02}/type", TAP),
        ]
        if number == odd:
            rows.append(Row(f"send/{into}{number}/pan", f"mix/{number:02}/pan", PAN))
    return tuple(rows)


_MEMBER = members(DCAS, MUTE_GROUPS)
_MONO = (Row("mono", "mix/mono", ON), Row("mono_level", "mix/mlevel", SEND))
_INTO_MAIN = (*MIX, Row("pan", "mix/pan", PAN), Row("main", "mix/st", ON), *_MONO)
_INPUT = (*NAME, *ICON, *_INTO_MAIN, *eq(4, EQ_TYPE), *_sends("bus", BUSES), *_MEMBER)
_TRIM = (Row("trim", "preamp/trim", knob("trim")), Row("polarity", "preamp/invert", POLARITY))
_LOW_CUT = (
    Row("lowcut/on", "preamp/hpon", ON),
    Row("lowcut/freq", "preamp/hpf", knob("lowcut")),
    Row("lowcut/slope", "preamp/hpslope", selection("12", "18", "24")),
)
_DELAY = (Row("delay/on", "delay/on", ON), Row("delay/time", "delay/time", knob("delay")))
_KEY = keys(ch=32, aux=8, fx=8, bus=BUSES)
_DYN_KEY = Row("dyn/key", "dyn/keysrc", _KEY)
_INSERT = (*INSERT, Row("insert/position", "insert/pos", PLACE))
_DYN = (*DYN, Row("dyn/position", "dyn/pos", PLACE), *key_filter("dyn"))
_SUM = (*NAME, *ICON, *_INSERT, *_DYN, *eq(6, EQ_TYPE_OF_BUSES))
_TO_MATRICES = _sends("mtx", MATRICES)
_DCA = (*NAME, *ICON, Row("fader", "fader", FADER), Row("mute", "on", OFF))

GROUPS = (
    Group(
        "ch",
        "channel",
        "Ch {n}",
        32,
        "/ch/{n:02}",
        (*_INPUT, *_TRIM, *_LOW_CUT, *_DELAY, *gate("gate_range_half", _KEY), *_DYN, _DYN_KEY, *_INSERT),
        ("input", "gate", "dyn"),
        (solo(1), link("chlink")),
    ),
    Group(
        "aux",
        "channel",
        "Aux {n}",
        8,
        "/auxin/{n:02}",
        (*_INPUT, *_TRIM),
        ("input",),
        (solo(33), link("auxlink")),
    ),
    Group("fx", "return", "FX {n}", 8, "/fxrtn/{n:02}", _INPUT, ("input",), (solo(41), link("fxlink"))),
    Group(
        "bus",
        "bus",
        "Bus {n}",
        BUSES,
        "/bus/{n:02}",
        (*_SUM, _DYN_KEY, *_INTO_MAIN, *_TO_MATRICES, *_MEMBER),
        ("post_fader", "dyn"),
        (solo(49), link("buslink")),
    ),
    Group(
        "mtx",
        "matrix",
        "Mtx {n}",
        MATRICES,
        "/mtx/{n:02}",
        (*_SUM, *MIX, Row("polarity", "preamp/invert", POLARITY), *_MEMBER),
        ("post_fader", "dyn"),
        (solo(65), link("mtxlink")),
    ),
    Group(
        "main",
        "main",
        "Main",
        1,
        "/main/st",
        (*_SUM, *MIX, Row("pan", "mix/pan", PAN), *_TO_MATRICES, *_MEMBER),
        ("left", "right", "dyn"),
        (solo(71),),
    ),
    Group(
        "mono", "main", "M/C", 1, "/main/m", (*_SUM, *MIX, *_TO_MATRICES, *_MEMBER), ("post_fader", "dyn"), (solo(72),)
    ),
    Group("dca", "dca", "DCA {n}", DCAS, "/dca/{n}", _DCA, (), (solo(73),)),
)

_ON_FADER = "mix/on mix/fader"
_MAP = dict.fromkeys([OWN, *(group.id for group in GROUPS)], "*")
PROOFS: Proofs = {
    Proof.EMULATOR: _MAP,
    Proof.CLIENT: {
        **_MAP,
        "mtx": "config/* mix/* eq/* dyn/* insert/* grp/* solo link",
        OWN: "mutegroup/* talk/* preamp/* scene/highlighted",
    },
    Proof.DESK: {
        "ch": "config/* delay/* preamp/* gate/* dyn/* eq/?/* mix/* grp/* link",
        "aux": "preamp/* eq/?/*",
        "bus": f"{_ON_FADER} mix/st mix/pan mix/mono mix/mlevel eq/?/* link",
        "mtx": f"{_ON_FADER} preamp/* dyn/[!f]* link",
        "main": f"{_ON_FADER} mix/pan insert/on insert/pos",
        "mono": _ON_FADER,
        "dca": "config/* on fader",
        OWN: "mutegroup/* preamp/*",
    },
}
"""The emulator has this whole map, and clients of others nearly all; the desks' proofs are the lines of scenes that
they printed."""
_LAYERS = (
    ("Ch 1–16", (("ch", range(1, 17)),)),
    ("Ch 17–32", (("ch", range(17, 33)),)),
    ("Aux / FX", (("aux", range(1, 9)), ("fx", range(1, 9)))),
    ("Buses", (("bus", range(1, 17)),)),
    ("DCAs", (("dca", range(1, 9)),)),
    ("Matrix / main", (("mtx", range(1, 7)), ("main", range(1, 2)), ("mono", range(1, 2)))),
)
_METERS = (
    Meter(1, 96, (Block("ch", "input", 0), Block("ch", "gate", 32), Block("ch", "dyn", 64))),
    Meter(
        2,
        49,
        (
            Block("bus", "post_fader", 0),
            Block("mtx", "post_fader", 16),
            Block("main", "left", 22),
            Block("main", "right", 23),
            Block("mono", "post_fader", 24),
            Block("bus", "dyn", 25),
            Block("mtx", "dyn", 41),
            Block("main", "dyn", 47),
            Block("mono", "dyn", 48),
        ),
    ),
    Meter(13, 48, (Block("aux", "input", 32), Block("fx", "input", 40))),
)


FAMILY = Family(
    title="Behringer X32 / Midas M32",
    word="x32",
    port=10023,
    models=("X32", "M32"),
    slots=4,
    renewals=("/xremote",),
    groups=tuple(group.proven(PROOFS) for group in GROUPS),
    proofs=PROOFS,
    mute_groups=MUTE_GROUPS,
    head_amps=HeadAmps(
        "/-ha/{n:02}/index",
        (("ch", 0), ("aux", 32)),
        {index: HeadAmp(f"/headamp/{index:03}") for index in range(128)},
        {-1: NO_PREAMP},
    ),
    scenes=Scenes(
        "/-show/showfile/scene/{n:03}/name",
        "/-action/goscene",
        range(100),
        highlighted=("/-show/prepos/current", "/-prefs/show_control"),
    ),
    meters=_METERS,
    read_meter=read_amplitudes,
    layers=_LAYERS,
    witness="/dca/8/config/color",
    clear="/-action/clearsolo",
    talks=("A", "B"),
    forms=X32_FORMS,
    nodes=X32_NODES,
)

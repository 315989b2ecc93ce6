"""Values of an X32 outside its strips: monitor, talkback, oscillator, routing, user routing, outputs, effects.

Addresses and ranges as published for firmware 4; the forms of the lines are those of scenes that desks printed. The
parameters of effects are plain positions: their laws depend on the effect.
"""

from __future__ import annotations

from collections.abc import Iterator

from remote_mixer.simulator.kinds import BitMask, Choice, Integer, Text, linear, logarithmic
from remote_mixer.simulator.strips import COLOR, DELAY, SEND
from remote_mixer.simulator.table import ON_OFF, Leaf, below
from remote_mixer.simulator.tapers import plain, show_frequency, signed

EFFECTS, EFFECTS_WITH_SOURCE = 8, 4
USER_INPUTS, USER_OUTPUTS = 32, 48
LAST_USER_INPUT, LAST_USER_OUTPUT, LAST_OUTPUT_SOURCE = 168, 208, 76
"""Numbers of the last sources: of the users' inputs and outputs, and of an output."""
OUTPUTS = {"main": 16, "aux": 6, "p16": 16, "aes": 2, "rec": 2}
BLOCK, HALF = 8, 4
"""Inputs and outputs are routed in blocks of eight, those at the back in halves of a block."""

_PFL = Choice(("PFL", "AFL"))
_TONE = logarithmic(20, 20000, 121, show_frequency)
_GAIN = linear(-6, 24, 0.5, signed(1))
_TAPS = Choice(("IN/LC", "IN/LC+M", "<-EQ", "<-EQ+M", "EQ->", "EQ->+M", "PRE", "PRE+M", "POST"))
_POST = 8
_BUSES = Choice(("INS", *(f"MIX{n}" for n in range(1, 17)), "M/C"))
_REVERBS = (
    *("HALL", "AMBI", "RPLT", "ROOM", "CHAM", "PLAT", "VREV", "VRM", "GATE", "RVRS", "DLY", "3TAP", "4TAP", "CRS"),
    *("FLNG", "PHAS", "DIMC", "FILT", "ROTA", "PAN", "SUB", "D/RV", "CR/R", "FL/R", "D/CR", "D/FL", "MODD"),
)
_INSERTS = (
    *("GEQ2", "GEQ", "TEQ2", "TEQ", "DES2", "DES", "P1A", "P1A2", "PQ5", "PQ5S", "WAVD", "LIM", "CMB", "CMB2", "FAC"),
    *("FAC1M", "FAC2", "LEC", "LEC2", "ULC", "ULC2", "ENH2", "ENH", "EXC2", "EXC", "IMG", "EDI", "SON", "AMP2", "AMP"),
    *("DRV2", "DRV", "PIT2", "PIT"),
)
SENT = Choice((*_REVERBS, *_INSERTS))
"""Effects that a bus may feed; an X Air has the same ones, in the same order."""
PLACE = linear(0, 1, 0.001, "{:.3f}")
_ONLY_SENT = ("CMB", "CMB2", "PIT2", "PIT")
_INSERTED = Choice((*(name for name in _INSERTS if name not in _ONLY_SENT), "PHAS", "FILT", "PAN", "SUB"))

_SOLO = (
    Leaf("level", SEND, SEND.at(-20)),
    Leaf("source", Choice(("OFF", "LR", "LR+C", "LRPFL", "LRAFL", "AUX56", "AUX78")), 1),
    Leaf("sourcetrim", linear(-18, 18, 0.5, plain(1)), 0.5),
    *(Leaf(f"{kind}mode", _PFL, 0) for kind in ("ch", "bus", "dca")),
    *(Leaf(word, ON_OFF, 0) for word in ("exclusive", "followsel", "followsolo")),
    Leaf("dimatt", linear(-40, 0, 1, plain(0)), 0.5),
    *(Leaf(word, ON_OFF, 0) for word in ("dim", "mono", "delay")),
    Leaf("delaytime", DELAY, 0.0),
    *(Leaf(word, ON_OFF, 0) for word in ("masterctrl", "mute", "dimpfl")),
)
_TALK = (
    Leaf("level", SEND, SEND.at(-12)),
    Leaf("dim", ON_OFF, 0),
    Leaf("latch", ON_OFF, 0),
    Leaf("destmap", BitMask(18), 0),
)
_OSCILLATOR = (
    Leaf("level", SEND, SEND.at(-40)),
    Leaf("f1", _TONE, _TONE.at(100)),
    Leaf("f2", _TONE, _TONE.at(1000)),
    Leaf("fsel", Choice(("F1", "F2")), 0),
    Leaf("type", Choice(("SINE", "PINK", "WHITE")), 0),
    Leaf("dest", Integer(0, 25), 0),
)
_USER_CONTROLS = (
    Leaf("color", COLOR, 0),
    *(Leaf(f"enc/{number}", Text(7), "-") for number in range(1, 5)),
    *(Leaf(f"btn/{number}", Text(7), "-") for number in range(5, 13)),
)
_PERSONAL_MIXERS = (
    Leaf("scope", BitMask(4), 0),
    Leaf("broadcast", Integer(0, 1), 0),
    Leaf("aesAB", Choice(("AESA", "AESB")), 0),
    *(Leaf(f"assign/{number:02}", Integer(0, 12), 0) for number in range(1, 49)),
    *(Leaf(f"link/{number:02}", Integer(0, 1), 0) for number in range(1, 25)),
    *(Leaf(f"grpname/{number:02}", Text(8), "") for number in range(1, 13)),
)
_SPEAKER = (
    Leaf("iQ/group", Choice(("OFF", "A", "B")), 0),
    Leaf("iQ/speaker", Choice(("none", "iQ8", "iQ10", "iQ12", "iQ15", "iQ15B", "iQ18B")), 0),
    Leaf("iQ/eq", Choice(("Linear", "Live", "Speech", "Playback", "User")), 0),
    Leaf("iQ/model", Integer(0, 127), 0),
)


def system() -> Iterator[Leaf]:
    """Yield all these values."""
    yield Leaf("/config/mono/mode", Choice(("LR+M", "LCR")), 0)
    yield Leaf("/config/mono/link", ON_OFF, 0)
    yield from below("/config/solo", _SOLO)
    yield Leaf("/config/talk/enable", ON_OFF, 1)
    yield Leaf("/config/talk/source", Choice(("INT", "EXT")), 0)
    yield from (leaf for which in "AB" for leaf in below(f"/config/talk/{which}", _TALK))
    yield from (Leaf(f"/-stat/talk/{which}", ON_OFF, 0) for which in "AB")
    yield from below("/config/osc", _OSCILLATOR)
    yield from (leaf for layer in "ABC" for leaf in below(f"/config/userctrl/{layer}", _USER_CONTROLS))
    yield from (Leaf(f"/config/tape/gain{side}", _GAIN, _GAIN.at(0)) for side in "LR")
    yield Leaf("/config/tape/autoplay", ON_OFF, 0)
    yield from (Leaf(f"/config/amixenable/{group}", ON_OFF, 0) for group in "XY")
    yield from below("/config/dp48", _PERSONAL_MIXERS)
    yield from _routing()
    yield from _outputs()
    yield from _effects()


def _blocks(name: str, count: int, size: int = BLOCK, skip: int = 0) -> list[str]:
    """Return the names of the blocks of `count` inputs, or of one half of each: `AN1-8`, or `AN5-8`."""
    return [f"{name}{first}-{first + size - 1}" for first in range(1 + skip, count, BLOCK)]


def _inputs(size: int = BLOCK, skip: int = 0) -> list[str]:
    counts = {"AN": 32, "A": 48, "B": 48, "CARD": 32}
    return [block for name, count in counts.items() for block in _blocks(name, count, size, skip)]


def _sources(size: int = BLOCK, skip: int = 0) -> Choice:
    """Return what an output block can be fed from."""
    own = [*_blocks("OUT", 16, size, skip), *_blocks("P16", 16, size, skip), "AUX/CR", "AUX/TB"]
    users = [*_blocks("UOUT", USER_OUTPUTS, size, skip), *_blocks("UIN", USER_INPUTS, size, skip)]
    return Choice((*_inputs(size, skip), *own, *users))


def _routing() -> Iterator[Leaf]:
    yield Leaf("/config/routing/routswitch", Choice(("REC", "PLAY")), 0)
    into = Choice((*_inputs(), *_blocks("UIN", USER_INPUTS)))
    first = ("AUX1-4", *(f"{name}1-{last}" for name in ("AN", "A", "B", "CARD", "UIN") for last in (2, 4, 6)))
    for side in ("IN", "PLAY"):
        for number, block in enumerate(_blocks("", 32)):
            yield Leaf(f"/config/routing/{side}/{block}", into, number)
        yield Leaf(f"/config/routing/{side}/AUX", Choice(first), 0)
    for side, count in (("AES50A", 48), ("AES50B", 48), ("CARD", 32)):
        for number, block in enumerate(_blocks("", count)):
            yield Leaf(f"/config/routing/{side}/{block}", _sources(), min(number, 3))
    for number, first_one in enumerate(range(1, 17, HALF)):
        sources = _sources(HALF, HALF * (number % 2))
        own = sources.names.index(f"OUT{first_one}-{first_one + HALF - 1}")
        yield Leaf(f"/config/routing/OUT/{first_one}-{first_one + HALF - 1}", sources, own)
    for side, count, last in (("in", USER_INPUTS, LAST_USER_INPUT), ("out", USER_OUTPUTS, LAST_USER_OUTPUT)):
        yield from (Leaf(f"/config/userrout/{side}/{n:02}", Integer(0, last), n) for n in range(1, count + 1))


def _outputs() -> Iterator[Leaf]:
    for kind, count in OUTPUTS.items():
        for root in (f"/outputs/{kind}/{number:02}" for number in range(1, count + 1)):
            yield Leaf(f"{root}/src", Integer(0, LAST_OUTPUT_SOURCE), 0)
            yield Leaf(f"{root}/pos", _TAPS, _POST)
            if kind != "rec":
                yield Leaf(f"{root}/invert", ON_OFF, 0)
            if kind == "p16":
                yield from below(root, _SPEAKER)
            if kind == "main":
                yield Leaf(f"{root}/delay/on", ON_OFF, 0)
                yield Leaf(f"{root}/delay/time", DELAY, 0.0)


def _effects() -> Iterator[Leaf]:
    for number in range(1, EFFECTS + 1):
        sent = number <= EFFECTS_WITH_SOURCE
        yield Leaf(f"/fx/{number}/type", SENT if sent else _INSERTED, 0)
        yield from (Leaf(f"/fx/{number}/par/{par:02}", PLACE, 0.5) for par in range(1, 65))
        if sent:
            yield from (Leaf(f"/fx/{number}/source/{side}", _BUSES, 12 + number) for side in "lr")

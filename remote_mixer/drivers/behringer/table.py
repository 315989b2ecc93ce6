"""Rows of the tables: local path of a strip, OSC address, and encoding of the value.

The rows that both families share are here; `x32` and `xair` combine them for each kind of strip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Flag, auto
from fnmatch import fnmatchcase

from remote_mixer.desk.params import Choice, Number, Param, Text, Value
from remote_mixer.drivers.behringer import laws
from remote_mixer.drivers.behringer.encodings import (
    AsciiText,
    Bit,
    Encoding,
    Selection,
    Switch,
    Travel,
    Unordered,
    Whole,
)

REASON = Text(32, read_only=True)
"""Text at `X/idle`: why `X`, and all below it, acts on nothing now; empty while it acts."""


class Proof(Flag):
    """Evidence that a row is right."""

    DOCUMENT = auto()
    """A published description."""
    EMULATOR = auto()
    """Another person's emulator of the console."""
    CLIENT = auto()
    """Another person's client, whose tables have the address."""
    DESK = auto()
    """A real console: a line that it printed, or a value that somebody saw it take."""


@dataclass(frozen=True, slots=True)
class Row:
    """A strip's local path, its address below the strip's own, its encoding, and its proofs."""

    local: str
    address: str
    encoding: Encoding
    proofs: Proof = Proof.DOCUMENT


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A param of a strip whose address is not below the strip's own: local path, address by number, encoding."""

    local: str
    address: Callable[[int], str]
    encoding: Encoding
    proofs: Proof = Proof.DOCUMENT


@dataclass(frozen=True, slots=True)
class Idle:
    """Params that act on nothing while another param of the strip has certain values.

    locals  the params, or the part of the path that they have in common, as `eq/1`
    by      the param that decides
    why     the reason, for people, by the value of that param
    """

    locals: tuple[str, ...]
    by: str
    why: Mapping[Value, str]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of the console: its path below the console's name, its full address, and its encoding."""

    path: str
    address: str
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class Group:
    """All strips of one kind.

    root   address of a strip, by number
    rows   params of each strip
    more   params with an address elsewhere: solo switch, stereo link
    idle   which of the params act on nothing, and when
    """

    id: str
    kind: str
    label: str
    count: int
    root: str
    rows: tuple[Row, ...]
    taps: tuple[str, ...] = ()
    more: tuple[Elsewhere, ...] = ()
    idle: tuple[Idle, ...] = ()

    @property
    def numbers(self) -> range:
        """The strips' numbers, as the console prints them."""
        return range(1, self.count + 1)

    def strip_id(self, number: int) -> str:
        """Return a strip's id; one that is alone of its kind has no number."""
        return self.id if self.kind == "main" else f"{self.id}{number}"

    def leaves(self) -> Iterator[Leaf]:
        """Yield every value of these strips."""
        for number in self.numbers:
            strip, root = self.strip_id(number), self.root.format(n=number)
            yield from (Leaf(f"{strip}/{row.local}", f"{root}/{row.address}", row.encoding) for row in self.rows)
            yield from (Leaf(f"{strip}/{row.local}", row.address(number), row.encoding) for row in self.more)

    def params(self) -> dict[str, Param]:
        """Return the params of each strip, by local path."""
        params = {row.local: row.encoding.param for row in self.rows}
        params |= {row.local: row.encoding.param for row in self.more}
        return params | {f"{part}/idle": REASON for idle in self.idle for part in idle.locals}

    def proven(self, proofs: Proofs) -> Group:
        """Return the group with the proofs of its rows."""
        rows = tuple(replace(row, proofs=proofs_of(proofs, self.id, row.address)) for row in self.rows)
        more = tuple(replace(row, proofs=proofs_of(proofs, self.id, row.local)) for row in self.more)
        return replace(self, rows=rows, more=more)


Proofs = Mapping[Proof, Mapping[str, str]]
"""By proof and kind of strip: the addresses that it proves, as patterns in one text; of params elsewhere, the paths."""


def proofs_of(proofs: Proofs, kind: str, address: str) -> Proof:
    """Return the proofs of an address below a kind of strip; a document has all of them."""
    proven = Proof.DOCUMENT
    for proof, kinds in proofs.items():
        if any(fnmatchcase(address, pattern) for pattern in kinds.get(kind, "").split()):
            proven |= proof
    return proven


def selection(*choices: str) -> Selection:
    """Return the encoding of named values in the console's order."""
    return Selection(Choice(choices, choices[0]))


def knob(law: str) -> Travel:
    """Return the encoding of a knob with a law."""
    return Travel(laws.position(law))


ON, OFF, POLARITY = Switch(), Switch(inverted=True), Switch()
_COLORS = ("off", "red", "green", "yellow", "blue", "pink", "cyan", "white")
COLOR = selection(*_COLORS, *(f"{color} inverted" for color in _COLORS))
"""Colours in the console's order: OFF RD GN YE BL MG CY WH, then all inverted; its magenta is our pink."""
FADER, SEND = Travel(laws.level(laws.FADER_STEPS)), Travel(laws.level(laws.SEND_STEPS))
PAN = knob("pan")
TAP = selection("input", "pre_eq", "post_eq", "pre_fader", "post_fader", "group")
GATE_MODES = (selection("exp2", "exp3", "exp4", "gate", "duck"), selection("gate", "exp2", "exp3", "exp4", "duck"))
"""The two orders of a gate's modes that the sources give; which one a console has, itself alone can tell."""
GATE_MODE = Unordered(replace(GATE_MODES[0].param, read_only=True))
RATIOS = ("1.1", "1.3", "1.5", "2", "2.5", "3", "4", "5", "7", "10", "20", "100")
_SIX = ("lowcut", "lowshelf", "bell", "vintage", "highshelf", "highcut")
EQ_TYPE = selection(*_SIX)
EQ_TYPE_OF_BUSES = selection(*_SIX, "bu6", "bu12", "bs12", "lr12", "bu18", "bu24", "bs24", "lr24")

NAME = (Row("name", "config/name", AsciiText()), Row("color", "config/color", COLOR))
ICON = (Row("icon", "config/icon", Whole(Number(1, 74, "", 1))),)
MIX = (Row("fader", "mix/fader", FADER), Row("mute", "mix/on", OFF))
INSERT = (Row("insert/on", "insert/on", ON),)
PLACE = selection("pre", "post")
"""Place of an insert or of the dynamics, before or after the EQ."""
FILTER_TYPE = selection("lc6", "lc12", "hc6", "hc12", "1.0", "2.0", "3.0", "5.0", "10.0")
"""A low cut or high cut and its slope in dB per octave, or a band-pass and its Q."""
DYN = (
    Row("dyn/on", "dyn/on", ON),
    Row("dyn/mode", "dyn/mode", selection("comp", "exp")),
    Row("dyn/detect", "dyn/det", selection("peak", "rms")),
    Row("dyn/envelope", "dyn/env", selection("lin", "log")),
    Row("dyn/threshold", "dyn/thr", knob("dyn_threshold")),
    Row("dyn/ratio", "dyn/ratio", selection(*RATIOS)),
    Row("dyn/knee", "dyn/knee", knob("knee")),
    Row("dyn/makeup", "dyn/mgain", knob("makeup")),
    Row("dyn/attack", "dyn/attack", knob("attack")),
    Row("dyn/hold", "dyn/hold", knob("hold")),
    Row("dyn/release", "dyn/release", knob("release")),
    Row("dyn/mix", "dyn/mix", knob("mix")),
    Row("dyn/auto", "dyn/auto", ON),
)


def key_filter(part: str) -> tuple[Row, ...]:
    """Return the rows of the filter in the key of a gate or of the dynamics."""
    here = f"{part}/filter"
    return (
        Row(f"{here}/on", f"{here}/on", ON),
        Row(f"{here}/type", f"{here}/type", FILTER_TYPE),
        Row(f"{here}/freq", f"{here}/f", knob("eq_freq")),
    )


def keys(**kinds: int) -> Selection:
    """Return the encoding of a key's source: the strip itself, or one of so many of each kind, in order."""
    return selection("self", *(f"{kind}{number}" for kind, count in kinds.items() for number in range(1, count + 1)))


def gate(depth: str, key: Selection) -> tuple[Row, ...]:
    """Return a gate's rows; `depth` is the law of its range, `key` has the sources of its key."""
    return (
        Row("gate/on", "gate/on", ON),
        Row("gate/mode", "gate/mode", GATE_MODE),
        Row("gate/threshold", "gate/thr", knob("gate_threshold")),
        Row("gate/range", "gate/range", knob(depth)),
        Row("gate/attack", "gate/attack", knob("attack")),
        Row("gate/hold", "gate/hold", knob("hold")),
        Row("gate/release", "gate/release", knob("release")),
        Row("gate/key", "gate/keysrc", key),
        *key_filter("gate"),
    )


def eq(bands: int, types: Selection) -> tuple[Row, ...]:
    """Return an equaliser's rows."""
    rows = [Row("eq/on", "eq/on", ON)]
    for band in range(1, bands + 1):
        here = f"eq/{band}"
        rows += [
            Row(f"{here}/type", f"{here}/type", types),
            Row(f"{here}/freq", f"{here}/f", knob("eq_freq")),
            Row(f"{here}/gain", f"{here}/g", knob("eq_gain")),
            Row(f"{here}/q", f"{here}/q", Travel(laws.position("eq_q"), flipped=True)),
        ]
    return tuple(rows)


def members(dcas: int, mute_groups: int) -> tuple[Row, ...]:
    """Return the rows of a strip's DCAs and mute groups: a bit each."""
    return (
        *(Row(f"dca/{n}", "grp/dca", Bit(n - 1)) for n in range(1, dcas + 1)),
        *(Row(f"mutegroup/{n}", "grp/mute", Bit(n - 1)) for n in range(1, mute_groups + 1)),
    )


def solo(first: int) -> Elsewhere:
    """Return a kind's solo switches, which are numbered in one row over all strips of the console."""
    return Elsewhere("solo", lambda number: f"/-stat/solosw/{first + number - 1:02}", ON)


def link(key: str) -> Elsewhere:
    """Return a kind's stereo links: one switch for a pair, so both strips show it."""
    return Elsewhere("link", lambda number: f"/config/{key}/{_pair(number)}", ON)


def _pair(number: int) -> str:
    odd = number - (number + 1) % 2
    return f"{odd}-{odd + 1}"

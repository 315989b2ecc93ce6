"""The engine's controls: one row of `TABLE` is one control. Standard library only.

Everything else comes from the rows: the words in the shared memory (`shared`), the arrays that the kernels read
(`tables`), what the driver writes (`drivers/builtin`) and the params of its layout (`drivers/builtin/layout`).

To add a control, add a row, and read it in a kernel as `controls.NAME[index]`: `ch*/send/bus*/level` is
`controls.ch_send_bus_level[bus, channel]`, 0-based.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from itertools import product
from math import prod

MAX_CHANNELS = 64
BUSES = 8
EFFECTS, DCAS, MUTE_GROUPS, MOST_OUTPUTS = 2, 8, 6, 32
COUNTS = {
    "ch": MAX_CHANNELS,
    "bus": BUSES,
    "fx": EFFECTS,
    "dca": DCAS,
    "mutegroup": MUTE_GROUPS,
    "output": MOST_OUTPUTS,
}
"""Number of things that a `*` after this word stands for."""

FIRST_WORD = 16  # the words before it are the transport's and the meters', see `shared`


class Kind(Enum):
    """Meaning of the word in memory, and with it the kind of the desk's param."""

    AMPLITUDE = auto()  # float32, linear, ≥ 0; the param is a position on a scale in dB
    BALANCE = auto()  # float32, −1 left … 1 right; the param is a position
    MEASURE = auto()  # float32, in the unit of the scale; the param is a position
    SWITCH = auto()  # uint32, 0 or 1; the param is a toggle
    CHOICE = auto()  # uint32, index among the choices; the param is a choice

    @property
    def is_float(self) -> bool:
        """Whether the word is a float32; else it is a uint32."""
        return self in {Kind.AMPLITUDE, Kind.BALANCE, Kind.MEASURE}


class Smoothing(IntEnum):
    """Frames at 48 kHz in which the mix follows a new value, in a curve of amplitude, see `ramps`."""

    RAMPED = 480  # 10 ms: levels
    SWITCHED = 240  # 5 ms: what silences a strip or lets it sound
    NONE = 0  # the kernel takes the value at once; its own filter keeps it from clicking
    GLIDES = -1  # the processing of a strip follows it in a curve, see `glides`


@dataclass(frozen=True, slots=True)
class Scale:
    """Law between a position (0–1) and a unit.

    name    of the taper in the layout
    unit    as people read it
    points  breakpoints (position, value), straight in between; empty where the desk has a taper of this name
    """

    name: str
    unit: str = ""
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """One control of all strips that have it.

    path       as the desk spells it, without the console; `*` stands for the numbers 1, 2 …
    kind       type and meaning of a word
    initial    value of the param until it is set: a position, a bool or one of the choices
    smoothing  how the mix follows a new value
    scale      of a position
    steps      of a position: number of places it can take; None for any, or for those of the desk's law
    choices    of a choice
    """

    path: str
    kind: Kind
    initial: float | bool | str
    smoothing: Smoothing
    scale: Scale = Scale("")
    steps: int | None = None
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the array that the kernels read."""
        return self.path.replace("*", "").strip("/").replace("/", "_")

    @property
    def _counts(self) -> list[int]:
        return [COUNTS[word] for word in re.findall(r"([a-z]+)/?\*", self.path)]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of that array: a count for each `*`, the last one outermost; main counts as one strip of its kind."""
        alone = (1,) if self.path.startswith("main/") or not self._counts else ()
        return (*reversed(self._counts), *alone)

    @property
    def size(self) -> int:
        """Number of words."""
        return prod(self.shape)

    def paths(self) -> Iterator[str]:
        """Return the full paths in the order of the words."""
        pattern = self.path.replace("*", "{}")
        for numbers in product(*(range(1, count + 1) for count in reversed(self._counts))):
            yield pattern.format(*reversed(numbers))


@dataclass(frozen=True, slots=True)
class Place:
    """One word: its number in the shared memory (byte / 4), and its control."""

    word: int
    control: Control


class Table:
    """All controls, and the place of each in the shared memory.

    starts  first word of each row
    end     word after the last
    places  path → Place
    """

    def __init__(self, rows: Sequence[Control]) -> None:
        self.rows = tuple(rows)
        self.starts: list[int] = []
        self.end = FIRST_WORD
        self.places: dict[str, Place] = {}
        for row in self.rows:
            self.starts.append(self.end)
            self.places |= {path: Place(self.end + index, row) for index, path in enumerate(row.paths())}
            self.end += row.size


FADER = Scale("fader")
PAN = Scale("pan")
CEILING = Scale("ceiling", "dB", ((0, -40), (1, 0)))  # below full scale
TAPS = ("input", "pre_eq", "pre_fader", "post_fader")
INPUT, PRE_EQ, PRE_FADER, POST_FADER = range(len(TAPS))
"""Indices among TAPS: after gain and polarity; after the gate; after the compressor, without and with the fader."""
SLOPES = ("12", "18", "24")  # dB an octave
BAND_TYPES = ("lowcut", "lowshelf", "bell", "highshelf", "highcut")
GATE_MODES = ("exp2", "exp3", "exp4", "gate")
KEY_TYPES = (
    "lowcut 6",
    "lowcut 12",
    "highcut 6",
    "highcut 12",
    *(f"band {q}" for q in (1, 2, 3, 5, 10)),
)
"""Types of the filter of what gate and compressor hear: dB an octave of a cut, Q of a band."""
RATIOS = ("1.1", "1.3", "1.5", "2", "2.5", "3", "4", "5", "7", "10", "20", "100")
MOST_INPUTS = MAX_CHANNELS
DIRECTS = tuple(f"direct {number}" for number in range(1, MAX_CHANNELS + 1))
"""Names of the channels' direct outs: a channel's sound after its processing, before fader and mute."""
SOURCES = ("stem", "off", "tone", "pink noise", *(f"input {number}" for number in range(1, MOST_INPUTS + 1)), *DIRECTS)
STEM, OFF, TONE, PINK, FIRST_INPUT = range(5)
FIRST_DIRECT = FIRST_INPUT + MOST_INPUTS
"""Indices among SOURCES; a stem is the sound file of the channel."""
_MASTERS = ("main", *(f"mix {number}" for number in range(1, BUSES + 1)))
MIXES = tuple(f"{master} {side}" for master in _MASTERS for side in ("left", "right"))
"""Names of main's and the mixes' columns."""
COLUMNS = (*MIXES, "solo left", "solo right")
"""Names of all columns of the mix, those of the solo bus last."""
FEEDS = ("usual", "off", *COLUMNS, *DIRECTS)
USUAL, NOTHING, FIRST_FEED = range(3)
"""Indices among FEEDS, what an output of a card plays: usually the column of its own number."""
SOLO_MODES = ("PFL", "AFL")
PFL, AFL = range(len(SOLO_MODES))
"""Indices among SOLO_MODES, where the solo bus takes a strip: before or after its fader, mute and pan."""
AUTOMIX_GROUPS = ("off", "X", "Y")
REVERB_TYPES = ("room", "hall", "plate")
LEVEL, ONOFF, RAMPED, SWITCHED = Kind.AMPLITUDE, Kind.SWITCH, Smoothing.RAMPED, Smoothing.SWITCHED
UNITY = 0.33333  # a third of the way, with the decimals that a position has
GAIN = Scale("input_gain", "dB", ((0, -20), (UNITY, 0), (1, 40)))
WEIGHT = Scale("automix_weight", "dB", ((0, -12), (1, 12)))
DECAY = Scale("decay", "s", ((0, 0.3), (0.25, 0.8), (0.5, 2), (0.75, 5), (1, 12)))
PREDELAY = Scale("predelay", "ms", ((0, 0), (1, 200)))
TREBLE = Scale("treble", "Hz", ((0, 1000), (0.25, 2000), (0.5, 4000), (0.75, 8000), (1, 16_000)))
ECHO = Scale("echo", "ms", ((0, 10), (0.5, 400), (1, 2000)))
FEEDBACK = Scale("feedback", "%", ((0, 0), (1, 95)))


def _switch(path: str) -> Control:
    return Control(path, ONOFF, initial=False, smoothing=Smoothing.GLIDES)


def _choice(path: str, initial: str, choices: tuple[str, ...]) -> Control:
    return Control(path, Kind.CHOICE, initial, Smoothing.GLIDES, choices=choices)


def _knob(path: str, law: str, initial: float) -> Control:
    """Return a knob with one of the desk's laws; `initial` is a position."""
    return Control(path, Kind.MEASURE, initial, Smoothing.GLIDES, Scale(law))


def _eq(strip: str, *bands: tuple[str, float, float]) -> Iterator[Control]:
    """Return the controls of an equaliser with bands of these types, at these frequencies and widths."""
    yield _switch(f"{strip}/eq/on")
    for number, (kind, freq, q) in enumerate(bands, start=1):
        yield _choice(f"{strip}/eq/{number}/type", kind, BAND_TYPES)
        yield _knob(f"{strip}/eq/{number}/freq", "eq_freq", freq)
        yield _knob(f"{strip}/eq/{number}/gain", "eq_gain", 0.5)
        yield _knob(f"{strip}/eq/{number}/q", "eq_q", q)


def _key_filter(part: str) -> tuple[Control, ...]:
    """Return the controls of the filter of what a gate or a compressor hears."""
    return (
        _switch(f"{part}/filter/on"),
        _choice(f"{part}/filter/type", "band 3", KEY_TYPES),
        _knob(f"{part}/filter/freq", "eq_freq", 0.565),
    )


def _dynamics_and_delay(strip: str) -> Iterator[Control]:
    yield _switch(f"{strip}/dyn/on")
    yield _knob(f"{strip}/dyn/threshold", "dyn_threshold", 0.75)
    yield _choice(f"{strip}/dyn/ratio", "3", RATIOS)
    yield _knob(f"{strip}/dyn/knee", "knee", 0.2)
    yield _knob(f"{strip}/dyn/makeup", "makeup", 0.0)
    yield _knob(f"{strip}/dyn/attack", "attack", 1 / 12)
    yield _knob(f"{strip}/dyn/hold", "hold", 0.54)
    yield _knob(f"{strip}/dyn/release", "release", 0.5)
    yield _knob(f"{strip}/dyn/mix", "mix", 1.0)
    yield from _key_filter(f"{strip}/dyn")
    yield _switch(f"{strip}/delay/on")
    yield _knob(f"{strip}/delay/time", "delay", 0.0)


BROAD, NARROW = 17 / 71, 31 / 71  # Q of 0.7 and of 1.4
PROCESSING = (
    Control("ch*/gain", Kind.MEASURE, UNITY, Smoothing.GLIDES, GAIN, steps=121),
    _switch("ch*/polarity"),
    _switch("ch*/lowcut/on"),
    _knob("ch*/lowcut/freq", "lowcut", 0.46),
    _choice("ch*/lowcut/slope", "18", SLOPES),
    _switch("ch*/gate/on"),
    _choice("ch*/gate/mode", "gate", GATE_MODES),
    _knob("ch*/gate/threshold", "gate_threshold", 0.5),
    _knob("ch*/gate/range", "gate_range", 1.0),
    _knob("ch*/gate/attack", "attack", 0.0),
    _knob("ch*/gate/hold", "hold", 0.68),
    _knob("ch*/gate/release", "release", 0.5),
    *_key_filter("ch*/gate"),
    *_eq(
        "ch*",
        ("lowshelf", 0.265, BROAD),
        ("bell", 0.465, NARROW),
        ("bell", 0.665, NARROW),
        ("highshelf", 0.9, BROAD),
    ),
    *_dynamics_and_delay("ch*"),
    _choice("ch*/automix/group", "off", AUTOMIX_GROUPS),
    Control("ch*/automix/weight", Kind.MEASURE, 0.5, Smoothing.GLIDES, WEIGHT, steps=49),
)
"""Controls of what a strip does to its sound before its fader, with the laws and names of an X32's strips.

In memory they are one array, `(row, channel)`, and the kernels read that.
"""
ROW_OF = {control.path.removeprefix("ch*/"): row for row, control in enumerate(PROCESSING)}
"""Local path → row of that array."""

OF_TAKES = (
    Control("ch*/arm", ONOFF, initial=True, smoothing=Smoothing.NONE),
    Control("ch*/take", ONOFF, initial=True, smoothing=Smoothing.NONE),
)
"""Whether a recording has a channel, and whether a channel plays a take: `takes` reads them, and no kernel."""


def _master(strip: str) -> tuple[Control, ...]:
    bells = (("bell", freq, NARROW) for freq in (0.265, 0.4, 0.53, 0.665))
    return *_eq(strip, ("lowshelf", 0.165, BROAD), *bells, ("highshelf", 0.9, BROAD)), *_dynamics_and_delay(strip)


MASTER_PROCESSING = tuple(row for pair in zip(_master("main"), _master("bus*"), strict=True) for row in pair)
"""Controls of what main and the mixes do to their sound before their faders, with the laws and names of an X32's.

In memory they are one array too, `(row, master)`: main first, then the mixes.
"""
MASTER_ROW_OF = {control.path.removeprefix("main/"): row for row, control in enumerate(MASTER_PROCESSING[::2])}
"""Local path → row of that array."""


def _effect(path: str, scale: Scale, initial: float, steps: int | None = None) -> Control:
    return Control(path, Kind.MEASURE, initial, Smoothing.GLIDES, scale, steps)


EFFECT_CONTROLS = (
    Control("ch*/send/fx*/level", LEVEL, 0.0, Smoothing.GLIDES, FADER),
    _switch("ch*/send/fx*/mute"),
    Control("fx*/fader", LEVEL, 0.75, Smoothing.GLIDES, FADER),
    _switch("fx*/mute"),
    _switch("fx*/solo"),
    Control("fx*/pan", Kind.BALANCE, 0.5, Smoothing.GLIDES, PAN, steps=201),
    Control("fx*/send/bus*/level", LEVEL, 0.0, Smoothing.GLIDES, FADER),
    _switch("fx*/send/bus*/mute"),
    _choice("fx1/reverb/type", "hall", REVERB_TYPES),
    _effect("fx1/reverb/time", DECAY, 0.5),
    _effect("fx1/reverb/predelay", PREDELAY, 0.1, steps=201),
    _effect("fx1/reverb/damping", TREBLE, 0.5),
    _knob("fx1/reverb/lowcut", "lowcut", 0.6),
    _effect("fx2/echo/time", ECHO, 0.5),
    _effect("fx2/echo/feedback", FEEDBACK, 0.36842, steps=96),
    _knob("fx2/echo/lowcut", "lowcut", 0.6),
    _effect("fx2/echo/highcut", TREBLE, 0.5),
    _switch("fx2/echo/pingpong"),
)
"""Controls of the effects: sends into them, their returns, the reverb (1) and the delay (2).

In memory they follow each other, and the kernels read that as one row of words.
"""


def _member(strip: str, dca: Smoothing = RAMPED, mute_group: Smoothing = SWITCHED) -> tuple[Control, ...]:
    """Return the controls of a strip's DCAs and mute groups."""
    return (
        Control(f"{strip}/dca/*", ONOFF, initial=False, smoothing=dca),
        Control(f"{strip}/mutegroup/*", ONOFF, initial=False, smoothing=mute_group),
    )


def _limiter(strip: str) -> tuple[Control, ...]:
    return (
        Control(f"{strip}/limiter", ONOFF, initial=False, smoothing=Smoothing.NONE),
        Control(f"{strip}/ceiling", LEVEL, 1.0, Smoothing.NONE, CEILING, steps=81),  # half decibels
    )


TABLE = Table(
    (
        Control("transport/play", ONOFF, initial=True, smoothing=SWITCHED),
        Control("output/*", Kind.CHOICE, FEEDS[USUAL], Smoothing.NONE, choices=FEEDS),
        Control("ch*/source", Kind.CHOICE, SOURCES[STEM], SWITCHED, choices=SOURCES),
        Control("ch*/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("ch*/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("ch*/solo", ONOFF, initial=False, smoothing=SWITCHED),
        Control("ch*/pan", Kind.BALANCE, 0.5, RAMPED, PAN, steps=201),
        Control("ch*/link", ONOFF, initial=False, smoothing=Smoothing.NONE),
        *_member("ch*"),
        Control("ch*/send/bus*/level", LEVEL, 0.0, RAMPED, FADER),
        Control("ch*/send/bus*/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("ch*/send/bus*/pan", Kind.BALANCE, 0.5, RAMPED, PAN, steps=201),
        Control("ch*/send/bus*/tap", Kind.CHOICE, "post_fader", RAMPED, choices=TAPS),
        Control("bus*/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("bus*/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("bus*/mono", ONOFF, initial=False, smoothing=RAMPED),
        *_limiter("bus*"),
        *_member("bus*"),
        Control("main/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("main/mute", ONOFF, initial=False, smoothing=SWITCHED),
        *OF_TAKES,
        Control("main/mono", ONOFF, initial=False, smoothing=RAMPED),
        *_limiter("main"),
        *_member("main"),
        Control("solo/mode", Kind.CHOICE, SOLO_MODES[PFL], RAMPED, choices=SOLO_MODES),
        Control("solo/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("solo/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("solo/dim", ONOFF, initial=False, smoothing=RAMPED),
        Control("solo/mono", ONOFF, initial=False, smoothing=RAMPED),
        *_member("fx*", Smoothing.GLIDES, Smoothing.GLIDES),
        Control("dca*/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("dca*/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("mutegroup/*", ONOFF, initial=False, smoothing=SWITCHED),
        *PROCESSING,
        *MASTER_PROCESSING,
        *EFFECT_CONTROLS,
    )
)

"""The engine's controls: one row of `TABLE` is one control. Standard library only.

Everything else comes from the rows: the words in the shared memory (`shared`), the arrays that the kernels read
(`tables`), what the driver writes (`drivers/builtin`) and the params of its layout (`drivers/builtin_layout`).

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
COUNTS = {"ch": MAX_CHANNELS, "bus": BUSES}
"""Number of things that a `*` after this word stands for."""

FIRST_WORD = 16  # the words before it are the transport's and the meters', see `shared`


class Kind(Enum):
    """Meaning of the word in memory, and with it the kind of the desk's param."""

    AMPLITUDE = auto()  # float32, linear, ≥ 0; the param is a position on a scale in dB
    BALANCE = auto()  # float32, −1 left … 1 right; the param is a position
    SWITCH = auto()  # uint32, 0 or 1; the param is a toggle
    CHOICE = auto()  # uint32, index among the choices; the param is a choice

    @property
    def is_float(self) -> bool:
        """Whether the word is a float32; else it is a uint32."""
        return self in {Kind.AMPLITUDE, Kind.BALANCE}


class Smoothing(IntEnum):
    """Frames at 48 kHz in which the mix follows a new value, in a straight line of amplitude."""

    RAMPED = 480  # 10 ms: levels
    SWITCHED = 240  # 5 ms: what silences a strip or lets it sound
    NONE = 0  # the kernel takes the value at once; its own filter keeps it from clicking


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
    steps      of a position: number of places it can take; None for any
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
        return self.path.replace("*", "").replace("/", "_")

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of that array: a count for each `*`, the last one outermost; (1,) without any."""
        counts = [COUNTS[word] for word in re.findall(r"([a-z]+)/?\*", self.path)]
        return tuple(reversed(counts)) or (1,)

    @property
    def size(self) -> int:
        """Number of words."""
        return prod(self.shape)

    def paths(self) -> Iterator[str]:
        """Return the full paths in the order of the words."""
        pattern = self.path.replace("*", "{}")
        for numbers in product(*(range(1, count + 1) for count in self.shape)):
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
TAPS = ("pre_fader", "post_fader")
LEVEL, ONOFF, RAMPED, SWITCHED = Kind.AMPLITUDE, Kind.SWITCH, Smoothing.RAMPED, Smoothing.SWITCHED

TABLE = Table(
    (
        Control("transport/play", ONOFF, initial=True, smoothing=SWITCHED),
        Control("ch*/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("ch*/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("ch*/solo", ONOFF, initial=False, smoothing=SWITCHED),
        Control("ch*/pan", Kind.BALANCE, 0.5, RAMPED, PAN, steps=201),
        Control("ch*/send/bus*/level", LEVEL, 0.0, RAMPED, FADER),
        Control("ch*/send/bus*/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("ch*/send/bus*/tap", Kind.CHOICE, "post_fader", RAMPED, choices=TAPS),
        Control("bus*/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("bus*/mute", ONOFF, initial=False, smoothing=SWITCHED),
        Control("bus*/limiter", ONOFF, initial=False, smoothing=Smoothing.NONE),
        Control("bus*/ceiling", LEVEL, 1.0, Smoothing.NONE, CEILING, steps=81),  # half decibels
        Control("main/fader", LEVEL, 0.75, RAMPED, FADER),
        Control("main/mute", ONOFF, initial=False, smoothing=SWITCHED),
    )
)

"""Levels of all strips: every input carries speech, and the console's controls determine the levels after it.

Levels are decibels below full scale here, −inf for silence; `meters` turns them into each family's numbers. No
sound is computed: EQ, delays and effects change no level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import cos, inf, log10, pi, sin
from typing import NamedTuple

from remote_mixer.simulator.console import Console
from remote_mixer.simulator.kinds import Knob
from remote_mixer.simulator.strips import FADER, RATIOS

INPUT_DB = -48.0
"""Level of an input before its head amp; with the usual gain of 30 dB it peaks well below full scale."""
LINE_GAIN_DB = 26.0
"""Gain of an input without a head amp."""
HEADROOM_DB = 18.0
GROUP_TAP, POST_TAP = 5, 4
SILENCE = -inf


class Send(NamedTuple):
    """Addresses of a send: of its switch, its level and its tap, which some consoles have for each pair of buses.

    root  the input that is sent
    """

    root: str
    switch: str
    level: str
    tap: str
    tap_of_pair: str


class Feed(NamedTuple):
    """Input that feeds a bus: whether behind its fader, and the factor of its power."""

    root: str
    behind_fader: bool
    factor: float


@dataclass(frozen=True)
class Wiring:
    """Signal flow: the strips and their feeds.

    inputs    strips with a source of their own
    sources   the address of the number of each input's source, by input
    head_amp  the gain of the head amp of a source, by its number; None for a source without one
    buses     strips fed by sends, with the number of the send
    matrices  strips fed by buses and mains, with the number of the send
    assign    last part of the address that assigns a strip to main
    tap       last part of the address of a send's tap
    """

    inputs: tuple[str, ...]
    sources: dict[str, str]
    head_amp: Callable[[int], str | None]
    buses: tuple[tuple[str, int], ...]
    matrices: tuple[tuple[str, int], ...]
    main: str
    assign: str
    tap: str

    @cached_property
    def sends(self) -> dict[str, list[Send]]:
        """Sends into each bus, one of each input."""
        return {bus: [self._send(root, number) for root in self.inputs] for bus, number in self.buses}

    def _send(self, root: str, number: int) -> Send:
        send, odd = f"{root}/mix/{number:02}", f"{root}/mix/{number - 1 + number % 2:02}"
        return Send(root, f"{send}/on", f"{send}/level", f"{send}/{self.tap}", f"{odd}/{self.tap}")


class Dynamics(NamedTuple):
    """Gate and dynamics of a strip in dB, as its controls stand: a part that is off has a threshold out of reach.

    closed  gain of the gate while it is closed
    share   of what is over the threshold, that dynamics take away
    """

    gate: float = SILENCE
    closed: float = 0.0
    threshold: float = inf
    share: float = 0.0
    makeup: float = 0.0


class Gains:
    """Gains of preamps, dynamics, faders and sends, by a console's controls; they hold until one changes."""

    def __init__(self, console: Console, wiring: Wiring) -> None:
        self._console, self._values, self._wiring = console, console.values, wiring
        self._faders: dict[str, float] = {}
        self._dynamics: dict[str, Dynamics] = {}

    @cached_property
    def preamps(self) -> dict[str, float]:
        """Gain of each input's preamp and trim."""
        return {root: self._gain(root) for root in self._wiring.inputs}

    def dynamics(self, root: str) -> Dynamics:
        """Return a strip's gate and dynamics."""
        if root not in self._dynamics:
            self._dynamics[root] = self._of_strip(root)
        return self._dynamics[root]

    def _of_strip(self, root: str) -> Dynamics:
        found = Dynamics()
        if self._on(root, "gate"):
            found = found._replace(gate=self._unit(f"{root}/gate/thr"), closed=-self._unit(f"{root}/gate/range"))
        if self._on(root, "dyn"):
            share = 1 - 1 / float(RATIOS[int(self._values[f"{root}/dyn/ratio"])])
            threshold, makeup = self._unit(f"{root}/dyn/thr"), self._unit(f"{root}/dyn/mgain")
            found = found._replace(threshold=threshold, share=share, makeup=makeup)
        return found

    def _gain(self, root: str) -> float:
        """Return the gain of an input: a channel that plays its USB return has only the trim of that."""
        if self._values.get(f"{root}/preamp/rtnsw"):
            return LINE_GAIN_DB + self._unit(f"{root}/preamp/rtntrim")
        source, trim = self._wiring.sources.get(root), f"{root}/preamp/trim"
        head = self._wiring.head_amp(int(self._values[source])) if source else None
        gain = self._unit(head) if head else LINE_GAIN_DB
        return gain + (self._unit(trim) if trim in self._values else 0)

    def _on(self, root: str, part: str) -> bool:
        return bool(self._values.get(f"{root}/{part}/on"))

    def _unit(self, address: str) -> float:
        kind = self._console.model.leaves[address].kind
        assert isinstance(kind, Knob)  # noqa: S101 - the addresses above are all knobs
        return kind.unit(self._values[address])

    def fader(self, root: str) -> float:
        """Return the gain of a strip's fader, mute, DCAs and mute groups."""
        if root not in self._faders:
            self._faders[root] = self._fader(root)
        return self._faders[root]

    def _fader(self, root: str) -> float:
        if not self._values[f"{root}/mix/on"] or self._console.muted_by_groups(root):
            return SILENCE
        faders = [f"{root}/mix/fader", *self._console.dca_faders(root)]
        return sum(_decibels(self._values[fader]) for fader in faders)

    @cached_property
    def feeds(self) -> dict[str, list[Feed]]:
        """Feeds of each bus, without those that are silent there."""
        sends = self._wiring.sends.items()
        return {bus: [feed for send in found if (feed := self._feed(send)).factor] for bus, found in sends}

    def _feed(self, send: Send) -> Feed:
        if not self._values.get(send.switch, 1):
            return Feed(send.root, True, 0.0)
        tap = self._values.get(send.tap, self._values.get(send.tap_of_pair))
        if tap == GROUP_TAP:
            return Feed(send.root, True, 1.0)
        return Feed(send.root, tap == POST_TAP, _power(_decibels(self._values[send.level])))

    @cached_property
    def sides(self) -> dict[str, tuple[float, float]]:
        """Factors of the power that each strip assigned to main gives to its left and its right."""
        strips = (*self._wiring.inputs, *(bus for bus, _ in self._wiring.buses))
        pans = {
            root: float(self._values[f"{root}/mix/pan"]) * pi / 2
            for root in strips
            if self._values.get(f"{root}/mix/{self._wiring.assign}")
        }
        return {root: (_side(cos(pan)), _side(sin(pan))) for root, pan in pans.items()}

    @cached_property
    def matrices(self) -> dict[str, list[tuple[str, float]]]:
        """Buses and mains that feed each matrix, with the factor of the power."""
        feeding = (*(bus for bus, _ in self._wiring.buses), self._wiring.main)
        return {
            matrix: [(bus, _power(_decibels(self._values[f"{bus}/mix/{number:02}/level"]))) for bus in feeding]
            for matrix, number in self._wiring.matrices
        }


class Signals:
    """All levels of one moment."""

    def __init__(self, console: Console, wiring: Wiring, gains: Gains, moment: float) -> None:
        """Compute the levels of a console at a moment, in seconds; `gains` are of its present controls."""
        self._values, self._wiring, self._moment = console.values, wiring, moment
        self._gains = gains

    @cached_property
    def preamps(self) -> dict[str, float]:
        """Level of each input after its head amp and trim."""
        return {
            root: min(HEADROOM_DB, INPUT_DB + self._gains.preamps[root] + _speech(place, self._moment))
            for place, root in enumerate(self._wiring.inputs)
        }

    @cached_property
    def before(self) -> dict[str, float]:
        """Level of each strip before its fader: after gate and dynamics."""
        feeds = self.preamps | self._sums | {self._wiring.main: _sum(self._main)} | self._matrix_sums
        return {root: self._processed(root, level) for root, level in feeds.items()}

    @cached_property
    def after(self) -> dict[str, float]:
        """Level of each strip after its fader, mute, DCAs and mute groups."""
        return {root: level + self._gains.fader(root) for root, level in self.before.items()}

    @cached_property
    def left_and_right(self) -> tuple[float, float]:
        """Levels of main left and right, after its fader."""
        left, right = self._main
        beyond = self._gains.fader(self._wiring.main)
        return left + beyond, right + beyond

    def mono(self, root: str) -> float:
        """Return the level of the mono bus, the sum of all strips assigned to it, after its fader."""
        feeds = [
            self._after(one) + _decibels(self._values[f"{one}/mix/mlevel"])
            for one in self._wiring.inputs
            if self._values[f"{one}/mix/mono"]
        ]
        return _sum(feeds) + self._gains.fader(root)

    def gate(self, root: str) -> float:
        """Return the gain of a strip's gate now, in dB: 0 or less."""
        return self._gate(root, self.preamps[root])

    def dynamics(self, root: str) -> float:
        """Return the gain of a strip's dynamics now, in dB: 0 or less."""
        return self._dynamics(root, self._feed(root))

    def _feed(self, root: str) -> float:
        if root in self.preamps:
            return self.preamps[root] + self._gate(root, self.preamps[root])
        return self._sums.get(root, _sum(self._main))

    def _processed(self, root: str, level: float) -> float:
        level += self._gate(root, level)
        return level + self._dynamics(root, level) + self._gains.dynamics(root).makeup

    def _gate(self, root: str, level: float) -> float:
        gate = self._gains.dynamics(root)
        return gate.closed if level < gate.gate else 0.0

    def _dynamics(self, root: str, level: float) -> float:
        dynamics = self._gains.dynamics(root)
        over = level - dynamics.threshold
        return -over * dynamics.share if over > 0 else 0.0

    def _after(self, root: str) -> float:
        return self._inputs_before[root] + self._gains.fader(root)

    @cached_property
    def _inputs_before(self) -> dict[str, float]:
        return {root: self._processed(root, level) for root, level in self.preamps.items()}

    @cached_property
    def _powers_after(self) -> dict[str, float]:
        return {root: _power(self._after(root)) for root in self._wiring.inputs}

    @cached_property
    def _sums(self) -> dict[str, float]:
        before = {root: _power(level) for root, level in self._inputs_before.items()}
        after = self._powers_after
        return {
            bus: _level(sum([(after if behind else before)[root] * factor for root, behind, factor in feeds]))
            for bus, feeds in self._gains.feeds.items()
        }

    @cached_property
    def _main(self) -> tuple[float, float]:
        fader = self._gains.fader
        buses = {bus: _power(self._processed(bus, level) + fader(bus)) for bus, level in self._sums.items()}
        power, sides = self._powers_after | buses, self._gains.sides.items()
        left = _level(sum([power[root] * factor for root, (factor, _) in sides]))
        return left, _level(sum([power[root] * factor for root, (_, factor) in sides]))

    @cached_property
    def _matrix_sums(self) -> dict[str, float]:
        levels = self._sums | {self._wiring.main: _sum(self._main)}
        power = {bus: _power(level + self._gains.fader(bus)) for bus, level in levels.items()}
        return {
            matrix: _level(sum([power[bus] * factor for bus, factor in feeds]))
            for matrix, feeds in self._gains.matrices.items()
        }


def amplitude(decibels: float) -> float:
    """Return the linear factor: 1.0 at 0 dB."""
    return float(10 ** (decibels / 20))


@lru_cache(maxsize=2048)
def _decibels(position: float | str) -> float:
    return FADER.unit(position)


def _power(level: float) -> float:
    return float(10 ** (level / 10))


def _level(power: float) -> float:
    return 10 * log10(power) if power > 0 else SILENCE


def _sum(levels: list[float] | tuple[float, ...]) -> float:
    return _level(sum([_power(level) for level in levels]))


def _side(factor: float) -> float:
    return factor**2 if factor > 1e-6 else 0.0


def _speech(place: int, moment: float) -> float:
    """Return the speech of an input in dB: slow sentences and quick syllables, different for each input."""
    return 6 * sin(2 * pi * moment / (2.5 + place % 5 * 0.3) + place) + 4 * sin(2 * pi * moment * 1.9 + 0.7 * place)

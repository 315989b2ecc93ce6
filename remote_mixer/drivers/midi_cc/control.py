"""MIDI controls: conversion between the desk's values, a control's numbers, and bytes.

From the MIDI 1.0 specification: a 14-bit pair sends its coarse half (MSB) first. An NRPN is selected by CC 99 and 98
and set by CC 6 and 38. The selection lasts until the next one, so each value repeats it and then deselects (127, 127).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

from remote_mixer.desk.params import Position, Toggle, Value
from remote_mixer.desk.tapers import FADER, Taper
from remote_mixer.midi.messages import control_change

Law = str | tuple[float, float]
"""A name of LAWS, or the levels in dB at both ends of a law that is linear in dB."""

GM_STEP = 1.05
GM_RANGE = 16383


def _gm() -> Taper:
    """Return 40·log10 of the travel, as in General MIDI, as line segments within 0.006 dB of the law."""
    positions = [1.0]
    while positions[-1] > 1 / GM_RANGE:
        positions.append(positions[-1] / GM_STEP)
    points = [(round(p, 9), round(40 * log10(p), 4)) for p in reversed(positions)]
    return Taper("dB", ((0.0, points[0][1] - 1), *points), off_at_zero=True)


# A DAW maps a control to its fader by a law of its own, so only the plain numbers are known.
PLAIN = "plain"
LAWS: dict[str, Taper] = {
    PLAIN: Taper("", ((0, 0), (1, 127))),
    "fader": FADER,
    "gm": _gm(),
}


def law_name(law: Law) -> str:
    """Return the name of a law's taper in a layout."""
    return law if isinstance(law, str) else f"linear {law[0]:g} {law[1]:g}"


def law_taper(law: Law) -> Taper:
    """Return a law's taper; one that is linear in dB is silent at its lower end."""
    return LAWS[law] if isinstance(law, str) else Taper("dB", ((0, law[0]), (1, law[1])), off_at_zero=True)


def pan_taper(centre: float) -> Taper:
    """Return the taper of a pan centred at this position (0–1): 64 of 127 is not half of the travel."""
    return Taper("%", ((0, -100), (centre, 0), (1, 100)))


CC, PAIR, NRPN = "cc", "pair", "nrpn"
TOP_7, TOP_14 = 127, 16383
MOST_NRPN = 16382  # 16383 means none selected
NRPN_MSB, NRPN_LSB, RPN_MSB, RPN_LSB, DATA_MSB, DATA_LSB = 99, 98, 101, 100, 6, 38
NRPN_CARRIERS = frozenset({NRPN_MSB, NRPN_LSB, RPN_MSB, RPN_LSB, DATA_MSB, DATA_LSB, 96, 97})
NONE_CHOSEN = 127


@dataclass(frozen=True, slots=True)
class Control:
    """A MIDI control that carries one value.

    kind     CC (7 bit), PAIR (two CCs, 14 bit) or NRPN (14 bit)
    channel  MIDI channel, 1–16
    number   the CC (0–127), of a pair the one with the coarse half, or the NRPN (0–16382)
    lsb      of a pair the CC with the fine half
    """

    kind: str
    channel: int
    number: int
    lsb: int = -1

    @property
    def top(self) -> int:
        """The highest number of the control: 127 or 16383."""
        return TOP_7 if self.kind == CC else TOP_14

    @property
    def places(self) -> frozenset[tuple[str, int, int]]:
        """Places that no other control may use: (CC or NRPN, MIDI channel, number)."""
        if self.kind == PAIR:
            return frozenset({(CC, self.channel, self.number), (CC, self.channel, self.lsb)})
        return frozenset({(self.kind, self.channel, self.number)})

    def messages(self, raw: int) -> list[bytes]:
        """Return the messages that set the control to a number (0–`top`), in sending order."""
        return [control_change(self.channel, number, value) for number, value in self._halves(raw)]

    def _halves(self, raw: int) -> list[tuple[int, int]]:
        if self.kind == CC:
            return [(self.number, raw)]
        msb, lsb = divmod(raw, 128)
        if self.kind == PAIR:
            return [(self.number, msb), (self.lsb, lsb)]
        chosen = [(NRPN_MSB, self.number >> 7), (NRPN_LSB, self.number & 127)]
        none = [(NRPN_MSB, NONE_CHOSEN), (NRPN_LSB, NONE_CHOSEN)]
        return [*chosen, (DATA_MSB, msb), (DATA_LSB, lsb), *none]

    def __str__(self) -> str:
        """Return the name for people; MIDI channel 1 is left out."""
        name = f"NRPN {self.number}" if self.kind == NRPN else f"CC {self.number}"
        name += f"/{self.lsb}" if self.kind == PAIR else ""
        return name if self.channel == 1 else f"{name}, MIDI channel {self.channel}"


@dataclass(frozen=True, slots=True)
class Knob:
    """A fader, send level or pan on a control: travel `low`–`high`, reversed where `invert`.

    law  None for a pan
    """

    control: Control
    low: int
    high: int
    invert: bool = False
    law: Law | None = None

    @property
    def law_name(self) -> str:
        """The name of the taper in a layout."""
        return law_name(self.law) if self.law is not None else f"pan {self._centre}"

    @property
    def taper(self) -> Taper:
        """The taper."""
        return law_taper(self.law) if self.law is not None else pan_taper(self._centre)

    @property
    def _centre(self) -> float:
        middle = (self.low + self.high + 1) // 2
        return self.value(middle)

    @property
    def param(self) -> Position:
        """The param of the desk; its default is 0 dB or the centre."""
        steps = self.high - self.low + 1
        if self.law is None:
            return Position(self.law_name, self._centre, steps)
        return Position(self.law_name, self.taper.to_position(0) if self.taper.unit == "dB" else 0.0, steps)

    def raw(self, value: Value) -> int:
        """Return the control's number for a position (0–1); the low end for an unknown value."""
        travel = value if isinstance(value, float) else 0.0
        return self.low + round((1 - travel if self.invert else travel) * (self.high - self.low))

    def read(self, raw: int, rounding: int) -> Value:
        """Return the position of a number that came; None for one outside the travel, which no position stands for.

        rounding  how far outside it may be rounding: the end is meant then
        """
        return self.value(raw) if self.low - rounding <= raw <= self.high + rounding else None

    def value(self, raw: int) -> float:
        """Return the position (0–1) of a number of the travel, or of the end that is nearest to it."""
        travel = (min(max(raw, self.low), self.high) - self.low) / (self.high - self.low)
        return round(1 - travel if self.invert else travel, 5)

    def messages(self, value: Value) -> list[bytes]:
        """Return the messages that set the control to a position."""
        return self.control.messages(self.raw(value))


@dataclass(frozen=True, slots=True)
class Button:
    """A mute on a control: `on` is sent for muted and `off` for open.

    momentary  each press (`on` then `off`) toggles the console's own state
    """

    control: Control
    on: int
    off: int
    momentary: bool = False
    law_name = ""

    @property
    def param(self) -> Toggle:
        """The param of the desk."""
        return Toggle()

    def raw(self, value: Value) -> int:
        """Return the number for on or off; off for an unknown value."""
        return self.on if value else self.off

    def read(self, raw: int, rounding: int) -> Value:
        """Return on or off: each number means one of them."""
        return self.value(raw)

    def value(self, raw: int) -> bool:
        """Return on or off, whichever number is nearer: with 127 and 0, 64 and above is on."""
        return abs(raw - self.on) <= abs(raw - self.off)

    def messages(self, value: Value) -> list[bytes]:
        """Return the messages for on or off; for a momentary button, one press."""
        if self.momentary:
            return self.control.messages(self.on) + self.control.messages(self.off)
        return self.control.messages(self.raw(value))


Entry = Knob | Button

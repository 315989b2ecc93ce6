"""The consoles' laws between position and unit, and the steps of their grids.

OSC carries the position itself (0–1), so a law is only data for the page. Facts: the consoles' published parameter
ranges, which X32, M32 and X Air share; where a law is logarithmic its taper has one breakpoint for each of the
console's steps, so that every value the console can have is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

from remote_mixer.desk.params import Position
from remote_mixer.desk.tapers import FADER, Taper

FADER_STEPS, SEND_STEPS = 1024, 161


@dataclass(frozen=True, slots=True)
class Law:
    """A range in a unit, on a grid; `log` for equal ratios, else equal distances."""

    unit: str
    low: float
    high: float
    steps: int
    log: bool = False

    def taper(self) -> Taper:
        """Return the breakpoints."""
        if not self.log:
            return Taper(self.unit, ((0, self.low), (1, self.high)))
        last = self.steps - 1
        return Taper(self.unit, tuple((step / last, self._at(step / last)) for step in range(self.steps)))

    def _at(self, position: float) -> float:
        return float(f"{self.low * (self.high / self.low) ** position:.5g}")


LAWS: dict[str, Law] = {
    "pan": Law("%", -100, 100, 101),
    "gain": Law("dB", -12, 60, 145),
    "line_gain": Law("dB", -12, 20, 65),
    "trim": Law("dB", -18, 18, 145),
    "lowcut": Law("Hz", 20, 400, 101, log=True),
    "eq_freq": Law("Hz", 20, 20_000, 201, log=True),
    "eq_gain": Law("dB", -15, 15, 121),
    "eq_q": Law("", 0.3, 10, 72, log=True),
    "gate_threshold": Law("dB", -80, 0, 161),
    "gate_range": Law("dB", 3, 60, 58),
    "gate_range_half": Law("dB", 3, 60, 115),  # X32 desks print 15.5 and 44.5, whatever the documents say
    "attack": Law("ms", 0, 120, 121),
    "hold": Law("ms", 0.02, 2000, 101, log=True),
    "release": Law("ms", 5, 4000, 101, log=True),
    "dyn_threshold": Law("dB", -60, 0, 121),
    "knee": Law("", 0, 5, 6),
    "makeup": Law("dB", 0, 24, 49),
    "mix": Law("%", 0, 100, 21),
    "delay": Law("ms", 0.3, 500, 4998),
}
TAPERS: dict[str, Taper] = {"fader": FADER, **{name: law.taper() for name, law in LAWS.items()}}


def position(law: str) -> Position:
    """Return the param of a knob with this law, at the middle of its travel."""
    return Position(law, 0.5, LAWS[law].steps)


def level(steps: int) -> Position:
    """Return the param of a fader or send."""
    return Position("fader", 0.0, steps)

"""The laws that a map may name for what stands between a control's travel and the reading shown for it."""

from __future__ import annotations

from math import log10

from remote_mixer.desk.tapers import FADER, Taper

Law = str | tuple[float, float]
"""A name of LAWS, or what stands in dB at both ends of a law that is straight in dB."""

GM_STEP = 1.05
GM_RANGE = 16383


def _gm() -> Taper:
    """40·log10 of the travel, as General MIDI has it: straight pieces, nowhere more than 0.006 dB beside the law."""
    positions = [1.0]
    while positions[-1] > 1 / GM_RANGE:
        positions.append(positions[-1] / GM_STEP)
    points = [(round(p, 9), round(40 * log10(p), 4)) for p in reversed(positions)]
    return Taper("dB", ((0.0, points[0][1] - 1), *points), off_at_zero=True)


# A DAW maps a control to its own fader's travel by a law of its own, so that plain numbers are all that is known.
PLAIN = "plain"
LAWS: dict[str, Taper] = {
    PLAIN: Taper("", ((0, 0), (1, 127))),
    "fader": FADER,
    "gm": _gm(),
}


def law_name(law: Law) -> str:
    """Return the name by which a layout lists the law's taper."""
    return law if isinstance(law, str) else f"linear {law[0]:g} {law[1]:g}"


def law_taper(law: Law) -> Taper:
    """Return the law's taper; one that is straight in dB is silent at its lower end, whatever stands there."""
    return LAWS[law] if isinstance(law, str) else Taper("dB", ((0, law[0]), (1, law[1])), off_at_zero=True)


def pan_taper(centre: float) -> Taper:
    """Return the law of a pan whose middle stands at this position: 64 of 127 is not half of the travel."""
    return Taper("%", ((0, -100), (centre, 0), (1, 100)))

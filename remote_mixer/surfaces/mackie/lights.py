"""Lights of a surface: knobs' rings, colours and levels, as Mackie Control has them. No I/O."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from remote_mixer.desk.meters import STEPS_PER_DB, ZERO_DB
from remote_mixer.desk.params import Value
from remote_mixer.midi.mackie import COLOR_NAMES, LEVELS_DB, RING_STEPS

CENTRE_LIGHT = 0x40
FROM_CENTRE, FROM_LEFT = 0x10, 0x20
COLORS = {
    **{name: number for number, name in enumerate(COLOR_NAMES)},
    "grey": COLOR_NAMES.index("white"),
    "orange": COLOR_NAMES.index("yellow"),
    "violet": COLOR_NAMES.index("pink"),
}
"""Colour of a strip → X-Touch's number; it has eight."""
WHITE = COLOR_NAMES.index("white")
BLACK = COLOR_NAMES.index("off")


def ring(value: Value, *, two_sided: bool) -> int:
    """Return the value of a knob's ring of eleven lights; dark for what is not known, or no number."""
    match value:
        case bool():
            return FROM_LEFT | RING_STEPS if value else 0
        case float():
            light = round(value * (RING_STEPS - 1)) + 1
            centre = CENTRE_LIGHT if two_sided and abs(value - 0.5) < 0.01 else 0
            return centre | (FROM_CENTRE if two_sided else FROM_LEFT) | light
    return 0


def color(name: Value, *, there: bool) -> int:
    """Return X-Touch's number of a strip's colour; white for one that it does not have, dark without a strip."""
    if not there:
        return BLACK
    return COLORS.get(str(name).removesuffix(" inverted"), WHITE) or WHITE


def level(codes: Sequence[int]) -> int:
    """Return the meter's step, 0 to C, of the highest of a strip's codes."""
    code = max(codes, default=0)
    return max(0, bisect_right(LEVELS_DB, (code - ZERO_DB) / STEPS_PER_DB) - 1) if code else 0

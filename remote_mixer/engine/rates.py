"""Rate of the mix: that of the card. One for the whole process, set before anything is computed from it.

`rate()` is the same in Python and in compiled code, see `rate_word`: whatever comes from a time or a frequency is
computed from it where it is used, and is no constant of a module.
"""

from __future__ import annotations

from collections.abc import Sequence

from remote_mixer.engine.shared import RATE

RATES = (44_100, RATE, 96_000)
"""Rates at which the mix runs, in frames a second."""

_set = [RATE]


def rate() -> int:
    """Return the frames a second."""
    return _set[0]


def said(some: Sequence[int]) -> str:
    """Return rates as people read them: `44,100, 48,000 or 96,000 Hz`."""
    *first, last = (f"{frames:,}" for frames in some)
    return f"{', '.join(first)} or {last} Hz"


def set_rate(frames: int) -> None:
    """Set the rate, one of RATES; mixers that were made before keep sounds of another length."""
    if frames not in RATES:
        raise ValueError(f"the mix does not run at {frames:,} Hz")
    _set[0] = frames

"""Tracks of the test DAW, its fader law, its short texts, and its habits as a host."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

PAN_SIDE = 50
FADER_TOP = 0x3FFF
TEN_BITS = 0x3FF0


class Clock(Protocol):
    """An asyncio loop, or a test's own time."""

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Schedule a call."""


@dataclass(frozen=True)
class Habits:
    """Differences between hosts.

    asks            queries each unit and paints only those that have announced themselves; else paints without that,
                    and again when a unit announces itself
    heeds           first bytes of an announcement that makes it paint; others do not
    handshakes      answers the announcement's challenge and paints only after the unit has confirmed
    ends            the last bank: shifted left so that it stays full, padded with empty strips, or whole banks only,
                    the rest by single channels
    paints_at_end   paints everything although nothing moved
    repaints        paints all lights, faders and rings of a window that has moved, also what the unit shows already
    lcd             pieces in which the LCD is painted
    text_row        row that shows a value for `text_seconds` after a move
    lower           content of the lower row at other times
    pans            pan as "L30", or as "L65R35"
    centres         a V-pot's push centres its pan; or only while shift is held, and else turns the pot to the width
    dots            separates the groups of the time by dots
    ascii           other characters: low seven bits, or a question mark; or such a name is not sent at all
    width           most characters of a short name, 6 or 7
    zero_at         14-bit position of 0 dB
    needs_touch     a fader that moves untouched is moved back
    late_echo       seconds after which a touched fader's moves are echoed; 0 never
    echoes_once     says nothing of a fader that stands where it said last, be it touched, moved or released
    answer          seconds before anything is sent
    """

    asks: bool = True
    heeds: bytes = b""
    handshakes: bool = False
    ends: Literal["shifted", "padded", "whole"] = "shifted"
    paints_at_end: bool = False
    repaints: bool = False
    lcd: Literal["strips", "whole", "fragments"] = "strips"
    text_row: Literal["upper", "lower"] = "lower"
    text_seconds: float = 1.5
    lower: Literal["pan", "blank"] = "pan"
    pans: Literal["side", "both"] = "side"
    centres: Literal["push", "shift"] = "push"
    dots: bool = True
    ascii: Literal["low bits", "question mark", "unsent"] = "low bits"
    width: int = 6
    zero_at: int = 12808
    needs_touch: bool = False
    late_echo: float = 0.0
    echoes_once: bool = False
    time_channel: int = 1
    meters: Literal["always", "rolling"] = "always"
    running_status: bool = False
    real_note_offs: bool = False
    blinking_rec: bool = False
    answer: float = 0.0
    seed: int = 1


ARDOUR: dict[str, Any] = {
    "ends": "padded",
    "late_echo": 0.001,
    "echoes_once": True,
    "text_seconds": 1.03,
    "ascii": "unsent",
    "pans": "both",
    "centres": "shift",
    "dots": False,
}
"""Habits of Ardour 7.3."""


@dataclass(eq=False)
class Track:
    """One track; `fader` is 14 bit, `pan` −50 (left) to 50, `pot` what its V-pot turns."""

    name: str
    fader: int = 0
    pan: int = 0
    mute: bool = False
    solo: bool = False
    rec: bool = False
    pot: Literal["pan", "width"] = "pan"


def ten_bits(value: int) -> int:
    """Return a 14-bit position with a motor's ten bits."""
    return value & TEN_BITS


def fader_text(value: int, zero_at: int) -> str:
    """Return the DAW's own reading, at most 7 characters, by a law that only the DAW knows."""
    if not value:
        return "-inf dB"
    level = f"{40 * math.log10(value / zero_at):.1f}"
    return f"{level} dB" if len(level) < 5 else f"{level}dB"


def pan_text(pan: int, pans: str = "side") -> str:
    """Return "L50" to "R50", or "C"; with both sides "L100R0" to "L0R100"."""
    if pans == "both":
        return f"L{PAN_SIDE - pan}R{PAN_SIDE + pan}"
    return f"{'L' if pan < 0 else 'R'}{abs(pan)}" if pan else "C"


def pan_place(pan: int) -> int:
    """Return the position of a flipped fader for a pan, 14 bit."""
    return round((pan + PAN_SIDE) / (2 * PAN_SIDE) * FADER_TOP)


def pan_of(place: int) -> int:
    """Return the pan of a flipped fader's position."""
    return round(place / FADER_TOP * 2 * PAN_SIDE) - PAN_SIDE


def short(name: str, width: int) -> str:
    """Return a name shortened as hosts do: without blanks, then without small vowels from the end, then cut."""
    letters = list(name)
    for dropped in (" ", "aeiou"):
        for place in range(len(letters) - 1, 0, -1):
            if len(letters) > width and letters[place] in dropped:
                del letters[place]
    return "".join(letters[:width])


def screen_bytes(text: str, how: str) -> bytes:
    """Return text as seven-bit bytes; other characters are replaced, as in real hosts."""
    if how == "unsent":
        return text.encode("utf-8")
    if how == "low bits":
        return bytes(ord(character) & 0x7F for character in text)
    return text.encode("ascii", "replace")

"""Texts of the displays: seven ASCII characters a strip, ten digits of time. No I/O."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from remote_mixer.midi.mackie import CELL, TIME_DIGITS

_PLAIN = str.maketrans({"−": "-", "∞": "oo", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "–": "-", "’": "'"})
_UNITS = {" dB": "dB", " Hz": "Hz", " kHz": "kHz", " ms": "ms", " s": "s", " %": "%"}
SEPARATORS = ".:"
MOST_KEPT = 1024
"""Texts whose cell is kept, the newest: a face is painted whole at each change, and most of it is as before."""


def ascii_of(text: str) -> str:
    """Return a text in ASCII: letters without their marks, `?` for what has none."""
    letters = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in plain)


@lru_cache(maxsize=MOST_KEPT)
def cell(text: str) -> str:
    """Return a strip's part of a row, exactly seven characters; a number and its unit stand close."""
    for unit, close in _UNITS.items():
        if text.endswith(unit):
            text = text.removesuffix(unit) + close
    return f"{ascii_of(text)[:CELL]:<{CELL}}"


def label(segments: Sequence[str]) -> str:
    """Return the short name of a param: `1 freq` of an EQ's band, else `gat thr`, with what it belongs to."""
    first, *rest = segments
    return " ".join(rest) if len(rest) > 1 else " ".join((first[:3], *rest)) if rest else first


def row(text: str, width: int) -> list[str]:
    """Return a text over so many strips."""
    plain = f"{ascii_of(text)[: CELL * width]:<{CELL * width}}"
    return [plain[at : at + CELL] for at in range(0, CELL * width, CELL)]


def digits(text: str) -> list[int]:
    """Return ten codes of the time display, the rightmost first: six bits of a character, and 40 hex for a dot."""
    codes: list[int] = []
    for letter, after in zip_longest(text, text[1:], fillvalue=""):
        if letter not in SEPARATORS:
            codes.append(_code(letter) | (0x40 if after and after in SEPARATORS else 0))
    shown = codes[-TIME_DIGITS:]
    return [*reversed(shown), *[_code(" ")] * (TIME_DIGITS - len(shown))]


def clock(seconds: float) -> str:
    """Return a time as hours, minutes, seconds and thousandths."""
    thousandths = round(seconds * 1000)
    hours, minutes = thousandths // 3_600_000, thousandths // 60_000 % 60
    return f"{hours}:{minutes:02d}:{thousandths // 1000 % 60:02d}:{thousandths % 1000:03d}"


@lru_cache(maxsize=MOST_KEPT)
def _code(letter: str) -> int:
    upper = ascii_of(letter)[:1].upper() or " "
    code = ord(upper)
    return code - 0x40 if 0x40 <= code < 0x60 else code if 0x20 <= code < 0x40 else 0x20

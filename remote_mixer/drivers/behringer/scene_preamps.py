"""Preamps in scene files: which of them feeds a channel there, and so whose gain and 48 V its line has.

A file has no `/-ha`, which says it on a console. An X32's channel takes one of 32 inputs, and those come in blocks of
eight from preamps of its own or of a stage box, from the card or from the users' patch; an X Air's takes an input.
Facts: scene files of X32 desks with stage boxes; text answers of an XR18. No I/O.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

Lines = Mapping[str, Sequence[str]]
"""Node → the texts after it."""

SOURCE_PLACE = {"x32": 3, "xair": 2}
"""Family's word → place of the source in the line of a channel's `config`."""
ROUTING = "/config/routing/IN"
BLOCK_INPUTS, X32_INPUTS, MOST_DIGITS = 8, 32, 2
FIRST_PREAMP = {"AN": 0, "A": 32, "B": 80}
"""Letters of a block of inputs → number of the first preamp there: the console's own, and those of two stage boxes."""

_BLOCK = re.compile(r"(AN|A|B)(\d{1,2})-\d{1,2}")
_INPUT = re.compile(r"In(\d{1,2})")


def preamp_of(word: str, channel: int, lines: Lines) -> int | None:
    """Return the number of the preamp that feeds a channel, as in the family's table; None where none is known to."""
    texts = lines.get(f"/ch/{channel:02}/config", ())
    place = SOURCE_PLACE[word]
    return _PREAMPS[word](texts[place], lines) if len(texts) > place else None


def _of_x32(source: str, lines: Lines) -> int | None:
    if not source.isdecimal() or len(source) > MOST_DIGITS or not 1 <= int(source) <= X32_INPUTS:
        return None
    block, place = divmod(int(source) - 1, BLOCK_INPUTS)
    found = _BLOCK.fullmatch("".join(lines.get(ROUTING, ())[block : block + 1]))
    return FIRST_PREAMP[found[1]] + int(found[2]) - 1 + place if found else None


def _of_xair(source: str, _: Lines) -> int | None:
    found = _INPUT.fullmatch(source)
    return int(found[1]) - 1 if found else None


_PREAMPS: Mapping[str, Callable[[str, Lines], int | None]] = {"x32": _of_x32, "xair": _of_xair}

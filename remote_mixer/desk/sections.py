"""Sections: the kinds of params to which a recall can be limited, and the one table that has a section for each."""

from __future__ import annotations

import re
from functools import lru_cache

from remote_mixer.desk import paths

LEVELS, MUTES, SENDS, PAN, EQ = "levels", "mutes", "sends", "pan", "eq"
DYNAMICS, INPUT, NAMES, GROUPS, OTHER = "dynamics", "input", "names", "groups", "other"
SECTIONS = (LEVELS, MUTES, SENDS, PAN, EQ, DYNAMICS, INPUT, NAMES, GROUPS, OTHER)
USUAL_SECTIONS = frozenset(SECTIONS) - {INPUT, NAMES}
"""Sections of a recall that names none: gain, 48 V and the choice of a source are never among them."""

OF_STRIPS = {
    **dict.fromkeys(("fader",), LEVELS),
    **dict.fromkeys(("mute",), MUTES),
    **dict.fromkeys(("send", "main", "mono", "mono_level"), SENDS),
    **dict.fromkeys(("pan",), PAN),
    **dict.fromkeys(("eq",), EQ),
    **dict.fromkeys(("dyn", "gate", "limiter", "ceiling", "automix"), DYNAMICS),
    **dict.fromkeys(("gain", "phantom", "trim", "polarity", "lowcut", "delay", "usb", "link", "source"), INPUT),
    **dict.fromkeys(("name", "color", "icon"), NAMES),
    **dict.fromkeys(("dca", "mutegroup", "members", "missing", "behind", "by_position"), GROUPS),
    **dict.fromkeys(
        ("insert", "solo", "select", "rec", "arm", "take", "reverb", "echo", "mode", "dim", "exists"), OTHER
    ),
}
"""First segment of a strip's param → its section."""
OF_CONSOLES = {
    "mutegroup": GROUPS,
    paths.TALK: OTHER,
    **dict.fromkeys(("status", "notice", "diagnostics", "learning"), OTHER),
    **dict.fromkeys(
        ("transport", "scene", "files", "clip", "flip", "muted", "feedback", "output", "port", "sound"), OTHER
    ),
    **dict.fromkeys(("recorder", "soundcheck"), OTHER),
}
"""First segment of a console's own param → its section."""
NO_PART_OF_A_MIX = frozenset({"solo", "select", "rec", "arm", "take", "exists", *OF_CONSOLES}) - {"mutegroup"}
"""First segments of params that no scene keeps, and the solo bus: a recall starts no recording, ends no solo,
opens no talkback, and makes no group."""

_HOUSE = re.compile(r"house\d*")
"""Nicknames of our own console: the faders and mutes of its DCAs are groups, as their members' are not."""


@lru_cache(maxsize=65_536)
def section_of(path: str) -> str:
    """Return the section of a param, by its full path; `other` for one that is not in the table."""
    console, strip, param = paths.parse(path)
    if strip == "mutegroup":
        return OF_STRIPS.get(paths.param_of(param), GROUPS)
    section = OF_CONSOLES.get(strip) or OF_STRIPS.get(_first(param), OTHER)
    return GROUPS if section in (LEVELS, MUTES) and _HOUSE.fullmatch(console) and strip.startswith("dca") else section


@lru_cache(maxsize=65_536)
def is_part_of_a_mix(path: str) -> bool:
    """Whether a scene keeps a param with this path."""
    _, strip, param = paths.parse(path)
    if strip == "mutegroup":
        return paths.param_of(path) not in NO_PART_OF_A_MIX
    return strip not in NO_PART_OF_A_MIX and is_kept_of_strips(param)


@lru_cache(maxsize=4096)
def is_kept_of_strips(param: str) -> bool:
    """Whether a scene keeps a strip's param, by its path below the strip."""
    return bool(param) and _first(param) not in NO_PART_OF_A_MIX


def _first(param: str) -> str:
    return paths.segments(param)[0]

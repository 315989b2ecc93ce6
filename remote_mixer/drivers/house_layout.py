"""Layout of the house: groups as strips and params, and a switch for each one that says whether it exists."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from remote_mixer.desk import paths
from remote_mixer.desk.actions import Action
from remote_mixer.desk.groups import MUTE_GROUP
from remote_mixer.desk.layout import STRIP_COLORS, Layout, Strip
from remote_mixer.desk.params import Choice, Param, Position, StripList, Text, Toggle
from remote_mixer.desk.tapers import FADER

WORD = "house"
DCA = "dca"
MOST_TEXT = 4000
EXISTS = "exists"
"""Switch of a group: set by whoever makes, deletes or puts back the group."""
READINGS = ("missing", "behind", "by_position")
"""Lists of a group's members: gone for good; left behind while their console was offline; without a law in dB."""
ADD, REMOVE, RESTORE, CATCH_UP = "add", "remove", "restore", "catch_up"
FADER_DEFAULT = 0.75

ACTIONS = (
    Action(
        ADD,
        "Make a group",
        {"kind": Choice((DCA, MUTE_GROUP), DCA), "name": Text(32), "color": Choice(STRIP_COLORS, "grey")},
        {"name": "", "color": "grey"},
    ),
    Action(REMOVE, "Delete a group", {"group": Text(40)}),
    Action(RESTORE, "Put a deleted group back", {"group": Text(40)}),
    Action(CATCH_UP, "Bring members to what they missed while they were offline", {"group": Text(40)}),
)

_FADER = Position("fader", FADER_DEFAULT)
_READING = StripList(MOST_TEXT, read_only=True)
_OF_ALL: dict[str, Param] = {"name": Text(32), "color": Choice(STRIP_COLORS, "grey")}


def layout(name: str, title: str, groups: Sequence[str], deleted: Collection[str]) -> Layout:
    """Return the layout of groups, as `dca1` and `mutegroup/2`: DCAs are strips, mute groups the console's own params.

    deleted  groups that can be put back: each has its switch, and its name to read
    """
    members = StripList(MOST_TEXT, but_of=name)
    own: dict[str, Param] = {paths.join(local, "name"): Text(32, read_only=True) for local in deleted}
    own |= {paths.join(local, EXISTS): Toggle() for local in (*groups, *deleted)}
    if groups:
        own["muted"] = _READING
    for local in filter(is_mutes, groups):
        own |= _params_of_mutes(local, members)
    strips = tuple(_strip(local, members) for local in groups if not is_mutes(local))
    return Layout(name, title, WORD, {"fader": FADER}, own, strips, (), ACTIONS, hidden_while_empty=True)


def is_mutes(local: str) -> bool:
    """Whether a group is a mute group, not a DCA."""
    return local.startswith(MUTE_GROUP)


def place(local: str) -> tuple[bool, int]:
    """Return the place of a group among the others: DCAs first, then by number; ValueError for what is no group."""
    return is_mutes(local), int("".join(filter(str.isdigit, local)))


def _strip(local: str, members: StripList) -> Strip:
    number = place(local)[1]
    params = {"fader": _FADER, "mute": Toggle(), **_OF_ALL, "members": members, **dict.fromkeys(READINGS, _READING)}
    return Strip(local, DCA, number, f"DCA {number}", params)


def _params_of_mutes(local: str, members: StripList) -> dict[str, Param]:
    readings = dict.fromkeys((name for name in READINGS if name != "by_position"), _READING)
    params = {**_OF_ALL, "members": members, **readings}
    return {local: Toggle(), **{paths.join(local, name): param for name, param in params.items()}}

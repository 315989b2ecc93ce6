"""Groups over consoles: how a DCA's members follow its fader in dB, and what mute groups take and give back.

Pure. A member's own level is the one that it has with its DCAs at 0 dB: what it has now less the sum of theirs. It is
kept while the member stands where its groups left it, at an end or a limit too; a member that anybody else has moved
since counts anew from where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isinf
from typing import NamedTuple

from remote_mixer.desk import paths
from remote_mixer.desk.params import Position, StripList
from remote_mixer.desk.tapers import FADER, Taper

MUTE_GROUP = "mutegroup"
_NEAR_DB = 1e-6


class Ratio(NamedTuple):
    """A member's relation to its DCAs.

    own      its level in dB with its DCAs at 0 dB; −inf for a member that was off by itself
    sum_db   sum of its DCAs' levels when they moved it last; −inf with one of them off
    left_at  position at which they left it
    """

    own: float
    sum_db: float
    left_at: float


@dataclass(frozen=True, slots=True)
class Law:
    """A member's law between position and dB.

    known  whether it is the console's; else our own fader's stands for it
    """

    param: Position
    taper: Taper
    known: bool = True

    @classmethod
    def of(cls, param: Position, taper: Taper) -> Law:
        """Return the law of a position with its taper."""
        return cls(param, taper) if taper.unit == "dB" else cls(param, FADER, known=False)

    def level(self, position: float) -> float:
        """Return the level at a position, in dB; −inf at the lower end."""
        return self.taper.to_unit(position) if position > 0 else -inf

    def position(self, level: float) -> float:
        """Return the position of a level on the console's grid; the nearest end for one out of range."""
        return self.param.check(self.taper.to_position(level))

    def standing(self, ratio: Ratio | None, present: float, sum_db: float) -> float:
        """Return the own level of a member at a position, with its DCAs at a sum.

        One that was moved while a DCA was off counts from 0 dB: from −∞ there would be no ratio.
        """
        if ratio is not None:
            is_left = self.param.same(present, ratio.left_at) and _near(sum_db, ratio.sum_db)
            if is_left or self.param.same(present, self.position(ratio.own + sum_db)):
                return ratio.own
        level = self.level(present)
        return level if isinf(sum_db) else level - sum_db

    def follow(self, own: float, present: float, before: float, after: float) -> float:
        """Return the position of a member whose DCAs went from one sum to another.

        A member that a limit or a hand had left off its line waits until the line comes by, so that nothing leaps; it
        never rises by more than its DCAs do, and with one of them off it is off.
        """
        line, former = self.position(own + after), self.position(own + before)
        if isinf(after) or self.param.same(present, former):
            return line
        if present > former:
            return max(line, present)
        if line <= present:
            return line
        return min(line, self.position(self.level(present) + after - before)) if after > before else present


def _near(one: float, other: float) -> bool:
    return one == other or abs(one - other) < _NEAR_DB


# Mutes


def mutes_of(before: Set[str], after: Set[str], taken: Set[str], is_muted: Callable[[str], bool]) -> dict[str, bool]:
    """Return path → value of the mutes that follow when the groups that are on cover other params than before.

    before, after  mutes that the groups which are on cover
    taken          mutes that groups have set, and nobody by hand
    """
    muted = dict.fromkeys((path for path in sorted(after - before) if not is_muted(path)), True)
    return muted | dict.fromkeys((path for path in sorted((before - after) & taken) if is_muted(path)), False)


# Names


@lru_cache(maxsize=1024)
def members_in(text: str) -> tuple[str, ...]:
    """Return the members in a list's text."""
    return tuple(text.split(StripList.SEPARATOR)) if text else ()


@lru_cache(maxsize=4096)
def fader_of(member: str) -> str:
    """Return the path of a member's fader."""
    return paths.join(member, "fader")


@lru_cache(maxsize=4096)
def mute_of(member: str) -> str:
    """Return the path of a member's mute; a console's own mute group is one itself."""
    return member if paths.parse(member).strip == MUTE_GROUP else paths.join(member, "mute")


def member_of(mute: str) -> str:
    """Return the member with this mute."""
    return mute if paths.parse(mute).strip == MUTE_GROUP else paths.strip_of(mute)


def text_of(ratio: Ratio) -> str:
    """Return a ratio as text, for the database."""
    return " ".join(repr(number) for number in ratio)


def ratio_in(text: object) -> Ratio | None:
    """Return the ratio that `text_of` wrote; None for anything else."""
    try:
        own, sum_db, left_at = (float(number) for number in str(text).split(" "))
    except ValueError:
        return None
    return Ratio(own, sum_db, left_at)


def ratios_in(kept: Mapping[str, object], prefix: str) -> dict[str, Ratio]:
    """Return member → its ratio, of what was kept under `prefix`."""
    found = {path.removeprefix(prefix): ratio_in(text) for path, text in kept.items() if path.startswith(prefix)}
    return {member: ratio for member, ratio in found.items() if ratio is not None}

"""Following: what a person's set of a group's params changes at its members, on any console.

The desk asks for it at its one door, so that a group and its members are one change, of one person, with one gesture.
Each member passes that person's rights, rails and other hands' holds by itself; one that may not move stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from math import isnan, nan
from typing import NamedTuple

from remote_mixer.desk import paths
from remote_mixer.desk.change import RECORDED_WHOLE, Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.groups import (
    MUTE_GROUP,
    Law,
    Ratio,
    fader_of,
    member_of,
    members_in,
    mute_of,
    mutes_of,
)
from remote_mixer.desk.layout import ONLINE
from remote_mixer.desk.params import Position, Toggle, Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.desk.tapers import FADER

Overlay = Mapping[str, Value]


class Target(NamedTuple):
    """Position of a member's fader that follows, and the ratio that it then has."""

    position: float
    ratio: Ratio


class Following:
    """The groups of one console on a desk.

    desk       the desk
    console    its nickname
    groups     paths of its groups: `house/dca1`, `house/mutegroup/2`
    ratios     member → its ratio
    taken      mutes that groups have set, and nobody by hand
    behind     members that stood still while a group moved, because their console was offline → their own level then,
               nan where it is not known
    asked      members whose console was asked for their value, as a hand landed on their DCA → sum of their DCAs then
    listeners  called with the members whose ratio has perhaps changed
    """

    def __init__(self, desk: Desk, console: str) -> None:
        self.desk, self.console = desk, console
        self.groups: tuple[str, ...] = ()
        self.ratios: dict[str, Ratio] = {}
        self.taken: set[str] = set()
        self.behind: dict[str, float] = {}
        self.asked: dict[str, float] = {}
        self.listeners: list[Callable[[Collection[str]], None]] = []
        self._muted_whole: set[str] = set()

    # Groups

    def members(self, group: str, overlay: Overlay | None = None) -> tuple[str, ...]:
        """Return the members of a group."""
        text = self._value(paths.join(group, "members"), overlay or {})
        return members_in(text) if isinstance(text, str) else ()

    def law(self, member: str) -> Law | None:
        """Return the law of a member's fader, None where it has none here."""
        path = fader_of(member)
        layout = self.desk.layouts.get(paths.console_of(member))
        if layout is None or path not in self.desk.values:
            return None
        param = self.desk.param(path)
        return Law.of(param, layout.tapers[param.taper]) if isinstance(param, Position) else None

    def is_missing(self, member: str) -> bool:
        """Whether no console here has a member: one that is offline, and was never read, may still have it."""
        console, desk = paths.console_of(member), self.desk
        if console not in desk.layouts:
            return True
        is_read = bool(desk.layouts[console].strips) or self.is_online(member)
        return is_read and fader_of(member) not in desk.values and mute_of(member) not in desk.values

    def is_online(self, member: str) -> bool:
        """Whether a member's console is online."""
        return self.desk.values.get(paths.status(paths.console_of(member))) == ONLINE

    # What follows

    def targets(self, values: Overlay) -> dict[str, Value]:
        """Return the values of members' params that go with these values of groups; nothing is set.

        Params among `values` are not followed: whoever sets them knows better.
        """
        found: dict[str, Value] = {fader_of(member): to.position for member, to in self._faders(values)}
        found |= self._mutes(values)
        return {path: value for path, value in found.items() if path not in values}

    def follow(self, values: Overlay, source: Source) -> dict[str, Value]:
        """Return the values that members get with these values of groups, now and for this source.

        Called by the desk once nothing can refuse `values` any more.
        """
        faders = {member: to for member, to in self._faders(values) if fader_of(member) not in values}
        found: dict[str, Value] = dict(self._follow_faders(faders, source))
        mutes = {path: value for path, value in self._mutes(values).items() if path not in values}
        for path, value in mutes.items():
            if not self.is_online(path):
                self._leave_behind(member_of(path))
            elif self._may(path, value, source):
                found[path] = value
        if faders or mutes:
            self._announce(faders)
        return found

    def _faders(self, values: Overlay) -> Iterator[tuple[str, Target]]:
        """Give each member whose DCAs move, with where it goes."""
        moved = [group for group in self.groups if fader_of(group) in values]
        befores, afters = (self._levels({}), self._levels(values)) if moved else ([], [])
        for member in dict.fromkeys(member for group in moved for member in self.members(group)):
            law, present = self.law(member), self.desk.values.get(fader_of(member))
            if law is None or not isinstance(present, float):
                continue
            before, after, ratio = _sum(member, befores), _sum(member, afters), self.ratios.get(member)
            if member in self.asked:
                if not self.desk.is_known(fader_of(member)):
                    continue
                before, ratio = self.asked[member], None
            own = law.standing(ratio, present, before)
            position = law.follow(own, present, before, after)
            yield member, Target(position, Ratio(own, after, position))

    def sum_db(self, member: str) -> float:
        """Return the sum of the levels of a member's DCAs, in dB."""
        return _sum(member, self._levels({}))

    def _levels(self, overlay: Overlay) -> list[tuple[Collection[str], float]]:
        """Return the members of each DCA, and its level in dB."""
        faders = {group: self._value(fader_of(group), overlay) for group in self.groups if not is_mute_group(group)}
        return [(self.members(dca), FADER.to_unit(fader)) for dca, fader in faders.items() if isinstance(fader, float)]

    def _follow_faders(self, faders: Mapping[str, Target], source: Source) -> Iterator[tuple[str, float]]:
        for member, (position, ratio) in faders.items():
            path = fader_of(member)
            self.asked.pop(member, None)
            if not self.is_online(member):
                self._leave_behind(member)
                continue
            limited = self._limited(path, position, source)
            if limited is None:
                self.ratios.pop(member, None)  # a hand or a right keeps it: it counts anew from where it is left
                continue
            self.ratios[member] = ratio._replace(left_at=limited)
            yield path, limited

    def _leave_behind(self, member: str) -> None:
        law, present = self.law(member), self.desk.values.get(fader_of(member))
        own = nan
        if law is not None and isinstance(present, float):
            own = law.standing(self.ratios.get(member), present, self.sum_db(member))
        self.behind.setdefault(member, own)

    def _limited(self, path: str, position: float, source: Source) -> float | None:
        """Return how far a member may follow now, None where it may not move."""
        desk, present = self.desk, self.desk.values[path]
        param = desk.param(path)
        if isinstance(param, Position) and isinstance(present, float) and position > present:
            highest = desk.rights.highest(path, param, present, source)
            if position > highest:
                position = max(present, param.below(highest))
        return position if self._may(path, position, source) else None

    def _may(self, path: str, value: Value, source: Source) -> bool:
        """Whether a source may set a member's param now, and no finger rests on it."""
        if path not in self.desk.values or self.desk.holder(path) is not None:
            return False
        try:
            self.desk.check(path, value, source)
        except Refusal:
            return False
        return True

    def _mutes(self, values: Overlay) -> dict[str, bool]:
        if not any(paths.console_of(path) == self.console for path in values):
            return {}
        return mutes_of(self.covered({}), self.covered(values), self.taken, self._is_muted)

    def covered(self, overlay: Overlay) -> set[str]:
        """Return the mutes that the groups which are on cover."""
        on = [group for group in self.groups if self._value(switch_of(group), overlay) is True]
        return {path for group in on for path in map(mute_of, self.members(group, overlay)) if self._is_mute(path)}

    def _is_mute(self, path: str) -> bool:
        return path in self.desk.values and isinstance(self.desk.param(path), Toggle)

    def _is_muted(self, path: str) -> bool:
        return self.desk.values.get(path) is True

    def _value(self, path: str, overlay: Overlay) -> Value:
        return overlay[path] if path in overlay else self.desk.values.get(path)

    # What others do

    def note(self, change: Change) -> None:
        """Follow who mutes: what a hand un-mutes is not a group's any more; a change listener of the desk."""
        whole = change.cause in RECORDED_WHOLE
        covered = self.covered({}) if change.cause is Cause.GROUP or whole else set()
        before = set(self.taken), len(self.behind)
        if change.source.kind == CLIENT and change.cause is not Cause.GROUP:
            self._forget_behind(change)
        for path, value in change.after.items():
            if not isinstance(value, bool) or path not in covered | self.taken | self._muted_whole:
                continue
            self._muted_whole.discard(path)
            if value and change.cause is Cause.GROUP:
                self.taken.add(path)
            elif not value:
                self.taken.discard(path)
        if whole:
            self._note_whole(change, covered)
        if (self.taken, len(self.behind)) != before:
            self._announce(())

    def _forget_behind(self, change: Change) -> None:
        """Forget what members missed that a hand has moved."""
        for member in [member for member in self.behind if not change.after.keys().isdisjoint(_moved(member))]:
            del self.behind[member]

    def _note_whole(self, change: Change, covered: set[str]) -> None:
        """Take what an undo, redo or recall mutes for a group's that is on, or that comes on with it."""
        self._muted_whole |= {path for path, value in change.after.items() if value is True}
        self.taken |= {path for path in self._muted_whole & covered if self._is_muted(path)}

    def keep_only(self) -> None:
        """Forget mutes that are not set any more: a console was read anew."""
        gone = {path for path in self.taken if self.desk.values.get(path, True) is False}
        if gone:
            self.taken -= gone
            self._announce(())

    # Hands on a DCA

    def land(self, dca: str, ask: Callable[[str], bool]) -> None:
        """Ask for the members whose value is remembered only: each waits for the answer, then makes up for the travel.

        ask  asks the console for the value of a path; returns whether an answer can come
        """
        for member in self.members(dca):
            path = fader_of(member)
            if path in self.desk.values and self.is_online(member) and not self.desk.is_known(path) and ask(path):
                self.asked.setdefault(member, self.sum_db(member))

    def lift(self, dca: str) -> None:
        """Wait for no member any more: what comes later is where it counts from."""
        for member in self.members(dca):
            self.asked.pop(member, None)

    # What was missed

    def missed(self, group: str) -> dict[str, Value]:
        """Return the values with which a group's members make up for what they missed while they were offline."""
        return {path: value for member in self.members(group) for path, value in self.missed_by(member).items()}

    def missed_by(self, member: str) -> dict[str, Value]:
        """Return the values with which a member makes up for what it missed; none while it is offline."""
        if member not in self.behind or not self.is_online(member):
            return {}
        fader, mute, covered = fader_of(member), mute_of(member), self.covered({})
        is_ours = self._is_mute(mute) and mute in covered | self.taken
        found: dict[str, Value] = {mute: mute in covered} if is_ours else {}
        line = self._line(member, self.behind[member])
        if line is not None:
            found[fader] = line
        return {path: to for path, to in found.items() if not self.desk.param(path).same(self.desk.values[path], to)}

    def catch_up(self, members: Collection[str]) -> None:
        """Let these members count from the ratio that they had before their console was offline."""
        for member in members:
            own = self.behind.pop(member, nan)
            line = self._line(member, own)
            if line is not None:
                self.ratios[member] = Ratio(own, self.sum_db(member), line)
        self._announce(members)

    def _line(self, member: str, own: float) -> float | None:
        """Return where a member with this own level would stand, None where that is not known."""
        law = self.law(member)
        return None if law is None or isnan(own) else law.position(own + self.sum_db(member))

    def _announce(self, members: Collection[str]) -> None:
        for listener in self.listeners:
            listener(members)


def _sum(member: str, levels: Collection[tuple[Collection[str], float]]) -> float:
    return sum((level for members, level in levels if member in members), 0.0)


def _moved(member: str) -> tuple[str, str]:
    return fader_of(member), mute_of(member)


@lru_cache(maxsize=1024)
def is_mute_group(group: str) -> bool:
    """Whether a group is a mute group, not a DCA."""
    return paths.parse(group).strip == MUTE_GROUP


def switch_of(group: str) -> str:
    """Return the path of a group's mute."""
    return group if is_mute_group(group) else paths.join(group, "mute")

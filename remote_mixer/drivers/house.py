"""House: our own console of groups. Its DCAs and mute groups have members of any console; it has no hardware.

Unlike other drivers it has the desk: `desk.following` finds what follows a group, and the desk asks it at its one door.
Here groups come and go, and what they are is kept: in the desk's own values, and in rows of ours for the ratios.

Whether a group exists is a switch of its own, also of one that was deleted: to make or delete a group is to set it, as
a person's move, which undo takes back like any other. The groups follow their switches.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.following import Following, is_mute_group, switch_of
from remote_mixer.desk.groups import MUTE_GROUP, fader_of, member_of, members_in, ratios_in, text_of
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import StripList, Value
from remote_mixer.desk.sources import CONSOLE, Source, console
from remote_mixer.drivers import house_layout
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.house_layout import (
    ADD,
    CATCH_UP,
    DCA,
    EXISTS,
    FADER_DEFAULT,
    MOST_TEXT,
    READINGS,
    REMOVE,
    WORD,
    is_mutes,
    place,
)

NICKNAME = "house"
MOST_OF_A_KIND = 24
MOST_REMOVED = 8
"""Deleted groups that can be put back, the newest ones."""
RESTORED = ("name", "color", "members", "fader")
"""Params of a deleted group that it has again when it is put back."""
MUTED_TEXT = "This group is muted: turn it off first, so that its members come back."
FULL_TEXT = f"There are {MOST_OF_A_KIND} of these already: delete one that is not used."

Paste = Callable[[Mapping[str, Value], Source], object]
"""Sets values for a source, as one move that raises no level in a leap."""

Ask = Callable[[str], bool]
"""Asks a console for the value of a path; returns whether an answer can come."""


class House(Driver):
    """The driver. Its console is hidden while it has no groups."""

    title = "House"
    hidden_while_empty = True
    keeps = True

    def __init__(self, setup: Setup) -> None:
        """Raise ValueError for a spec: this driver has none."""
        super().__init__(setup)
        if setup.spec:
            raise ValueError(f"“{WORD}:” takes nothing after its colon, not “{setup.spec}”")
        self.groups = list(members_in(str(self._kept("groups") or "")))
        self._removed = _removed_in(self._kept("removed"))
        self._following: Following | None = None
        self._report: Report | None = None
        self._refreshing = False
        self._written: dict[str, Value] = {}
        self.paste: Paste = self._set_at_once
        self.ask: Ask = lambda _: False

    def _kept(self, local: str) -> Value:
        return self.setup.kept.get(paths.join(self.name, local))

    def join(self, desk: Desk) -> None:
        """Follow the desk, and let members follow the groups at its door."""
        following = self._following = Following(desk, self.name)
        following.ratios = ratios_in(self.setup.kept, paths.join(self.name, "ratio", ""))
        following.behind = {
            member: ratio.own
            for member, ratio in ratios_in(self.setup.kept, paths.join(self.name, "behind", "")).items()
        }
        following.taken = set(members_in(str(self._kept("taken") or "")))
        following.listeners.append(self._ratios_changed)
        self._name_groups()
        desk.follower = following
        desk.change_listeners += [following.note, self._changed]
        desk.layout_listeners.append(self._layout_changed)
        desk.hold_listeners.append(self._hold_changed)

    @property
    def following(self) -> Following:
        """Groups on the desk; RuntimeError before `join`."""
        if self._following is None:
            raise RuntimeError("the house console has not joined a desk")
        return self._following

    def _set_at_once(self, values: Mapping[str, Value], source: Source) -> None:
        self.following.desk.set(values, source)

    # Layout

    def layout(self) -> Layout:
        """Return the groups that there are now, and the switches of those that were deleted."""
        return house_layout.layout(self.name, self.title, self.groups, self._deleted)

    @property
    def _deleted(self) -> list[str]:
        named = dict.fromkeys(str(one["group"]) for one in self._removed)
        return [local for local in named if local not in self.groups]

    def _opened(self) -> Opened:
        layout, values = self.layout(), self.following.desk.values
        settings = [path for path, param in layout.paths() if not param.read_only]
        kept = {**self.setup.kept, **self._written, **values}
        known = {path: kept[path] for path in settings if kept.get(path) is not None}
        return Opened(layout, known | self._names_of_deleted() | self._readings())

    def _name_groups(self) -> None:
        self.following.groups = tuple(paths.join(self.name, local) for local in self.groups)

    # The contract

    async def open(self, report: Report) -> Opened:
        """Return the layout: there is no connection to open."""
        self._report = report
        return self._opened()

    async def run(self, report: Report) -> None:
        """Stay until cancelled: there is no link that could be lost."""
        await asyncio.Event().wait()

    def send(self, path: str, value: Value) -> None:
        """Do nothing: the desk has let the members follow already."""

    async def close(self) -> None:
        """Report nothing any more: there is no connection to close."""
        self._report = None

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Run an action as the console's own move."""
        await self.act_for(console(self.name), action, arguments)

    async def act_for(self, source: Source, action: str, arguments: Mapping[str, Any]) -> None:
        """Make or delete a group, put a deleted one back, or make up for what members missed, as a move of a source."""
        if action == ADD:
            self._add(source, **arguments)
        elif action == REMOVE:
            self._remove(self._group(arguments["group"]), source)
        elif action == CATCH_UP:
            self._catch_up(paths.join(self.name, self._group(arguments["group"])), source)
        else:
            self._restore(arguments["group"], source)

    # Groups

    def _group(self, name: str) -> str:
        local = name.removeprefix(paths.join(self.name, ""))
        if local not in self.groups:
            raise DriverError(f"There is no group “{name}”: the groups are {', '.join(self.groups) or 'none yet'}.")
        return local

    def _add(self, source: Source, kind: str, name: str, color: str) -> None:
        """Make a group under a number that no deleted one has, so that each keeps its own way back."""
        taken = {*self.groups, *self._deleted}
        free = (f"{MUTE_GROUP}/{n}" if kind == MUTE_GROUP else f"{DCA}{n}" for n in count(1))
        local = next(local for local in free if local not in taken)
        self._refuse_many(local)
        self._note_removed({"group": local, "name": name, "color": color, "members": "", "fader": FADER_DEFAULT})
        self._groups_changed()
        self._switch(local, source, on=True)

    def _remove(self, local: str, source: Source) -> None:
        if self._is_muted(local):
            raise DriverError(MUTED_TEXT)
        self._switch(local, source, on=False)

    def _restore(self, group: str, source: Source) -> None:
        """Put the newest deleted group back that had this path; its members stay where they are now."""
        local = group.removeprefix(paths.join(self.name, ""))
        if local not in self._deleted:
            names = ", ".join(f"{one['group']} {one['name']}".strip() for one in self._removed) or "none"
            raise DriverError(f"There is no deleted group “{group}”: those that can be put back are {names}.")
        self._refuse_many(local)
        self._switch(local, source, on=True)

    def _switch(self, local: str, source: Source, *, on: bool) -> None:
        """Set whether a group exists, as a source's move."""
        self.following.desk.set({self._exists(local): on}, source)
        self._follow_switches()

    def _follow_switches(self) -> None:
        """Make and delete groups as their switches stand; a switch that cannot be followed goes back."""
        values = self.following.desk.values
        wanted = {local for local in (*self.groups, *self._deleted) if values.get(self._exists(local)) is True}
        gone = [local for local in self.groups if local not in wanted and not self._is_muted(local)]
        new = [local for local in self._deleted if local in wanted and self._has_room(local)]
        for local in gone:
            self._delete(local)
        for local in new:
            self._make(local)
        if gone or new:
            self._groups_changed()
        self._refresh()

    def _make(self, local: str) -> None:
        """Make a group, which is not muted, with what it had when it was deleted; a mute group has no fader."""
        found = next(one for one in self._removed if one["group"] == local)
        path = paths.join(self.name, local)
        self.groups = sorted([*self.groups, local], key=place)
        own: dict[str, Value] = {paths.join(path, one): found[one] for one in RESTORED if found[one] is not None}
        if is_mutes(local):
            own.pop(fader_of(path), None)
        self._keep(own | {switch_of(path): False})
        self._removed.remove(found)

    def _delete(self, local: str) -> None:
        path, values = paths.join(self.name, local), self.following.desk.values
        self.groups.remove(local)
        had: dict[str, Value] = {param: values.get(paths.join(path, param)) for param in RESTORED}
        self._note_removed({"group": local, **had})
        self._keep(dict.fromkeys((f"{path}/members", f"{path}/name"), ""))

    def _note_removed(self, one: dict[str, Value]) -> None:
        self._removed = [one, *self._removed][:MOST_REMOVED]

    def _exists(self, local: str) -> str:
        return paths.join(self.name, local, EXISTS)

    def _is_muted(self, local: str) -> bool:
        return self.following.desk.values[switch_of(paths.join(self.name, local))] is True

    def _has_room(self, local: str) -> bool:
        return sum(is_mutes(one) == is_mutes(local) for one in self.groups) < MOST_OF_A_KIND

    def _refuse_many(self, local: str) -> None:
        if not self._has_room(local):
            raise DriverError(FULL_TEXT)

    def _groups_changed(self) -> None:
        self._name_groups()
        groups = StripList.SEPARATOR.join(self.groups)
        self._keep(
            {paths.join(self.name, "groups"): groups, paths.join(self.name, "removed"): json.dumps(self._removed)}
        )
        if self._report:
            self._report.opened(self._opened())

    def _catch_up(self, group: str, source: Source) -> None:
        missed = self.following.missed(group)
        back = [member for member in self.following.members(group) if self.following.is_online(member)]
        if missed:
            self.paste(missed, source)
        self.following.catch_up(back)

    # What is kept, and what pages read

    def _keep(self, values: Mapping[str, Value]) -> None:
        self._written |= values
        self.setup.keep(values)

    def _ratios_changed(self, members: Collection[str]) -> None:
        following = self.following
        rows: dict[str, Value] = {}
        for member in members:
            ratio = following.ratios.get(member)
            rows[paths.join(self.name, "ratio", member)] = text_of(ratio) if ratio else ""
        if rows:
            self.setup.keep(rows)
        self._refresh()

    def _changed(self, change: Change) -> None:
        if any(paths.is_status(path) or paths.param_of(path) == "members" for path in change.after):
            self._refresh()
        if change.source.kind != CONSOLE and any(paths.param_of(path) == EXISTS for path in change.after):
            asyncio.get_running_loop().call_soon(self._follow_switches)

    def _hold_changed(self, path: str, by: str | None, former: str | None) -> None:
        dca = next((group for group in self.following.groups if path == fader_of(group)), None)
        if dca is not None and by is None:
            self.following.lift(dca)
        elif dca is not None and former is None:
            self.following.land(dca, self.ask)

    def _layout_changed(self, layout: Layout) -> None:
        if layout.name != self.name:
            self.following.keep_only()
            self._refresh()

    def _refresh(self) -> None:
        """Report the readings soon, once for all that changes now."""
        if not self._refreshing:
            self._refreshing = True
            asyncio.get_running_loop().call_soon(self._report_readings)

    def _report_readings(self) -> None:
        self._refreshing = False
        if self._report:
            self._report.values(self._readings())
        self._keep_rest()

    def _keep_rest(self) -> None:
        """Keep what groups have muted, and who was left behind, where that has changed."""
        following, behind = self.following, paths.join(self.name, "behind", "")
        rows: dict[str, Value] = {paths.join(self.name, "taken"): StripList.SEPARATOR.join(sorted(following.taken))}
        rows |= {f"{behind}{member}": f"{own} 0.0 0.0" for member, own in following.behind.items()}
        former = {path for path, value in self._written.items() if path.startswith(behind) and value}
        rows |= dict.fromkeys(former - rows.keys(), "")
        changed = {path: value for path, value in rows.items() if self._written.get(path) != value}
        if changed:
            self._keep(changed)

    def _names_of_deleted(self) -> dict[str, Value]:
        """Return the names of deleted groups, for whoever reads of them in the history."""
        newest = {str(one["group"]): one["name"] for one in reversed(self._removed)}
        return {paths.join(self.name, local, "name"): newest[local] or "" for local in self._deleted}

    def _readings(self) -> dict[str, Value]:
        exist: dict[str, Value] = {self._exists(local): False for local in self._deleted}
        exist |= {self._exists(local): True for local in self.groups}
        if not self.groups:
            return exist
        muted = StripList(MOST_TEXT).fitting(sorted(map(member_of, self.following.taken)))
        return exist | {paths.join(self.name, "muted"): muted} | dict(self._readings_of_groups())

    def _readings_of_groups(self) -> Iterator[tuple[str, Value]]:
        following = self.following
        is_true: dict[str, Callable[[str], bool]] = {
            "missing": following.is_missing,
            "behind": lambda member: bool(following.missed_by(member)),
            "by_position": lambda member: (law := following.law(member)) is not None and not law.known,
        }
        for group in following.groups:
            for reading in READINGS:
                if reading != "by_position" or not is_mute_group(group):
                    listed = filter(is_true[reading], following.members(group))
                    yield paths.join(group, reading), StripList(MOST_TEXT).fitting(listed)


def _removed_in(text: Value) -> list[dict[str, Value]]:
    """Return the deleted groups in the text that was kept; none where it is damaged."""
    try:
        found = json.loads(str(text or "[]"))
        return [{key: one.get(key) for key in ("group", *RESTORED)} for one in found if place(one["group"])]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


def with_house(consoles: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return these consoles, and our own console `house` unless it is among them."""
    if any(spec.partition(":")[0] == WORD for _, spec in consoles):
        return list(consoles)
    taken = {name for name, _ in consoles}
    free = (f"{NICKNAME}{number}" for number in count(2))
    name = NICKNAME if NICKNAME not in taken else next(name for name in free if name not in taken)
    return [*consoles, (name, f"{WORD}:")]

"""House: our own console of groups. Its DCAs and mute groups have members of any console; it has no hardware.

Unlike other drivers it has the desk: `desk.following` finds what follows a group, and the desk asks it at its one door.
Here groups come and go, and what they are is kept: in the desk's own values, and in rows of ours for the ratios.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.actions import Action
from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.following import Following, is_mute_group, switch_of
from remote_mixer.desk.groups import MUTE_GROUP, fader_of, member_of, members_in, ratios_in, text_of
from remote_mixer.desk.layout import STRIP_COLORS, Layout, Strip
from remote_mixer.desk.params import Choice, Param, Position, StripList, Text, Toggle, Value
from remote_mixer.desk.sources import Source
from remote_mixer.desk.tapers import FADER
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup

NICKNAME = "house"
WORD = "house"
DCA = "dca"
MOST_OF_A_KIND = 24
MOST_TEXT = 4000
MOST_REMOVED = 8
"""Deleted groups that can be put back, the newest ones."""
ADD, REMOVE, RESTORE, CATCH_UP = "add", "remove", "restore", "catch_up"
READINGS = ("missing", "behind", "by_position")
"""Lists of a group's members: gone for good; left behind while their console was offline; without a law in dB."""

RESTORED = ("name", "color", "members", "fader")
"""Params of a deleted group that it has again when it is put back."""

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
        """Return the groups that there are now: DCAs are strips, mute groups are params of the console's own."""
        members = StripList(MOST_TEXT, but_of=self.name)
        strips = tuple(_strip(local, members) for local in self.groups if not _is_mutes(local))
        own: dict[str, Param] = {"muted": _READING} if self.groups else {}
        for local in filter(_is_mutes, self.groups):
            own |= _params_of_mutes(local, members)
        hidden = self.hidden_while_empty
        return Layout(
            self.name, self.title, WORD, {"fader": FADER}, own, strips, (), ACTIONS, hidden_while_empty=hidden
        )

    def _opened(self) -> Opened:
        layout, values = self.layout(), self.following.desk.values
        settings = [path for path, param in layout.paths() if not param.read_only]
        kept = {**self.setup.kept, **self._written, **values}
        return Opened(layout, {path: kept[path] for path in settings if kept.get(path) is not None} | self._readings())

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
        """Make or delete a group, or put a deleted one back."""
        if action == ADD:
            self._add(**arguments)
        elif action == RESTORE:
            self._restore(arguments["group"])
        else:
            self._remove(self._group(arguments["group"]))

    async def act_for(self, source: Source, action: str, arguments: Mapping[str, Any]) -> None:
        """Run an action; what members missed is made up for as a move of this source."""
        if action == CATCH_UP:
            self._catch_up(paths.join(self.name, self._group(arguments["group"])), source)
        else:
            await self.act(action, arguments)

    # Groups

    def _group(self, name: str) -> str:
        local = name.removeprefix(paths.join(self.name, ""))
        if local not in self.groups:
            raise DriverError(f"There is no group “{name}”: the groups are {', '.join(self.groups) or 'none yet'}.")
        return local

    def _add(self, kind: str, name: str, color: str) -> None:
        free = (f"{MUTE_GROUP}/{n}" if kind == MUTE_GROUP else f"{DCA}{n}" for n in count(1))
        local = next(local for local in free if local not in self.groups)
        self._make(local, {"name": name, "color": color, "members": "", "fader": _FADER.default})

    def _make(self, local: str, values: Mapping[str, Value]) -> None:
        """Make a group, which is not muted, with these values of its params; a mute group has no fader."""
        if sum(_is_mutes(one) == _is_mutes(local) for one in self.groups) >= MOST_OF_A_KIND:
            raise DriverError(f"There are {MOST_OF_A_KIND} of these already: delete one that is not used.")
        path = paths.join(self.name, local)
        self.groups = sorted([*self.groups, local], key=_place)
        own = {paths.join(path, param): value for param, value in values.items() if value is not None}
        if _is_mutes(local):
            own.pop(fader_of(path), None)
        self._keep(own | {switch_of(path): False})
        self._groups_changed()

    def _remove(self, local: str) -> None:
        path, values = paths.join(self.name, local), self.following.desk.values
        if values[switch_of(path)] is True:
            raise DriverError("This group is muted: turn it off first, so that its members come back.")
        self.groups.remove(local)
        was = {"group": local} | {param: values.get(paths.join(path, param)) for param in RESTORED}
        self._removed = [was, *self._removed][:MOST_REMOVED]
        self._keep_removed()
        self._keep(dict.fromkeys((f"{path}/members", f"{path}/name"), ""))
        self._groups_changed()

    def _restore(self, group: str) -> None:
        """Put back the newest deleted group that had this path; its members stay where they are now."""
        local = group.removeprefix(paths.join(self.name, ""))
        found = next((one for one in self._removed if one["group"] == local), None)
        if found is None:
            names = ", ".join(f"{one['group']} {one['name']}".strip() for one in self._removed) or "none"
            raise DriverError(f"There is no deleted group “{group}”: those that can be put back are {names}.")
        if local in self.groups:
            raise DriverError(f"{local} is another group by now: delete that one first.")
        self._make(local, {param: found[param] for param in RESTORED})
        self._removed.remove(found)
        self._keep_removed()

    def _keep_removed(self) -> None:
        self._keep({paths.join(self.name, "removed"): json.dumps(self._removed)})

    def _groups_changed(self) -> None:
        self._name_groups()
        self._keep({paths.join(self.name, "groups"): StripList.SEPARATOR.join(self.groups)})
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

    def _readings(self) -> dict[str, Value]:
        if not self.groups:
            return {}
        muted = StripList(MOST_TEXT).fitting(sorted(map(member_of, self.following.taken)))
        return {paths.join(self.name, "muted"): muted} | dict(self._readings_of_groups())

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


_FADER = Position("fader", 0.75)
_READING = StripList(MOST_TEXT, read_only=True)
_OF_ALL: dict[str, Param] = {"name": Text(32), "color": Choice(STRIP_COLORS, "grey")}


def _removed_in(text: Value) -> list[dict[str, Value]]:
    """Return the deleted groups in the text that was kept; none where it is damaged."""
    try:
        found = json.loads(str(text or "[]"))
        return [{key: one.get(key) for key in ("group", *RESTORED)} for one in found if _place(one["group"])]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


def _is_mutes(local: str) -> bool:
    return local.startswith(MUTE_GROUP)


def _place(local: str) -> tuple[bool, int]:
    return _is_mutes(local), int("".join(filter(str.isdigit, local)))


def _strip(local: str, members: StripList) -> Strip:
    number = _place(local)[1]
    params = {"fader": _FADER, "mute": Toggle(), **_OF_ALL, "members": members, **dict.fromkeys(READINGS, _READING)}
    return Strip(local, DCA, number, f"DCA {number}", params)


def _params_of_mutes(local: str, members: StripList) -> dict[str, Param]:
    readings = dict.fromkeys((name for name in READINGS if name != "by_position"), _READING)
    params = {**_OF_ALL, "members": members, **readings}
    return {local: Toggle(), **{paths.join(local, name): param for name, param in params.items()}}


def with_house(consoles: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return these consoles, and our own console `house` unless it is among them."""
    if any(spec.partition(":")[0] == WORD for _, spec in consoles):
        return list(consoles)
    taken = {name for name, _ in consoles}
    free = (f"{NICKNAME}{number}" for number in count(2))
    name = NICKNAME if NICKNAME not in taken else next(name for name in free if name not in taken)
    return [*consoles, (name, f"{WORD}:")]

"""The desk: the shared model of all consoles. Everything changes through its one door, `Desk.set`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Protocol

from remote_mixer.desk import paths, sources
from remote_mixer.desk.change import RECORDED_WHOLE, USUAL_CAUSES, Cause, Change
from remote_mixer.desk.drags import Drags
from remote_mixer.desk.holds import Holds
from remote_mixer.desk.journal import Journal
from remote_mixer.desk.layout import ONLINE, Layout
from remote_mixer.desk.params import Number, Param, Position, Value
from remote_mixer.desk.refusal import Code, Held, Refusal
from remote_mixer.desk.rights import Rights, rank
from remote_mixer.desk.sources import Source

ChangeListener = Callable[[Change], None]
HoldListener = Callable[[str, str | None, str | None], None]
"""Called with (path, client that holds it now, client that lost it without a release)."""
RebaseListener = Callable[[str, str, Value], None]
"""Called with (path, client, position from which that client's drag counts now)."""


class Follower(Protocol):
    """Groups whose members follow them."""

    def targets(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return the values of members that go with these values of groups; nothing is set."""

    def follow(self, values: Mapping[str, Value], source: Source) -> dict[str, Value]:
        """Return the values that members get, each of which this source may set; `values` are set with them."""


class Desk:
    """Model shared by all clients. Synchronous and single-threaded: all clients see changes in the order of the calls.

    clock  seconds that never go back, for holds and rights
    wall   seconds since 1970, for the times of changes
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self.epoch = secrets.token_hex(8)
        self.rev = 0
        self.layouts: dict[str, Layout] = {}
        self.values: dict[str, Value] = {}
        self.change_listeners: list[ChangeListener] = []
        self.layout_listeners: list[Callable[[Layout], None]] = []
        self.hold_listeners: list[HoldListener] = []
        self.rebase_listeners: list[RebaseListener] = []
        self.remembered_listeners: list[Callable[[], None]] = []
        self.follower: Follower | None = None
        self._params: dict[str, Param] = {}
        self.rights = Rights(self.layouts, clock)
        self._wall = wall
        self._holds = Holds(clock)
        self._drags = Drags(clock)
        self._remembered: dict[str, frozenset[str]] = {}
        self._hands: dict[str, Source] = {}
        self._journal = Journal()

    # Consoles

    def add(self, layout: Layout, values: Mapping[str, Value], *, fitting: bool = False) -> None:
        """Add a console that has been read whole: its layout and its values.

        A console of the same name is replaced; params without a value get their defaults. Raises ValueError or
        KeyError, and changes nothing, when a value does not fit the layout.

        fitting  the values are those of `Layout.fitting`, and need no second check
        """
        read = values if fitting else layout.fitting(values)
        former = self._paths_of(layout.name)
        kept = {path: self.values[path] for path in former & {paths.status(layout.name), paths.notice(layout.name)}}
        for path in former:
            del self._params[path], self.values[path]
        let_go = self._forget_holds(former - layout.by_path.keys())
        self._params |= layout.by_path
        self.values |= {path: layout.by_path[path].default for path in layout.by_path.keys() - read.keys()}
        self.values |= kept
        self.values |= read
        self.layouts[layout.name] = layout
        self.rights.forget()
        self.rev += 1
        self._journal.restart(self.rev)
        for listener in self.layout_listeners:
            listener(layout)
        for path, client in let_go:
            self._announce_hold(path, None, client)

    @property
    def shown(self) -> list[Layout]:
        """Layouts of the consoles that clients see."""
        return [layout for layout in self.layouts.values() if layout.is_shown]

    def values_of(self, console: str) -> dict[str, Value]:
        """Return all values of one console, by full path."""
        layout = self.layouts.get(console)
        return {path: self.values[path] for path in layout.by_path} if layout else {}

    def param(self, path: str) -> Param:
        """Return the param of a path; Refusal `unknown-path` where there is none."""
        if path not in self._params:
            raise Refusal(Code.UNKNOWN_PATH, "No console here has such a control: look at its name again.", path)
        return self._params[path]

    def is_setting(self, path: str) -> bool:
        """Whether a param is no reading, no position in the music, and no talkback: an undo may set it."""
        param = self._params[path]
        return not param.read_only and not isinstance(param, Number) and not paths.is_talk(path)

    def is_level(self, path: str) -> bool:
        """Whether a param is a position whose unit is dB."""
        param = self._params[path]
        tapers = self.layouts[paths.console_of(path)].tapers
        return isinstance(param, Position) and tapers[param.taper].unit == "dB"

    def _paths_of(self, console: str) -> Set[str]:
        return self.layouts[console].by_path.keys() if console in self.layouts else frozenset()

    # The one door

    def set(
        self, values: Mapping[str, Value], source: Source, cause: Cause | None = None, *, passing: bool = False
    ) -> int:
        """Change params, all of them or none, and return the revision with the new values.

        `cause` is None for the source's usual one; `passing` as in `Change`. A value that a param already has is no
        change, unless it is only remembered: then the console gets it. The listeners get one Change for each gesture,
        usually one in all. Values of a drag that waits for its console (see `await_value`) are no change yet.
        Raises Refusal: unknown-path, bad-value, read-only, offline, forbidden, held or limit.
        """
        if source.kind == sources.CLIENT:
            self._prolong(values, source.id)
            if self._drags and cause not in RECORDED_WHOLE:
                values = self._drags.shifted(values, source.id)
        checked = {path: self._checked(path, value, source) for path, value in values.items()}
        after = {path: value for path, value in checked.items() if not self._has_value(path, value, source)}
        for gesture, moved in self._holds.gestures(after, source).items():
            values = {path: after[path] for path in moved}
            led = {path: value for path, value in self._led(values, source, cause).items() if path not in checked}
            why = Cause.GROUP if led else cause or USUAL_CAUSES[source.kind]
            self._change(values | led, source, why, gesture, passing=passing)
        if self._drags and source.kind == sources.CONSOLE:
            self._begin_drags(checked)
        return self.rev

    def _led(self, values: Mapping[str, Value], source: Source, cause: Cause | None) -> dict[str, Value]:
        """Return the values of members that follow groups among these; a recall or undo has its own for them."""
        if self.follower is None or source.kind == sources.CONSOLE or cause in RECORDED_WHOLE:
            return {}
        led = self.follower.follow(values, source)
        return {path: value for path, value in led.items() if not self._has_value(path, value, source)}

    def led_by(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return the values of members that go with these values of groups, for a move that is recorded whole."""
        return {} if self.follower is None else self.follower.targets(values)

    def check(self, path: str, value: Value, source: Source, *, gradually: bool = False) -> None:
        """Raise the Refusal that `set` would have for this value; `gradually` passes by the limit of a rise."""
        self._checked(path, value, source, gradually=gradually)

    def _change(self, after: Mapping[str, Value], source: Source, cause: Cause, gesture: int, *, passing: bool) -> None:
        """Store new values under a new revision and notify the listeners."""
        if source.kind == sources.CLIENT:
            for path in after:
                self.rights.note(path)
        self.rev += 1
        before = {path: self.values[path] for path in after}
        self.values |= after
        self._journal.note(after, self.rev)
        change = Change(self.rev, self._wall(), source, cause, gesture, before, after, passing)
        for listener in self.change_listeners:
            listener(change)
        self._end_lost_holds(after)

    def _end_lost_holds(self, after: Mapping[str, Value]) -> None:
        """End the holds on consoles that have just gone offline: when they return, their own values win."""
        lost = {paths.console_of(path) for path, value in after.items() if paths.is_status(path) and value != ONLINE}
        if lost:
            held = {path for path in (*self._holds.table(), *self._drags) if paths.console_of(path) in lost}
            for path, client in self._forget_holds(held):
                self._announce_hold(path, None, client)

    def _forget_holds(self, gone: Set[str]) -> list[tuple[str, str]]:
        for path in gone:
            self._drags.forget(path)
        return self._holds.forget(gone)

    def _checked(self, path: str, value: Value, source: Source, *, gradually: bool = False) -> Value:
        param = self.param(path)
        if source.kind == sources.CLIENT:
            self._refuse(path, param)
        elif value is None:
            return None
        try:
            fitting = param.check(value)
        except ValueError as fault:
            raise Refusal(Code.BAD_VALUE, f"{path}: {fault}", path) from fault
        if source.kind == sources.CLIENT:
            check = self.rights.check_end if gradually else self.rights.check
            check(path, param, fitting, self.values[path], source)
            self._refuse_held(path, source)
        return fitting

    def _refuse(self, path: str, param: Param) -> None:
        """Raise the Refusal of a control that no person can set: a reading, or a console that is offline."""
        if param.read_only:
            raise Refusal(Code.READ_ONLY, "This is a reading: it can be watched, not set.", path)
        console = paths.console_of(path)
        if self.values[paths.status(console)] != ONLINE:
            raise Refusal(
                Code.OFFLINE, f"The console “{console}” is offline: nothing can be set until it is back.", path
            )

    def _refuse_held(self, path: str, source: Source) -> None:
        holder = self._holds.holder(path)
        if holder is not None and holder != source.id:
            raise Held(path, holder)

    def _has_value(self, path: str, value: Value, source: Source) -> bool:
        """Whether a param already has a value; a console's own rounding of our value is no change."""
        if source.kind == sources.CONSOLE:
            return self._params[path].same(self.values[path], value)
        return self.values[path] == value and path not in self._remembered.get(paths.console_of(path), ())

    # Remembered values

    def remember(self, console: str, remembered: frozenset[str]) -> None:
        """Replace the list of a console's paths whose values are remembered: perhaps outdated by now."""
        former = self._remembered.get(console, frozenset())
        if remembered == former:
            return
        self._remembered[console] = remembered
        for listener in self.remembered_listeners:
            listener()
        self._begin_drags(former - remembered)

    def remembered(self) -> list[str]:
        """Return the paths of all consoles whose values are remembered."""
        return sorted(path for remembered in self._remembered.values() for path in remembered)

    def is_known(self, path: str) -> bool:
        """Whether the console has given the value of a path: not for one that is remembered or unknown."""
        return self.values[path] is not None and path not in self._remembered.get(paths.console_of(path), ())

    def await_value(self, path: str, query: Callable[[str], bool]) -> None:
        """Let the drag of the hand on a position wait until the console gives its value, then begin there.

        A hand counts from what it sees, and what it sees may be long outdated. Nothing leaps: the client is notified to
        count from the console's value, and what it sets before it does is shifted by the difference.

        query  asks the console for the value of a path; returns whether an answer can come, else nothing waits
        """
        holder = self._holds.holder(path)
        if holder is not None and isinstance(self._params[path], Position):
            self._drags.begin(path, self._hands[holder], self.values[path])
        answers = False
        try:
            answers = query(path)
        finally:
            if not answers:
                self._drags.forget(path)

    def rebased(self, path: str, source: Source) -> None:
        """Note that a client counts its drag from the console's value now."""
        self._drags.rebased(path, source.id)

    def _begin_drags(self, moved: Iterable[str]) -> None:
        for path in set(moved).intersection(self._drags):
            value = self.values.get(path)
            if isinstance(value, float) and self.is_known(path):
                self._begin_drag(path, value)

    def _begin_drag(self, path: str, value: float) -> None:
        rebase = self._drags.start(path, value, self._params[path].same)
        if rebase is None or (rebase.moved is not None and self._takes(path, rebase.moved, rebase.hand)):
            return
        if rebase.holds:
            for listener in self.rebase_listeners:
                listener(path, rebase.hand.id, value)

    def _takes(self, path: str, value: Value, hand: Source) -> bool:
        """Set one value for a hand, whose rights may have changed since; return whether that was allowed."""
        try:
            self.set({path: value}, hand)
        except Refusal:
            return False
        return True

    # Resume

    def since(self, rev: int, epoch: str) -> dict[str, Value] | None:
        """Return the values changed after a revision; None where a full snapshot is needed."""
        if epoch != self.epoch or rev > self.rev:
            return None
        changed = self._journal.since(rev)
        return None if changed is None else {path: self.values[path] for path in changed}

    # Holds

    def hold(self, path: str, source: Source, *, take: bool = False) -> None:
        """Begin or prolong a client's hold on a control; `take` takes it over from a holder of no higher role.

        Raises Held, and the refusals of `set` for a control that cannot be set.
        """
        param = self.param(path)
        self._refuse(path, param)
        self.rights.check_hold(path, param, source)
        self._refuse_taking(path, source) if take else self._refuse_held(path, source)
        holder = self._holds.last(path)
        self._holds.keep(path, source.id)
        self._hands[source.id] = source
        if holder != source.id:
            self._drags.forget(path)
            self._announce_hold(path, source.id, holder)

    def _refuse_taking(self, path: str, source: Source) -> None:
        """Raise Refusal where the holder's role is higher: no musician takes a control from an engineer."""
        holder = self._holds.holder(path)
        if holder is not None and rank(source.role) > rank(self._hands[holder].role):
            raise Refusal(Code.FORBIDDEN, "The sound crew has a hand on this: wait until they let go.", path)

    def release(self, path: str, source: Source) -> None:
        """End a client's hold."""
        if self._holds.end(path, source.id):
            self._drags.release(path)
            self._announce_hold(path, None, None)

    def leave(self, client: str) -> None:
        """End all holds of a client that has gone."""
        for path in self._holds.of(client):
            self._holds.end(path, client)
            self._drags.forget(path)
            self._announce_hold(path, None, None)
        self._hands.pop(client, None)

    def tend(self) -> None:
        """End the expired holds; to be called about once a second."""
        for path, client in self._holds.ended():
            self._drags.forget(path)
            self._announce_hold(path, None, client)

    def holder(self, path: str) -> str | None:
        """Return the client whose finger is on a control, None for nobody's."""
        return self._holds.holder(path)

    def held(self) -> dict[str, str]:
        """Return path → client for every hold."""
        return self._holds.table()

    def _prolong(self, values: Iterable[str], client: str) -> None:
        for path in values:
            if self._holds.holder(path) == client:
                self._holds.keep(path, client)

    def _announce_hold(self, path: str, by: str | None, former: str | None) -> None:
        for listener in self.hold_listeners:
            listener(path, by, former)

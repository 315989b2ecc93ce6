"""The desk: the one shared model of all consoles, and `Desk.set`, the only door through which anything changes."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping

from remote_mixer.desk import sources
from remote_mixer.desk.holds import Holds
from remote_mixer.desk.journal import Journal
from remote_mixer.desk.layout import ONLINE, Layout
from remote_mixer.desk.params import Param, Value
from remote_mixer.desk.refusal import Code, Held, Refusal
from remote_mixer.desk.rights import Rights, rank
from remote_mixer.desk.sources import Source

ChangeListener = Callable[[Mapping[str, Value], Source], None]
"""Told what has changed and by whom; `desk.rev` is its revision."""
HoldListener = Callable[[str, str | None, str | None], None]
"""Told (path, who holds it now, who lost it without letting go)."""


class Desk:
    """What every person shares. Synchronous and of one thread: the order of calls is everybody's order."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.epoch = secrets.token_hex(8)
        self.rev = 0
        self.layouts: dict[str, Layout] = {}
        self.values: dict[str, Value] = {}
        self.change_listeners: list[ChangeListener] = []
        self.layout_listeners: list[Callable[[Layout], None]] = []
        self.hold_listeners: list[HoldListener] = []
        self._params: dict[str, Param] = {}
        self.rights = Rights(self.layouts, clock)
        self._holds = Holds(clock)
        self._hands: dict[str, Source] = {}
        self._journal = Journal()

    # Consoles

    def add(self, layout: Layout, values: Mapping[str, Value]) -> None:
        """Take in a console that has been read whole: its layout and the values that stand in it.

        What the same console had before is replaced; params without a value stand at their defaults. Raises ValueError
        or KeyError, and changes nothing, when a value does not fit the layout.
        """
        params = dict(layout.paths())
        read = {path: None if value is None else params[path].check(value) for path, value in values.items()}
        former = self._paths_of(layout.name)
        kept = {path: self.values[path] for path in former & {f"{layout.name}/status", f"{layout.name}/notice"}}
        for path in former:
            del self._params[path], self.values[path]
        let_go = self._holds.forget(former - params.keys())
        self._params |= params
        self.values |= {path: param.default for path, param in params.items()} | kept
        self.values |= read
        self.layouts[layout.name] = layout
        self.rights.forget()
        self.rev += 1
        self._journal.restart(self.rev)
        for listener in self.layout_listeners:
            listener(layout)
        for path, client in let_go:
            self._tell_hold(path, None, client)

    def values_of(self, console: str) -> dict[str, Value]:
        """Return all values of one console, by full path."""
        return {path: self.values[path] for path in self._paths_of(console)}

    def param(self, path: str) -> Param:
        """Return what stands behind a path; Refusal `unknown-path` where there is nothing."""
        if path not in self._params:
            raise Refusal(Code.UNKNOWN_PATH, "No console here has such a control: look at its name again.", path)
        return self._params[path]

    def _paths_of(self, console: str) -> set[str]:
        return {path for path in self._params if path.partition("/")[0] == console}

    # The one door

    def set(self, values: Mapping[str, Value], source: Source) -> int:
        """Change params, all of them or none, and return the revision at which they stand.

        Raises Refusal: unknown-path, bad-value, read-only, offline, forbidden, held or limit. What does not change is
        not numbered.
        """
        checked = {path: self._checked(path, value, source) for path, value in values.items()}
        if source.kind == sources.CLIENT:
            self._prolong(checked, source.id)
        changed = {path: value for path, value in checked.items() if not self._stands(path, value, source)}
        if changed:
            if source.kind == sources.CLIENT:
                for path in changed:
                    self.rights.note(path)
            self.rev += 1
            self.values |= changed
            self._journal.note(changed, self.rev)
            for listener in self.change_listeners:
                listener(changed, source)
            self._lift_where_lost(changed)
        return self.rev

    def _lift_where_lost(self, changed: Mapping[str, Value]) -> None:
        """End the holds on consoles that have just gone: on return the console wins, not a finger's old place."""
        lost = {
            path.partition("/")[0] for path, value in changed.items() if path.endswith("/status") and value != ONLINE
        }
        if lost:
            held = {path for path in self._holds.table() if path.partition("/")[0] in lost}
            for path, client in self._holds.forget(held):
                self._tell_hold(path, None, client)

    def _checked(self, path: str, value: Value, source: Source) -> Value:
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
            self.rights.check(path, param, fitting, self.values[path], source)
            self._refuse_held(path, source)
        return fitting

    def _refuse(self, path: str, param: Param) -> None:
        """Raise what keeps every person's hand from this control."""
        if param.read_only:
            raise Refusal(Code.READ_ONLY, "This is a reading: it can be watched, not set.", path)
        console = path.partition("/")[0]
        if self.values[f"{console}/status"] != ONLINE:
            raise Refusal(
                Code.OFFLINE, f"The console “{console}” is offline: nothing can be set until it is back.", path
            )

    def _refuse_held(self, path: str, source: Source) -> None:
        holder = self._holds.holder(path)
        if holder is not None and holder != source.id:
            raise Held(path, holder)

    def _stands(self, path: str, value: Value, source: Source) -> bool:
        """Tell whether a value is there already; a console's own rounding of ours is no change."""
        if source.kind == sources.CONSOLE:
            return self._params[path].same(self.values[path], value)
        return self.values[path] == value

    # Resume

    def since(self, rev: int, epoch: str) -> dict[str, Value] | None:
        """Return the values changed after a revision; None when only the whole will do."""
        if epoch != self.epoch or rev > self.rev:
            return None
        paths = self._journal.since(rev)
        return None if paths is None else {path: self.values[path] for path in paths}

    # Holds

    def hold(self, path: str, source: Source, *, take: bool = False) -> None:
        """Put a client's finger on a control, or keep it there; `take` wins it from whoever may no more than this one.

        Raises Held, and what `set` raises for a control that cannot be set.
        """
        param = self.param(path)
        self._refuse(path, param)
        self.rights.check_hold(path, param, source)
        self._refuse_taking(path, source) if take else self._refuse_held(path, source)
        holder = self._holds.last(path)
        self._holds.keep(path, source.id)
        self._hands[source.id] = source
        if holder != source.id:
            self._tell_hold(path, source.id, holder)

    def _refuse_taking(self, path: str, source: Source) -> None:
        """A musician takes nothing out of an engineer's hand."""
        holder = self._holds.holder(path)
        if holder is not None and rank(source.role) > rank(self._hands[holder].role):
            raise Refusal(Code.FORBIDDEN, "The sound crew has a hand on this: wait until they let go.", path)

    def release(self, path: str, source: Source) -> None:
        """Lift a client's finger."""
        if self._holds.end(path, source.id):
            self._tell_hold(path, None, None)

    def leave(self, client: str) -> None:
        """Lift all fingers of a client that has gone."""
        for path in self._holds.of(client):
            self._holds.end(path, client)
            self._tell_hold(path, None, None)
        self._hands.pop(client, None)

    def tend(self) -> None:
        """End the holds that have run out; call it about once a second."""
        for path, client in self._holds.ended():
            self._tell_hold(path, None, client)

    def held(self) -> dict[str, str]:
        """Return path → client for every hold."""
        return self._holds.table()

    def _prolong(self, paths: Mapping[str, Value], client: str) -> None:
        for path in paths:
            if self._holds.holder(path) == client:
                self._holds.keep(path, client)

    def _tell_hold(self, path: str, by: str | None, former: str | None) -> None:
        for listener in self.hold_listeners:
            listener(path, by, former)

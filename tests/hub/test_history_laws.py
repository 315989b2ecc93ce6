"""The laws of undo and redo as the program keeps them: people, consoles that come and go, limits, hands, restarts.

Above the laws of the bare history (tests/desk/test_history_laws.py): here levels glide, a hand stops them, the door
refuses, and after a restart there is only what was kept. What each undo has to do is foretold by a small model.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import booleans, dictionaries, integers, sampled_from

from remote_mixer.desk import paths
from remote_mixer.desk.change import TAKEN_BACK, Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import History, Moved
from remote_mixer.desk.layout import OFFLINE, ONLINE, Layout
from remote_mixer.desk.moves import Move
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import ENGINEER, Policy, Rail
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import CLIENT, Source, console
from remote_mixer.desk.tapers import FADER
from remote_mixer.hub.history import HistoryHandler, Wanted
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.surroundings import Identity, Surroundings
from remote_mixer.storage import moves as rows
from tests.desk.desks import STRIPS
from tests.support.budget import examples
from tests.support.virtual import VirtualLoop

CONSOLES = ("foh", "daw")
PEOPLE = tuple(Source(CLIENT, f"{name}-phone", name, person=name) for name in ("Anne", "Bob", "Cleo"))
LEVELS = ("foh/ch1/fader", "foh/main/fader", "daw/ch1/fader")
MUTES = ("foh/ch1/mute", "daw/ch1/mute")
PATHS = (*LEVELS, *MUTES)
ABOVE_LIMIT = 0.6
LIMIT = Policy(rails=(Rail("foh/*/fader", (ENGINEER,), most_db=-10.0),))
"""A limit between the positions 0.5 and 0.75."""
POSITIONS = sampled_from((0.0, 0.25, 0.5, 0.75, 1.0))
WHO, LEVEL, ANY = sampled_from(PEOPLE), sampled_from(LEVELS), sampled_from(PATHS)
SOME = dictionaries(LEVEL, POSITIONS, max_size=2), dictionaries(sampled_from(MUTES), booleans(), max_size=2)
REST_SECONDS, MOMENT_SECONDS = 2.0, 0.08
GREATEST_STEP = 0.26
"""Most that an undo raises a level at once: from silence to the top, the first step of its glide is less."""
Spans = dict[str, tuple[Value, Value]]


@dataclass
class Steps:
    """One person's steps, the newest last; `said` are those of which it was said that they were moved since."""

    undo: list[Spans] = field(default_factory=list)
    redo: list[Spans] = field(default_factory=list)
    said: list[Spans] = field(default_factory=list)


class Model:
    """Model of everybody's undo and redo. Values at rest; a step is the values that it sets and those it replaced."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.stands = dict(values)
        self.steps: dict[str, Steps] = defaultdict(Steps)

    def moved(self, who: Source, after: Mapping[str, Value]) -> None:
        """A gesture of a person: undo has it, and what was to be redone is no more."""
        spans = {path: (self.stands[path], value) for path, value in after.items() if self.stands[path] != value}
        self.stands |= after
        if spans:
            steps = self.steps[who.name]
            steps.undo.append(spans)
            steps.redo.clear()
            steps.said.clear()

    def take(self, what: str, who: Source, refused: Callable[[str, Value], bool], *, force: bool) -> Spans | None:
        """Take the newest step that still stands; return what it sets, None where it is refused."""
        steps = self.steps[who.name]
        from_, to = (steps.undo, steps.redo) if what == "undo" else (steps.redo, steps.undo)
        for step in reversed(from_):
            standing = {path: before for path, (before, after) in step.items() if force or self.stands[path] == after}
            wanted = {path: value for path, value in standing.items() if self.stands[path] != value}
            if wanted:
                return self._set(steps, from_, to, step, {p: v for p, v in wanted.items() if not refused(p, v)})
            if not any(step is said for said in steps.said):
                steps.said.append(step)
                return None
        steps.said.clear()
        return None

    def _set(
        self, steps: Steps, from_: list[Spans], to: list[Spans], step: Spans, after: Mapping[str, Value]
    ) -> Spans | None:
        if not after:
            return None
        steps.said.clear()
        from_[:] = [one for one in from_ if one is not step]
        spans = {path: (self.stands[path], value) for path, value in after.items()}
        to.append(spans)
        self.stands |= after
        return spans

    def stopped(self, spans: Spans, path: str, at: Value) -> None:
        """The glide of an undo was stopped: it is told, and given back, as far as it came."""
        spans[path] = (spans[path][0], at)
        self.stands[path] = at


class Disk:
    """Moves as rows; whatever is asked for stands in memory here."""

    def __init__(self) -> None:
        self.rows: dict[int, Any] = {}

    async def append(self, moves: Sequence[Move]) -> bool:
        self.rows |= {move.id: rows._row(move) for move in moves}
        return True

    async def read(self, *_: Any) -> list[Move]:
        return []

    def moves(self) -> list[Move]:
        return [rows.parse(row) for _, row in sorted(self.rows.items())]


async def nothing(*_: Any, **__: Any) -> Any:
    return []


class Program:
    """Desk, hub and history over two consoles, as after a start of the server."""

    def __init__(self, loop: VirtualLoop, disk: Disk, values: Mapping[str, Value], policy: Policy) -> None:
        self.desk = Desk(loop.time)
        self.desk.rights.policy = policy
        around = Surroundings(list, nothing, nothing, str, lambda _: (0, (), 100), lambda *_: None)
        hub = Hub(self.desk, Identity("", "", ""), disk, around)  # type: ignore[arg-type] # nobody says anything here
        kept = disk.moves()
        self.handler = HistoryHandler(hub, History(kept, kept[-1].id if kept else 0), disk)
        self.task = loop.create_task(self.handler.tend())
        for name in CONSOLES:
            self.read(name, values)

    def read(self, name: str, values: Mapping[str, Value]) -> None:
        """Read a console whole, and go online."""
        layout = Layout(name, name, "test", {"fader": FADER}, {}, STRIPS)
        self.desk.add(layout, {path: value for path, value in values.items() if paths.console_of(path) == name})
        self.desk.set({paths.status(name): ONLINE}, console(name))

    async def take(self, what: str, who: Source, *, force: bool) -> Any:
        plan = await self.handler.plan(Cause(what), who, Wanted(force=force))
        move = self.handler.carry_out(plan, who)
        await self.handler.kept(move)
        return plan


class HistoriesOfTheProgram(RuleBasedStateMachine):
    """The program beside the model."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualLoop()
        self.disk = Disk()
        self.policy = Policy()
        self.away: set[str] = set()
        self.rises: list[float] = []
        self.start({path: 0.75 if path in LEVELS else False for path in PATHS})
        self.first = self.values()
        self.model = Model(self.first)

    def start(self, values: Mapping[str, Value]) -> None:
        async def started() -> None:
            self.program = Program(self.loop, self.disk, values, self.policy)

        self.loop.run_until_complete(started())
        self.program.desk.change_listeners.append(self.changed)

    def changed(self, change: Change) -> None:
        if change.cause in TAKEN_BACK:
            both = ((change.before[path], value) for path, value in change.after.items() if path in LEVELS)
            self.rises += [after - before for before, after in both if isinstance(after, float)]  # type: ignore[operator]

    def teardown(self) -> None:
        self.end()
        self.loop.close()

    def end(self) -> None:
        self.program.task.cancel()
        with suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self.program.task)

    def values(self) -> dict[str, Value]:
        return {path: self.program.desk.values[path] for path in PATHS}

    def act(self, do: Callable[..., Any], *arguments: Any) -> None:
        """Do something on the loop, where the program lives."""

        async def done() -> None:
            do(*arguments)

        self.loop.run_until_complete(done())

    def rest(self, seconds: float = REST_SECONDS) -> None:
        self.loop.run_until_complete(asyncio.sleep(seconds))

    def refused(self, who: Source) -> Callable[[str, Value], bool]:
        """Return whether the door refuses a person's undo a value now: offline, a finger, also the own, the limit."""
        held, now, limited = self.program.desk.held(), self.values(), self.policy is LIMIT

        def is_refused(path: str, value: Value) -> bool:
            too_high = limited and path in LEVELS and path.startswith("foh") and isinstance(value, float)
            too_high = too_high and value > ABOVE_LIMIT and value > float(now[path] or 0)  # type: ignore[operator]
            return paths.console_of(path) in self.away or path in held or bool(too_high)

        return is_refused

    def take(self, what: str, who: Source, *, force: bool = False) -> Spans | None:
        """Undo or redo in both; they have to say the same, and to name all that stays."""
        before, count = dict(self.model.stands), len(self.disk.rows)
        foretold = self.model.take(what, who, self.refused(who), force=force)
        self.rises.clear()
        why: Refusal | None = None
        try:
            plan = self.loop.run_until_complete(self.program.take(what, who, force=force))
        except Refusal as refusal:
            why = refusal
        if why:
            assert foretold is None, f"refused: {why.text}"
            assert not isinstance(why, Moved) or why.by, "it is said who has moved it since"
            return None
        assert foretold == plan.values
        newest = self.disk.moves()[-1]
        assert (len(self.disk.rows), newest.values) == (count + 1, foretold), "it is kept before it is answered"
        assert all(one.text and before[one.path] == self.model.stands[one.path] for one in plan.skipped)
        return foretold

    # What people and consoles do

    @rule(who=WHO, levels=SOME[0], mutes=SOME[1])
    def moves(self, who: Source, levels: dict[str, Value], mutes: dict[str, Value]) -> None:
        self.act(self.program.desk.leave, who.id)
        try:
            self.act(self.program.desk.set, levels | mutes, who)
        except Refusal:
            return
        self.rest()
        self.model.moved(who, levels | mutes)

    @rule(name=sampled_from(CONSOLES), levels=SOME[0], mutes=SOME[1])
    def a_console_moves(self, name: str, levels: dict[str, Value], mutes: dict[str, Value]) -> None:
        if name not in self.away:
            after = {path: value for path, value in (levels | mutes).items() if path.startswith(name)}
            self.act(self.program.desk.set, after, console(name))
            self.rest()
            self.model.stands |= after

    @rule(who=WHO, path=ANY)
    def a_finger_stays(self, who: Source, path: str) -> None:
        with suppress(Refusal):
            self.act(self.program.desk.hold, path, who)

    @rule(who=WHO)
    def all_fingers_lift(self, who: Source) -> None:
        self.act(self.program.desk.leave, who.id)

    @rule()
    def the_host_changes_the_limit(self) -> None:
        self.policy = Policy() if self.policy is LIMIT else LIMIT
        self.program.desk.rights.policy = self.policy

    @rule(name=sampled_from(CONSOLES), levels=SOME[0])
    def a_console_goes_or_comes_back_as_it_stands_by_then(self, name: str, levels: dict[str, Value]) -> None:
        if name not in self.away:
            self.away.add(name)
            self.act(self.program.desk.set, {paths.status(name): OFFLINE}, console(name))
            return
        self.away.remove(name)
        now = self.values() | {path: value for path, value in levels.items() if path.startswith(name)}
        self.act(self.program.read, name, now)
        self.first |= {path: value for path, value in now.items() if path.startswith(name)}
        self.model.stands |= now

    # Undo and redo

    @rule(who=WHO, what=sampled_from(("undo", "undo", "redo")), force=booleans())
    def takes(self, who: Source, what: str, force: bool) -> None:
        self.take(what, who, force=force)
        self.rest()
        assert max(self.rises, default=0.0) < GREATEST_STEP, "no level rises in a leap"

    @rule(who=WHO, most=integers(1, 4), pause=sampled_from((0.0, MOMENT_SECONDS, REST_SECONDS)))
    def as_many_redos_as_undos_change_nothing(self, who: Source, most: int, pause: float) -> None:
        if self.away or self.policy is LIMIT or self.program.desk.held():
            return
        before, count = self.values(), 0
        while count < most and self.take("undo", who) is not None:
            self.rest(pause)
            count += 1
        for _ in range(count):
            assert self.take("redo", who) is not None
            self.rest(pause)
        self.rest()
        assert self.values() == before

    @rule(who=WHO, what=sampled_from(("undo", "redo")), other=WHO, moves=booleans())
    def a_hand_stops_an_undo(self, who: Source, what: str, other: Source, moves: bool) -> None:
        spans = self.take(what, who)
        rising = [path for path in self.program.handler.mover.ends() if path in (spans or {})]
        if spans is None or not rising or rising[0] in self.program.desk.held():
            return self.rest()
        self.rest(MOMENT_SECONDS)
        with suppress(Refusal):
            self.act(self.program.desk.hold, rising[0], other)
            caught = self.program.desk.values[rising[0]]
            if caught != spans[rising[0]][1]:
                self.model.stopped(spans, rising[0], caught)
            if moves:
                self.act(self.program.desk.set, {rising[0]: 0.0}, other)
            self.act(self.program.desk.release, rising[0], other)
            if moves:
                self.model.moved(other, {rising[0]: 0.0})
        return self.rest()

    # The server ends

    @rule(kill=booleans())
    def the_server_starts_anew(self, kill: bool) -> None:
        self.restart(kill=kill)

    @rule(who=WHO)
    @precondition(lambda self: not self.away)
    def the_server_stops_in_the_middle_of_an_undo(self, who: Source) -> None:
        spans = self.take("undo", who) or {}
        self.rest(MOMENT_SECONDS)
        for path in self.program.handler.mover.ends():
            if path in spans:
                self.model.stopped(spans, path, self.program.desk.values[path])
        self.restart(kill=False)

    def restart(self, *, kill: bool) -> None:
        values = self.values()
        if not kill:
            self.loop.run_until_complete(self.program.handler.close())
        self.end()
        self.away.clear()
        self.start(values)
        for steps in self.model.steps.values():
            steps.said.clear()

    # What always holds

    @invariant()
    def all_stands_where_the_model_has_it(self) -> None:
        assert self.values() == self.model.stands

    @invariant()
    def each_persons_steps_are_those_of_the_model(self) -> None:
        kept = self.program.handler.history._steps
        for who in PEOPLE:
            ours, theirs = kept[who.identity], self.model.steps[who.name]
            assert [dict(move.values) for move in ours.undo] == theirs.undo
            assert [dict(move.values) for move in ours.redo] == theirs.redo


TestHistoriesOfTheProgram = HistoriesOfTheProgram.TestCase
TestHistoriesOfTheProgram.settings = settings(max_examples=examples(25), stateful_step_count=20, deadline=None)

"""The laws of undo and redo, over random histories of several people, a console, holds and restarts."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import booleans, dictionaries, integers, sampled_from

from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Held, Refusal
from remote_mixer.desk.sources import CLIENT, Source
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, MUTE_1
from tests.desk.histories import Told
from tests.support.budget import examples

CLEO = Source(CLIENT, "cleo-phone", "Cleo", person="cleo")
PEOPLE = (ANNE, BOB, CLEO)
MAIN, MUTE_MAIN = "band/main/fader", "band/main/mute"
POSITIONS = sampled_from((0.0, 0.25, 0.5, 0.75, 1.0))
FADERS = dictionaries(sampled_from((FADER_1, MAIN)), POSITIONS, max_size=2)
MUTES = dictionaries(sampled_from((MUTE_1, MUTE_MAIN)), booleans(), max_size=2)
PATHS = (FADER_1, MAIN, MUTE_1, MUTE_MAIN)


class Histories(RuleBasedStateMachine):
    """A desk, and a plain model of what each person's undo and redo have to do."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Told()
        self.first = self.values()

    def values(self) -> dict[str, Value]:
        return {path: self.told.desk.values[path] for path in PATHS}

    def depths(self) -> dict[str, tuple[int, int]]:
        """Return how many steps each person has: undo, redo."""
        steps = self.told.history._steps
        return {one.name: (len(steps[one.identity].undo), len(steps[one.identity].redo)) for one in PEOPLE}

    def tried(self, what: str, who: Source, *, force: bool = False) -> Code | None:
        """Undo or redo; return why not. What is refused changes nothing, and nobody else's steps ever change."""
        before, depths, count = self.values(), self.depths(), len(self.told.moves)
        try:
            skipped = (self.told.undo if what == "undo" else self.told.redo)(who, force=force)
        except Refusal as refusal:
            assert self.values() == before
            assert self.depths() == depths
            return refusal.code
        move = self.told.moves[-1]
        assert len(self.told.moves) == count + 1
        assert self.values() == before | {path: after for path, (_, after) in move.values.items()}
        assert not {one.path for one in skipped} & move.values.keys()
        assert all(depths[one.name] == self.depths()[one.name] for one in PEOPLE if one is not who)
        return None

    @rule(who=sampled_from(PEOPLE), faders=FADERS, mutes=MUTES)
    def moves(self, who: Source, faders: dict[str, Value], mutes: dict[str, Value]) -> None:
        depths = self.depths()
        count = len(self.told.moves)
        try:
            self.told.move(who, faders | mutes)
        except Held:
            return
        if len(self.told.moves) > count:
            undo, _ = depths[who.name]
            assert self.depths() == depths | {who.name: (undo + 1, 0)}

    @rule(who=sampled_from(PEOPLE), path=sampled_from((FADER_1, MAIN)), first=POSITIONS, last=POSITIONS)
    def drags(self, who: Source, path: str, first: float, last: float) -> None:
        try:
            self.told.desk.hold(path, who)
        except Held:
            return
        self.told.desk.set({path: first}, who)
        self.told.rest(0.5)
        self.told.desk.set({path: last}, who)
        self.told.desk.release(path, who)

    @rule(faders=FADERS, mutes=MUTES)
    def console_moves(self, faders: dict[str, Value], mutes: dict[str, Value]) -> None:
        depths = self.depths()
        self.told.move(CONSOLE, faders | mutes)
        assert self.depths() == depths

    @rule(who=sampled_from(PEOPLE), force=booleans())
    def undoes(self, who: Source, force: bool) -> None:
        self.tried("undo", who, force=force)

    @rule(who=sampled_from(PEOPLE), force=booleans())
    def redoes(self, who: Source, force: bool) -> None:
        self.tried("redo", who, force=force)

    @rule(who=sampled_from(PEOPLE), most=integers(1, 4))
    def as_many_redos_as_undos_change_nothing(self, who: Source, most: int) -> None:
        before, depths = self.values(), self.depths()
        count = 0
        while count < most and self.tried("undo", who) is None:
            count += 1
        for _ in range(count):
            assert self.tried("redo", who) is None
        assert self.values() == before
        assert self.depths() == depths

    @rule(who=sampled_from(PEOPLE), back=integers(0, 6), force=booleans())
    @precondition(lambda self: self.told.moves)
    def takes_one_back(self, who: Source, back: int, force: bool) -> None:
        move = self.told.moves[-1 - back % len(self.told.moves)]
        try:
            plan = self.told.history.take_back(move, self.told.standing(), force=force)
        except Refusal:
            return
        self.told.carry_out(who, plan)
        for path in plan.values:
            assert self.values()[path] == move.values[path][0]

    @rule(who=sampled_from(PEOPLE), back=integers(0, 6))
    @precondition(lambda self: self.told.moves)
    def takes_all_since_back(self, who: Source, back: int) -> None:
        """All since a move is as if neither it nor anything after it had been."""
        number = max(1, len(self.told.moves) - back)
        former = dict(self.first)
        for move in self.told.moves[: number - 1]:
            former |= {path: after for path, (_, after) in move.values.items()}
        with suppress(Refusal):  # all stands there already
            plan = self.told.history.take_back_all(self.told.history.since(number), self.told.standing())
            self.told.carry_out(who, plan)
        assert self.values() == former

    @rule()
    def restarts(self) -> None:
        depths = self.depths()
        plans = [self.planned(who) for who in PEOPLE]
        self.told.restart()
        assert self.depths() == depths
        assert [self.planned(who) for who in PEOPLE] == plans

    def planned(self, who: Source) -> Any:
        """Return what a person's undo would do now, as far as a restart may not change it."""
        self.told.history._steps[who.identity].said.clear()
        try:
            plan = self.told.history.undo(who.identity, self.told.standing())
        except Refusal as refusal:
            self.told.history._steps[who.identity].said.clear()
            return refusal.code, refusal.path
        return plan.cause, plan.of, plan.values, [one.path for one in plan.skipped]

    @invariant()
    def the_moves_tell_how_the_desk_came_to_stand_where_it_stands(self) -> None:
        now = dict(self.first)
        for move in self.told.moves:
            assert all(now[path] == before for path, (before, _) in move.values.items())
            now |= {path: after for path, (_, after) in move.values.items()}
        assert now == self.values()


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=examples(40), stateful_step_count=25, deadline=None)

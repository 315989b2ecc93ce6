"""History: the moves of everybody, undo and redo for each person, and plans of what would be taken back.

Pure: nothing here sets a param. A plan says what would change; whoever carries it out records it as a move. Redo is
made at the moment of the undo: it gives back what the undo replaced.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.change import TAKEN_BACK, Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.moves import Author, Ended, Move, Span
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import CLIENT
from remote_mixer.desk.times import rfc3339

MOST_STEPS = 500
"""Undo steps of each person."""
MOST_MOVES, MOST_VALUES = 5_000, 100_000
"""Moves in memory, and values in them; older ones are read from the database."""

NOTHING_TEXT = "There is nothing of yours to {}."
MOVED_TEXT = "{} moved {} since."
ALREADY_TEXT = "Everything stands there already."
UNKNOWN_TEXT = "It is not known where this stood before."
GONE_TEXT = "No console here has such a control any more."


@dataclass(frozen=True, slots=True)
class Skipped:
    """A param that is not taken back.

    by    name of who moved it since; None where that is not the reason
    at    when, in seconds since 1970; None where not known
    text  the reason, for a person
    """

    path: str
    by: str | None
    at: float | None
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object; the time is RFC 3339."""
        return {"path": self.path, "by": self.by, "at": self.at and rfc3339(self.at), "text": self.text}


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes that an undo or redo would make.

    of       the moves that it takes or gives back
    values   path → (present value, value to set)
    skipped  what stays as it is, and why
    """

    cause: Cause
    of: tuple[int, ...]
    values: Mapping[str, Span]
    skipped: tuple[Skipped, ...] = ()


class Moved(Refusal):
    """Refusal of an undo because others have moved all of its params since; `move` is its number."""

    def __init__(self, move: int, skipped: Sequence[Skipped]) -> None:
        first = skipped[0]
        super().__init__(Code.CHANGED, first.text, first.path)
        self.move, self.by, self.at = move, first.by or "", first.at
        self.skipped = tuple(skipped)


@dataclass(slots=True)
class _Steps:
    """One person's undo and redo, the newest last. `said` are steps that were refused once as moved since."""

    undo: deque[Move] = field(default_factory=lambda: deque(maxlen=MOST_STEPS))
    redo: deque[Move] = field(default_factory=lambda: deque(maxlen=MOST_STEPS))
    said: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Standing:
    """Values of params for a plan.

    desk     the desk
    gliding  path → its value at the end of a recall or undo that has begun
    """

    desk: Desk
    gliding: Mapping[str, Value] = field(default_factory=dict)

    def value(self, path: str) -> Value:
        """Return where a param stands, or will stand when its glide has ended."""
        return self.gliding[path] if path in self.gliding else self.desk.values[path]

    def same(self, path: str, value: Value) -> bool:
        """Whether a param stands at a value, within its console's own rounding."""
        return self.desk.param(path).same(self.value(path), value)


class History:
    """The newest moves of all, and each person's steps.

    moves    the newest kept moves, the oldest first
    last_id  the highest number that was ever given
    """

    def __init__(self, moves: Iterable[Move] = (), last_id: int = 0) -> None:
        self._last_id = last_id
        self._moves: dict[int, Move] = {}
        self._values = 0
        self._undone: set[int] = set()
        self._steps: dict[str, _Steps] = defaultdict(_Steps)
        self._last: dict[str, tuple[str, str, float]] = {}
        for move in moves:
            self._last |= dict.fromkeys(move.values, (move.by.id, move.by.name, move.at))
            self._add(move)

    # Recording

    def note(self, change: Change) -> None:
        """Record who moved these params last; an undo or redo is recorded by `carried_out`."""
        if change.cause in TAKEN_BACK:
            return
        source = change.source
        self._last |= dict.fromkeys(change.after, (source.identity, source.name or source.id, change.at))

    def record(self, ended: Ended, of: tuple[int, ...] = ()) -> Move:
        """Return a gesture as the newest move; a person's own new move ends their redo."""
        move = Move(self._last_id + 1, ended.at, ended.by, ended.cause, ended.values, of)
        self._add(move)
        return move

    def carried_out(self, plan: Plan, by: Author, at: float) -> Move:
        """Return the move of a plan that was carried out at a time (seconds since 1970)."""
        self._last |= dict.fromkeys(plan.values, (by.id, by.name, at))
        return self.record(Ended(at, by, plan.cause, plan.values), plan.of)

    def came_to(self, number: int, values: Mapping[str, Value]) -> Move | None:
        """Correct where an undo or redo that was stopped left params, and return it; None where it is not in memory."""
        move = self._moves.get(number)
        if move is None:
            return None
        spans = {path: (before, values.get(path, after)) for path, (before, after) in move.values.items()}
        self._moves[number] = corrected = replace(move, values=spans)
        steps = self._steps[move.by.id]
        for kept in (steps.undo, steps.redo):
            for place, one in enumerate(kept):
                if one.id == number:
                    kept[place] = corrected
        return corrected

    def _add(self, move: Move) -> None:
        self._last_id = max(self._last_id, move.id)
        self._moves[move.id] = move
        self._values += len(move.values)
        if move.cause is Cause.UNDO:
            self._undone |= set(move.of)
        elif move.cause is Cause.REDO:
            self._undone -= set(move.of)
        if move.by.kind == CLIENT:
            _step(self._steps[move.by.id], move)
        while len(self._moves) > MOST_MOVES or (self._values > MOST_VALUES and len(self._moves) > 1):
            oldest = self._moves.pop(next(iter(self._moves)))
            self._values -= len(oldest.values)

    # Reading

    def move(self, number: int) -> Move | None:
        """Return a move by its number, None where it is not in memory."""
        return self._moves.get(number)

    def since(self, number: int) -> list[Move]:
        """Return the moves from a number on, the oldest first."""
        return [move for id_, move in self._moves.items() if id_ >= number]

    def newest_first(self) -> Iterator[Move]:
        """Give the moves in memory, the newest first."""
        return reversed(self._moves.values())

    def is_undone(self, move: Move) -> bool:
        """Whether a move was taken back and not given back since."""
        return move.id in self._undone

    @property
    def reaches_back_to(self) -> int:
        """The number of the oldest move in memory."""
        return next(iter(self._moves), self._last_id + 1)

    # Plans

    def undo(self, person: str, standing: Standing, *, force: bool = False) -> Plan:
        """Return the plan that takes back a person's newest move that still stands.

        Where somebody else has moved all of its params since, it is refused once with Moved, and passed over by the
        next call; `force` takes it back anyway. Refusal `nothing` where there is no move.
        """
        steps = self._steps[person]
        return self._newest(steps, steps.undo, Cause.UNDO, standing, force=force)

    def redo(self, person: str, standing: Standing, *, force: bool = False) -> Plan:
        """Return the plan that gives back what a person's newest undo replaced; refusals as of `undo`."""
        steps = self._steps[person]
        return self._newest(steps, steps.redo, Cause.REDO, standing, force=force)

    def _newest(self, steps: _Steps, moves: Sequence[Move], cause: Cause, standing: Standing, *, force: bool) -> Plan:
        if not moves:
            raise Refusal(Code.NOTHING, NOTHING_TEXT.format(cause.value))
        for move in reversed(moves):
            plan = self._plan(move, cause, standing, force=force)
            if plan.values:
                return plan
            if move.id not in steps.said:
                steps.said.add(move.id)
                raise _nothing_left(move, plan)
        steps.said.clear()
        raise _nothing_left(moves[-1], self._plan(moves[-1], cause, standing, force=force))

    def take_back(self, move: Move, standing: Standing, *, force: bool = False) -> Plan:
        """Return the plan that takes back one given move, of anybody; of an undo, it gives back. Moved as of `undo`."""
        cause = Cause.REDO if move.cause is Cause.UNDO else Cause.UNDO
        plan = self._plan(move, cause, standing, force=force)
        if not plan.values:
            raise _nothing_left(move, plan)
        return plan

    def take_back_all(self, moves: Sequence[Move], standing: Standing) -> Plan:
        """Return the plan that sets all params of these moves, the oldest first, to where they stood before.

        Whoever moved them: nothing is skipped but what is unknown or gone. Refusal `nothing` where all stands there.
        """
        firsts: dict[str, Value] = {}
        of: dict[int, None] = {}
        for move in moves:
            firsts = {path: span[0] for path, span in move.values.items()} | firsts
            if move.cause is not Cause.UNDO:
                of |= dict.fromkeys(move.roots)
        plan = _planned(Cause.UNDO, tuple(of), ((path, before, None) for path, before in firsts.items()), standing)
        if not plan.values:
            raise Refusal(Code.NOTHING, ALREADY_TEXT)
        return plan

    def _plan(self, move: Move, cause: Cause, standing: Standing, *, force: bool = False) -> Plan:
        wanted = (
            (path, before, None if force else self._moved_since(path, after, standing, move))
            for path, (before, after) in move.values.items()
        )
        return _planned(cause, move.roots, wanted, standing)

    def _moved_since(self, path: str, after: Value, standing: Standing, move: Move) -> Skipped | None:
        """Return who moved a param since a move, None where it still stands there.

        It was the console where it came back with another value, unnoticed.
        """
        if path not in standing.desk.values or standing.same(path, after):
            return None
        by, at = self._mover_since(path, move)
        name = strip_name(path, standing.desk)
        if at <= move.at:
            return Skipped(path, paths.console_of(path), None, MOVED_TEXT.format("The console", name))
        return Skipped(path, by, at, MOVED_TEXT.format(by, name))

    def _mover_since(self, path: str, move: Move) -> tuple[str, float]:
        """Return name and time of who moved a param last; others go before the move's author, who may have undone."""
        author, name, at = self._last.get(path, ("", "", 0.0))
        if author != move.by.id:
            return name, at
        later = takewhile(lambda one: one.id > move.id, self.newest_first())
        others = ((one.by.name, one.at) for one in later if path in one.values and one.by.id != author)
        return next(others, (name, at))


def _planned(
    cause: Cause, of: tuple[int, ...], wanted: Iterable[tuple[str, Value, Skipped | None]], standing: Standing
) -> Plan:
    """Return the plan for params, each with the value to set and what speaks against it, if anything does."""
    values: dict[str, Span] = {}
    skipped: list[Skipped] = []
    for path, value, why_not in wanted:
        if path not in standing.desk.values:
            skipped.append(Skipped(path, None, None, GONE_TEXT))
        elif value is None:
            skipped.append(Skipped(path, None, None, UNKNOWN_TEXT))
        elif why_not:
            skipped.append(why_not)
        elif standing.value(path) != value:
            values[path] = (standing.value(path), value)
    return Plan(cause, of, values, tuple(skipped))


def _step(steps: _Steps, move: Move) -> None:
    """Change a person's steps by their newest move."""
    steps.said.clear()
    if move.cause not in TAKEN_BACK:
        steps.undo.append(move)
        steps.redo.clear()
        return
    taken, given = (steps.undo, steps.redo) if move.cause is Cause.UNDO else (steps.redo, steps.undo)
    used = next(([step] for step in reversed(taken) if step.roots == move.of), None)
    gone = used or [step for step in taken if set(move.of).issuperset(step.roots)]
    for step in gone:
        taken.remove(step)
    given.append(move)


def _nothing_left(move: Move, plan: Plan) -> Refusal:
    """Return the refusal of a plan that would change nothing."""
    return Moved(move.id, plan.skipped) if plan.skipped else Refusal(Code.NOTHING, ALREADY_TEXT)


def strip_name(path: str, desk: Desk) -> str:
    """Return the name that people read for a path's strip, else the path."""
    console, strip, _ = paths.parse(path)
    name = desk.values.get(paths.join(console, strip, "name"))
    if isinstance(name, str) and name:
        return name
    strips = desk.layouts[console].strips if console in desk.layouts else ()
    return next((one.label for one in strips if one.id == strip), path)

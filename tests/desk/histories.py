"""A desk with a history, whose undo and redo are carried out at once, without a glide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remote_mixer.desk.change import Change
from remote_mixer.desk.history import History, Plan, Skipped, Standing
from remote_mixer.desk.moves import Ended, Move, OpenMoves, author_of
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source
from tests.desk.desks import Clock, online_desk


class Told:
    """A desk that keeps its history. Two seconds pass after each gesture, unless they are left out."""

    def __init__(self, values: dict[str, Value] | None = None) -> None:
        self.clock = Clock()
        self.desk = online_desk(self.clock, values)
        self.desk._wall = self.clock
        self.history = History()
        self.open = OpenMoves(self.desk.is_setting)
        self.moves: list[Move] = []
        self.desk.change_listeners.append(self._changed)
        self.desk.hold_listeners.append(
            lambda path, _by, _former: self.record(self.open.released(path, self.desk.held()))
        )

    def _changed(self, change: Change) -> None:
        self.history.note(change)
        self.open.note(change, self.clock.now)

    def record(self, ended: Sequence[Ended]) -> None:
        self.moves += [self.history.record(one) for one in ended]

    def rest(self, seconds: float = 2.0) -> None:
        self.clock.now += seconds
        self.record(self.open.ended(self.clock.now, self.desk.held()))

    def move(self, source: Source, values: Mapping[str, Value]) -> None:
        """Set params, as one gesture that has ended."""
        self.desk.set(values, source)
        self.rest()

    def standing(self) -> Standing:
        return Standing(self.desk)

    def undo(self, source: Source, *, force: bool = False) -> tuple[Skipped, ...]:
        self.record(self.open.closed(source.identity))
        return self.carry_out(source, self.history.undo(source.identity, self.standing(), force=force))

    def redo(self, source: Source, *, force: bool = False) -> tuple[Skipped, ...]:
        self.record(self.open.closed(source.identity))
        return self.carry_out(source, self.history.redo(source.identity, self.standing(), force=force))

    def carry_out(self, source: Source, plan: Plan) -> tuple[Skipped, ...]:
        self.desk.set({path: after for path, (_, after) in plan.values.items()}, source, plan.cause)
        self.moves.append(self.history.carried_out(plan, author_of(source), self.clock.now))
        self.clock.now += 0.1
        return plan.skipped

    def restart(self) -> None:
        """Replace the history by one that knows no more than the moves that were kept."""
        self.record(self.open.closed())
        self.history = History(self.moves, self.moves[-1].id if self.moves else 0)

"""The history of a hub: moves are recorded, kept and shared; undo, redo and paste pass the one door like any hand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.history import History, Plan, Skipped, Standing
from remote_mixer.desk.holds import SERIES_SECONDS
from remote_mixer.desk.moves import ALL_MOVES, Choice, Ended, Move, OpenMoves, Span, author_of
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import GUEST
from remote_mixer.desk.refusal import RESTING_TEXT, Code, Held, Refusal
from remote_mixer.desk.rights import CREW_TEXT, part_of
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.desk.stages import rises, rising_gently
from remote_mixer.hub.fields import flag, is_number, line, whole
from remote_mixer.hub.glides import Order, Work
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.messages import Moves
from remote_mixer.hub.mover import LATER_TEXT, Mover
from remote_mixer.hub.surroundings import MoveStore
from remote_mixer.people.caller import CREW

KEEP_SECONDS = 2.0
"""Time for which an answer waits for the disk; one that hangs keeps nobody waiting."""
NEWEST = 2**62
"""Number above every move's."""
MOST_PATH, MOST_NAME = 200, 100
TALK_TEXT = "Talkback goes on and off by its own key alone."
NO_MOVE_TEXT = "There is no such move, or it is not one of your mix."
TOO_FAR_TEXT = "This is too far back to take back all since: take back single moves."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Undo or redo that somebody wants.

    force    also where others have moved it since
    move     number of the one move to take back, None for the newest
    since    number of the first move to take back with all that followed
    preview  only what it would change
    """

    force: bool = False
    move: int | None = None
    since: int | None = None
    preview: bool = False

    @classmethod
    def of(cls, frame: Mapping[str, Any]) -> Wanted:
        """Return what a frame or body asks for; Refusal `bad-frame` for a field of another type."""
        return cls(
            flag(frame, "force", missing=False),
            whole(frame, "move"),
            whole(frame, "since"),
            flag(frame, "preview", missing=False),
        )


class HistoryHandler:
    """Records the moves of a hub's desk, and carries out undo and redo.

    history  as it was kept
    store    the moves on the disk
    mover    carries out undos, and recalls
    """

    def __init__(self, hub: Hub, history: History, store: MoveStore) -> None:
        self._hub, self._desk, self.history, self._store = hub, hub.desk, history, store
        self._open = OpenMoves(hub.desk.is_setting)
        self.mover = Mover(hub.desk, _now, hub.around.under_way)
        self._timer: asyncio.TimerHandle | None = None
        self._unkept: list[Move] = []
        self._wake = asyncio.Event()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        hub.desk.change_listeners.append(self._changed)
        hub.desk.hold_listeners.append(self._hold_changed)

    # Recording

    def _changed(self, change: Change) -> None:
        self.history.note(change)
        self._open.note(change, _now())
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SERIES_SECONDS, self._end_moves)

    def _hold_changed(self, path: str, by: str | None, former: str | None) -> None:
        self._record(self._open.released(path, self._desk.held()))

    def _end_moves(self) -> None:
        """Record the gestures that have ended, and look again when the next one can end."""
        self._timer, now, holds = None, _now(), self._desk.held()
        self._record(self._open.ended(now, holds))
        if self._open:
            due = self._open.due(holds)
            wait = SERIES_SECONDS if due is None else max(due - now, 0.01)
            self._timer = asyncio.get_running_loop().call_later(wait, self._end_moves)

    def _record(self, ended: Iterable[Ended]) -> None:
        for one in ended:
            self._keep(self.history.record(one))

    def close_gestures(self, source: Source) -> None:
        """Record what a source has just moved by hand, before a recall of its own."""
        self._record(self._open.closed(source.identity))

    def record_whole(self, source: Source, cause: Cause, values: Mapping[str, Span]) -> Move | None:
        """Record a recall or paste that has ended as one move; None where it changed nothing."""
        changed = {path: span for path, span in values.items() if span[0] != span[1]}
        if not changed:
            return None
        move = self.history.record(Ended(time.time(), author_of(source), cause, changed))
        self._keep(move)
        return move

    def _keep(self, move: Move) -> None:
        self._unkept.append(move)
        self._wake.set()

    async def tend(self) -> None:
        """Append the moves to the disk, then send them to who follows, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            moves = list(self._unkept)
            await self._store.append(moves)
            del self._unkept[: len(moves)]
            self._answer_waiting(max((move.id for move in moves), default=0))
            self._share(moves)

    def _answer_waiting(self, kept: int) -> None:
        for number, future in self._waiting:
            if number <= kept and not future.done():
                future.set_result(None)
        self._waiting = [(number, future) for number, future in self._waiting if not future.done()]

    async def kept(self, move: Move) -> None:
        """Wait until a move is on the disk, or the disk has refused it or does not answer."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((move.id, future))
        self._wake.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(KEEP_SECONDS):
                await future

    async def close(self) -> None:
        """Keep the gestures that go on, and what waits for the disk."""
        if self._timer:
            self._timer.cancel()
        self.mover.stop_all()
        self._record(self._open.closed())
        await self._store.append(self._unkept)

    # Reading

    async def page(self, source: Source, before: int | None, limit: int, choice: Choice = ALL_MOVES) -> list[Move]:
        """Return up to `limit` chosen moves that a source may see, older than number `before`, the newest last."""
        below = NEWEST if before is None else before

        def wanted(move: Move) -> bool:
            seen = self._seen(move, source) if move.id < below else None
            return seen is not None and choice.has(seen)

        found = [move for move in self.history.newest_first() if wanted(move)][:limit]
        if len(found) < limit:
            older = min(below, self.history.reaches_back_to)
            fragments = _fragments(source, choice.path)
            found += await self._store.read(older, limit - len(found), fragments, wanted, choice)
        return [seen for move in reversed(found) if (seen := self._seen(move, source))]

    def as_json(self, move: Move, source: Source) -> dict[str, Any]:
        """Return a move as this source sees it."""
        return move.as_json() | {"mine": move.by.id == source.identity, "undone": self.history.is_undone(move)}

    def _seen(self, move: Move, source: Source) -> Move | None:
        """Return a move with the values that a source may see: the crew all, a musician those of the own mix."""
        if source.role in CREW:
            return move
        if source.role == GUEST:
            return None
        values = {path: span for path, span in move.values.items() if part_of(path, source.mix)}
        return replace(move, values=values) if values else None

    def _share(self, moves: Sequence[Move]) -> None:
        for client in self._hub.clients:
            if client.follows_moves:
                source = client.source
                seen = [self.as_json(shown, source) for move in moves if (shown := self._seen(move, source))]
                if seen:
                    client.send(Moves(seen))

    # Pastes

    def paste(self, values: Mapping[str, Value], source: Source) -> list[Skipped]:
        """Set values as one move: levels that rise glide, all else jumps. Return what the door refuses.

        Raises the first Refusal where nothing passes.
        """
        self.close_gestures(source)
        wanted = {
            path: float(value) if type(value) is int and is_number(value) else value for path, value in values.items()
        }
        passing, skipped = self._passing(wanted, source)
        led = self._desk.led_by({path: wanted[path] for path in passing})
        following, left, _ = self._sifted(led, source)
        wanted, passing, skipped = wanted | led, [*passing, *following], [*skipped, *left]
        standing = self.standing()
        spans = {path: (self._desk.values[path], wanted[path]) for path in passing}
        changed = {path: span for path, span in spans.items() if not standing.same(path, span[1])}
        order = Order(rising_gently(changed, self._desk), source, Cause.PASTE)
        self.mover.start(order, lambda work: self._end_paste(source, work))
        return skipped

    def _end_paste(self, source: Source, work: Work) -> None:
        self.record_whole(source, Cause.PASTE, work.values)

    # Undo and redo

    async def plan(self, cause: Cause, source: Source, wanted: Wanted) -> Plan:
        """Return what an undo or redo would change; it waits only for a move that is not in memory.

        Raises Refusal: nothing, changed, or the one of the door where it lets nothing pass.
        """
        self.mover.stop_recalls(source.identity)
        self._record(self._open.closed(source.identity))
        standing = self.standing()
        if wanted.since is not None:
            plan = self.history.take_back_all(self._since(wanted.since, source), standing)
        elif wanted.move is not None:
            plan = self.history.take_back(await self._move(wanted.move, source), standing, force=wanted.force)
        elif cause is Cause.UNDO:
            plan = self.history.undo(source.identity, standing, force=wanted.force)
        else:
            plan = self.history.redo(source.identity, standing, force=wanted.force)
        return self._allowed(plan, source)

    def carry_out(self, plan: Plan, source: Source) -> Move:
        """Carry out a plan that the door lets pass, in the safe order: levels that rise glide, all else jumps."""
        values = {path: (self._desk.values[path], span[1]) for path, span in plan.values.items()}
        move = self.history.carried_out(plan, author_of(source), time.time())
        self._keep(move)
        order = Order(rising_gently(values, self._desk), source, plan.cause)
        self.mover.start(order, lambda work: self._end_undo(move, work))
        return move

    def _end_undo(self, move: Move, work: Work) -> None:
        """Keep how far an undo came that a hand, a lost console or the end of the server has stopped.

        Where a later one took it over, that one began at this one's end.
        """
        stopped = [*(path for path, why in work.lost.items() if why != LATER_TEXT), *work.ends()]
        came = {path: work.values[path][1] if path in work.values else move.values[path][0] for path in stopped}
        if came and (corrected := self.history.came_to(move.id, came)):
            self._keep(corrected)

    def standing(self) -> Standing:
        """Return where all params stand, or will stand at the end of what has begun."""
        return Standing(self._desk, self.mover.ends())

    async def _move(self, number: int, source: Source) -> Move:
        """Return a move that a source may take back; a console's own is for the crew."""
        read = self.history.move(number) or next(iter(await self._store.read(number + 1, 1)), None)
        move = self._seen(read, source) if read and read.id == number else None
        if move is None:
            raise Refusal(Code.UNKNOWN, NO_MOVE_TEXT)
        if move.by.kind != CLIENT and source.role not in CREW:
            raise Refusal(Code.FORBIDDEN, CREW_TEXT)
        return move

    def _since(self, number: int, source: Source) -> list[Move]:
        if number < self.history.reaches_back_to:
            raise Refusal(Code.BAD_VALUE, TOO_FAR_TEXT)
        self._record(self._open.closed())
        seen = [shown for move in self.history.since(number) if (shown := self._seen(move, source))]
        return [move for move in seen if move.by.kind == CLIENT or source.role in CREW]

    def _allowed(self, plan: Plan, source: Source) -> Plan:
        """Return a plan without what the door refuses now, which is named; its first Refusal where nothing is left."""
        passing, skipped = self._passing({path: after for path, (_, after) in plan.values.items()}, source)
        return replace(plan, values={path: plan.values[path] for path in passing}, skipped=(*plan.skipped, *skipped))

    def _passing(self, values: Mapping[str, Value], source: Source) -> tuple[list[str], list[Skipped]]:
        """Return the paths whose values the door lets pass now, and the others; the first Refusal where none passes."""
        passing, skipped, refusals = self._sifted(values, source)
        if refusals and not passing:
            raise refusals[0]
        return passing, skipped

    def _sifted(self, values: Mapping[str, Value], source: Source) -> tuple[list[str], list[Skipped], list[Refusal]]:
        """Return the paths whose values the door lets pass now, and the others with their refusals."""
        passing: list[str] = []
        skipped: list[Skipped] = []
        refusals: list[Refusal] = []
        for path, value in values.items():
            try:
                self._desk.param(path)
                self._desk.check(path, value, source, gradually=self._rises(path, value))
                if paths.is_talk(path):
                    raise Refusal(Code.FORBIDDEN, TALK_TEXT, path)
                if self._desk.holder(path):
                    raise Refusal(Code.HELD, RESTING_TEXT, path)
            except Refusal as refusal:
                refusals.append(refusal)
                skipped.append(Skipped(path, self._holder(refusal), None, refusal.text))
            else:
                passing.append(path)
        return passing, skipped, refusals

    def _holder(self, refusal: Refusal) -> str | None:
        client = self._hub.clients.get(refusal.by) if isinstance(refusal, Held) else None
        return client.name if client else None

    def _rises(self, path: str, value: Value) -> bool:
        return rises(path, self._desk.values[path], value, self._desk)


def choice_of(wanted: Mapping[str, Any]) -> Choice:
    """Return the choice among moves in a frame or query: `path`, `by`, and `last`, which is in seconds from now."""
    path, by = (line({key: "", **wanted}, key, most) for key, most in (("path", MOST_PATH), ("by", MOST_NAME)))
    last = whole(wanted, "last")
    return Choice(path, by, 0.0 if last is None else time.time() - last)


def _fragments(source: Source, path: str) -> list[str]:
    """Return texts of which one is in the JSON of each move that is wanted."""
    if path:
        start = json.dumps(path, ensure_ascii=False)
        return [start, f"{start[:-1]}/"]
    if source.role in CREW or not source.mix:
        return []
    return [f'"{source.mix}/', f"/{paths.local_of(source.mix)}/"]


def _now() -> float:
    return asyncio.get_running_loop().time()

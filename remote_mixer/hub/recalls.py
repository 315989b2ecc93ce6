"""Recalls of a hub: preview, recall with a fade, pause, finish and back, and GO through the set list.

A moment is on the disk before anything moves. That the recall is under way is noted there once it runs, before it is
acknowledged, and until it ends: nobody reads that it is over before that is noted. It is one move of the history, taken
back like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from remote_mixer.desk.change import Cause
from remote_mixer.desk.history import Plan
from remote_mixer.desk.matching import matched
from remote_mixer.desk.moves import Move
from remote_mixer.desk.params import Value
from remote_mixer.desk.recall import RecallPlan, Row, Verdict, plan
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.scenes import EVERYTHING, LONGEST_FADE_SECONDS, MOST_STRIPS, SCENE, Head, Scope
from remote_mixer.desk.sources import Source
from remote_mixer.desk.stages import at_once, faded, rising_gently
from remote_mixer.hub.fields import typed
from remote_mixer.hub.glides import Order, Work
from remote_mixer.hub.history import HistoryHandler, Wanted
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.messages import Fading
from remote_mixer.hub.scenes import BEFORE, SceneHandler, fade_of
from remote_mixer.people.caller import CREW

TELL_SECONDS = 0.5
VALUES_AT_ONCE = 400
GO_SECONDS = 0.3
"""Rest that a new GO needs: those that follow each other faster, as of a key that bounces or sticks, are one."""

SAME_TEXT = "Everything stands there already."
STAYS_TEXT = "Nothing can be recalled now. {}"
NO_RECALL_TEXT = "There is no recall to go back from."
ENDED_TEXT = "The recall has ended: there is nothing to pause or finish."
END_TEXT = "This was the last scene of the set list."
CUT_SHORT_TEXT = "The server ended in the middle of a recall. {} brings back what stood before: Scenes → Earlier."
FADE_TEXT = f"A fade takes from 0 to {LONGEST_FADE_SECONDS:g} seconds."


@dataclass(eq=False)
class Recall:
    """One recall, under way or over.

    number  of recalls since the start of the server
    of      number of params that it was to change
    moment  number of the moment before it, 0 for none
    place   number of the scene where the set list stood before it, 0 before the first
    move    as it stands in the history, once it is over
    ended   when it was over, in seconds of the loop's clock
    """

    number: int
    head: Head
    source: Source
    of: int
    moment: int = 0
    place: int = 0
    work: Work | None = None
    move: Move | None = None
    ended: float = 0.0

    @property
    def is_shown(self) -> bool:
        """Whether all of the crew see it, and what it does: not the recall of a musician's own mix."""
        return self.source.role in CREW

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.work is not None and self.work.over


class RecallHandler:
    """Carries out recalls, the crew's and those of a musician's own mix.

    last              the newest recall
    cut_short         a sentence about a recall that the former server did not bring to its end; "" for none
    notice_listeners  called when it is no news any more
    """

    def __init__(self, hub: Hub, history: HistoryHandler, scenes: SceneHandler) -> None:
        self._hub, self._history, self._scenes = hub, history, scenes
        self._numbers = count(1)
        self._running: list[Recall] = []
        self._telling: asyncio.TimerHandle | None = None
        self._over: list[tuple[int, Recall | None]] = []  # moments whose recall has ended, which is not noted yet
        self._wake = asyncio.Event()
        self._went: tuple[float, asyncio.Future[Recall] | None] = (0.0, None)
        self.last: Recall | None = None
        self.cut_short = self._find_cut_short()
        self.notice_listeners: list[Callable[[], None]] = []

    def _find_cut_short(self) -> str:
        """Return the notice of a recall that had begun, and of whose end nothing is on the disk."""
        return next((CUT_SHORT_TEXT.format(moment.name) for moment in self._scenes.begun()), "")

    def _forget_cut_short(self) -> None:
        if self.cut_short:
            self.cut_short = ""
            self._note_over(*((moment.id, None) for moment in self._scenes.begun()))
            for listener in self.notice_listeners:
                listener()

    # Preview and recall

    async def preview(self, source: Source, number: int, wanted: Mapping[str, Any]) -> RecallPlan:
        """Return what a recall would change now, and which strips here are meant where the scene has others."""
        head = self._scenes.head(number, source)
        (kept, laws), scope = await self._scenes.content(number), _scope(wanted, head)
        match = matched(kept, self._hub.desk, _corrections(wanted))
        scope = match.scope(scope)
        rows: dict[str, Row] = {}
        for some in _parts(kept):
            here = match.values(some, self._hub.desk, laws)
            rows |= plan(here, self._history.standing(), source, scope, self._scenes.safes).rows
            await asyncio.sleep(0)  # a hand goes first
        return RecallPlan(rows | self._led(rows, source), match)

    def _led(self, rows: Mapping[str, Row], source: Source) -> dict[str, Row]:
        """Return the rows of members that follow groups in a plan, and have no value of their own in its scope."""
        led = self._hub.desk.led_by(RecallPlan(rows).ends())
        own = {path: value for path, value in led.items() if path not in rows or rows[path].verdict is Verdict.OUT}
        return dict(plan(own, self._history.standing(), source, EVERYTHING, self._scenes.safes).rows)

    async def recall(self, source: Source, number: int, wanted: Mapping[str, Any]) -> Recall:
        """Begin to recall a scene: only what differs, in the safe order, with its fade or the one that is wanted.

        Refusal where nothing would change, with the reason.
        """
        head = self._scenes.head(number, source)
        seconds = fade_of(wanted) if wanted.get("fade") is not None else head.fade
        if not 0 <= seconds <= LONGEST_FADE_SECONDS:
            raise Refusal(Code.BAD_VALUE, FADE_TEXT)
        first = await self.preview(source, number, wanted)
        await asyncio.sleep(0)  # a hand goes first
        _check_some(first)
        moment = await self._scenes.keep_moment(BEFORE.format(head.name)) if source.role in CREW else 0
        recall = self._begin(head, source, await self._again(first, source), seconds)
        if not recall.is_over and moment:
            recall.moment = moment
            await self._scenes.note_begun(moment, begun=True)
        elif recall.move:
            await self._history.kept(recall.move)
        return recall

    async def _again(self, first: RecallPlan, source: Source) -> RecallPlan:
        """Return the plan as it is now: consoles and hands may have moved while the moment was kept."""
        now: dict[str, Row] = {}
        for some in _parts(first.ends()):
            await asyncio.sleep(0)  # a hand goes first, here and below
            now |= plan(some, self._history.standing(), source, EVERYTHING, self._scenes.safes).rows
        await asyncio.sleep(0)
        found = RecallPlan({**first.rows, **now})
        _check_some(found)
        await asyncio.sleep(0)
        return found

    def _begin(self, head: Head, source: Source, found: RecallPlan, seconds: float) -> Recall:
        desk = self._hub.desk
        self._history.close_gestures(source)
        wanted = found.values().items()
        values = {path: (desk.values[path], after) for path, (_, after) in wanted if path in desk.values}
        recall = Recall(next(self._numbers), head, source, len(values))
        if recall.is_shown:
            self._show(recall)
            stages = faded(values, desk, found.may_move) if seconds else at_once(values, desk)
            order = Order(stages, source, Cause.RECALL, seconds, soft=False)
        else:
            order = Order(rising_gently(values, desk), source, Cause.RECALL)  # somebody listens
        recall.work = self._history.mover.start(order, lambda work: self._ended(recall, work))
        if not recall.work.over:
            self._tell()
        return recall

    def _show(self, recall: Recall) -> None:
        """Make a recall the one that the crew sees, pauses and goes back from."""
        self._forget_cut_short()
        self._running.append(recall)
        self.last = recall
        recall.place = self._scenes.current
        if recall.head.kind == SCENE and not recall.head.owner:
            self._scenes.mark(recall.head.id)

    def _ended(self, recall: Recall, work: Work) -> None:
        recall.work, recall.ended = work, asyncio.get_running_loop().time()
        recall.move = self._history.record_whole(recall.source, Cause.RECALL, work.values)
        if recall.is_shown:
            self._running.remove(recall)
            self._note_over((recall.moment, recall))

    def _note_over(self, *over: tuple[int, Recall | None]) -> None:
        self._over += over
        self._wake.set()

    async def tend(self) -> None:
        """Note on the disk which recalls have ended, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.close()

    async def close(self) -> None:
        """Note the recalls that have ended, and of which that is not noted yet; then everyone is sent their end."""
        while self._over:
            moment, recall = self._over[0]
            await self._scenes.note_begun(moment, begun=False)
            self._over.pop(0)
            if recall:
                self._hub.clients.send(self.message(recall))

    def _is_noted(self, recall: Recall) -> bool:
        return recall.is_over and all(one is not recall for _, one in self._over)

    # While it goes on

    def message(self, recall: Recall) -> Fading:
        """Return the state of a recall for everyone."""
        return Fading(**self.as_json(recall))

    def as_json(self, recall: Recall) -> dict[str, Any]:
        """Return the state of a recall; see `messages.Fading`."""
        work, head = recall.work, recall.head
        running = None if work is None or work.over else work
        lost = {} if work is None else dict(work.lost)
        now = asyncio.get_running_loop().time()
        stands = recall.move and not self._history.history.is_undone(recall.move)
        return {
            "recall": recall.number,
            "scene": head.id,
            "name": head.name,
            "by": recall.source.name or recall.source.id,
            "left": round(running.left(now), 1) if running else 0.0,
            "done": max(0, recall.of - len(lost) - (len(running.ends()) if running else 0)),
            "of": recall.of,
            "paused": running is not None and running.paused is not None,
            "over": self._is_noted(recall),
            "lost": lost,
            "move": recall.move.id if recall.move and stands else None,
            "ago": round(now - recall.ended, 1) if recall.is_over else 0.0,
        }

    def _tell(self) -> None:
        """Send everyone the state of all recalls, twice a second while there are any."""
        for recall in self._running:
            self._hub.clients.send(self.message(recall))
        if self._telling:
            self._telling.cancel()
        again = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell) if self._running else None
        self._telling = again

    def pause(self) -> Recall:
        """Let the newest recall stand still."""
        recall, work = self._under_way()
        self._history.mover.pause(work)
        self._tell()
        return recall

    def go_on(self) -> Recall:
        """Let the newest recall go on."""
        recall, work = self._under_way()
        self._history.mover.go_on(work)
        self._tell()
        return recall

    def finish(self) -> Recall:
        """Bring the newest recall to its end now."""
        recall, work = self._under_way()
        self._history.mover.finish(work)
        self._tell()
        return recall

    def _under_way(self) -> tuple[Recall, Work]:
        recall = self._running[-1] if self._running else None
        if recall is None or recall.work is None:
            raise Refusal(Code.NOTHING, ENDED_TEXT)
        return recall, recall.work

    async def back(self, source: Source, wanted: Wanted) -> tuple[Plan, Move]:
        """Go back to where all stood before the newest recall, which ends; where others moved since, it is said.

        The set list too: the next GO is the same once more.
        """
        if self.last is None:
            raise Refusal(Code.NOTHING, NO_RECALL_TEXT)
        if self.last.work is not None:
            self._history.mover.stop(self.last.work)
        if self.last.move is None:
            raise Refusal(Code.NOTHING, SAME_TEXT)
        wanted = Wanted(force=wanted.force, move=self.last.move.id)
        back = await self._history.plan(Cause.UNDO, source, wanted)
        if self._scenes.current == self.last.head.id:  # else somebody has moved the mark since
            self._scenes.stand_at(self.last.place)
        return back, self._history.carry_out(back, source)

    # The set list

    async def go(self, source: Source, wanted: Mapping[str, Any]) -> Recall:
        """Recall the next scene of the set list; a GO less than 0.3 s after another, by any road, is the same one."""
        now = asyncio.get_running_loop().time()
        at, going = self._went
        if going is None or now - at > GO_SECONDS:
            going = asyncio.ensure_future(self._go(going, source, wanted))
        self._went = now, going
        return await asyncio.shield(going)

    async def _go(self, former: asyncio.Future[Recall] | None, source: Source, wanted: Mapping[str, Any]) -> Recall:
        """Recall the next scene, once the GO before has led there: its moment may take the disk a while."""
        if former:
            await asyncio.wait([former])
        return await self.recall(source, self._next().id, wanted)

    def _next(self) -> Head:
        listed = self._scenes.set_list()
        places = [place for place, head in enumerate(listed) if head.id == self._scenes.current]
        place = places[0] + 1 if places else 0
        if place >= len(listed):
            raise Refusal(Code.NOTHING, END_TEXT)
        return listed[place]


def _parts(values: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Give values in parts that hold the loop for a few milliseconds."""
    left = iter(values.items())
    while some := dict(islice(left, VALUES_AT_ONCE)):
        yield some


def _scope(wanted: Mapping[str, Any], head: Head) -> Scope:
    if wanted.get("scope") is None:
        return head.scope
    try:
        return Scope.of_json(wanted["scope"])
    except ValueError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault)) from fault


def _corrections(wanted: Mapping[str, Any]) -> dict[str, str | None]:
    """Return a person's corrections to the match of strips; Refusal for anything else."""
    if wanted.get("match") is None:
        return {}
    found: dict[str, str | None] = typed(wanted, "match", dict, MOST_STRIPS)
    if not all(to is None or isinstance(to, str) for to in found.values()):
        raise Refusal(Code.BAD_FRAME, "“match” has a strip or null for each strip of the scene.")
    return found


def _check_some(found: RecallPlan) -> None:
    """Raise Refusal where a recall would change nothing."""
    if not found.values():
        stays = found.as_json()["stays"]
        first = next(iter(stays.values()), None)
        raise Refusal(Code.NOTHING, STAYS_TEXT.format(first["text"]) if first else SAME_TEXT)

"""Mover: carries out recalls, pastes and undos by stages, at each console's pace, so that a hand never waits for them.

Values leave by twos while few of a console's wait in its outbox; what becomes louder begins once all before is at its
console. One engine moves the glides of undos and the fades of recalls.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice, takewhile

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import GONE_TEXT as MISSING_TEXT
from remote_mixer.desk.layout import ONLINE
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import RESTING_TEXT, Code, Refusal
from remote_mixer.desk.sources import CLIENT, SERVER, Source
from remote_mixer.desk.stages import Stage
from remote_mixer.hub.arrivals import GONE_TEXT, PATIENCE_SECONDS, Arrivals, UnderWay
from remote_mixer.hub.glides import GLIDE_SECONDS, SOFT_STEP_SECONDS, Glide, Order, Work

TICK_SECONDS, GLIDE_TICK_SECONDS = 0.01, 0.02
"""Time between two looks at what may leave, and while there are only glides: no param has a step more often."""
LATE_SECONDS = 0.02
"""Lateness of a look that counts as waiting for a console: what it said in more of it has not been read yet."""
ROOM = 10
"""Values of one console that may wait in its outbox, so that it always has one to send; a hand's value passes them."""
MOST_AT_ONCE = 64
"""Values of one console set in one tick, so that the loop is soon free again."""
STUCK_SECONDS = 2.0
"""Time without a step, because a limit allows none, after which a glide ends."""
ECHO_SECONDS = 0.25
"""A console's report of a step that a fade has made no longer ago is no hand on it."""

HAND_TEXT = "{} moved it meanwhile."
LATER_TEXT = "A later recall or undo has taken it over."
LIMIT_TEXT = "Its limit lets it rise no further."

log = logging.getLogger(__name__)


class Mover:
    """All recalls and undos under way.

    clock      seconds that never go back
    under_way  what waits for a console
    """

    def __init__(self, desk: Desk, clock: Callable[[], float], under_way: UnderWay) -> None:
        self._desk, self._clock, self._under_way = desk, clock, under_way
        self._arrivals = Arrivals(desk, under_way)
        self._works: list[Work] = []
        self._timer: asyncio.TimerHandle | None = None
        self._looked = 0.0
        self._setting = False
        desk.change_listeners.append(self._changed)
        desk.hold_listeners.append(self._hold_changed)

    # Orders

    def start(self, order: Order, on_end: Callable[[Work], None] = lambda _: None) -> Work:
        """Begin to carry out an order; what it moves is taken from all earlier ones. The first values leave at once.

        What a finger rests on stays with the finger, whoever's it is.
        """
        work = Work.of(order, on_end)
        for path in work.ends():
            self._drop(path, LATER_TEXT)
            if self._desk.holder(path):
                work.drop(path, RESTING_TEXT)
        self._works.append(work)
        self._advance(work, self._clock())
        self._schedule()
        return work

    def stop(self, work: Work) -> None:
        """End an order where it is."""
        if not work.over:
            work.over = True
            self._works.remove(work)
            work.on_end(work)

    def stop_recalls(self, author: str) -> None:
        """End the recalls and pastes of one author's identity where they are."""
        for work in list(self._works):
            if work.order.cause in (Cause.RECALL, Cause.PASTE) and work.order.source.identity == author:
                self.stop(work)

    def stop_all(self) -> None:
        """End all orders where they are."""
        for work in list(self._works):
            self.stop(work)

    def pause(self, work: Work) -> None:
        """Let an order stand still until it goes on."""
        work.paused = self._clock() if work.paused is None else work.paused

    def go_on(self, work: Work) -> None:
        """Let a paused order go on."""
        if work.paused is not None:
            lost = self._clock() - work.paused
            work.paused = None
            work.away = dict.fromkeys(work.away, self._clock())
            for glides in work.glides.values():
                for glide in glides.values():
                    glide.began += lost

    def finish(self, work: Work) -> None:
        """Bring all glides of an order to their ends now, softly."""
        self.go_on(work)
        work.seconds, work.soft = GLIDE_SECONDS, True
        for glides in work.glides.values():
            for path, glide in glides.items():
                glides[path] = self._glide(path, glide.last, work, self._clock())

    def ends(self) -> dict[str, Value]:
        """Return path → value at the end of the order that moves it."""
        return {path: value for work in self._works for path, value in work.ends().items()}

    # Hands

    def _changed(self, change: Change) -> None:
        """Let a hand, or somebody at the console itself, have what it moves."""
        if not self._works or self._setting or change.source.kind == SERVER:
            return
        for path, value in change.after.items():
            if change.source.kind == CLIENT or self._is_hand_at_console(path, value):
                self._drop(path, HAND_TEXT.format(change.source.name or change.source.id))

    def _is_hand_at_console(self, path: str, value: Value) -> bool:
        """Whether a console's own value on a fading param is none of the fade's last steps.

        Not so what a console says that was away: the fade goes on from there.
        """
        work = next((work for work in self._works if work.glide(path)), None)
        glide = work.glide(path) if work else None
        if work is None or glide is None or glide.soft or not isinstance(value, float):
            return False
        console = paths.console_of(path)
        if console in work.away or self._desk.values[paths.status(console)] != ONLINE:
            return False
        since = (self._clock() if work.paused is None else work.paused) - ECHO_SECONDS
        steps = self._steps(work, path, glide)
        return not any(at >= since and self._is_at(path, step, value) for at, step in steps)

    def _steps(self, work: Work, path: str, glide: Glide) -> Iterable[tuple[float, float]]:
        """Return the last steps of a fading param; of a linked strip also those of all others, which it may follow."""
        if self._desk.values.get(paths.beside(path, "link")) is not True:
            return glide.steps
        return chain.from_iterable(other.steps for other in work.glides[paths.console_of(path)].values())

    def _hold_changed(self, path: str, by: str | None, former: str | None) -> None:
        if by is not None:
            self._drop(path, HAND_TEXT.format("Somebody"))

    def _drop(self, path: str, why: str) -> None:
        for work in self._works:
            work.forget(path)
            if work.has(path):
                work.drop(path, why)

    # Ticks

    def _schedule(self) -> None:
        if self._works and self._timer is None:
            only_glide = all(any(work.glides.values()) and not any(work.jumps.values()) for work in self._works)
            seconds = GLIDE_TICK_SECONDS if only_glide else TICK_SECONDS
            self._timer = asyncio.get_running_loop().call_later(seconds, self._tick)

    def _tick(self) -> None:
        self._timer, now = None, self._clock()
        waited, self._looked = min(now - self._looked, GLIDE_TICK_SECONDS + LATE_SECONDS), now
        for work in list(self._works):
            work.waited += waited
            self._advance(work, now)
        self._schedule()

    def _advance(self, work: Work, now: float) -> None:
        """Set what may leave now, and begin the next stage where this one has come to its end."""
        self._arrivals.look(work)
        while not work.over:
            consoles = work.consoles()
            self._look_at_consoles(work, consoles, now)
            if work.paused is not None:
                return
            for console in consoles:
                if console not in work.away:
                    self._jump(work, console, now)
                    self._step(work, console, now)
            if work.consoles():
                return
            if (not work.stages or work.stages[0].waits) and not self._arrivals.are_there(work):
                return
            if work.stages:
                self._begin(work, work.stages.popleft(), now)
            elif self._arrivals.are_known(work):
                self.stop(work)
            else:
                return

    def _begin(self, work: Work, stage: Stage, now: float) -> None:
        jumps: dict[str, dict[str, Value]] = defaultdict(dict)
        for path, value in stage.jumps.items():
            jumps[paths.console_of(path)][path] = value
        work.jumps = dict(jumps)
        work.glides = {}
        for path, last in stage.glides.items():
            work.begin_glide(path, self._glide(path, last, work, now))

    def _glide(self, path: str, last: float, work: Work, now: float) -> Glide:
        present = self._desk.values.get(path)
        first = present if isinstance(present, float) else 0.0
        began = now - SOFT_STEP_SECONDS if work.soft else now  # the first step of a soft one is made at once
        return Glide(first, last, began, work.seconds, work.soft, stepped=0.0, moved=now)

    def _look_at_consoles(self, work: Work, consoles: Iterable[str], now: float) -> None:
        """Let what is left wait for a console that is not online, for a while; then go on from where it stands."""
        for console in consoles:
            if self._desk.values.get(paths.status(console)) != ONLINE:
                since = work.away.setdefault(console, now)
                if work.paused is None and now - since > PATIENCE_SECONDS:
                    self._lose_console(work, console)
            elif work.away.pop(console, None) is not None:
                self._go_on_from_truth(work, console, now)

    def _lose_console(self, work: Work, console: str) -> None:
        for path in [path for path in work.ends() if paths.console_of(path) == console]:
            work.drop(path, GONE_TEXT.format(console))

    def _go_on_from_truth(self, work: Work, console: str, now: float) -> None:
        glides, at = work.glides.get(console, {}), now if work.paused is None else work.paused
        for path, glide in glides.items():
            again = glides[path] = self._glide(path, glide.last, work, at)
            again.seconds = max(glide.began + glide.seconds - at, GLIDE_SECONDS)

    # Values

    def _jump(self, work: Work, console: str, now: float) -> None:
        """Set values of the present stage while there is room."""
        values, count = work.jumps.get(console, {}), 0
        while values and count < MOST_AT_ONCE and (room := self._room(console)) > 0:
            some = dict(islice(values.items(), room))
            for path in some:
                del values[path]
            self._set(work, some, now)
            count += len(some)

    def _step(self, work: Work, console: str, now: float) -> None:
        """Make the steps of glides that are due, the oldest first, as many as may leave now.

        None waits: its position would be one of the past when it leaves.
        """
        glides, count = work.glides.get(console, {}), 0
        soon = now + TICK_SECONDS / 2  # a tick is never exactly in time
        while glides and count < MOST_AT_ONCE and (room := self._ready(console)) > 0:
            due = takewhile(lambda path: glides[path].is_due <= soon, glides)
            if not (some := list(islice(due, room))):
                return
            for path in some:
                glides[path] = glides.pop(path)  # to the end of the row
            self._set_steps(work, console, self._positions(work, some, now), now)
            self._end_glides(work, some, now)
            count += len(some)

    def _set_steps(self, work: Work, console: str, positions: Mapping[str, float], now: float) -> None:
        """Set positions of glides; those that others follow are not awaited."""
        ends = work.glides.get(console, {})
        last = {path: at for path, at in positions.items() if self._is_at(path, at, ends[path].last)}
        self._set(work, {path: at for path, at in positions.items() if path not in last}, now, passing=True)
        self._set(work, last, now)

    def _room(self, console: str) -> int:
        return ROOM - self._under_way(console)[0]

    def _ready(self, console: str) -> int:
        waiting, _, ready = self._under_way(console)
        return min(MOST_AT_ONCE, ready) if waiting < ROOM else 0

    def _positions(self, work: Work, gliding: Iterable[str], now: float) -> dict[str, float]:
        """Return where these glides are to step, as high as the limits of their source allow."""
        positions: dict[str, float] = {}
        for path in gliding:
            if path not in self._desk.values:
                work.drop(path, MISSING_TEXT)
            elif glide := work.glide(path):
                positions[path] = min(glide.step(now), self._highest(path, work.order.source))
        return positions

    def _highest(self, path: str, source: Source) -> float:
        desk = self._desk
        return desk.rights.highest(path, desk.param(path), desk.values[path], source)

    def _end_glides(self, work: Work, gliding: Iterable[str], now: float) -> None:
        """End the glides that are at their end, or that a limit keeps from it."""
        for path in gliding:
            glide, present = work.glide(path), self._desk.values.get(path)
            if glide is None:
                continue
            if self._is_at(path, present, glide.last):
                del work.glides[paths.console_of(path)][path]
            elif now - glide.moved > STUCK_SECONDS and not self._is_at(path, present, glide.at(now)):
                work.drop(path, LIMIT_TEXT)

    def _is_at(self, path: str, present: Value, wanted: float) -> bool:
        return present is not None and self._desk.param(path).same(present, wanted)

    def _set(self, work: Work, values: Mapping[str, Value], now: float, *, passing: bool = False) -> None:
        """Set values through the one door; where it refuses some, each by itself."""
        if not values:
            return
        before = {path: self._desk.values.get(path) for path in values}
        self._setting = True
        try:
            self._desk.set(values, work.order.source, work.order.cause, passing=passing)
        except Refusal as refusal:
            if len(values) > 1:
                for path, value in values.items():
                    self._set(work, {path: value}, now, passing=passing)
            else:
                self._refused(work, *next(iter(values.items())), refusal, now)
            return
        finally:
            self._setting = False
        for path, value in before.items():
            if self._desk.values[path] != value:
                work.note(path, value, self._desk.values[path], now, passing=passing)

    def _refused(self, work: Work, path: str, value: Value, refusal: Refusal, now: float) -> None:
        """Let a level rise as slowly as its limit wants; give up what is refused for another reason."""
        if refusal.code is Code.LIMIT and isinstance(value, float):
            if not work.glide(path) and path in self._desk.values:
                work.begin_glide(path, self._glide(path, value, work, now))
            return
        work.drop(path, refusal.text)
        work.lost[path] = refusal.text
        log.info("%s of %s ended on its way: %s", work.order.cause.value, path, refusal.text)

"""A mover whose time passes when it is moved on, and a console whose line has an X32's pace."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from sys import maxsize
from typing import Any

from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source
from remote_mixer.desk.stages import Stage
from remote_mixer.drivers.behringer.timing import Pace
from remote_mixer.hub.glides import Order, Work
from remote_mixer.hub.mover import TICK_SECONDS, Mover
from tests.desk.desks import ANNE, Clock, online_desk


class Moving:
    """A desk, a mover and a line. `rate` is in values a second, None for a console without a pace."""

    def __init__(self, desk: Desk | None = None, rate: float | None = None) -> None:
        self.clock = Clock()
        self.desk = desk or online_desk(self.clock)
        self.rate = rate
        self.waiting: list[dict[str, Value]] = []
        self.most_waiting = 0
        self.arrived: list[tuple[float, str, Value]] = []
        self.awaited: list[tuple[str, Value]] = []
        self.unconfirmed: set[str] = set()
        self._pace = Pace(rate or inf, inf)
        self.mover = Mover(self.desk, self.clock, lambda _: self._under_way())
        self.mover._schedule = lambda: None  # type: ignore[method-assign] # the test's own ticks
        self.desk.change_listeners.append(self._changed)

    def _under_way(self) -> tuple[int, set[str], int]:
        return len(self.waiting), self.unconfirmed.union(*self.waiting), self._ready()

    def _ready(self) -> int:
        return self._pace.ready(self.clock.now) if self.rate else maxsize

    def _changed(self, change: Change) -> None:
        if change.cause not in (Cause.RECALL, Cause.UNDO):
            return
        self.awaited += () if change.passing else change.after.items()
        self.waiting += ({path: value} for path, value in change.after.items())
        self._leave()
        self.most_waiting = max(self.most_waiting, len(self.waiting))

    def _leave(self) -> None:
        while self.waiting and self._pace.wait("", self.clock.now) <= 0:
            ((path, value),) = self.waiting.pop(0).items()
            self._pace.sent("", self.clock.now)
            self.arrived.append((self.clock.now, path, value))

    def start(self, stages: list[Stage], source: Source = ANNE, seconds: float = 0.0, **more: Any) -> Work:
        return self.mover.start(Order(stages, source, Cause.RECALL, seconds, soft=False), **more)

    def tick(self) -> None:
        self.clock.now = round(self.clock.now + TICK_SECONDS, 6)
        self._leave()
        self.mover._tick()

    def until(self, there: Callable[[], object], seconds: float = 120.0) -> float:
        """Let time pass until something holds, and return how long that took."""
        began = self.clock.now
        while not there():
            assert self.clock.now - began < seconds, "it takes too long"
            self.tick()
        return self.clock.now - began

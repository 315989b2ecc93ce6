"""A mover whose time passes when it is moved on, and a console whose line takes so many values a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source
from remote_mixer.desk.stages import Stage
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
        gap = 1 / rate if rate else 0.0
        self.mover = Mover(self.desk, self.clock, lambda _: (len(self.waiting), self.unconfirmed, gap))
        self.mover._schedule = lambda: None  # type: ignore[method-assign] # the test's own ticks
        self.desk.change_listeners.append(self._changed)
        self._free_at = self.clock.now

    def _changed(self, change: Change) -> None:
        if change.cause not in (Cause.RECALL, Cause.UNDO):
            return
        self.awaited += () if change.passing else change.after.items()
        for path, value in change.after.items():
            if self.rate is None:
                self.arrived.append((self.clock.now, path, value))
            else:
                self.waiting.append({path: value})
        self.most_waiting = max(self.most_waiting, len(self.waiting))

    def start(self, stages: list[Stage], source: Source = ANNE, seconds: float = 0.0, **more: Any) -> Work:
        return self.mover.start(Order(stages, source, Cause.RECALL, seconds, soft=False), **more)

    def tick(self) -> None:
        self.clock.now = round(self.clock.now + TICK_SECONDS, 6)
        while self.rate and self.waiting and self._free_at <= self.clock.now:
            ((path, value),) = self.waiting.pop(0).items()
            self._free_at = max(self._free_at, self.clock.now - TICK_SECONDS)  # when it leaves: all waited since then
            self.arrived.append((self._free_at, path, value))
            self._free_at += 1 / self.rate
        self.mover._tick()

    def until(self, there: Callable[[], object], seconds: float = 120.0) -> float:
        """Let time pass until something holds, and return how long that took."""
        began = self.clock.now
        while not there():
            assert self.clock.now - began < seconds, "it takes too long"
            self.tick()
        return self.clock.now - began

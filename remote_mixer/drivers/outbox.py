"""Outbox: the newest value per path until the driver can send it; values for a console wait nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import chain
from math import inf
from typing import Protocol

from remote_mixer.desk.params import Value


class Timer(Protocol):
    """A call that is due later."""

    def when(self) -> float:
        """Return the time at which the call is due, in seconds of the loop's clock."""

    def cancel(self) -> None:
        """Cancel the call."""


class Timers(Protocol):
    """The part of an event loop that the outbox uses."""

    def time(self) -> float:
        """Return the loop's time in seconds."""

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Schedule a call at a time of the loop's clock, in seconds."""


class Outbox:
    """Sends values at once while their lane is free, else once it is; the last value of each path always leaves.

    Lanes take turns: each lane with waiting values sends one before any lane sends its second. Lanes in which a hand's
    value waits go before those in which all are of a recall.

    send    takes (path, value); never waits, never raises
    lane    path → name of its lane, as `Driver.lane`
    wait    lane → seconds until its next value may leave, as `Driver.wait`
    timers  returns the running event loop
    """

    def __init__(
        self,
        send: Callable[[str, Value], None],
        lane: Callable[[str], str],
        wait: Callable[[str], float],
        timers: Callable[[], Timers] = asyncio.get_running_loop,
    ) -> None:
        self._send = send
        self._lane = lane
        self._wait = wait
        self._timers = timers
        self._hands: dict[str, dict[str, Value]] = {}  # in the order of their turns; a lane without values is absent
        self._recalls: dict[str, dict[str, Value]] = {}  # as above
        self._timer: Timer | None = None

    def __len__(self) -> int:
        """Return the number of values that wait."""
        return sum(map(len, chain(self._hands.values(), self._recalls.values())))

    def put(self, values: Mapping[str, Value], *, recalled: bool = False) -> None:
        """Send values or let them wait; an older waiting value of the same path is replaced and keeps its turn.

        recalled  whether they are of a recall, which any hand's value passes
        """
        for path, value in values.items():
            lane = self._lane(path)
            if recalled or lane in self._hands:
                waiting = self._waiting(lane)
            elif (waiting := self._recalls.pop(lane, None)) is not None:
                waiting = self._hands[lane] = {path: value, **waiting}
            if waiting is not None:
                waiting[path] = value
            elif (seconds := self._wait(lane)) > 0 or self._hands or self._recalls:
                (self._recalls if recalled else self._hands)[lane] = {path: value}
                self._schedule(seconds)
            else:
                self._send(path, value)

    def _waiting(self, lane: str) -> dict[str, Value] | None:
        """Return what waits in a lane."""
        return self._hands.get(lane) or self._recalls.get(lane)

    def waits(self, path: str) -> bool:
        """Whether a value of this path waits."""
        return bool(self._hands or self._recalls) and path in (self._waiting(self._lane(path)) or ())

    def newest(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return these values, each replaced by the newer one that waits for its path, if any."""
        if not self._hands and not self._recalls:
            return values
        return {path: (self._waiting(self._lane(path)) or {}).get(path, value) for path, value in values.items()}

    def clear(self) -> None:
        """Drop all waiting values: a console that returns must not receive outdated ones."""
        self._hands.clear()
        self._recalls.clear()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _schedule(self, seconds: float) -> None:
        loop = self._timers()
        when = loop.time() + max(seconds, 0.0)
        if self._timer is None or when < self._timer.when():
            if self._timer:
                self._timer.cancel()
            self._timer = loop.call_at(when, self._take_turns)

    def _take_turns(self) -> None:
        """Send one value of each lane that is free, and come back when the next lane is."""
        self._timer = None
        soonest = inf
        for lanes in (self._hands, self._recalls):
            for lane in tuple(lanes):
                seconds = self._wait(lane)
                if seconds <= 0 and self._send_first(lane, lanes):
                    seconds = self._wait(lane)
                if lane in lanes:
                    soonest = min(soonest, seconds)
        if soonest < inf:
            self._schedule(soonest)

    def _send_first(self, lane: str, lanes: dict[str, dict[str, Value]]) -> bool:
        """Send a lane's first value and move the lane to the end of the turns; return whether it has more."""
        values = lanes.pop(lane)
        path = next(iter(values))
        value = values.pop(path)
        if values:
            lanes[lane] = values
        self._send(path, value)
        return bool(values)

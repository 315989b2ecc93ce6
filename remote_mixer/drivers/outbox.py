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

    Lanes take turns: each lane with waiting values sends one before any lane sends its second. Hands' values go before
    those of recalls, and where a driver wants it so, neither waits for the pace of the other.

    send    takes (path, value, recalled); never waits, never raises
    lane    path → name of its lane, as `Driver.lane`
    wait    (lane, recalled) → seconds until its next value may leave, as `Driver.wait` and `Driver.wait_recalled`
    timers  returns the running event loop
    """

    def __init__(
        self,
        send: Callable[[str, Value, bool], None],
        lane: Callable[[str], str],
        wait: Callable[[str, bool], float],
        timers: Callable[[], Timers] = asyncio.get_running_loop,
    ) -> None:
        self._send = send
        self._lane = lane
        self._wait = wait
        self._timers = timers
        # In the order of their turns; a lane without values is absent. A path waits in one of the two at most.
        self._hands: dict[str, dict[str, Value]] = {}
        self._recalls: dict[str, dict[str, Value]] = {}
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
            if path in self._hands.get(lane, ()):
                self._hands[lane][path] = value
                continue
            if not recalled:
                _drop(self._recalls, lane, path)
            self._take(lane, path, value, recalled=recalled)

    def _take(self, lane: str, path: str, value: Value, *, recalled: bool) -> None:
        """Send a value, or let it wait among those of its kind."""
        lanes = self._recalls if recalled else self._hands
        if lane in lanes:
            lanes[lane][path] = value
        elif (seconds := self._wait(lane, recalled)) > 0 or self._hands or lanes:
            lanes[lane] = {path: value}
            self._schedule(seconds)
        else:
            self._send(path, value, recalled)

    def _waiting(self, path: str) -> Mapping[str, Value]:
        """Return what waits beside a path, of hands or of recalls, with the path's own value if it waits."""
        lane = self._lane(path)
        hands = self._hands.get(lane, {})
        return hands if path in hands else self._recalls.get(lane, {})

    def waits(self, path: str) -> bool:
        """Whether a value of this path waits."""
        return bool(self._hands or self._recalls) and path in self._waiting(path)

    def newest(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return these values, each replaced by the newer one that waits for its path, if any."""
        if not self._hands and not self._recalls:
            return values
        return {path: self._waiting(path).get(path, value) for path, value in values.items()}

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
        """Send one value of each lane that is free, hands' before recalls', and come back when the next lane is."""
        self._timer = None
        soonest = inf
        for lanes, recalled in ((self._hands, False), (self._recalls, True)):
            for lane in tuple(lanes):
                seconds = self._wait(lane, recalled)
                if seconds <= 0 and self._send_first(lane, recalled=recalled):
                    seconds = self._wait(lane, recalled)
                if lane in lanes:
                    soonest = min(soonest, seconds)
        if soonest < inf:
            self._schedule(soonest)

    def _send_first(self, lane: str, *, recalled: bool) -> bool:
        """Send a lane's first value and move the lane to the end of the turns; return whether it has more."""
        lanes = self._recalls if recalled else self._hands
        values = lanes.pop(lane)
        path = next(iter(values))
        value = values.pop(path)
        if values:
            lanes[lane] = values
        self._send(path, value, recalled)
        return bool(values)


def _drop(lanes: dict[str, dict[str, Value]], lane: str, path: str) -> None:
    """Drop a value that a newer one replaces."""
    values = lanes.get(lane, {})
    values.pop(path, None)
    if not values:
        lanes.pop(lane, None)

"""Three people on one fader, links of any delay: when all is quiet everybody sees what the desk has.

A page here keeps the rules of the real one: it draws its own finger at once, draws nothing from outside while the
finger's hold lasts, and lets the hold end only by `settle`.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import pytest

from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import CLIENT, Source
from tests.desk.desks import CONSOLE, FADER_1, online_desk

SESSIONS = 1000
MOST_MOVES = 24


@dataclass
class World:
    """Events in order of time; each link delivers in order, with a delay that changes all the time."""

    chance: random.Random
    now: float = 0.0
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _number: count[int] = field(default_factory=count)

    def at(self, time: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (time, next(self._number), act))

    def run(self) -> None:
        while self._events:
            self.now, _, act = heapq.heappop(self._events)
            act()


class Link:
    """One direction between a page and the desk: late, but in order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last = 0.0

    def carry(self, act: Callable[[], None]) -> None:
        self._last = max(self._last, self._world.now + self._world.chance.expovariate(20))
        self._world.at(self._last, act)


class Page:
    """What the page does with a fader."""

    def __init__(self, world: World, desk: Desk, name: str, *, settles: bool) -> None:
        self.source = Source(CLIENT, name)
        self.shown = desk.values[FADER_1]
        self._desk, self._up, self._down = desk, Link(world), Link(world)
        self._held = False
        self._settles = settles
        desk.change_listeners.append(self._share)
        desk.hold_listeners.append(self._lost_hold)

    def touch(self) -> None:
        self._held = True
        self._up.carry(lambda: self._ask(lambda: self._desk.hold(FADER_1, self.source, take=True)))

    def move(self, position: float) -> None:
        self.shown = position
        self._up.carry(lambda: self._ask(lambda: self._desk.set({FADER_1: position}, self.source)))

    def lift(self) -> None:
        self._held = self._settles

        def release() -> None:
            self._desk.release(FADER_1, self.source)
            self._settle()

        self._up.carry(release)

    def _ask(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Refusal:
            self._settle()

    def _share(self, change: Change) -> None:
        value = change.after[FADER_1]
        self._down.carry(lambda: self._apply(value))

    def _lost_hold(self, path: str, by: str | None, former: str | None) -> None:
        if former == self.source.id:
            self._settle()

    def _settle(self) -> None:
        if not self._settles:
            return
        value = self._desk.values[FADER_1]

        def settled() -> None:
            self._held = False
            self.shown = value

        self._down.carry(settled)

    def _apply(self, value: Value) -> None:
        if not self._held:
            self.shown = value


def disagreements(*, settles: bool) -> int:
    """Return in how many sessions some page ends with another value than the desk."""
    return sum(not _session(seed, settles=settles) for seed in range(SESSIONS))


def _session(seed: int, *, settles: bool) -> bool:
    world = World(random.Random(seed))
    desk = online_desk()
    pages = [Page(world, desk, name, settles=settles) for name in ("anne", "bob", "cleo")]
    for page in pages:
        _plan_a_drag(world, page)
    world.at(world.chance.uniform(0, 1), lambda: console_moves(desk, world.chance.random()))
    world.run()
    return all(page.shown == desk.values[FADER_1] for page in pages)


def console_moves(desk: Desk, position: float) -> None:
    desk.set({FADER_1: position}, CONSOLE)


def _plan_a_drag(world: World, page: Page) -> None:
    """Touch, move for a while, rest, lift."""
    begin = world.chance.uniform(0, 1)
    moves = world.chance.randint(1, MOST_MOVES)
    world.at(begin, page.touch)
    for step in range(1, moves + 1):
        world.at(begin + 0.016 * step, partial(page.move, round(world.chance.random(), 5)))
    world.at(begin + 0.016 * moves + world.chance.uniform(0, 0.5), page.lift)


def test_everybody_ends_where_the_desk_is() -> None:
    assert disagreements(settles=True) == 0


def test_this_simulation_would_notice_holds_that_end_when_the_finger_lifts() -> None:
    assert disagreements(settles=False) > 0


@pytest.mark.parametrize("seed", range(3))
def test_a_session_is_the_same_every_time(seed: int) -> None:
    assert _session(seed, settles=False) == _session(seed, settles=False)

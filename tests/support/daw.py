"""A DAW of our own as the far end of Mackie Control: tracks, a transport, and one to four surface units.

It has a protocol table of its own (`daw_protocol`) and the habits of several real hosts, chosen by `Habits`. Bytes come
from the surface by `receive(unit, data)` and leave by `listeners`. Time is a clock's `call_later`: the running
loop's, unless a test brings its own. `daw_links` connects it to a driver.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.support import daw_protocol as facts
from tests.support.daw_input import InputHandler
from tests.support.daw_output import Unit
from tests.support.daw_tracks import Clock, Habits, Track

Say = Callable[[int, bytes], None]


class Daw(InputHandler):
    """A host with its tracks.

    tracks     count or names
    units      count of surface units; number 0 is the main one
    order      the units from left to right, as set in the host
    habits     see `Habits`
    listeners  called with a unit's number and the bytes that the host sends to it
    said       all that was sent to each unit, message by message
    silent     receives but sends nothing
    """

    def __init__(
        self,
        tracks: int | Sequence[str] = 8,
        units: int = 1,
        *,
        clock: Clock | None = None,
        order: Sequence[int] | None = None,
        **habits: Any,
    ) -> None:
        super().__init__(tracks, order or range(units), Habits(**habits))
        self.said: list[list[bytes]] = [[] for _ in range(units)]
        self.silent = self.closed = False
        self._shown_first = self.first
        self.listeners: list[Say] = []
        self._clock: Clock = clock or asyncio.get_running_loop()
        identities = (facts.EXTENDER_ID if unit else facts.MAIN_ID for unit in range(units))
        self.units = [
            Unit(identity, self.habits, partial(self._leave, unit)) for unit, identity in enumerate(identities)
        ]

    # -- called by tests

    def start(self) -> None:
        """Start like a host that was just opened: query the units, or paint."""
        for unit in self.units:
            unit.forget()
            if self.habits.asks:
                unit.ready = False
                unit.sysex(facts.QUERY)
        self.show()

    def close(self) -> None:
        """Send and do nothing any more."""
        self.closed = True

    def show(self) -> None:
        """Paint what has changed, on each unit that is ready."""
        moved, self._shown_first = self.first != self._shown_first, self.first
        for unit in self.units if moved and self.habits.repaints else ():
            unit.forget_lines()
        for number, unit in enumerate(self.units):
            if unit.ready:
                unit.show(self.display(number))

    def repaint(self) -> None:
        """Paint everything again."""
        for unit in self.units:
            unit.forget()
        self.show()

    def rename(self, index: int, name: str) -> None:
        """Rename a track."""
        self.tracks[index].name = name
        self.show()

    def add(self, index: int, name: str) -> None:
        """Insert a track before the one of this index."""
        self.tracks.insert(index, Track(name))
        self.show()

    def remove(self, index: int) -> None:
        """Remove a track; the bank stays as full as possible."""
        del self.tracks[index]
        self.go_to(min(self.first, self._last()))

    def move_fader(self, index: int, value: int) -> None:
        """Move a track's fader by the DAW's own mouse or automation."""
        self.tracks[index].fader = value
        self.show()

    def go_to(self, first: int) -> None:
        """Show another bank, as by another surface or the mouse."""
        self.first = first
        self.show()

    def meter(self, index: int, value: int) -> None:
        """Send a track's meter (0–D level, E clip, F no clip) if it is in the window and the host sends meters now."""
        column = index - self.first
        if 0 <= column < self.width and (self.rolling or self.habits.meters == "always"):
            self.units[self.order[column // facts.STRIPS]].meter(column % facts.STRIPS, value)

    def say_raw(self, unit: int, data: bytes) -> None:
        """Send any bytes."""
        self._leave(unit, data)

    # -- time and output

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        self._clock.call_later(seconds, lambda: None if self.closed else what())

    def _leave(self, unit: int, data: bytes) -> None:
        if self.habits.answer:
            self.later(self.habits.answer, lambda: self._out(unit, data))
        else:
            self._out(unit, data)

    def _out(self, unit: int, data: bytes) -> None:
        if not self.silent and not self.closed:
            self.said[unit].append(data)
            for listener in self.listeners:
                listener(unit, data)

"""A DAW of our own as the far end of Mackie Control: tracks, a transport, and one to four surface units.

It has a protocol table of its own (`daw_protocol`) and the habits of several real hosts, chosen by `Habits`. Bytes come
from the surface by `receive(unit, data)` and leave by `say(unit, data)`. Time is a clock's `call_later`: the running
loop's, unless a test brings its own. `daw_links` connects it to a driver.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.support import daw_protocol as facts
from tests.support.daw_input import Ears
from tests.support.daw_output import Unit
from tests.support.daw_tracks import Clock, Habits, Track

Say = Callable[[int, bytes], None]


class Daw(Ears):
    """A host with its tracks.

    tracks  how many, or their names
    units   how many surface units; number 0 is the main one
    say     takes a unit's number and what the host says to it
    order   the units from left to right, as the host was told
    habits  see `Habits`
    said    all that was said to each unit, message by message
    silent  hears but says nothing
    """

    def __init__(
        self,
        tracks: int | Sequence[str] = 8,
        units: int = 1,
        *,
        say: Say | None = None,
        clock: Clock | None = None,
        order: Sequence[int] | None = None,
        **habits: Any,
    ) -> None:
        self.habits = Habits(**habits)
        super().__init__(tracks, order or range(units))
        self.listen()
        self.said: list[list[bytes]] = [[] for _ in range(units)]
        self.silent = self.closed = False
        self.say: Say = say or (lambda unit, data: None)
        self._clock: Clock = clock or asyncio.get_running_loop()
        identities = (facts.EXTENDER_ID if unit else facts.MAIN_ID for unit in range(units))
        self.units = [
            Unit(identity, self.habits, partial(self._leave, unit)) for unit, identity in enumerate(identities)
        ]

    # -- what a test does to it

    def start(self) -> None:
        """Begin as a host that was just opened: ask the units who they are, or paint."""
        for unit in self.units:
            unit.forget()
            if self.habits.asks:
                unit.ready = False
                unit.sysex(facts.QUERY)
        self.show()

    def close(self) -> None:
        """Say and do nothing any more."""
        self.closed = True

    def show(self) -> None:
        """Paint what is not shown yet, wherever a unit is ready."""
        for number, unit in enumerate(self.units):
            if unit.ready:
                unit.show(self.face(number))

    def repaint(self) -> None:
        """Paint everything anew."""
        for unit in self.units:
            unit.forget()
        self.show()

    def rename(self, index: int, name: str) -> None:
        """Give a track another name."""
        self.tracks[index].name = name
        self.show()

    def add(self, index: int, name: str) -> None:
        """Put a new track before the one of this index."""
        self.tracks.insert(index, Track(name))
        self.show()

    def remove(self, index: int) -> None:
        """Take a track away; the bank stays as full as it can."""
        del self.tracks[index]
        self.go_to(min(self.first, self._last()))

    def move_fader(self, index: int, value: int) -> None:
        """Move a track's fader by the DAW's own mouse or automation."""
        self.tracks[index].fader = value
        self.show()

    def go_to(self, first: int) -> None:
        """Show another bank, as another surface or the mouse may ask."""
        self.first = first
        self.show()

    def meter(self, index: int, value: int) -> None:
        """Say a track's meter (0–D level, E clip, F no clip) if it is on view and the host says meters now."""
        column = index - self.first
        if 0 <= column < self.width and (self.rolling or self.habits.meters == "always"):
            self.units[self.order[column // facts.STRIPS]].meter(column % facts.STRIPS, value)

    def say_raw(self, unit: int, data: bytes) -> None:
        """Say any bytes at all."""
        self._leave(unit, data)

    # -- time and the road out

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
            self.say(unit, data)

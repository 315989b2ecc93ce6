"""Session of the surface, from its announcement to its end: report what the DAW shows, send what clients set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from math import inf

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError, Opened, Report
from remote_mixer.drivers.clock import Clock
from remote_mixer.drivers.duties import until_one_ends
from remote_mixer.drivers.mackie.banks import unmoved
from remote_mixer.drivers.mackie.controls import Controls
from remote_mixer.drivers.mackie.fader_law import Levels
from remote_mixer.drivers.mackie.hands import Hands
from remote_mixer.drivers.mackie.layout import layout
from remote_mixer.drivers.mackie.looks import Looks
from remote_mixer.drivers.mackie.navigator import Navigator
from remote_mixer.drivers.mackie.reports import NOTHING_PAINTED, Reports, notice_text
from remote_mixer.drivers.mackie.texts import Texts
from remote_mixer.drivers.mackie.tracks import Match, Tracks
from remote_mixer.drivers.mackie.turns import Turns
from remote_mixer.drivers.mackie.units import Units
from remote_mixer.drivers.midi_ports import OpenLink
from remote_mixer.midi.mackie import ACTION_KEYS

PULSE_SECONDS = 1 / 30
PULSES_A_TIME = 3
"""Pulses for one report of the time display."""
ANNOUNCE_SECONDS = 5.0
"""Interval of announcements while the surface is blank."""
START_SECONDS = 0.7
"""Time that a starting DAW takes to paint its tracks after its query."""
WALKS_SECONDS = 3.0
"""Least time between two walks: a DAW whose names keep changing must not be walked without end."""


class Session:
    """One session of the surface, from `open` to `close`."""

    def __init__(self, console: str, ports: Sequence[tuple[str, str]], open_link: OpenLink, report: Report) -> None:
        self._time = Clock()
        clock = self._time.time
        self._console, self._report, self._clock = console, report, clock
        self._units = Units(ports, open_link, self._receive, self._on_query, clock)
        self._controls = Controls(self._units, clock)
        self._surface = self._controls.surface
        self._texts = Texts(clock)
        self._tracks = Tracks(console, self._surface, self._texts, clock)
        self._turns = Turns(self._tracks.strip, clock)
        self._navigator = Navigator(self._surface, self._tracks, self._units, clock)
        self._reports = Reports(console, self._controls, self._tracks, self._texts)
        self._levels = Levels(lambda: self._tracks.values, clock)
        self._looks = Looks(self._controls, self._tracks, self._turns, self._navigator, self._move)
        self._walk_from = self._announced_at = clock()
        self.hands = Hands(self._controls, self._tracks, self._turns, self._reports, report)
        """Values, holds and queries of clients."""
        self._learned_at = -inf
        self._flip: bool | None = None
        self._remembered: frozenset[str] = frozenset()
        self._notice = ""

    # Open and close

    async def open(self) -> Opened:
        """Announce the surface and learn the DAW's tracks, if the DAW is running."""
        await self._units.open()
        self._units.announce()
        self._units.let_go()
        self._report.progress("Waiting for the DAW to show its tracks.")
        if await self._navigator.painted():
            self._report.progress("Walking the DAW's banks once, to learn all tracks.")
            await self._learn()
        self._tracks.moving = False
        return self._opened()

    async def run(self) -> None:
        """Report and send until a link has gone; then raise DriverError."""
        await until_one_ends((self._units.gone(), self._pulses(), self._tend()))

    def close(self) -> None:
        """Release all controls and close the ports."""
        self._controls.send_unsure()
        self._controls.let_go()
        self._units.close()
        self._time.close()

    # From the DAW

    def _receive(self, unit: int, message: bytes) -> None:
        self._surface.receive(unit, message)
        self._navigator.on_paint()

    def _on_query(self) -> None:
        """Expect other tracks: a DAW that sends a query has just started."""
        self._looks.stale, self._walk_from = True, self._clock() + START_SECONDS

    async def _pulses(self) -> None:
        number_of_pulse = 0
        while True:
            self._pulse(with_time=number_of_pulse % PULSES_A_TIME == 0)
            number_of_pulse += 1
            await asyncio.sleep(PULSE_SECONDS)

    def _pulse(self, *, with_time: bool) -> None:
        self._controls.tend(repaints=self._looks.will_nudge(), sure=self._tracks.sure)
        if not self._tracks.moving:
            self._look()
        if self._turns.waiting or self._looks.may_sweep() or (self._looks.can_nudge() and self._controls.late):
            self._turns.wake.set()
        values = self._after_flip() | self._reports.due(sure=self._tracks.sure) | self._name_news()
        if with_time:
            values |= self._reports.time() | self._level_texts()
        if values:
            self._report.values(values)
        self._confirm()
        self._report.meters(self._tracks.readings(still=not self._tracks.moving))
        self._report_rest()

    def _name_news(self) -> dict[str, Value]:
        return {} if self._tracks.moving else self._tracks.name_news()

    def _level_texts(self) -> dict[str, Value]:
        if self._tracks.moving:  # perhaps to learn tracks that the desk has not yet
            return {}
        texts = self._levels.news()
        self._tracks.values |= texts
        return texts

    def _confirm(self, *, leaving: bool = False, offset: int | None = None) -> None:
        for path in self._reports.arrived(leaving=leaving, offset=offset):
            self.hands.confirm(path)

    def _look(self) -> None:
        before = self._tracks.offset
        self._tracks.match = self._tracks.look()
        if self._tracks.match is Match.MOVED:
            self._tracks.match = Match.SURE
        self._looks.stale |= self._tracks.match is Match.UNKNOWN
        if self._tracks.offset != before:
            self._confirm(leaving=True, offset=before)
            unanswered = self._reports.unanswered(before)
            self._shifted()  # before they leave again, which may be now
            self.hands.send_again(unanswered)
            self.hands.call_back()
        if self._tracks.match is Match.SURE and not self._reports.owed:
            self.hands.land()
        if self._looks.stale:
            self._turns.wake.set()

    def _shifted(self) -> None:
        """Handle a change of the tracks on the strips."""
        self._controls.let_go()
        self._texts.clear()
        self._reports.report_all()
        self._turns.arrived()
        self._turns.wake.set()

    def _after_flip(self) -> dict[str, Value]:
        """Forget, after a flip, the values of faders and V-pots, which have changed places."""
        former, self._flip = self._flip, self._surface.globals["flip"]
        if former is None or former is self._flip:
            return {}
        self._reports.report_all()
        return self._tracks.forget("fader", "fader/text", "pan", "pan/text")

    def _report_rest(self) -> None:
        """Report remembered paths and the notice where they have changed; announce the surface while it is blank."""
        remembered = self._tracks.remembered_paths
        if self._reports.owed:  # what the window shows is heard only when it is reported
            remembered |= frozenset(self._remembered & self._tracks.values.keys())
        if self._looks.sweeping and self._turns.resting:
            remembered = self._remembered  # it would be news twice a second, for nobody
        if remembered != self._remembered:
            self._remembered = remembered
            self._report.remembered(remembered)
        text = self._notice_text()
        if text != self._notice:
            self._notice = text
            self._report.notice(text)
        if not self._surface.painted() and self._clock() - self._announced_at > ANNOUNCE_SECONDS:
            self._announced_at = self._clock()
            self._units.announce()

    def _notice_text(self) -> str:
        return notice_text(self._surface, self._units, self._tracks, dropped=self.hands.dropped)

    # Banks

    async def _tend(self) -> None:
        while True:
            await self._turns.wake.wait()
            self._turns.wake.clear()
            if self._looks.stale:
                await self._controls.done()
            if self._may_walk():
                await self._learn()
                self._report.opened(self._opened())
            while (track := self._turns.next(self.hands.missed)) is not None:
                await self._bring(track)
            if self._controls.late and self._looks.can_nudge():
                self.hands.send_again(await self._looks.nudge())
            if self._looks.may_sweep():
                await self._looks.sweep()

    def act(self, action: str) -> None:
        """Press the key of an action, or walk the banks again as soon as no finger is down."""
        if not self._surface.painted():
            raise DriverError(NOTHING_PAINTED)
        if action in ACTION_KEYS:
            self._units.tap(ACTION_KEYS[action])
        else:
            self._looks.stale, self._walk_from = True, self._clock()
            self._turns.wake.set()

    def _may_walk(self) -> bool:
        due = self._looks.stale and self._clock() >= self._walk_from
        return due and not self.hands.down and self._surface.painted()

    async def _learn(self) -> None:
        """Walk the banks, and learn the tracks that are there now."""
        # The last walk may have missed what the DAW was about to show; one long ago says nothing of that.
        self._navigator.be_patient(more=self._clock() - self._learned_at < 2 * WALKS_SECONDS)
        self._looks.stale, self._walk_from = False, self._clock() + WALKS_SECONDS
        former = list(self._tracks.names)
        async with self._window_moving():
            proved = await self._navigator.walk()
        self._learned_at = self._clock()
        if proved or former != self._tracks.names:
            self.hands.keep(unmoved(former, self._tracks.names))
        if not proved:
            self._looks.stale, self._walk_from = True, self._clock() + WALKS_SECONDS

    async def _move(self, move: Callable[[], Awaitable[bool]]) -> bool:
        """Move the window, and report at once what it shows; return what the move returns."""
        await self._controls.done()
        async with self._window_moving():
            known = await move()
            if not known and self._tracks.look() is not Match.SURE:
                self._tracks.place(None)
        self._pulse(with_time=False)
        return known

    async def _bring(self, track: int) -> None:
        """Bring a track into the window."""
        if not await self._move(lambda: self._navigator.bring(track)):
            self.hands.miss(track)
            self._looks.stale = True

    @asynccontextmanager
    async def _window_moving(self) -> AsyncIterator[None]:
        """Send and report nothing of the tracks while the window moves; first let the faders settle."""
        self._tracks.moving = True
        self._controls.send_unsure()
        self.hands.send_again(self._reports.unanswered())
        self._controls.let_go()
        try:
            await self._controls.faders_settled()
            if self._tracks.match is Match.SURE and self._tracks.as_expected:
                self._report.values(self._reports.last())
            self._confirm(leaving=True)
            yield
        finally:
            self._tracks.moving, self._tracks.match = False, Match.DOUBT
            self._shifted()

    def _opened(self) -> Opened:
        """Return the whole console; unknown values are None."""
        channels = layout(self._console, len(self._tracks.names) or self._surface.width)
        values: dict[str, Value] = {
            path: None for path, param in channels.paths() if not path.endswith(("/status", "/notice"))
        }
        self._tracks.values[paths.join(self._console, "main/fader")] = self._surface.faders[-1]
        self._tracks.values |= {paths.join(self._console, local): lit for local, lit in self._surface.globals.items()}
        values |= self._tracks.values
        values[paths.join(self._console, "transport/time")] = self._surface.time_text()
        self._notice, self._remembered = self._notice_text(), self._tracks.remembered_paths
        return Opened(channels, values, self._notice, self._remembered)

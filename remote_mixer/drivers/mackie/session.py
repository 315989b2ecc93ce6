"""Session of the surface, from its announcement to its end: report what the DAW shows, send what clients set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Opened, Report
from remote_mixer.drivers.mackie.controls import Controls
from remote_mixer.drivers.mackie.layout import layout
from remote_mixer.drivers.mackie.navigator import Navigator
from remote_mixer.drivers.mackie.reports import Reports, notice_text
from remote_mixer.drivers.mackie.texts import Texts
from remote_mixer.drivers.mackie.track_outbox import TrackOutbox, number
from remote_mixer.drivers.mackie.tracks import Match, Tracks
from remote_mixer.drivers.mackie.units import Units, until_one_ends
from remote_mixer.drivers.midi_ports import OpenLink

PULSE_SECONDS = 1 / 30
PULSES_A_TIME = 3
"""Pulses for one report of the time display."""
ANNOUNCE_SECONDS = 5.0
"""Interval of announcements while the surface is blank."""
START_SECONDS = 2.0
"""Time that a starting DAW takes to paint its tracks after its query."""
WALKS_SECONDS = 10.0
"""Least time between two walks: a DAW whose names keep changing must not be walked for ever."""


class Session:
    """One session of the surface, from `open` to `close`."""

    def __init__(self, console: str, ports: Sequence[tuple[str, str]], open_link: OpenLink) -> None:
        clock = asyncio.get_running_loop().time
        self._console, self._clock = console, clock
        self._units = Units(ports, open_link, self._receive, self._on_query, clock)
        self._controls = Controls(self._units, clock)
        self._surface = self._controls.surface
        self._texts = Texts(clock)
        self._tracks = Tracks(console, self._surface, self._texts, clock)
        self._outbox = TrackOutbox(self._controls, self._tracks, self._texts)
        self._navigator = Navigator(self._surface, self._tracks, self._units)
        self._reports = Reports(console, self._controls, self._tracks, self._texts)
        self._moving = True  # whether the window is moving
        self._match = Match.DOUBT
        self._stale = False  # whether the tracks must be learned again
        self._walk_from = self._announced_at = clock()
        self._wake = asyncio.Event()
        self._flip: bool | None = None
        self._remembered: frozenset[str] = frozenset()
        self._notice = ""

    # Open and close

    async def open(self, report: Report) -> Opened:
        """Announce the surface and learn the DAW's tracks, if the DAW is running."""
        self._units.open()
        self._units.announce()
        self._units.let_go()
        report.progress("Waiting for the DAW to show its tracks.")
        if await self._navigator.painted():
            report.progress("Walking the DAW's banks once, to learn all tracks.")
            await self._learn()
        self._moving = False
        return self._opened()

    async def run(self, report: Report) -> None:
        """Report and send until a link has gone; then raise DriverError."""
        await until_one_ends((self._units.gone(), self._pulses(report), self._tend(report)))

    def close(self) -> None:
        """Release all controls and close the ports."""
        self._controls.let_go()
        self._units.close()

    # From clients

    def set(self, strip: str, local: str, value: Value) -> None:
        """Set a param of a channel (`ch3`), of `main`, or of the surface itself (strip "")."""
        if strip == "main":
            self._tracks.values[paths.join(self._console, "main", local)] = value
            self._controls.fader(self._surface.width, number(value))
        elif not strip:
            self._tracks.values[paths.join(self._console, local)] = value
            self._controls.key(local, on=bool(value))
        else:
            self._outbox.want(_track(strip), local, value)
            self._send_ready()
            self._wake.set()

    def hold(self, strip: str, *, down: bool) -> None:
        """Note that a finger is on a fader, or has left it; a held fader keeps its track in the window."""
        if strip == "main":
            self._controls.finger(self._surface.width, down=down)
        else:
            # On a strip whose track is in doubt a finger would move the wrong track; `_look` touches it later.
            here = not self._moving and (self._match is Match.SURE or not down)
            self._outbox.hold(_track(strip), down=down, here=here)
            self._wake.set()

    def _send_ready(self) -> None:
        if not self._moving:
            self._outbox.send_ready(sure=self._match is Match.SURE)

    # From the DAW

    def _receive(self, unit: int, message: bytes) -> None:
        self._surface.receive(unit, message)
        self._navigator.on_paint()

    def _on_query(self) -> None:
        """Expect other tracks: a DAW that sends a query has just started."""
        self._stale, self._walk_from = True, self._clock() + START_SECONDS

    async def _pulses(self, report: Report) -> None:
        number_of_pulse = 0
        while True:
            self._pulse(report, with_time=number_of_pulse % PULSES_A_TIME == 0)
            number_of_pulse += 1
            await asyncio.sleep(PULSE_SECONDS)

    def _pulse(self, report: Report, *, with_time: bool) -> None:
        self._controls.tend()
        if not self._moving:
            self._look(report)
        values = self._after_flip() | self._reports.due(sure=not self._moving and self._match is Match.SURE)
        if with_time:
            values |= self._reports.time()
        if values:
            report.values(values)
        report.meters(self._tracks.readings(still=not self._moving))
        self._report_rest(report)

    def _look(self, report: Report) -> None:
        before = self._tracks.offset
        self._match = self._tracks.look()
        if self._match is Match.MOVED:
            self._match = Match.SURE
        if self._match is Match.RENAMED:
            report.values({path: value for path, value in self._tracks.values.items() if path.endswith("/name")})
        self._stale |= self._match is Match.UNKNOWN
        if self._tracks.offset != before:
            self._shifted()
        if self._match is Match.SURE:
            self._outbox.land()
        self._send_ready()
        if self._stale:
            self._wake.set()

    def _shifted(self) -> None:
        """Handle a change of the tracks on the strips."""
        self._controls.let_go()
        self._texts.clear()
        self._reports.report_all()
        self._wake.set()

    def _after_flip(self) -> dict[str, Value]:
        """Forget, after a flip, the values of faders and V-pots, which have changed places."""
        former, self._flip = self._flip, self._surface.globals["flip"]
        if former is None or former is self._flip:
            return {}
        self._reports.report_all()
        return self._tracks.forget("fader", "fader/text", "pan", "pan/text")

    def _report_rest(self, report: Report) -> None:
        """Report remembered paths and the notice where they have changed; announce the surface while it is blank."""
        if self._tracks.remembered_paths != self._remembered:
            self._remembered = self._tracks.remembered_paths
            report.remembered(self._remembered)
        text = notice_text(self._surface, self._units, self._tracks, self._outbox)
        if text != self._notice:
            self._notice = text
            report.notice(text)
        if not self._surface.painted() and self._clock() - self._announced_at > ANNOUNCE_SECONDS:
            self._announced_at = self._clock()
            self._units.announce()

    # Banks

    async def _tend(self, report: Report) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._stale:
                await self._controls.done()
            if self._may_walk():
                await self._learn()
                report.opened(self._opened())
            await self._bring_wanted(report)

    def _may_walk(self) -> bool:
        due = self._stale and self._clock() >= self._walk_from
        return due and self._outbox.resting and self._surface.painted()

    async def _learn(self) -> None:
        """Walk the banks, and learn the tracks that are there now."""
        self._stale, self._walk_from = False, self._clock() + WALKS_SECONDS
        former = list(self._tracks.names)
        async with self._window_moving():
            await self._navigator.walk()
        self._outbox.keep(former)

    async def _bring_wanted(self, report: Report) -> None:
        """Bring tracks with waiting values into the window, one bank after the other."""
        while self._outbox.target() is not None:
            await self._controls.done()
            track = self._outbox.target()
            if track is None:
                return
            async with self._window_moving():
                found = await self._navigator.bring(track)
                if not found and self._tracks.look() is not Match.SURE:
                    self._tracks.place(None)
            if not found:
                self._stale = True
                report.values(self._outbox.give_up(track))
                return
            self._look(report)

    @asynccontextmanager
    async def _window_moving(self) -> AsyncIterator[None]:
        """Send and report nothing of the tracks while the window moves; first let the faders settle."""
        self._moving = True
        self._controls.let_go()
        try:
            await self._controls.faders_settled()
            yield
        finally:
            self._moving, self._match = False, Match.DOUBT
            self._shifted()

    def _opened(self) -> Opened:
        """Return the whole console; unknown values are None."""
        channels = layout(self._console, len(self._tracks.names) or self._surface.width)
        values: dict[str, Value] = {
            path: None for path, param in channels.paths() if not path.endswith(("/status", "/notice"))
        }
        self._tracks.values[paths.join(self._console, "main/fader")] = self._surface.faders[-1]
        self._tracks.values |= {paths.join(self._console, local): lit for local, lit in self._surface.globals.items()}
        values |= self._tracks.values | self._outbox.values()
        values[paths.join(self._console, "transport/time")] = self._surface.time.text()
        self._notice = notice_text(self._surface, self._units, self._tracks, self._outbox)
        return Opened(channels, values, self._notice)


def _track(strip: str) -> int:
    """Return the track (from 0) of a channel's id, as `ch3`."""
    return int(strip.removeprefix("ch")) - 1

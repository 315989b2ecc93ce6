"""The guard around every driver: opens it, connects it to the desk, and restarts it with growing pauses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, Protocol

from remote_mixer.desk import paths
from remote_mixer.desk.change import RECORDED_WHOLE, Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import NOTICE, OFFLINE, ONLINE, SYNCING, Layout
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import THE_SERVER, Source, console
from remote_mixer.drivers.base import Driver, DriverError, Opened
from remote_mixer.drivers.outbox import Outbox
from remote_mixer.drivers.pending import Pending, PendingListener

PAUSES_SECONDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
NEWS_AT_ONCE = 250
"""Values of a console that is back which are set without a pause of the loop's other work."""
STEADY_SECONDS = 20.0
"""Time online after which the next retry comes after the shortest pause again."""

log = logging.getLogger(__name__)


class MeterListener(Protocol):
    """Called with each meter frame of a console."""

    def __call__(self, console: str, codes: bytes) -> None:
        """Receive the codes, one byte a tap; empty when the console has gone."""


PictureListener = Callable[[str, bytes], None]
"""Called with each picture of a console that is looked at: full path, and body; empty when the console has gone."""


class Guard:
    """Keeps one driver running and connects it to the desk."""

    def __init__(
        self,
        driver: Driver,
        desk: Desk,
        on_meters: MeterListener,
        on_pending: PendingListener,
        on_picture: PictureListener = lambda path, body: None,
    ) -> None:
        self.driver = driver
        self._desk = desk
        self._source = console(driver.name)
        self._on_meters = on_meters
        self._on_picture = on_picture
        self._looked: Sequence[str] = ()
        self._reason = ""  # why it is offline
        self._queried: set[str] = set()
        self._steps: set[str] = set()
        self._hands: set[str] = set()
        self._odd: set[str] = set()
        self._pending = Pending(on_pending)
        self._outbox = Outbox(self._send, driver.lane, self._wait)
        driver.join(desk)
        desk.add(Layout(driver.name, driver.title, _family(driver), hidden_while_empty=driver.hidden_while_empty), {})
        desk.change_listeners.append(self._desk_changed)
        desk.hold_listeners.append(self._hold_changed)

    @property
    def under_way(self) -> tuple[int, Collection[str], int]:
        """Number of values that wait to leave, paths not confirmed yet, and number that may leave now."""
        return len(self._outbox), self._pending.unconfirmed, self.driver.ready

    async def live(self) -> None:
        """Open the console and run it, over and over, until cancelled."""
        pauses = _pauses()
        while True:
            if await self._run_once() > STEADY_SECONDS:
                pauses = _pauses()
            await asyncio.sleep(min(next(pauses), self.driver.retry_seconds))

    async def _run_once(self) -> float:
        """Open and run the console once; return how long it was online, in seconds."""
        clock = asyncio.get_running_loop().time
        opened_at: float | None = None
        try:
            opened = await self.driver.open(self)
            _end_if_cancelled()
            await self._catch_up(opened)
            self._connected(opened)
            opened_at = clock()
            await self.driver.run(self)
        except DriverError as fault:
            self._lost(str(fault))
        except (Exception, asyncio.CancelledError) as fault:  # a driver's own fault is named, and the program goes on
            _end_if_cancelled()
            log.exception("the driver of console “%s” failed", self.driver.name)
            self._lost(f"The driver failed ({type(fault).__name__}: {fault}). It starts again by itself.")
        else:
            self._lost("The console has gone. It is tried again by itself.")
        finally:
            await self._close()
        _end_if_cancelled()
        return clock() - opened_at if opened_at is not None else 0.0

    async def _close(self) -> None:
        self._outbox.clear()
        try:
            await self.driver.close()
        except Exception:  # as above
            log.exception("console “%s” did not close as it should", self.driver.name)

    def _wait(self, lane: str, recalled: bool) -> float:
        return self.driver.wait_recalled(lane) if recalled else self.driver.wait(lane)

    def _send(self, path: str, value: Value, recalled: bool) -> None:
        try:
            if path in self._steps:
                self.driver.send_step(path, value)
            elif recalled:
                self.driver.send_recalled(path, value)
            else:
                self.driver.send(path, value)
            if path in self._hands:
                self.driver.send_again(path)
        except Exception as fault:  # as above; the person who set the value gets no error
            log.exception("the driver of console “%s” could not send %s", self.driver.name, path)
            self.notice(f"The driver failed to send {path} ({type(fault).__name__}: {fault}).")
        if path in self._pending.unconfirmed and not self.driver.confirms(path):
            self.confirm(path)

    async def act(self, action: str, arguments: Mapping[str, Any], source: Source = THE_SERVER) -> None:
        """Run an action of the console for a source.

        The layout's schema checks the arguments, here and nowhere else: Refusal `bad-value` where they do not fit.
        DriverError with a sentence where the console does not do it.
        """
        checked = self._desk.layouts[self.driver.name].check_action(action, arguments)
        try:
            await self.driver.act_for(source, action, checked)
        except (DriverError, Refusal):
            raise
        except Exception as fault:  # as above
            log.exception("the driver of console “%s” failed to %s", self.driver.name, action)
            raise DriverError(f"The driver failed ({type(fault).__name__}: {fault}).") from fault

    async def _catch_up(self, opened: Opened) -> None:
        """Set most of what has changed while a console was away, with pauses for the loop's other work.

        Nobody can move the console meanwhile, for it is not online yet.
        """
        if opened.fitting and opened.layout == self._desk.layouts[self.driver.name]:
            news = iter(self._news(opened).items())
            while some := dict(islice(news, NEWS_AT_ONCE)):
                self.values(some)
                await asyncio.sleep(0)

    def _connected(self, opened: Opened) -> None:
        self._forget_pending()
        self._reason = ""
        self.values({self._path("status"): SYNCING})
        self.opened(opened)
        self.values({self._path("status"): ONLINE})
        level = logging.INFO if opened.layout.is_shown else logging.DEBUG
        log.log(level, "console “%s” is online", self.driver.name)

    def _lost(self, text: str) -> None:
        repeated, self._reason = text == self._reason, text
        log.log(logging.DEBUG if repeated else logging.WARNING, "console “%s” is offline: %s", self.driver.name, text)
        self._forget_pending()
        self._on_meters(self.driver.name, b"")
        for path in self._looked:
            self._on_picture(path, b"")
        self.values({self._path("status"): OFFLINE, self._path("notice"): NOTICE.fit(text)})

    def _desk_changed(self, change: Change) -> None:
        """Send the console all changes but its own, while it is online; when it returns it is read whole."""
        if change.source == self._source or self._desk.values[self._path("status")] != ONLINE:
            return
        ours = {path: value for path, value in change.after.items() if paths.console_of(path) == self.driver.name}
        try:
            self._await(ours, change)
        except Exception as fault:  # a driver's own fault: the other consoles get their part of the change
            log.exception("the driver of console “%s” could not take a change", self.driver.name)
            self.notice(f"The driver failed to take a change ({type(fault).__name__}: {fault}).")

    def _await(self, ours: Mapping[str, Value], change: Change) -> None:
        """Let values leave, and await their confirmation; not that of a fade's steps, which the next one replaces."""
        recalled = change.cause in RECORDED_WHOLE
        _mark(self._steps, ours, change.passing)
        _mark(self._hands, ours, change.cause is Cause.HAND)
        if change.passing:
            for path in ours:
                self._pending.confirmed(path)
            self._outbox.put(ours, recalled=recalled)
            return
        if confirmed := [path for path in ours if self.driver.confirms(path)]:
            self._pending.sent(confirmed)
        self._outbox.put(ours, recalled=recalled)
        if waiting := [path for path in ours if self._outbox.waits(path)]:
            self._pending.sent(waiting)  # until they have left, where the driver cannot know more

    def _hold_changed(self, path: str, by: str | None, former: str | None) -> None:
        """Notify the driver that a control is held or released; a hold taken over is neither.

        A hand on a value that is remembered or unknown waits until the console has given it, where the console can.
        """
        if paths.console_of(path) != self.driver.name:
            return
        try:
            if not (by and former):
                self.driver.hold(path, down=by is not None)
            if by and not self._desk.is_known(path):
                self._desk.await_value(path, self.query)
        except Exception:  # as above
            log.exception("the driver of console “%s” failed at a hold of %s", self.driver.name, path)

    def look(self, wanted: Sequence[str]) -> None:
        """Pass on which of the console's strips and pictures somebody looks at, by full path."""
        self._looked = wanted
        try:
            self.driver.look(wanted)
        except Exception:  # as above
            log.exception("the driver of console “%s” failed at a look", self.driver.name)

    def query(self, path: str) -> bool:
        """Ask the console for a value that is remembered or unknown; return whether an answer can come."""
        self._queried.add(path)
        self._pending.sent([path])
        answers = self.driver.query(path)
        if not answers:
            self._queried.discard(path)
            self._pending.confirmed(path)
        return answers

    def _forget_pending(self) -> None:
        self._queried.clear()
        self._pending.clear()

    def _end_queries(self) -> None:
        """End the waiting for queried values that are known now."""
        for path in [path for path in self._queried if self._desk.is_known(path)]:
            self._queried.remove(path)
            self.confirm(path)

    def _path(self, local: str) -> str:
        return paths.join(self.driver.name, local)

    # Report: called by the driver

    def values(self, values: Mapping[str, Value]) -> None:
        """Set the console's values on the desk; where a newer value waits to leave, the console's is outdated.

        A value that does not fit its param makes this one unknown, and the others are set.
        """
        newest = self._outbox.newest(values)
        try:
            self._desk.set(newest, self._source)
        except Refusal as fault:
            if fault.code is not Code.BAD_VALUE:
                raise
            self._desk.set(self._understood(newest, self._desk.layouts[self.driver.name]), self._source)
        if self._queried:
            self._end_queries()

    def meters(self, codes: bytes) -> None:
        """Pass a meter frame on."""
        self._on_meters(self.driver.name, codes)

    def picture(self, path: str, body: bytes) -> None:
        """Pass a picture on."""
        self._on_picture(path, body)

    def confirm(self, path: str) -> None:
        """Record that a value arrived, unless a newer one still waits to leave."""
        if not self._outbox.waits(path):
            self._pending.confirmed(path)

    def resend(self, values: Mapping[str, Value]) -> None:
        """Queue values to be sent again."""
        self._outbox.put(self._outbox.newest(values))

    def opened(self, opened: Opened) -> None:
        """Add the console's layout, where it has changed, its values and which of them are remembered to the desk."""
        if opened.layout == self._desk.layouts.get(self.driver.name):
            self.values(self._news(opened) if opened.fitting else opened.values)
        else:
            values = self._outbox.newest(opened.values)
            fitting = values if opened.fitting else self._understood(values, opened.layout)
            self._desk.add(opened.layout, fitting, fitting=True)
        self.remembered(opened.remembered)
        self.notice(opened.notice)

    def _news(self, opened: Opened) -> Mapping[str, Value]:
        """Return the values that the desk has not: of a console's thousands few have changed while it was away."""
        stands = self._desk.values
        return {path: value for path, value in opened.values.items() if stands[path] != value}

    def _understood(self, values: Mapping[str, Value], layout: Layout) -> Mapping[str, Value]:
        """Return values as the desk keeps them, None for each that does not fit its param; that is logged once."""
        fitting = dict[str, Value]()
        for path, value in values.items():
            try:
                fitting |= layout.fitting({path: value})
            except ValueError as fault:
                fitting[path] = None
                log.log(logging.DEBUG if path in self._odd else logging.WARNING, "%s is not known: %s", path, fault)
                self._odd.add(path)
        return fitting

    def remembered(self, paths: frozenset[str]) -> None:
        """Set the list of remembered values on the desk."""
        self._desk.remember(self.driver.name, paths)
        if self._queried:
            self._end_queries()

    def progress(self, text: str) -> None:
        """Show the progress of an opening."""
        self.values({self._path("status"): SYNCING, self._path("notice"): NOTICE.fit(text)})

    def notice(self, text: str) -> None:
        """Show a notice."""
        self.values({self._path("notice"): NOTICE.fit(text)})


def _pauses() -> Iterator[float]:
    return chain(PAUSES_SECONDS, repeat(PAUSES_SECONDS[-1]))


def _end_if_cancelled() -> None:
    """Raise CancelledError where the present task was asked to end, and not only a future that it waited for.

    Asked at each step, for a driver may lose a cancellation that comes together with a fault of its own.
    """
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


def _mark(marked: set[str], ours: Iterable[str], belong: bool) -> None:
    """Add paths to a set, or take them out of it."""
    (marked.update if belong else marked.difference_update)(ours)


def _family(driver: Driver) -> str:
    return type(driver).__module__.removeprefix("remote_mixer.drivers.").partition(".")[0]

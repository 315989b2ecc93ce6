"""One life of the line to a console: questions and answers, writes and whether they arrived, meters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer.address_book import Book
from remote_mixer.drivers.behringer.line import Line
from remote_mixer.drivers.behringer.meters import Readings
from remote_mixer.drivers.behringer.osc import Argument
from remote_mixer.drivers.behringer.queries import Asker, Came
from remote_mixer.drivers.behringer.reread import ROUTING
from remote_mixer.drivers.behringer.timing import Pace, Timing
from remote_mixer.drivers.behringer.unconfirmed import Moves, Verdict

PUMP_SECONDS = 0.002

News = Callable[[Mapping[str, Value]], None]
"""Told, by path below the console's name, what the console says that is not our own doing."""


class Conversation:
    """Speaks with one console, whose model and so whose book is known.

    news       told what changed, all of one turn of the loop together
    confirmed  told the path of a write that arrived or was settled
    metered    told a frame of readings
    pushed     told the address of what the console told unasked
    overheard  by address: told the argument instead of the book, and whether we had asked
    """

    def __init__(self, book: Book, timing: Timing, readings: Readings) -> None:
        self.book = book
        self.timing = timing
        self.asker = Asker(timing)
        self.news: News = lambda values: None
        self.confirmed: Callable[[str], None] = lambda path: None
        self.metered: Callable[[bytes], None] = lambda codes: None
        self.pushed: Callable[[str], None] = lambda address: None
        self.overheard: dict[str, Callable[[Argument, bool], None]] = {}
        self.line = Line(self.hear)
        self._readings = readings
        self._pace = Pace(timing.set_rate, timing.strip_rate)
        self._moves = Moves(timing.look_back_seconds)
        self._unsaid: dict[str, set[str]] = {}
        self._told: dict[str, Value] = {}
        self._loop = asyncio.get_running_loop()
        self._pumping: asyncio.TimerHandle | None = None
        self._telling: asyncio.Handle | None = None

    # What the console says

    def hear(self, address: str, arguments: tuple[Argument, ...]) -> None:
        """Take a message in; what says nothing we know is counted and dropped."""
        try:
            self._take(address, arguments)
        except ValueError as fault:
            self.line.drop(f"{address}: {fault}")
            self._came(address)
        if self.asker.open:
            self._pump()

    def _take(self, address: str, arguments: tuple[Argument, ...]) -> None:
        if address.startswith("/meters/"):
            self._meter(address, arguments)
        elif address in self.overheard and arguments:
            self.overheard[address](arguments[0], self._came(address) is not Came.UNASKED)
        elif self.book.knows(address) and len(arguments) == 1:
            self._judge(address, arguments[0])
        elif address.startswith(ROUTING):
            self.pushed(address)
        elif len(arguments) > 1 and (below := self.book.below(address)):
            self.asker.ask(below)
        else:
            raise ValueError("nothing here is called that")

    def _meter(self, address: str, arguments: tuple[Argument, ...]) -> None:
        if len(arguments) != 1 or not isinstance(arguments[0], bytes):
            raise ValueError("a meter sends a blob")
        codes = self._readings.hear(address, arguments[0])
        if codes is not None:
            self.metered(codes)

    def _judge(self, address: str, argument: Argument) -> None:
        stood, came = self.book.standing.get(address), self._came(address)
        if came is Came.LATE and stood is not None:
            return self._doubt(address, argument)
        if came is Came.UNASKED and argument != stood:
            self.pushed(address)
        leaf = self.book.leaf(address)
        if leaf is None:
            return self._believe(address, argument)
        leaf.wire.read(argument)
        match self._moves.hear(address, argument, leaf.wire.same, answer=came is not Came.UNASKED):
            case Verdict.AGAIN:
                self._again(address, argument)
            case Verdict.WAIT:
                pass
            case Verdict.NOT_OURS:
                self._believe(address, argument)
            case _:
                self._settle(address)
                self._believe(address, argument)
        return None

    def _doubt(self, address: str, argument: Argument) -> None:
        """Believe nothing of what may be older than what is known since; where it says otherwise, ask."""
        if argument != self.book.standing[address]:
            self.asker.ask_first(address)

    def _again(self, address: str, argument: Argument) -> None:
        """Send a lost write once more; let go of one that nobody expects any more, and believe the console."""
        if self._moves.lose(address, self._loop.time()):
            self._pump()
            return
        self._moves.forget(address)
        self._settle(address)
        self._believe(address, argument)

    def _came(self, address: str) -> Came:
        return self.asker.answered(address, self._loop.time())

    @property
    def busy(self) -> bool:
        """Tell whether more is to be asked than a moment's questions."""
        return self.asker.open > self.timing.window

    def _believe(self, address: str, argument: Argument) -> None:
        """Take what the console says as how it stands."""
        before = self.book.standing.get(address)
        heard = self.book.hear(address, argument)
        self.asker.ask(self.book.fed(address) if before != argument else ())
        self._tell(heard)
        if before not in {None, argument} and address.startswith("/config/") and "link/" in address:
            for strip in self.book.strips(address):
                self.asker.ask(self.book.of_strip(strip))

    def _tell(self, values: Mapping[str, Value]) -> None:
        self._told |= values
        if self._told and self._telling is None:
            self._telling = self._loop.call_soon(self._tell_all)

    def _tell_all(self) -> None:
        self._telling = None
        told, self._told = self._told, {}
        self.news(told)

    def _settle(self, address: str) -> None:
        for path in self._unsaid.pop(address, ()):
            self.confirmed(path)

    # What we say

    def wait(self, strip: str) -> float:
        """Return the seconds until the next value of a strip may leave; lost writes go first."""
        if self._moves.lost:
            self._pump()
        return self._pace.wait(strip, self._loop.time())

    def set(self, path: str, value: Value) -> None:
        """Send a value to the console; where the console has no such thing, say so."""
        leaf, stands = self.book.by_path.get(path), self.newest(path)
        self._told.pop(path, None)
        if leaf is None or stands is None:
            self.confirmed(path)
            self._tell({path: None})
            return
        self._unsaid.setdefault(leaf.address, set()).add(path)
        self._send(leaf.address, leaf.wire.tell(value, stands), self._loop.time())
        self._pump()

    def newest(self, path: str) -> Argument | None:
        """Return the newest argument of a path's address: on its way, or standing."""
        leaf = self.book.by_path.get(path)
        if leaf is None:
            return None
        on_its_way = self._moves.ours(leaf.address)
        return self.book.standing.get(leaf.address) if on_its_way is None else on_its_way

    def _strip(self, address: str) -> str:
        """Return whose pace an address has: its strip's, or its own where it belongs to none."""
        return next(self.book.strips(address), address)

    def ask(self, addresses: Iterable[str]) -> None:
        """Ask where the console stands."""
        self.asker.ask(addresses)
        self._pump()

    def ask_first(self, address: str) -> None:
        """Ask before all else."""
        self.asker.ask_first(address)
        self._pump()

    def _pump(self) -> None:
        """Send what may leave now, and come back for the rest."""
        now = self._loop.time()
        for address, ours in self._moves.lost.copy().items():
            if self._pace.wait(self._strip(address), now) <= 0:
                self._send(address, ours, now)
        for address in self._moves.to_ask(now):
            self._look_back(address)
        for address in self.asker.due(now):
            self.line.send(address)
        self._rest(now)

    def _send(self, address: str, argument: Argument, now: float) -> None:
        self.line.send(address, argument)
        self._pace.sent(self._strip(address), now)
        self._moves.sent(address, argument, self.book.standing.get(address), now)

    def _look_back(self, address: str) -> None:
        self.asker.ask_first(address)
        for path in self.book.paths(address):
            partner = self.book.partner(path)
            if partner:
                self.asker.ask_first(partner)

    def _rest(self, now: float) -> None:
        waits = [self._pace.wait(self._strip(address), now) for address in self._moves.lost]
        look = self._moves.wait(now)
        waits += [] if look is None else [look]
        if self.asker.open:
            waits.append(PUMP_SECONDS)
        if waits and (self._pumping is None or now + min(waits) < self._pumping.when()):
            if self._pumping:
                self._pumping.cancel()
            self._pumping = self._loop.call_later(max(min(waits), PUMP_SECONDS), self._pump_again)

    def _pump_again(self) -> None:
        self._pumping = None
        self._pump()

    def tend(self) -> None:
        """Look after writes whose questions were never answered: keep asking, or let go of what is not there."""
        for address in self.asker.unanswered & self._unsaid.keys():
            if address in self.book.standing:
                self._look_back(address)
            else:
                self._moves.forget(address)
                self._settle(address)
        self._pump()

    async def close(self) -> None:
        """End it: nothing leaves any more."""
        for timer in (self._pumping, self._telling):
            if timer:
                timer.cancel()
        self._moves.clear()
        self.asker.clear()
        await self.line.close()

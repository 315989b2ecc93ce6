"""Session with one DAW, from the first message until it is silent: its list of strips, its values, ours to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from zlib import crc32

from remote_mixer.desk import paths
from remote_mixer.desk.meters import encode
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError, Opened, Report
from remote_mixer.drivers.clock import Clock
from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.osc_daw.addresses import Addresses
from remote_mixer.drivers.osc_daw.strips import Ids
from remote_mixer.drivers.osc_daw.table import Arguments, Leaf, Table, Track
from remote_mixer.drivers.osc_daw.timing import Round, Timing
from remote_mixer.drivers.osc_daw.track_list import TrackList
from remote_mixer.drivers.osc_line import Line, soon
from remote_mixer.drivers.place import Place
from remote_mixer.drivers.unconfirmed import Kind, Unconfirmed, Verdict

LOCAL_PORTS = range(49152, 65536)


class Session:
    """One DAW.

    name  the console's nickname
    ids   ids of the strips, which outlast the session
    """

    def __init__(self, name: str, table: Table, ids: Ids, timing: Timing, report: Report) -> None:
        self._name, self._table, self._ids = name, table, ids
        self._timing, self._report = timing, report
        self._seconds = Clock()
        self._clock = self._seconds.time
        self.line = Line(self._receive, self._clock)
        self._list = TrackList(table)
        self._addresses = Addresses(table, {})
        self._unconfirmed = Unconfirmed(timing.look_back)
        self._asked: dict[str, float] = {}  # keys of unconfirmed values → when to ask again
        self._queried: set[str] = set()  # keys of values that a hand waits for
        self._meters: dict[int, int] = {}
        self._live = False  # whether values are reported: not while the DAW is read
        self._list_changes = self._list_known = 0  # unequal: until the list is read, a number may mean another strip
        self._shape = 0
        self._rounds: tuple[Round, ...] = ()
        self._beat_at = self._free_at = 0.0

    @property
    def _stale(self) -> bool:
        return self._list_changes != self._list_known

    # Open and close

    async def open(self, place: Place) -> Opened:
        """Read the DAW whole, before it sends its changes; DriverError where it does not answer for too long."""
        await self.line.open(place.host, place.port, _local_port(self._name, place))
        self._addresses = Addresses(self._table, self._ids.assign(await self._first_list(place)))
        await self._read()
        return self._opened()

    async def _first_list(self, place: Place) -> list[Track]:
        begun = self._clock()
        while True:
            self.line.send_all(self._table.prepare)
            if tracks := await self._listed():
                return tracks
            self._complain(place, self._clock() - begun)

    def _complain(self, place: Place, waited: float) -> None:
        """Report that nobody answers; DriverError after some patience."""
        nobody = f"No {self._table.title} answers at {place.host}:{place.port}. {self._table.switch_on}."
        if waited > self._timing.patience:
            raise DriverError(nobody)
        if waited > self._timing.complain:
            self._report.notice(nobody)

    async def _listed(self) -> list[Track]:
        """Ask for the list; return it where it came whole and did not change meanwhile, else nothing."""
        changes = self._list_changes
        self._list.begin()
        self.line.send_all(self._table.list_question)
        await soon(lambda: self._list.ended, self._timing.listing)
        if not self._list.whole or changes != self._list_changes:
            return []
        self._list_known = changes
        return self._list.tracks

    async def _read(self) -> None:
        """Ask for all that is unknown, for a moment; the rest comes while the console is live."""
        end = self._clock() + self._timing.open
        while (missing := self._addresses.missing()) and self._clock() < end and not self._stale:
            self.line.send_all(missing)
            await soon(lambda: self._stale or not self._addresses.missing(), self._timing.ask_again)

    def _opened(self) -> Opened:
        """Return the console as it stands now."""
        self._shape = self._addresses.shape
        return Opened(self._addresses.layout(self._name), self._full(self._addresses.values()))

    def _full(self, values: Mapping[str, Value]) -> dict[str, Value]:
        return {paths.join(self._name, path): value for path, value in values.items()}

    async def close(self) -> None:
        """Have the DAW send no more, and close the socket."""
        self._seconds.close()
        self.line.send_all(self._table.unsubscribe)
        await self.line.close()

    # Live

    async def live(self) -> None:
        """Report and keep the values true until the DAW has gone; then raise DriverError."""
        self._live, self._beat_at = True, self._clock()
        self.line.send_all(self._table.subscribe)
        self._begin_rounds()
        while True:
            self._check_presence()
            if self._stale:
                await self._read_list_again()
            self._ask_due(self._clock())
            if self._shape != self._addresses.shape:
                self._report.opened(self._opened())
                self._begin_rounds()
            self._report.meters(self._readings())
            await asyncio.sleep(self._timing.tick)

    def _check_presence(self) -> None:
        now, timing = self._clock(), self._timing
        if now - self.line.received_at > timing.silence or now - self._beat_at > timing.beat:
            raise DriverError(f"{self._table.title} does not answer any more. It is read anew when it is back.")

    def _begin_rounds(self) -> None:
        now, timing = self._clock(), self._timing
        prompt = [(self._table.settings[0], ()), *self._addresses.questions(prompt=True)]
        slow = self._addresses.questions(prompt=False)
        self._rounds = Round(prompt, timing.prompt, now), Round(slow, timing.slow, now)

    def _ask_due(self, now: float) -> None:
        """Ask whether our values arrived, and go on with the rounds."""
        self._asked |= dict.fromkeys(self._unconfirmed.to_ask(now), now)
        questions = [question for round_ in self._rounds for question in round_.due(now)]
        for key, at in list(self._asked.items()):
            leaf = self._addresses.by_key.get(key)
            if leaf is None or self._unconfirmed.ours(key) is None:
                del self._asked[key]
            elif at <= now and leaf.question:
                self._asked[key] = now + self._timing.ask_again
                questions.append(leaf.question)
        self.line.send_all(dict.fromkeys(questions))

    async def _read_list_again(self) -> None:
        """Learn which strips there are now; until that is known nothing is set or reported."""
        tracks = await self._listed()
        if not tracks:
            return
        if tracks != list(self._addresses.strips.values()):
            await self._follow(tracks)
        self._begin_rounds()
        self.line.send_all(self._addresses.questions(prompt=True))
        self.line.send_all(self._addresses.questions(prompt=False))

    async def _follow(self, tracks: list[Track]) -> None:
        """Read other strips whole; what is under way to a number is not repeated, since another strip may have it."""
        for leaf in self._addresses.by_key.values():
            self._settle(leaf)
        self._unconfirmed.clear()
        self._addresses = Addresses(self._table, self._ids.assign(tracks))
        self._live = False
        await self._read()
        self._live = True
        self._report.opened(self._opened())

    def _readings(self) -> bytes:
        return bytes(self._meters.get(track.number, 0) for track in self._addresses.strips.values())

    # From the DAW

    def _receive(self, address: str, arguments: Arguments) -> None:
        """Handle a message; one that nothing is known about is none of ours."""
        if address == self._table.settings[0]:
            self._check_settings(arguments)
        if address == self._table.heartbeat:
            self._beat_at = self._clock()
        elif address == self._table.meter:
            self._take_meter(arguments)
        elif address == self._table.changed and not arguments:
            self._list_changes += 1
        elif not self._list.take(address, arguments):
            self._take(address, arguments)

    def _check_settings(self, arguments: Arguments) -> None:
        """Subscribe again where the DAW has other settings for us: it has forgotten us, or never got them."""
        expected = self._table.settings[1]
        if self._live and arguments[: len(expected)] != expected:
            self.line.send_all((*self._table.prepare, *self._table.subscribe))
            self._list_changes += 1

    def _take_meter(self, arguments: Arguments) -> None:
        match arguments:
            case (int(number), float(level)):
                self._meters[number] = encode(self._table.level(level))

    def _take(self, address: str, arguments: Arguments) -> None:
        if self._stale:
            return
        for leaf, argument, answers in self._addresses.readings(address, arguments):
            if leaf.is_name:
                self._check_name(leaf, argument)
            elif leaf.question and not answers and self._addresses.is_absent(leaf):
                self.line.send_all([leaf.question])  # Ardour tells a pan of strips without a panner, too
            elif argument is None or not self._judged(leaf, argument, answers=answers):
                self._keep(leaf, argument)
                if answers and leaf.key in self._queried:  # an echo of ours may be older than the question
                    self._queried.remove(leaf.key)
                    self._report.remembered(frozenset())

    def _check_name(self, leaf: Leaf, name: Argument | None) -> None:
        """Read the list again where a strip has another name: it was renamed, or is another strip now."""
        if name is not None and self._list.names_other(leaf.number, name):
            self._list_changes += 1

    def _judged(self, leaf: Leaf, argument: Argument, *, answers: bool) -> bool:
        """Compare an argument with ours that is under way; return whether nothing else is to be done with it.

        The known value, sent once more without a question, is no move in the DAW: a subscription brings all of them.
        """
        ours, known = self._unconfirmed.ours(leaf.key), self._addresses.arguments.get(leaf.key)
        if ours is not None and not answers and argument == known and not leaf.encoding.same(ours, argument):
            return True
        same, askable = leaf.encoding.same, leaf.question is not None
        if not answers and self._unconfirmed.take_over(leaf.key, argument, same):
            self._settle(leaf)
            return False
        verdict = self._unconfirmed.judge(leaf.key, argument, same, answer=answers, askable=askable)
        if verdict is Verdict.AGAIN and self._unconfirmed.lose(leaf.key, self._clock()):
            self._send(leaf, self._unconfirmed.lost[leaf.key])
        elif verdict not in {Verdict.WAIT, Verdict.NOT_OURS}:
            self._unconfirmed.forget(leaf.key)
            self._settle(leaf)
            return False
        return verdict is not Verdict.NOT_OURS

    def _keep(self, leaf: Leaf, argument: Argument | None) -> None:
        """Keep an argument and report its value; where there is more or less than before, all is reported soon."""
        values = self._addresses.keep(leaf, argument)
        if self._live and values and self._shape == self._addresses.shape:
            self._report.values(self._full(values))

    def _settle(self, leaf: Leaf) -> None:
        if self._live:
            self._report.confirm(paths.join(self._name, leaf.path))

    # To the DAW

    def set(self, path: str, value: Value, kind: Kind = Kind.HAND) -> None:
        """Send a value; of a param that the DAW does not have it is confirmed at once."""
        leaf = self._addresses.by_path.get(path)
        if leaf is None:
            self._report.confirm(paths.join(self._name, path))
            return
        self._send(leaf, leaf.encoding.encode(value), kind)

    def _send(self, leaf: Leaf, argument: Argument, kind: Kind = Kind.HAND) -> None:
        now = self._clock()
        self._free_at = now + self._timing.value
        self.line.send_all([leaf.order(argument)])
        stood = self._addresses.arguments.get(leaf.key)
        self._unconfirmed.sent(leaf.key, argument, stood, now, kind)

    def wait(self) -> float:
        """Return the seconds until the next value may leave; while the strips are in doubt, a moment."""
        return self._timing.tick if self._stale or not self._live else self._free_at - self._clock()

    def ask(self, path: str) -> bool:
        """Ask for a value that a hand waits for; return whether an answer can come."""
        leaf = self._addresses.by_path.get(path)
        if leaf is None or leaf.question is None:
            return False
        self._queried.add(leaf.key)
        self.line.send_all([leaf.question])
        return True


def _local_port(name: str, place: Place) -> int:
    """Return our own port for a console: the same one each time, since a DAW keeps each client that it ever had."""
    return LOCAL_PORTS[crc32(f"{name} {place.host}:{place.port}".encode()) % len(LOCAL_PORTS)]

"""Schedule of looking again at whatever a lost datagram may have changed. No I/O; callers pass the time in seconds.

Looks go to the faders, mutes and solos of the strips most often; then to what a lead points at (a value that was
pushed, its siblings, the strip of a surprise); then to all others. Where the console sends snapshots, these look at
most addresses, and only the others are queried; where it answers queries of nodes, one looks at several addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.snapshots import Snapshots
from remote_mixer.drivers.behringer.timing import Timing
from remote_mixer.drivers.osc import Message

ROUTING = "/config/routing"
BURST_SECONDS = 0.1
"""Time whose looks may leave at once."""


class Round:
    """Queries in turn, over and over; one round begins `least_seconds` after the former at the earliest.

    skips  whether a query is not needed now
    """

    def __init__(
        self, queries: Callable[[], Iterable[str]], skips: Callable[[str], bool], least_seconds: float = 0.0
    ) -> None:
        self._queries = queries
        self._skips = skips
        self._least_seconds = least_seconds
        self._rest: Iterator[str] = iter(())
        self._begin_at = 0.0

    def next(self, now: float) -> str | None:
        """Return the next query; None while the next round has to wait."""
        query = self._unskipped()
        if query is None and now >= self._begin_at:
            self._rest, self._begin_at = iter(list(self._queries())), now + self._least_seconds
            query = self._unskipped()
        return query

    def _unskipped(self) -> str | None:
        return next((query for query in self._rest if not self._skips(query)), None)


class Reread:
    """Collects pushed values, surprises and silences; decides what to look at and when.

    ask   takes the queries to send, of addresses and of nodes
    send  takes a message to send
    """

    def __init__(
        self,
        addresses: AddressBook,
        timing: Timing,
        ask: Callable[[list[str]], None],
        send: Callable[[Message], None],
        snapshots: Snapshots,
    ) -> None:
        self._addresses = addresses
        self._timing = timing
        self._ask = ask
        self._send = send
        self._snapshots = snapshots
        self._calming: dict[str, float] = {}
        self._leads: dict[str, None] = {}
        self._all_at: float | None = None
        self._gap = False
        self._prompt = Round(lambda: self._to_query(addresses.prompt()), self._is_covered, timing.prompt_seconds)
        self._others = Round(lambda: self._to_query(addresses.every()), self._is_covered)
        self._turn = 0
        self._allowed, self._allowed_at = 0.0, 0.0
        self._repeated = 0
        self.pushed_at = 0.0

    def pushed(self, address: str, now: float) -> None:
        """Record a pushed value; it is looked at when it is calm, since the last datagram of a row may be lost."""
        self.pushed_at = now
        self._calming.pop(address, None)
        self._calming[address] = now
        if len(self._calming) > self._timing.storm:
            self.read_all(now)

    def surprised(self, address: str, now: float) -> None:
        """Look at the whole strip of a value whose push was lost: others may have been lost with it."""
        strips = [one for strip in self._addresses.strips(address) for one in self._addresses.of_strip(strip)]
        self._snapshots.hasten(now, frozenset(strips))
        self.look(strips)

    def look_now(self, addresses: list[str]) -> None:
        """Look at addresses at once, but at those that move just now; the looks after them wait longer for it."""
        still = [address for address in addresses if address not in self._calming]
        self._allowed -= len(still)
        self._ask(still)

    def look(self, addresses: Iterable[str]) -> None:
        """Look at addresses before the rounds go on; snapshots look at those that they cover."""
        self._leads |= dict.fromkeys(self._to_query(addresses))

    @property
    def periods(self) -> tuple[float, float]:
        """The seconds in which all faders, mutes and solos, and all others, are looked at without snapshots."""
        share = self._timing.look_rate / self._timing.others_turn
        prompt, every = (
            len(self._addresses.nodes.queries(one)) for one in (self._addresses.prompt(), self._addresses.every())
        )
        return prompt / (self._timing.look_rate - share), every / share

    def repeated(self, queries: int) -> None:
        """Note how many queries were sent again so far: they count as looks, but a storm of them does not end these."""
        self._allowed = max(self._allowed - (queries - self._repeated), -self._timing.look_rate * BURST_SECONDS)
        self._repeated = queries

    def read_all(self, now: float) -> None:
        """Read everything again once it is calm."""
        self._all_at = now + self._timing.calm_seconds

    def tick(self, now: float, silent: float, *, busy: bool) -> None:
        """Query what is due. `silent` is the seconds since the last message; `busy` while earlier queries are open."""
        if silent > self._timing.gap_seconds:
            self._gap = True
            return
        if self._gap:
            self._gap = False
            self.read_all(now - self._timing.calm_seconds)
        if self._all_at is not None and now >= self._all_at:
            self._all_at = None
            self._read_all(now)
        elif not busy:
            self._calm(now)
            self._look(now)

    def _read_all(self, now: float) -> None:
        """Have all snapshots sent at once, and query the other addresses."""
        self._calming.clear()
        self._leads.clear()
        self._snapshots.hasten(now)
        while request := self._snapshots.request(now):
            for message in request:
                self._send(message)
        self._ask(self._uncovered(dict.fromkeys((*self._addresses.prompt(), *self._addresses.every()))))

    def _calm(self, now: float) -> None:
        """Make leads of the addresses whose last push is long enough ago, and of their siblings."""
        until = now - self._timing.calm_seconds
        for address in [address for address, at in self._calming.items() if at <= until]:
            del self._calming[address]
            self.look([address, *self._addresses.siblings(address)])

    def _look(self, now: float) -> None:
        """Send as many looks as are due at `look_rate`."""
        rate, since = self._timing.look_rate, now - self._allowed_at
        self._allowed, self._allowed_at = min(self._allowed + rate * since, rate * BURST_SECONDS), now
        while self._allowed >= 1 and (sent := self._look_once(now)):
            self._allowed -= sent

    def _look_once(self, now: float) -> int:
        """Send one look, and return the number of its datagrams; 0 where there is nothing to look at.

        All turns but each `others_turn`-th are for faders, mutes and solos; every other turn while there are leads.
        """
        self._turn += 1
        if self._turn % (2 if self._leads else self._timing.others_turn) and (query := self._prompt.next(now)):
            self._ask([query])
            return 1
        if request := self._snapshots.request(now):
            for message in request:
                self._send(message)
            return len(request)
        query = self._lead() or self._others.next(now) or self._prompt.next(now)
        self._ask([query] if query else [])
        return 1 if query else 0

    def _lead(self) -> str | None:
        query = next(iter(self._leads), None)
        if query:
            del self._leads[query]
        return query

    def _uncovered(self, addresses: Iterable[str]) -> list[str]:
        return [address for address in addresses if address not in self._snapshots.covered]

    def _to_query(self, addresses: Iterable[str]) -> list[str]:
        """Return the queries that look at addresses which no snapshot looks at."""
        return self._addresses.nodes.queries(self._uncovered(addresses))

    def _is_covered(self, query: str) -> bool:
        return self._snapshots.covered.issuperset(self._addresses.nodes.below(query))

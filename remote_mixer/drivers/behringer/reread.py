"""Schedule of looking again at whatever a lost datagram may have changed. No I/O; callers pass the time in seconds.

Looks go to the faders, mutes and solos of the strips most often; then to what a lead points at (a value that was
pushed, its siblings, the strip of a surprise, everything after a short silence); then to what somebody has moved last
(these strips whole, and that param of all strips, as the sends into one mix), and to what pages show (strips whole, and
the sends into a mix), as far as there is time; then to all others, and last to the names of scenes. Where the console
sends snapshots, these look at most addresses, and only the others are queried; where it answers queries of nodes, one
looks at several addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, cycle, islice

from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.snapshots import Snapshots
from remote_mixer.drivers.behringer.timing import Timing
from remote_mixer.drivers.osc import Message

ROUTING = "/config/routing"
BURST_SECONDS = 0.08
"""Time whose looks may leave at once."""
READ_AT_ONCE = 300
"""Addresses of a reading of all that are queried in one tick: more than the console is asked in that time."""
SNAPSHOTS_AT_ONCE = 8
"""Snapshots of a reading of all that are requested in one tick."""
NAMES_TURN = 40
"""Of the looks at all others each so many-th is at the name of a scene, which nobody hears, where no snapshots come."""


class Round:
    """Queries in turn, over and over; one round begins `least_seconds` after the former at the earliest.

    skips  whether a query is not needed now
    """

    def __init__(
        self,
        queries: Callable[[], Iterable[str]],
        skips: Callable[[str], bool],
        least_seconds: Callable[[], float] = lambda: 0.0,
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
            self._rest, self._begin_at = iter(self._queries()), now + self._least_seconds()
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
        self._gap = self._hole = False
        self._sweep: Iterator[str] | None = None
        self._reading: Iterator[str] | None = None
        self._moved: dict[str, None] = {}
        self._param: list[str] = []
        self._sights: Sequence[str] = ()
        self._prompt = Round(lambda: self._to_query(addresses.prompt()), self._is_covered, self._prompt_seconds)
        self._recent = Round(self._recent_queries, self._is_covered, lambda: timing.recent_seconds)
        self._others = Round(self._other_queries, self._is_covered)
        self._names = cycle(addresses.scene_names())
        self._turn, self._recents_turn = 0, False
        self._allowed, self._allowed_at = 0.0, 0.0
        self._repeated, self._renewal_rate = 0, 0.0
        self.pushed_at = 0.0
        self.notified_twice = False
        """Whether the console tells each change twice."""

    def pushed(self, address: str, now: float) -> None:
        """Record a pushed value; it is looked at when it is calm, since the last datagram of a row may be lost."""
        self.pushed_at = now
        for strip in filter(self._addresses.is_strip, self._addresses.strips(address)):
            self.moved(strip)
        self._calming.pop(address, None)
        self._calming[address] = now
        if len(self._calming) > self._timing.storm:
            self.read_all(now)

    def moved(self, strip: str) -> None:
        """Record that somebody moves a strip: the strips moved last are looked at more often than the others."""
        self._moved.pop(strip, None)
        self._moved[strip] = None
        if len(self._moved) > self._timing.recent_strips:
            del self._moved[next(iter(self._moved))]

    def shown(self, strips: Sequence[str]) -> None:
        """Record the strips that pages show, the most important first: as those moved last, if there is time."""
        self._sights = strips

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
        """The seconds in which all faders, mutes and solos, and all others, are looked at without snapshots.

        The names of scenes are none of these. Others take up to twice as long while somebody moves controls.
        """
        rate, least = self._timing.look_rate, self._timing.look_rate / self._timing.others_turn
        prompt = len(self._to_query(self._addresses.prompt()))
        others = len(self._addresses.every()) - len(self._addresses.scene_names())
        others -= self._addresses.nodes.spared + prompt
        others += others // NAMES_TURN
        seconds = max(prompt / (rate - least), self._prompt_seconds())
        return seconds, others / (rate - prompt / seconds)

    def _prompt_seconds(self) -> float:
        return self._timing.relaxed_seconds if self.notified_twice else self._timing.prompt_seconds

    def repeated(self, queries: int) -> None:
        """Note how many queries were sent again so far: they count as looks, but a storm of them does not end these."""
        again, self._repeated = queries - self._repeated, queries
        self._allowed = max(self._allowed - again, -self._timing.look_rate * BURST_SECONDS)

    def renewed(self, datagrams: int) -> None:
        """Leave room for the datagrams of each renewal among the looks until the next: no second has all of both."""
        self._renewal_rate = datagrams / self._timing.renew_seconds

    def read_all(self, now: float) -> None:
        """Read everything again once it is calm."""
        self._all_at = now + self._timing.calm_seconds

    def tick(self, now: float, silent: float, *, busy: bool) -> None:
        """Query what is due. `silent` is the seconds since the last message; `busy` while earlier queries are open."""
        if silent > self._timing.gap_seconds:
            self._gap = True
            return
        if self._gap:
            self._gap = self._hole = False
            self.read_all(now - self._timing.calm_seconds)
        if silent > self._timing.hole_seconds:
            self._hole = True
        elif self._hole:
            self._hole = False
            self._sweep = self._queries_of(self._addresses.every())
        if self._all_at is not None and now >= self._all_at:
            self._all_at = None
            self._begin_reading(now)
        if self._reading:
            self._read_on(now)
        elif not busy:
            self._calm(now)
            self._look(now)

    def _begin_reading(self, now: float) -> None:
        """Begin to request all snapshots and to query the other addresses, the prompt ones first."""
        self._calming.clear()
        self._leads.clear()
        self._snapshots.hasten(now)
        prompt = dict.fromkeys(self._addresses.prompt())
        others = (address for address in self._addresses.every() if address not in prompt)
        covered = self._snapshots.covered
        self._reading = (address for address in chain(prompt, others) if address not in covered)

    def _read_on(self, now: float) -> None:
        """Request the next snapshots, and query the next of the thousands of addresses that none looks at."""
        requests = [*islice(iter(lambda: self._snapshots.request(now), ()), SNAPSHOTS_AT_ONCE)]
        for message in chain.from_iterable(requests):
            self._send(message)
        some = list(islice(self._reading or (), READ_AT_ONCE))
        self._reading = self._reading if some or requests else None
        self._ask(some)

    def _calm(self, now: float) -> None:
        """Make leads of the addresses whose last push is long enough ago, and of their siblings."""
        until = now - self._timing.calm_seconds
        for address in [address for address, at in self._calming.items() if at <= until]:
            del self._calming[address]
            self.look([address, *self._addresses.siblings(address)])
            self._param = self._addresses.alike(address) or self._param

    def _look(self, now: float) -> None:
        """Send as many looks as are due at `look_rate`."""
        rate, since = self._timing.look_rate, now - self._allowed_at
        earned = (rate - self._renewal_rate) * since
        self._allowed, self._allowed_at = min(self._allowed + earned, rate * BURST_SECONDS), now
        queries: list[str] = []
        while self._allowed >= 1 and (sent := self._look_once(now, queries)):
            self._allowed -= sent
        self._ask(queries)

    def _look_once(self, now: float, queries: list[str]) -> int:
        """Add one look to the queries, or send it; return the number of its datagrams, 0 where there is none to make.

        Faders, mutes and solos go first, once in `prompt_seconds`, but for each `others_turn`-th turn, and for every
        other turn while there are leads. What was moved last has every other turn of the rest.
        """
        self._turn += 1
        if self._turn % (2 if self._leads or self._sweep else self._timing.others_turn) and (
            query := self._prompt.next(now)
        ):
            queries.append(query)
            return 1
        if request := self._snapshots.request(now):
            for message in request:
                self._send(message)
            return len(request)
        query = self._lead() or self._next_other(now) or self._prompt.next(now)
        queries += [query] if query else []
        return 1 if query else 0

    def _next_other(self, now: float) -> str | None:
        self._recents_turn = not self._recents_turn
        return (self._recent.next(now) if self._recents_turn else None) or self._others.next(now)

    def _lead(self) -> str | None:
        query = next(iter(self._leads), None)
        if query:
            del self._leads[query]
        elif self._sweep:
            query = next(self._sweep, None)
            self._sweep = self._sweep if query else None
        return query

    def _of_moved(self) -> list[str]:
        return [*(address for strip in self._moved for address in self._addresses.of_strip(strip)), *self._param]

    def _recent_queries(self) -> list[str]:
        """Return the queries that look at what was moved last, and at what pages show as far as time allows."""
        moved = self._to_query(self._of_moved())
        prompt = len(self._to_query(self._addresses.prompt()))
        spare = self._timing.look_rate - prompt / self.periods[0]
        room = max(int(spare / 2 * self._timing.sights_seconds) - len(moved), 0)
        addresses = self._addresses
        shown = chain.from_iterable((*addresses.of_strip(one), *addresses.into(one)) for one in self._sights)
        return [*moved, *islice((query for query in self._queries_of(shown) if query not in moved), room)]

    def _other_queries(self) -> Iterator[str]:
        """Yield the queries that look at nothing prompt; of the names of scenes only some, where no snapshots come."""
        later = frozenset(self._to_query(self._addresses.prompt()))
        later |= frozenset(() if self._snapshots.covered else self._addresses.scene_names())
        others = (query for query in self._queries_of(self._addresses.every()) if query not in later)
        for place, query in enumerate(others, 1):
            yield query
            if not place % NAMES_TURN and not self._snapshots.covered:
                yield from islice(self._names, 1)

    def _queries_of(self, addresses: Iterable[str]) -> Iterator[str]:
        """Yield the queries that look at addresses, each once; found bit by bit, for there may be thousands."""
        seen = set[str]()
        for address in addresses:
            query = self._addresses.nodes.query(address)
            if query not in seen and address not in self._snapshots.covered:
                seen.add(query)
                yield query

    def _to_query(self, addresses: Iterable[str]) -> list[str]:
        """Return the queries that look at addresses which no snapshot looks at."""
        return list(self._queries_of(addresses))

    def _is_covered(self, query: str) -> bool:
        return self._snapshots.covered.issuperset(self._addresses.nodes.below(query))

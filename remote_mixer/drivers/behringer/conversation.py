"""The exchange with one console over one connection: queries and answers, writes and their confirmation, meters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.encodings import Bit
from remote_mixer.drivers.behringer.meters import Readings
from remote_mixer.drivers.behringer.queries import Origin, Queries
from remote_mixer.drivers.behringer.reports import Listener, Reports
from remote_mixer.drivers.behringer.reread import ROUTING
from remote_mixer.drivers.behringer.timing import Pace, Timing
from remote_mixer.drivers.clock import Clock
from remote_mixer.drivers.osc import NOT_UNDERSTOOD, Argument, node_of
from remote_mixer.drivers.osc_line import Line
from remote_mixer.drivers.unconfirmed import Kind, Unconfirmed, Verdict

PUMP_SECONDS = 0.002
GATHER_SECONDS = 0.005
"""Time for which a confirming query waits for others, to leave with them."""


class Conversation:
    """Reads and writes the addresses of one console.

    intercepted  by address: called with (argument, whether it answers a query) in place of storing the argument
    """

    def __init__(self, addresses: AddressBook, timing: Timing, readings: Readings, listener: Listener) -> None:
        self.addresses = addresses
        self.timing = timing
        self.queries = Queries(timing)
        self.intercepted: dict[str, Callable[[Argument, bool], None]] = {}
        self.clock = Clock()
        self.line = Line(self.receive, self.clock.time)
        self._listener = listener
        self._readings = readings
        self._pace = Pace(timing.set_rate, timing.strip_rate)
        self._unconfirmed = Unconfirmed(timing.look_back_seconds)
        self._unconfirmed_paths: dict[str, set[str]] = {}
        self._reports = Reports(listener)
        self._looked: set[str] = set()
        self._waiting_bits: dict[str, dict[str, Value]] = {}
        self._loop = asyncio.get_running_loop()
        self._pumping: asyncio.TimerHandle | None = None

    # From the console

    def receive(self, address: str, arguments: tuple[Argument, ...]) -> None:
        """Handle a message; a message that is not understood is counted and dropped."""
        try:
            self._take(address, arguments)
        except ValueError as fault:
            self.line.drop(f"{address}: {fault}")
            self._origin(address)
        if self.queries.waiting:
            self._pump()

    def _take(self, address: str, arguments: tuple[Argument, ...]) -> None:
        if address.startswith("/meters/"):
            self._meter(address, arguments)
        elif address in self.intercepted and arguments:
            self.intercepted[address](arguments[0], self._origin(address) is not Origin.UNASKED)
        elif self.addresses.knows(address) and arguments:
            self._check(address, arguments[0] if len(arguments) == 1 else NOT_UNDERSTOOD)
        elif address.startswith(ROUTING):
            self._listener.pushed(address)
        elif arguments and (below := self.addresses.below(address)):
            self._take_node(address, arguments, below)
        else:
            raise ValueError("no such address is known")

    def _take_node(self, node: str, arguments: tuple[Argument, ...], below: list[str]) -> None:
        """Look at what differs in the answer of a node; query all values of a node that was pushed."""
        if self._origin(node) is Origin.UNASKED:
            self.queries.ask(below)
        else:
            differing = self.addresses.nodes.differing(node, arguments)
            self.queries.again += len(differing)  # they count as looks, as what is sent again
            self.look(differing)

    def _meter(self, address: str, arguments: tuple[Argument, ...]) -> None:
        if len(arguments) != 1 or not isinstance(arguments[0], bytes):
            raise ValueError("a meter sends a blob")
        codes = self._readings.take(address, arguments[0])
        if codes is not None:
            self._listener.metered(codes)

    def _check(self, address: str, argument: Argument) -> None:
        stood, came = self.addresses.arguments.get(address), self._origin(address)
        if came is Origin.LATE and stood is not None:
            return self._recheck(address, argument)
        if came is Origin.UNASKED and argument != stood:
            self._listener.pushed(address)
        if came is Origin.ANSWER and address in self._looked:
            self._looked.discard(address)
            if stood not in {None, argument} and not self._unconfirmed.ours(address):
                self._listener.surprised(address)
        leaf = self.addresses.leaf(address)
        if leaf is None:
            return self._accept(address, argument)
        same, linked = leaf.encoding.same, next(self._partners(address), "")
        if came is Origin.UNASKED and self._unconfirmed.take_over(address, argument, same, linked):
            return self._give_way(address, argument)
        match self._unconfirmed.judge(address, argument, same, answer=came is not Origin.UNASKED):
            case Verdict.AGAIN:
                self._again(address)
            case Verdict.WAIT:
                pass
            case _:
                self._accept(address, argument)
        return None

    def _give_way(self, address: str, argument: Argument) -> None:
        """Report a hand at the console in the middle of a fade before the next step, and look where it stands then."""
        self._accept(address, argument)
        self._reports.report()
        self._pump()

    def _recheck(self, address: str, argument: Argument) -> None:
        """Query the address again where an answer that may be outdated differs from what is known."""
        if argument != self.addresses.arguments[address]:
            self.queries.ask_first(address)

    def _again(self, address: str) -> None:
        """Send a lost write again; where it is too old by now, ask where the console stands.

        The value at hand may be older than the write, of which a link that stood still for seconds tells only now.
        """
        if not self._unconfirmed.lose(address, self.clock.time()):
            self._unconfirmed.forget(address)
            self.queries.ask_anew(address)
        self._pump()

    def _origin(self, address: str) -> Origin:
        return self.queries.answered(address, self.clock.time())

    @property
    def busy(self) -> bool:
        """Whether more queries are open than fit into one window."""
        return self.queries.open > self.timing.window

    def _accept(self, address: str, argument: Argument) -> None:
        """Store and report a value of the console; query what depends on it."""
        before = self.addresses.arguments.get(address)
        values = self.addresses.take(address, argument)
        if address in self.addresses.faults and repr(before) != repr(argument):  # counted once, not at each reading
            self.line.drop(f"{address}: {self.addresses.faults[address]}")
        self._settle(address)
        if self.addresses.lacks_text(address):
            self.line.send("/node", node_of(address)[1:])
        self.queries.ask(self.addresses.preamp_addresses(address) if before != argument else ())
        self._reports.add(values)
        if before not in {None, argument} and address.startswith("/config/") and "link/" in address:
            for strip in self.addresses.strips(address):
                self.queries.ask(self.addresses.of_strip(strip))
        for path, value in self._waiting_bits.pop(address, {}).items():
            self.set(path, value)

    def take_texts(self, texts: Mapping[str, str]) -> None:
        """Report the values that are shown in the console's words."""
        for address, text in texts.items():
            if self.addresses.is_printed(address):
                self._reports.add(self.addresses.take_text(address, text))

    def _settle(self, address: str) -> None:
        for path in self._unconfirmed_paths.pop(address, ()):
            self._reports.confirm(path)

    # To the console

    def wait(self, strip: str) -> float:
        """Return the seconds until a hand's next value of a strip may leave."""
        return self._pace.wait(strip, self._loop.time())

    def wait_recalled(self, strip: str) -> float:
        """Return the same for the next value of a recall; lost writes go at its pace, and first."""
        now = self._loop.time()
        seconds = self._pace.wait(strip, now, recalled=True)
        if seconds > 0 or not self._unconfirmed.lost:
            return seconds
        self._pump()
        return self._pace.wait(strip, now, recalled=True)

    @property
    def ready(self) -> int:
        """Number of values that may leave now, of strips that are free."""
        return self._pace.ready(self._loop.time())

    def set(self, path: str, value: Value, kind: Kind = Kind.HAND) -> None:
        """Send a value; report None where the console has no such param, or its argument cannot be known.

        A bit of a mask that is not known waits for the mask.
        """
        leaf, stands = self.addresses.by_path.get(path), self.newest(path)
        self._reports.drop(path)
        if leaf and stands is None and isinstance(leaf.encoding, Bit):
            self._wait_for_mask(leaf.address, path, value)
            return
        argument = leaf.encoding.encode(value, stands) if leaf else None
        if leaf is None or argument is None:
            self._reports.confirm(path)
            self._reports.add({path: None})
            return
        self._unconfirmed_paths.setdefault(leaf.address, set()).add(path)
        self._send(leaf.address, argument, self._loop.time(), kind)
        is_later = kind is Kind.STEP and self._pumping  # a step is looked back at later than all that the timer is for
        if not is_later:
            self._pump()

    def repeat(self, path: str) -> None:
        """Send the value of a path that has just left once more in a moment."""
        leaf = self.addresses.by_path.get(path)
        if leaf and self._unconfirmed.ours(leaf.address) is not None:
            self._unconfirmed.repeat(leaf.address, self.clock.time())
            self._rest(self._loop.time())

    def _wait_for_mask(self, address: str, path: str, value: Value) -> None:
        self._unconfirmed_paths.setdefault(address, set()).add(path)
        self._waiting_bits.setdefault(address, {})[path] = value
        self.ask_first(address)

    def query(self, path: str) -> bool:
        """Query the value of a path before all others; return whether the console has such a param."""
        leaf = self.addresses.by_path.get(path)
        if leaf:
            self.queries.ask_anew(leaf.address)
            self._pump()
        return leaf is not None

    def newest(self, path: str) -> Argument | None:
        """Return the argument at a path's address: the one sent last if it is unconfirmed, else the console's."""
        leaf = self.addresses.by_path.get(path)
        if leaf is None:
            return None
        on_its_way = self._unconfirmed.ours(leaf.address)
        return self.addresses.arguments.get(leaf.address) if on_its_way is None else on_its_way

    def _strip(self, address: str) -> str:
        """Return the lane of an address: its strip, or the address itself where it belongs to none."""
        return next(iter(self.addresses.strips(address)), address)

    def ask(self, addresses: Iterable[str]) -> None:
        """Query addresses, each in its turn."""
        self.queries.ask(addresses)
        self._pump()

    def look(self, addresses: Iterable[str]) -> None:
        """Query addresses whose push may have been lost: a value that has changed is a surprise."""
        looked = [address for address in addresses if not self.is_busy_with(address)]
        self._looked.update(looked)
        self.ask(looked)

    def is_busy_with(self, address: str) -> bool:
        """Whether an answer, a confirmation or a test of the address is under way."""
        under_way = self.queries.is_open(address) or address in self.intercepted
        return under_way or self._unconfirmed.ours(address) is not None

    def ask_first(self, address: str) -> None:
        """Query an address before all others."""
        self.queries.ask_first(address)
        self._pump()

    def _pump(self) -> None:
        """Send lost writes and queries that are due, and schedule the rest."""
        now, ticked = self._loop.time(), self.clock.time()
        for address, ours in self._unconfirmed.lost.copy().items():
            if self._pace.wait(self._strip(address), now, recalled=True) <= 0:
                self._send(address, ours, now, Kind.RECALL)
        for address, ours in self._unconfirmed.to_repeat(ticked, max(self._pace.ready(now), 1)).items():
            self.line.send(address, ours)
            self._pace.repeated(now)
        for address in self._unconfirmed.to_ask(ticked):
            self._look_back(address)
        for address in self.queries.due(ticked):
            self.line.send(address)
        self._rest(now)

    def _send(self, address: str, argument: Argument, now: float, kind: Kind) -> None:
        self.line.send(address, argument)
        self._pace.sent(self._strip(address), now, recalled=kind is not Kind.HAND)
        stood = self.addresses.arguments.get(address)
        self._unconfirmed.sent(address, argument, stood, self.clock.time(), kind)

    def _look_back(self, address: str) -> None:
        self.queries.ask_first(address)
        for partner in self._partners(address):
            self.queries.ask_first(partner)

    def _partners(self, address: str) -> Iterator[str]:
        """Give the addresses that move with one."""
        return filter(None, map(self.addresses.partner, self.addresses.paths(address)))

    def _rest(self, now: float) -> None:
        waits = [self._pace.wait(self._strip(address), now, recalled=True) for address in self._unconfirmed.lost]
        ticked = self.clock.time()
        look = self._unconfirmed.wait(ticked)
        waits += [] if look is None else [look + GATHER_SECONDS]
        late_in = 0.0 if self.queries.waiting else self.queries.late_in(ticked)
        waits += [seconds for seconds in (late_in, self._unconfirmed.repeat_in(ticked)) if seconds is not None]
        if waits and (self._pumping is None or now + min(waits) < self._pumping.when()):
            if self._pumping:
                self._pumping.cancel()
            self._pumping = self._loop.call_later(max(min(waits), PUMP_SECONDS), self._pump_again)

    def _pump_again(self) -> None:
        self._pumping = None
        self._pump()

    def tend(self) -> None:
        """Query unanswered writes again; one whose value the console has never given is not confirmed and not known."""
        for address in self.queries.unanswered & self._unconfirmed_paths.keys():
            if address not in self.addresses.arguments:
                self._unconfirmed.forget(address)
                self._waiting_bits.pop(address, None)
                self._reports.add(dict.fromkeys(self.addresses.paths(address)))
            self._look_back(address)
        self._pump()

    async def close(self) -> None:
        """Drop all queries and writes and close the socket."""
        self._waiting_bits.clear()
        if self._pumping:
            self._pumping.cancel()
        self._reports.close()
        self._unconfirmed.clear()
        self.queries.clear()
        self.clock.close()
        await self.line.close()

"""Schedule of reading again whatever a lost datagram may have changed. No I/O; callers pass the time in seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.timing import Timing

ROUTING = "/config/routing"


class Reread:
    """Collects pushed values and silences; decides what to query and when.

    ask  takes the addresses to query
    """

    def __init__(self, addresses: AddressBook, timing: Timing, ask: Callable[[list[str]], None]) -> None:
        self._addresses = addresses
        self._timing = timing
        self._ask = ask
        self._calming: dict[str, float] = {}
        self._all_at: float | None = None
        self._gap = False
        self._rounds: tuple[Iterator[str], Iterator[str]] = (cycle(addresses.prominent()), cycle(addresses.all()))
        self.pushed_at = 0.0

    def pushed(self, address: str, now: float) -> None:
        """Note a pushed value: the last datagram of a row may have been lost, so it is read again when it is calm."""
        self.pushed_at = now
        self._calming.pop(address, None)
        self._calming[address] = now
        if len(self._calming) > self._timing.storm:
            self.read_all(now)

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
            self._calming.clear()
            self._ask(self._addresses.all())
        elif not busy:
            self._ask([*self._calm(now), *(next(addresses) for addresses in self._rounds)])

    def _calm(self, now: float) -> list[str]:
        """Return the addresses whose last push is long enough ago."""
        until = now - self._timing.calm_seconds
        calm = [address for address, at in self._calming.items() if at <= until]
        for address in calm:
            del self._calming[address]
        return calm

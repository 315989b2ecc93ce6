"""Places for connections: few for strangers, the others reserved for people whom the server knows.

A connection is a stranger's until a whole request with a valid cookie, token or invitation has come by it. Where a
stranger finds no place free, the connection that matters least is cut: of the address with the most of them, first one
that waits for nothing, then the one that has owed a whole request for the longest time. So unfinished requests from few
addresses, however many, take places from each other alone.

From many addresses, each with few connections, a crowd is told by this: nobody comes in by them. What an address asks
for beyond a credit, which whoever comes in gets back, takes no place from those in credit and goes at a pace that all
such addresses share: each request takes time of everybody's loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import IntEnum

from remote_mixer.desk.rate_limit import RateLimit

PLACE_KEY = "remote_mixer.place"
"""Key of a connection's place in the state of an ASGI scope."""
CONNECTIONS = 1500
"""Most connections open at once, where the limit of open files allows."""
STRANGERS, STRANGERS_OF_ONE_ADDRESS = 450, 100
"""Most connections of strangers: from all addresses, and from one (for IPv6 one /64)."""
KNOWN_OF_ONE_ADDRESS = 400
"""Most connections of people whom the server knows, from one address."""
FEW = 6
"""Connections that any browser opens at once: addresses with as many or fewer are cut by age alone."""
SPARE = 32
"""Most places for connections that are cut and not closed yet."""
OTHER_FILES = 192
"""Open files of this process that are no connections: database, log, engine, MIDI ports, sound files."""
CUTS_A_SECOND, CUTS_AT_ONCE = 10.0, 100.0
"""Rate at which an address may take places from others or itself; above it, its new connections are cut at once."""
VAIN_A_SECOND, VAIN_AT_ONCE = 30.0, 300.0
"""Connections of one address by which nobody came in, and further requests on them. Above it new ones are refused: each
takes time of everybody's loop."""
CREDIT_A_SECOND, CREDIT_AT_ONCE = 0.5, 40.0
"""The same of one address that go before all others': a browser that joins needs some twenty."""
CROWD_A_SECOND, CROWD_AT_ONCE = 60.0, 300.0
"""The same beyond that, of all addresses together at which nobody is in."""
GRACE_SECONDS = 1.0
"""Time in which a request comes over any Wi-Fi; whoever has owed one for less matters as much as who is served."""
THIS_COMPUTER = frozenset({"127.0.0.1", "::/64"})
"""Networks from which a proxy on this computer comes, which stands for everybody behind it: they may be many."""


class Stage(IntEnum):
    """Stage of a connection; of one address's, those with a higher number are cut first."""

    SERVED = 0
    OWING = 1  # a whole request has not come
    IDLE = 2  # between two requests: browsers open another connection without a word


class Place:
    """Place of one connection."""

    __slots__ = ("_has_asked", "_places", "cut", "in_credit", "is_known", "network", "since", "stage")

    def __init__(self, places: Places, network: str, *, in_credit: bool) -> None:
        """Make a place that counts for a network: an IPv4 address, or a /64 of IPv6."""
        self._places, self.network, self.in_credit = places, network, in_credit
        self.stage, self.since = Stage.OWING, places.clock()
        self.is_known = self._has_asked = False
        self.cut: Callable[[], object] = lambda: None
        """Cuts the connection."""

    def enter(self, stage: Stage) -> None:
        """Note the stage that the connection enters now."""
        self.stage, self.since = stage, self._places.clock()

    def know(self) -> None:
        """Count the connection as one of a person whom the server knows; a stranger's still, if those are too many."""
        self._places.know(self)

    def may_ask(self) -> bool:
        """Whether a request is served: a stranger's address has few beyond the first of each connection."""
        is_first, self._has_asked = not self._has_asked, True
        return is_first or self.is_known or self._places.may_ask_more(self.network)

    def leave(self) -> None:
        """Free the place of a connection that has ended."""
        self._places.leave(self)


class Places:
    """Places of one server. `clock` gives seconds that never go back; `files` is the limit of open files."""

    def __init__(self, clock: Callable[[], float], files: int) -> None:
        self.most = max(files // 3, min(CONNECTIONS, files - OTHER_FILES))
        usual = self.most - min(SPARE, self.most // 4)
        self._most_strangers = min(STRANGERS, usual // 3)
        self._most_known = usual - self._most_strangers
        self.clock = clock
        self._open: set[Place] = set()
        self._strangers: set[Place] = set()
        self._known: set[Place] = set()
        self._strangers_of: Counter[str] = Counter()
        self._known_of: Counter[str] = Counter()
        self._cuts = RateLimit(CUTS_A_SECOND, CUTS_AT_ONCE, clock)
        self._vain = RateLimit(VAIN_A_SECOND, VAIN_AT_ONCE, clock)
        self._credit = RateLimit(CREDIT_A_SECOND, CREDIT_AT_ONCE, clock)
        self._crowd = RateLimit(CROWD_A_SECOND, CROWD_AT_ONCE, clock)
        self._room = asyncio.Event()
        self._room.set()
        self.refusing = False
        """Whether the server stops: no connection gets a place any more."""

    def __len__(self) -> int:
        return len(self._open)

    async def room(self) -> None:
        """Wait until one more connection may be accepted without the risk of running out of open files."""
        await self._room.wait()

    def take(self, network: str) -> Place | None:
        """Return a stranger's place, for which another stranger may be cut; None where there is none to be had."""
        if self.refusing or self._vain.wait(network):
            return None
        in_credit = self._has_credit(network)
        if not (in_credit or self._has_pace(network)) or not self._make_room(network, in_credit=in_credit):
            return None
        place = Place(self, network, in_credit=in_credit)
        self._open.add(place)
        self._strangers.add(place)
        self._strangers_of[network] += 1
        self._mark_room()
        return place

    def leave(self, place: Place) -> None:
        """Free the place of a connection that has ended."""
        if not place.is_known:
            self.has_patience(place.network)
        self._open.discard(place)
        self._leave_strangers(place)
        if place in self._known:
            self._known.remove(place)
            self._known_of -= Counter((place.network,))
        self._mark_room()

    def know(self, place: Place) -> None:
        """Move a connection from the strangers to the people whom the server knows, if there is room."""
        place.is_known = True
        for limit in (self._vain, self._credit):
            limit.forget(place.network)  # where people come in, their first requests were not in vain
        full = len(self._known) >= self._most_known or self._known_of[place.network] >= KNOWN_OF_ONE_ADDRESS
        if place in self._strangers and not full:
            self._leave_strangers(place)
            self._known.add(place)
            self._known_of[place.network] += 1

    def may_ask_more(self, network: str) -> bool:
        """Count one more request on a stranger's connection; return whether it is served."""
        return self.has_patience(network) and (self._has_credit(network) or self._has_pace(network))

    def has_patience(self, network: str) -> bool:
        """Count a connection by which nobody came in, or another request on it; return whether it is not too many."""
        return network in THIS_COMPUTER or self._vain.take(network)

    def _has_credit(self, network: str) -> bool:
        return network in THIS_COMPUTER or self._credit.take(network)

    def _has_pace(self, network: str) -> bool:
        return self._known_of[network] > 0 or self._crowd.take()

    def cut_one(self) -> None:
        """Cut the stranger that matters least, as where the system has no file descriptor left."""
        if self._strangers:
            self._cut(self._least())

    def cut(self) -> None:
        """Cut all connections."""
        for place in list(self._open):
            place.cut()

    def _make_room(self, network: str, *, in_credit: bool) -> bool:
        crowded = self._strangers_of[network] >= STRANGERS_OF_ONE_ADDRESS
        if not crowded and len(self._strangers) < self._most_strangers:
            return True
        if not self._cuts.take(network):
            return False
        if crowded:
            own = (place for place in self._strangers if place.network == network)
            self._cut(max(own, key=self._rank))
            return True
        least = self._least()
        if in_credit or not least.in_credit:
            self._cut(least)
        return in_credit or not least.in_credit

    def _least(self) -> Place:
        return max(self._strangers, key=lambda place: (not place.in_credit, self._rank(place)))

    def _rank(self, place: Place) -> tuple[int, Stage, float]:
        """Return the rank of a stranger's connection among those of the same credit; the highest is cut first."""
        age = self.clock() - place.since
        stage = Stage.SERVED if place.stage is Stage.OWING and age < GRACE_SECONDS else place.stage
        return max(self._strangers_of[place.network], FEW), stage, age

    def _cut(self, place: Place) -> None:
        self._leave_strangers(place)
        place.cut()

    def _leave_strangers(self, place: Place) -> None:
        if place in self._strangers:
            self._strangers.remove(place)
            self._strangers_of -= Counter((place.network,))

    def _mark_room(self) -> None:
        if len(self._open) < self.most:
            self._room.set()
        else:
            self._room.clear()

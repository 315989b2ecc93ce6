"""Limit on wrong PINs: a pause per address that doubles, and a common limit for all addresses."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

from remote_mixer.desk.rate_limit import RateLimit

FREE_TRIES = 3
"""Wrong tries of an address before its first pause."""
LONGEST_SECONDS = 300.0
"""Longest pause of an address."""
FORGET_SECONDS = 3600.0
"""Time without a try after which the count of an address starts again."""
MOST_ADDRESSES = 10_000
"""Highest count of remembered addresses; those with the oldest tries are dropped first."""
WRONG_AT_ONCE = 30
"""Wrong PINs from all addresses before all of them have to wait."""
BLOCK_SECONDS = 3600.0
"""Time for which the host blocks an address."""
DEVICE_PREFIX = "device "
"""Beginning of the key of a device that the sound crew used before; it is no address."""
PACE_SECONDS = 10.0
"""Time after which one of the common wrong PINs is forgotten."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """Wrong PINs of one address.

    address  IP address, or the /64 of IPv6 that counts as one
    wrong    count since the last right one
    ago      seconds since the last
    blocked  seconds for which the host has blocked it still, 0 for none
    """

    address: str
    wrong: int
    ago: float
    blocked: float


@dataclass(slots=True)
class _Address:
    wrong: int
    at: float


class Tries:
    """Counts of wrong PINs, and the waiting times that follow. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._blocked: dict[str, float] = {}
        self._common = RateLimit(1 / PACE_SECONDS, WRONG_AT_ONCE, clock)

    def wait(self, address: str, *, known: bool = False) -> float:
        """Return the seconds until this address may try, 0 when it may; a `known` device waits for itself alone."""
        return max(self._own_wait(one_network(address)), 0.0 if known else self.common_wait())

    def begin(self, address: str) -> None:
        """Count a try as wrong until `right` is called, so that simultaneous tries are counted too."""
        network, now = one_network(address), self._clock()
        wrong = self._wrong_of(network, now) + 1
        self._addresses[network] = _Address(wrong, now)
        self._addresses.move_to_end(network)
        while len(self._addresses) > MOST_ADDRESSES:
            self._addresses.popitem(last=False)

    def right(self, address: str) -> None:
        """Reset the count of an address after the right PIN."""
        self._addresses.pop(one_network(address), None)

    def wrong(self) -> None:
        """Count a wrong PIN for the common limit."""
        self._common.count()

    def common_wait(self) -> float:
        """Return the seconds until the common limit allows a try, 0 when it does."""
        return self._common.wait()

    def guesses(self) -> list[Guesses]:
        """Return the addresses with wrong PINs or a block, the last one first."""
        now = self._clock()
        known = {key: one for key, one in self._addresses.items() if not key.startswith(DEVICE_PREFIX)}
        known |= {key: _Address(0, now) for key in self._blocked if key not in known}
        return [
            Guesses(key, one.wrong, now - one.at, self.block_wait(key))
            for key, one in reversed(known.items())
            if self._wrong_of(key, now) or self.block_wait(key)
        ]

    def block(self, address: str) -> None:
        """Block an address for BLOCK_SECONDS."""
        now = self._clock()
        self._blocked = {key: until for key, until in self._blocked.items() if until > now}
        self._blocked[one_network(address)] = now + BLOCK_SECONDS

    def unblock(self, address: str) -> None:
        """End a block, and forget the wrong PINs of its address."""
        self._blocked.pop(one_network(address), None)
        self.right(address)

    def block_wait(self, address: str) -> float:
        """Return the seconds for which an address is blocked still, 0 where it is not."""
        return max(0.0, self._blocked.get(one_network(address), 0.0) - self._clock())

    def _wrong_of(self, network: str, now: float) -> int:
        known = self._addresses.get(network)
        return known.wrong if known and now - known.at < FORGET_SECONDS else 0

    def _own_wait(self, network: str) -> float:
        now = self._clock()
        wrong = self._wrong_of(network, now)
        if wrong < FREE_TRIES:
            return 0.0
        pause = min(2.0 ** min(wrong - FREE_TRIES, 30), LONGEST_SECONDS)
        return max(0.0, self._addresses[network].at + pause - now)


def one_network(address: str) -> str:
    """Return the key that an address is counted by: for IPv6 its /64, in which one device can choose addresses freely.

    That key is the network's name, as `2001:db8:1:2::/64`, and its own key. An IPv4 address mapped into IPv6 counts as
    the IPv4 address; text that is no address is cut to 64 characters.
    """
    try:
        found = ip_address(address.partition("%")[0].removesuffix("/64"))
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))

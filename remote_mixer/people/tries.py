"""Guessing the PIN: each address waits longer and longer, and all of them together are slowed down."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

FREE_TRIES = 3
LONGEST_SECONDS = 300.0
FORGET_SECONDS = 3600.0
"""An address that rested so long begins anew."""
MOST_ADDRESSES = 10_000
WRONG_AT_ONCE = 30
"""Wrong PINs from everybody together before all wait; one of them is forgotten every PACE_SECONDS."""
PACE_SECONDS = 10.0


@dataclass(slots=True)
class _Address:
    wrong: int
    at: float


class Tries:
    """Who has tried a PIN, and how long they have to wait. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._wrong = 0.0
        self._at = clock()

    def wait(self, address: str) -> float:
        """Return how many seconds this address has to wait before it may try; 0 when it may."""
        return max(self._own_wait(one_network(address)), self.common_wait())

    def begin(self, address: str) -> None:
        """Count a try as wrong until it is known to be right, so that many at one moment are no way around."""
        network, now = one_network(address), self._clock()
        wrong = self._wrong_of(network, now) + 1
        self._addresses[network] = _Address(wrong, now)
        self._addresses.move_to_end(network)
        while len(self._addresses) > MOST_ADDRESSES:
            self._addresses.popitem(last=False)

    def right(self, address: str) -> None:
        """Forget an address that knew the PIN."""
        self._addresses.pop(one_network(address), None)

    def wrong(self) -> None:
        """Count a wrong PIN against everybody."""
        self._wrong = self._standing() + 1
        self._at = self._clock()

    def common_wait(self) -> float:
        """Return how many seconds everybody has to wait before they may try; 0 when they may."""
        return max(0.0, (self._standing() - WRONG_AT_ONCE + 1) * PACE_SECONDS)

    def _standing(self) -> float:
        return max(0.0, self._wrong - (self._clock() - self._at) / PACE_SECONDS)

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
    """Return what counts as one address: of IPv6 the /64 that a single device may choose from as it likes."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or found.exploded[:19])

"""Probing, announcing and defending one name by multicast DNS.

A name is two records: an A record (`remote-mixer.local`) and an instance of the service `_http._tcp` ("Remote Mixer").
Both have to be unique on the network (RFC 6762, section 9; RFC 6763, section 4.1.1). zeroconf checks the instance
alone, so both are probed here, and a server that has one of them has the name.

Two servers that start at the same moment both find the name free. Each then receives the other's announcement, and the
one with the higher address (on one computer, the higher port) gives the name up.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from zeroconf import (
    DNSAddress,
    DNSOutgoing,
    DNSQuestion,
    DNSRecord,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    Zeroconf,
)
from zeroconf import Error as ZeroconfError
from zeroconf.asyncio import AsyncZeroconf

from remote_mixer import __version__

HOST_NAME = "remote-mixer"
TITLE = "Remote Mixer"
MOST_NAMES = 20  # remote-mixer to remote-mixer-20; a network that has all of them is under attack
SERVICE = "_http._tcp.local."
TYPE_A, TYPE_SRV = 1, 33  # RFC 1035, RFC 2782
CLASS_IN, UNICAST_ANSWER = 0x0001, 0x8000  # RFC 6762, section 5.4: the first question wants a direct answer
QUERY = 0x0000
PROBE_CLASSES = (CLASS_IN | UNICAST_ANSWER, CLASS_IN, CLASS_IN)  # one for each probe
PROBE_SECONDS = 0.25  # between probes: RFC 6762, section 8.1
MAX_DEFENCES = 3  # against a server that does not give the name up; then this one does
GOODBYE_SECONDS = 0.3

logging.getLogger("zeroconf").setLevel(logging.CRITICAL)  # Announcer logs failures, once each

Rank = tuple[int, int]
"""Address and port: of two servers with one name the lower rank keeps it."""

LOWEST_RANK: Rank = (0, 0)


@dataclass(frozen=True)
class Claim:
    """A host name with its service instance, addresses and port."""

    name: str
    instance: str
    addresses: tuple[str, ...]
    port: int

    @classmethod
    def number(cls, number: int, addresses: tuple[str, ...], port: int) -> Claim:
        """Return the claim to the n-th name: `remote-mixer.local`, `remote-mixer-2.local` and so on."""
        host, instance = (f"{HOST_NAME}-{number}", f"{TITLE} {number}") if number > 1 else (HOST_NAME, TITLE)
        return cls(f"{host}.local", instance, addresses, port)

    @property
    def host(self) -> str:
        """The host name with DNS's final dot."""
        return f"{self.name}."

    @property
    def service(self) -> str:
        """The full name of the service instance."""
        return f"{self.instance}.{SERVICE}"

    @property
    def rank(self) -> Rank:
        """This server's rank among those that want the name."""
        return (_lowest(self.addresses), self.port)

    def info(self) -> ServiceInfo:
        """Return the records: A for the host, PTR, SRV and TXT for the service."""
        about, addresses = {"path": "/", "version": __version__}, list(self.addresses)
        return ServiceInfo(
            SERVICE, self.service, self.port, properties=about, server=self.host, parsed_addresses=addresses
        )

    def rival(self, records: Iterable[DNSRecord]) -> Rank | None:
        """Return the rank of another server that claims the name in a packet's records; None where all are our own."""
        records = list(records)
        if foreign := set(_addresses(records, self.host)) - set(self.addresses):
            return (_lowest(foreign), 0)
        for record in records:
            if isinstance(record, DNSService) and record.key == self.service.lower():
                if record.server.lower() != self.host:
                    return LOWEST_RANK  # another program: it will not give the name up
                if record.port != self.port:
                    return (_lowest(self.addresses), record.port or 0)
        return None


class NameListener(RecordUpdateListener):
    """Watches received records for one name, our own included."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.rival = asyncio.Event()
        self.lowest = claim.rank
        self.received_own = False

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        """Examine the records of one packet; a withdrawn record arrives already expired."""
        fresh = [update.new for update in records if not update.new.is_expired(now)]
        ours = set(self.claim.addresses)
        self.received_own = self.received_own or not ours.isdisjoint(_addresses(fresh, self.claim.host))
        if rank := self.claim.rival(fresh):
            self.lowest = min(self.lowest, rank)
            self.rival.set()

    @property
    def beaten(self) -> bool:
        """Whether a server of lower rank has claimed the name."""
        return self.lowest < self.claim.rank


async def hold_name(addresses: Sequence[str], port: int, on_name: Callable[[str | None], None]) -> None:
    """Announce the first free name, and the next one whenever it is lost; until cancelled.

    `on_name` is called with the name once it is announced, and with None when it is lost.

    Raises:
        OSError: nothing can be announced; its text or its errno says why.
    """
    async with _opened(addresses) as network:
        for number in range(1, MOST_NAMES + 1):
            await _hold(network, Claim.number(number, tuple(addresses), port), on_name)
            on_name(None)
    raise OSError(f"others have all {MOST_NAMES} names")


@asynccontextmanager
async def _opened(addresses: Sequence[str]) -> AsyncIterator[AsyncZeroconf]:
    """Open port 5353 at these addresses; at the end withdraw everything, for at most GOODBYE_SECONDS, and close."""
    network = AsyncZeroconf(interfaces=list(addresses))
    try:
        await network.zeroconf.async_wait_for_start()
        yield network
    except ZeroconfError as fault:
        raise OSError("its sockets were closed") from fault
    finally:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await network.async_unregister_all_services()
        finally:  # where the goodbye is cut short, too: else the sockets stay open
            await network.async_close()


async def _hold(network: AsyncZeroconf, claim: Claim, on_name: Callable[[str | None], None]) -> None:
    """Announce a name and return once another server has it, at first or later."""
    listener = NameListener(claim)
    network.zeroconf.async_add_listener(listener, None)
    try:
        if await _is_free(network, listener):
            await _announce(network, listener, on_name)
    finally:
        network.zeroconf.async_remove_listener(listener)


async def _is_free(network: AsyncZeroconf, listener: NameListener) -> bool:
    """Probe for the name; it is free after 0.75 s without an answer."""
    for class_ in PROBE_CLASSES:
        network.zeroconf.async_send(_probe(listener.claim, class_))
        with suppress(TimeoutError):
            async with asyncio.timeout(PROBE_SECONDS):
                await listener.rival.wait()
    return not listener.rival.is_set()


def _probe(claim: Claim, class_: int) -> DNSOutgoing:
    """Return a query for both records as a probe, which their owner answers at once (RFC 6762, section 8.1)."""
    probe = DNSOutgoing(QUERY)
    probe.add_question(DNSQuestion(claim.host, TYPE_A, class_))
    probe.add_question(DNSQuestion(claim.service, TYPE_SRV, class_))
    probe.add_authorative_answer(claim.info().dns_pointer())  # what makes a question a probe; zeroconf takes a PTR only
    return probe


async def _announce(network: AsyncZeroconf, listener: NameListener, on_name: Callable[[str | None], None]) -> None:
    info = listener.claim.info()
    await (await network.async_register_service(info, cooperating_responders=True))  # probed above, for both names
    if not listener.received_own:
        raise OSError("what this computer sends by multicast gets lost")
    on_name(listener.claim.name)
    for _ in range(MAX_DEFENCES):
        await listener.rival.wait()
        if listener.beaten:
            break
        listener.rival.clear()
        await (await network.async_update_service(info))
    await (await network.async_unregister_service(info))


def _addresses(records: Iterable[DNSRecord], host: str) -> list[str]:
    found = [record for record in records if isinstance(record, DNSAddress) and record.type == TYPE_A]
    return [str(ipaddress.IPv4Address(record.address)) for record in found if record.key == host.lower()]


def _lowest(addresses: Iterable[str]) -> int:
    return min(int(ipaddress.IPv4Address(address)) for address in addresses)

"""A name on the network: which one is free, that it is ours, and that somebody else has it.

A name is two things at once: an A record (`remote-mixer.local`) and an instance of the service `_http._tcp` ("Remote
Mixer"). Both have to be unique on the network (RFC 6762, section 9; RFC 6763, section 4.1.1). zeroconf sees to the
instance alone and renames only that; so both are asked for here, and a server that has one of them has the name.

Two servers that start in the same moment both find the name free. Each hears the other's announcement then, and the one
with the higher address, on one computer with the higher port, lets go.
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

HOST = "remote-mixer"
TITLE = "Remote Mixer"
MOST_NAMES = 20  # remote-mixer to remote-mixer-20: who holds more than these means no good
SERVICE = "_http._tcp.local."
TYPE_A, TYPE_SRV = 1, 33  # RFC 1035, RFC 2782
CLASS_IN, ANSWER_ME_ALONE = 0x0001, 0x8000  # RFC 6762, section 5.4: the first question wants a direct answer
QUERY = 0x0000
ASKED = (CLASS_IN | ANSWER_ME_ALONE, CLASS_IN, CLASS_IN)
ASK_SECONDS = 0.25  # between questions: RFC 6762, section 8.1
DEFENCES = 3  # against one who does not give way: then we do
GOODBYE_SECONDS = 0.3

logging.getLogger("zeroconf").setLevel(logging.CRITICAL)  # what goes wrong is said by us, once, in a person's words

Rank = tuple[int, int]
"""Address and port: of two servers with one name the lower keeps it."""

ABOVE_ALL: Rank = (0, 0)


@dataclass(frozen=True)
class Claim:
    """A name for a host and for its service, and where they lead."""

    name: str
    instance: str
    addresses: tuple[str, ...]
    port: int

    @classmethod
    def number(cls, number: int, addresses: tuple[str, ...], port: int) -> Claim:
        """Make the first name, the second (`remote-mixer-2.local`, "Remote Mixer 2") and so on."""
        host, instance = (f"{HOST}-{number}", f"{TITLE} {number}") if number > 1 else (HOST, TITLE)
        return cls(f"{host}.local", instance, addresses, port)

    @property
    def host(self) -> str:
        """The name as DNS writes it."""
        return f"{self.name}."

    @property
    def service(self) -> str:
        """The instance's full name."""
        return f"{self.instance}.{SERVICE}"

    @property
    def rank(self) -> Rank:
        """Where we stand among those who want the name."""
        return (_lowest(self.addresses), self.port)

    def info(self) -> ServiceInfo:
        """Return the records: A for the host, PTR, SRV and TXT for the service."""
        about, addresses = {"path": "/", "version": __version__}, list(self.addresses)
        return ServiceInfo(
            SERVICE, self.service, self.port, properties=about, server=self.host, parsed_addresses=addresses
        )

    def rival(self, records: Iterable[DNSRecord]) -> Rank | None:
        """Return the rank of who else claims the name in one packet's records; None when they are all our own."""
        records = list(records)
        if foreign := set(_addresses(records, self.host)) - set(self.addresses):
            return (_lowest(foreign), 0)
        for record in records:
            if isinstance(record, DNSService) and record.key == self.service.lower():
                if record.server.lower() != self.host:
                    return ABOVE_ALL  # no server of ours: it will not give way
                if record.port != self.port:
                    return (_lowest(self.addresses), record.port or 0)
        return None


class Ear(RecordUpdateListener):
    """Hears all that is said of one name, our own words too."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.rival = asyncio.Event()
        self.best = claim.rank
        self.hears_us = False

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        """Take in one packet's records; a goodbye has expired as it comes."""
        fresh = [update.new for update in records if not update.new.is_expired(now)]
        ours = set(self.claim.addresses)
        self.hears_us = self.hears_us or not ours.isdisjoint(_addresses(fresh, self.claim.host))
        if rank := self.claim.rival(fresh):
            self.best = min(self.best, rank)
            self.rival.set()

    @property
    def beaten(self) -> bool:
        """Whether somebody with the better right has been heard."""
        return self.best < self.claim.rank


async def go_by_a_name(addresses: Sequence[str], port: int, become: Callable[[str | None], None]) -> None:
    """Announce the first name that nobody else has, and the next one whenever it is lost; until cancelled.

    `become` hears which name is ours, and None when it is lost.

    Raises:
        OSError: nothing can be announced; its text or its errno says why.
    """
    async with _opened(addresses) as network:
        for number in range(1, MOST_NAMES + 1):
            await _hold(network, Claim.number(number, tuple(addresses), port), become)
            become(None)
    raise OSError(f"others have all {MOST_NAMES} names")


@asynccontextmanager
async def _opened(addresses: Sequence[str]) -> AsyncIterator[AsyncZeroconf]:
    """Open port 5353 at these addresses; at the end say goodbye, for 0.3 s at most, and close."""
    network = AsyncZeroconf(interfaces=list(addresses))
    try:
        await network.zeroconf.async_wait_for_start()
        yield network
    except ZeroconfError as fault:
        raise OSError("its sockets were closed") from fault
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await network.async_unregister_all_services()
        await network.async_close()


async def _hold(network: AsyncZeroconf, claim: Claim, become: Callable[[str | None], None]) -> None:
    """Go by the name for as long as it is ours; return when it is, or has become, another's."""
    ear = Ear(claim)
    network.zeroconf.async_add_listener(ear, None)
    try:
        if await _is_free(network, ear):
            await _announce(network, ear, become)
    finally:
        network.zeroconf.async_remove_listener(ear)


async def _is_free(network: AsyncZeroconf, ear: Ear) -> bool:
    """Probe for the name: 0.75 s of silence say that it is free."""
    for way in ASKED:
        network.zeroconf.async_send(_probe(ear.claim, way))
        with suppress(TimeoutError):
            async with asyncio.timeout(ASK_SECONDS):
                await ear.rival.wait()
    return not ear.rival.is_set()


def _probe(claim: Claim, way: int) -> DNSOutgoing:
    """Ask for both records, as one who wants them: who has them answers at once then (RFC 6762, section 8.1)."""
    probe = DNSOutgoing(QUERY)
    probe.add_question(DNSQuestion(claim.host, TYPE_A, way))
    probe.add_question(DNSQuestion(claim.service, TYPE_SRV, way))
    probe.add_authorative_answer(claim.info().dns_pointer())  # what makes a question a probe; zeroconf takes a PTR only
    return probe


async def _announce(network: AsyncZeroconf, ear: Ear, become: Callable[[str | None], None]) -> None:
    info = ear.claim.info()
    await (await network.async_register_service(info, cooperating_responders=True))  # probed above, for both names
    if not ear.hears_us:
        raise OSError("what this computer sends by multicast gets lost")
    become(ear.claim.name)
    for _ in range(DEFENCES):
        await ear.rival.wait()
        if ear.beaten:
            break
        ear.rival.clear()
        await (await network.async_update_service(info))
    await (await network.async_unregister_service(info))


def _addresses(records: Iterable[DNSRecord], host: str) -> list[str]:
    found = [record for record in records if isinstance(record, DNSAddress) and record.type == TYPE_A]
    return [str(ipaddress.IPv4Address(record.address)) for record in found if record.key == host.lower()]


def _lowest(addresses: Iterable[str]) -> int:
    return min(int(ipaddress.IPv4Address(address)) for address in addresses)

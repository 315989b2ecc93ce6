"""The UDP socket to one console: only datagrams from its address are accepted; invalid ones are counted."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from math import ceil
from typing import cast

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.osc import Argument, Message, OscError, bundles, decode, encode

RECEIVE_BYTES = 4 * 2**20
"""Size of the receive buffer: a recalled scene comes as one burst, and datagrams that find it full are lost."""

THIS_MACHINE, ANY_NETWORK = "127.0.0.1", "0.0.0.0"  # noqa: S104 - answers come in on any network

LOOK_SECONDS = 0.005

NAME_SECONDS = 5.0
"""Time for a name server to answer, as the resolver gives it for its first try."""
NO_NAME_SERVER = "no name server answers"

OnMessage = Callable[[str, tuple[Argument, ...]], None]

log = logging.getLogger(__name__)


class Line(asyncio.DatagramProtocol):
    """One socket, connected to the console's address.

    clock  returns the time of `received_at`; the loop's where none is given
    """

    def __init__(self, on_message: OnMessage, clock: Callable[[], float] | None = None) -> None:
        self._on_message = on_message
        self._clock = clock or asyncio.get_running_loop().time
        self._transport: asyncio.DatagramTransport | None = None
        self._target: tuple[str, int] | None = None  # where datagrams go; None where the socket itself is connected
        self._closed = asyncio.Event()
        self.received_at = 0.0
        self.bad = 0
        self.last_fault = ""

    async def connect(self, host: str, port: int) -> Line:
        """Open the socket; DriverError where the name or the network is not known."""
        try:
            place = await _address_of(host, port), port
            loop = asyncio.get_running_loop()
            await loop.create_datagram_endpoint(lambda: self, remote_addr=place, family=socket.AF_INET)
        except OSError as fault:
            raise _no_way(host, fault) from fault
        return self

    async def open(self, host: str, port: int, local_port: int) -> Line:
        """Open the socket for a program that answers from another port than it listens on; otherwise as above.

        local_port  our own port where it is free, so that the program takes us for the client we were before
        """
        try:
            address = await _address_of(host, port)
            local = THIS_MACHINE if ip_address(address).is_loopback else ANY_NETWORK
            await self._bind(local, local_port)
        except OSError as fault:
            raise _no_way(host, fault) from fault
        self._target = address, port
        return self

    async def _bind(self, local: str, local_port: int) -> None:
        """Open the socket at a port, or at any other where that one is taken."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_datagram_endpoint(lambda: self, local_addr=(local, local_port), family=socket.AF_INET)
        except OSError:
            await loop.create_datagram_endpoint(lambda: self, local_addr=(local, 0), family=socket.AF_INET)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket and enlarge its buffer, as far as the system allows."""
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.received_at = self._clock()
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Pass a message on; count an invalid datagram, and drop one from another host."""
        if self._target and addr[0] != self._target[0]:
            return
        try:
            address, arguments = decode(data)
            self._on_message(address, arguments)
        except OscError as fault:
            self.drop(str(fault))
        else:
            self.received_at = self._clock()

    def drop(self, why: str) -> None:
        """Count a datagram that was not understood, with the reason."""
        self.bad += 1
        self.last_fault = why

    def error_received(self, exc: Exception) -> None:
        """Log an error; a console that is gone is noticed by its silence."""
        log.debug("the console's address answers: %s", exc)

    def send(self, address: str, *arguments: Argument) -> None:
        """Send a message; it may be lost."""
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(encode(address, *arguments), self._target)

    def send_all(self, messages: Iterable[Message]) -> None:
        """Send messages in as few datagrams as possible, to a program that takes bundles."""
        if self._transport and not self._transport.is_closing():
            for bundle in bundles(messages):
                self._transport.sendto(bundle, self._target)

    def connection_lost(self, exc: Exception | None) -> None:
        """Record that the socket is closed."""
        self._closed.set()

    async def close(self) -> None:
        """Close the socket; return when it is closed."""
        if self._transport:
            self._transport.abort()
            await self._closed.wait()


async def _address_of(host: str, port: int) -> str:
    """Return the IPv4 address of a host; OSError where it has none, or nobody says it in time."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(NAME_SECONDS):
        found = await loop.getaddrinfo(host, port, family=socket.AF_INET, type=socket.SOCK_DGRAM)
    return str(found[0][4][0])


def _no_way(host: str, fault: OSError) -> DriverError:
    reason = fault.strerror or str(fault) or NO_NAME_SERVER  # a timeout of ours has no words
    return DriverError(f"There is no way to {host}: {reason}. Check the address.")


async def soon(there: Callable[[], bool], seconds: float) -> bool:
    """Wait until answers have made a condition true, at most for a time; return whether it is.

    Looks are counted, not seconds: a loop that was held meanwhile has not read the answers yet.
    """
    for _ in range(ceil(seconds / LOOK_SECONDS)):
        if there():
            break
        await asyncio.sleep(LOOK_SECONDS)
    return there()

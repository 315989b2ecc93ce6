"""The UDP line to one console: only what comes from its address is heard, and what is no message is counted."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import cast

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer.osc import Argument, OscError, decode, encode

RECEIVE_BYTES = 4 * 2**20
"""A recalled scene comes as one burst of datagrams; what finds the buffer full is lost without a word."""

OnMessage = Callable[[str, tuple[Argument, ...]], None]

log = logging.getLogger(__name__)


class Line(asyncio.DatagramProtocol):
    """One socket, tied to the console's address by the operating system."""

    def __init__(self, on_message: OnMessage) -> None:
        self._on_message = on_message
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()
        self.received_at = 0.0
        self.bad = 0
        self.last_fault = ""

    async def connect(self, host: str, port: int) -> Line:
        """Open the socket; DriverError where the name or the network is not known."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_datagram_endpoint(lambda: self, remote_addr=(host, port), family=socket.AF_INET)
        except OSError as fault:
            raise DriverError(f"There is no way to {host}: {fault.strerror or fault}. Check the address.") from fault
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket and enlarge its buffer, as far as the system lets us."""
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.received_at = asyncio.get_running_loop().time()
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """OnMessage a message; count what is none."""
        try:
            address, arguments = decode(data)
            self._on_message(address, arguments)
        except OscError as fault:
            self.drop(str(fault))
        else:
            self.received_at = asyncio.get_running_loop().time()

    def drop(self, why: str) -> None:
        """Count a datagram that says nothing we can use."""
        self.bad += 1
        self.last_fault = why

    def error_received(self, exc: Exception) -> None:
        """Note that nobody listens there; the silence that follows says so to people."""
        log.debug("the console's address answers: %s", exc)

    def send(self, address: str, *arguments: Argument) -> None:
        """Send a message, as far as the network takes it."""
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(encode(address, *arguments))

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the socket is closed."""
        self._closed.set()

    async def close(self) -> None:
        """Let go of the socket; returns when it is closed."""
        if self._transport:
            self._transport.abort()
            await self._closed.wait()

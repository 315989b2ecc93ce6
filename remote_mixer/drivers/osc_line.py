"""The UDP socket to one console: only datagrams from its address are received; invalid ones are counted."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import cast

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.osc import Argument, OscError, decode, encode

RECEIVE_BYTES = 4 * 2**20
"""Size of the receive buffer: a recalled scene comes as one burst, and datagrams that find it full are lost."""

OnMessage = Callable[[str, tuple[Argument, ...]], None]

log = logging.getLogger(__name__)


class Line(asyncio.DatagramProtocol):
    """One socket, connected to the console's address."""

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
        """Keep the socket and enlarge its buffer, as far as the system allows."""
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.received_at = asyncio.get_running_loop().time()
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Pass a message on; count an invalid datagram."""
        try:
            address, arguments = decode(data)
            self._on_message(address, arguments)
        except OscError as fault:
            self.drop(str(fault))
        else:
            self.received_at = asyncio.get_running_loop().time()

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
            self._transport.sendto(encode(address, *arguments))

    def connection_lost(self, exc: Exception | None) -> None:
        """Record that the socket is closed."""
        self._closed.set()

    async def close(self) -> None:
        """Close the socket; return when it is closed."""
        if self._transport:
            self._transport.abort()
            await self._closed.wait()

"""The network between console and clients: a UDP port, and on demand what a bad Wi-Fi makes of it."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Endpoint = tuple[str, int]
"""Address and port of a client."""

BURST, BURST_SECONDS = 16, 0.001  # faster than this no datagrams leave: a wire has its speed, a client its buffer
BUFFER_BYTES = 4 * 1024 * 1024  # what is lost is lost by asking for it, not because a burst found no room


@dataclass
class Counters:
    """What the console has seen, since it was started.

    garbage   datagrams that were no messages
    unknown   messages to addresses that it has not
    refused   clients that found no place
    lost_in, lost_out  datagrams that the simulated Wi-Fi lost
    """

    received: int = 0
    sent: int = 0
    garbage: int = 0
    unknown: int = 0
    refused: int = 0
    lost_in: int = 0
    lost_out: int = 0


@dataclass(frozen=True)
class Wifi:
    """What happens to datagrams, both ways.

    loss   chance of each to be lost, 0–1
    delay  how late each comes, in seconds
    seed   of the losses, so that they can be had again
    """

    loss: float = 0.0
    delay: float = 0.0
    seed: int = 1


class UdpPort(asyncio.DatagramProtocol):
    """One UDP port, on a Wi-Fi that keeps the order."""

    def __init__(self, heard: Callable[[bytes, Endpoint], None], wifi: Wifi) -> None:
        """Hand what arrives to `heard`."""
        self._heard, self._wifi = heard, wifi
        self._chance = Random(wifi.seed)  # noqa: S311 - losses, no secrets
        self._late: deque[tuple[float, Callable[[], None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: deque[tuple[bytes, Endpoint]] = deque()
        self._left = BURST
        self._refill: asyncio.TimerHandle | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()
        self.counters = Counters()

    async def open(self, host: str, port: int) -> Endpoint:
        """Listen; return where. OSError when that is not possible."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(host, port), family=socket.AF_INET, allow_broadcast=True
        )
        own: socket.socket = self._transport.get_extra_info("socket")
        for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            own.setsockopt(socket.SOL_SOCKET, buffer, BUFFER_BYTES)
        where: Endpoint = own.getsockname()[:2]
        return where

    async def close(self) -> None:
        """Stop listening, and wait until the port is free; what is still on its way is lost."""
        for timer in (self._timer, self._refill):
            if timer:
                timer.cancel()
        if self._transport:
            self._transport.close()
            await self._closed.wait()

    def send(self, data: bytes, client: Endpoint) -> None:
        """Send a datagram."""
        if self._chance.random() < self._wifi.loss:
            self.counters.lost_out += 1
            return
        self._carry(lambda: self._send(data, client))

    def datagram_received(self, data: bytes, addr: Endpoint) -> None:
        """Hand a datagram on."""
        if self._chance.random() < self._wifi.loss:
            self.counters.lost_in += 1
            return
        self.counters.received += 1
        self._carry(lambda: self._heard(data, addr))

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the port is free."""
        self._closed.set()

    def error_received(self, exc: Exception) -> None:
        """Do nothing: a client that is gone is no trouble of the console's."""

    def _send(self, data: bytes, client: Endpoint) -> None:
        self._waiting.append((data, client))
        if self._left:
            self._leave()

    def _leave(self) -> None:
        while self._waiting and self._left and self._transport and not self._transport.is_closing():
            self._transport.sendto(*self._waiting.popleft())
            self.counters.sent += 1
            self._left -= 1
        if self._refill is None:
            self._refill = asyncio.get_running_loop().call_later(BURST_SECONDS, self._fill)

    def _fill(self) -> None:
        self._refill, self._left = None, BURST
        if self._waiting:
            self._leave()

    def _carry(self, deliver: Callable[[], None]) -> None:
        if not self._wifi.delay:
            deliver()
            return
        loop = asyncio.get_running_loop()
        self._late.append((loop.time() + self._wifi.delay, deliver))
        if self._timer is None:
            self._timer = loop.call_later(self._wifi.delay, self._arrive)

    def _arrive(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        while self._late and self._late[0][0] <= loop.time():
            self._late.popleft()[1]()
        if self._late:
            self._timer = loop.call_at(self._late[0][0], self._arrive)

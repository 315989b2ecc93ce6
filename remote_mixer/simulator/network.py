"""The console's UDP port, with loss and delay of a bad Wi-Fi on request."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Endpoint = tuple[str, int]
"""Address and port of a client."""

BURST, BURST_SECONDS = 16, 0.001  # at most 16 datagrams leave per millisecond, so that a client's buffer has room
BUFFER_BYTES = 4 * 1024 * 1024  # datagrams are lost on request only, never because a burst finds no room


@dataclass
class Counters:
    """Counts since the start.

    garbage   datagrams that were no messages
    unknown   messages to unknown addresses
    refused   clients that found no free place
    lost_in, lost_out  datagrams lost on the simulated Wi-Fi
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
    """Network conditions, in both directions.

    loss   share of datagrams that are lost, 0–1
    delay  of each datagram, in seconds
    seed   of the losses: the same seed loses the same datagrams
    """

    loss: float = 0.0
    delay: float = 0.0
    seed: int = 1


class UdpPort(asyncio.DatagramProtocol):
    """One UDP port; datagrams keep their order."""

    def __init__(self, receive: Callable[[bytes, Endpoint], None], wifi: Wifi) -> None:
        """Pass each datagram that arrives to `receive`."""
        self._receive, self._wifi = receive, wifi
        self._chance = Random(wifi.seed)  # noqa: S311 - losses, no secrets
        self._delayed: deque[tuple[float, Callable[[], None]]] = deque()
        self._delay_timer: asyncio.TimerHandle | None = None
        self._waiting: deque[tuple[bytes, Endpoint]] = deque()
        self._allowance = BURST
        self._refill_timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()
        self.counters = Counters()

    async def open(self, host: str, port: int) -> Endpoint:
        """Listen and return the address; OSError if that is not possible."""
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
        """Stop listening, and wait until the port is free; datagrams under way are lost."""
        for timer in (self._delay_timer, self._refill_timer):
            if timer:
                timer.cancel()
        if self._transport:
            self._transport.close()
            await self._closed.wait()

    def send(self, data: bytes, client: Endpoint) -> None:
        """Send a datagram, unless the simulated Wi-Fi loses it."""
        if self._chance.random() < self._wifi.loss:
            self.counters.lost_out += 1
            return
        self._after_delay(lambda: self._send(data, client))

    def datagram_received(self, data: bytes, addr: Endpoint) -> None:
        """Pass a datagram on, unless the simulated Wi-Fi loses it."""
        if self._chance.random() < self._wifi.loss:
            self.counters.lost_in += 1
            return
        self.counters.received += 1
        self._after_delay(lambda: self._receive(data, addr))

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the port is free."""
        self._closed.set()

    def error_received(self, exc: Exception) -> None:
        """Ignore errors: a client that is gone does not matter to a console."""

    def _send(self, data: bytes, client: Endpoint) -> None:
        self._waiting.append((data, client))
        if self._allowance:
            self._send_waiting()

    def _send_waiting(self) -> None:
        while self._waiting and self._allowance and self._transport and not self._transport.is_closing():
            self._transport.sendto(*self._waiting.popleft())
            self.counters.sent += 1
            self._allowance -= 1
        if self._refill_timer is None:
            self._refill_timer = asyncio.get_running_loop().call_later(BURST_SECONDS, self._renew_allowance)

    def _renew_allowance(self) -> None:
        self._refill_timer, self._allowance = None, BURST
        if self._waiting:
            self._send_waiting()

    def _after_delay(self, deliver: Callable[[], None]) -> None:
        if not self._wifi.delay:
            deliver()
            return
        loop = asyncio.get_running_loop()
        self._delayed.append((loop.time() + self._wifi.delay, deliver))
        if self._delay_timer is None:
            self._delay_timer = loop.call_later(self._wifi.delay, self._deliver_due)

    def _deliver_due(self) -> None:
        loop = asyncio.get_running_loop()
        while self._delayed and self._delayed[0][0] <= loop.time():
            self._delayed.popleft()[1]()  # which may delay an answer: the one timer is still this one
        self._delay_timer = loop.call_at(self._delayed[0][0], self._deliver_due) if self._delayed else None

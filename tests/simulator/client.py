"""A client of the simulated console, with a codec that is not the console's own (python-osc)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from tests.support.waiting import until

Received = tuple[str, tuple[Any, ...]]


class Client(asyncio.DatagramProtocol):
    """One client: `received` holds the messages it received, oldest first."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.transport: Any = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = OscMessage(data)
        self.received.append((message.address, tuple(message.params)))

    def raw(self, data: bytes) -> None:
        self.transport.sendto(data)

    def send(self, address: str, *arguments: Any) -> None:
        builder = OscMessageBuilder(address=address)
        for argument in arguments:
            builder.add_arg(argument)
        self.raw(builder.build().dgram)

    async def ask(self, address: str, *arguments: Any, answer: str = "") -> tuple[Any, ...]:
        """Send, and wait for the next message under that address (or another one)."""
        wanted, before = answer or address, len(self.received)
        self.send(address, *arguments)
        await until(lambda: any(one == wanted for one, _ in self.received[before:]))
        return next(given for one, given in self.received[before:] if one == wanted)

    async def all_received(self) -> list[Received]:
        """Return all messages so far: the console answers in order, so after this answer none is under way."""
        await self.ask("/status")
        said, self.received = [one for one in self.received if one[0] != "/status"], []
        return said


@asynccontextmanager
async def connect(address: tuple[str, int]) -> AsyncIterator[Client]:
    transport, client = await asyncio.get_running_loop().create_datagram_endpoint(Client, remote_addr=address)
    client.transport = transport
    try:
        yield client
    finally:
        transport.close()

"""Discovery: a broadcast query, and the consoles that answer within a moment."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from math import ceil

from remote_mixer.desk.params import Text
from remote_mixer.drivers.osc import Argument, OscError, decode, encode

BROADCAST, THIS_MACHINE = "255.255.255.255", "127.255.255.255"
SIMULATED = "127.0.0.1"
"""Address of a simulated console that only this computer can use."""
ANSWER_TEXT = Text(40)
LISTEN_SECONDS = 0.6
ASK_AGAIN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """A console that answered: its host, and its own name, model and firmware."""

    host: str
    name: str
    model: str
    firmware: str


class _Listener(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self.closed = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        found = found_in(data, addr[0])
        if found:
            self.found[found.host] = found


def found_in(data: bytes, host: str) -> Found | None:
    """Return the console that answers in a datagram, or None."""
    try:
        return answer(*decode(data), host)
    except OscError:
        return None


def answer(address: str, arguments: tuple[Argument, ...], host: str) -> Found | None:
    """Return the console that answers `/xinfo`, or None. `host` is the sender; the address inside may be wrong."""
    if address != "/xinfo" or len(arguments) != 4:
        return None
    _, name, model, firmware = (ANSWER_TEXT.fit(str(argument)) for argument in arguments)
    return Found(host, name, model, firmware)


def broadcast_for(host: str) -> str:
    """Return the broadcast address for a search that began at a host; for this computer it stays on this computer."""
    try:
        return THIS_MACHINE if ipaddress.ip_address(host).is_loopback else BROADCAST
    except ValueError:
        return BROADCAST


async def find(port: int, *where: str, seconds: float = LISTEN_SECONDS) -> list[Found]:
    """Query addresses, mostly broadcasts, and return the consoles that answer; none where there is no network."""
    loop = asyncio.get_running_loop()
    try:
        transport, listener = await loop.create_datagram_endpoint(
            _Listener,
            local_addr=("0.0.0.0", 0),  # noqa: S104 - answers come in on any network
            family=socket.AF_INET,
            allow_broadcast=True,
        )
    except OSError:
        return []
    try:
        for _ in range(ceil(seconds / ASK_AGAIN_SECONDS)):  # not until a time: a loop that was held has read nothing
            for address in where:
                transport.sendto(encode("/xinfo"), (address, port))
            await asyncio.sleep(min(ASK_AGAIN_SECONDS, seconds))
    finally:
        transport.close()
        await listener.closed.wait()
    return list(listener.found.values())

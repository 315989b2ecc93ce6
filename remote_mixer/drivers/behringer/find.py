"""Who is there: a question to everybody on the network, and the answers that come within a moment."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass

from remote_mixer.desk.params import Text
from remote_mixer.drivers.behringer.osc import Argument, OscError, decode, encode

EVERYBODY, THIS_MACHINE = "255.255.255.255", "127.255.255.255"
SIMULATED = "127.0.0.1"
"""Where a simulated console listens that nobody else shall reach."""
TELLS = Text(40)
LISTEN_SECONDS = 0.6
ASK_AGAIN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """A console that answered: where, and what it says of itself."""

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
    """Return who answers in a datagram, or None."""
    try:
        return answer(*decode(data), host)
    except OscError:
        return None


def answer(address: str, arguments: tuple[Argument, ...], host: str) -> Found | None:
    """Return who answers `/xinfo` with a message, or None; where it comes from is truer than the address in it."""
    if address != "/xinfo" or len(arguments) != 4:
        return None
    _, name, model, firmware = (TELLS.fit(str(argument)) for argument in arguments)
    return Found(host, name, model, firmware)


def everybody(host: str) -> str:
    """Return the broadcast address for a search that began at a host: a console on this machine is sought here only."""
    try:
        return THIS_MACHINE if ipaddress.ip_address(host).is_loopback else EVERYBODY
    except ValueError:
        return EVERYBODY


async def find(port: int, *where: str, seconds: float = LISTEN_SECONDS) -> list[Found]:
    """Ask at addresses (broadcasts, mostly) and return who answers; nobody where there is no network."""
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
        end = loop.time() + seconds
        while loop.time() < end:
            for address in where:
                transport.sendto(encode("/xinfo"), (address, port))
            await asyncio.sleep(min(ASK_AGAIN_SECONDS, seconds))
    finally:
        transport.close()
        await listener.closed.wait()
    return list(listener.found.values())

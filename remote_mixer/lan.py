"""The addresses at which phones on this network find us, likeliest first, and their QR codes."""

from __future__ import annotations

import asyncio
import io
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import ifaddr

LOOPBACK = "127.0.0.1"
WATCH_SECONDS = 3.0
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - names what a person asked for; nothing is bound here

# Networks between this computer and its own guests, tunnels and containers: no phone in the room is on one of them.
_NOT_THE_ROOM = re.compile(
    "docker|veth|br-|virbr|vmnet|vboxnet|virtualbox|vmware|vethernet|hyper-v|lxc|lxd|podman|cni|flannel|cali|kube|"
    "utun|tun|tap|wg|wireguard|tailscale|zerotier|zt|awdl|llw|ppp|dummy",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """One way in: the interface as the system names it, its IPv4 address, what a phone opens, and that by https.

    `secure_url` is empty where there is no https, or no certificate for this address.
    """

    interface: str
    ip: str
    url: str
    secure_url: str = ""


def addresses(host: str, port: int) -> list[Address]:
    """Return the addresses of a server bound to `host` and `port`, likeliest first; never an empty list."""
    if host not in EVERYWHERE:
        return [Address("this computer" if is_loopback(host) else host, host, url_of(host, port))]
    found = rank(reachable(_adapters()), _usual_source())
    return [Address(name, ip, url_of(ip, port)) for name, ip in found or [("this computer", LOOPBACK)]]


async def watch(look: Callable[[], list[Address]], changed: Callable[[list[Address]], Awaitable[None]]) -> None:
    """Look every few seconds, until cancelled; await `changed` with what `look` returns whenever that is news.

    A look takes half a millisecond on Linux but may take long on Windows, so it is taken in a thread.
    """
    known = look()
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        with suppress(OSError):  # the system was asked while it rebuilt its list: the next look will tell
            found = await asyncio.to_thread(look)
            if found != known:
                known = found
                await changed(found)


def outward(found: Iterable[Address]) -> list[str]:
    """Return the IPv4 addresses at which other computers reach us: none for a server on loopback alone."""
    return [address.ip for address in found if _is_ipv4(address.ip) and _in_a_room(address.ip)]


def local_url(host: str, port: int) -> str:
    """Return what this computer itself opens: the loopback address wherever the server listens there."""
    return url_of(LOOPBACK if host in EVERYWHERE else host, port)


def url_of(host: str, port: int, scheme: str = "http") -> str:
    """Return the page's address; an IPv6 host gets its brackets."""
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether a host is this computer's loopback: `localhost` or an address, also an IPv4 one mapped into IPv6."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def reachable(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keep of (interface, IPv4) what a phone in the room may reach."""
    return [(name, ip) for name, ip in found if not _NOT_THE_ROOM.match(name) and _in_a_room(ip)]


def rank(found: Iterable[tuple[str, str]], usual: str | None) -> list[tuple[str, str]]:
    """Sort (interface, IPv4): the address this computer sends from first, then private networks, then the rest."""
    return sorted(found, key=lambda pair: (pair[1] != usual, not ipaddress.ip_address(pair[1]).is_private))


def qr_svg(url: str) -> str:
    """Return a QR code as an SVG that scales with its box, dark on light whatever the page's theme."""
    import segno

    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def qr_terminal(url: str) -> list[str]:
    """Return a QR code as lines of half blocks, white on black by escape codes whatever the terminal's theme."""
    import segno

    out = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out, border=2, compact=True)
    return [f"\x1b[97;40m{line}\x1b[0m" for line in out.getvalue().splitlines() if line]


def _adapters() -> Iterator[tuple[str, str]]:
    for adapter in ifaddr.get_adapters():
        for address in adapter.ips:
            if isinstance(address.ip, str):  # IPv6 comes as tuples; phones are sent to numbers that a person can type
                yield adapter.nice_name, address.ip


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:  # --host may be a name
        return False
    return True


def _in_a_room(ip: str) -> bool:
    parsed = ipaddress.ip_address(ip)
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified or parsed.is_multicast)


def _usual_source() -> str | None:
    """Ask the routing table which address we would send from; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return None
        return str(probe.getsockname()[0])

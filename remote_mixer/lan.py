"""Addresses at which phones on this network find the server, likeliest first, and their QR codes."""

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
EVERY_IPV6 = "::"
EVERYWHERE = ("", "0.0.0.0", EVERY_IPV6)  # noqa: S104 - compared with --host; nothing is bound here

# Interfaces of virtual machines, tunnels and containers: no phone is on such a network.
_VIRTUAL = re.compile(
    "docker|veth|br-|virbr|vmnet|vboxnet|virtualbox|vmware|vethernet|hyper-v|lxc|lxd|podman|cni|flannel|cali|kube|"
    "utun|tun|tap|wg|wireguard|tailscale|zerotier|zt|awdl|llw|ppp|dummy",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the server.

    interface   as the system names it
    ip          IPv4 address, one of IPv6 where a server for both has no other, or --host where that is one address
    url         by http
    secure_url  by https; "" where there is none, or no certificate for this address
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
    if not found and host == EVERY_IPV6:
        found = reachable(_ipv6_adapters())
    return [Address(name, ip, url_of(ip, port)) for name, ip in found or [("this computer", LOOPBACK)]]


async def watch(look: Callable[[], list[Address]], changed: Callable[[list[Address]], Awaitable[None]]) -> None:
    """Call `look` every WATCH_SECONDS until cancelled; await `changed` with its result whenever that differs.

    `look` runs in a thread: it takes half a millisecond on Linux but may take long on Windows.
    """
    known = look()
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        with suppress(OSError):  # the system is rebuilding its list: the next look succeeds
            found = await asyncio.to_thread(look)
            if found != known:
                known = found
                await changed(found)


def outward(found: Iterable[Address]) -> list[str]:
    """Return the IPv4 addresses that other computers can open; none for a server on loopback alone."""
    return [address.ip for address in found if _is_ipv4(address.ip) and _is_routable(address.ip)]


def local_url(host: str, port: int) -> str:
    """Return the URL for this computer itself: loopback wherever the server listens there."""
    return url_of(LOOPBACK if host in EVERYWHERE else host, port)


def url_of(host: str, port: int, scheme: str = "http") -> str:
    """Return the page's URL; an IPv6 host gets its brackets."""
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether a host is this computer's loopback: `localhost` or an address, also an IPv4 one mapped into IPv6."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def is_here(host: str) -> bool:
    """Whether a host is an address of this computer, on loopback or on a network: one that can be bound."""
    try:
        family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((host, 0))
    except (ValueError, OSError):
        return is_loopback(host)
    return True


def place_here(host: str, port: int) -> str:
    """Return the place of a server on this computer, as proofs name it: all its loopback addresses are one."""
    return f"{LOOPBACK if is_loopback(host) else host.removeprefix('::ffff:')} {port}"


def reachable(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those (interface, IPv4) pairs that a phone can open: none of virtual interfaces or loopback."""
    return [(name, ip) for name, ip in found if not _VIRTUAL.match(name) and _is_routable(ip)]


def rank(found: Iterable[tuple[str, str]], usual: str | None) -> list[tuple[str, str]]:
    """Sort (interface, IPv4): the address this computer sends from first, then private networks, then the rest."""
    return sorted(found, key=lambda pair: (pair[1] != usual, not ipaddress.ip_address(pair[1]).is_private))


def qr_svg(url: str) -> str:
    """Return a QR code as a scalable SVG, dark on light in every theme of the page."""
    import segno

    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def qr_terminal(url: str) -> list[str]:
    """Return a QR code as lines of half blocks, white on black by escape codes in every theme of the terminal."""
    import segno

    out = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out, border=2, compact=True)
    return [f"\x1b[97;40m{line}\x1b[0m" for line in out.getvalue().splitlines() if line]


def _adapters() -> Iterator[tuple[str, str]]:
    for adapter in ifaddr.get_adapters():
        for address in adapter.ips:
            if isinstance(address.ip, str):  # IPv6 comes as tuples and is left out: people type these addresses
                yield adapter.nice_name, address.ip


def _ipv6_adapters() -> Iterator[tuple[str, str]]:
    for adapter in ifaddr.get_adapters():
        for address in adapter.ips:
            if not isinstance(address.ip, str):  # with flow and scope
                yield adapter.nice_name, address.ip[0]


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:  # --host may be a name
        return False
    return True


def _is_routable(ip: str) -> bool:
    parsed = ipaddress.ip_address(ip)
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified or parsed.is_multicast)


def _usual_source() -> str | None:
    """Return the address this computer sends from, by its routing table; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return None
        return str(probe.getsockname()[0])

"""Listening sockets: http, and https beside it where the options ask for it."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from remote_mixer import lan
from remote_mixer.tls.errors import TlsError
from remote_mixer.web.connections import HttpsSocket, ListeningSocket
from remote_mixer.web.same_origin import own_names
from remote_mixer.web.server import NoNameServer, listen
from remote_mixer.web.tls_page import Trust

if TYPE_CHECKING:
    from remote_mixer.tls.https import Https, Signed

RENEW_SECONDS = 5.0  # from a new address to a certificate for it
NOWHERE = (
    "No name server says where “{0}” is (--host): until the next start the mixer is on this computer alone. An address "
    "in numbers needs no name server."
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HttpsOptions:
    """Options for https: its port, and the host's own certificate with its key, or neither."""

    port: int
    certfile: Path | None = None
    keyfile: Path | None = None


class CannotListen(OSError):
    """The system does not let us listen at an address and port; `option` is the option that named the port."""

    def __init__(self, host: str, port: int, option: str, fault: OSError) -> None:
        super().__init__(fault.errno, fault.strerror or str(fault))
        self.host, self.port, self.option = host, port, option


class PortInUse(CannotListen):
    """The port is in use by another program."""


class Sockets:
    """All listening sockets. Connections wait in them until a server accepts.

    host     as given; this computer alone where no name server says where that is, so that there is sound
    osc      socket of the OSC bridge, None without one
    notices  sentences for a person about what is not served
    """

    def __init__(self, host: str, port: int, options: HttpsOptions | None, osc: tuple[str, int] | None = None) -> None:
        """Listen; CannotListen or another OSError on failure."""
        self.host, self._options = host, options
        self._https: Https | None = None
        self.notices: list[str] = []
        self._sockets = [self._first(port)]
        self.port = port_of(self._sockets[0])
        self.osc: socket.socket | None = None
        try:
            if options:
                self._sockets.append(_listen(self.host, options.port, "--tls-port"))
            if osc:
                self.osc = _bind(*osc)
            self._found = lan.addresses(self.host, self.port)
        except OSError:
            self.close()
            raise

    def _first(self, port: int) -> socket.socket:
        try:
            return _listen(self.host, port, "--port")
        except NoNameServer:
            self._say(NOWHERE.format(self.host))
            self.host = lan.LOOPBACK
        return _listen(self.host, port, "--port")

    def _say(self, notice: str) -> None:
        self.notices.append(notice)
        log.warning("%s", notice)

    def close(self) -> None:
        """Close the sockets; a server that serves them closes them itself."""
        for sock in (*self._sockets, *([self.osc] if self.osc else [])):
            sock.close()

    def open_https(self, data: Path) -> Trust | None:
        """Load or create the certificate for https and return what the pages show of it; None without https.

        The database has to be open by then, so that no other server uses the data folder: the first call creates the
        CA in it. Where that cannot be used https is not served, and a notice says why. TlsError where a person's own
        certificate cannot be.
        """
        if not self._options:
            return None
        from remote_mixer.tls.https import Given  # noqa: PLC0415  # loads a library that http alone does not need

        if self._options.certfile and self._options.keyfile:
            self._https = Given(self._options.certfile, self._options.keyfile)
        else:
            self._https = self._signed(data)
        if not self._https:
            self._sockets.pop().close()
            return None
        ours = self._https.authority
        title, der = (ours.title, ours.der) if ours else ("", b"")
        return Trust(port_of(self._sockets[1]), self._https.host_for, self._https.names, title, der)

    def _signed(self, data: Path) -> Signed | None:
        """Return https by our own authority; None, with a notice, where its files cannot be used."""
        from remote_mixer.tls.authority import authority  # noqa: PLC0415  # as above
        from remote_mixer.tls.https import Signed  # noqa: PLC0415  # as above

        try:
            signed = Signed(authority(data), own_names())
            signed.renew(self._ips())
        except TlsError as fault:
            self._say(f"{fault} Until the next start there is http alone.")
            return None
        return signed

    @property
    def has_https(self) -> bool:
        """Whether https is served."""
        return self._https is not None

    @property
    def all(self) -> list[ListeningSocket]:
        """The sockets for a server; https with its TLS context."""
        plain, *rest = self._sockets
        return [plain, *(HttpsSocket(sock, self._https.context) for sock in rest if self._https)]

    def addresses(self) -> list[lan.Address]:
        """Return the addresses at which phones find the server, likeliest first, as of the last look."""
        return [self._with_https(address) for address in self._found]

    def look(self) -> list[lan.Address]:
        """Read the addresses from the system anew; slow on Windows, so not in the loop. OSError on failure."""
        self._found = lan.addresses(self.host, self.port)
        return self.addresses()

    def _with_https(self, address: lan.Address) -> lan.Address:
        host = self._https.host_for(address.ip) if self._https else ""
        return replace(address, secure_url=lan.url_of(host, port_of(self._sockets[1]), "https")) if host else address

    def _ips(self) -> list[str]:
        return [address.ip for address in lan.addresses(self.host, self.port)]

    async def tend(self) -> None:
        """Renew the certificate for the current addresses, until cancelled; a failure is logged once."""
        logged = ""
        while self._https:
            await asyncio.sleep(RENEW_SECONDS)
            trouble = await self._renew(self._https)
            if trouble and trouble != logged:
                log.warning("https keeps its present certificate: %s", trouble)
            logged = trouble

    async def _renew(self, https: Https) -> str:
        try:
            if https.renew(await asyncio.to_thread(self._ips)):  # reading addresses may take long on Windows
                log.info("https has a new certificate")
        except (OSError, TlsError) as fault:
            return str(fault)
        return ""


def port_of(sock: socket.socket) -> int:
    """Return the port of a listening socket; the actual one where 0 was given."""
    return int(sock.getsockname()[1])


def _listen(host: str, port: int, option: str) -> socket.socket:
    try:
        return listen(host, port)
    except NoNameServer:
        raise
    except OSError as fault:
        raise _refused(host, port, option, fault) from fault


def _refused(host: str, port: int, option: str, fault: OSError) -> CannotListen:
    kind = PortInUse if fault.errno == errno.EADDRINUSE else CannotListen
    return kind(host, port, option, fault)


def _bind(address: str, port: int) -> socket.socket:
    """Return a UDP socket; CannotListen where that is not possible."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    try:
        sock.bind((address, port))
    except OSError as fault:
        sock.close()
        raise _refused(address, port, "--osc", fault) from fault
    return sock

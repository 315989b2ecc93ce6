"""What a server shows to whoever comes by https: certificates of our own authority, or a person's own.

TLS 1.2 and newer. Only http/1.1 is offered: a browser that is offered h2 would carry its WebSocket over that.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509

from remote_mixer.private import write_private
from remote_mixer.tls.authority import Authority, Clock, cannot_use, utc_now
from remote_mixer.tls.errors import TlsError
from remote_mixer.tls.signing import may_sign, sign_leaf

LEAF = "server.pem"
ALWAYS = ("localhost", "remote-mixer.local", "127.0.0.1", "::1")
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of 1.3 are all good


def new_context() -> ssl.SSLContext:
    """Return a context without a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_ciphers(CIPHERS)
    context.set_alpn_protocols(["http/1.1"])
    return context


class Signed:
    """A context with a certificate of our own authority for the addresses of now."""

    def __init__(self, authority: Authority, names: Iterable[str], clock: Clock = utc_now) -> None:
        """Take the names of this computer; those that the authority may not sign for are left out."""
        self.authority = authority
        self.context = new_context()
        self.names = frozenset(filter(may_sign, (*ALWAYS, *names)))
        self._clock = clock
        self._covered: frozenset[str] = frozenset()
        self._signed = self._until = clock()

    def renew(self, addresses: Iterable[str]) -> bool:
        """Take a new certificate when an address is new or a third of the old one's life is left; tell whether.

        Links that are open stay as they are; a context on which a chain is loaded shows it from the next link on.

        Raises:
            TlsError: it cannot be written; the old one is shown on.
        """
        wanted = self.names.union(filter(may_sign, addresses))
        now = self._clock()
        fresh = self._signed <= now < self._until - (self._until - self._signed) / 3
        if wanted <= self._covered and fresh:
            return False
        file = self.authority.folder / LEAF
        chain, until = sign_leaf(self.authority.certificate, self.authority.key, wanted, now)
        try:
            write_private(file, chain)
            self.context.load_cert_chain(file)
        except OSError as fault:
            raise cannot_use(file.parent, fault) from fault
        self._covered, self._signed, self._until = wanted, now, until
        return True

    def host_for(self, host: str) -> str:
        """Return under which name or address a browser trusts us that now calls us `host`; "" where it cannot."""
        return host if host in self._covered else ""


class Given:
    """A context with a person's own certificate, as it was at the start."""

    authority = None

    def __init__(self, certfile: Path, keyfile: Path) -> None:
        """Read them; TlsError with a sentence where they cannot be used."""
        self.context = new_context()
        self._names = _names_in(certfile)
        self.names = frozenset(self._names)
        _pem(keyfile, "--keyfile")
        try:
            self.context.load_cert_chain(certfile, keyfile, password="")  # asks no terminal for one
        except ssl.SSLError as fault:
            reason = (fault.reason or str(fault)).lower().replace("_", " ")
            raise TlsError(
                f"{certfile} and {keyfile} cannot be used together ({reason}). --certfile wants the certificate and "
                "those between it and its authority, --keyfile its own private key without a password, both in PEM."
            ) from fault

    def renew(self, _addresses: Iterable[str]) -> bool:
        """Leave it as it is: it is not ours to renew."""
        return False

    def host_for(self, host: str) -> str:
        """Return under which name or address a browser trusts us that now calls us `host`."""
        plain = [name for name in self._names if "*" not in name]
        covered = host in self.names or "*." + host.partition(".")[2] in self.names
        return host if covered else next(iter(plain), "")


Https = Signed | Given


def _names_in(certfile: Path) -> list[str]:
    """Return the names and addresses that a certificate is for, in its order, names first."""
    try:
        certificate = x509.load_pem_x509_certificate(_pem(certfile, "--certfile"))
    except ValueError as fault:
        raise TlsError(
            f"{certfile} holds no certificate in PEM, which would begin -----BEGIN CERTIFICATE-----"
        ) from fault
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as fault:
        raise TlsError(f"{certfile} is for no name or address (subjectAltName), so no browser takes it.") from fault
    names = [name.lower() for name in found.get_values_for_type(x509.DNSName)]
    return names + [str(address) for address in found.get_values_for_type(x509.IPAddress)]


def _pem(file: Path, option: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise TlsError(f"{option} {file} cannot be read ({fault.strerror or fault}).") from fault

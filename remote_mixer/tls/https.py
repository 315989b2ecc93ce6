"""TLS contexts with a certificate of our own CA, or with a person's own.

TLS 1.2 and newer. ALPN offers http/1.1 alone: with h2 a browser would open its WebSocket over that.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from remote_mixer.private import write_private
from remote_mixer.tls.authority import Authority, Clock, cannot_use, utc_now
from remote_mixer.tls.errors import TlsError
from remote_mixer.tls.signing import may_sign, sign_leaf

LEAF = "server.pem"
LOCAL_NAMES = ("localhost", "remote-mixer.local", "127.0.0.1", "::1")
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # for TLS 1.2; all of 1.3 are good


def new_context() -> ssl.SSLContext:
    """Return a server context without a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_ciphers(CIPHERS)
    context.set_alpn_protocols(["http/1.1"])
    return context


class Signed:
    """A context with a certificate of our own CA for the current addresses."""

    def __init__(self, authority: Authority, names: Iterable[str], clock: Clock = utc_now) -> None:
        """Use these names of this computer, but for those that the CA may not sign for."""
        self.authority = authority
        self.context = new_context()
        self.names = frozenset(filter(may_sign, (*LOCAL_NAMES, *names)))
        self._clock = clock
        self._covered: frozenset[str] = frozenset()
        self._signed = clock()
        self._life = timedelta()

    def renew(self, addresses: Iterable[str]) -> bool:
        """Sign a new certificate when an address is new or a third of the old one's life is left; return whether.

        A clock that leapt by so much, in either direction, brings a new one too.

        The context uses it from the next connection on; open connections are not affected.

        Raises:
            TlsError: it cannot be written; the old one stays in use.
        """
        wanted = self.names.union(filter(may_sign, addresses))
        now = self._clock()
        fresh = abs(now - self._signed) < self._life * 2 / 3  # in either direction: the clock may have leapt
        if wanted <= self._covered and fresh:
            return False
        file = self.authority.folder / LEAF
        chain, until = sign_leaf(self.authority.certificate, self.authority.key, wanted, now)
        try:
            write_private(file, chain)
            self.context.load_cert_chain(file)
        except OSError as fault:
            raise cannot_use(file.parent, fault) from fault
        self._covered, self._signed, self._life = wanted, now, max(abs(until - now), timedelta(days=1))
        return True

    def host_for(self, host: str) -> str:
        """Return the name or address that the certificate covers for a browser that opened `host`; "" where none."""
        return host if host in self._covered else ""


class Given:
    """A context with a person's own certificate, read once at the start."""

    authority = None

    def __init__(self, certfile: Path, keyfile: Path) -> None:
        """Load both PEM files; TlsError with a sentence where they cannot be used."""
        self.context = new_context()
        self._names = _names_in(certfile)
        self.names = frozenset(self._names)
        _pem(keyfile, "--keyfile")
        try:
            self.context.load_cert_chain(certfile, keyfile, password="")  # never ask the terminal for one
        except ssl.SSLError as fault:
            reason = (fault.reason or str(fault)).lower().replace("_", " ")
            raise TlsError(
                f"{certfile} and {keyfile} cannot be used together ({reason}). --certfile needs the certificate and "
                "those between it and its authority, --keyfile its private key without a password, both in PEM."
            ) from fault

    def renew(self, _addresses: Iterable[str]) -> bool:
        """Return False: a person's own certificate is not renewed."""
        return False

    def host_for(self, host: str) -> str:
        """Return the name or address that the certificate covers for a browser that opened `host`; "" where none."""
        plain = [name for name in self._names if "*" not in name]
        covered = host in self.names or "*." + host.partition(".")[2] in self.names
        return host if covered else next(iter(plain), "")


Https = Signed | Given


def _names_in(certfile: Path) -> list[str]:
    """Return the names and addresses of a certificate, in its order, names first."""
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
    if file.exists() and not file.is_file() and not file.is_dir():  # it is read twice, and may have no end
        raise TlsError(f"{option} {file} is no file, but a pipe or a device: save it as one.")
    try:
        return file.read_bytes()
    except OSError as fault:
        raise TlsError(f"{option} {file} cannot be read ({fault.strerror or fault}).") from fault

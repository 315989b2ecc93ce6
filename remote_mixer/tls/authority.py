"""The CA's files: created once, readable by their owner alone, and never overwritten."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from remote_mixer.private import keep_private, write_private
from remote_mixer.tls.errors import TlsError
from remote_mixer.tls.signing import Key, new_key, pem, sign_itself

FOLDER = "tls"  # in the data folder
DAMAGE = (ValueError, TypeError, LookupError, UnsupportedAlgorithm, InvalidSignature)
"""Errors of a certificate with a wrong byte, many of them only when a part of it is read."""
CERTIFICATE, KEY = "ca.pem", "ca-key.pem"

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


def authority_file(data: Path) -> Path:
    """Return the path of the CA certificate (PEM) in a data folder; it need not exist."""
    return data / FOLDER / CERTIFICATE


@dataclass(frozen=True, slots=True)
class Authority:
    """The certificate authority of this computer; `key` never leaves `folder`."""

    folder: Path
    key: Key
    certificate: x509.Certificate

    @property
    def title(self) -> str:
        """The CA's name, as a phone lists it."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def der(self) -> bytes:
        """The CA certificate in DER, the form that phones install."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


def authority(data: Path, clock: Clock = utc_now) -> Authority:
    """Load the CA of a data folder; create it the first time.

    Raises:
        TlsError: its files are damaged or do not match. They are left as they are.
    """
    folder, now = data / FOLDER, clock()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = _key(folder)
        certificate = _certificate(folder, key, now)
    except OSError as fault:
        raise cannot_use(folder, fault) from fault
    _check(folder, key, certificate, now)
    return Authority(folder, key, certificate)


def cannot_use(folder: Path, fault: OSError) -> TlsError:
    """Return the error for a folder of certificates that cannot be read or written."""
    reason = fault.strerror or fault
    return TlsError(f"The certificates in {folder} cannot be read or written ({reason}): check its owner and the disk.")


def _key(folder: Path) -> Key:
    file = folder / KEY
    if not file.exists():
        if (folder / CERTIFICATE).exists():
            raise _damaged(folder, f"{KEY} is missing")
        write_private(file, pem(new_key()))
    keep_private(folder)
    keep_private(file)
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise _damaged(folder, f"{KEY} cannot be understood") from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _damaged(folder, f"{KEY} was not made by this program")
    return key


def _certificate(folder: Path, key: Key, now: datetime) -> x509.Certificate:
    """Load the CA certificate, or re-create it with the same key and name, so that devices that trusted it still do."""
    file = folder / CERTIFICATE
    if not file.exists():
        write_private(file, sign_itself(key, now).public_bytes(serialization.Encoding.PEM))
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        certificate.verify_directly_issued_by(certificate)
        _ = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    except DAMAGE as fault:
        raise _damaged(folder, f"{CERTIFICATE} cannot be understood") from fault
    return certificate


def _check(folder: Path, key: Key, certificate: x509.Certificate, now: datetime) -> None:
    if certificate.public_key() != key.public_key():
        raise _damaged(folder, f"{CERTIFICATE} and {KEY} do not belong together")
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not since <= now < until:  # the clock may be wrong, or have leapt: no reason not to serve
        log.warning(
            "By this computer's clock it is %s; the certificate authority in %s is valid from %s to %s. Is the clock "
            "right, devices refuse https: then delete that folder, and let each device trust the new authority.",
            *(f"{now:%Y-%m-%d}", folder, f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}"),
        )


def _damaged(folder: Path, what: str) -> TlsError:
    return TlsError(
        f"The certificate authority in {folder} cannot be used: {what}. Restore that folder from a backup. Without "
        "one, delete it: a new authority is made, and each device has to trust it again, as the page /tls shows."
    )

"""Keys and certificates of our own CA, in memory; no function touches a file.

A phone trusts a CA for years. Ours may sign for servers only (ExtendedKeyUsage), with private addresses and `.local`
names (NameConstraints, RFC 5280 4.2.1.10), so a stolen key cannot pose as a site of the internet, nor sign mail,
programs or people. A type of name without a constraint would be free, so each other type is confined to a name that
nobody has. Apple's systems refuse its certificates where they are valid for more than 825 days, and those of public CAs
for more than 398.

The clock of this computer may be a year wrong, in either direction, while those of the phones are right: certificates
begin long before the time at which they are signed and end long after it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey
PublicKey = ec.EllipticCurvePublicKey

AUTHORITY_LIFE = timedelta(days=3652)
LEAF_LIFE = timedelta(days=400)
LEAF_PAST = timedelta(days=400)
SAFE_PAST = datetime(2000, 1, 1, tzinfo=UTC)  # begin of the CA's certificate
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)  # no true clock is before it; a board without a battery may start in 1970
NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
        *("fc00::/7", "fe80::/10", "::1/128"),
    )
)
DOMAINS = ("local", "localhost")  # each with all names below it
ORGANISATION = "Remote Mixer"
NOBODY = "nobody.invalid"  # RFC 2606: never a name of the internet
_SUBJECTS = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION)])
_OTHER_NAMES = (x509.RFC822Name(NOBODY), x509.UniformResourceIdentifier(NOBODY), x509.DirectoryName(_SUBJECTS))

_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)
_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def new_key() -> Key:
    """Return a new key on P-256, which every phone of the last ten years supports."""
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: Key) -> bytes:
    """Return a private key in PEM, without a password."""
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def sign_itself(key: Key, now: datetime) -> x509.Certificate:
    """Return the CA certificate; its name is unique to this computer and this CA."""
    short = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:4].upper()
    computer = socket.gethostname().partition(".")[0]
    name = _name(f"{ORGANISATION} on {computer[:40] or 'a computer'} ({short})")
    permitted = [*map(x509.IPAddress, NETWORKS), *map(x509.DNSName, DOMAINS), *_OTHER_NAMES]
    return (
        _certificate(name, key.public_key(), SAFE_PAST, max(now, RELEASED) + AUTHORITY_LIFE)
        .issuer_name(name)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def may_sign(name: str) -> bool:
    """Whether our CA may sign for an address, or for a name in lower case."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return bool(_NAME.fullmatch(name)) and name.rpartition(".")[2] in DOMAINS
    return any(address in network for network in NETWORKS)


def sign_leaf(signer: x509.Certificate, signers: Key, names: Collection[str], now: datetime) -> tuple[bytes, datetime]:
    """Return a new key with its certificate for names and addresses, in PEM, and the end of its validity."""
    key = new_key()
    moment = _within(signer, now)
    until = min(moment + LEAF_LIFE, signer.not_valid_after_utc)
    since = max(moment - LEAF_PAST, signer.not_valid_before_utc)
    certificate = (
        _certificate(_name(ORGANISATION), key.public_key(), since, until)
        .issuer_name(signer.subject)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signers.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in sorted(names)]), critical=False)
        .sign(signers, hashes.SHA256())
    )
    return pem(key) + certificate.public_bytes(serialization.Encoding.PEM), until


def _within(signer: x509.Certificate, now: datetime) -> datetime:
    """Return the time nearest to `now` that is after this program's release and in the life of the CA."""
    return max(signer.not_valid_before_utc, min(max(now, RELEASED), signer.not_valid_after_utc))


def _certificate(subject: x509.Name, key: PublicKey, since: datetime, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(None, subject, key, x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(title: str) -> x509.Name:
    organisation, common = NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME
    return x509.Name([x509.NameAttribute(organisation, ORGANISATION), x509.NameAttribute(common, title)])


def _usage(*used: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in used for usage in _USAGES})


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)

"""Our own authority and what it signs: made once, for this network alone, and right for the addresses of now."""

from __future__ import annotations

import ssl
import stat
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from random import Random
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from remote_mixer.tls import authority as files
from remote_mixer.tls.authority import Authority, authority
from remote_mixer.tls.errors import TlsError
from remote_mixer.tls.https import Given, Https, Signed, new_context
from remote_mixer.tls.signing import LEAF_LIFE, RELEASED, may_sign, new_key, pem, sign_leaf
from tests.support.budget import examples

ROOM = "192.168.1.20"


def greet(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> ssl.SSLObject:
    """Shake hands in memory; return the client's end. ssl.SSLError as the client sees it."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=host)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for end in (near, far):
            with suppress(ssl.SSLWantReadError):
                end.do_handshake()
    return near


def trusting(data: Path) -> ssl.SSLContext:
    """A client that trusts the authority of a data folder, as strictly as Python 3.13 does by itself."""
    client = ssl.create_default_context(cafile=files.authority_file(data))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    return client


def shown(https: Https, data: Path, host: str = "127.0.0.1") -> x509.Certificate:
    """The certificate that a client which trusts the authority is shown."""
    der = greet(https.context, trusting(data), host).getpeercert(binary_form=True)
    assert der
    return x509.load_der_x509_certificate(der)


def signed(data: Path, *addresses: str, clock: Callable[[], datetime] = files.utc_now) -> Signed:
    https = Signed(authority(data), ["stage-pc.local"], clock)
    https.renew(addresses)
    return https


# The authority


def test_an_authority_is_made_once(tmp_path: Path) -> None:
    first = authority(tmp_path)
    assert authority(tmp_path).certificate == first.certificate
    assert first.title.startswith("Remote Mixer on ")


def test_two_computers_and_two_authorities_of_one_can_be_told_apart_by_name(tmp_path: Path) -> None:
    assert authority(tmp_path / "one").title != authority(tmp_path / "two").title


def test_its_files_are_for_this_persons_eyes_only_also_when_they_came_from_a_backup(tmp_path: Path) -> None:
    signed(tmp_path, ROOM)
    folder = tmp_path / "tls"
    folder.chmod(0o755)
    (folder / "ca-key.pem").chmod(0o644)
    authority(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert {file.name for file in folder.iterdir()} == {"ca.pem", "ca-key.pem", "server.pem"}


def test_a_lost_certificate_is_signed_anew_and_who_trusted_it_still_does(tmp_path: Path) -> None:
    authority(tmp_path)
    client = trusting(tmp_path)
    files.authority_file(tmp_path).unlink()
    assert greet(signed(tmp_path, ROOM).context, client, ROOM).version() == "TLSv1.3"


def other_key() -> bytes:
    return pem(new_key())


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("ca-key.pem", b"", "cannot be understood"),
        ("ca-key.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be understood"),
        ("ca-key.pem", other_key(), "do not belong together"),
        ("ca-key.pem", None, "is missing"),
        ("ca.pem", b"\xff\x00", "cannot be understood"),
        ("ca.pem", b"", "cannot be understood"),
    ],
)
def test_damaged_files_are_named_with_the_way_out_and_left_as_they_are(
    tmp_path: Path, file: str, content: bytes | None, words: str
) -> None:
    authority(tmp_path)
    damaged = tmp_path / "tls" / file
    damaged.unlink() if content is None else damaged.write_bytes(content)
    before = {path.name: path.read_bytes() for path in damaged.parent.iterdir()}
    with pytest.raises(TlsError, match=words) as caught:
        authority(tmp_path)
    assert "/tls" in str(caught.value)
    assert "backup" in str(caught.value)
    assert {path.name: path.read_bytes() for path in damaged.parent.iterdir()} == before


@pytest.mark.parametrize("file", ["ca.pem", "ca-key.pem"])
def test_with_any_bit_turned_its_files_are_damaged_or_whole_and_nothing_else(tmp_path: Path, file: str) -> None:
    authority(tmp_path)
    found = tmp_path / "tls" / file
    whole, draw = found.read_bytes(), Random(7)
    for _ in range(examples(150)):
        bit, content = draw.randrange(8 * len(whole)), bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        found.write_bytes(content)
        with suppress(TlsError):
            https = Signed(authority(tmp_path), [])
            https.renew([ROOM])
            shown(https, tmp_path)


def test_a_folder_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("in the way")
    with pytest.raises(TlsError, match="cannot be read or written"):
        authority(tmp_path)


@pytest.mark.parametrize("days", [-20_000, 4000])
def test_an_authority_that_is_not_valid_by_the_clock_is_logged_and_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, days: int
) -> None:
    authority(tmp_path)
    ours = authority(tmp_path, lambda: datetime.now(UTC) + timedelta(days=days))
    assert "the certificate authority" in caplog.text
    https = Signed(ours, [], lambda: datetime.now(UTC) + timedelta(days=days))
    assert [https.renew([ROOM]) for _ in range(3)] == [True, False, False]


# A clock that is wrong, or leaps, while the phones' clocks are right


@pytest.mark.parametrize("days", [-365, -30, -1, 0, 1, 30, 365])
def test_certificates_made_by_a_wrong_clock_are_believed_by_phones_whose_clock_is_right(
    tmp_path: Path, days: int
) -> None:
    https = signed(tmp_path, ROOM, clock=lambda: datetime.now(UTC) + timedelta(days=days))
    shown(https, tmp_path)


def test_a_board_that_starts_in_1970_makes_certificates_of_this_programs_time(tmp_path: Path) -> None:
    ours = authority(tmp_path, lambda: datetime(1970, 1, 1, tzinfo=UTC))
    leaf, until = sign_leaf(ours.certificate, ours.key, [ROOM], datetime(1970, 1, 1, tzinfo=UTC))
    assert leaf
    assert ours.certificate.not_valid_after_utc > RELEASED + timedelta(days=3650)
    assert until - RELEASED >= timedelta(days=365)


@pytest.mark.parametrize("days", [-20_000, -800, -365, -1, 1, 365, 800, 20_000])
def test_a_clock_that_leaps_while_it_runs_fails_no_renewal_and_the_way_back_brings_a_good_one(
    tmp_path: Path, days: int
) -> None:
    now = datetime.now(UTC)
    https = signed(tmp_path, ROOM, clock=lambda: now)
    now += timedelta(days=days)
    https.renew([ROOM])
    assert not https.renew([ROOM])
    now -= timedelta(days=days)
    https.renew([ROOM])
    shown(https, tmp_path)


# What it may sign for


@pytest.mark.parametrize(
    "name", [ROOM, "10.0.0.4", "172.31.9.9", "169.254.3.4", "fd00::2", "fe80::1", "stage-pc.local"]
)
def test_addresses_of_local_networks_and_local_names_are_signed_for_and_believed(tmp_path: Path, name: str) -> None:
    assert may_sign(name)
    names = [name] if name.endswith("local") else []
    https = Signed(authority(tmp_path), names)
    https.renew([name])
    shown(https, tmp_path, name)


@pytest.mark.parametrize("name", ["8.8.8.8", "172.32.0.1", "2001:db8::1", "example.org", "stage-pc", "évil.local", ""])
def test_nothing_else_is_signed_for_so_that_one_public_address_spoils_no_certificate(tmp_path: Path, name: str) -> None:
    https = Signed(authority(tmp_path), [name])
    https.renew([name, ROOM])
    assert https.host_for(name) == ""
    shown(https, tmp_path, ROOM)


@pytest.mark.parametrize("name", ["example.org", "8.8.8.8", "2001:db8::1", "evil-local", "a.localhost.example"])
def test_a_thief_of_the_key_cannot_pose_as_a_site_of_the_internet(tmp_path: Path, name: str) -> None:
    ours = authority(tmp_path)
    stolen, _ = sign_leaf(ours.certificate, ours.key, [name], datetime.now(UTC))
    (tmp_path / "stolen.pem").write_bytes(stolen)
    context = new_context()
    context.load_cert_chain(tmp_path / "stolen.pem")
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        greet(context, trusting(tmp_path), name)


SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
CLIENT = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
MAIL = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])


def forged(ours: Authority, file: Path, subject: str, name: x509.GeneralName, use: x509.ExtendedKeyUsage) -> None:
    """Write a certificate as a thief of the key would make it."""
    now, organisation = datetime.now(UTC), x509.NameAttribute(NameOID.ORGANIZATION_NAME, subject)
    made = (
        x509.CertificateBuilder(ours.certificate.subject, x509.Name([organisation]), new_key().public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(use, critical=False)
        .sign(ours.key, SHA256())
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))


LOCAL: x509.GeneralName = x509.DNSName("stage-pc.local")
FORGERIES: dict[str, tuple[str, x509.GeneralName, x509.ExtendedKeyUsage, str, bool]] = {
    "our own server": ("Remote Mixer", LOCAL, SERVER, "sslserver", True),
    "a person who logs in": ("Remote Mixer", LOCAL, CLIENT, "sslclient", False),
    "a sender of mail": ("Remote Mixer", LOCAL, MAIL, "smimesign", False),
    "a mail address": ("Remote Mixer", x509.RFC822Name("ann@example.org"), SERVER, "sslserver", False),
    "a local mail address": ("Remote Mixer", x509.RFC822Name("ann@stage-pc.local"), SERVER, "sslserver", False),
    "a URI": ("Remote Mixer", x509.UniformResourceIdentifier("https://example.org/"), SERVER, "sslserver", False),
    "a bank": ("A Bank", LOCAL, SERVER, "sslserver", False),
    "a site": ("Remote Mixer", x509.DNSName("example.org"), SERVER, "sslserver", False),
    "a public address": ("Remote Mixer", x509.IPAddress(ip_address("8.8.8.8")), SERVER, "sslserver", False),
}


@pytest.mark.skipif(not which("openssl"), reason="openssl judges")
@pytest.mark.parametrize("kind", FORGERIES)
def test_a_thief_of_the_key_can_sign_for_local_servers_and_for_nothing_else(tmp_path: Path, kind: str) -> None:
    subject, name, use, purpose, valid = FORGERIES[kind]
    forged(authority(tmp_path), tmp_path / "forged.pem", subject, name, use)
    verify = ["openssl", "verify", "-CAfile", str(files.authority_file(tmp_path)), "-purpose", purpose]
    judged = subprocess.run([*verify, str(tmp_path / "forged.pem")], capture_output=True, check=False)
    assert (judged.returncode == 0) == valid


# What a server shows


def test_a_certificate_is_for_the_addresses_of_now_and_our_names_and_for_no_longer_than_phones_take(
    tmp_path: Path,
) -> None:
    leaf = shown(signed(tmp_path, ROOM), tmp_path)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"localhost", "remote-mixer.local", "stage-pc.local"}
    assert set(map(str, names.get_values_for_type(x509.IPAddress))) == {ROOM, "127.0.0.1", "::1"}
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=825)


def test_a_new_address_is_covered_on_the_living_context_and_an_old_one_costs_nothing(tmp_path: Path) -> None:
    https = signed(tmp_path, ROOM)
    assert not https.renew([ROOM])
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shown(https, tmp_path, "10.0.0.4")
    assert https.renew(["10.0.0.4"])
    shown(https, tmp_path, "10.0.0.4")
    assert not https.renew([])


def test_a_certificate_is_renewed_when_a_third_of_its_life_is_left(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    https = signed(tmp_path, ROOM, clock=lambda: now)
    now += LEAF_LIFE * 0.6
    assert not https.renew([ROOM])
    now += LEAF_LIFE * 0.1
    assert https.renew([ROOM])
    assert not https.renew([ROOM])


def test_near_the_authoritys_end_a_certificate_ends_with_it_and_is_not_renewed_at_every_look(tmp_path: Path) -> None:
    ours = authority(tmp_path)
    now = ours.certificate.not_valid_after_utc - timedelta(days=60)
    https = Signed(ours, [], lambda: now)
    assert [https.renew([ROOM]) for _ in range(3)] == [True, False, False]


def test_a_certificate_that_cannot_be_written_is_said_and_the_old_one_shown_on(tmp_path: Path) -> None:
    https = signed(tmp_path, ROOM)
    (tmp_path / "tls").rename(tmp_path / "away")
    with pytest.raises(TlsError, match="cannot be read or written"):
        https.renew(["10.0.0.4"])
    (tmp_path / "away").rename(tmp_path / "tls")
    shown(https, tmp_path, ROOM)
    assert https.renew(["10.0.0.4"])


def test_tls_1_2_is_the_oldest_and_http_1_1_the_only_protocol(tmp_path: Path) -> None:
    https = signed(tmp_path, ROOM)
    for newest, agreed in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        client = trusting(tmp_path)
        client.maximum_version = newest
        client.set_alpn_protocols(["h2", "http/1.1"])
        link = greet(https.context, client, ROOM)
        assert (link.version(), link.selected_alpn_protocol()) == (agreed, "http/1.1")
    assert https.context.minimum_version == ssl.TLSVersion.TLSv1_2


# A person's own


def own(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate and its key in files of their own."""
    ours = authority(folder)
    both, _ = sign_leaf(ours.certificate, ours.key, names, datetime.now(UTC))
    key, certificate = folder / "my.key", folder / "my.crt"
    begin = both.index(b"-----BEGIN CERTIFICATE")
    key.write_bytes(both[:begin])
    certificate.write_bytes(both[begin:])
    return certificate, key


def test_a_persons_own_certificate_is_shown_as_it_is(tmp_path: Path) -> None:
    https = Given(*own(tmp_path, "mixer.local", "*.stage.local", ROOM))
    assert not https.renew(["10.0.0.4"])
    shown(https, tmp_path, "mixer.local")
    hosts = ["mixer.local", "foh.stage.local", ROOM, "10.0.0.4"]
    assert [https.host_for(host) for host in hosts] == ["mixer.local", "foh.stage.local", ROOM, "mixer.local"]


def locked(folder: Path) -> bytes:
    private, best = serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    return authority(folder).key.private_bytes(serialization.Encoding.PEM, private, best)


@pytest.mark.parametrize(
    ("certificate", "key", "words"),
    [
        (None, b"", "my.crt cannot be read"),
        (b"no PEM", b"", "holds no certificate in PEM"),
        ("own", None, "my.key cannot be read"),
        ("own", b"no PEM", "cannot be used together"),
        ("own", other_key(), "cannot be used together .key values mismatch"),
        ("own", "locked", "without a password"),
        ("authority", b"", "for no name or address"),
    ],
)
def test_what_is_wrong_with_a_persons_own_certificate_is_said(
    tmp_path: Path, certificate: bytes | str | None, key: bytes | str | None, words: str
) -> None:
    files_of_own = own(tmp_path, "mixer.local")
    made = {"authority": authority(tmp_path).certificate.public_bytes(serialization.Encoding.PEM)}
    made["locked"] = locked(tmp_path)
    for file, content in zip(files_of_own, (certificate, key), strict=True):
        if content is None:
            file.unlink()
        elif content != "own":
            file.write_bytes(made[content] if isinstance(content, str) else content)
    with pytest.raises(TlsError, match=words):
        Given(*files_of_own)

"""Mixer over https: from certificate to page, the page that explains it, and http beside it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect

from remote_mixer.app import App
from remote_mixer.sockets import HttpsOptions
from remote_mixer.tls.authority import authority, authority_file
from remote_mixer.tls.https import Signed
from remote_mixer.web import server
from remote_mixer.web.connections import HttpsSocket
from remote_mixer.web.pipe import binary_frame
from remote_mixer.web.server import listen, serve
from tests.support.running import FADER, Hand, joined, online, running
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.web.far_page import HANDSHAKE, FarPage, noise
from tests.web.serving import Served, echo_app

STOP_SECONDS = 1.0


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes


def call(url: str, trust: ssl.SSLContext | None = None, **headers: str) -> Answer:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5, context=trust) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as fault:
        with fault:
            return Answer(fault.code, fault.headers, fault.read())


def secure_url(app: App) -> str:
    return app.addresses()[0].secure_url.rstrip("/")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def app(data: Path) -> Iterator[App]:
    with running(data, https=HttpsOptions(0)) as app:
        yield app


@pytest.fixture(scope="module")
def trust(app: App, data: Path) -> ssl.SSLContext:
    assert app.port
    return ssl.create_default_context(cafile=authority_file(data))


# The whole road


async def test_a_page_by_https_and_one_by_http_are_two_hands_on_one_mixer(app: App, trust: ssl.SSLContext) -> None:
    await online(app)
    address = secure_url(app).replace("https", "wss") + "/ws"
    async with joined(app, "anne") as anne, connect(address, ssl=trust, origin=secure_url(app)) as link:  # type: ignore[arg-type]
        bob = Hand(link, "bob")
        assert (await bob.hello())["type"] == "welcome"
        await bob.send(type="set", id=1, values={FADER: 0.321})
        assert await anne.change(FADER) == 0.321
        await anne.send(type="set", id=1, values={FADER: 0.456})
        assert [await bob.change(FADER), await bob.change(FADER)] == [0.321, 0.456]
        await bob.send(type="meters", on=True, rate=30)
        while not isinstance(await bob.next(), bytes):
            pass


def test_the_page_and_the_api_come_by_https_too_and_http_is_never_forbidden(app: App, trust: ssl.SSLContext) -> None:
    page = call(f"{secure_url(app)}/", trust)
    assert b"<title>Remote Mixer</title>" in page.body
    assert "Strict-Transport-Security" not in page.headers
    assert json.loads(call(f"{secure_url(app)}/api/v1/health", trust).body)["name"] == "Remote Mixer"
    assert call(f"http://127.0.0.1:{app.port}/").status == 200


def test_a_page_by_http_is_a_stranger_to_https_and_the_other_way_round(app: App, trust: ssl.SSLContext) -> None:
    plain = f"http://127.0.0.1:{app.port}"
    assert call(f"{secure_url(app)}/api/v1/desk", trust, Origin=plain).status == 403
    assert call(f"{plain}/api/v1/desk", Origin=secure_url(app)).status == 403
    assert call(f"{secure_url(app)}/api/v1/desk", trust, Origin=secure_url(app)).status != 403


async def test_plain_http_sent_to_the_https_port_ends_at_once_and_does_no_harm(app: App) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(secure_url(app)).port)
    writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    async with asyncio.timeout(5):
        assert b"HTTP/1.1 200" not in await reader.read()
    writer.close()


# The page that leads there


def test_the_page_is_told_where_https_is_and_whom_to_trust(app: App, data: Path) -> None:
    about = json.loads(call(f"http://127.0.0.1:{app.port}/tls/about").body)
    taken = call(f"http://127.0.0.1:{app.port}/tls/ca.crt")
    assert about["secure"] == secure_url(app)
    assert about["title"] == authority(data).title
    assert about["fingerprint"].replace(":", "").lower() == hashlib.sha256(taken.body).hexdigest()
    assert taken.body == authority(data).der
    assert taken.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert taken.headers["Content-Disposition"].startswith("inline")


def test_a_name_that_has_no_certificate_is_told_so(app: App) -> None:
    about = json.loads(call(f"http://127.0.0.1:{app.port}/tls/about", Host="8.8.8.8:5001").body)
    assert (about["on"], about["secure"]) == (True, "")


def test_only_that_page_may_load_a_picture_from_https_and_only_that_picture_may_be_loaded_from_http(app: App) -> None:
    plain = f"http://127.0.0.1:{app.port}"
    page, mixer, picture = call(f"{plain}/tls"), call(f"{plain}/"), call(f"{plain}/tls/ok.svg")
    assert f"img-src 'self' {secure_url(app)} data:;" in page.headers["Content-Security-Policy"]
    assert "default-src 'self';" in page.headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in mixer.headers["Content-Security-Policy"]
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert mixer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_without_https_the_page_says_so_and_there_is_nothing_to_trust(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        plain = f"http://127.0.0.1:{app.port}"
        assert json.loads(call(f"{plain}/tls/about").body) == {
            "on": False,
            "secure": "",
            "title": "",
            "fingerprint": "",
        }
        assert call(f"{plain}/tls").status == 200
        assert call(f"{plain}/tls/ca.crt").status == 404
        assert app.addresses()[0].secure_url == ""
    assert not authority_file(tmp_path).parent.exists()


def test_what_installs_the_page_is_served_as_what_it_is(app: App) -> None:
    kinds = {
        "app.webmanifest": "application/manifest+json",
        "sw.js": "text/javascript",
        "icons/icon-maskable.png": "image/png",
    }
    for name, kind in kinds.items():
        assert call(f"http://127.0.0.1:{app.port}/{name}").headers["Content-Type"].startswith(kind)
    icons = json.loads(call(f"http://127.0.0.1:{app.port}/app.webmanifest").body)["icons"]
    assert all(call(f"http://127.0.0.1:{app.port}{icon['src']}").status == 200 for icon in icons)


# A person's own certificate


@pytest.fixture
def own(tmp_path: Path) -> HttpsOptions:
    """Return a certificate for a name, signed by an authority that the server does not know."""
    signer = Signed(authority(tmp_path / "elsewhere"), ["mixer.local"])
    signer.renew([])
    both = signer.authority.folder / "server.pem"
    return HttpsOptions(0, both, both)


def test_a_persons_own_certificate_opens_the_names_it_is_for_and_needs_no_steps(
    tmp_path: Path, own: HttpsOptions
) -> None:
    with running(tmp_path / "data", https=own) as app:
        plain = f"http://127.0.0.1:{app.port}"
        about = json.loads(call(f"{plain}/tls/about", Host=f"mixer.local:{app.port}").body)
        assert about["secure"].startswith("https://mixer.local:")
        assert (about["title"], call(f"{plain}/tls/ca.crt").status) == ("", 404)
        assert call(f"{plain}/", Host="other.local").status == 403
        trusting = ssl.create_default_context(cafile=authority_file(tmp_path / "elsewhere"))
        assert call(f"{secure_url(app)}/", trusting).status == 200
    assert not authority_file(tmp_path / "data").parent.exists()


# The server under TLS, with every kind of guest


@asynccontextmanager
async def echoing(data: Path) -> AsyncIterator[tuple[Served, int, ssl.SSLContext]]:
    """Serve the echo app over https: its counters, its port and the authority to trust."""
    signed = Signed(authority(data), [])
    signed.renew([])
    served, sock, there = Served(), listen("127.0.0.1", 0), asyncio.Event()
    port = sock.getsockname()[1]
    sockets = [HttpsSocket(sock, signed.context)]
    task = asyncio.create_task(serve(echo_app(served), sockets, served.stop, served.closing, there.set))
    await there.wait()
    try:
        yield served, port, ssl.create_default_context(cafile=authority_file(data))
    finally:
        served.stop.set()
        await task


async def opened(port: int, trust: ssl.SSLContext) -> FarPage:
    page = FarPage(*await asyncio.open_connection("127.0.0.1", port, ssl=trust))
    await page.send(HANDSHAKE.format(path="/ws", port=port, more="").encode())
    assert " 101 " in await page.answer()
    return page


async def test_a_page_by_https_that_does_not_read_is_known_to_lag_from_the_first_bytes_on(tmp_path: Path) -> None:
    async with echoing(tmp_path) as (served, port, trust):
        page = await opened(port, trust)
        await until(lambda: served.pipes)
        page.reader._transport.pause_reading()  # type: ignore[attr-defined]
        pipe, sent = served.pipes[0], 0
        async with asyncio.timeout(10):
            while not pipe.waiting:
                pipe.write(binary_frame(noise(16_000)))
                sent += 16_000
                await asyncio.sleep(0)
        assert pipe._transport.get_write_buffer_size() == 0, "TLS by itself counts nothing yet"
        page.cut()


HALF_A_HELLO = b"\x16\x03\x01\x02\0\x01"


async def bare(port: int, trust: ssl.SSLContext) -> FarPage:
    return FarPage(*await asyncio.open_connection("127.0.0.1", port))


async def idle(port: int, trust: ssl.SSLContext) -> FarPage:
    return FarPage(*await asyncio.open_connection("127.0.0.1", port, ssl=trust))


@pytest.mark.parametrize(
    ("first", "more"), [(b"", b""), (b"\x16\x03\x01\x02\0\x01", b""), (b"\x16\x03\x01\x02\0\x01", b"\0")]
)
async def test_who_owes_the_agreement_on_tls_is_cut_whatever_trickles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bytes, more: bytes
) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.2)
    async with echoing(tmp_path) as (_, port, trust), asyncio.timeout(PATIENCE_SECONDS):
        page = await bare(port, trust)
        page.writer.write(first)
        with suppress(ConnectionError):
            while not page.reader.at_eof():
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await page.reader.read(1)
                page.writer.write(more)
        page.cut()


@pytest.mark.parametrize("guest", [opened, bare, idle])
async def test_a_stop_ends_within_a_second_over_tls_too(
    tmp_path: Path, guest: Callable[[int, ssl.SSLContext], Awaitable[FarPage]], caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    async with echoing(tmp_path) as (_, port, trust):
        page = await guest(port, trust)
        started = loop.time()
    assert loop.time() - started < STOP_SECONDS
    page.cut()
    assert [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}] == []

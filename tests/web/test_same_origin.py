"""Refusal of other sites' pages and of foreign host names, before any route runs."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from quart import Quart, abort, websocket

from remote_mixer.resources import resource_path
from remote_mixer.web import same_origin
from remote_mixer.web.same_origin import content_policy, host_is_ours, origin_is_ours, own_names
from remote_mixer.web.server import listen, serve
from remote_mixer.web.why import PAGE, Why
from tests.web.far_page import HANDSHAKE, FarPage, dialled

EXPLAINED = Why(resource_path(PAGE).read_text(encoding="utf-8")).answer
NAME = socket.gethostname().lower().removesuffix(".local")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:5001",
        "192.168.1.20:5001",
        "[::1]:5001",
        "[fe80::1%25eth0]:5001",
        "localhost:5001",
        "LOCALHOST",
        "remote-mixer.local:5001",
        "remote-mixer.local.:5001",
        "remote-mixer-2.local:5001",
        "Remote-Mixer-20.local",
        NAME,
        f"{NAME}.local:5001",
        "mixer.church.example:80",
    ],
)
def test_addresses_and_our_own_names_are_ours(host: str) -> None:
    assert host_is_ours(host, own_names(allow=["Mixer.Church.Example"]))


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:5001",
        "127.0.0.1.evil.example",
        "evil.example#127.0.0.1",
        "127.0.0.1@evil.example",
        "evil.example@127.0.0.1",
        "127.0.0.1/evil",
        "127.0.0.1:99999",
        "127.0.0.1; script-src *",
        "[::1%25; script-src *]",
        "other.local",
        "remote-mixer-2.local.evil.example",
        "remote-mixer-2.evil.local",
        "remote-mixer-x.local:5001",
        "remote-mixer-21.local",
        "evil-remote-mixer-2.local",
        "localhost.evil.example",
        "0x7f.1",
        "[::1",
        "é",
    ],
)
def test_every_other_name_and_every_oddity_is_not(host: str) -> None:
    assert not host_is_ours(host, own_names())


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "127.0.0.1:5001"),
        ("http://127.0.0.1:5001", "127.0.0.1:5001"),
        ("http://192.168.1.20", "192.168.1.20"),
        ("http://192.168.1.20", "192.168.1.20:80"),
        ("https://mixer.local", "mixer.local:443"),
        ("http://[::1]:5001", "[::1]:5001"),
        ("http://localhost:5001", "LocalHost:5001"),
    ],
)
def test_our_own_page_and_a_shell_may_come_in(origin: str | None, host: str) -> None:
    assert origin_is_ours(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("null", "127.0.0.1:5001"),
        ("", "127.0.0.1:5001"),
        ("http://evil.example", "127.0.0.1:5001"),
        ("http://evil.example:5001", "127.0.0.1:5001"),
        ("http://127.0.0.1:5002", "127.0.0.1:5001"),
        ("http://127.0.0.1", "127.0.0.1:5001"),
        ("http://localhost:5001", "127.0.0.1:5001"),
        ("http://127.0.0.1:5001/path", "127.0.0.1:5001"),
        ("http://127.0.0.1:5001@evil.example", "127.0.0.1:5001"),
        ("http://127.0.0.1:5001 http://evil.example", "127.0.0.1:5001"),
        ("file://", ""),
        ("chrome-extension://abc", "abc"),
        ("http://[::1", "[::1"),
    ],
)
def test_a_page_of_anyone_else_may_not(origin: str, host: str) -> None:
    assert not origin_is_ours(origin, host)


# Over a real server


@dataclass
class Guarded:
    """Server behind the checks, with the paths that it served."""

    port: int
    served: list[str] = field(default_factory=list)


@asynccontextmanager
async def guarded(app: Quart, port: int, sock: socket.socket) -> AsyncIterator[None]:
    async def closing() -> None:
        return

    stop = asyncio.Event()
    task = asyncio.create_task(serve(app, [sock], stop, closing))
    yield
    stop.set()
    await task


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Guarded]:
    app = Quart(__name__)
    same_origin.install(app, EXPLAINED)
    sock = listen("127.0.0.1", 0)
    server = Guarded(sock.getsockname()[1])

    @app.route("/", methods=["GET", "PUT"])
    async def index() -> str:
        server.served.append("/")
        return "hello"

    @app.get("/broken")
    async def broken() -> str:
        abort(500)

    @app.websocket("/ws")
    async def ws() -> None:
        server.served.append("/ws")
        await websocket.accept()
        await websocket.receive()

    async with guarded(app, server.port, sock):
        yield server


async def ask(page: FarPage, method: str, path: str, *headers: str) -> str:
    """Send a request; return the whole answer."""
    lines = [f"{method} {path} HTTP/1.1", *headers, "Connection: close", "Content-Length: 0", "", ""]
    await page.send("\r\n".join(lines).encode())
    return (await page.end()).decode()


SECURE = (
    "x-content-type-options: nosniff",
    "referrer-policy: no-referrer",
    "content-security-policy: default-src 'self';",
    "frame-ancestors 'none'",
    "cache-control: no-store",
)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/broken"])
async def test_every_answer_carries_the_security_headers_and_never_cors(server: Guarded, path: str) -> None:
    async with dialled(server.port) as page:
        answer = (await ask(page, "GET", path, f"Host: 127.0.0.1:{server.port}")).lower()
    assert all(part in answer for part in SECURE)
    assert "access-control" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        ("Host: evil.example",),
        ("Host: 127.0.0.1", "Origin: http://evil.example"),
        ("Host: 127.0.0.1", "Origin: null"),
        ("Host: 127.0.0.1", "Origin: http://127.0.0.1", "Origin: http://evil.example"),
    ],
)
async def test_a_stranger_gets_403_with_a_sentence_and_nothing_is_served(
    server: Guarded, headers: tuple[str, ...]
) -> None:
    async with dialled(server.port) as page:
        answer = await ask(page, "PUT", "/", *headers)
    assert answer.startswith("HTTP/1.1 403")
    assert '{"code": "forbidden", "text": "' in answer
    assert '"path": "/"' in answer
    assert all(part in answer.lower() for part in SECURE)
    assert server.served == []


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:{port}", "", 101),
        ("127.0.0.1:{port}", "Origin: http://127.0.0.1:{port}\r\n", 101),
        ("127.0.0.1:{port}", "Origin: http://evil.example\r\n", 403),
        ("127.0.0.1:{port}", "Origin: null\r\n", 403),
        ("evil.example", "Origin: http://evil.example\r\n", 403),
    ],
)
async def test_a_websocket_is_for_our_own_page_and_for_shells(
    server: Guarded, host: str, origin: str, status: int
) -> None:
    handshake = HANDSHAKE.replace("127.0.0.1:{port}", host).format(path="/ws", port=server.port, more="{more}")
    async with dialled(server.port) as page:
        await page.send(handshake.format(more=origin.format(port=server.port)).encode())
        assert f" {status} " in await page.answer()
    assert server.served == ["/ws"] * (status == 101)


async def test_a_request_without_a_host_is_refused(server: Guarded) -> None:
    async with dialled(server.port) as page:
        await page.send(b"GET / HTTP/1.0\r\n\r\n")
        assert " 403 " in await page.answer()
    assert server.served == []


def test_the_policy_names_the_sockets_for_older_safari() -> None:
    assert "connect-src 'self' ws://192.168.1.20:5001 wss://192.168.1.20:5001;" in content_policy("192.168.1.20:5001")


REFUSED = [
    ({"Host": "mixer.example.org"}, "host"),
    ({"Host": "backend:5001"}, "host"),
    ({"X-Forwarded-Prefix": "/mixer"}, "path"),
    ({"X-Script-Name": "/a/b/"}, "path"),
]


@pytest.mark.parametrize(("headers", "word"), REFUSED, ids=str)
async def test_a_person_behind_a_proxy_that_is_set_up_wrongly_reads_a_page_that_says_so(
    headers: dict[str, str], word: str
) -> None:
    app = Quart(__name__)
    same_origin.install(app, EXPLAINED)
    for accept, kind in (("text/html,*/*;q=0.8", "text/html"), ("*/*", "application/json")):
        answer = await app.test_client().get("/", headers=headers | {"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (403, kind)
        mark = f'data-for="{word}">' if "html" in kind else "proxy"
        assert mark in await answer.get_data(as_text=True)


@pytest.mark.parametrize("prefix", ["", "/"])
async def test_a_proxy_that_names_the_root_is_none_of_a_path(prefix: str) -> None:
    app = Quart(__name__)
    same_origin.install(app, EXPLAINED)
    answer = await app.test_client().get("/", headers={"Host": "localhost", "X-Forwarded-Prefix": prefix})
    assert answer.status_code == 404

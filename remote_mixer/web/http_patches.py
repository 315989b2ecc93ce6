"""Changes to the internals of Hypercorn for connections and HTTP; `hypercorn_patches` lists and installs them."""

import asyncio
import base64
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

import h11
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.events import Closed, RawData, Updated
from hypercorn.events import Event as ConnectionEvent
from hypercorn.protocol.events import Body, EndBody, Event, Request, StreamClosed
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.typing import ASGIReceiveEvent, ASGISendEvent

from remote_mixer.web.pipe import SCOPE_KEY, Pipe
from remote_mixer.web.places import PLACE_KEY, Place, Stage

REQUEST_BYTES = 1024 * 1024  # the body of one request
BODY_SECONDS, BODY_BYTES_A_SECOND = 3.0, 64 * 1024  # for a body to arrive, however slow the Wi-Fi
LONGEST_BODY_SECONDS = BODY_SECONDS + REQUEST_BYTES / BODY_BYTES_A_SECOND
FLUSH_SECONDS = 10.0  # for the last of an HTTP answer to reach a slow phone; then it is cut
UNSENT_BYTES = 16 * 1024  # of one connection in the kernel; the rest waits here, where newer values can replace it

_LISTS = frozenset({b"connection", b"sec-websocket-extensions", b"sec-websocket-protocol"})
"""Headers whose words wsproto reads as ASCII at a handshake."""
_KEY, KEY_BYTES = b"sec-websocket-key", 16
_ABSOLUTE = re.compile(rb"https?://(?P<host>[^/?#@]+)(?P<path>[/?][^#]*|)", re.IGNORECASE)
BY_PROXY = (b"via", b"1.1 a-proxy")
"""Header of a request whose target is one that browsers and programs give to proxies alone."""

AppPut = Callable[[ASGIReceiveEvent], Awaitable[None]]


class Connection(TCPServer):
    """TCP connection with a place and a pipe, closed for good at its end."""

    def __init__(self, *args: Any, place: Place) -> None:  # noqa: ANN401 - Hypercorn's own
        super().__init__(*args)
        self.place = place
        self.pipe = Pipe(self.writer.transport, self.loop, _below_tls(self.writer.transport))
        place.cut = self.pipe.abort
        # Hypercorn copies the state into the scope of each request.
        self.state = {**self.state, SCOPE_KEY: self.pipe, PLACE_KEY: place}

    async def run(self) -> None:
        """Serve the connection until it ends."""
        self._limit_kernel_buffer()
        try:
            await super().run()
        finally:
            self.pipe.gone()

    async def protocol_send(self, event: ConnectionEvent) -> None:
        """Handle an event of the protocol: bytes, the end, or that it now waits for a request or serves one."""
        if isinstance(event, RawData) and self.writer.transport.is_closing():
            return  # asyncio would log each write to a connection that was cut
        if isinstance(event, Updated) and event.idle:
            self.place.enter(Stage.IDLE)
        await super().protocol_send(event)

    async def _read_data(self) -> None:
        await super()._read_data()
        await self.idle_task.stop()  # Hypercorn waits for it before it closes

    def _limit_kernel_buffer(self) -> None:
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)  # Linux and macOS; Windows has none
        if option is not None:
            with suppress(OSError):
                self.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)

    async def _close(self) -> None:
        self.pipe.ended(FLUSH_SECONDS)
        # The peer sent on after its end, or never ended TLS; Hypercorn expects what sockets alone raise.
        with suppress(ssl.SSLError, TimeoutError):
            await super()._close()


def _below_tls(transport: asyncio.WriteTransport) -> asyncio.WriteTransport | None:
    """Return the transport below TLS, None without TLS.

    asyncio does not count its buffer of 64 KiB, so that a stalled phone would seem to read.
    """
    tls = getattr(transport, "_ssl_protocol", None)
    return None if tls is None else cast("asyncio.WriteTransport", tls._transport)  # noqa: SLF001 - no other way in


class Http1(H11Protocol):
    """HTTP/1.1 only, whatever the peer proposes, and no request that a proxy may understand otherwise than we do."""

    async def _check_protocol(self, event: h11.Request) -> None:
        return

    async def _create_stream(self, request: h11.Request) -> None:
        """Serve a request, or answer 400 to an ambiguous one, 429 to one too many, and close."""
        place = self.connection_state[PLACE_KEY]
        try:
            clear = _clear(request)
            _check_words(clear)
        except ValueError:
            await self._refuse(400)
        else:
            await (super()._create_stream(clear) if place.may_ask() else self._refuse(429))

    async def _refuse(self, status: int) -> None:
        await self._send_error_response(status)
        await self.send(Closed())


def _clear(request: h11.Request) -> h11.Request:
    """Return a request whose Host is the one that its target names, if it names one (RFC 9112, 3.2.2).

    Such a target is for proxies, whatever else the request says: it says that one was between.
    ValueError where it has two lengths (6.1: an attempt to smuggle another request past a proxy), or a target that is
    neither a path nor an address by http.
    """
    names = {name for name, _ in request.headers}
    if {b"content-length", b"transfer-encoding"} <= names:
        raise ValueError
    if request.target.startswith(b"/") or request.target == b"*":
        return request
    found = _ABSOLUTE.fullmatch(request.target)
    if not found:
        raise ValueError
    others = [(name, value) for name, value in request.headers if name != b"host"]
    return h11.Request(
        method=request.method,
        target=found["path"] if found["path"].startswith(b"/") else b"/" + found["path"],
        headers=[(b"host", found["host"]), BY_PROXY, *others],
        http_version=request.http_version,
    )


def _check_words(request: h11.Request) -> None:
    """ValueError where a header is none that a client of its RFC sends, or a library further on would fail with it.

    A host that IDNA refuses; a list that is no ASCII; a second key of a handshake, or one that is not 16 bytes in
    base64 (RFC 6455, 4.2.1 and 11.3.1).
    """
    keys = 0
    for name, value in request.headers:
        if name == b"host":
            value.partition(b":")[0].decode("latin1").encode("idna")  # as Werkzeug does
        elif name in _LISTS:
            value.decode("ascii")
        elif name == _KEY:
            keys += 1
            if keys > 1 or len(base64.b64decode(value, validate=True)) != KEY_BYTES:
                raise ValueError


class Exchange(HTTPStream):
    """Request and its answer on a connection."""

    app_put: AppPut  # Hypercorn's own
    place: Place  # from the request on, as `pipe`
    pipe: Pipe
    _received = 0
    _began = 0.0
    _late: asyncio.TimerHandle | None = None

    async def handle(self, event: Event) -> None:
        """Handle an event of the connection. A body above the limit ends there for Quart, which then answers 413.

        Quart 0.23 alone would measure a body only once it is complete.
        """
        if isinstance(event, Request):
            self._await_body(event)
        elif self._late and isinstance(event, (EndBody, StreamClosed)):
            self._late.cancel()
            self.place.enter(Stage.SERVED)
        if isinstance(event, (Body, EndBody)) and self._received > REQUEST_BYTES:
            return
        self._received += len(event.data) if isinstance(event, Body) else 0
        await super().handle(event)
        if isinstance(event, Body) and self._received > REQUEST_BYTES:
            await super().handle(EndBody(stream_id=self.stream_id))

    async def app_send(self, message: ASGISendEvent | None) -> None:
        """Handle a message of the app; None is its end."""
        if message is None:
            self.app_put = drain(self.app_put)
        await super().app_send(message)

    def _await_body(self, request: Request) -> None:
        self.place, self.pipe = request.state[PLACE_KEY], request.state[SCOPE_KEY]
        self.place.enter(Stage.OWING)
        self._began = asyncio.get_running_loop().time()
        self._cut_when_late()

    def _cut_when_late(self) -> None:
        """Cut the connection if the body should have come by now, else look again when it should."""
        loop = asyncio.get_running_loop()
        due = self._began + BODY_SECONDS + self._received / BODY_BYTES_A_SECOND
        if loop.time() >= due:
            self.pipe.abort()
        else:
            self._late = loop.call_at(due, self._cut_when_late)


def drain(put: object) -> Callable[[object], Awaitable[None]]:
    """Empty the queue of an app that has ended, which frees a waiting reader; return a sink for what still comes."""
    queue = getattr(put, "__self__", None)  # Hypercorn hands out the bound method only
    if not isinstance(queue, asyncio.Queue):
        raise TypeError("Hypercorn's queue for the app has changed: see remote_mixer/web/hypercorn_patches.py")
    while not queue.empty():
        queue.get_nowait()
    return _drop


async def _drop(_message: object) -> None:
    return

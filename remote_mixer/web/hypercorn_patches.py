"""All changes to the internals of Hypercorn and Quart: limits against harmful peers, and a pipe for each WebSocket.

Written for hypercorn 0.18, quart 0.22 and 0.23, wsproto 1.x. `patch` checks that their internals look the same, and
raises if not; tests/web/test_hypercorn_patches.py shows the effect of each patch. The patches, and why:

* one message is at most 64 KiB, counted before it is kept; the sender gets close code 1009 and is cut off;
* a request's body is at most 1 MiB, in chunks or not;
* permessage-deflate is never agreed: it doubles the cost of a frame, and a small frame could fill the memory;
* the queues between socket and handler are bounded, and a handler that ends frees a reader that waits for room in them;
* HTTP/2 without TLS is not spoken: it would bypass all of these limits;
* a refused or malformed handshake ends its connection, and so does a peer that never answers a close;
* connections are counted, in all and for each address, and open ones can be cut when the server stops;
* a connection that its peer has ended is closed at once, not after the five seconds of an idle one;
* a `Pipe` for each WebSocket writes whole frames to the transport, so that a frame is built once for all pages.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, cast

import h11
import hypercorn.asyncio.run
import hypercorn.protocol
import hypercorn.protocol.h11
import quart.wrappers.websocket
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.protocol.events import Body, Data, EndBody, Event, Request, StreamClosed
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.protocol.ws_stream import ASGIWebsocketState, FrameTooLargeError, WebsocketBuffer, WSStream
from hypercorn.typing import (
    ASGIReceiveEvent,
    ASGISendCallable,
    ASGISendEvent,
    WebsocketAcceptEvent,
    WebsocketScope,
)
from quart import Quart
from quart.asgi import ASGIWebsocketConnection
from quart.wrappers import Websocket
from wsproto.events import CloseConnection, Message, Pong, TextMessage
from wsproto.events import Event as FrameEvent

from remote_mixer.web.connections import Settings
from remote_mixer.web.pipe import SCOPE_KEY, Pipe

REQUEST_BYTES = 1024 * 1024  # the body of one request
MESSAGE_BYTES = 64 * 1024  # one message of a page, all its fragments together
MESSAGES_WAITING = 32  # of one page, between Quart's reader and our handler
PINGS_A_SECOND = 50  # of one page; browsers send none by themselves
FLUSH_SECONDS = 10.0  # for the last of an HTTP answer to reach a slow phone; then it is cut
UNSENT_BYTES = 16 * 1024  # of one connection in the kernel; the rest waits here, where newer values can replace it

AppPut = Callable[[ASGIReceiveEvent], Awaitable[None]]

_BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\nretry-after: 5\r\n\r\n"
_FINAL_CODES = (1008, 1009)  # after these close codes nothing more is read
_KNOWN_METHODS = {
    TCPServer: ("run", "protocol_send", "_read_data", "_close"),
    H11Protocol: ("_check_protocol",),
    HTTPStream: ("handle", "app_send"),
    WSStream: ("handle", "app_send", "_handle_events", "_send_wsproto_event", "_accept", "_send_error_response"),
    ASGIWebsocketConnection: ("_create_websocket_from_scope", "handle_websocket", "handle_messages"),
}


def patch(app: Quart) -> None:
    """Patch Hypercorn for this process and Quart for this app; calling it again is harmless.

    Raises:
        RuntimeError: the libraries' internals are not the known ones.
    """
    for known, names in _KNOWN_METHODS.items():
        missing = [name for name in names if not hasattr(known, name)]
        if missing:
            raise RuntimeError(
                f"{known.__module__} has changed ({missing} gone): see remote_mixer/web/hypercorn_patches.py"
            )
    for module, name, replacement in _REPLACEMENTS:
        setattr(module, name, replacement)
    app.asgi_websocket_class = BoundedWebsocket


class Connection(TCPServer):
    """TCP connection, counted, with a pipe, and closed for good at its end."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Hypercorn's own
        super().__init__(*args, **options)
        self.connections = cast("Settings", self.config).connections
        self.address = str((self.writer.get_extra_info("peername") or ("",))[0])
        self.pipe = Pipe(self.writer.transport, self.loop, _below_tls(self.writer.transport))
        self.state = {**self.state, SCOPE_KEY: self.pipe}  # Hypercorn copies it into the scope of each request

    async def run(self) -> None:
        """Serve the connection until it ends, or refuse it above the limits."""
        if self.connections.refusing:
            self.writer.transport.abort()
        elif self.connections.full(self.address):
            self.writer.write(_BUSY)
            self.writer.close()
        else:
            await self._run()

    async def _run(self) -> None:
        self.connections.add(self.pipe, self.address)
        self._limit_kernel_buffer()
        try:
            await super().run()
        finally:
            self.connections.discard(self.pipe, self.address)
            self.pipe.gone()

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
        with suppress(ssl.SSLError):  # the peer sent on after its end; Hypercorn expects what sockets alone raise
            await super()._close()


def _below_tls(transport: asyncio.WriteTransport) -> asyncio.WriteTransport | None:
    """Return the transport below TLS, None without TLS.

    asyncio does not count its buffer of 64 KiB, so that a stalled phone would seem to read.
    """
    tls = getattr(transport, "_ssl_protocol", None)
    return None if tls is None else cast("asyncio.WriteTransport", tls._transport)  # noqa: SLF001 - no other way in


class Http1(H11Protocol):
    """HTTP/1.1 only, whatever the peer proposes."""

    async def _check_protocol(self, event: h11.Request) -> None:
        return


class Buffer(WebsocketBuffer):
    """Incoming message, measured in bytes before it is kept."""

    length: int  # Hypercorn's own

    def extend(self, event: Message[Any]) -> None:
        """Add a fragment; FrameTooLargeError above the limit."""
        data = event.data
        size = len(data.encode()) if isinstance(event, TextMessage) and not data.isascii() else len(data)
        if self.length + size > self.max_length:
            raise FrameTooLargeError
        super().extend(event)
        self.length += size - len(data)


class Exchange(HTTPStream):
    """Request and its answer on a connection."""

    app_put: AppPut  # Hypercorn's own
    _received = 0

    async def handle(self, event: Event) -> None:
        """Handle an event of the connection. A body above the limit ends there for Quart, which then answers 413.

        Quart 0.23 alone would measure a body only once it is complete.
        """
        if isinstance(event, (Body, EndBody)) and self._received > REQUEST_BYTES:
            return
        self._received += len(event.data) if isinstance(event, Body) else 0
        await super().handle(event)
        if isinstance(event, Body) and self._received > REQUEST_BYTES:
            await super().handle(EndBody(stream_id=self.stream_id))

    async def app_send(self, message: ASGISendEvent | None) -> None:
        """Handle a message of the app; None is its end."""
        if message is None:
            self.app_put = _drain(self.app_put)
        await super().app_send(message)


class Stream(WSStream):
    """WebSocket on a connection."""

    app_put: AppPut | None  # Hypercorn's own, as `buffer`
    buffer: WebsocketBuffer
    pipe: Pipe  # from the request on, which carries it
    _pings = 0
    _pings_since = 0.0
    _closed_for_good = False

    async def handle(self, event: Event) -> None:
        """Handle an event of the connection."""
        if isinstance(event, Request):
            self.pipe = event.state[SCOPE_KEY]
            self.buffer = Buffer(MESSAGE_BYTES)
        elif isinstance(event, StreamClosed):
            self.pipe.ended()
        else:
            self.pipe.last_received = asyncio.get_running_loop().time()
        await self._handle(event)

    async def _handle(self, event: Event) -> None:
        early = isinstance(event, (Body, Data)) and not self.closed and not self.handshake.accepted
        if early:  # a frame before our answer: Hypercorn would not inform the app of the end
            await self._send_error_response(400)
        else:
            await super().handle(event)
        if early or (isinstance(event, Request) and self.closed):
            await self.send(StreamClosed(stream_id=self.stream_id))

    async def app_send(self, message: ASGISendEvent | None) -> None:
        """Handle a message of the app; None is its end."""
        if message is None:
            self.app_put = _drain(self.app_put)
        await super().app_send(message)
        if self.state is ASGIWebsocketState.HTTPCLOSED and not self.closed:
            await self.send(StreamClosed(stream_id=self.stream_id))

    async def _accept(self, message: WebsocketAcceptEvent) -> None:
        self.handshake.extensions = None  # no permessage-deflate
        await super()._accept(message)
        if not self.closed:
            self.pipe.accepted(self.connection)

    async def _handle_events(self) -> None:
        await super()._handle_events()
        if self._closed_for_good:
            await super().handle(StreamClosed(stream_id=self.stream_id))

    async def _send_wsproto_event(self, event: FrameEvent) -> None:
        if isinstance(event, Pong) and self._too_many_pings():
            event = CloseConnection(code=1008, reason="too many pings")
        if isinstance(event, CloseConnection):
            self._closed_for_good = self._closed_for_good or event.code in _FINAL_CODES
            self.pipe.ended()
        await super()._send_wsproto_event(event)

    def _too_many_pings(self) -> bool:
        now = self.pipe.last_received
        if now - self._pings_since >= 1:
            self._pings, self._pings_since = 0, now
        self._pings += 1
        return self._pings > PINGS_A_SECOND


def _drain(put: object) -> Callable[[object], Awaitable[None]]:
    """Empty the queue of an app that has ended, which frees a waiting reader; return a sink for what still comes."""
    queue = getattr(put, "__self__", None)  # Hypercorn hands out the bound method only
    if not isinstance(queue, asyncio.Queue):
        raise TypeError("Hypercorn's queue for the app has changed: see remote_mixer/web/hypercorn_patches.py")
    while not queue.empty():
        queue.get_nowait()
    return _drop


async def _drop(_message: object) -> None:
    return


class _BoundedBuffer:
    """Bounded version of Quart 0.23's buffer. Once closed, it drops data, so that the reader reaches the disconnect."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | str] = asyncio.Queue(MESSAGES_WAITING)

    async def put(self, data: bytes | str) -> None:
        with suppress(getattr(asyncio, "QueueShutDown", asyncio.QueueFull)):  # the former is new in Python 3.13
            await self._queue.put(data)


class BoundedWebsocket(ASGIWebsocketConnection):
    """Quart's side of a WebSocket, with a bounded queue: in `queue` for 0.22, in the websocket's `buffer` for 0.23."""

    def __init__(self, app: Quart, scope: WebsocketScope) -> None:
        super().__init__(app, scope)
        self.queue = asyncio.Queue(MESSAGES_WAITING)

    def _create_websocket_from_scope(self, send: ASGISendCallable) -> Websocket:
        websocket = super()._create_websocket_from_scope(send)
        if _QUART_BUFFER is not None:
            vars(websocket)["buffer"] = type("BoundedBuffer", (_BoundedBuffer, _QUART_BUFFER), {})()
        return websocket

    async def handle_websocket(self, websocket: Websocket, send: ASGISendCallable) -> None:
        """Run the handler, then close its buffer, which 0.23 would go on filling."""
        try:
            await super().handle_websocket(websocket, send)
        finally:
            if _QUART_BUFFER is not None:
                vars(websocket)["buffer"].disconnect()


_QUART_BUFFER: type | None = getattr(quart.wrappers.websocket, "Buffer", None)  # since 0.23
_REPLACEMENTS: tuple[tuple[ModuleType, str, type], ...] = (
    (hypercorn.asyncio.run, "TCPServer", Connection),
    (hypercorn.protocol, "H11Protocol", Http1),
    (hypercorn.protocol.h11, "HTTPStream", Exchange),
    (hypercorn.protocol.h11, "WSStream", Stream),
)

"""Every change we make to the insides of Hypercorn and Quart, and the fast road out that it gives us.

Known good: hypercorn 0.18, quart 0.22 and 0.23, wsproto 1.x. `patch` checks that the insides look as they did there and
says so if they do not; tests/web/test_hypercorn_patches.py shows each hole closed. What is closed, and why:

* one message is at most 64 KiB, counted before it is kept; the sender gets 1009 and is cut off;
* a request's body is at most 1 MiB, in chunks or not;
* permessage-deflate is never agreed: it doubles the cost of a frame, and a small bomb would fill the memory;
* the queues between socket and handler are bounded, and a handler that ends lets go of a sender that fills them;
* HTTP/2 without TLS is not spoken: it would lead around all of this;
* a refused or malformed handshake ends its connection, and so does a peer that never answers a close;
* connections are counted, in all and for each address, and the ones alive can be cut when the server stops;
* a connection that its peer has ended is let go of at once, and not after the five seconds of an idle one;
* a `Pipe` for each WebSocket takes whole frames straight to the transport: one frame is built once for all pages.
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
from hypercorn.typing import ASGISendCallable, ASGISendEvent, WebsocketAcceptEvent, WebsocketScope
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
UNSENT_BYTES = 16 * 1024  # of one connection in the kernel; the rest waits with us, where newer can replace it

_BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\nretry-after: 5\r\n\r\n"
_GIVING_UP = (1008, 1009)  # after these close codes nothing more is read
_INSIDES = {
    TCPServer: ("run", "protocol_send", "_read_data", "_close"),
    H11Protocol: ("_check_protocol",),
    HTTPStream: ("handle", "app_send"),
    WSStream: ("handle", "app_send", "_handle_events", "_send_wsproto_event", "_accept", "_send_error_response"),
    ASGIWebsocketConnection: ("_create_websocket_from_scope", "handle_websocket", "handle_messages"),
}


def patch(app: Quart) -> None:
    """Close the holes in Hypercorn for this process and in Quart for this app; again is harmless.

    Raises:
        RuntimeError: the libraries are not as we know them.
    """
    for known, names in _INSIDES.items():
        missing = [name for name in names if not hasattr(known, name)]
        if missing:
            raise RuntimeError(
                f"{known.__module__} has changed ({missing} gone): see remote_mixer/web/hypercorn_patches.py"
            )
    for module, name, ours in _OURS:
        setattr(module, name, ours)
    app.asgi_websocket_class = BoundedWebsocket


class Connection(TCPServer):
    """One TCP connection, counted, with a pipe, and with an end."""

    address = ""
    pipe: Pipe

    async def run(self) -> None:
        """Serve it until it ends, or refuse it at once."""
        self.address = str((self.writer.get_extra_info("peername") or ("",))[0])
        self.live = cast("Settings", self.config).live
        if self.live.refusing:
            self.writer.transport.abort()
        elif self.live.full(self.address):
            self.writer.write(_BUSY)
            self.writer.close()
        else:
            await self._run()

    async def _run(self) -> None:
        self.pipe = Pipe(self.writer.transport, self.loop, _beneath(self.writer.transport))
        self.state = {**self.state, SCOPE_KEY: self.pipe}  # Hypercorn copies it into the scope of each request
        self.live.add(self.pipe, self.address)
        self._keep_little_in_the_kernel()
        try:
            await super().run()
        finally:
            self.live.discard(self.pipe, self.address)
            self.pipe.gone()

    async def _read_data(self) -> None:
        await super()._read_data()
        await self.idle_task.stop()  # Hypercorn waits for it before it closes

    def _keep_little_in_the_kernel(self) -> None:
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)  # Linux and macOS; Windows has none
        if option is not None:
            with suppress(OSError):
                self.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)

    async def _close(self) -> None:
        self.pipe.ended(FLUSH_SECONDS)
        with suppress(ssl.SSLError):  # the peer sent on after its end; Hypercorn expects what sockets alone raise
            await super()._close()


def _beneath(transport: asyncio.WriteTransport) -> asyncio.WriteTransport | None:
    """What TLS writes to: asyncio counts its 64 KiB to nobody, and a stalled phone would look as if it read."""
    tls = getattr(transport, "_ssl_protocol", None)
    return None if tls is None else cast("asyncio.WriteTransport", tls._transport)  # noqa: SLF001 - no other way in


class Http1(H11Protocol):
    """HTTP/1.1 and nothing else, whatever the peer proposes."""

    async def _check_protocol(self, event: h11.Request) -> None:
        return


class Buffer(WebsocketBuffer):
    """One message on its way in, measured in bytes before it is kept."""

    def extend(self, event: Message[Any]) -> None:
        """Keep one piece, or refuse the message."""
        data = event.data
        size = len(data.encode()) if isinstance(event, TextMessage) and not data.isascii() else len(data)
        if self.length + size > self.max_length:
            raise FrameTooLargeError
        super().extend(event)
        self.length += size - len(data)


class Exchange(HTTPStream):
    """One request and its answer inside a connection."""

    _received = 0

    async def handle(self, event: Event) -> None:
        """Take what the connection received. A body over the limit ends there for Quart, which then answers 413.

        By itself Quart 0.23 would measure a body only when it is complete.
        """
        if isinstance(event, (Body, EndBody)) and self._received > REQUEST_BYTES:
            return
        self._received += len(event.data) if isinstance(event, Body) else 0
        await super().handle(event)
        if isinstance(event, Body) and self._received > REQUEST_BYTES:
            await super().handle(EndBody(stream_id=self.stream_id))

    async def app_send(self, message: ASGISendEvent | None) -> None:
        """Take what the app sends; None is its end."""
        if message is None:
            self.app_put = _let_go(self.app_put)
        await super().app_send(message)


class Stream(WSStream):
    """One WebSocket inside a connection."""

    pipe: Pipe
    _pings = 0
    _pings_since = 0.0
    _given_up = False

    async def handle(self, event: Event) -> None:
        """Take what the connection received."""
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
        if early:  # a frame before our answer: Hypercorn would forget to tell the app that it is over
            await self._send_error_response(400)
        else:
            await super().handle(event)
        if early or (isinstance(event, Request) and self.closed):
            await self.send(StreamClosed(stream_id=self.stream_id))

    async def app_send(self, message: ASGISendEvent | None) -> None:
        """Take what the app sends; None is its end."""
        if message is None:
            self.app_put = _let_go(self.app_put)
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
        if self._given_up:
            await super().handle(StreamClosed(stream_id=self.stream_id))

    async def _send_wsproto_event(self, event: FrameEvent) -> None:
        if isinstance(event, Pong) and self._too_many_pings():
            event = CloseConnection(code=1008, reason="too many pings")
        if isinstance(event, CloseConnection):
            self._given_up = self._given_up or event.code in _GIVING_UP
            self.pipe.ended()
        await super()._send_wsproto_event(event)

    def _too_many_pings(self) -> bool:
        now = self.pipe.last_received
        if now - self._pings_since >= 1:
            self._pings, self._pings_since = 0, now
        self._pings += 1
        return self._pings > PINGS_A_SECOND


def _let_go(put: object) -> Callable[[object], Awaitable[None]]:
    """The app has ended: free the reader that may be waiting for room in its queue, and let what comes fall."""
    queue = getattr(put, "__self__", None)  # Hypercorn hands out the bound method only
    if not isinstance(queue, asyncio.Queue):
        raise TypeError("Hypercorn's queue for the app has changed: see remote_mixer/web/hypercorn_patches.py")
    while not queue.empty():
        queue.get_nowait()
    return _nowhere


async def _nowhere(_message: object) -> None:
    return


class _BoundedBuffer:
    """Quart 0.23's buffer, bounded; closed, it swallows, so that the reader goes on to the disconnect."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | str] = asyncio.Queue(MESSAGES_WAITING)

    async def put(self, data: bytes | str) -> None:
        with suppress(getattr(asyncio, "QueueShutDown", asyncio.QueueFull)):  # the former is new in Python 3.13
            await self._queue.put(data)


class BoundedWebsocket(ASGIWebsocketConnection):
    """Quart's end of a WebSocket with a bounded queue: 0.22 has it in `queue`, 0.23 in the websocket's `buffer`."""

    def __init__(self, app: Quart, scope: WebsocketScope) -> None:
        super().__init__(app, scope)
        self.queue = asyncio.Queue(MESSAGES_WAITING)

    def _create_websocket_from_scope(self, send: ASGISendCallable) -> Websocket:
        websocket = super()._create_websocket_from_scope(send)
        if _QUART_BUFFER is not None:
            vars(websocket)["buffer"] = type("BoundedBuffer", (_BoundedBuffer, _QUART_BUFFER), {})()
        return websocket

    async def handle_websocket(self, websocket: Websocket, send: ASGISendCallable) -> None:
        """Run the handler; 0.23 would go on filling the buffer of a handler that has ended."""
        try:
            await super().handle_websocket(websocket, send)
        finally:
            if _QUART_BUFFER is not None:
                vars(websocket)["buffer"].disconnect()


_QUART_BUFFER: type | None = getattr(quart.wrappers.websocket, "Buffer", None)  # since 0.23
_OURS: tuple[tuple[ModuleType, str, type], ...] = (
    (hypercorn.asyncio.run, "TCPServer", Connection),
    (hypercorn.protocol, "H11Protocol", Http1),
    (hypercorn.protocol.h11, "HTTPStream", Exchange),
    (hypercorn.protocol.h11, "WSStream", Stream),
)

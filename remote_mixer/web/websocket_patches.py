"""Changes to the internals of Hypercorn and Quart for WebSockets; `hypercorn_patches` lists and installs them."""

import asyncio
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any, cast

import quart.wrappers.websocket
from hypercorn.protocol.events import Body, Data, Event, Request, StreamClosed
from hypercorn.protocol.ws_stream import ASGIWebsocketState, FrameTooLargeError, WebsocketBuffer, WSStream
from hypercorn.typing import ASGISendCallable, ASGISendEvent, WebsocketAcceptEvent, WebsocketScope
from quart import Quart
from quart.asgi import ASGIWebsocketConnection
from quart.wrappers import Websocket
from wsproto.connection import Connection, ConnectionState
from wsproto.events import CloseConnection, Message, TextMessage
from wsproto.events import Event as FrameEvent

from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.web.http_patches import AppPut, drain
from remote_mixer.web.pipe import SCOPE_KEY, Pipe
from remote_mixer.web.places import PLACE_KEY, Stage

MESSAGE_BYTES = 64 * 1024  # one message of a page, all its fragments together
MESSAGES_WAITING = 32  # of one page, between Quart's reader and our handler
WORDLESS_A_SECOND, WORDLESS_AT_ONCE = 10, 50
"""Frames of one page that end no message; a browser sends a pong every other second."""

_FINAL_CODES = (1002, 1007, 1008, 1009)  # after these close codes nothing more is read
_QUART_BUFFER: type | None = getattr(quart.wrappers.websocket, "Buffer", None)  # since 0.23


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


class Frames(Connection):
    """Frames of one page, as they come, up to one that is broken, or to the first of too many that say nothing.

    Ten thousand pings, pongs or empty fragments fit into one read: reading them all would hold everybody's loop.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - wsproto's own
        super().__init__(*args, **kwargs)
        self.pipe: Pipe | None = None
        """Pipe of the page; once it is closed, no frame says anything any more."""
        self.failure: CloseConnection | None = None
        """Our close of the link, once nothing more is read: what was wrong (RFC 6455, 7.1.7)."""
        self._wordless = RateLimit(WORDLESS_A_SECOND, WORDLESS_AT_ONCE, time.monotonic)

    def events(self) -> Generator[FrameEvent, None, None]:
        """Yield what came, up to a failure."""
        for event in super().events():
            says_something = self.pipe is not None and self.pipe.open and _says_something(event)
            if isinstance(event, CloseConnection) and self.state is ConnectionState.OPEN:  # it is wsproto's own
                self.failure = event
            elif not (says_something or self._wordless.take()):
                self.failure = CloseConnection(code=1008, reason="too many frames that say nothing")
            if self.failure:
                return
            yield event


def _says_something(event: FrameEvent) -> bool:
    """Whether an event ends a message, or is a part of a frame that is still on its way."""
    return isinstance(event, Message) and (event.message_finished or not event.frame_finished)


class Stream(WSStream):
    """WebSocket on a connection."""

    app_put: AppPut | None  # Hypercorn's own, as `buffer`
    buffer: WebsocketBuffer
    pipe: Pipe  # from the request on, which carries it
    _closed_for_good = False

    async def handle(self, event: Event) -> None:
        """Handle an event of the connection."""
        if isinstance(event, Request):
            self.pipe = event.state[SCOPE_KEY]
            event.state[PLACE_KEY].enter(Stage.SERVED)
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
            self.app_put = drain(self.app_put)
        await super().app_send(message)
        if self.state is ASGIWebsocketState.HTTPCLOSED and not self.closed:
            await self.send(StreamClosed(stream_id=self.stream_id))

    async def _accept(self, message: WebsocketAcceptEvent) -> None:
        self.handshake.extensions = None  # no permessage-deflate
        await super()._accept(message)
        cast("Frames", self.connection).pipe = self.pipe
        if not self.closed:
            self.pipe.accepted(self.connection)

    async def _handle_events(self) -> None:
        await super()._handle_events()
        if failure := cast("Frames", self.connection).failure:
            await self._send_wsproto_event(failure)
        if self._closed_for_good:
            await super().handle(StreamClosed(stream_id=self.stream_id))

    async def _send_wsproto_event(self, event: FrameEvent) -> None:
        if isinstance(event, CloseConnection):
            self._closed_for_good = self._closed_for_good or event.code in _FINAL_CODES
            self.pipe.ended()
        await super()._send_wsproto_event(event)


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

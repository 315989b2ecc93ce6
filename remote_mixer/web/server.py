"""Hypercorn in this process: one asyncio loop, in a thread of its own or in the caller's loop."""

import asyncio
import logging
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

import hypercorn.asyncio
from quart import Quart

from remote_mixer.web import hypercorn_patches
from remote_mixer.web.connections import HttpsSocket, ListeningSocket, OpenConnections, Settings

BACKLOG = 128  # connections that wait in the kernel while the loop is busy
SEND_BUFFER_BYTES = 256 * 1024  # per connection, in the kernel: holds the whole page, and bounds a stalled reader
GOODBYE_SECONDS = 0.3  # for the goodbye to the pages, and their answer
DRAIN_SECONDS = 0.3  # then, for answers under way; connections still open are cut
GRACE_SECONDS = 0.5  # in Hypercorn, for handlers to end
START_SECONDS = 15.0
JOIN_SECONDS = 5.0
BODY_SECONDS = 15  # for a request's body to arrive
ANSWER_SECONDS = 60  # for an answer to be taken
HANDSHAKE_SECONDS = 5.0  # for TLS to be agreed

log = logging.getLogger("remote_mixer.web")
hypercorn_log = log.getChild("hypercorn")
hypercorn_log.setLevel(logging.WARNING)  # the program itself prints where it listens

Closing = Callable[[], Awaitable[None]]


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; connections wait in it until a server takes them. Port 0 takes any free one.

    Raises:
        OSError: of the system; `errno.EADDRINUSE` when the port is taken, also by another copy of this program.
    """
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
        0
    ]
    sock = socket.socket(family, kind, proto)
    try:
        # On Windows REUSEADDR would let two servers share the port; elsewhere it only skips the wait after a stop.
        sock.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)  # accepted sockets inherit both
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


async def serve(
    app: Quart,
    sockets: Sequence[ListeningSocket],
    stop: asyncio.Event,
    closing: Closing,
    serving: Callable[[], None] = lambda: None,
) -> None:
    """Serve in this loop until `stop` is set; then end within a second, even with open connections.

    Plain sockets serve http, an `HttpsSocket` serves https, both at once. `serving` is called once the app has started
    and connections are taken. At the stop `closing` is awaited first, for GOODBYE_SECONDS at most, to inform the
    pages. The sockets are closed on return.

    Raises:
        hypercorn.utils.LifespanFailureError: a `before_serving` of the app failed.
    """
    hypercorn_patches.patch(app)
    settings = _settings(app, sockets)
    trigger = asyncio.Event()
    hypercorn_task = asyncio.create_task(_hypercorn(app, settings, trigger))
    try:
        if await _first(settings.serving.wait(), hypercorn_task):
            serving()
            if await _first(stop.wait(), hypercorn_task):
                await _say_goodbye(settings.connections, closing)
    finally:
        trigger.set()
        await asyncio.wait({hypercorn_task}, timeout=DRAIN_SECONDS)
        settings.connections.cut()
        await asyncio.wait({hypercorn_task}, timeout=JOIN_SECONDS)
        for one in sockets:
            (one.socket if isinstance(one, HttpsSocket) else one).close()
    await hypercorn_task


async def _hypercorn(app: Quart, settings: Settings, trigger: asyncio.Event) -> None:
    await hypercorn.asyncio.serve(app, settings, shutdown_trigger=trigger.wait, mode="asgi")


def _settings(app: Quart, sockets: Sequence[ListeningSocket]) -> Settings:
    settings = Settings(sockets)
    settings.accesslog = None
    settings.errorlog = hypercorn_log
    settings.backlog = BACKLOG
    settings.include_server_header = False
    settings.graceful_timeout = GRACE_SECONDS
    settings.startup_timeout = START_SECONDS
    settings.shutdown_timeout = JOIN_SECONDS
    settings.ssl_handshake_timeout = HANDSHAKE_SECONDS
    settings.websocket_max_message_size = hypercorn_patches.MESSAGE_BYTES
    app.config.update(
        MAX_CONTENT_LENGTH=hypercorn_patches.REQUEST_BYTES, BODY_TIMEOUT=BODY_SECONDS, RESPONSE_TIMEOUT=ANSWER_SECONDS
    )
    return settings


async def _first(awaited: Coroutine[Any, Any, Any], other: "asyncio.Task[None]") -> bool:
    """Whether `awaited` ends before the other task."""
    task = asyncio.ensure_future(awaited)
    try:
        await asyncio.wait({task, other}, return_when=asyncio.FIRST_COMPLETED)
        return not other.done()
    finally:
        task.cancel()


async def _say_goodbye(connections: OpenConnections, closing: Closing) -> None:
    connections.refusing = True
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await closing()


class Server:
    """`serve` in a loop and thread of its own: the main thread may belong to the window."""

    def __init__(self, app: Quart, sockets: Sequence[ListeningSocket], closing: Closing) -> None:
        self._parts = (app, sockets)
        self._closing = closing
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)
        self._settled = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._error: BaseException | None = None

    def start(self) -> None:
        """Start the thread; return once pages are served.

        Raises:
            BaseException: the error that ended the server instead, or TimeoutError after START_SECONDS.
        """
        self._thread.start()
        if not self._settled.wait(START_SECONDS):
            raise TimeoutError(f"the server did not start within {START_SECONDS:.0f} s")
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        """End the server and return when it has ended; from any thread, any number of times."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: it has ended already
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(JOIN_SECONDS)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most `timeout` seconds; return whether the server has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def failure(self) -> BaseException | None:
        """The error that ended the server; None while it runs, and where it was stopped."""
        if self._error is None and not self.alive and not self._stop.is_set():
            return RuntimeError("the server's loop was ended, as by SystemExit in a library")
        return self._error

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The server's loop; RuntimeError before the start."""
        if self._loop is None:
            raise RuntimeError("the server has not been started")
        return self._loop

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        finally:
            self._settled.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(serve(*self._parts, self._stop, self._closing, self._settled.set))
        await asyncio.wait({task})
        self._error = task.exception()

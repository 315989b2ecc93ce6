"""Accepting: connections are taken from the listening sockets while there is room for them, and served by Hypercorn.

Hypercorn would leave it to asyncio, which accepts whatever comes: connections that have not agreed on TLS are counted
nowhere, and without a file descriptor left it writes hundreds of tracebacks a second (measured: 22,705 in 14 s).
"""

from __future__ import annotations

import asyncio
import asyncio.sslproto
import logging
import socket
import ssl
import struct
import sys
from contextlib import ExitStack, suppress
from functools import partial

from hypercorn.asyncio.lifespan import Lifespan
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.typing import AppWrapper, LifespanState
from hypercorn.utils import wrap_app
from quart import Quart

from remote_mixer.people.tries import one_network
from remote_mixer.supervisor import Supervisor
from remote_mixer.web.connections import Settings
from remote_mixer.web.http_patches import Connection
from remote_mixer.web.places import Place

READ_BYTES = 64 * 1024  # of one connection, before its handler takes them
TLS_READ_BYTES = 32 * 1024  # of each connection by TLS, taken before anything has come; asyncio's own 256 KiB are much
BATCH, REFUSED_BATCH = 16, 512
"""Connections that are served, or refused, before others in the loop have their turn. A refusal costs little, and
where a crowd comes back as soon as it is refused, everybody who is new waits behind all of it in the kernel."""
PAUSE_SECONDS = 0.1  # after the system refused a connection
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: nothing is kept of the connection, not even for a minute by the kernel

log = logging.getLogger(__name__)


async def serve(app: Quart, settings: Settings, stop: asyncio.Event) -> None:
    """Serve the sockets of `settings` until `stop` is set, then wait for what is under way, for a short time.

    Raises:
        hypercorn.utils.LifespanFailureError: a `before_serving` of the app failed.
    """
    asyncio.sslproto.SSLProtocol.max_size = TLS_READ_BYTES
    loop, state = asyncio.get_running_loop(), LifespanState()
    wrapped = wrap_app(app, settings.wsgi_max_body_size, "asgi")
    lifespan = Lifespan(wrapped, settings, loop, state)
    living = loop.create_task(lifespan.handle_lifespan())
    await lifespan.wait_for_startup()
    if living.done():
        living.result()
    acceptor = Acceptor(wrapped, settings, state)
    try:
        await acceptor.run(stop)
    finally:
        await acceptor.end(settings.graceful_timeout)
        await lifespan.wait_for_shutdown()
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living


class Acceptor:
    """Connections of one server, from the listening socket to their end."""

    def __init__(self, app: AppWrapper, settings: Settings, state: LifespanState) -> None:
        self._app, self._settings, self._state = app, settings, state
        self._places = settings.places
        self._context = WorkerContext(None)
        self._connections: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Accept connections until `stop` is set."""
        supervisor = Supervisor(lambda: None)  # a notice would say what is over within a second
        for sock, tls in self._settings.listening:
            supervisor.keep("The acceptance of connections", partial(self._accept, sock, tls))
        self._settings.serving.set()
        try:
            await stop.wait()
        finally:
            await supervisor.close()

    async def end(self, seconds: float) -> None:
        """Let connections end within so many seconds, then cancel what is left of them."""
        await self._context.terminated.set()
        if self._connections:
            _, late = await asyncio.wait(self._connections, timeout=seconds)
            for task in late:
                task.cancel()

    async def _accept(self, listening: socket.socket, tls: ssl.SSLContext | None) -> None:
        served = refused = 0
        while True:
            await self._places.room()
            try:
                sock, address = await _next(listening)
            except OSError as fault:
                await self._refused(fault)
            else:
                taken = self._take(sock, address, tls)
                served, refused = served + taken, refused + (not taken)
            if served >= BATCH or refused >= REFUSED_BATCH:
                served = refused = 0
                await asyncio.sleep(0)

    async def _refused(self, fault: OSError) -> None:
        if not isinstance(fault, ConnectionAbortedError):  # the peer has gone already
            log.warning("the system refuses connections, so a stranger's is cut: %s", fault)
            self._places.cut_one()
            await asyncio.sleep(PAUSE_SECONDS)

    def _take(self, sock: socket.socket, address: str, tls: ssl.SSLContext | None) -> bool:
        """Serve a connection, or refuse it where it gets no place; return whether it is served."""
        with ExitStack() as held:
            held.callback(_reset, sock)
            place = self._places.take(one_network(address))
            if place:
                self._begin(sock, held.pop_all(), place, tls)
        return place is not None

    def _begin(self, sock: socket.socket, held: ExitStack, place: Place, tls: ssl.SSLContext | None) -> None:
        task = asyncio.create_task(self._serve(sock, held, place, tls))
        place.cut = task.cancel  # until there is a transport to cut
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        task.add_done_callback(_report)
        task.add_done_callback(lambda _: held.close())  # of a task that was cut before it began
        task.add_done_callback(lambda _: place.leave())

    async def _serve(self, sock: socket.socket, held: ExitStack, place: Place, tls: ssl.SSLContext | None) -> None:
        """Serve a connection to its end; `held` closes the socket for as long as no transport has it."""
        with held:
            try:
                reader, writer = await _streams(sock, tls, self._settings.ssl_handshake_timeout)
            except OSError:  # no TLS was agreed, or the peer has gone
                return
            held.pop_all()
        loop = asyncio.get_running_loop()
        parts = (self._app, loop, self._settings, self._context, self._state, reader, writer)
        await Connection(*parts, place=place).run()


async def _next(listening: socket.socket) -> tuple[socket.socket, str]:
    """Return the next connection of a listening socket, and its peer's address.

    What has been accepted is in the caller's hands at once: `sock_accept` of the loop loses the connection that it
    accepts in the turn in which it is cancelled.
    """
    if sys.platform == "win32":  # its loop tells of nothing that can be read
        sock, peer = await asyncio.get_running_loop().sock_accept(listening)
        return sock, str(peer[0])
    while True:
        with suppress(BlockingIOError, InterruptedError):
            sock, peer = listening.accept()
            sock.setblocking(False)
            return sock, str(peer[0])
        await _readable(listening)


async def _readable(sock: socket.socket) -> None:
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sock, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(sock)


async def _streams(
    sock: socket.socket, tls: ssl.SSLContext | None, handshake_seconds: float
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(READ_BYTES, loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol, sock, ssl=tls, ssl_handshake_timeout=handshake_seconds if tls else None
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def _reset(sock: socket.socket) -> None:
    """Close a socket at once, so that it takes neither memory nor time of the kernel."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    sock.close()


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception():
        log.error("a connection ended by a fault of the server", exc_info=task.exception())

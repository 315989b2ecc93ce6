"""Hypercorn in this process: one asyncio loop, in a thread of its own or in the caller's loop."""

import asyncio
import errno
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Any

from quart import Quart

from remote_mixer.web import accepting, http_patches, hypercorn_patches, open_files, websocket_patches
from remote_mixer.web.connections import HttpsSocket, ListeningSocket, Settings
from remote_mixer.web.places import Places
from remote_mixer.web.server_loop import Addresses, Name, ServerLoop, addresses_of

BACKLOG = 4096  # connections that wait in the kernel, which takes fewer where its own limit is lower
SEND_BUFFER_BYTES = 256 * 1024  # per connection, in the kernel: holds the whole page, and bounds a stalled reader
GOODBYE_SECONDS = 0.3  # for the goodbye to the pages, and their answer
DRAIN_SECONDS = 0.3  # then, for answers under way; connections still open are cut
GRACE_SECONDS = 0.5  # in Hypercorn, for handlers to end
START_SECONDS = 15.0
JOIN_SECONDS = 5.0
HEAD_SECONDS = 3.0  # for TLS to be agreed, for a request's head to arrive whole, and between two requests
ANSWER_SECONDS = 60  # for an answer to be taken
QUIET_SECONDS = 1.0  # of a lookup, before there is a word about it
NAME_SECONDS = 10.0  # in all, for a name server
AGAIN_SECONDS = 0.5  # to the next lookup, after one that a name server could not answer
EVERY_IPV6, EVERY_IPV4 = "::", "0.0.0.0"  # noqa: S104 - what a person wants is served
EVERYBODY = ipaddress.IPv4Address("255.255.255.255")
NOT_HERE = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}
"""Faults of an address that this computer does not have, as all of IPv6 where that is switched off."""

log = logging.getLogger("remote_mixer.web")
hypercorn_log = log.getChild("hypercorn")
hypercorn_log.setLevel(logging.WARNING)  # the program itself prints where it listens

Closing = Callable[[], Awaitable[None]]


class NoNameServer(OSError):
    """No name server says in time where a host is."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; connections wait in it until a server takes them. Port 0 takes any free one.

    Of several addresses of a name it is at the first that this computer has; where IPv6 is switched off, `::` is IPv4.

    Raises:
        NoNameServer: nobody says where a name is.
        OSError: of the system; `errno.EADDRINUSE` when the port is taken, also by another copy of this program.
    """
    *others, last = _places(host, port)
    for family, address in others:
        try:
            return _listen_at(family, address)
        except OSError as fault:
            if fault.errno not in NOT_HERE:
                raise
            log.warning("this computer has no %s (%s): the server listens without it", address[0], fault.strerror)
    return _listen_at(*last)


def _places(host: str, port: int) -> list[tuple[int, Any]]:
    """Return family and address of each place at which a host may be; OSError where it is none."""
    found = _look_up((host or None, port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_PASSIVE))
    places: list[tuple[int, Any]] = [(family, address) for family, *_, address in found]
    return [*places, (socket.AF_INET, (EVERY_IPV4, port))] if host == EVERY_IPV6 else places


def _look_up(name: Name) -> Addresses:
    """Return the addresses of a name; OSError where it has none, NoNameServer where nobody says it in NAME_SECONDS."""
    lookup: Future[Addresses] = Future()
    threading.Thread(target=_ask, args=(name, lookup), name="name lookup", daemon=True).start()
    if not wait({lookup}, QUIET_SECONDS).done:
        log.warning("waiting for a name server to say where %s is, for %.0f s at most", name[0], NAME_SECONDS)
        if not wait({lookup}, NAME_SECONDS - QUIET_SECONDS).done:
            raise NoNameServer
    return lookup.result()


def _ask(name: Name, lookup: "Future[Addresses]") -> None:
    """Look a name up; anew for NAME_SECONDS where no name server answers, as before the network is there."""
    end = time.monotonic() + NAME_SECONDS
    while isinstance(outcome := addresses_of(name), OSError) and outcome.errno == socket.EAI_AGAIN:
        if time.monotonic() > end:
            outcome = NoNameServer()
            break
        time.sleep(AGAIN_SECONDS)  # in a thread of its own, before there is a loop
    if isinstance(outcome, OSError):
        lookup.set_exception(outcome)
    else:
        lookup.set_result(outcome)


def _listen_at(family: int, address: Any) -> socket.socket:  # noqa: ANN401 - its form is the family's
    ip = ipaddress.ip_address(address[0].partition("%")[0])
    if ip.is_multicast or ip == EVERYBODY:  # the system lets us listen there
        raise OSError(errno.EADDRNOTAVAIL, "it is the address of many, at which nobody can connect")
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        # On Windows REUSEADDR would let two servers share the port; elsewhere it only skips the wait after a stop.
        sock.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)  # accepted sockets inherit both
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:  # `::` serves the IPv4 addresses too, which are those that people are shown
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
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
    places = Places(asyncio.get_running_loop().time, open_files.raise_limit())
    settings = _settings(app, Settings(sockets, places))
    trigger = asyncio.Event()
    connections_task = asyncio.create_task(accepting.serve(app, settings, trigger))
    try:
        if await _first(settings.serving.wait(), connections_task):
            serving()
            if await _first(stop.wait(), connections_task):
                await _say_goodbye(places, closing)
    finally:
        trigger.set()
        await asyncio.wait({connections_task}, timeout=DRAIN_SECONDS)
        places.cut()
        await asyncio.wait({connections_task}, timeout=JOIN_SECONDS)
        for one in sockets:
            (one.socket if isinstance(one, HttpsSocket) else one).close()
    await connections_task


def _settings(app: Quart, settings: Settings) -> Settings:
    settings.accesslog = None
    settings.errorlog = hypercorn_log
    settings.include_server_header = False
    settings.graceful_timeout = GRACE_SECONDS
    settings.startup_timeout = START_SECONDS
    settings.shutdown_timeout = JOIN_SECONDS
    settings.ssl_handshake_timeout = settings.keep_alive_timeout = HEAD_SECONDS
    settings.websocket_max_message_size = websocket_patches.MESSAGE_BYTES
    app.config.update(
        MAX_CONTENT_LENGTH=http_patches.REQUEST_BYTES,
        BODY_TIMEOUT=http_patches.LONGEST_BODY_SECONDS,
        RESPONSE_TIMEOUT=ANSWER_SECONDS,
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


async def _say_goodbye(places: Places, closing: Closing) -> None:
    places.refusing = True
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
            with asyncio.Runner(loop_factory=ServerLoop) as runner:
                runner.run(self._main())
        finally:
            self._settled.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(serve(*self._parts, self._stop, self._closing, self._settled.set))
        await asyncio.wait({task})
        self._error = task.exception()

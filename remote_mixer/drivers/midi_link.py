"""Links to MIDI ports for the loop: on Linux each has its ports in a process of its own, see `midi_process`.

rtmidi keeps the interpreter's lock while JACK makes or ends a client (40 ms each, measured: 0.27 s for a pair beside
other work), and nothing else of a program runs meanwhile. What ends a process inside libjack does not end the server
either. Elsewhere there is no JACK, and ports are opened here.
"""

from __future__ import annotations

import asyncio
import atexit
import socket
import sys
import time
from collections import defaultdict
from contextlib import suppress
from subprocess import Popen, TimeoutExpired
from threading import Thread
from typing import Any

from remote_mixer.drivers import midi_ports
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_ports import CLIENT, Link, Receive
from remote_mixer.drivers.midi_process import Wire

APART = sys.platform == "linux"
COMMAND = "midi-process"  # of a frozen program
OPEN_SECONDS = 20.0
"""Longest wait for ports to be opened: a JACK server that hangs answers never."""
END_SECONDS = 2.0
MOST_UNSENT = 1 << 18
"""Bytes that may wait for a process: minutes of a cable's, so that one that takes nothing hangs."""
MOST_LEFT = 8
"""Processes of 14 MB that may live on after they were let go: while a MIDI system hangs, none of them ends."""
ENDED = "The program part for MIDI has ended. It starts again by itself."
STUCK = "The MIDI system does not answer."


class Process:
    """A process that has one link at a time."""

    def __init__(self) -> None:
        self.socket, theirs = socket.socketpair()
        with theirs:
            self._process = Popen(_command(), stdin=theirs.fileno())  # noqa: S603 - our own program

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def let_go(self) -> None:
        """Let it close its ports and end, whenever it can: a JACK server may not survive a client that is killed."""
        if self.socket.fileno() >= 0:
            self.hang_up()
            Thread(target=self._process.wait, daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Wait for its end, at most so long."""
        with suppress(TimeoutExpired):
            self._process.wait(seconds)

    def hang_up(self) -> None:
        """Ask the process to close its ports and end."""
        _left.append(self)
        with suppress(OSError):  # the process has ended
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


_idle: defaultdict[str, list[Process]] = defaultdict(list)
"""Processes without a link, by the client's name: a port that is missing is looked for with the same one."""
_left: list[Process] = []
"""Processes that were let go, and may not have ended yet."""


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, COMMAND]
    return [sys.executable, "-m", "remote_mixer.drivers.midi_process"]


@atexit.register
def end_idle() -> None:
    """End the processes that are kept for the next link, all at once."""
    ending = [process for processes in _idle.values() for process in processes]
    _idle.clear()
    for process in ending:
        process.hang_up()
    deadline = time.monotonic() + END_SECONDS
    for process in ending:
        process.wait(max(deadline - time.monotonic(), 0.0))


async def open_link(port: str, receive: Receive, client: str = CLIENT) -> Link:
    """Open ports by name, as `midi_ports.open_link` does; the loop goes on meanwhile."""
    if not APART:
        return midi_ports.open_link(port, receive, client)
    process = await _process(client)
    link = _Link(process, receive, client)
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await link.open(port)
    except TimeoutError:
        link.abandon()
        raise DriverError(STUCK) from None
    except DriverError:
        link.close()
        raise
    except asyncio.CancelledError:
        link.abandon()
        raise
    return link


async def _process(client: str) -> Process:
    """Return an idle process, or a new one, whose start takes a thread some milliseconds."""
    while _idle[client]:
        process = _idle[client].pop()
        if process.lives:
            return process
        process.let_go()
    _left[:] = [process for process in _left if process.lives]
    if len(_left) >= MOST_LEFT:
        raise DriverError(STUCK)
    starting = asyncio.ensure_future(asyncio.to_thread(Process))
    try:
        return await asyncio.shield(starting)
    except OSError as error:
        raise DriverError(f"The program part for MIDI cannot be started: {error}.") from error
    except asyncio.CancelledError:
        starting.add_done_callback(_let_go)
        raise


def _let_go(started: asyncio.Future[Process]) -> None:
    if not started.exception():
        started.result().let_go()


class _Link(Wire):
    """The server's end of one link."""

    def __init__(self, process: Process, receive: Receive, client: str) -> None:
        super().__init__()
        self.dropped, self.notice = 0, ""
        self._process, self._receive, self._client = process, receive, client
        self._is_open = self._is_kept = False
        loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = loop.create_future()
        self._gone: asyncio.Future[str] = loop.create_future()

    async def open(self, port: str) -> None:
        """Have the ports opened; DriverError with the process's reason where that fails."""
        sock = self._process.socket.dup()
        await asyncio.get_running_loop().create_connection(lambda: self, sock=sock)
        self.write("open", [port, self._client])
        await self._opened

    def send(self, message: bytes) -> None:
        """Send one whole message; a process that takes no more is given up."""
        self.write("send", message.hex())
        if self.transport and self.transport.get_write_buffer_size() > MOST_UNSENT:
            self._end(STUCK)
            self.abandon()

    async def gone(self) -> None:
        """Wait until the port has vanished, then raise DriverError with its name."""
        raise DriverError(await asyncio.shield(self._gone))

    def close(self) -> None:
        """Close the ports; nothing is received after that.

        A process that is behind takes the rest and ends: the orders of the next link would overtake what waits here.
        """
        if self.transport and not self.transport.is_closing():
            self.write("close")
            self._is_kept = not self.transport.get_write_buffer_size()
            self.transport.close()
            if self._is_kept:
                _idle[self._client].append(self._process)

    def abandon(self) -> None:
        """Give the process up: it closes its ports and ends, as soon as it looks at its socket again."""
        if self.transport:
            self.transport.abort()
        self._process.let_go()

    def take(self, word: str, value: Any) -> None:  # noqa: ANN401 - JSON, as it comes
        """Take a line of the process; those before the link is open are of the last one."""
        if word == "opened":
            self._is_open, self.notice = True, value
            self._opened.set_result(None)
        elif word == "refused":
            self._opened.set_exception(DriverError(value))
        elif word == "gone" and self._is_open:
            self._end(value)
        elif word == "message" and self._is_open and self.transport and not self.transport.is_closing():
            message, self.dropped = value
            self._receive(bytes.fromhex(message))

    def connection_lost(self, _: Exception | None) -> None:
        """Note that the process has ended or was given up, unless the link was closed."""
        if not self._is_kept:
            self._process.let_go()
        if not self._opened.done():
            self._opened.set_exception(DriverError(ENDED))
        self._end(ENDED)

    def _end(self, reason: str) -> None:
        if not self._gone.done():
            self._gone.set_result(reason)

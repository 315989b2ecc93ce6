"""MIDI ports in a process of their own: `python -m remote_mixer.drivers.midi_process`. The server's end is `midi_link`.

One process has one link at a time, on the orders that come over the socket at its stdin; it ends with that socket.

Server to process: open [port, client], send HEX, close. Process to server: opened NOTICE or refused REASON, message
[HEX, count of lost ones], gone REASON.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from abc import ABC, abstractmethod
from typing import Any, cast

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_ports import Link, open_link

STANDSTILL_SECONDS = 30
"""Longest standstill of the loop: longer than the server waits for ports to be opened."""


class Wire(asyncio.Protocol, ABC):
    """Lines of JSON over a socket, each a word and its value."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket's transport."""
        self.transport = cast("asyncio.Transport", transport)

    def write(self, word: str, value: object = None) -> None:
        """Send one line, unless the socket is closed."""
        if self.transport and not self.transport.is_closing():
            self.transport.write(json.dumps([word, value]).encode() + b"\n")

    def data_received(self, data: bytes) -> None:
        """Take each whole line."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self.take(*_fields(line))

    @abstractmethod
    def take(self, word: str, value: Any) -> None:  # noqa: ANN401 - JSON, as it comes
        """Take one line."""


def _fields(line: bytes) -> tuple[str, Any]:
    """Return a line's word and value; no word for the rest of a line whose beginning went to a link before."""
    try:
        word, value = json.loads(line)
    except ValueError:
        return "", None
    return word, value


class Ports(Wire):
    """The process's end: opens, sends and closes as it is ordered."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = asyncio.Event()
        self._link: Link | None = None
        self._watch: asyncio.Task[None] | None = None

    def connection_lost(self, _: Exception | None) -> None:
        """End with the server, or with its interest."""
        self._close()
        self.ended.set()

    def take(self, word: str, value: Any) -> None:  # noqa: ANN401 - JSON, as it comes
        """Carry out an order."""
        if word == "send" and self._link:
            self._link.send(bytes.fromhex(value))
        elif word == "open":
            self._open(*value)
        elif word == "close":
            self._close()

    def _open(self, port: str, client: str) -> None:
        try:
            self._link = open_link(port, self._receive, client)
        except DriverError as fault:
            self.write("refused", str(fault))
        else:
            self.write("opened", self._link.notice)
            self._watch = asyncio.create_task(self._tell_end(self._link))

    def _receive(self, message: bytes) -> None:
        """Pass a message on; one that comes while the ports are opened waits until the server knows that they are."""
        if self._link:
            self.write("message", [message.hex(), self._link.dropped])
        else:
            asyncio.get_running_loop().call_soon(self._receive, message)

    async def _tell_end(self, link: Link) -> None:
        try:
            await link.gone()
        except DriverError as fault:
            self.write("gone", str(fault))

    def _close(self) -> None:
        if self._link and self._watch:
            self._watch.cancel()
            self._link.close()
            self._link = None


async def serve(sock: socket.socket) -> None:
    """Carry out orders until the socket ends."""
    ports = Ports()
    loop = asyncio.get_running_loop()
    _wind_alarm(loop)
    await loop.connect_accepted_socket(lambda: ports, sock)
    await ports.ended.wait()


def _wind_alarm(loop: asyncio.AbstractEventLoop) -> None:
    """Have the system end the process when its loop stands still.

    rtmidi sends to JACK in a loop of its own that keeps the interpreter's lock and a whole core for as long as the
    server stands still, so neither a thread of Python nor the socket's end would be seen.
    """
    signal.alarm(STANDSTILL_SECONDS)
    loop.call_later(STANDSTILL_SECONDS / 10, _wind_alarm, loop)


def main() -> int:
    """Serve the socket at stdin, whose end is the only one.

    What stops a whole group, as Ctrl-C, a terminal that closes or systemd does, is for the server: it still sends its
    releases through these ports, and a JACK server may not survive a client that is killed.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    asyncio.run(serve(socket.socket(fileno=0)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

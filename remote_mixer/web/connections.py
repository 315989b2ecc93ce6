"""Listening sockets of the server, its open connections with their limits, and Hypercorn's settings for both."""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hypercorn.config import Config, Sockets

from remote_mixer.web.pipe import Pipe

CONNECTIONS = 1000  # open at once
CONNECTIONS_OF_ONE_ADDRESS = 400


class OpenConnections:
    """Open connections of one server, counted in all and by address."""

    def __init__(self) -> None:
        self._all: set[Pipe] = set()
        self._of: Counter[str] = Counter()
        self.refusing = False
        """Whether the server stops: new connections are cut at once."""

    def __len__(self) -> int:
        return len(self._all)

    def full(self, address: str) -> bool:
        """Whether one more connection from this address would exceed a limit."""
        return len(self._all) >= CONNECTIONS or self._of[address] >= CONNECTIONS_OF_ONE_ADDRESS

    def add(self, pipe: Pipe, address: str) -> None:
        """Count a connection."""
        self._all.add(pipe)
        self._of[address] += 1

    def discard(self, pipe: Pipe, address: str) -> None:
        """Count a connection no longer."""
        self._all.discard(pipe)
        self._of -= Counter((address,))

    def cut(self) -> None:
        """Cut all connections."""
        for pipe in list(self._all):
            pipe.abort()


@dataclass(frozen=True, slots=True)
class HttpsSocket:
    """Listening socket for https, with the context that holds its certificate."""

    socket: socket.socket
    context: ssl.SSLContext


ListeningSocket = socket.socket | HttpsSocket


class Settings(Config):
    """Hypercorn's settings, with the sockets that already listen and the open connections."""

    def __init__(self, sockets: Sequence[ListeningSocket]) -> None:
        super().__init__()
        self.plain = [one for one in sockets if isinstance(one, socket.socket)]
        self.https = next((one for one in sockets if isinstance(one, HttpsSocket)), None)
        self.connections = OpenConnections()
        self.serving = asyncio.Event()

    def create_sockets(self) -> Sockets:
        """Return the listening sockets; Hypercorn calls this once the app has started, and serves at once."""
        asyncio.get_running_loop().call_soon(self.serving.set)
        https = [self.https.socket] if self.https else []
        return Sockets(secure_sockets=https, insecure_sockets=self.plain, quic_sockets=[])

    @property
    def ssl_enabled(self) -> bool:
        """Whether Hypercorn should ask for a TLS context."""
        return self.https is not None

    def create_ssl_context(self) -> ssl.SSLContext | None:
        """Return our own context, whose certificate is replaced while the server runs."""
        return self.https.context if self.https else None

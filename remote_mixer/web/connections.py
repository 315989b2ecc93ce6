"""What a server knows of its connections: the sockets they come in by, how many there are, and how to cut them all."""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hypercorn.config import Config, Sockets

from remote_mixer.web.pipe import Pipe

CONNECTIONS = 1000  # alive at once
CONNECTIONS_OF_ONE_ADDRESS = 400


class Live:
    """The connections that one server holds at this moment."""

    def __init__(self) -> None:
        self._all: set[Pipe] = set()
        self._of: Counter[str] = Counter()
        self.refusing = False
        """Set when the server stops: whoever comes now is cut."""

    def __len__(self) -> int:
        return len(self._all)

    def full(self, address: str) -> bool:
        """Whether one more from this address would be too many."""
        return len(self._all) >= CONNECTIONS or self._of[address] >= CONNECTIONS_OF_ONE_ADDRESS

    def add(self, pipe: Pipe, address: str) -> None:
        """Count it."""
        self._all.add(pipe)
        self._of[address] += 1

    def discard(self, pipe: Pipe, address: str) -> None:
        """Count it no longer."""
        self._all.discard(pipe)
        self._of -= Counter((address,))

    def cut(self) -> None:
        """Cut all of them."""
        for pipe in list(self._all):
            pipe.abort()


@dataclass(frozen=True, slots=True)
class Secure:
    """A listening socket for https, and what it shows to whoever comes."""

    socket: socket.socket
    context: ssl.SSLContext


ListeningSocket = socket.socket | Secure


class Settings(Config):
    """Hypercorn's settings, with the sockets that are already listening and the connections alive."""

    def __init__(self, sockets: Sequence[ListeningSocket]) -> None:
        super().__init__()
        self.plain = [one for one in sockets if isinstance(one, socket.socket)]
        self.secure = next((one for one in sockets if isinstance(one, Secure)), None)
        self.live = Live()
        self.serving = asyncio.Event()

    def create_sockets(self) -> Sockets:
        """Hypercorn asks for these when the app has started, and serves on them at once."""
        asyncio.get_running_loop().call_soon(self.serving.set)
        secure = [self.secure.socket] if self.secure else []
        return Sockets(secure_sockets=secure, insecure_sockets=self.plain, quic_sockets=[])

    @property
    def ssl_enabled(self) -> bool:
        """Whether Hypercorn is to ask for a context."""
        return self.secure is not None

    def create_ssl_context(self) -> ssl.SSLContext | None:
        """Ours, whose certificate may be another one tomorrow."""
        return self.secure.context if self.secure else None

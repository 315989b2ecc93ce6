"""What a server knows of its connections: the sockets they come in by, how many there are, and how to cut them all."""

import asyncio
import socket
from collections import Counter

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


class Settings(Config):
    """Hypercorn's settings, with the sockets that are already listening and the connections alive."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        super().__init__()
        self.listening = sockets
        self.live = Live()
        self.serving = asyncio.Event()

    def create_sockets(self) -> Sockets:
        """Hypercorn asks for these when the app has started, and serves on them at once."""
        asyncio.get_running_loop().call_soon(self.serving.set)
        return Sockets(secure_sockets=[], insecure_sockets=self.listening, quic_sockets=[])

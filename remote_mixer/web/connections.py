"""Listening sockets of the server, and Hypercorn's settings with them and the places for connections."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from hypercorn.config import Config

from remote_mixer.web.places import Places


@dataclass(frozen=True, slots=True)
class HttpsSocket:
    """Listening socket for https, with the context that holds its certificate."""

    socket: socket.socket
    context: ssl.SSLContext


ListeningSocket = socket.socket | HttpsSocket


class Settings(Config):
    """Hypercorn's settings, with the sockets that already listen and the places for connections."""

    def __init__(self, sockets: Sequence[ListeningSocket], places: Places) -> None:
        super().__init__()
        self.listening = [(one.socket, one.context) if isinstance(one, HttpsSocket) else (one, None) for one in sockets]
        self.places = places
        self.serving = asyncio.Event()

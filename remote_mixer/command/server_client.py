"""A running server as other programs of ours reach it: its API and its WebSocket."""

from __future__ import annotations

import json
import os
import platform
import ssl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from remote_mixer.command.terminal import CommandError
from remote_mixer.resources import APP_NAME, default_data_folder

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

API = "/api/v1"
PROTOCOL = 1
ANSWER_SECONDS = 5.0
GOODBYE_SECONDS = 0.5
TOKEN_HINT = " A shell shows a token: `remote-mixer token`, on the mixer's own computer, makes one."  # noqa: S105 - words
CA_VARIABLE = "REMOTE_MIXER_CA"
FRAME_BYTES = 16 * 1024 * 1024  # a welcome with many consoles is long

Message = dict[str, Any]


class ServerClient:
    """A running server, by its address: http://HOST:PORT, or HOST:PORT alone; a token opens it from elsewhere."""

    def __init__(self, url: str, timeout: float = ANSWER_SECONDS, token: str | None = None) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if not _is_address(parts):
            raise CommandError(f"A server's address is like http://192.168.1.20:5001, not {url}")
        self.url = f"{parts.scheme}://{parts.netloc}"  # what a browser shows behind it is the page's, not ours
        self._timeout = timeout
        if token and not (token.isascii() and token.isprintable()):
            raise CommandError("That is no token: one is rm_ and 22 letters, digits, - and _.")
        self._shown = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON, as it comes
        """Return the answer of the API; raise CommandError with its text, or one of ours when none comes."""
        parts = urlsplit(self.url)
        host, trust = parts.hostname or "", self._trust()
        link = (
            HTTPSConnection(host, parts.port, timeout=self._timeout, context=trust)
            if trust
            else HTTPConnection(host, parts.port, timeout=self._timeout)
        )
        sent = None if body is None else json.dumps(body)
        kind = {"Content-Type": "application/json"} if sent else {}
        try:
            link.request(method, API + path, sent, kind | self._shown)
            answer = link.getresponse()
            return self._read(answer.status, answer.read())
        except (OSError, HTTPException) as error:
            raise self.lost(error) from error
        finally:
            link.close()

    def _trust(self) -> ssl.SSLContext | None:
        """Return whom a link by https believes: those of this computer, and the mixer's own authority."""
        return _trust() if self.url.startswith("https") else None

    def _read(self, status: int, body: bytes) -> Any:  # noqa: ANN401 - JSON, as it comes
        try:
            told = json.loads(body)
        except ValueError as error:
            raise CommandError(f"What answers at {self.url} is not {APP_NAME}.") from error
        if status >= 400:
            raise CommandError(_refusal(told) + (TOKEN_HINT if status == HTTPStatus.UNAUTHORIZED else ""))
        return told

    @contextmanager
    def link(self) -> Iterator[Link]:
        """Open the WebSocket; raise CommandError when it cannot be opened or is lost."""
        from websockets.exceptions import InvalidStatus, WebSocketException
        from websockets.sync.client import connect

        address = f"ws{self.url[4:]}/ws"
        try:
            with connect(
                address,
                ssl=self._trust(),
                additional_headers=self._shown,
                proxy=None,
                compression=None,
                max_size=FRAME_BYTES,
                close_timeout=GOODBYE_SECONDS,
            ) as socket:
                yield Link(socket)
        except InvalidStatus as error:
            self._read(error.response.status_code, bytes(error.response.body))
            raise self.lost(error) from error
        except (OSError, WebSocketException) as error:
            raise self.lost(error) from error

    def lost(self, error: Exception) -> CommandError:
        """Say that no server answers, and why."""
        if isinstance(error, ssl.SSLCertVerificationError):
            return CommandError(_distrusted(self.url, error))
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return CommandError(f"No {APP_NAME} answers at {self.url} ({why}). Is it running there? Name another: --url")


class Link:
    """One open WebSocket, spoken like a page."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def send(self, message: Message | str) -> None:
        """Send a message, or a plain text as it is."""
        self._socket.send(message if isinstance(message, str) else json.dumps(message))

    def next(self, seconds: float) -> Message | str | None:
        """Return the next message, a plain text as it is, or None when none came in time."""
        try:
            frame = self._socket.recv(timeout=seconds)
        except TimeoutError:
            return None
        text = frame if isinstance(frame, str) else ""
        if not text.startswith("{"):
            return text
        told: Message = json.loads(text)
        return told

    def text(self) -> str:
        """Return the next plain text."""
        return next(frame for frame in self._frames() if isinstance(frame, str))

    def wait_for(self, *kinds: str) -> Message:
        """Return the next message of one of these types, passing over others."""
        return next(frame for frame in self._frames() if isinstance(frame, dict) and frame.get("type") in kinds)

    def hello(self) -> Message:
        """Present ourselves; return the welcome."""
        self.send({"type": "hello", "protocol": PROTOCOL, "client": str(uuid.uuid4()), "name": our_name()})
        told = self.wait_for("welcome", "error")
        if told["type"] == "error":
            raise CommandError(str(told["text"]) + TOKEN_HINT)
        return told

    def round_trip(self) -> float:
        """Return the seconds that a ping takes to be answered."""
        started = time.perf_counter()
        self.send({"type": "ping", "t": started})
        self.wait_for("pong")
        return time.perf_counter() - started

    def _frames(self) -> Iterator[Message | str]:
        deadline = time.monotonic() + ANSWER_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            if (frame := self.next(left)) is not None:
                yield frame
        raise TimeoutError("it takes the link but does not answer")


def _trust() -> ssl.SSLContext:
    """Believe also the authority that a file or the data folder of this computer holds, in PEM or as /tls gives it."""
    from remote_mixer.tls.authority import authority_file

    named = os.environ.get(CA_VARIABLE)
    file = Path(named) if named else authority_file(default_data_folder())
    context = ssl.create_default_context()
    if not named and not file.is_file():
        return context
    try:
        data = file.read_bytes()
        context.load_verify_locations(cadata=data.decode("ascii") if data.startswith(b"-----") else data)
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} is no certificate that can be read ({error}). See ${CA_VARIABLE}.") from error
    return context


def _distrusted(url: str, error: ssl.SSLCertVerificationError) -> str:
    return (
        f"This computer does not trust {url} ({error.verify_message}). Fetch the mixer's certificate by http, at "
        f"/tls/ca.crt, and name the file: {CA_VARIABLE}=remote-mixer-ca.crt"
    )


def _refusal(told: Any) -> str:  # noqa: ANN401 - JSON, as it comes
    if not isinstance(told, dict) or "text" not in told:
        return str(told)
    return f"{told['path']}: {told['text']}" if told.get("path") else str(told["text"])


def _is_address(parts: SplitResult) -> bool:
    try:
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def our_name() -> str:
    """Name this shell as people see it."""
    return f"Shell on {platform.node() or 'a computer'}"

"""Client of a running server: its HTTP API and its WebSocket."""

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

from remote_mixer import PROTOCOL
from remote_mixer.command.terminal import CommandError
from remote_mixer.lan import is_here, place_here
from remote_mixer.people.local_proof import prove
from remote_mixer.people.secrets_file import key_of
from remote_mixer.resources import APP_NAME, default_data_folder

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

API = "/api/v1"
ANSWER_SECONDS = 5.0
GOODBYE_SECONDS = 0.5
TOKEN_HINT = " A shell needs a token: `remote-mixer token`, on the mixer's own computer, makes one."  # noqa: S105 - a text
CA_VARIABLE = "REMOTE_MIXER_CA"
MAX_FRAME_BYTES = 16 * 1024 * 1024  # a welcome with many consoles is long

Message = dict[str, Any]


class ServerClient:
    """Client of the server at http://HOST:PORT, or HOST:PORT alone; from another computer it needs a token."""

    def __init__(
        self, url: str, timeout: float = ANSWER_SECONDS, token: str | None = None, data: Path | None = None
    ) -> None:
        """Check address and token, CommandError where one is malformed.

        timeout  for each answer, in seconds
        data     folder of a server on this computer, by whose key the client proves itself where it has no token
        """
        parts = _address(url if "://" in url else f"http://{url}")
        if not parts:
            raise CommandError(f"A server's address is like http://192.168.1.20:5001, not {url}")
        self.url = f"{parts.scheme}://{parts.netloc}"  # path and fragment belong to the page
        self._timeout = timeout
        if token and not (token.isascii() and token.isprintable()):
            raise CommandError("That is not a token: a token is rm_ and 22 letters, digits, - and _.")
        self._token, self._data = token, data

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON, as it comes
        """Return the API's JSON answer; CommandError with the server's text, or why no answer came."""
        parts = urlsplit(self.url)
        host, tls = parts.hostname or "", self._tls()
        link = (
            HTTPSConnection(host, parts.port, timeout=self._timeout, context=tls)
            if tls
            else HTTPConnection(host, parts.port, timeout=self._timeout)
        )
        content = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"} if content else {}
        try:
            link.request(method, API + path, content, headers | self._headers())
            answer = link.getresponse()
            return self._read(answer.status, answer.read())
        except (OSError, HTTPException) as error:
            raise self.lost(error) from error
        finally:
            link.close()

    def _headers(self) -> dict[str, str]:
        """Return the header that names this client: with its token, or a proof for a server on this computer."""
        if self._token:
            return {"Authorization": f"Bearer {self._token}"}
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        key = key_of(self._data) if self._data and is_here(host) else None
        return {"Authorization": f"Local {prove(key, time.time(), place_here(host, port))}"} if key else {}

    def _tls(self) -> ssl.SSLContext | None:
        """Return the TLS context of an https address; None for http."""
        return _tls_context() if self.url.startswith("https") else None

    def _read(self, status: int, body: bytes) -> Any:  # noqa: ANN401 - JSON, as it comes
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise CommandError(f"The server at {self.url} is not {APP_NAME}.") from error
        if status >= 400:
            raise CommandError(_refusal(answer) + (TOKEN_HINT if status == HTTPStatus.UNAUTHORIZED else ""))
        return answer

    @contextmanager
    def link(self) -> Iterator[Link]:
        """Open the WebSocket; CommandError when it cannot be opened or is lost."""
        from websockets.exceptions import InvalidStatus, WebSocketException
        from websockets.sync.client import connect

        address = f"ws{self.url[4:]}/ws"
        try:
            with connect(
                address,
                ssl=self._tls(),
                additional_headers=self._headers(),
                proxy=None,
                compression=None,
                max_size=MAX_FRAME_BYTES,
                close_timeout=GOODBYE_SECONDS,
            ) as socket:
                yield Link(socket)
        except InvalidStatus as error:
            self._read(error.response.status_code, bytes(error.response.body))
            raise self.lost(error) from error
        except (OSError, WebSocketException) as error:
            raise self.lost(error) from error

    def lost(self, error: Exception) -> CommandError:
        """Return an error that says that no server answers, and why."""
        if isinstance(error, ssl.SSLCertVerificationError):
            return CommandError(_distrusted(self.url, error))
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return CommandError(f"No {APP_NAME} answers at {self.url} ({why}). Is it running there? --url chooses another")


class Link:
    """One open WebSocket; speaks the same protocol as a page."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def send(self, message: Message | str) -> None:
        """Send a message as JSON, or a plain text as it is."""
        self._socket.send(message if isinstance(message, str) else json.dumps(message))

    def next(self, seconds: float) -> Message | str | None:
        """Return the next message or plain text, "" for a binary frame; None when none came within `seconds`."""
        try:
            frame = self._socket.recv(timeout=seconds)
        except TimeoutError:
            return None
        text = frame if isinstance(frame, str) else ""
        if not text.startswith("{"):
            return text
        message: Message = json.loads(text)
        return message

    def text(self) -> str:
        """Return the next plain text. TimeoutError after ANSWER_SECONDS."""
        return next(frame for frame in self._frames() if isinstance(frame, str))

    def wait_for(self, *kinds: str) -> Message:
        """Return the next message of one of these types; others are skipped. TimeoutError after ANSWER_SECONDS."""
        return next(frame for frame in self._frames() if isinstance(frame, dict) and frame.get("type") in kinds)

    def hello(self) -> Message:
        """Send `hello`; return the `welcome`. CommandError where the server refuses."""
        self.send({"type": "hello", "protocol": PROTOCOL, "client": str(uuid.uuid4()), "name": shell_name()})
        answer = self.wait_for("welcome", "error")
        if answer["type"] == "error":
            raise CommandError(str(answer["text"]) + TOKEN_HINT)
        return answer

    def round_trip(self) -> float:
        """Return the round-trip time of a ping, in seconds."""
        started = time.perf_counter()
        self.send({"type": "ping", "t": started})
        self.wait_for("pong")
        return time.perf_counter() - started

    def _frames(self) -> Iterator[Message | str]:
        deadline = time.monotonic() + ANSWER_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            if (frame := self.next(left)) is not None:
                yield frame
        raise TimeoutError("it accepts the connection but does not answer")


def _tls_context() -> ssl.SSLContext:
    """Return a context that also trusts the mixer's CA: of $REMOTE_MIXER_CA or of the data folder, in PEM or DER."""
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
        raise CommandError(f"{file} is not a readable certificate ({error}). See ${CA_VARIABLE}.") from error
    return context


def _distrusted(url: str, error: ssl.SSLCertVerificationError) -> str:
    return (
        f"This computer does not trust {url} ({error.verify_message}). Download the mixer's certificate by http, from "
        f"/tls/ca.crt, and name the file: {CA_VARIABLE}=remote-mixer-ca.crt"
    )


def _refusal(answer: Any) -> str:  # noqa: ANN401 - JSON, as it comes
    if not isinstance(answer, dict) or "text" not in answer:
        return str(answer)
    return f"{answer['path']}: {answer['text']}" if answer.get("path") else str(answer["text"])


def _address(url: str) -> SplitResult | None:
    """Return the parts of a server's address; None where it is none."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is not a number, or a bracket is open
        return None
    return parts if is_whole else None


def shell_name() -> str:
    """Return the name that people see for this shell."""
    return f"Shell on {platform.node() or 'a computer'}"

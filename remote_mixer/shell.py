"""A person's shell as a hand on a running server: `check`, `set`, `get`, `watch` and `say`."""

from __future__ import annotations

import argparse
import difflib
import json
import platform
import statistics
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urlsplit

from remote_mixer import __version__
from remote_mixer.readings import Control, controls
from remote_mixer.resources import APP_NAME
from remote_mixer.terminal import DONE, FAILED, CommandError, say

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

API = "/api/v1"
PROTOCOL = 1
ANSWER_SECONDS = 5.0
PING_SECONDS = 1.0  # as a page does: the server takes a silent link for dead
GOODBYE_SECONDS = 0.5
ROUND_TRIPS = 10
FRAME_BYTES = 16 * 1024 * 1024  # a welcome with many consoles is long
ECHO = "Server received: "

Message = dict[str, Any]


class Server:
    """A running server, by its address: http://HOST:PORT, or HOST:PORT alone."""

    def __init__(self, url: str, timeout: float = ANSWER_SECONDS) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if not _is_address(parts):
            raise CommandError(f"A server's address is like http://192.168.1.20:5001, not {url}")
        self.url = f"{parts.scheme}://{parts.netloc}"  # what a browser shows behind it is the page's, not ours
        self._timeout = timeout

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON, as it comes
        """Return the answer of the API; raise CommandError with its text, or one of ours when none comes."""
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        link = kind(parts.hostname or "", parts.port, timeout=self._timeout)
        sent = None if body is None else json.dumps(body)
        try:
            link.request(method, API + path, sent, {"Content-Type": "application/json"} if sent else {})
            answer = link.getresponse()
            return self._read(answer.status, answer.read())
        except (OSError, HTTPException) as error:
            raise self.lost(error) from error
        finally:
            link.close()

    def _read(self, status: int, body: bytes) -> Any:  # noqa: ANN401 - JSON, as it comes
        try:
            told = json.loads(body)
        except ValueError as error:
            raise CommandError(f"What answers at {self.url} is not {APP_NAME}.") from error
        if status >= 400:
            raise CommandError(_refusal(told))
        return told

    @contextmanager
    def link(self) -> Iterator[Link]:
        """Open the WebSocket; raise CommandError when it cannot be opened or is lost."""
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        address = f"ws{self.url[4:]}/ws"
        try:
            with connect(
                address, proxy=None, compression=None, max_size=FRAME_BYTES, close_timeout=GOODBYE_SECONDS
            ) as socket:
                yield Link(socket)
        except (OSError, WebSocketException) as error:
            raise self.lost(error) from error

    def lost(self, error: Exception) -> CommandError:
        """Say that no server answers, and why."""
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

    def wait_for(self, kind: str) -> Message:
        """Return the next message of that type, passing over others."""
        return next(frame for frame in self._frames() if isinstance(frame, dict) and frame.get("type") == kind)

    def hello(self) -> Message:
        """Present ourselves; return the welcome."""
        self.send({"type": "hello", "protocol": PROTOCOL, "client": str(uuid.uuid4()), "name": our_name()})
        return self.wait_for("welcome")

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


def run_check(told: argparse.Namespace) -> int:
    """Say a line to the server; report echo, round trip, versions and consoles."""
    server = Server(told.url)
    line = f"A check by the {our_name().lower()}"
    with server.link() as link:
        link.send(line)
        echo = link.text()
        welcome = link.hello()
        milliseconds = 1000 * statistics.median(link.round_trip() for _ in range(ROUND_TRIPS))
    us = welcome["server"]
    say(f"{us['name']} {us['version']} at {server.url} (this command is {__version__})")
    say(f"echo        {'right' if echo == ECHO + line else f'wrong: {echo}'}")
    say(f"round trip  {milliseconds:.1f} ms, the median of {ROUND_TRIPS}")
    say(f"protocol    {welcome['protocol']}, page {us.get('page', 'not known')}")
    for console in welcome["consoles"]:
        status = welcome["values"].get(f"{console['name']}/status")
        say(f"console     {console['name']}: {console['title']}, {status}")
    return DONE if echo == ECHO + line else FAILED


def run_set(told: argparse.Namespace) -> int:
    """Move one control; say where it stands then."""
    server = Server(told.url)
    control = _control(controls(server.call("GET", "/desk")["consoles"]), told.path)
    try:
        value = control.value_of(told.value)
    except ValueError as error:
        raise CommandError(f"{told.path}: {error}") from error
    answer = server.call("PUT", f"/params/{quote(told.path)}", {"value": value})
    say(_line(told.path, control, answer["value"]))
    return DONE


def run_get(told: argparse.Namespace) -> int:
    """Say where controls stand: those named, those of a strip or console, or all."""
    desk = Server(told.url).call("GET", "/desk")
    known = controls(desk["consoles"])
    paths = dict.fromkeys(path for asked in told.path for path in _within(known, asked)) if told.path else known
    width = max(map(len, paths), default=0)
    for path in paths:
        say(_line(path, known[path], desk["values"].get(path), width))
    return DONE


def run_say(told: argparse.Namespace) -> int:
    """Send a message to everyone."""
    Server(told.url).call("POST", "/messages", {"text": " ".join(told.text).strip(), "name": our_name()})
    return DONE


def run_watch(told: argparse.Namespace) -> int:
    """Say each change and each message, until Ctrl-C."""
    server = Server(told.url)
    with server.link() as link:
        known = controls((welcome := link.hello())["consoles"])
        say(f"Watching {welcome['server']['name']} at {server.url}; Ctrl-C ends it.")
        pinged = time.monotonic()
        while True:
            frame = link.next(PING_SECONDS)
            if isinstance(frame, dict):
                _watched(frame, known)
            if time.monotonic() - pinged >= PING_SECONDS:
                pinged = time.monotonic()
                link.send({"type": "ping", "t": pinged})


def _watched(frame: Message, known: dict[str, Control]) -> None:
    match frame:
        case {"type": "changes", "values": values}:
            for path, value in values.items():
                say(_line(path, known.get(path, Control({})), value))
        case {"type": "message", "from": {"name": name}, "text": text}:
            say(f"{name}: {text}")
        case {"type": "layout", "console": console}:
            known.update(controls([console]))
            say(f"{console['name']} is {console['title']}, {len(console['strips'])} strips")
        case {"type": "bye", "text": text}:
            say(text)


def _line(path: str, control: Control, value: Any, width: int = 0) -> str:  # noqa: ANN401 - a Value that came as JSON
    reading = control.reading(value)
    exact = f"  ({value:g})" if control.taper is not None and isinstance(value, float | int) else ""
    return f"{path:<{width}}  {reading}{exact}"


def _control(known: Mapping[str, Control], path: str) -> Control:
    if path not in known:
        near = difflib.get_close_matches(path, known, n=3)
        raise CommandError(f"There is no {path} here." + (f" Perhaps {' or '.join(near)}?" if near else ""))
    return known[path]


def _within(known: Mapping[str, Control], asked: str) -> list[str]:
    inside = [path for path in known if path == asked or path.startswith(f"{asked.rstrip('/')}/")]
    return inside or [asked for _ in [_control(known, asked)]]

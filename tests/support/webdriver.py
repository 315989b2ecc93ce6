"""Remote control of a browser by W3C WebDriver: over HTTP by a driver program, or by Firefox's own Marionette.

Both take the same commands with the same bodies (https://www.w3.org/TR/webdriver2/). Marionette has other names for
them and carries them over TCP, each message as its length in bytes, a colon, and JSON
(https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Any, Final, Protocol

from tests.support.waiting import PATIENCE_SECONDS

Body = Mapping[str, Any]

MARIONETTE: Final = {
    "url": "WebDriver:Navigate",
    "back": "WebDriver:Back",
    "forward": "WebDriver:Forward",
    "execute/sync": "WebDriver:ExecuteScript",
    "actions": "WebDriver:PerformActions",
    "window/minimize": "WebDriver:MinimizeWindow",
    "window/rect": "WebDriver:SetWindowRect",
}
"""Marionette's names of the commands that stand below a session's address in WebDriver."""


class WebDriverError(Exception):
    """A command that the browser refused."""


class Session(Protocol):
    """One open session with a browser."""

    def ask(self, command: str, body: Body) -> Any:
        """Return the answer to a command, named as in WebDriver; WebDriverError where it is refused."""


class HttpSession:
    """A session by a driver program that listens on a port of loopback."""

    def __init__(self, port: int, capabilities: Body) -> None:
        self._port, self._address = port, "/session"
        opened = self._request("POST", self._address, {"capabilities": {"alwaysMatch": capabilities}})
        self._address = f"/session/{opened['sessionId']}"

    def ask(self, command: str, body: Body) -> Any:
        return self._request("POST", f"{self._address}/{command}", body)

    def close(self) -> None:
        """End the session and its browser."""
        self._request("DELETE", self._address)

    def _request(self, method: str, path: str, body: Body | None = None) -> Any:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)) as link:
            link.request(method, path, None if body is None else json.dumps(body))
            answer = link.getresponse()
            value = json.loads(answer.read())["value"]
        if answer.status >= 400:
            raise WebDriverError(f"{method} {path}: {value['message']}")
        return value


class MarionetteSession:
    """A session by Marionette, on a port of loopback that Firefox itself listens on."""

    def __init__(self, port: int) -> None:
        self._link = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self._stream = self._link.makefile("rwb")
        self._asked = 0
        self._read()  # its greeting
        self._command("WebDriver:NewSession", {"capabilities": {}})

    def ask(self, command: str, body: Body) -> Any:
        return self._command(MARIONETTE[command], body).get("value")

    def close(self) -> None:
        """End the browser."""
        self._command("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._stream.close()
        self._link.close()

    def _command(self, name: str, body: Body) -> Any:
        self._asked += 1
        message = json.dumps([0, self._asked, name, body]).encode()
        self._stream.write(b"%d:%s" % (len(message), message))
        self._stream.flush()
        _, _, error, result = self._read()
        if error:
            raise WebDriverError(f"{name}: {error['message']}")
        return result

    def _read(self) -> Any:
        digits = bytearray()
        while (one := self._stream.read(1)) != b":":
            if not one:
                raise WebDriverError("Firefox has closed the link")
            digits += one
        return json.loads(self._stream.read(int(digits)))


@contextmanager
def ended(session: HttpSession | MarionetteSession) -> Iterator[Session]:
    """End the session, and with it the browser, on leaving."""
    with closing(session):
        yield session

"""Devices of people who join, and the API as each of them calls it."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any

from remote_mixer.app import App
from tests.support.waiting import PATIENCE_SECONDS

STRANGER = {"X-Forwarded-For": "192.0.2.7"}
"""Header of a proxy: with it a request from this computer is not trusted as the host's."""
EVENTS = "text/event-stream"
JSON = {"Content-Type": "application/json"}
MIX = "band/bus2"


class Answer:
    """Answer of the API, with its whole body unless that is a stream."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        is_stream = answer.headers.get_content_type() == EVENTS  # it has no end
        self.status, self.headers, self.body = answer.status, answer.headers, b"" if is_stream else answer.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cookie(self) -> str:
        """Return the cookie of the answer, in the form a browser sends it back."""
        return (self.headers["Set-Cookie"] or "").partition(";")[0]


@dataclass
class Device:
    """Device with a browser; `headers` are sent with each of its requests, to the server's address `at`."""

    app: App
    headers: dict[str, str] = field(default_factory=dict)
    person: str = ""
    at: str = "127.0.0.1"

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """Call the API."""
        data = None if body is None else json.dumps(body).encode()
        link = http.client.HTTPConnection(self.at, self.app.port, timeout=PATIENCE_SECONDS)
        try:
            link.request(method, f"/api/v1{path}", data, JSON | self.headers)
            return Answer(link.getresponse())
        finally:
            link.close()

    def join(self, **proof: str) -> Answer:
        """Join, and keep the cookie; `proof` is pin or invitation, and a name other than Ann."""
        answer = self.call("POST", "/join", {"name": "Ann", **proof})
        if answer.cookie:
            self.headers["Cookie"] = answer.cookie
            self.person = answer.json["person"]
        return answer


def host(app: App) -> Device:
    """Return the browser on the server's own computer, which is the host."""
    return Device(app)


def stranger(app: App) -> Device:
    """Return the device of somebody who has not joined."""
    return Device(app, dict(STRANGER))


def invited(app: App, role: str, mix: str = "", name: str = "Ann") -> Device:
    """Return the device of a person who joined by an invitation of the host."""
    made = host(app).call("POST", "/invitations", {"role": role, "mix": mix, "kind": "once"})
    assert made.status == 201, made.body
    device = stranger(app)
    assert device.join(name=name, invitation=made.json["token"]).status == 201
    return device

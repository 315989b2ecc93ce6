"""Devices of people who come in by the door, and the API as each of them calls it."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any

from remote_mixer.app import App

STRANGER = {"X-Forwarded-For": "192.0.2.7"}
"""What takes a hand on this computer the trust that is the host's: it says that it comes through a proxy."""
JSON = {"Content-Type": "application/json"}
MIX = "band/bus2"


class Answer:
    """What the API answered, read to its end."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cookie(self) -> str:
        """Return the cookie that was set, as a browser sends it back."""
        return (self.headers["Set-Cookie"] or "").partition(";")[0]


@dataclass
class Device:
    """Something with a browser on it; `headers` go with all that it asks."""

    app: App
    headers: dict[str, str] = field(default_factory=dict)
    person: str = ""

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """Call the API."""
        data = None if body is None else json.dumps(body).encode()
        link = http.client.HTTPConnection("127.0.0.1", self.app.port, timeout=10)
        try:
            link.request(method, f"/api/v1{path}", data, JSON | self.headers)
            return Answer(link.getresponse())
        finally:
            link.close()

    def join(self, **proof: str) -> Answer:
        """Join, and keep the cookie."""
        answer = self.call("POST", "/join", {"name": "Ann", **proof})
        if answer.cookie:
            self.headers["Cookie"] = answer.cookie
            self.person = answer.json["person"]
        return answer


def host(app: App) -> Device:
    """Return this computer's own browser."""
    return Device(app)


def stranger(app: App) -> Device:
    """Return the device of somebody who has not joined."""
    return Device(app, dict(STRANGER))


def invited(app: App, role: str, mix: str = "", name: str = "Ann") -> Device:
    """Return the device of somebody who came in by the host's invitation."""
    made = host(app).call("POST", "/invitations", {"role": role, "mix": mix, "kind": "once"})
    assert made.status == 201, made.body
    device = stranger(app)
    assert device.join(name=name, invitation=made.json["token"]).status == 201
    return device

"""Who appears in these tests: one device of each role, and what is read of how the server answered them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from remote_mixer.app import App
from tests.support.people import JSON, MIX, STRANGER, Device, host, invited, stranger
from tests.support.running import Hand
from tests.support.waiting import PATIENCE_SECONDS

ROLES = ("host", "engineer", "musician", "homeless", "guest", "stranger")
"""`homeless` is a musician who has no mix."""
OWN_SEND, OTHER_SEND, MAIN = "band/ch1/send/bus2/level", "band/ch1/send/bus1/level", "band/main/fader"


def homeless(app: App) -> Device:
    """Return a musician's device whose mix was taken away."""
    device = invited(app, "musician", MIX)
    assert host(app).call("PUT", f"/people/{device.person}", {"mix": ""}).status == 200
    return device


_CAST: dict[str, Callable[[App], Device]] = {"host": host, "homeless": homeless, "stranger": stranger}


def device_of(app: App, role: str) -> Device:
    """Return the device of somebody with a role; each call is another person."""
    return _CAST[role](app) if role in _CAST else invited(app, role, MIX if role in ("musician", "guest") else "")


def by_token(app: App, role: str) -> Device:
    """Return a program's device with a token of the host's making."""
    made = host(app).call("POST", "/tokens", {"name": "Deck", "role": role, "mix": MIX})
    assert made.status == 201, made.body
    return Device(app, STRANGER | {"Authorization": f"Bearer {made.json['token']}"})


def without(device: Device, *names: str, **more: str) -> Device:
    """Return the same device with other headers; `Sec_Fetch_Site` stands for Sec-Fetch-Site."""
    kept = {name: value for name, value in device.headers.items() if name not in names}
    return replace(device, headers=kept | {name.replace("_", "-"): value for name, value in more.items()})


def called(device: Device, method: str, path: str, body: object = None) -> int:
    """Return the status with which any path of the server answers a device."""
    link = http.client.HTTPConnection("127.0.0.1", device.app.port, timeout=PATIENCE_SECONDS)
    try:
        link.request(method, path, None if body is None else json.dumps(body), JSON | device.headers)
        return link.getresponse().status
    finally:
        link.close()


async def code_of(page: Hand, **frame: object) -> str:
    """Send a frame and return the code of the error that it is answered with, "" for none."""
    await page.send(**frame)
    await page.send(type="ping", t=4711)
    before = len(page.heard)
    await page.until("pong", t=4711)
    errors = [heard for heard in page.heard[before:] if isinstance(heard, dict) and heard["type"] == "error"]
    return str(errors[0]["code"]) if errors else ""


def messages_of(app: App) -> list[Any]:
    """Return what was said, as the host reads it."""
    told: list[Any] = host(app).call("GET", "/messages?limit=200").json["messages"]
    return told

"""Every role before every kind of control, route and frame: allowed, or how it is refused.

Columns: host, engineer, musician in band/bus2, musician without a mix, guest of band/bus2, stranger. `y` is allowed,
`n` forbidden, `r` a reading, `u` unknown.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from itertools import islice

import pytest

from remote_mixer.app import App
from remote_mixer.command import shell
from remote_mixer.command.terminal import CommandError
from remote_mixer.desk.params import Value
from remote_mixer.hub.conversation import HANDLERS
from remote_mixer.web.socket import STRANGERS_PACE
from tests.attacks.cast import ROLES, by_token, called, code_of, device_of
from tests.support.people import Device
from tests.support.running import Hand, hand

CODES = {"y": "", "n": "forbidden", "r": "read-only", "u": "unknown-path"}
CREW, MIXED, READING, NOWHERE = "yynnnn", "yyynnn", "rrrrrn", "uuuuun"

CONTROLS: dict[str, tuple[Value, str]] = {
    "band/ch1/send/bus2/level": (0.31, MIXED),
    "band/ch1/send/bus2/mute": (True, MIXED),
    "band/ch1/send/bus2/pan": (0.31, MIXED),
    "band/ch1/send/bus2/tap": ("pre_fader", CREW),
    "band/ch1/send/bus1/level": (0.31, CREW),
    "band/ch1/send/bus1/mute": (True, CREW),
    "band/ch1/send/bus1/pan": (0.31, CREW),
    "band/bus2/fader": (0.31, MIXED),
    "band/bus2/mute": (True, MIXED),
    "band/bus2/name": ("Mine", CREW),
    "band/bus2/color": ("red", CREW),
    "band/bus2/pan": (0.31, CREW),
    "band/bus1/fader": (0.31, CREW),
    "band/bus1/mute": (True, CREW),
    "band/bus1/name": ("Mine", CREW),
    "band/ch1/fader": (0.31, CREW),
    "band/ch1/mute": (True, CREW),
    "band/ch1/name": ("Mine", CREW),
    "band/ch1/solo": (True, CREW),
    "band/ch1/pan": (0.31, CREW),
    "band/main/fader": (0.31, CREW),
    "band/main/mute": (True, CREW),
    "band/mtx1/fader": (0.31, CREW),
    "band/dca1/fader": (0.31, CREW),
    "band/dca1/mute": (True, CREW),
    "band/playing": (True, CREW),
    "band/mute_group/1": (True, CREW),
    "band/tempo": (100, READING),
    "band/status": ("offline", READING),
    "band/notice": ("hello", READING),
    "band/ch99/fader": (0.31, NOWHERE),
    "else/bus2/fader": (0.31, NOWHERE),
    "band/bus2": (0.31, NOWHERE),
    "band/bus2/fader/": (0.31, NOWHERE),
    "band/ch1/send/bus2/level/../../bus1/level": (0.31, NOWHERE),
}

ROUTES: dict[str, tuple[str, object]] = {
    "GET /": ("yyyyyy", None),
    "GET /<path:name>": ("yyyyyy", None),
    "GET /tls": ("yyyyyy", None),
    "GET /why": ("yyyyyy", None),
    "GET /tls/about": ("yyyyyy", None),
    "GET /tls/ca.crt": ("yyyyyy", None),
    "GET /tls/ok.svg": ("yyyyyy", None),
    "GET /api/v1/health": ("yyyyyy", None),
    "GET /api/v1/openapi.json": ("yyyyyy", None),
    "GET /api/v1/me": ("yyyyyy", None),
    "POST /api/v1/join": ("yyyyyy", {"name": "Ann", "invitation": "none"}),
    "POST /api/v1/leave": ("yyyyyy", {}),
    "GET /api/v1/desk": ("yyyyyn", None),
    "GET /api/v1/params/<path:path>": ("yyyyyn", None),
    "PUT /api/v1/params/<path:path>": ("yynnnn", {"value": 0.32}),
    "GET /api/v1/links": ("yynnnn", None),
    "GET /api/v1/found": ("ynnnnn", None),
    "GET /api/v1/consoles": ("ynnnnn", None),
    "POST /api/v1/consoles/<console>/<action>": ("yynnnn", {}),
    "GET /api/v1/messages": ("yyyyyn", None),
    "POST /api/v1/messages": ("yyyynn", {"text": "hello"}),
    "GET /api/v1/join.svg": ("yyyyyn", None),
    "GET /api/v1/people": ("yynnnn", None),
    "PUT /api/v1/people/<person>": ("ynnnnn", {"role": "host"}),
    "DELETE /api/v1/people/<person>": ("ynnnnn", None),
    "GET /api/v1/invitations": ("yynnnn", None),
    "POST /api/v1/invitations": ("yynnnn", {"role": "guest"}),
    "DELETE /api/v1/invitations/<invitation>": ("yynnnn", None),
    "POST /api/v1/qr": ("yynnnn", {"text": "x"}),
    "GET /api/v1/pin": ("yynnnn", None),
    "POST /api/v1/pin": ("ynnnnn", {}),
    "POST /api/v1/waiting": ("yyyyyy", {"name": "Ann"}),
    "PUT /api/v1/waiting/<waiting>": ("ynnnnn", {"admit": True}),
    "GET /api/v1/arrivals": ("ynnnnn", None),
    "PUT /api/v1/guesses": ("ynnnnn", {"address": "192.0.2.1", "blocked": False}),
    "GET /api/v1/policy": ("ynnnnn", None),
    "PUT /api/v1/policy": ("ynnnnn", {}),
    "GET /api/v1/announced": ("yynnnn", None),
    "PUT /api/v1/announced": ("ynnnnn", {}),
    "GET /api/v1/tokens": ("ynnnnn", None),
    "POST /api/v1/tokens": ("ynnnnn", {"name": "x", "role": "guest"}),
    "DELETE /api/v1/tokens/<token>": ("ynnnnn", None),
    "GET /api/v1/requests": ("yyyyyn", None),
    "POST /api/v1/requests": ("nnynnn", {"path": "band/ch1/send/bus2/level", "want": "more"}),
    "POST /api/v1/requests/<request>": ("yynnnn", {"answer": "seen"}),
    "GET /api/v1/history": ("yyyynn", None),
    "GET /api/v1/history.csv": ("yyyynn", None),
    "POST /api/v1/undo": ("yyyyyn", {}),
    "POST /api/v1/redo": ("yyyyyn", {}),
    "GET /api/v1/groups": ("yyyyyn", None),
    "POST /api/v1/groups": ("yynnnn", {}),
    "DELETE /api/v1/groups/<path:group>": ("yynnnn", None),
    "POST /api/v1/groups/<path:group>/restore": ("yynnnn", {}),
    "POST /api/v1/groups/<path:group>/catch_up": ("yynnnn", {}),
    "GET /api/v1/layers": ("yyyyyn", None),
    "POST /api/v1/layers": ("yynnnn", {}),
    "PUT /api/v1/layers/<layer>": ("yynnnn", {}),
    "DELETE /api/v1/layers/<layer>": ("yynnnn", None),
    "GET /api/v1/takes/<console>": ("yynnnn", None),
    "GET /api/v1/takes/<console>/<take>": ("yynnnn", None),
    "DELETE /api/v1/takes/<console>/<take>": ("yynnnn", None),
    "GET /api/v1/events": ("yyyyyn", None),
    "GET /api/v1/scenes": ("yyyynn", None),
    "POST /api/v1/scenes": ("yyynnn", {}),
    "POST /api/v1/scenes/check": ("yynnnn", {}),
    "POST /api/v1/scenes/file": ("yynnnn", {}),
    "GET /api/v1/scenes/<number:scene>": ("yyyynn", None),
    "PUT /api/v1/scenes/<number:scene>": ("yyyynn", {}),
    "DELETE /api/v1/scenes/<number:scene>": ("yyyynn", None),
    "POST /api/v1/scenes/<number:scene>/restore": ("yyyynn", None),
    "POST /api/v1/scenes/<number:scene>/preview": ("yyyynn", {}),
    "POST /api/v1/scenes/<number:scene>/recall": ("yyyynn", {}),
    "POST /api/v1/go": ("yynnnn", {}),
    "GET /api/v1/recall": ("yynnnn", None),
    "POST /api/v1/recall/pause": ("yynnnn", None),
    "POST /api/v1/recall/on": ("yynnnn", None),
    "POST /api/v1/recall/finish": ("yynnnn", None),
    "POST /api/v1/recall/back": ("yynnnn", {}),
    "PUT /api/v1/safes/<path:strip>": ("yynnnn", {"sections": []}),
    "GET /api/v1/surfaces": ("yynnnn", None),
    "POST /api/v1/surfaces/<surface>/learn": ("yynnnn", {"do": "go"}),
    "DELETE /api/v1/surfaces/<surface>/learn": ("yynnnn", None),
    "PUT /api/v1/surfaces/<surface>/controls/<control>": ("yynnnn", {"kind": "toggle"}),
    "DELETE /api/v1/surfaces/<surface>/controls/<control>": ("yynnnn", None),
    "POST /api/v1/surfaces/<surface>/undo": ("yynnnn", {}),
    "GET /api/v1/doctor": ("ynnnnn", None),
    "GET /ws": ("yyyyyy", None),
}
PLACES = {
    "int:scene": "1",
    "path:strip": "band/ch1",
    "path:path": "band/ch1/fader",
    "console": "band",
    "action": "recall",
    "path:name": "sw.js",
}

FRAMES: dict[str, tuple[str, dict[str, object]]] = {
    "hello": ("yyyyyn", {"protocol": 1, "client": "again", "name": "Again"}),
    "ping": ("yyyyyy", {"t": 1}),
    "name": ("yyyyyn", {"name": "Other"}),
    "set": ("yyyyyn", {"values": {}}),
    "paste": ("yynnnn", {"values": {}}),
    "hold": ("yynnnn", {"path": "band/ch1/fader"}),
    "release": ("yyyyyn", {"path": "band/ch1/fader"}),
    "act": ("yynnnn", {"console": "band", "action": "recall"}),
    "ask": ("nnynnn", {"path": "band/ch1/send/bus2/level", "want": "more"}),
    "answer": ("yynnnn", {"request": "none", "answer": "seen"}),
    "undo": ("yyyyyn", {"preview": True}),
    "redo": ("yyyyyn", {"preview": True}),
    "history": ("yyyynn", {"limit": 1}),
    "scene": ("yyyynn", {"do": "list"}),
    "say": ("yyyynn", {"text": "hello"}),
    "meters": ("yyyyyn", {"on": False}),
    "look": ("yyyyyn", {"at": []}),
    "here": ("yyyyyn", {"rtt": 1}),
}


def expected(role: str) -> dict[str, str]:
    """Return how each control is answered to a role."""
    return {path: CODES[row[ROLES.index(role)]] for path, (_, row) in CONTROLS.items()}


async def opened(page: Hand, role: str) -> None:
    """Say hello, if that is of use."""
    if role != "stranger":
        await page.hello()


async def pages(app: App, role: str) -> AsyncIterator[tuple[Hand, list[str]]]:
    """Open pages of one role; yield each with controls to try, two frames for each: a stranger's link takes few."""
    device, left = device_of(app, role), iter(CONTROLS)
    while some := list(islice(left, STRANGERS_PACE.burst // 2)):
        async with hand(app, "page", device.headers) as page:
            await opened(page, role)
            yield page, some


@pytest.mark.parametrize("role", ROLES)
async def test_each_control_set_over_the_wire_is_answered_as_the_table_says(app: App, role: str) -> None:
    codes: dict[str, str] = {}
    async for page, some in pages(app, role):
        codes |= {path: await code_of(page, type="set", id=1, values={path: CONTROLS[path][0]}) for path in some}
    assert codes == expected(role)


@pytest.mark.parametrize("take", [False, True])
@pytest.mark.parametrize("role", ROLES)
async def test_each_control_held_over_the_wire_is_answered_as_the_table_says(app: App, role: str, take: bool) -> None:
    codes: dict[str, str] = {}
    async for page, some in pages(app, role):
        codes |= {path: await code_of(page, type="hold", path=path, take=take) for path in some}
        assert set(app.desk.held()) == {path for path in some if not codes[path]}
    assert codes == expected(role)


@pytest.mark.parametrize("role", ROLES)
async def test_each_control_put_over_http_is_answered_as_the_table_says(app: App, role: str) -> None:
    device = device_of(app, role)
    answers = {path: device.call("PUT", f"/params/{path}", {"value": v}) for path, (v, _) in CONTROLS.items()}
    codes = {path: "" if answer.status == HTTPStatus.OK else answer.json["code"] for path, answer in answers.items()}
    assert codes == expected(role)


@pytest.mark.parametrize("role", ["engineer", "musician", "guest"])
async def test_a_shell_with_a_token_is_answered_as_the_table_says(app: App, role: str) -> None:
    token = by_token(app, role).headers["Authorization"].removeprefix("Bearer ")
    words = {path: await asyncio.to_thread(shelled, app, token, path) for path in CONTROLS if path in app.desk.values}
    refused = {path: bool(code) for path, code in expected(role).items() if path in app.desk.values}
    assert {path: bool(text) for path, text in words.items()} == refused
    assert all(text.startswith(path) or "band/" not in text for path, text in words.items())


def shelled(app: App, token: str, path: str) -> str:
    """Set a control as `remote-mixer set` does; return what a person reads where it is refused."""
    value = CONTROLS[path][0]
    text = "on" if value is True else str(value)
    url = f"http://127.0.0.1:{app.port}"
    try:
        shell.set_control(argparse.Namespace(url=url, token=token, data=None, path=path, value=text))
    except CommandError as refusal:
        return str(refusal)
    return ""


def test_the_table_names_every_route_and_every_frame(started: App) -> None:
    rules = {
        f"{method} {rule.rule}"
        for rule in started.rooms.site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules == set(ROUTES)
    assert set(FRAMES) == set(HANDLERS)


@pytest.mark.parametrize("role", ROLES)
async def test_each_route_is_answered_as_the_table_says(app: App, role: str) -> None:
    refused = HTTPStatus.UNAUTHORIZED if role == "stranger" else HTTPStatus.FORBIDDEN
    wrong = {
        route: status
        for route, (row, body) in ROUTES.items()
        if ((status := status_of(device_of(app, role), route, body)) == refused) != (row[ROLES.index(role)] == "n")
        or status >= 500
    }
    assert wrong == {}


def status_of(device: Device, route: str, body: object) -> int:
    method, rule = route.split()
    place = re.sub(r"<([^>]+)>", lambda name: PLACES.get(name[1], "none"), rule)
    return called(device, method, place, body)


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("role", ROLES)
async def test_each_frame_is_answered_as_the_table_says(app: App, role: str, kind: str) -> None:
    row, frame = FRAMES[kind]
    async with hand(app, "page", device_of(app, role).headers) as page:
        await opened(page, role)
        await page.send(type=kind, id=7, **frame)
        if role == "stranger" and kind == "hello":
            assert (await page.until("error"))["code"] == "forbidden"
            return
        code = await answered(page, kind)
    assert (code == "forbidden") == (row[ROLES.index(role)] == "n"), code


async def answered(page: Hand, kind: str) -> str:
    """Return the code that a frame is answered with; what has an answer of its own is waited for."""
    if kind in ("act", "ask", "answer"):
        while (frame := await page.next())["type"] not in ("ok", "error"):
            pass
        return str(frame.get("code", ""))
    return await code_of(page, type="ping", t=1)

"""HTTP API: the desk's checks as on the socket, each refusal with its status."""

from __future__ import annotations

import http.client
import json
import re
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.drivers.base import Driver
from remote_mixer.drivers.registry import DRIVERS, driver
from remote_mixer.web.answers import TOO_LARGE_TEXT
from tests.support.running import FADER, joined, running

PARAM = f"/api/v1/params/{FADER}"


class Answer:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(app: App, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    link = http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # a body that is refused is not read
            link.request(method, path, data, {"Content-Type": "application/json"} | (headers or {}))
        return Answer(link.getresponse())
    finally:
        link.close()


async def test_health_says_who_serves_and_how_the_consoles_are(app: App) -> None:
    health = call(app, "GET", "/api/v1/health").json
    assert health["name"] == "Remote Mixer"
    assert health["consoles"] == {"band": "online"}
    assert health["epoch"] == app.desk.epoch


async def test_the_desk_is_told_whole(app: App) -> None:
    desk = call(app, "GET", "/api/v1/desk").json
    assert desk["values"] == app.desk.values
    assert desk["consoles"] == [app.desk.layouts["band"].as_json()]


async def test_what_is_put_is_got_and_seen_by_pages(app: App) -> None:
    async with joined(app, "anne") as anne:
        put = call(app, "PUT", PARAM, {"value": 0.375})
        assert (put.status, put.json["value"]) == (200, 0.375)
        assert await anne.change(FADER) == 0.375
    assert call(app, "GET", PARAM).json == {"path": FADER, "value": 0.375, "rev": app.desk.rev}


@pytest.mark.parametrize(
    ("local", "text", "value"),
    [
        ("fader", "+9dB", 0.975),
        ("fader", "−10.0 dB", 0.5),
        ("fader", "0.25", 0.25),
        ("fader", "off", 0.0),
        ("pan", "L53", 0.235),
        ("mute", "on", True),
        ("mute", "off", False),
        ("name", " off ", " off "),
    ],
)
async def test_a_value_may_be_put_as_the_text_that_the_shell_prints(
    app: App, local: str, text: str, value: object
) -> None:
    put = call(app, "PUT", f"/api/v1/params/band/ch2/{local}", {"value": text})
    assert (put.status, put.json["value"]) == (200, value)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/v1/params/band/ch99/fader", None, 404, "unknown-path"),
        ("PUT", "/api/v1/params/band/ch99/fader", {"value": 1}, 404, "unknown-path"),
        ("PUT", PARAM, {"value": 1.5}, 422, "bad-value"),
        ("PUT", PARAM, {"value": None}, 422, "bad-value"),
        ("PUT", PARAM, {"value": "loud"}, 422, "bad-value"),
        ("PUT", PARAM, {"value": "+30dB"}, 422, "bad-value"),
        ("PUT", "/api/v1/params/nowhere/ch1/fader", {"value": "-10dB"}, 404, "unknown-path"),
        ("PUT", PARAM, b'{"value": NaN}', 422, "bad-value"),
        ("PUT", PARAM, {}, 400, "bad-frame"),
        ("PUT", PARAM, b"", 400, "bad-frame"),
        ("PUT", PARAM, b"\xff\xfe\x00", 400, "bad-frame"),
        ("PUT", PARAM, b"[" * 100_000, 400, "bad-frame"),
        ("PUT", PARAM, b"x" * 2_000_000, 413, "limit"),
        ("PUT", "/api/v1/params/band/status", {"value": "online"}, 405, "read-only"),
        ("POST", "/api/v1/messages", {"text": ""}, 422, "bad-value"),
        ("POST", "/api/v1/messages", {"text": 7}, 400, "bad-frame"),
        ("POST", "/api/v1/messages", {"text": "x", "name": []}, 400, "bad-frame"),
        ("GET", "/api/v1/messages?limit=many", None, 422, "bad-value"),
        ("GET", "/api/v1/messages?before=-1", None, 422, "bad-value"),
        ("GET", "/api/v1/join.svg?url=http://evil.example/", None, 422, "bad-value"),
        ("GET", "/api/v1/nothing", None, 404, "unknown-path"),
        ("DELETE", PARAM, None, 405, "bad-frame"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_code_text_and_path(
    app: App, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = call(app, method, path, body)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.json.keys() == {"code", "text", "path"}


async def test_a_request_that_is_too_large_is_told_the_limit_and_what_fits(app: App) -> None:
    answer = call(app, "POST", "/api/v1/scenes", b" " * (2**20 + 1))
    assert (answer.status, answer.json["text"]) == (413, TOO_LARGE_TEXT)
    assert "1 MiB" in TOO_LARGE_TEXT


async def test_a_held_fader_is_not_moved_by_a_script(app: App) -> None:
    async with joined(app, "anne") as anne:
        await anne.send(type="hold", path=FADER)
        await anne.until("held")
        answer = call(app, "PUT", PARAM, {"value": 0.1})
        assert (answer.status, answer.json["code"]) == (409, "held")


async def test_messages_come_in_pages_the_newest_last(app: App) -> None:
    said = [call(app, "POST", "/api/v1/messages", {"text": f"take {n}", "name": "Cue"}).json for n in range(5)]
    last = call(app, "GET", "/api/v1/messages?limit=2").json["messages"]
    assert last == said[-2:]
    assert call(app, "GET", f"/api/v1/messages?limit=2&before={last[0]['id']}").json["messages"] == said[1:3]


async def test_the_join_code_is_a_picture_of_our_own_address(app: App) -> None:
    answer = call(app, "GET", f"/api/v1/join.svg?url={app.addresses()[0].url}")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.body.startswith(b"<svg")


async def test_the_description_names_every_route_and_nothing_else(app: App) -> None:
    described = call(app, "GET", "/api/v1/openapi.json").json["paths"]
    rules = [rule for rule in app.rooms.site.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), method.lower())
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    methods = {"get", "put", "post", "delete"}
    assert {(path, method) for path, calls in described.items() for method in calls.keys() & methods} == served


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/..%2f..%2fpyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/desk/../../README.md",
        "//etc/passwd",
    ],
)
async def test_only_the_pages_own_files_are_served(app: App, path: str) -> None:
    answer = call(app, "GET", path)
    assert answer.status in {400, 404}
    assert b"[project]" not in answer.body
    assert b"root:" not in answer.body


async def test_every_answer_carries_the_security_headers(app: App) -> None:
    for path in ("/", "/sw.js", "/api/v1/health", "/api/v1/nothing"):
        headers = call(app, "GET", path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Host": "evil.example:5001"}],
)
async def test_a_stranger_is_served_nothing(app: App, headers: dict[str, str]) -> None:
    before = app.desk.values[FADER]
    for method, path in (("GET", "/"), ("GET", "/api/v1/desk"), ("PUT", PARAM)):
        answer = call(app, method, path, {"value": 0.011} if method == "PUT" else None, headers)
        if method != "GET" or "Host" in headers:
            assert answer.status == 403
            assert b"values" not in answer.body
    assert app.desk.values[FADER] == before


async def test_a_socket_to_nowhere_is_refused_in_words(app: App) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version": "13",
    }
    answer = call(app, "GET", "/elsewhere", None, headers)
    assert (answer.status, answer.json["code"], answer.json["path"]) == (400, "bad-frame", "/elsewhere")


async def test_a_console_that_is_asked_for_what_it_cannot_do_says_so(app: App) -> None:
    answer = call(app, "POST", "/api/v1/consoles/band/learn", {})
    assert (answer.status, answer.json["code"]) == (422, "bad-value")
    assert call(app, "POST", "/api/v1/consoles/nobody/learn", {}).status == 404


async def test_what_answers_on_the_network_is_told_as_the_command_line_takes_it(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find() -> list[str]:
        return ["//192.168.1.32"]

    monkeypatch.setattr(driver("demo"), "find", find)
    for family in DRIVERS.keys() - {"demo"}:
        monkeypatch.setattr(driver(family), "find", Driver.find)
    assert call(app, "GET", "/api/v1/found").json == {"found": ["demo://192.168.1.32"]}


async def test_a_code_is_drawn_beside_the_loop_and_that_of_an_address_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(text: str) -> str:
        drawn.append(threading.current_thread().name)
        return "<svg/>"

    with running(tmp_path) as app:
        monkeypatch.setattr(app.hub, "around", replace(app.hub.around, qr_svg=draw))
        for _ in range(3):
            assert call(app, "GET", f"/api/v1/join.svg?url={app.addresses()[0].url}").body == b"<svg/>"
        assert call(app, "POST", "/api/v1/qr", {"text": "a secret"}).body == b"<svg/>"
    assert len(drawn) == 2
    assert "server" not in drawn


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
async def test_what_is_not_said_to_be_json_moves_nothing(app: App, kind: str) -> None:
    before = app.desk.values[FADER]
    answer = call(app, "PUT", f"/api/v1/params/{FADER}", {"value": 0.123}, {"Content-Type": kind})
    assert (answer.status, answer.json["code"], app.desk.values[FADER]) == (415, "bad-type", before)

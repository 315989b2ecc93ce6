"""Authentication of callers and the rights of each role, equal over HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from remote_mixer import lan
from remote_mixer.app import App
from remote_mixer.command import host_page
from remote_mixer.command.server_client import ServerClient
from remote_mixer.hub.conversation import HANDLERS
from remote_mixer.lan import place_here
from remote_mixer.people.caller import EVERYBODY
from remote_mixer.people.local_proof import prove
from remote_mixer.people.secrets_file import key_of
from remote_mixer.web import openapi
from tests.support.people import MIX, STRANGER, Device, host, invited, stranger
from tests.support.running import FADER, hand, joined, online, running
from tests.support.waiting import until
from tests.web.far_page import dialled

ROLES_OF = {f"{route.method} {route.rule}": route.roles for _, route in openapi.ROUTES}
OWN_SEND = "band/ch1/send/bus2/level"


def token_of(app: App, role: str, mix: str = "") -> dict[str, str]:
    """Return the headers of a program elsewhere, with a token of the host."""
    made = host(app).call("POST", "/tokens", {"name": "Deck", "role": role, "mix": mix})
    return STRANGER | {"Authorization": f"Bearer {made.json['token']}"}


async def role_on_the_wire(app: App, headers: dict[str, str]) -> str:
    """Return the role in a page's welcome, or the close code of its link."""
    async with hand(app, "anne", headers) as anne:
        frame = await anne.hello()
        if frame["type"] == "welcome":
            return str(frame["you"]["role"])
        assert (frame["type"], frame["code"]) == ("error", "forbidden")
        await anne.link.wait_closed()
        return str(anne.link.close_code)


NO_HOSTS_HAND: list[dict[str, str]] = [
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Host": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Via": "1.1 proxy"},
    *({name: "1"} for name in ("X-Forwarded", "X-Request-Id", "X-Proxy", "X-Scheme", "X-SSL", "True-Client-Ip")),
    *({name: "1"} for name in ("Proxy-Connection", "X-Amz-Cf-Id", "X-Vercel-Id", "X-Ngrok-Trace", "Front-End-Https")),
    *(
        {name: "1"}
        for name in ("Traceparent", "Surrogate-Capability", "X-ARR-LOG-ID", "Sec-Proxy", "Remote-Addr", "Anything")
    ),
    *({name: "1"} for name in ("CF-Connecting-IP", "X-Varnish", "Max-Forwards", "Keep-Alive-Proxy", "If-Proxy")),
    {"Sec-Fetch-Site": "cross-site"},
    {"Host": "192.168.1.20:5001"},
    {"Host": "remote-mixer.local"},
]


async def test_a_hand_on_this_computer_is_the_hosts(app: App) -> None:
    me = host(app).call("GET", "/me").json
    assert me == {"role": "host", "name": "", "mix": "", "person": None, "open": False, "local": True}
    assert Device(app, {"Host": "localhost"}).call("GET", "/me").json["role"] == "host"
    assert await role_on_the_wire(app, {}) == "host"


@pytest.mark.parametrize("headers", NO_HOSTS_HAND, ids=str)
async def test_what_came_by_a_proxy_or_under_another_name_is_a_strangers(app: App, headers: dict[str, str]) -> None:
    me = Device(app, headers).call("GET", "/me").json
    assert (me["role"], me["local"]) == ("stranger", False)
    if "Host" not in headers and "Sec-Fetch-Site" not in headers:  # a handshake has its own, and no link
        assert await role_on_the_wire(app, headers) == "4003"


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("/api/v1/me HTTP/1.1", "host"),
        ("/api/v1/me HTTP/1.0", "stranger"),
        ("/api/v1/me HTTP/2.0", "stranger"),
        ("http://127.0.0.1/api/v1/me HTTP/1.1", "stranger"),
    ],
)
async def test_a_request_as_only_proxies_make_or_get_is_a_strangers(app: App, line: str, role: str) -> None:
    async with dialled(app.port) as page:
        await page.send(f"GET {line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        assert f'"role":"{role}"'.encode() in (await page.end()).replace(b" ", b"")


CHROMIUM = {
    "Connection": "keep-alive",
    "Cache-Control": "max-age=0",
    "sec-ch-ua": '"Chromium";v="156"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0",
    "Accept": "text/html",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
    "Sec-Fetch-Dest": "document",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-US,en;q=0.9",
    "If-None-Match": '"1"',
}
FIREFOX = {
    "DNT": "1",
    "Sec-GPC": "1",
    "TE": "trailers",
    "Priority": "u=0, i",
    "Pragma": "no-cache",
    "Range": "bytes=0-",
}
CURL = {"User-Agent": "curl/8.5.0", "Accept": "*/*"}


@pytest.mark.parametrize("headers", [CHROMIUM, FIREFOX, CURL], ids=["Chromium", "Firefox", "curl"])
async def test_a_browser_on_this_computer_is_the_hosts_with_all_that_it_sends(
    app: App, headers: dict[str, str]
) -> None:
    assert Device(app, headers).call("GET", "/me").json["role"] == "host"


def _role_of(client: ServerClient) -> str:
    return str(client.call("GET", "/me")["role"])


async def test_without_trust_in_this_computer_a_shell_proves_that_it_can_read_the_data_folder(tmp_path: Path) -> None:
    with running(tmp_path / "data", trust_local=False) as app:
        url = f"http://127.0.0.1:{app.port}"
        assert _role_of(ServerClient(url, data=tmp_path / "data")) == "host"
        assert _role_of(ServerClient(url, data=tmp_path)) == "stranger"
        with ServerClient(url, data=tmp_path / "data").link() as link:
            assert link.hello()["you"]["role"] == "host"
        key = key_of(tmp_path / "data")
        assert key
        here, other = place_here("127.0.0.1", app.port), place_here("127.0.0.1", app.port + 1)
        good = prove(key, time.time(), here)
        false = [prove(key, time.time() - 90, here), prove(key, time.time(), other), good[:-1], good[1:], ""]
        for proof in (*false, prove(b"0" * 32, time.time(), here), good.replace(".", ","), f"{good} {good}"):
            assert Device(app, {"Authorization": f"Local {proof}"}).call("GET", "/me").json["role"] == "stranger"
        assert Device(app, STRANGER | {"Authorization": f"Local {good}"}).call("GET", "/me").json["role"] == "stranger"


async def test_at_one_address_of_the_network_a_shell_of_this_computer_proves_itself_and_nobody_else_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = next(iter(lan.outward(lan.addresses("0.0.0.0", 1))), None)
    if own is None:
        pytest.skip("this computer is on no network")
    data = tmp_path / "data"
    with running(data, host=own) as app:
        url = f"http://{own}:{app.port}"
        assert _role_of(ServerClient(url, data=data)) == "host"
        with ServerClient(url, data=data).link() as link:
            assert link.hello()["you"]["role"] == "host"
        assert host_page.of_running_server(url + "/", data).startswith(f"{url}/#join=")
        assert _role_of(ServerClient(url)) == _role_of(ServerClient(url, data=tmp_path)) == "stranger"
        key = key_of(data)
        assert key
        good = prove(key, time.time(), place_here(own, app.port))
        elsewhere = prove(key, time.time(), place_here("127.0.0.1", app.port))
        for headers in ({}, {"Via": "1.1 proxy"}, {"Sec-Fetch-Site": "cross-site"}):
            shown = good if headers else elsewhere
            answer = Device(app, headers | {"Authorization": f"Local {shown}"}, at=own).call("GET", "/me")
            assert answer.json["role"] == "stranger", headers
    assert "another data folder" not in capsys.readouterr().out


async def test_without_trust_in_this_computer_nobody_is_the_host_unasked(tmp_path: Path) -> None:
    with running(tmp_path, trust_local=False) as app:
        assert host(app).call("GET", "/me").json["role"] == "stranger"
        assert await role_on_the_wire(app, {}) == "4003"
        first = await asyncio.to_thread(app.invite_host)
        assert host(app).join(name="Ann", invitation=first).json["role"] == "host"


async def test_an_open_mixer_makes_engineers_of_strangers_and_no_hosts(tmp_path: Path) -> None:
    with running(tmp_path, open=True) as app:
        me = stranger(app).call("GET", "/me").json
        assert (me["role"], me["open"]) == ("engineer", True)
        assert await role_on_the_wire(app, STRANGER) == "engineer"
        assert stranger(app).call("POST", "/tokens", {"name": "x", "role": "host"}).status == 403
        assert host(app).call("GET", "/me").json["role"] == "host"


async def test_a_token_comes_before_a_cookie_and_a_cookie_before_this_computer(app: App) -> None:
    guest = invited(app, "guest")
    cookie = {"Cookie": guest.headers["Cookie"]}
    bearer = token_of(app, "musician", MIX)["Authorization"]
    assert Device(app, cookie).call("GET", "/me").json["role"] == "guest"
    assert await role_on_the_wire(app, cookie) == "guest"
    both = cookie | {"Authorization": bearer}
    assert Device(app, both).call("GET", "/me").json["role"] == "musician"
    assert await role_on_the_wire(app, both) == "musician"


async def test_a_token_keeps_the_name_that_the_host_gave_it(app: App) -> None:
    lights = token_of(app, "guest")
    async with joined(app, "lights", lights) as page:
        given = app.hub.clients.cards()[-1]["name"]
        await page.send(type="name", id=4, name="Front of house")
        assert (await page.until("error", id=4))["code"] == "forbidden"
        assert app.hub.clients.cards()[-1]["name"] == given


@pytest.mark.parametrize("shown", ["Bearer rm_" + "A" * 22, "Bearer nonsense", "Bearer", "bearer a b", "Bearer é"])
async def test_a_token_that_is_none_opens_nothing_not_even_for_the_host(app: App, shown: str) -> None:
    answer = Device(app, {"Authorization": shown}).call("GET", "/health")
    assert (answer.status, answer.json["code"]) == (401, "forbidden")
    with pytest.raises(InvalidStatus) as refused:
        async with hand(app, "anne", {"Authorization": shown}):
            pass
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize("role", ["stranger", "guest", "musician", "engineer"])
async def test_every_route_is_refused_to_roles_that_it_does_not_declare(app: App, role: str) -> None:
    device = stranger(app) if role == "stranger" else Device(app, token_of(app, role, MIX))
    refused = 401 if role == "stranger" else 403
    for route in ROLES_OF.keys() - {"POST /join", "POST /leave"}:
        method, rule = route.split()
        path = re.sub(r"<[^>]+>", "band", re.sub(r"<number:[^>]+>", "1", rule))
        answer = device.call(method, path, None if method == "GET" else {})
        if role not in ROLES_OF[route]:
            assert (answer.status, answer.json["code"]) == (refused, "forbidden"), route
        else:
            assert answer.status != 401, route


@pytest.mark.parametrize("path", ["/health", "/desk", f"/params/{FADER}"])
async def test_the_methods_of_a_route_are_told_to_the_host_alone(app: App, path: str) -> None:
    engineer = Device(app, token_of(app, "engineer"))
    assert [device.call("OPTIONS", path).status for device in (stranger(app), engineer, host(app))] == [401, 403, 200]


async def test_a_stranger_gets_the_page_and_learns_nothing_of_what_is_behind_it(app: App) -> None:
    for path in ("/", "/sw.js", "/tls"):
        async with dialled(app.port) as page:
            await page.send(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nVia: 1.1 x\r\nConnection: close\r\n\r\n".encode()
            )
            assert " 200 " in await page.answer()
    for method, path in (("GET", "/nothing"), ("DELETE", "/desk"), ("OPTIONS", "/desk"), ("HEAD", "/desk")):
        assert stranger(app).call(method, path).status == 401


# Over the wire


async def test_a_strangers_text_is_echoed_and_neither_kept_nor_told(app: App) -> None:
    async with joined(app, "anne") as anne, hand(app, "bob", STRANGER) as bob:
        await bob.link.send("let me in")
        assert await bob.link.recv() == "Server received: let me in"
        await bob.send(type="ping", t=3)
        assert await bob.next() == {"type": "pong", "t": 3}
        await anne.send(type="say", text="who is there?")
        assert (await anne.until("message"))["text"] == "who is there?"
    assert "let me in" not in str(host(app).call("GET", "/messages").json)


@pytest.mark.parametrize("kind", sorted(HANDLERS.keys() - {"hello", "ping"}))
async def test_nothing_on_the_wire_is_for_strangers(app: App, kind: str) -> None:
    async with hand(app, "bob", STRANGER) as bob:
        await bob.send(type=kind, id=1, path=FADER, values={FADER: 0.011}, text="x", name="x")
        frame = await bob.next()
        assert (frame["code"], frame["text"].startswith("Join first")) == ("forbidden", True)


async def test_a_guest_looks_and_neither_says_nor_does_anything(app: App) -> None:
    guest = invited(app, "guest")
    async with joined(app, "gus", guest.headers) as gus:
        for frame in (
            {"type": "say", "text": "hello"},
            {"type": "act", "console": "band", "action": "x"},
            {"type": "set", "values": {FADER: 0.011}},
            {"type": "hold", "path": FADER},
        ):
            await gus.send(id=1, **frame)
            assert (await gus.until("error"))["code"] == "forbidden"
        await gus.link.send("plain words")
        assert await gus.next() == "Server received: plain words"
        await gus.send(type="meters", on=True)
        await until_bytes(gus)
    assert guest.call("POST", "/messages", {"text": "hello"}).status == 403
    assert "plain words" not in str(host(app).call("GET", "/messages").json)


async def until_bytes(page: object) -> None:
    while not isinstance(await page.next(), bytes):  # type: ignore[attr-defined] # a Hand
        pass


@pytest.mark.parametrize("path", [FADER, "band/main/mute", "band/ch1/send/bus1/level", "band/bus1/fader"])
async def test_a_musician_is_refused_outside_the_own_mix_whichever_way(app: App, path: str) -> None:
    before, headers = app.desk.values[path], token_of(app, "musician", MIX)
    value = (not before) if isinstance(before, bool) else 0.011
    async with joined(app, "mia", headers) as mia:
        await mia.send(type="set", id=1, values={path: value})
        assert (await mia.until("error", id=1))["code"] == "forbidden"
        await mia.send(type="set", id=2, values={OWN_SEND: 0.5, path: value})
        assert (await mia.until("error", id=2))["path"] == path
        await mia.send(type="hold", path=path, take=True)
        assert (await mia.until("error"))["code"] == "forbidden"
    answer = Device(app, headers).call("PUT", f"/params/{path}", {"value": value})
    assert (answer.status, answer.json["code"]) == (403, "forbidden")
    assert app.desk.values[path] == before


async def test_a_musician_has_the_own_mix_and_is_told_its_rights(app: App) -> None:
    mia = invited(app, "musician", MIX)
    async with hand(app, "mia", mia.headers) as page:
        you = (await page.hello("whatever", device="iPhone"))["you"]
        assert you.items() >= {"name": "Ann", "role": "musician", "mix": MIX, "person": mia.person}.items()
        assert you["rights"]["sends"] == "move"
        assert you["rights"]["ceiling"].keys() == {"send_db", "bus_db"}
        await page.send(type="set", id=1, values={OWN_SEND: 0.25})
        assert await page.change(OWN_SEND) == 0.25
        await page.send(type="here", rtt=12, dropouts=1, awake=False)
        here = app.hub.clients.get("mia").presence  # type: ignore[union-attr] # it is open
        await until(lambda: here.rtt == 12)
        assert (here.device, here.dropouts, here.awake, bool(here.touched)) == ("iPhone", 1, False, True)


async def test_a_script_says_and_sets_under_its_own_name(app: App) -> None:
    deck = Device(app, token_of(app, "engineer"))
    message = deck.call("POST", "/messages", {"text": "go", "name": "The host"}).json
    assert message["from"]["name"] == "Deck"
    async with joined(app, "anne") as anne:
        await anne.send(type="hold", path=FADER)
        await until(app.desk.held)
        assert deck.call("PUT", f"/params/{FADER}", {"value": 0.1}).status == 409


# One page is not another's


async def test_a_page_with_somebody_elses_id_gets_another_and_takes_nothing(app: App) -> None:
    ann, mia = invited(app, "engineer"), invited(app, "musician", MIX)
    async with joined(app, "same", ann.headers) as first, hand(app, "same", mia.headers) as second:
        await first.send(type="hold", path=OWN_SEND)
        await until(lambda: app.desk.held() == {OWN_SEND: "same"})
        welcome = await second.hello()
        assert welcome["you"]["client"] != "same"
        await second.send(type="set", id=1, values={OWN_SEND: 0.75})
        assert (await second.until("error", id=1))["by"] == "same"
        await first.send(type="set", id=1, values={OWN_SEND: 0.625})
        await first.until("ok", id=1)
        assert {person["person"] for person in app.hub.clients.cards()} == {ann.person, mia.person}
    await until(lambda: app.desk.held() == {})


async def test_a_person_takes_the_place_of_the_own_page(app: App) -> None:
    ann = invited(app, "engineer")
    async with joined(app, "same", ann.headers) as old, joined(app, "same", ann.headers) as new:
        with pytest.raises(ConnectionClosed):
            await old.until("never")
        assert old.link.close_code == 4001
        await new.send(type="ping", t=1)
        await new.until("pong", t=1)


@pytest.mark.parametrize("id_", ["api", "api-0123456789abcdef"])
async def test_no_page_is_taken_for_a_script(app: App, id_: str) -> None:
    async with hand(app, id_) as page:
        assert (await page.hello("Page"))["you"]["client"] != id_


async def test_a_musician_takes_nothing_out_of_an_engineers_hand(app: App) -> None:
    mia = invited(app, "musician", MIX)
    async with joined(app, "eve") as eve, joined(app, "mia", mia.headers) as page:
        await eve.send(type="hold", path=OWN_SEND)
        await until(lambda: app.desk.held() == {OWN_SEND: "eve"})
        await page.send(type="hold", path=OWN_SEND, take=True)
        assert (await page.until("error"))["code"] == "forbidden"
        assert app.desk.held() == {OWN_SEND: "eve"}


async def test_who_is_removed_while_a_body_comes_slowly_moves_nothing(app: App) -> None:
    eve = invited(app, "engineer")
    head = f"PUT /api/v1/params/{FADER} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 1\r\nConnection: close\r\n"
    async with dialled(app.port) as page:
        head += f"Cookie: {eve.headers['Cookie']}\r\nContent-Length: 15\r\nExpect: 100-continue\r\n\r\n"
        await page.send(head.encode())
        assert " 100 " in await page.answer()
        await asyncio.to_thread(host(app).call, "DELETE", f"/people/{eve.person}")
        await page.send(b'{"value": 0.02}')
        assert b" 401 " in await page.end()
    assert app.desk.values[FADER] != 0.02


async def test_a_stranger_at_the_door_costs_nothing_when_the_server_stops(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        await online(app)
        async with hand(app, "bob", STRANGER) as bob:
            await bob.send(type="ping", t=1)
            await bob.until("pong")
            await asyncio.to_thread(app.stop)
            assert (await bob.until("bye"))["text"] == "Server stopping."


def test_nobody_but_everybody_is_for_strangers() -> None:
    assert {route for route, roles in ROLES_OF.items() if roles is EVERYBODY} == {
        "GET /health",
        "GET /openapi.json",
        "GET /me",
        "POST /join",
        "POST /leave",
        "POST /waiting",
    }

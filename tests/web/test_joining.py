"""Joining by PIN or invitation, changes of a person whose page is open, and leaving."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from remote_mixer.app import App
from remote_mixer.sockets import HttpsOptions
from remote_mixer.tls.authority import authority_file
from tests.support.people import JSON, MIX, STRANGER, Device, host, invited, stranger
from tests.support.running import FADER, Hand, hand, joined, online, running
from tests.support.waiting import until
from tests.web.far_page import dialled

OWN_SEND = "band/ch1/send/bus2/level"


def pin_of(app: App) -> str:
    pin = app.admission.pin
    assert pin
    return pin


def wrong_pin_of(app: App) -> str:
    return f"{(int(pin_of(app)) + 1) % 1_000_000:06}"


async def put_out(page: Hand) -> str:
    """Return the text of a removed page's `bye`; its link is closed with 4003."""
    bye = await page.until("bye")
    with pytest.raises(ConnectionClosed):
        await page.until("never")
    assert page.link.close_code == 4003
    return str(bye["text"])


async def test_the_pin_lets_an_engineer_in(app: App) -> None:
    ann = stranger(app)
    answer = ann.join(name=" Ann  Lee ", pin=pin_of(app))
    assert answer.status == 201
    assert answer.json | {"person": ""} == {
        "role": "engineer", "name": "Ann Lee", "mix": "", "person": "", "open": False, "local": False,
    }  # fmt: skip
    assert ann.call("GET", "/me").json == answer.json
    async with hand(app, "ann", ann.headers) as page:
        assert (await page.hello("iPhone"))["you"].items() >= {"name": "Ann Lee", "role": "engineer"}.items()


async def test_the_cookie_goes_with_our_own_pages_alone_and_no_script_reads_it(app: App) -> None:
    answer = stranger(app).join(name="Ann", pin=pin_of(app))
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith(f"remote-mixer-{app.port}=")
    kept = sorted(part for part in attributes if not part.startswith("Expires"))
    assert kept == ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Strict"]


async def test_over_https_the_cookie_is_one_that_no_other_road_can_set_or_read(tmp_path: Path) -> None:
    with running(tmp_path, https=HttpsOptions(0)) as app:
        trust = ssl.create_default_context(cafile=authority_file(tmp_path))
        port = urlsplit(app.addresses()[0].secure_url).port
        link = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=trust)
        link.request("POST", "/api/v1/join", json.dumps({"name": "Ann", "pin": pin_of(app)}), STRANGER | JSON)
        cookie = link.getresponse().headers["Set-Cookie"]
        link.close()
        assert cookie.startswith(f"__Host-remote-mixer-{port}=")
        assert {"Secure", "Path=/", "HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
        over_http = STRANGER | {"Cookie": cookie.partition(";")[0]}
        assert Device(app, over_http).call("GET", "/me").json["role"] == "stranger"


async def test_a_wrong_pin_is_refused_and_guessing_is_slowed_down_for_the_guesser_alone(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        await online(app)
        eve = invited(app, "engineer")
        tried = [stranger(app).join(name="Mallory", pin=wrong_pin_of(app)) for _ in range(4)]
        assert [answer.status for answer in tried] == [403, 403, 403, 429]
        assert int(tried[-1].headers["Retry-After"]) >= 1
        assert stranger(app).join(name="Mallory", pin=pin_of(app)).status == 429
        assert eve.call("PUT", f"/params/{FADER}", {"value": 0.5}).status == 200
        assert invited(app, "guest").call("GET", "/me").json["role"] == "guest"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Ann"},
        {"pin": "1"},
        {"name": "", "invitation": "x" * 22},
        {"name": 7, "pin": "1"},
        {"name": "A", "pin": 1},
    ],
)
async def test_a_join_without_what_it_needs_is_refused_in_words(app: App, body: Any) -> None:
    answer = stranger(app).call("POST", "/join", body)
    assert answer.status in {400, 410, 422}
    assert answer.json["text"]
    assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize("path", ["join", "leave"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""])
async def test_no_form_of_any_page_can_join_or_leave(app: App, path: str, kind: str) -> None:
    body = f'{{"name": "Ann", "pin": "{pin_of(app)}"}}'
    said = f"Content-Type: {kind}\r\n" if kind else ""
    head = f"POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{said}Connection: close\r\n"
    async with dialled(app.port) as page:
        await page.send(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        answer = (await page.end()).decode()
    assert " 415 " in answer
    assert "set-cookie" not in answer.lower()


async def test_a_page_of_another_site_can_neither_join_nor_leave(app: App) -> None:
    ann = invited(app, "engineer")
    ann.headers["Origin"] = "http://evil.example"
    assert ann.call("POST", "/leave", {}).status == 403
    assert ann.call("POST", "/join", {"name": "A", "pin": pin_of(app)}).status == 403
    del ann.headers["Origin"]
    assert ann.call("GET", "/me").json["role"] == "engineer"


async def test_coming_in_again_makes_a_new_session_and_ends_the_former(app: App) -> None:
    ann = stranger(app)
    first = ann.join(name="Ann", pin=pin_of(app)).cookie
    again = ann.join(name="Ann", pin=pin_of(app)).cookie
    assert first != again
    assert Device(app, STRANGER | {"Cookie": first}).call("GET", "/me").json["role"] == "stranger"
    assert Device(app, STRANGER | {"Cookie": again}).call("GET", "/me").json["role"] == "engineer"


async def test_a_cookie_that_somebody_else_planted_becomes_nobodys_way_in(app: App) -> None:
    planted = stranger(app).join(name="Mallory", pin=pin_of(app)).cookie
    victim = Device(app, STRANGER | {"Cookie": planted})
    assert victim.join(name="Ann", pin=pin_of(app)).status == 201
    mallory = Device(app, STRANGER | {"Cookie": planted})
    assert mallory.call("GET", "/me").json["role"] == "stranger"
    assert victim.call("GET", "/me").json["name"] == "Ann"


@pytest.mark.parametrize(
    "change", [lambda v: v[:-1] + ("A" if v[-1] != "A" else "B"), lambda v: v.swapcase(), lambda _v: "x"]
)
async def test_a_cookie_that_was_tampered_with_opens_nothing(app: App, change: Any) -> None:
    name, _, value = stranger(app).join(name="Ann", pin=pin_of(app)).cookie.partition("=")
    headers = STRANGER | {"Cookie": f"{name}={change(value)}"}
    assert Device(app, headers).call("GET", "/me").json["role"] == "stranger"
    async with hand(app, "anne", headers) as anne:
        assert (await anne.hello())["code"] == "forbidden"


async def test_signing_out_takes_the_cookie_and_closes_the_open_pages(app: App) -> None:
    ann, bob = invited(app, "engineer"), invited(app, "engineer")
    async with joined(app, "ann", ann.headers) as page, joined(app, "bob", bob.headers) as other:
        await page.send(type="hold", path=FADER)
        await until(lambda: app.desk.held() == {FADER: "ann"})
        answer = await asyncio.to_thread(ann.call, "POST", "/leave", {})
        assert (answer.status, answer.json["role"], answer.cookie) == (200, "stranger", f"remote-mixer-{app.port}=")
        assert "signed out" in await put_out(page)
        assert app.desk.held() == {}
        await other.send(type="ping", t=1)
        await other.until("pong", t=1)
    assert ann.call("GET", "/me").json["role"] == "stranger"
    assert ann.call("GET", "/desk").status == 401


async def test_who_leaves_on_this_computer_is_the_host_again(app: App) -> None:
    here = host(app)
    here.join(name="Ann", pin=pin_of(app))
    assert here.call("GET", "/me").json["role"] == "engineer"
    assert here.call("POST", "/leave", {}).json["role"] == "host"


async def test_two_mixers_on_one_computer_keep_their_people_apart(tmp_path: Path) -> None:
    with running(tmp_path / "one") as one, running(tmp_path / "two") as two:
        browser = dict(STRANGER)
        cookies = [Device(app, browser).join(name="Ann", pin=pin_of(app)).cookie for app in (one, two)]
        browser = STRANGER | {"Cookie": "; ".join(cookies)}
        people = [Device(app, browser).call("GET", "/me").json["person"] for app in (one, two)]
        assert None not in people
        assert len(set(people)) == 2
        renamed = cookies[0].replace(str(one.port), str(two.port))
        assert Device(two, STRANGER | {"Cookie": renamed}).call("GET", "/me").json["role"] == "stranger"


async def test_a_restart_forgets_nobody(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        ann = stranger(app)
        ann.join(name="Ann", pin=pin_of(app))
        port, pin = app.port, pin_of(app)
    with running(tmp_path, port=port) as app:
        assert Device(app, ann.headers).call("GET", "/me").json["person"] == ann.person
        assert pin_of(app) == pin


# While the page is open


async def test_who_is_removed_is_out_at_once(app: App) -> None:
    ann = invited(app, "engineer")
    async with joined(app, "ann", ann.headers) as page, joined(app, "bob") as bob:
        await page.send(type="hold", path=FADER)
        await bob.until("held", by="ann")
        page.link.transport.pause_reading()  # no frame has arrived yet
        assert host(app).call("DELETE", f"/people/{ann.person}").status == 200
        assert app.desk.held() == {}
        await page.send(type="set", id=1, values={FADER: 0.011})
        page.link.transport.resume_reading()
        assert await put_out(page)
        assert [one["client"] for one in (await bob.until("people"))["people"]][-1] == "bob"
    assert app.desk.values[FADER] != 0.011
    assert ann.call("PUT", f"/params/{FADER}", {"value": 0.011}).status == 401


async def test_a_token_that_is_revoked_is_out_at_once(app: App) -> None:
    made = host(app).call("POST", "/tokens", {"name": "Deck", "role": "engineer"}).json
    deck = Device(app, STRANGER | {"Authorization": f"Bearer {made['token']}"})
    async with joined(app, "deck", deck.headers) as page:
        assert host(app).call("DELETE", f"/tokens/{made['id']}").status == 200
        assert await put_out(page)
    assert deck.call("GET", "/desk").status == 401


async def test_another_role_holds_at_once_on_the_open_page(app: App) -> None:
    ann = invited(app, "engineer")
    async with joined(app, "ann", ann.headers) as page, joined(app, "bob") as bob:
        await page.send(type="hold", path=FADER)
        await bob.until("held", by="ann")
        assert host(app).call("PUT", f"/people/{ann.person}", {"role": "musician", "mix": MIX}).status == 200
        assert (await bob.until("held"))["by"] is None
        you = (await page.until("you"))["you"]
        assert (you["role"], you["mix"], you["rights"]["fader"]) == ("musician", MIX, "move")
        while ("musician", MIX) not in [
            (one["role"], one["mix"]) for one in (await bob.until("people"))["people"] if one["person"] == ann.person
        ]:
            pass
        await page.send(type="set", id=1, values={FADER: 0.011})
        assert (await page.until("error", id=1))["code"] == "forbidden"
        await page.send(type="set", id=2, values={OWN_SEND: 0.125})
        await page.until("ok", id=2)


async def test_who_is_moved_to_another_mix_has_that_and_no_longer_the_old_one(app: App) -> None:
    mia = invited(app, "musician", MIX)
    async with joined(app, "mia", mia.headers) as page:
        host(app).call("PUT", f"/people/{mia.person}", {"mix": "band/bus1"})
        assert (await page.until("you"))["you"]["mix"] == "band/bus1"
        await page.send(type="set", id=1, values={OWN_SEND: 0.011})
        assert (await page.until("error", id=1))["code"] == "forbidden"


async def test_what_the_host_decides_is_told_to_the_musicians_whom_it_binds(app: App) -> None:
    mia, former = invited(app, "musician", MIX), host(app).call("GET", "/policy").json
    decided = {"grants": {MIX: {"musician": {"sends": "ask"}}}, "ceilings": {MIX: {"send_db": -3, "bus_db": 0}}}
    async with joined(app, "mia", mia.headers) as page, joined(app, "bob") as bob:
        await page.send(type="hold", path=OWN_SEND)
        await bob.until("held", by="mia")
        assert host(app).call("PUT", "/policy", decided).status == 200
        rights = (await page.until("you"))["you"]["rights"]
        assert rights == {
            "sends": "ask", "fader": "move", "mute": "move", "ceiling": {"send_db": -3, "bus_db": 0}
        }  # fmt: skip
        assert app.desk.held() == {}
        await page.send(type="set", id=1, values={OWN_SEND: 0.1})
        assert (await page.until("error", id=1))["code"] == "forbidden"
        host(app).call("PUT", "/policy", former)
        assert (await page.until("you"))["you"]["rights"]["sends"] == "move"


async def test_a_person_who_takes_another_name_has_it_everywhere(app: App) -> None:
    ann = invited(app, "engineer")
    async with joined(app, "phone", ann.headers) as phone, joined(app, "tablet", ann.headers) as tablet:
        await phone.send(type="hold", path=FADER)
        await phone.send(type="name", name="Annie")
        assert (await tablet.until("you"))["you"]["name"] == "Annie"
        assert app.desk.held() == {FADER: "phone"}, "a finger stays where it is"
        await phone.send(type="name", id=4, name="x" * 50)
        assert (await phone.until("error", id=4))["code"] == "bad-value"
    assert ann.call("GET", "/me").json["name"] == "Annie"


async def test_no_secret_is_told_to_the_log(app: App, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ann = stranger(app)
        ann.join(name="Ann", pin=pin_of(app))
        ann.join(name="Ann", pin=wrong_pin_of(app))
        made = host(app).call("POST", "/invitations", {"role": "guest", "kind": "once"}).json["token"]
        stranger(app).join(name="Bob", invitation=made)
        stranger(app).join(name="Bob", invitation=made)
    secrets = (pin_of(app), wrong_pin_of(app), made, ann.headers["Cookie"].partition("=")[2])
    assert not [secret for secret in secrets if secret in caplog.text]

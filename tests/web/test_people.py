"""Decisions of host and crew about people, over the API; they apply at once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from remote_mixer.app import App
from tests.support.people import MIX, host, invited, stranger
from tests.support.running import hand, joined

SEND = f"/params/band/ch1/send/{MIX.partition('/')[2]}/level"


async def test_an_invitation_leads_into_its_own_mix_and_nowhere_else(app: App) -> None:
    ann = invited(app, "musician", MIX)
    assert ann.call("GET", "/me").json | {"person": ""} == {
        "role": "musician", "name": "Ann", "mix": MIX, "person": "", "open": False, "local": False
    }  # fmt: skip
    assert ann.call("PUT", SEND, {"value": 0.4}).status == 200
    assert ann.call("PUT", "/params/band/main/fader", {"value": 0.4}).status == 403


async def test_an_invitation_for_one_lets_one_in(app: App) -> None:
    made = host(app).call("POST", "/invitations", {"role": "guest", "kind": "once"}).json
    assert stranger(app).join(name="Ann", invitation=made["token"]).status == 201
    late = stranger(app).join(name="Bob", invitation=made["token"])
    assert late.status == 410
    assert late.json["text"]


async def test_an_invitation_that_is_withdrawn_lets_nobody_in(app: App) -> None:
    made = host(app).call("POST", "/invitations", {"role": "guest", "kind": "day"}).json
    assert made["id"] in {one["id"] for one in host(app).call("GET", "/invitations").json["invitations"]}
    assert host(app).call("DELETE", f"/invitations/{made['id']}").status == 200
    assert stranger(app).join(name="Ann", invitation=made["token"]).status == 410


async def test_an_invitations_token_is_told_once_and_behind_the_hash(app: App) -> None:
    made = host(app).call("POST", "/invitations", {"role": "musician", "mix": MIX, "kind": "day"}).json
    assert all(one["url"].endswith(f"/#join={made['token']}") for one in made["urls"])
    assert made["token"] not in host(app).call("GET", "/invitations").body.decode()


async def test_an_engineer_invites_musicians_and_guests_alone(app: App) -> None:
    eve = invited(app, "engineer")
    roles = {
        role: eve.call("POST", "/invitations", {"role": role, "mix": MIX}).status for role in ("musician", "guest")
    }
    assert roles == {"musician": 201, "guest": 201}
    assert {eve.call("POST", "/invitations", {"role": role}).status for role in ("host", "engineer")} == {403}


async def test_the_crew_sees_the_pin_and_the_host_makes_a_new_one(app: App) -> None:
    eve, pin = invited(app, "engineer"), host(app).call("GET", "/pin").json["pin"]
    assert re.fullmatch(r"\d{6}", pin)
    assert eve.call("GET", "/pin").json["pin"] == pin
    assert eve.call("POST", "/pin", {}).status == 403
    assert invited(app, "musician", MIX).call("GET", "/pin").status == 403
    renewed = host(app).call("POST", "/pin", {}).json["pin"]
    assert renewed != pin
    assert stranger(app).join(name="Bob", pin=renewed).json["role"] == "engineer"


async def test_the_crew_sees_who_is_here_and_how_their_pages_do(app: App) -> None:
    ann = invited(app, "musician", MIX)
    async with hand(app, "ann", ann.headers) as page:
        await page.hello(device="iPhone")
        await page.send(type="here", rtt=12, dropouts=3, awake=True)
        await page.send(type="ping", t=1)
        await page.until("pong")
        people = host(app).call("GET", "/people").json["people"]
        here = next(one for one in people if one["id"] == ann.person)["here"]
    assert here == [{"client": "ann", "device": "iPhone", "rtt": 12, "dropouts": 3, "awake": True, "touched": None}]


async def test_a_page_without_a_person_is_seen_too(app: App) -> None:
    async with joined(app, "window"):
        assert "window" in {page["client"] for page in host(app).call("GET", "/people").json["pages"]}


async def test_another_role_and_mix_hold_at_once_on_the_open_page(app: App) -> None:
    ann = invited(app, "musician", MIX)
    async with joined(app, "ann", ann.headers) as page:
        changed = host(app).call("PUT", f"/people/{ann.person}", {"mix": "band/bus1"})
        assert (changed.status, changed.json["mix"]) == (200, "band/bus1")
        assert (await page.until("you"))["you"]["mix"] == "band/bus1"
        await page.send(type="set", id=1, values={"band/ch1/send/bus2/level": 0.3})
        assert (await page.until("error"))["code"] == "forbidden"


async def test_who_is_removed_is_out_at_once(app: App) -> None:
    ann = invited(app, "musician", MIX)
    async with joined(app, "ann", ann.headers) as page:
        assert host(app).call("DELETE", f"/people/{ann.person}").status == 200
        assert (await page.until("bye"))["text"]
        await page.link.wait_closed()
        assert page.link.close_code == 4003
    assert ann.call("GET", "/desk").status == 401
    assert host(app).call("DELETE", f"/people/{ann.person}").status == 404


async def test_a_policy_holds_at_once_and_is_told_to_whom_it_binds(app: App) -> None:
    ann = invited(app, "musician", MIX)
    policy = host(app).call("GET", "/policy").json
    try:
        async with joined(app, "ann", ann.headers) as page:
            policy_to_ask = {**policy, "grants": {MIX: {"musician": {"sends": "ask", "fader": "move", "mute": "move"}}}}
            assert host(app).call("PUT", "/policy", policy_to_ask).json == policy_to_ask
            assert (await page.until("you"))["you"]["rights"]["sends"] == "ask"
        assert ann.call("PUT", SEND, {"value": 0.4}).status == 403
    finally:
        assert host(app).call("PUT", "/policy", policy).status == 200


@pytest.mark.parametrize("body", [{"rails": [{}]}, {"grants": 1}, {"king": {}}])
async def test_a_policy_that_is_none_changes_nothing(app: App, body: Any) -> None:
    before = host(app).call("GET", "/policy").json
    refused = host(app).call("PUT", "/policy", body)
    assert (refused.status, refused.json["code"]) == (422, "bad-value")
    assert host(app).call("GET", "/policy").json == before


async def test_a_token_opens_the_api_for_its_role_until_it_is_removed(app: App) -> None:
    made = host(app).call("POST", "/tokens", {"name": "Lights", "role": "engineer"})
    lights = stranger(app)
    lights.headers["Authorization"] = f"Bearer {made.json['token']}"
    assert lights.call("PUT", "/params/band/ch1/fader", {"value": 0.41}).status == 200
    assert lights.call("GET", "/tokens").status == 403
    assert made.json["token"] not in host(app).call("GET", "/tokens").body.decode()
    assert host(app).call("DELETE", f"/tokens/{made.json['id']}").status == 200
    assert lights.call("GET", "/desk").status == 401


async def test_a_code_is_drawn_of_what_the_crew_writes(app: App) -> None:
    drawn = invited(app, "engineer").call("POST", "/qr", {"text": "WIFI:T:WPA;S:Stage;P:secret;;"})
    assert (drawn.status, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in drawn.body
    assert host(app).call("POST", "/qr", {"text": "x" * 301}).status == 400
    assert host(app).call("POST", "/qr", {"text": ""}).status == 422
    assert invited(app, "musician", MIX).call("POST", "/qr", {"text": "x"}).status == 403

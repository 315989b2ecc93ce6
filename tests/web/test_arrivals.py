"""Waiting devices and wrong PINs, over the API and the wire: the host decides, nobody else sees them."""

from __future__ import annotations

import asyncio

from remote_mixer.app import App
from tests.support.people import host, invited, stranger
from tests.support.running import hand, joined


async def test_a_device_waits_the_host_is_told_at_once_and_one_call_lets_it_in(app: App) -> None:
    engineer = invited(app, "engineer")
    async with joined(app, "desk") as hosts, hand(app, "other", engineer.headers) as crew:
        await crew.hello()
        device = stranger(app)
        ticket = await asyncio.to_thread(device.call, "POST", "/waiting", {"name": "FOH tablet"})
        assert ticket.status == 201
        told = await hosts.until("waiting")
        assert (told["name"], told["number"]) == ("FOH tablet", ticket.json["number"])
        await crew.send(type="ping", t=1)
        await crew.until("pong")
        assert "waiting" not in [frame["type"] for frame in crew.heard if isinstance(frame, dict)]
    [waiting] = host(app).call("GET", "/arrivals").json["waiting"]
    assert waiting | {"id": ""} == {"id": "", "name": "FOH tablet", "number": told["number"], "address": "127.0.0.1"}
    early = device.join(waiting=ticket.json["secret"])
    assert (early.status, early.json["code"], early.headers["Retry-After"]) == (425, "waiting", "2")
    assert host(app).call("PUT", f"/waiting/{waiting['id']}", {"admit": True}).status == 200
    joined_now = device.join(waiting=ticket.json["secret"])
    assert (joined_now.status, joined_now.json["role"]) == (201, "engineer")
    assert host(app).call("GET", "/arrivals").json["waiting"] == []


async def test_a_device_that_is_sent_away_reads_so_and_a_decision_has_to_be_one(app: App) -> None:
    device = stranger(app)
    secret = device.call("POST", "/waiting", {"name": "Eve"}).json["secret"]
    [waiting] = host(app).call("GET", "/arrivals").json["waiting"]
    assert host(app).call("PUT", f"/waiting/{waiting['id']}", {"admit": "yes"}).json["code"] == "bad-frame"
    assert host(app).call("PUT", f"/waiting/{waiting['id']}", {"admit": False}).status == 200
    assert device.join(waiting=secret).json["code"] == "gone"
    assert host(app).call("PUT", f"/waiting/{waiting['id']}", {"admit": True}).json["code"] == "unknown"


async def test_the_host_sees_who_guesses_blocks_them_and_lets_them_try_again(app: App) -> None:
    wrong = f"{(int(app.admission.pin or 0) + 1) % 1_000_000:06}"
    device = stranger(app)
    assert device.join(pin=wrong).json["code"] == "wrong-pin"
    [guesses] = host(app).call("GET", "/arrivals").json["guesses"]
    assert (guesses["address"], guesses["wrong"], guesses["blocked"]) == ("127.0.0.1", 1, 0)
    assert host(app).call("PUT", "/guesses", {"address": "127.0.0.1", "blocked": True}).status == 200
    refused = device.join(pin=app.admission.pin or "")
    assert (refused.status, refused.json["code"]) == (429, "tries")
    assert "blocked" in refused.json["text"]
    assert device.call("POST", "/waiting", {"name": "Eve"}).json["code"] == "tries"
    assert host(app).call("PUT", "/guesses", {"address": "127.0.0.1", "blocked": False}).status == 200
    assert device.join(pin=app.admission.pin or "").status == 201

"""A musician asks, the crew answers, and it is the fader itself that moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from remote_mixer.app import App
from remote_mixer.desk.tapers import FADER as LAW
from tests.support.people import MIX, Device, host, invited, stranger
from tests.support.running import joined, online, running
from tests.support.waiting import until

SEND = "band/ch1/send/bus2/level"
GRANTS = {"sends": "ask", "fader": "move", "mute": "move"}


@pytest.fixture
def ann(app: App) -> Iterator[Device]:
    """A musician whose sends the crew moves."""
    before = host(app).call("GET", "/policy").json
    host(app).call(
        "PUT", "/policy", {"grants": {MIX: {"musician": GRANTS}}, "ceilings": {MIX: {"send_db": 3, "bus_db": 3}}}
    )
    host(app).call("PUT", f"/params/{SEND}", {"value": LAW.to_position(-10)})
    yield (device := invited(app, "musician", MIX))
    host(app).call("PUT", "/policy", before)
    host(app).call("DELETE", f"/people/{device.person}")


def asked(ann: Device, want: str = "more", path: str = SEND) -> str:
    made = ann.call("POST", "/requests", {"path": path, "want": want})
    assert made.status == 201, made.body
    return str(made.json["id"])


def level(app: App, path: str = SEND) -> float:
    return LAW.to_unit(float(app.desk.values[path] or 0))


async def test_a_push_is_seen_by_the_crew_and_its_answer_by_who_asked(app: App, ann: Device) -> None:
    eve = invited(app, "engineer", name="Eve")
    async with joined(app, "ann", ann.headers) as musician, joined(app, "eve", eve.headers) as engineer:
        await musician.send(type="ask", id=5, path=SEND, want="more")
        assert (await musician.until("ok"))["id"] == 5
        while not (shown := (await engineer.until("requests"))["requests"]):
            pass
        assert (shown[0]["path"], shown[0]["from"]["name"], shown[0]["state"]) == (SEND, "Ann", "sent")
        await engineer.send(type="answer", id=6, request=shown[0]["id"], answer="seen")
        await engineer.send(type="answer", id=7, request=shown[0]["id"], answer="grant", db=2)
        while (told := (await musician.until("requests"))["requests"])[-1]["state"] != "granted":
            pass
        assert (told[-1]["db"], told[-1]["by"]) == (2, "Eve")
        assert level(app) == pytest.approx(-8, abs=0.05)


@pytest.mark.parametrize(
    ("want", "db"), [("less", -13), ("too loud", -13), ("less of all", -13), ("more", -7), ("hear nothing", -7)]
)
async def test_a_grant_goes_where_the_words_ask_for(app: App, ann: Device, want: str, db: float) -> None:
    request = asked(ann, want)
    assert host(app).call("POST", f"/requests/{request}", {"answer": "grant", "db": 3}).status == 200
    assert level(app) == pytest.approx(db, abs=0.05)


async def test_a_grant_is_a_move_of_who_gave_it_and_undo_takes_it_back(app: App, ann: Device) -> None:
    gwen = invited(app, "engineer", name="Gwen")
    gwen.call("POST", f"/requests/{asked(ann)}", {"answer": "grant", "db": 3})
    assert gwen.call("POST", "/undo", {}).status == 200
    await until(lambda: level(app) == pytest.approx(-10, abs=0.05))
    (move,) = host(app).call("GET", f"/history?limit=1&path={SEND}").json["moves"]
    assert move["by"]["name"] == "Gwen"


async def test_what_is_granted_stays_under_the_ceiling(app: App, ann: Device) -> None:
    host(app).call("PUT", f"/params/{SEND}", {"value": LAW.to_position(2)})
    host(app).call("POST", f"/requests/{asked(ann)}", {"answer": "grant", "db": 3})
    assert level(app) == pytest.approx(3, abs=0.05)


async def test_a_request_is_answered_once(app: App, ann: Device) -> None:
    request = asked(ann)
    assert (
        host(app).call("POST", f"/requests/{request}", {"answer": "message", "text": "after this song"}).status == 200
    )
    assert host(app).call("POST", f"/requests/{request}", {"answer": "grant", "db": 1}).status == 409
    assert level(app) == pytest.approx(-10, abs=0.05)
    own = ann.call("GET", "/requests").json["requests"]
    assert (own[-1]["state"], own[-1]["text"]) == ("answered", "after this song")


@pytest.mark.parametrize("path", ["band/main/fader", "band/ch1/send/bus1/level", "band/ch1/fader"])
async def test_nobody_asks_for_what_is_not_in_their_mix(app: App, ann: Device, path: str) -> None:
    assert ann.call("POST", "/requests", {"path": path, "want": "more"}).status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"path": SEND, "want": "loud"}, 422),
        ({"path": SEND}, 400),
        ({"path": "band/ch1/send/bus2/mute", "want": "more"}, 422),
    ],
)
async def test_a_request_that_cannot_be_meant_says_so(app: App, ann: Device, body: dict[str, str], status: int) -> None:
    assert ann.call("POST", "/requests", body).status == status


async def test_a_musician_answers_nobody_and_a_stranger_asks_nobody(app: App, ann: Device) -> None:
    request = asked(ann)
    assert ann.call("POST", f"/requests/{request}", {"answer": "grant", "db": 3}).status == 403
    assert stranger(app).call("POST", "/requests", {"path": SEND, "want": "more"}).status == 401
    host(app).call("POST", f"/requests/{request}", {"answer": "decline"})


@pytest.mark.parametrize(
    "answer", [{"answer": "grant", "db": 40}, {"answer": "grant"}, {"answer": "grant", "db": True}, {"answer": "x"}]
)
async def test_an_answer_that_is_none_moves_nothing(app: App, ann: Device, answer: dict[str, object]) -> None:
    request = asked(ann)
    assert host(app).call("POST", f"/requests/{request}", answer).status == 422
    assert level(app) == pytest.approx(-10, abs=0.05)


async def test_what_waits_for_an_answer_survives_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("restart")
    with running(data) as first:
        await online(first)
        ann = invited(first, "musician", MIX)
        asked(ann)
    with running(data) as second:
        await online(second)
        waiting = host(second).call("GET", "/requests").json["requests"]
        assert [(one["path"], one["from"]["name"], one["state"]) for one in waiting] == [(SEND, "Ann", "sent")]


MOVED, NO_MORE = {"mix": "band/bus1"}, {"sends": "look", "fader": "move", "mute": "move"}


def states(ann: Device) -> list[tuple[str, str]]:
    return [(one["state"], one["text"]) for one in ann.call("GET", "/requests").json["requests"]]


@pytest.mark.parametrize("change", [MOVED, {"role": "guest"}, {"role": "engineer"}])
async def test_who_is_moved_elsewhere_has_nothing_open_where_they_were(
    app: App, ann: Device, change: dict[str, str]
) -> None:
    request = asked(ann)
    assert host(app).call("PUT", f"/people/{ann.person}", change).status == 200
    assert request not in [one["id"] for one in host(app).call("GET", "/requests").json["requests"]]
    assert host(app).call("POST", f"/requests/{request}", {"answer": "grant", "db": 3}).status == 409
    assert level(app) == pytest.approx(-10, abs=0.05)


async def test_a_request_that_may_not_be_made_any_more_is_closed_and_both_sides_hear_so(app: App, ann: Device) -> None:
    eve = invited(app, "engineer", name="Eve")
    async with joined(app, "ann", ann.headers) as musician, joined(app, "eve", eve.headers) as engineer:
        await musician.send(type="ask", id=5, path=SEND, want="more")
        while not (await engineer.until("requests"))["requests"]:
            pass
        policy = host(app).call("GET", "/policy").json | {"grants": {MIX: {"musician": NO_MORE}}}
        assert host(app).call("PUT", "/policy", policy).status == 200
        while (await engineer.until("requests"))["requests"]:
            pass
        while not (told := (await musician.until("requests"))["requests"]) or told[-1]["state"] == "sent":
            pass
        assert (told[-1]["state"], told[-1]["text"] != "", told[-1]["by"]) == ("answered", True, "Remote Mixer")


async def test_a_request_stands_through_what_does_not_touch_it(app: App, ann: Device) -> None:
    request = asked(ann)
    policy = host(app).call("GET", "/policy").json
    host(app).call("PUT", "/policy", policy | {"ceilings": {MIX: {"send_db": 0, "bus_db": 0}}})
    host(app).call("PUT", f"/people/{ann.person}", {"name": "Anna"})
    assert states(ann)[-1] == ("sent", "")
    host(app).call("POST", f"/requests/{request}", {"answer": "decline"})


async def test_who_becomes_crew_sees_at_once_what_waits_and_who_is_no_longer_does_not(app: App, ann: Device) -> None:
    request = asked(ann)
    eve = invited(app, "guest", name="Eve")
    async with joined(app, "eve", eve.headers) as page:
        host(app).call("PUT", f"/people/{eve.person}", {"role": "engineer"})
        while request not in [one["id"] for one in (await page.until("requests"))["requests"]]:
            pass
        host(app).call("PUT", f"/people/{eve.person}", {"role": "guest"})
        while (await page.until("requests"))["requests"]:
            pass
    host(app).call("POST", f"/requests/{request}", {"answer": "decline"})


async def test_with_who_is_removed_goes_what_they_asked_for_from_the_crews_pages(app: App) -> None:
    ben = invited(app, "musician", MIX, name="Ben")
    request = asked(ben)
    host(app).call("DELETE", f"/people/{ben.person}")
    assert host(app).call("GET", "/requests").json["requests"] == []
    assert host(app).call("POST", f"/requests/{request}", {"answer": "grant", "db": 1}).status == 404

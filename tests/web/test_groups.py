"""The API of the groups over consoles."""

from __future__ import annotations

from remote_mixer.app import App
from tests.support.people import host, invited
from tests.support.running import online
from tests.support.waiting import until


async def test_groups_are_made_listed_and_deleted(app: App) -> None:
    await online(app, "house")
    crew = host(app)
    made = crew.call("POST", "/groups", {"kind": "dca", "name": "Drums", "color": "red"})
    assert (made.status, made.json["path"], made.json["name"]) == (201, "house/dca1", "Drums")
    assert crew.call("POST", "/groups", {"kind": "mutegroup"}).json["path"] == "house/mutegroup/1"
    assert crew.call("PUT", "/params/house/dca1/members", {"value": "band/ch1 gone/ch1"}).status == 200
    await until(lambda: app.desk.values["house/dca1/missing"] == "gone/ch1")
    drums, talk = crew.call("GET", "/groups").json["groups"]
    assert drums == {
        "path": "house/dca1",
        "kind": "dca",
        "name": "Drums",
        "color": "red",
        "mute": False,
        "fader": 0.75,
        "members": ["band/ch1", "gone/ch1"],
        "missing": ["gone/ch1"],
        "behind": [],
        "by_position": [],
    }
    assert (talk["kind"], talk["fader"], talk["mute"]) == ("mutegroup", None, False)
    assert crew.call("POST", "/groups/house/dca1/catch_up", {}).status == 200
    assert crew.call("PUT", "/params/house/mutegroup/1", {"value": True}).status == 200
    refused = crew.call("DELETE", "/groups/house/mutegroup/1")
    assert (refused.status, "turn it off first" in refused.json["text"]) == (422, True)
    assert crew.call("PUT", "/params/house/mutegroup/1", {"value": False}).status == 200
    for group in ("house/dca1", "house/mutegroup/1"):
        assert crew.call("DELETE", f"/groups/{group}").status == 200
    assert crew.call("GET", "/groups").json == {"groups": []}
    assert crew.call("DELETE", "/groups/house/dca1").status == 422


async def test_a_musician_reads_groups_and_makes_none(app: App) -> None:
    mia = invited(app, "musician", "band/bus1")
    assert mia.call("GET", "/groups").status == 200
    assert mia.call("POST", "/groups", {"kind": "dca"}).status == 403


async def test_a_group_that_does_not_fit_is_refused(app: App) -> None:
    for body in ({"kind": "matrix"}, {"kind": "dca", "color": "beige"}, {"kind": "dca", "name": 3}):
        assert host(app).call("POST", "/groups", body).status == 422

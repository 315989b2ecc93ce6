"""The API of the groups over consoles."""

from __future__ import annotations

import pytest

from remote_mixer.app import App
from remote_mixer.desk.tapers import FADER
from tests.hub.test_history import undo
from tests.support.people import host, invited
from tests.support.running import joined, online
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


async def test_a_deleted_group_is_put_back_with_all_that_it_had_and_nothing_moves(app: App) -> None:
    await online(app, "house")
    crew = host(app)
    group = crew.call("POST", "/groups", {"kind": "dca", "name": "Drums", "color": "red"}).json["path"]
    crew.call("PUT", f"/params/{group}/members", {"value": "band/ch1 band/ch2"})
    crew.call("PUT", f"/params/{group}/fader", {"value": "-10dB"})
    crew.call("PUT", "/params/band/ch2/fader", {"value": "-30dB"})
    (before,) = crew.call("GET", "/groups").json["groups"]
    stood = {path: app.desk.values[path] for path in ("band/ch1/fader", "band/ch2/fader")}
    assert crew.call("DELETE", f"/groups/{group}").status == 200
    other = crew.call("POST", "/groups", {"kind": "dca", "name": "Other"}).json["path"]
    assert other != group
    back = crew.call("POST", f"/groups/{group}/restore", {})
    assert (back.status, back.json) == (201, before)
    assert {path: app.desk.values[path] for path in stood} == stood
    crew.call("PUT", f"/params/{group}/fader", {"value": "-20dB"})
    levels = [crew.call("GET", f"/params/{path}").json["value"] for path in stood]
    assert [FADER.to_unit(level) for level in levels] == pytest.approx([-20, -40], abs=0.01)
    again = crew.call("POST", f"/groups/{group}/restore", {})
    assert (again.status, "no deleted group" in again.json["text"]) == (422, True)
    for one in (group, other):
        crew.call("DELETE", f"/groups/{one}")


async def test_a_change_of_members_or_name_is_undone(app: App) -> None:
    await online(app, "house")
    group = host(app).call("POST", "/groups", {"kind": "dca", "name": "Drums"}).json["path"]
    async with joined(app, "anne") as anne:
        for path, value in (("members", "band/ch1 band/ch2"), ("name", "Kit")):
            await anne.send(type="set", id=1, values={f"{group}/{path}": value})
            await anne.until("ok", id=1)
        for path, value in (("name", "Drums"), ("members", "")):
            assert (await undo(anne))["move"]["values"].keys() == {f"{group}/{path}"}
            assert app.desk.values[f"{group}/{path}"] == value
    host(app).call("DELETE", f"/groups/{group}")


async def test_a_musician_reads_groups_and_makes_none(app: App) -> None:
    mia = invited(app, "musician", "band/bus1")
    assert mia.call("GET", "/groups").status == 200
    assert mia.call("POST", "/groups", {"kind": "dca"}).status == 403


async def test_a_group_that_does_not_fit_is_refused(app: App) -> None:
    for body in ({"kind": "matrix"}, {"kind": "dca", "color": "beige"}, {"kind": "dca", "name": 3}):
        assert host(app).call("POST", "/groups", body).status == 422

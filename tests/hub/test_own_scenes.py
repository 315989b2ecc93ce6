"""Saved mixes of musicians over real WebSockets: their own, seen by them and the crew, recalled as any hand may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from remote_mixer.desk.tapers import FADER as LAW
from remote_mixer.hub.own_scenes import MOST_OWN
from remote_mixer.simulator.simulator import Simulator
from tests.hub.scenes import do, put
from tests.hub.test_history import followed, stands, undo
from tests.support.people import Device, host, invited
from tests.support.running import FADER, joined, online, running
from tests.support.waiting import until

KICK, VOX, MUTED = (
    f"band/ch{channel}/send/bus2/{param}" for channel, param in ((1, "level"), (7, "level"), (1, "mute"))
)
OTHERS, MASTER = "band/ch1/send/bus1/level", "band/bus2/fader"
SENDS = {f"band/ch{n}/send/bus2/{param}" for n in range(1, 9) for param in ("level", "mute")}
START: dict[str, Value] = {KICK: 0.3, VOX: 0.75, MUTED: False, OTHERS: 0.5, MASTER: 0.75, FADER: 0.75}
LATER: dict[str, Value] = {KICK: 0.6, VOX: 0.2, MUTED: True}


@pytest_asyncio.fixture
async def fresh(app: App) -> AsyncIterator[App]:
    before = host(app).call("GET", "/policy").json
    put(app, START)
    yield app
    host(app).call("PUT", "/policy", before)


@pytest.fixture
def ann(fresh: App) -> Device:
    return invited(fresh, "musician", "band/bus2")


async def saved(app: App, page: Any, **more: Any) -> int:
    """Save the own mix as it stands at START, move it to LATER, and return the number of what was saved."""
    answer = await do(page, "store", **more)
    assert answer["type"] == "ok", answer
    put(app, LATER)
    return int(answer["scene"]["id"])


async def test_a_saved_mix_keeps_the_own_sends_alone_and_undo_takes_its_recall_back(fresh: App, ann: Device) -> None:
    async with followed(fresh, "ann", ann.headers) as page, joined(fresh, "foh") as crew:
        moments = len((await do(crew, "list"))["moments"])
        number = await saved(fresh, page, name="First set")
        put(fresh, {OTHERS: 0.9, MASTER: 0.5, FADER: 0.5})
        assert host(fresh).call("GET", f"/scenes/{number}").json["values"].keys() == SENDS
        preview = await do(page, "preview", scene=number)
        assert preview["values"] == {KICK: [0.6, 0.3], VOX: [0.2, 0.75], MUTED: [True, False]}
        assert fresh.desk.values[KICK] == 0.6, "a preview moves nothing"
        assert (await do(page, "recall", scene=number))["type"] == "ok"
        await stands(fresh, VOX, 0.75)
        await stands(fresh, MUTED, False)
        assert {path: fresh.desk.values[path] for path in (KICK, OTHERS, MASTER, FADER)} == {
            KICK: 0.3,
            OTHERS: 0.9,
            MASTER: 0.5,
            FADER: 0.5,
        }
        (move,) = (await page.until("moves"))["moves"]
        assert (move["cause"], move["mine"]) == ("recall", True)
        assert (await undo(page))["move"]["of"] == [move["id"]]
        await stands(fresh, VOX, 0.2)
        await stands(fresh, KICK, 0.6)
        listed = await do(crew, "list")
        assert (len(listed["moments"]), listed["recall"]) == (moments, None), "nothing of it is the crew's show"
        assert not [frame for frame in crew.heard if isinstance(frame, dict) and frame["type"] == "fading"]


async def test_its_owner_and_the_crew_see_it_and_nobody_else(fresh: App, ann: Device) -> None:
    beth = invited(fresh, "musician", "band/bus2", name="Beth")
    guest = invited(fresh, "guest", "band/bus2", name="Gus")
    async with joined(fresh, "ann", ann.headers) as page, joined(fresh, "foh") as crew:
        number = await saved(fresh, page, name="First set")
        assert [head["name"] for head in (await do(page, "list"))["own"]] == ["First set"]
        (seen,) = [head for head in (await do(crew, "list"))["own"] if head["id"] == number]
        assert (seen["by"], seen["scope"]["mix"]) == ("Ann", "band/bus2")
        assert seen["id"] not in [head["id"] for head in (await do(crew, "list"))["scenes"]]
        async with joined(fresh, "beth", beth.headers) as other:
            assert (await do(other, "list"))["own"] == []
            for word in ("preview", "recall", "update", "delete", "restore"):
                assert (await do(other, word, scene=number))["code"] == "unknown-path", word
        assert ann.call("GET", f"/scenes/{number}").status == 200
        assert (beth.call("GET", f"/scenes/{number}").status, guest.call("GET", "/scenes").status) == (404, 403)
        assert (await do(crew, "recall", scene=number))["type"] == "ok"
        await stands(fresh, VOX, 0.75)


async def test_it_is_renamed_taken_over_anew_thrown_away_and_taken_out_of_the_bin(fresh: App, ann: Device) -> None:
    async with joined(fresh, "ann", ann.headers) as page:
        number = await saved(fresh, page)
        changed = await do(page, "update", scene=number, name="Second set", number=7, scope={}, fade=9)
        head = changed["scene"]
        assert (head["name"], head["number"], head["fade"]) == ("Second set", 0, 0)
        assert head["scope"]["mix"] == "band/bus2", "what is no owner's to change stays"
        await do(page, "update", scene=number, values=True)
        assert ann.call("GET", f"/scenes/{number}").json["values"].items() >= LATER.items()
        await do(page, "delete", scene=number)
        listed = await do(page, "list")
        assert (listed["own"], len(listed["bin"])) == ([], 2), "the former version is there too"
        await do(page, "restore", scene=number)
        assert [head["name"] for head in (await do(page, "list"))["own"]] == ["Second set"]


async def test_a_recall_stays_within_what_its_owner_may(fresh: App, ann: Device) -> None:
    async with joined(fresh, "ann", ann.headers) as page:
        number = await saved(fresh, page)
        put(fresh, {VOX: LAW.to_position(-20)})
        ceiling = {"band/bus2": {"send_db": -10.0, "bus_db": 0.0}}
        assert host(fresh).call("PUT", "/policy", {"ceilings": ceiling}).status == 200
        preview = await do(page, "preview", scene=number)
        assert (preview["stays"][VOX]["verdict"], "limit" in preview["stays"][VOX]["text"]) == ("forbidden", True)
        await do(page, "recall", scene=number)
        await stands(fresh, KICK, 0.3)
        assert fresh.desk.values[VOX] == LAW.to_position(-20)
        view_only = {"band/bus2": {"musician": {"sends": "look", "fader": "look", "mute": "look"}}}
        assert host(fresh).call("PUT", "/policy", {"grants": view_only}).status == 200
        put(fresh, LATER)
        assert (await do(page, "recall", scene=number))["code"] == "nothing"
        assert fresh.desk.values[KICK] == LATER[KICK]


async def test_whose_mix_is_another_one_now_has_none_of_the_former(fresh: App, ann: Device) -> None:
    async with joined(fresh, "ann", ann.headers) as page:
        number = await saved(fresh, page)
    moved = host(fresh).call("PUT", f"/people/{ann.person}", {"mix": "band/bus1"})
    assert moved.status == 200, moved.body
    async with joined(fresh, "ann", ann.headers) as page:
        assert (await do(page, "list"))["own"] == []
        assert (await do(page, "recall", scene=number))["code"] == "unknown-path"
        assert fresh.desk.values[KICK] == LATER[KICK]


async def test_a_musician_cannot_fill_the_disk_nor_load_or_touch_what_is_the_crews(fresh: App, ann: Device) -> None:
    async with joined(fresh, "ann", ann.headers) as page:
        for word in ("go", "back", "pause", "mark", "safe"):
            assert (await do(page, word, scene=1, strip="band/ch1", sections=[]))["code"] == "forbidden", word
        assert ann.call("POST", "/scenes", {"values": {FADER: 0.1}}).status == 403
        for _ in range(MOST_OWN):
            last = (await do(page, "store"))["scene"]["id"]
        assert (await do(page, "store"))["code"] == "limit"
        for _ in range(3):
            await do(page, "update", scene=last, values=True)
        for head in (await do(page, "list"))["own"]:
            await do(page, "delete", scene=head["id"])
        listed = await do(page, "list")
        assert (listed["own"], len(listed["bin"])) == ([], MOST_OWN)


async def test_on_an_x32_the_pans_and_mutes_of_the_own_sends_come_back_within_what_is_allowed(tmp_path: Path) -> None:
    send = "foh/ch{}/send/bus1/{}".format
    paths = [send(5, "level"), send(5, "mute"), send(5, "pan"), send(6, "mute")]
    saved_at: dict[str, Value] = dict(zip(paths, (0.5, False, 0.7, False), strict=True))
    later: dict[str, Value] = dict(zip(paths, (0.1, True, 0.2, True), strict=True))
    async with Simulator("x32") as console:
        with running(tmp_path, ("foh", f"x32://127.0.0.1:{console.address[1]}")) as app:
            await online(app, "foh")
            await until(lambda: all(app.desk.values[path] is not None for path in saved_at))
            ann = await asyncio.to_thread(invited, app, "musician", "foh/bus1")
            await asyncio.to_thread(put, app, saved_at)
            stored = await asyncio.to_thread(ann.call, "POST", "/scenes", {"name": "First set"})
            await asyncio.to_thread(put, app, later)
            rails = [{"paths": send(6, "mute"), "roles": ["musician"], "only_mute": True}]
            assert (await asyncio.to_thread(host(app).call, "PUT", "/policy", {"rails": rails})).status == 200
            scene = f"/scenes/{stored.json['scene']['id']}"
            preview = (await asyncio.to_thread(ann.call, "POST", f"{scene}/preview", {})).json
            assert preview["values"].keys() == {send(5, "level"), send(5, "mute"), send(5, "pan")}
            assert preview["stays"].keys() == {send(6, "mute")}
            assert (await asyncio.to_thread(ann.call, "POST", f"{scene}/recall", {})).status == 200
            await until(lambda: console.values["/ch/05/mix/01/pan"] == pytest.approx(0.7))
            await until(lambda: console.values["/ch/05/mix/01/level"] == pytest.approx(0.5))
            await until(lambda: console.values["/ch/05/mix/01/on"] == 1)
            assert console.values["/ch/06/mix/01/on"] == 0

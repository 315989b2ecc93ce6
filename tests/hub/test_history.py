"""History over real WebSockets: three people undo beside each other, on a live console, and nothing kept is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from remote_mixer.app import App
from remote_mixer.desk.history import History
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import ENGINEER, Policy, Rail
from remote_mixer.desk.tapers import FADER as LAW
from remote_mixer.hub.glides import GLIDE_SECONDS, SOFT_STEP_SECONDS
from tests.support.people import MIX, host, invited
from tests.support.running import FADER, Hand, demo_console, joined, online, running
from tests.support.waiting import until

MAIN, MUTE, SEND, OTHERS = (
    "band/main/fader",
    "band/ch1/mute",
    f"band/ch1/send/{MIX[5:]}/level",
    "band/ch1/send/bus1/level",
)


@asynccontextmanager
async def followed(app: App, client: str, headers: dict[str, str] | None = None) -> AsyncIterator[Hand]:
    """Open a link that gets each move as it ends."""
    async with joined(app, client, headers) as page:
        await page.send(type="history", on=True, limit=0, id=1)
        await page.until("moves", id=1)
        yield page


async def drag(page: Hand, path: str, *values: Value) -> Any:
    """Move a control as one gesture, and return the move that comes back."""
    await page.send(type="hold", path=path)
    for value in values:
        await page.send(type="set", id=2, values={path: value})
    await page.send(type="release", path=path)
    while True:
        for move in (await page.until("moves"))["moves"]:
            if path in move["values"] and move["mine"]:
                return move


async def undo(page: Hand, kind: str = "undo", **more: Any) -> Any:
    """Return the answer to an undo or redo."""
    await page.send(type=kind, id=9, **more)
    while True:
        frame = await page.next()
        if isinstance(frame, dict) and frame["type"] in ("ok", "error", "preview") and frame["id"] == 9:
            return frame
        page.heard.append(frame)


def at_the_console(app: App, values: dict[str, Value]) -> None:
    app.loop.call_soon_threadsafe(demo_console(app).move, values)


async def stands(app: App, path: str, value: Value) -> None:
    """Wait until the desk has a value: an upward undo glides."""
    await until(lambda: app.desk.values[path] == value)


@pytest_asyncio.fixture
async def fresh(app: App) -> AsyncIterator[App]:
    """The program with its controls where these tests expect them, and no gesture that goes on."""
    for path, value in {FADER: 0.75, MAIN: 0.75, MUTE: False, SEND: 0.5, OTHERS: 0.5}.items():
        assert host(app).call("PUT", f"/params/{path}", {"value": value}).status == 200
    before, handler = host(app).call("GET", "/policy").json, app.rooms.history
    app.loop.call_soon_threadsafe(lambda: handler._record(handler._open.closed()))
    await until(lambda: not handler._open and not handler._unkept)
    yield app
    host(app).call("PUT", "/policy", before)


async def test_three_people_undo_beside_each_other(fresh: App) -> None:
    devices = [invited(fresh, "engineer", name=name) for name in ("Anne", "Bob", "Cleo")]
    async with (
        followed(fresh, "anne", devices[0].headers) as anne,
        followed(fresh, "bob", devices[1].headers) as bob,
        followed(fresh, "cleo", devices[2].headers) as cleo,
    ):
        await drag(anne, FADER, 0.7, 0.6)
        await drag(bob, MAIN, 0.5)
        await drag(cleo, MUTE, True)
        await drag(bob, FADER, 0.4)
        answer = await undo(anne)
        assert (answer["code"], answer["by"], answer["path"]) == ("changed", "Bob", FADER)
        assert answer["text"].startswith("Bob moved ")
        assert (await undo(cleo))["type"] == "ok"
        assert fresh.desk.values[MUTE] is False
        taken = await undo(bob)
        assert taken["move"]["values"] == {FADER: [0.4, 0.6]}
        await stands(fresh, FADER, 0.6)
        assert (await undo(anne))["move"]["values"] == {FADER: [0.6, 0.75]}
        await stands(fresh, FADER, 0.75)
        assert (await undo(anne, "redo"))["move"]["values"] == {FADER: [0.75, 0.6]}
        assert fresh.desk.values[MAIN] == 0.5


async def test_a_move_is_told_as_it_ends_with_who_and_from_where_to_where(fresh: App) -> None:
    eve = invited(fresh, "engineer", name="Eve")
    async with followed(fresh, "eve", eve.headers) as page, followed(fresh, "foh") as foh:
        move = await drag(page, FADER, *(0.5 + step / 1000 for step in range(60)))
        assert (move["values"], move["mine"], move["undone"]) == ({FADER: [0.75, 0.559]}, True, False)
        assert (move["by"]["name"], move["by"]["kind"], move["cause"]) == ("Eve", "client", "hand")
        (seen,) = (await foh.until("moves"))["moves"]
        assert (seen["id"], seen["mine"]) == (move["id"], False)
        await undo(page)
        (taken,) = (await foh.until("moves"))["moves"]
        assert (taken["cause"], taken["of"]) == ("undo", [move["id"]])
        await foh.send(type="history", id=5, before=taken["id"], limit=1)
        (older,) = (await foh.until("moves", id=5))["moves"]
        assert (older["id"], older["undone"]) == (move["id"], True)


async def test_an_undo_that_raises_a_level_glides_and_one_that_lowers_it_does_not(fresh: App) -> None:
    seen: list[float] = []
    times: list[float] = []
    loop_time = fresh.loop.time
    async with followed(fresh, "anne") as anne:
        await drag(anne, FADER, 0.25)
        began = loop_time()
        fresh.desk.change_listeners.append(lambda change: seen.append(float(change.after.get(FADER) or 0)))
        fresh.desk.change_listeners.append(lambda change: times.append(loop_time()))
        await undo(anne)
        await stands(fresh, FADER, 0.75)
        assert loop_time() - began >= GLIDE_SECONDS * 0.9
        del fresh.desk.change_listeners[-2:]
        assert len(seen) > 5
        assert seen == sorted(seen)
        for at, position in zip(times, seen, strict=True):  # where the loop is late, a step is longer
            left = max(0.0, 1 - (at - began + SOFT_STEP_SECONDS) / GLIDE_SECONDS)
            assert position <= 0.75 - 0.5 * left**3 + 1e-4
        await undo(anne, "redo")
        assert fresh.desk.values[FADER] == 0.25


async def test_an_undo_leaves_what_its_own_finger_rests_on_and_says_so(fresh: App) -> None:
    async with followed(fresh, "anne") as anne:
        await anne.send(type="set", id=2, values={FADER: 0.4, MAIN: 0.4})
        await anne.until("ok", id=2)
        await anne.send(type="hold", path=FADER)
        await anne.until("held", path=FADER)
        answer = await undo(anne)
        assert [(one["path"], "finger" in one["text"]) for one in answer["skipped"]] == [(FADER, True)]
        await stands(fresh, MAIN, 0.75)
        assert fresh.desk.values[FADER] == 0.4
        await drag(anne, FADER, 0.3)
        await anne.send(type="hold", path=FADER)
        await anne.until("held", path=FADER)
        assert (await undo(anne))["code"] == "held"
        await anne.send(type="release", path=FADER)
        await undo(anne)
        await stands(fresh, FADER, 0.4)


async def test_undo_after_undo_waits_for_no_glide(fresh: App) -> None:
    async with followed(fresh, "anne") as anne:
        await drag(anne, FADER, 0.5)
        await drag(anne, FADER, 0.25)
        for kind in ("undo", "undo", "redo", "redo", "undo", "undo"):
            await anne.send(type=kind, id=3)
        for _ in range(6):
            assert (await anne.until("ok", id=3))["skipped"] == []
        await stands(fresh, FADER, 0.75)


async def test_a_hand_on_a_gliding_fader_ends_the_glide(fresh: App) -> None:
    async with followed(fresh, "anne") as anne, followed(fresh, "bob") as bob:
        await drag(anne, FADER, 0.0)
        await anne.send(type="undo", id=9)
        await bob.change(FADER)
        await bob.send(type="hold", path=FADER)
        await bob.until("held", path=FADER)
        caught = fresh.desk.values[FADER]
        await bob.send(type="ping", t=1)
        await bob.until("pong")
        await anne.until("ok", id=9)
        assert isinstance(caught, float)
        assert caught < 0.75
        assert fresh.rooms.history.mover.ends() == {}
        await bob.send(type="release", path=FADER)
        await bob.until("settle")


async def test_a_control_that_another_person_holds_is_named_and_stays(fresh: App) -> None:
    async with followed(fresh, "anne") as anne, followed(fresh, "bob") as bob:
        await anne.send(type="set", id=2, values={FADER: 0.5, MUTE: True})
        await anne.until("ok", id=2)
        await bob.send(type="hold", path=FADER)
        await bob.until("held", path=FADER)
        answer = await undo(anne)
        assert [(one["path"], one["by"]) for one in answer["skipped"]] == [(FADER, "Bob")]
        assert (fresh.desk.values[FADER], fresh.desk.values[MUTE]) == (0.5, False)
        await bob.send(type="release", path=FADER)
        await bob.until("settle")
        assert (await undo(anne, move=answer["move"]["of"][0]))["move"]["values"] == {FADER: [0.5, 0.75]}


async def test_an_offline_console_refuses_an_undo_and_its_step_stays(fresh: App) -> None:
    async with followed(fresh, "anne") as anne:
        await drag(anne, FADER, 0.5)
        fresh.loop.call_soon_threadsafe(demo_console(fresh).unplug)
        await until(lambda: fresh.desk.values["band/status"] == "offline")
        assert (await undo(anne))["code"] == "offline"
        fresh.loop.call_soon_threadsafe(demo_console(fresh).plug)
        await online(fresh)
        assert (await undo(anne))["type"] == "ok"
        await stands(fresh, FADER, 0.75)


async def test_an_undo_rises_no_faster_and_no_higher_than_its_hand_may(fresh: App) -> None:
    eve = invited(fresh, "engineer", name="Eve")
    async with followed(fresh, "eve", eve.headers) as page:
        await drag(page, FADER, LAW.to_position(-30))
        await drag(page, MAIN, LAW.to_position(-5))
        railed = Policy(
            rails=(Rail("*/ch1/fader", (ENGINEER,), rise_db=40), Rail("*/main/fader", (ENGINEER,), most_db=-3))
        )
        assert host(fresh).call("PUT", "/policy", railed.as_json()).status == 200
        assert (await undo(page))["code"] == "limit"
        began = fresh.loop.time()
        first = (await undo(page, move=(await moves(page))[-2]["id"]))["type"]
        assert first == "ok"
        await stands(fresh, FADER, 0.75)
        assert (
            fresh.loop.time() - began > 0.4
        )  # 30 dB at 40 dB a second, of which a rested fader has the first 40 at once


async def moves(page: Hand, **more: object) -> list[Any]:
    await page.send(type="history", id=6, **more)
    return list((await page.until("moves", id=6))["moves"])


# Who sees and may what


async def test_a_musician_sees_the_moves_of_the_own_mix_and_a_guest_none(fresh: App) -> None:
    ann, gus = invited(fresh, "musician", MIX), invited(fresh, "guest", MIX)
    async with (
        followed(fresh, "foh") as foh,
        followed(fresh, "ann", ann.headers) as musician,
        joined(fresh, "gus", gus.headers) as guest,
    ):
        await foh.send(type="set", id=2, values={SEND: 0.25, OTHERS: 0.25})
        await foh.until("moves")
        (move,) = (await musician.until("moves"))["moves"]
        assert move["values"] == {SEND: [0.5, 0.25]}
        await drag(foh, MAIN, 0.1)
        own = await drag(musician, SEND, 0.3)
        assert all(set(one["values"]) <= {SEND} for one in await moves(musician))
        assert [one["id"] for one in await moves(musician, limit=2)] == [move["id"], own["id"]]
        assert (await undo(musician, move=own["id"] - 1))["code"] == "unknown-path"
        await guest.send(type="history", id=6)
        assert (await guest.until("error"))["code"] == "forbidden"


async def test_the_crew_puts_back_what_a_console_did_by_itself_and_a_musician_does_not(fresh: App) -> None:
    ann = invited(fresh, "musician", MIX)
    async with followed(fresh, "foh") as foh, followed(fresh, "ann", ann.headers) as musician:
        for path, value in ((FADER, 0.1), (SEND, 0.1), (MUTE, True)):
            at_the_console(fresh, {path: value})
        (storm,) = (await foh.until("moves"))["moves"]
        assert (storm["by"]["kind"], set(storm["values"])) == ("console", {FADER, SEND, MUTE})
        assert (await undo(musician, move=storm["id"]))["code"] == "forbidden"
        assert (await undo(musician, since=storm["id"]))["code"] == "nothing", "a console's move is none of all since"
        preview = await undo(foh, move=storm["id"], preview=True)
        assert preview["values"] == {FADER: [0.1, 0.75], SEND: [0.1, 0.5], MUTE: [True, False]}
        assert fresh.desk.values[MUTE] is True
        await undo(foh, move=storm["id"])
        await stands(fresh, FADER, 0.75)
        assert (fresh.desk.values[SEND], fresh.desk.values[MUTE]) == (0.5, False)


async def test_all_since_a_move_is_shown_first_and_goes_back_as_one(fresh: App) -> None:
    async with followed(fresh, "anne") as anne, followed(fresh, "bob") as bob:
        first = await drag(anne, FADER, 0.5)
        await drag(bob, FADER, 0.4)
        await drag(bob, MUTE, True)
        preview = await undo(anne, since=first["id"], preview=True)
        assert preview["values"] == {FADER: [0.4, 0.75], MUTE: [True, False]}
        assert (await undo(anne, since=first["id"]))["move"]["values"] == preview["values"]
        await stands(fresh, FADER, 0.75)


@pytest.mark.parametrize("field", [{"move": "1"}, {"since": -1}, {"force": 1}, {"preview": "yes"}, {"move": 1.5}])
async def test_a_field_of_another_type_is_refused(fresh: App, field: dict[str, Any]) -> None:
    async with joined(fresh, "anne") as anne:
        assert (await undo(anne, **field))["code"] == "bad-frame"


# The API


async def test_the_api_undoes_what_the_api_moved_and_lists_it(fresh: App) -> None:
    here = host(fresh)
    here.call("PUT", f"/params/{FADER}", {"value": "-10 dB"})
    assert here.call("POST", "/undo", {"preview": True}).json["values"] == {FADER: [0.5, 0.75]}
    done = here.call("POST", "/undo", {}).json
    assert (done["move"]["cause"], done["values"], done["skipped"]) == ("undo", {FADER: [0.5, 0.75]}, [])
    assert here.call("GET", "/history?limit=1").json["moves"][0]["id"] == done["move"]["id"]
    lines = here.call("GET", f"/history.csv?limit=2&path={FADER}").body.decode().splitlines()
    assert lines[0] == "number,at,by,cause,control,from,to,undone"
    assert lines[1].endswith(f",API,api,{FADER},0.0 dB,−10.0 dB,yes")
    await stands(fresh, FADER, 0.75)
    assert here.call("POST", "/redo", {}).status == 200
    assert here.call("POST", "/redo", {}).status == 409


async def test_a_persons_name_is_no_formula_in_a_spreadsheet(fresh: App) -> None:
    eve = invited(fresh, "engineer", name="=1+1")
    assert eve.call("PUT", f"/params/{MUTE}", {"value": True}).status == 200
    eve.call("POST", "/undo", {})
    assert ",'=1+1,undo," in eve.call("GET", "/history.csv").body.decode()


# After a restart


async def test_moves_are_chosen_by_person_place_and_time_beyond_those_in_memory(
    fresh: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with followed(fresh, "zoe") as zoe, followed(fresh, "anne") as anne:
        first = (await drag(zoe, FADER, 0.3))["id"]
        second = (await drag(zoe, MAIN, 0.3))["id"]
        third = (await drag(anne, FADER, 0.4))["id"]
        handler = fresh.rooms.history
        await until(lambda: not handler._unkept)

        async def chosen(**choice: object) -> list[int]:
            await anne.send(type="history", id=3, limit=50, **choice)
            return [move["id"] for move in (await anne.until("moves", id=3))["moves"] if move["id"] >= first]

        assert await chosen(by="Zoe") == [first, second]
        assert await chosen(by="Zoe", path="band/ch1") == [first]
        assert await chosen(last=0) == []
        found = handler.history.move(first)
        assert found
        long_ago = replace(found, at=time.time() - 7000)
        kept = asyncio.run_coroutine_threadsafe(fresh.rooms.moves.append([long_ago]), fresh.loop)
        await asyncio.wrap_future(kept)
        monkeypatch.setattr(handler, "history", History([], third))
        assert await chosen() == [first, second, third]
        assert await chosen(by="Zoe") == [first, second]
        assert await chosen(by="Zoe", path="band/ch1") == [first]
        assert await chosen(last=3600) == [second, third]
        assert await chosen(by="Zoe", path="band", last=3600) == [second]
        await anne.send(type="history", id=3, last="an hour")
        assert (await anne.until("error", id=3))["code"] == "bad-frame"
        of_api = host(fresh).call("GET", "/history?by=Zoe&last=3600&path=band/main").json["moves"]
        assert [move["id"] for move in of_api][-1:] == [second]
        assert host(fresh).call("GET", "/history?last=soon").status == 422


async def test_history_and_undo_are_still_there_after_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("restart")
    with running(data) as first:
        await online(first)
        eve = invited(first, "engineer", name="Eve")
        async with followed(first, "eve", eve.headers) as page:
            before = first.desk.values[FADER]
            await drag(page, FADER, 0.25)
            await page.send(type="set", id=2, values={MAIN: 0.25})  # a gesture that goes on when the server ends
            await page.until("ok", id=2)
    with running(data, port=first.port) as second:  # cookies have the port in their name
        await online(second)
        eve.app = second
        async with followed(second, "eve-again", eve.headers) as page:
            kept = await moves(page)
            assert [set(move["values"]) for move in kept] == [{FADER}, {MAIN}]
            assert all(move["mine"] for move in kept)
            at_the_console(second, {FADER: 0.25, MAIN: 0.25})
            await until(lambda: second.desk.values[MAIN] == 0.25 == second.desk.values[FADER])
            assert MAIN in (await undo(page))["move"]["values"]
            assert (await undo(page))["move"]["values"] == {FADER: [0.25, before]}


async def test_a_paste_is_one_move_that_one_undo_takes_back_and_raises_no_level_in_a_leap(fresh: App) -> None:
    eve = invited(fresh, "engineer", name="Eve")
    await stands(fresh, FADER, 0.75)
    async with followed(fresh, "eve", eve.headers) as page, joined(fresh, "foh") as foh:
        await drag(page, FADER, 0.2)
        await page.send(type="paste", id=9, values={FADER: 0.8, MAIN: 0.5, MUTE: True, SEND: 0.5})
        assert (await page.until("ok", id=9))["skipped"] == []
        steps = [frame["values"][FADER] async for frame in changes_of(foh, FADER, 0.8)]
        assert steps == sorted(steps)
        assert len(steps) >= 5
        move = next(move for move in (await page.until("moves"))["moves"] if move["cause"] == "paste")
        assert move["values"] == {FADER: [0.2, 0.8], MAIN: [0.75, 0.5], MUTE: [False, True]}
        assert (await undo(page))["move"]["values"].keys() == move["values"].keys()
        await stands(fresh, FADER, 0.2)
        await stands(fresh, MUTE, False)


async def test_a_paste_passes_over_what_the_door_refuses_and_names_it(fresh: App) -> None:
    async with joined(fresh, "foh") as foh, joined(fresh, "anne") as anne:
        await anne.send(type="hold", path=MAIN)
        await foh.until("held", path=MAIN)
        await foh.send(type="paste", id=9, values={FADER: 0.5, MAIN: 0.2, "band/ch1/no": 1, MUTE: "loud"})
        skipped = {one["path"] for one in (await foh.until("ok", id=9))["skipped"]}
        assert skipped == {MAIN, "band/ch1/no", MUTE}
        await stands(fresh, FADER, 0.5)
        assert fresh.desk.values[MAIN] == 0.75
        await foh.send(type="paste", id=10, values={MAIN: 0.2})
        assert (await foh.until("error", id=10))["code"] == "held"


async def test_a_paste_of_nonsense_is_refused_and_the_link_stays(fresh: App) -> None:
    nonsense: list[Any] = [10**400, -(10**400), 1e300, float("nan"), float("inf"), None, [1], {"value": 1}, "////"]
    async with joined(fresh, "foh") as foh:
        for value in nonsense:
            await foh.send(type="paste", id=9, values={FADER: value})
            assert (await foh.until("error", id=9))["code"] == "bad-value", value
        await foh.send(type="paste", id=10, values={FADER: 0.5, MAIN: 10**400})
        assert [one["path"] for one in (await foh.until("ok", id=10))["skipped"]] == [MAIN]
        await stands(fresh, FADER, 0.5)


async def test_an_undo_ends_a_paste_that_goes_on(fresh: App) -> None:
    async with joined(fresh, "foh") as foh:
        await foh.send(type="set", id=1, values={FADER: 0.1, MAIN: 0.1})
        await foh.until("ok", id=1)
        await foh.send(type="paste", id=9, values={FADER: 0.9, MAIN: 0.9})
        assert (await undo(foh))["type"] == "ok"
        await stands(fresh, FADER, 0.1)
        await stands(fresh, MAIN, 0.1)


async def changes_of(page: Hand, path: str, last: Value) -> AsyncIterator[Any]:
    """Give the changes of a param until it has its last value."""
    while True:
        frame = await page.until("changes")
        if path in frame["values"]:
            yield frame
            if frame["values"][path] == last:
                return

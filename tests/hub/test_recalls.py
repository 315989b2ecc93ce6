"""Recalls over real WebSockets: faded, paused, gone back from, cut short, on a console that comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from remote_mixer.app import App
from remote_mixer.desk.scenes import Head
from remote_mixer.desk.sources import console
from remote_mixer.hub.arrivals import PATIENCE_SECONDS
from tests.hub.scenes import MAIN, MUTE, NAME, SCENE, START, do, over, put, stored
from tests.hub.test_history import stands
from tests.support.people import host
from tests.support.presses import Presses
from tests.support.running import FADER, demo_console, joined, online, running
from tests.support.waiting import until


async def test_a_recall_sets_what_differs_and_one_tap_goes_back(fresh: App) -> None:
    sent: list[str] = []
    fresh.desk.change_listeners.append(lambda change: sent.extend(change.after))
    async with joined(fresh, "anne") as anne:
        number = await stored(fresh, anne, name="Ballad")
        preview = await do(anne, "preview", scene=number)
        assert preview["values"] == {FADER: [0.75, 0.5], MAIN: [0.75, 0.6], MUTE: [False, True]}
        assert fresh.desk.values[FADER] == 0.75, "a preview moves nothing"
        sent.clear()
        recall = (await do(anne, "recall", scene=number))["recall"]
        assert (await over(anne, recall["recall"]))["done"] == 3
        assert sorted(sent) == sorted([FADER, MAIN, MUTE]), "only differences are sent"
        assert {path: fresh.desk.values[path] for path in SCENE} == SCENE | {NAME: "Kick"}, "names stay"
        assert {path: demo_console(fresh).values[path] for path in (FADER, MAIN, MUTE)} == {
            path: SCENE[path] for path in (FADER, MAIN, MUTE)
        }
        back = await do(anne, "back")
        assert (back["move"]["cause"], back["skipped"]) == ("undo", [])
        await stands(fresh, FADER, 0.75)
        await stands(fresh, MUTE, False)
        await stands(fresh, MAIN, 0.75)
    fresh.desk.change_listeners.pop()


async def test_the_end_of_a_recall_from_which_somebody_has_gone_back_offers_no_way_back(fresh: App) -> None:
    async with joined(fresh, "anne") as anne, joined(fresh, "bob") as bob:
        recall = (await do(anne, "recall", scene=await stored(fresh, anne), fade=30))["recall"]
        await until(lambda: fresh.desk.values[MAIN] != 0.75)
        assert (await do(anne, "back"))["type"] == "ok"
        assert (await over(bob, recall["recall"]))["move"] is None
        assert (await do(bob, "list"))["recall"]["move"] is None


async def test_a_recall_is_one_move_that_undo_takes_back(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        number = await stored(fresh, anne)
        recall = (await do(anne, "recall", scene=number))["recall"]
        ended = await over(anne, recall["recall"])
        move = host(fresh).call("GET", "/history?limit=1").json["moves"][0]
        assert (move["id"], move["cause"], move["by"]["name"]) == (ended["move"], "recall", "Anne")
        assert move["values"] == {FADER: [0.75, 0.5], MAIN: [0.75, 0.6], MUTE: [False, True]}
        await anne.send(type="undo", id=5)
        assert (await anne.until("ok", id=5))["move"]["of"] == [ended["move"]]
        await stands(fresh, FADER, 0.75)
        await anne.send(type="redo", id=6)
        await anne.until("ok", id=6)
        await stands(fresh, FADER, 0.5)


async def test_what_another_person_moved_since_is_named_when_a_recall_goes_back(fresh: App) -> None:
    async with joined(fresh, "anne") as anne, joined(fresh, "bob") as bob:
        recall = (await do(anne, "recall", scene=await stored(fresh, anne)))["recall"]
        await over(anne, recall["recall"])
        await bob.send(type="set", id=1, values={FADER: 0.3})
        await bob.until("ok", id=1)
        (skipped,) = (await do(anne, "back"))["skipped"]
        assert (skipped["path"], skipped["by"]) == (FADER, "Bob")
        await stands(fresh, MAIN, 0.75)
        assert fresh.desk.values[FADER] == 0.3


async def test_a_fade_is_told_paused_and_finished_and_a_hand_has_its_fader(fresh: App) -> None:
    async with joined(fresh, "anne") as anne, joined(fresh, "bob") as bob:
        number = await stored(fresh, anne, fade=20)
        recall = (await do(anne, "recall", scene=number))["recall"]
        assert (await bob.until("fading", recall=recall["recall"]))["left"] > 15
        assert (await do(anne, "pause"))["recall"]["paused"]
        await bob.send(type="hold", path=MAIN)
        await bob.until("held", path=MAIN)
        assert not (await do(anne, "on"))["recall"]["paused"]
        await do(anne, "finish")
        ended = await over(anne, recall["recall"])
        assert list(ended["lost"]) == [MAIN]
        assert fresh.desk.values[MAIN] != 0.6
        assert (fresh.desk.values[FADER], fresh.desk.values[MUTE]) == (0.5, True)
        assert (await do(anne, "pause"))["code"] == "nothing"


async def test_a_recall_whose_fade_is_longer_than_a_minute_or_negative_moves_nothing(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        number = await stored(fresh, anne)
        for fade in (60.5, -1):
            answer = await do(anne, "recall", scene=number, fade=fade)
            assert (answer.get("code"), answer.get("text")) == ("bad-value", "A fade takes from 0 to 60 seconds.")
        assert {path: fresh.desk.values[path] for path in START} == START


async def test_undo_in_the_middle_of_a_fade_ends_it_and_goes_back(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        recall = (await do(anne, "recall", scene=await stored(fresh, anne), fade=30))["recall"]
        await until(lambda: fresh.desk.values[MAIN] != 0.75)
        await anne.send(type="undo", id=5)
        await anne.until("ok", id=5)
        assert (await over(anne, recall["recall"]))["move"] is None, "no way back is offered"
        await stands(fresh, MAIN, 0.75)
        await stands(fresh, FADER, 0.75)
        assert fresh.desk.values[MUTE] is False


async def test_two_recalls_at_once_the_later_wins_and_nothing_is_half(fresh: App) -> None:
    async with joined(fresh, "anne") as anne, joined(fresh, "bob") as bob:
        first = await stored(fresh, anne, fade=20)
        put(fresh, {FADER: 0.1, MAIN: 0.1})
        second = (await do(bob, "store"))["scene"]["id"]
        put(fresh, START)
        earlier = (await do(anne, "recall", scene=first))["recall"]["recall"]
        later = (await do(bob, "recall", scene=second))["recall"]["recall"]
        await over(bob, later)
        await do(anne, "finish")
        lost = (await over(anne, earlier))["lost"]
        assert {FADER, MAIN} <= lost.keys()
        assert (fresh.desk.values[FADER], fresh.desk.values[MAIN]) == (0.1, 0.1)


async def test_a_console_that_goes_in_the_middle_and_returns_is_gone_on_with(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        recall = (await do(anne, "recall", scene=await stored(fresh, anne), fade=2))["recall"]
        await until(lambda: fresh.desk.values[MAIN] != 0.75)
        fresh.loop.call_soon_threadsafe(demo_console(fresh).unplug)
        await until(lambda: fresh.desk.values["band/status"] == "offline")
        fresh.loop.call_soon_threadsafe(demo_console(fresh).plug)
        ended = await over(anne, recall["recall"])
        assert (ended["done"], ended["lost"]) == (3, {})
        assert (fresh.desk.values[FADER], fresh.desk.values[MAIN], fresh.desk.values[MUTE]) == (0.5, 0.6, True)


async def test_a_console_that_stays_away_ends_the_recall_which_says_how_far_it_came(
    fresh: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PATIENCE_SECONDS > 1
    monkeypatch.setattr("remote_mixer.hub.mover.PATIENCE_SECONDS", 0.2)
    async with joined(fresh, "anne") as anne:
        recall = (await do(anne, "recall", scene=await stored(fresh, anne), fade=20))["recall"]
        await until(lambda: fresh.desk.values[MAIN] != 0.75)
        fresh.loop.call_soon_threadsafe(demo_console(fresh).unplug)
        ended = await over(anne, recall["recall"])
        preview = await do(anne, "preview", scene=recall["scene"])
        fresh.loop.call_soon_threadsafe(demo_console(fresh).plug)
        assert ended["lost"].keys() == {FADER, MAIN, MUTE}
        assert ended["move"], "what it moved can be taken back"
        assert preview["counts"]["offline"] > 3


async def test_back_leads_the_set_list_back_and_an_earlier_moment_leaves_it_where_it_stands(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        scene = await stored(fresh, anne, name="Ballad")
        fresh.loop.call_soon_threadsafe(fresh.rooms.scenes.stand_at, 0)
        await over(anne, (await do(anne, "recall", scene=scene))["recall"]["recall"])
        assert (await do(anne, "list"))["current"] == scene
        assert (await do(anne, "back"))["type"] == "ok"
        assert (await do(anne, "list"))["current"] == 0, "the next GO is the same once more"
        await stands(fresh, FADER, 0.75)
        await over(anne, (await do(anne, "recall", scene=scene))["recall"]["recall"])
        moment = (await do(anne, "list"))["moments"][-1]["id"]
        await over(anne, (await do(anne, "recall", scene=moment))["recall"]["recall"])
        assert (await do(anne, "list"))["current"] == scene


async def test_go_twice_is_one_and_goes_through_the_set_list_in_order(
    fresh: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    presses = Presses(fresh, monkeypatch)
    async with joined(fresh, "anne") as anne:
        last = await stored(fresh, anne, number=9, name="Last")
        put(fresh, {FADER: 0.2})
        first = (await do(anne, "store", number=3, name="First"))["scene"]["id"]
        put(fresh, START)
        listed = await do(anne, "list")
        assert [head["name"] for head in listed["scenes"]] == ["First", "Last"]
        answers = await asyncio.gather(*(asyncio.to_thread(host(fresh).call, "POST", "/go", {}) for _ in range(2)))
        assert [(answer.status, answer.json["scene"]) for answer in answers] == [(200, first)] * 2
        await until(lambda: fresh.desk.values[FADER] == 0.2)
        presses.window_passes()
        assert (await do(anne, "go"))["scene"]["id"] == last
        await until(lambda: fresh.desk.values[FADER] == 0.5)
        presses.window_passes()
        assert (await do(anne, "go"))["code"] == "nothing"


async def test_a_go_after_another_goes_on_from_there_though_the_disk_is_slow(
    fresh: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second press comes while the first scene still waits for its moment."""
    scenes, keep, let = fresh.rooms.scenes, fresh.rooms.scenes.keep_moment, asyncio.Event()

    async def slow(name: str) -> int:
        while not let.is_set():  # noqa: ASYNC110 - the server's loop is another one than the test's
            await asyncio.sleep(0.001)
        return await keep(name)

    async with joined(fresh, "anne") as anne:
        await stored(fresh, anne, number=8, name="Last")
        put(fresh, {FADER: 0.2})
        await do(anne, "store", number=3, name="First")
        put(fresh, START)
        fresh.loop.call_soon_threadsafe(scenes.stand_at, 0)
        monkeypatch.setattr("remote_mixer.hub.recalls.GO_SECONDS", 0.0)
        monkeypatch.setattr(scenes, "keep_moment", slow)
        goes = []
        for _ in range(2):
            went = fresh.rooms.recalls._went
            goes.append(asyncio.create_task(asyncio.to_thread(host(fresh).call, "POST", "/go", {})))
            await until(lambda went=went: fresh.rooms.recalls._went is not went)  # type: ignore[misc] # mypy knows no default here
        let.set()
        assert sorted([(await go).json["name"] for go in goes]) == ["First", "Last"]


async def test_only_a_recall_that_ran_and_did_not_end_is_said_to_be_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is refused after its moment is kept, as all stands there by then; a fade ends with the server's own end."""
    with running(tmp_path) as app:
        await online(app)
        put(app, SCENE)
        number = host(app).call("POST", "/scenes", {"name": "Ballad"}).json["scene"]["id"]
        put(app, START)
        scenes, keep = app.rooms.scenes, app.rooms.scenes.keep_moment

        async def overtaken(name: str) -> int:
            moment = await keep(name)
            app.desk.set(SCENE, console("band"))
            return moment

        monkeypatch.setattr(scenes, "keep_moment", overtaken)
        refused = await asyncio.to_thread(host(app).call, "POST", f"/scenes/{number}/recall", {})
        assert refused.json["code"] == "nothing"
        assert scenes._moments()[-1].name == "Before “Ballad”"
    with running(tmp_path) as app:
        await online(app)
        assert app.rooms.recalls.cut_short == ""
        put(app, START)
        assert host(app).call("POST", f"/scenes/{number}/recall", {"fade": 60}).json["over"] is False
        (moment,) = app.rooms.scenes.begun()
    with running(tmp_path) as app:
        assert app.rooms.recalls.cut_short == ""
        killed = app.rooms.scene_table.change([replace(moment, begun=True)])
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(killed, app.loop))
    with running(tmp_path) as app:
        assert "Before “Ballad”" in app.rooms.recalls.cut_short


async def test_nobody_reads_that_a_recall_is_over_before_a_kill_would_leave_it_so(
    fresh: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk holds back the note of the end: a server killed now would say that the recall was cut short."""
    noted, let = fresh.rooms.scene_table.change, asyncio.Event()

    async def change(heads: Sequence[Head]) -> None:
        while not heads[0].begun and not let.is_set():  # noqa: ASYNC110 - the server's loop is another one than the test's
            await asyncio.sleep(0.001)
        await noted(heads)

    monkeypatch.setattr(fresh.rooms.scene_table, "change", change)
    async with joined(fresh, "anne") as anne:
        number = await stored(fresh, anne, name="Ballad")
        recall = (await do(anne, "recall", scene=number, fade=0.2))["recall"]
        await until(lambda: fresh.rooms.recalls.last is not None and fresh.rooms.recalls.last.is_over)
        assert (await do(anne, "list"))["recall"]["over"] is False
        assert host(fresh).call("GET", "/recall").json["over"] is False
        assert not [one for one in anne.heard if isinstance(one, dict) and one["type"] == "fading" and one["over"]]
        let.set()
        assert (await over(anne, recall["recall"]))["done"] == recall["of"]

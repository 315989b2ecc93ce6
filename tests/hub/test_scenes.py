"""Scenes over real WebSockets: stored, safe, kept by themselves, from files and from another console."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.desk.moments import BIN_SECONDS, EVERY_SECONDS
from remote_mixer.desk.params import Value
from remote_mixer.desk.scenes import MOST_VALUES, Content, Head
from remote_mixer.desk.sources import THE_SERVER, console
from remote_mixer.drivers.demo import Demo
from remote_mixer.simulator.simulator import Simulator
from tests.hub.scenes import MAIN, NAME, SCENE, START, do, over, put, stored
from tests.storage.test_trouble import REFUSE, TAKE
from tests.support.people import host, invited
from tests.support.running import FADER, demo_console, joined, online, running
from tests.support.waiting import until, until_answered


async def test_safes_and_scope_hold_and_a_scene_that_changes_nothing_says_why(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        number = await stored(fresh, anne)
        assert (await do(anne, "safe", strip="band/ch1", sections=["levels"]))["type"] == "ok"
        assert (await do(anne, "list"))["safes"] == {"band/ch1": ["levels"]}
        only = {"strips": ["band/ch1"], "sections": ["levels"]}
        refused = await do(anne, "recall", scene=number, scope=only)
        assert (refused["code"], "safe" in refused["text"]) == ("nothing", True)
        recall = (await do(anne, "recall", scene=number))["recall"]
        await over(anne, recall["recall"])
        assert (fresh.desk.values[FADER], fresh.desk.values[MAIN]) == (0.75, 0.6)
        await do(anne, "safe", strip="band/ch1", sections=[])
        names = {"sections": ["names"]}
        await over(anne, (await do(anne, "recall", scene=number, scope=names))["recall"]["recall"])
        assert fresh.desk.values[NAME] == "Snare"


async def test_before_each_recall_a_moment_is_kept_that_can_be_recalled(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        number = await stored(fresh, anne, name="Ballad")
        put(fresh, {FADER: 0.33})
        await over(anne, (await do(anne, "recall", scene=number))["recall"]["recall"])
        moment = (await do(anne, "list"))["moments"][-1]
        assert (moment["name"], moment["kind"]) == ("Before “Ballad”", "moment")
        await over(anne, (await do(anne, "recall", scene=moment["id"]))["recall"]["recall"])
        assert fresh.desk.values[FADER] == 0.33


async def test_while_somebody_moves_something_moments_are_kept_by_themselves_and_one_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = 0.05
    assert EVERY_SECONDS == 300
    monkeypatch.setattr("remote_mixer.hub.scenes.EVERY_SECONDS", period)

    def names(app: App) -> list[str]:
        return [head.name for head in app.rooms.scenes._moments()]

    with running(tmp_path) as app:
        await online(app)
        for count in (1, 2, 3):
            put(app, {FADER: 0.1 * count})
            await until(lambda count=count: names(app) == ["By itself"] * count)  # type: ignore[misc] # mypy knows no default here
            began = app.loop.time()
            await until(lambda began=began: app.loop.time() > began + 5 * period)  # type: ignore[misc] # as above
        assert names(app) == ["By itself"] * 3, "none while nothing moves"
        monkeypatch.undo()
        began = app.loop.time()
        await until(lambda: app.loop.time() > began + 5 * period)  # by then it waits its five minutes
        put(app, {FADER: 0.8})
    with running(tmp_path) as app:
        await online(app)
        assert names(app) == ["By itself"] * 3 + ["At the end"]
        values = host(app).call("GET", f"/scenes/{app.rooms.scenes._moments()[-1].id}").json["values"]
        assert values[FADER] == 0.8


async def test_a_scene_of_another_console_goes_to_the_strips_of_its_names_and_where_somebody_corrects(
    fresh: App,
) -> None:
    foreign: dict[str, Value] = {"old/ch5/name": "kick", "old/ch5/fader": 0.4, "old/main/fader": 0.6}
    foreign |= {"old/ch19/name": "Tuba", "old/ch19/fader": 0.2}
    loaded = host(fresh).call("POST", "/scenes", {"name": "Old tour", "values": foreign})
    number, tuba = loaded.json["scene"]["id"], "band/ch2/fader"
    async with joined(fresh, "anne") as anne:
        preview = await do(anne, "preview", scene=number)
        assert preview["match"] == {
            "old/ch5": {"name": "kick", "to": "band/ch1"},
            "old/ch19": {"name": "Tuba", "to": None},
            "old/main": {"name": "", "to": "band/main"},
        }
        assert preview["values"] == {FADER: [0.75, 0.4], MAIN: [0.75, 0.6]}
        assert preview["stays"].keys() == {"old/ch19/fader"}, "what does not fit is named"
        corrected = {"old/ch19": "band/ch2", "old/main": None}
        preview = await do(anne, "preview", scene=number, match=corrected)
        assert (preview["values"].keys(), preview["stays"]) == ({FADER, tuba}, {})
        refused = await do(anne, "recall", scene=number, match={"old/ch19": "band/ch99"})
        assert (refused["code"], refused["text"][:12]) == ("bad-value", "“band/ch99” ")
        assert (await do(anne, "recall", scene=number, match=["old"]))["code"] == "bad-frame"
        recall = await asyncio.to_thread(
            host(fresh).call, "POST", f"/scenes/{number}/recall", {"match": corrected, "scope": None}
        )
        await over(anne, recall.json["recall"])
        assert [fresh.desk.values[path] for path in (FADER, tuba, MAIN)] == [0.4, 0.2, 0.75]


async def test_an_update_keeps_the_former_version_in_the_bin(fresh: App) -> None:
    async with joined(fresh, "anne") as anne:
        number = await stored(fresh, anne, name="Ballad")
        before = len((await do(anne, "list"))["bin"])
        put(fresh, {FADER: 0.11})
        await do(anne, "update", scene=number, values=True, note="slower")
        listed = await do(anne, "list")
        assert listed["scenes"][0]["note"] == "slower"
        assert len(listed["bin"]) == before + 1
        values = host(fresh).call("GET", f"/scenes/{listed['bin'][-1]['id']}").json["values"]
        assert (values[FADER], host(fresh).call("GET", f"/scenes/{number}").json["values"][FADER]) == (0.5, 0.11)
        await do(anne, "delete", scene=number)
        assert (await do(anne, "restore", scene=number))["scene"]["deleted"] is None


async def test_an_update_keeps_what_is_not_known_now_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path, ("band", "demo:"), ("foh", "demo:")) as app:
        await online(app)
        await online(app, "foh")
        async with joined(app, "anne") as anne:
            put(app, {FADER: 0.5, "foh/ch1/fader": 0.4})
            number = (await do(anne, "store"))["scene"]["id"]
            before = host(app).call("GET", f"/scenes/{number}").json
            foh = app.drivers[1]
            assert isinstance(foh, Demo)
            app.loop.call_soon_threadsafe(foh.console.unplug)
            await until(lambda: app.desk.values["foh/status"] == "offline")
            put(app, {FADER: 0.6})
            updated = await do(anne, "update", scene=number, values=True)
            assert "foh/ch1/fader" in updated["unknown"]
            after = host(app).call("GET", f"/scenes/{number}").json
            assert after["values"] == before["values"] | {FADER: 0.6}
            assert (after["laws"], after["count"]) == (before["laws"], before["count"])
            monkeypatch.setattr("remote_mixer.desk.scenes.MOST_VALUES", 10)
            refused = await do(anne, "update", scene=number, values=True)
            assert (refused["code"], len((await do(anne, "list"))["bin"])) == ("bad-value", 1)


async def test_a_look_that_began_before_an_update_does_not_stand_for_the_scene_after_it(
    fresh: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, begun, let = fresh.rooms.scene_table.content, asyncio.Event(), asyncio.Event()

    async def slow(number: int) -> Content:
        content = await read(number)
        if not begun.is_set():
            begun.set()
            while not let.is_set():  # noqa: ASYNC110 - the server's loop is another one than the test's
                await asyncio.sleep(0.001)
        return content

    async with joined(fresh, "anne") as anne, joined(fresh, "bob") as bob:
        number = await stored(fresh, anne, name="Ballad")
        monkeypatch.setattr(fresh.rooms.scene_table, "content", slow)
        await bob.send(type="scene", id=5, do="preview", scene=number)
        await until(begun.is_set)
        put(fresh, {FADER: 0.11})
        assert (await do(anne, "update", scene=number, values=True))["type"] == "ok"
        let.set()
        await bob.until("preview", id=5)
        put(fresh, START)
        assert (await do(anne, "preview", scene=number))["values"] == {FADER: [0.75, 0.11]}


async def test_a_musician_has_no_scenes_of_the_crew(fresh: App) -> None:
    ann = invited(fresh, "musician", "band/bus2")
    async with joined(fresh, "anne") as anne, joined(fresh, "ann", ann.headers) as musician:
        number = await stored(fresh, anne)
        listed = await do(musician, "list")
        assert [listed[name] for name in ("scenes", "moments", "bin", "safes", "own")] == [[], [], [], {}, []]
        assert (await do(musician, "preview", scene=number))["code"] == "unknown-path"
        assert (await do(musician, "recall", scene=number))["code"] == "unknown-path"
        assert (await do(musician, "go"))["code"] == "forbidden"
        assert fresh.desk.values[FADER] == START[FADER]


@pytest.mark.parametrize(
    ("word", "more", "code"),
    [
        ("sing", {}, "bad-frame"),
        ("recall", {}, "bad-frame"),
        ("recall", {"scene": 10**9}, "unknown-path"),
        ("store", {"fade": "slow"}, "bad-frame"),
        ("store", {"fade": 61}, "bad-value"),
        ("store", {"color": "teal"}, "bad-value"),
        ("store", {"consoles": ["nowhere"]}, "bad-value"),
        ("store", {"consoles": [1]}, "bad-frame"),
        ("store", {"scope": {"sections": ["gain"]}}, "bad-value"),
        ("store", {"name": "x" * 61}, "bad-value"),
        ("safe", {"strip": "band/ch1", "sections": ["gain"]}, "bad-value"),
        ("safe", {"sections": []}, "bad-frame"),
    ],
)
async def test_bad_input_gets_a_sentence(fresh: App, word: str, more: dict[str, Any], code: str) -> None:
    async with joined(fresh, "anne") as anne:
        answer = await do(anne, word, **more)
        assert (answer["code"], len(answer["text"]) > 20) == (code, True)


@pytest.mark.parametrize("why", REFUSE)
async def test_a_disk_that_refuses_while_a_scene_is_saved_is_said_and_what_was_saved_is_whole(
    tmp_path: Path, why: str
) -> None:
    with running(tmp_path) as app:
        await online(app)
        put(app, SCENE)

        async def order(pragma: str) -> None:
            ordered = app.rooms._database._run(app.rooms._database._db.execute, pragma)
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(ordered, app.loop))

        async with joined(app, "anne") as anne:
            kept = [(await do(anne, "store", name="Before"))["scene"]["id"]]
            await order(REFUSE[why])
            while (answer := await do(anne, "store", name="More"))["type"] == "ok":  # until no free page is left
                kept.append(answer["scene"]["id"])
            assert why in answer["text"]
            assert why in (await do(anne, "update", scene=kept[0], name="Other", values=True))["text"]
            assert [head["id"] for head in (await do(anne, "list"))["scenes"]] == kept, "no page has what is not kept"
            put(app, START)
            recall = (await do(anne, "recall", scene=kept[0]))["recall"]
            assert (await over(anne, recall["recall"]))["done"] == 3, "the show goes on"
            assert (await do(anne, "back"))["type"] == "ok"
            await order(TAKE[why])
    with running(tmp_path) as app:
        scenes = host(app).call("GET", "/scenes").json["scenes"]
        assert [head["id"] for head in scenes] == kept
        for head in scenes:
            assert host(app).call("GET", f"/scenes/{head['id']}").json["values"].items() >= SCENE.items()


async def test_more_scenes_than_a_server_keeps_are_refused_until_one_is_deleted(
    fresh: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joined(fresh, "anne") as anne:
        first, last = await stored(fresh, anne, name="First"), await stored(fresh, anne, name="Last")
        kept = [head for head in fresh.rooms.scenes._heads.values() if head.deleted is None]
        monkeypatch.setattr("remote_mixer.hub.scenes.MOST_SCENES", len(kept))
        assert "Delete one first." in (await do(anne, "store", name="More"))["text"]
        assert (await do(anne, "update", scene=last, values=True))["type"] == "ok", "the show goes on"
        await do(anne, "delete", scene=first)
        values = dict.fromkeys(SCENE, 0.5)
        for of, fits in ((1, True), (2, False)):
            body = {"values": values, "of": of}
            checked = await asyncio.to_thread(host(fresh).call, "POST", "/scenes/check", body)
            assert (checked.status == 200) is fits, "a file of two has no room"
        assert (await do(anne, "store", name="More"))["type"] == "ok"
        assert "Delete one first." in (await do(anne, "restore", scene=first))["text"]


async def test_what_is_in_the_bin_for_thirty_days_goes_while_the_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remote_mixer.hub.scenes.EVERY_SECONDS", 0.05)
    with running(tmp_path) as app:
        await online(app)
        async with joined(app, "anne") as anne:
            old, young = await stored(app, anne), await stored(app, anne)
            await do(anne, "delete", scene=old)
            passed = BIN_SECONDS - 60
            monkeypatch.setattr(app.rooms.scenes, "_lived", lambda: time.time() + passed)
            await do(anne, "delete", scene=young)
            assert [head["id"] for head in (await do(anne, "list"))["bin"]] == [old, young]
            passed += 120
            while [head["id"] for head in (await anne.until("scenes"))["bin"]] != [young]:  # everybody is sent it
                pass
            assert (await do(anne, "restore", scene=old))["code"] == "unknown-path"
            assert (await do(anne, "restore", scene=young))["type"] == "ok"


async def test_somebody_at_the_console_moves_something_too_and_what_is_read_of_it_is_nobodys_move(fresh: App) -> None:
    scenes, there = fresh.rooms.scenes, demo_console(fresh)
    fresh.loop.call_soon_threadsafe(setattr, scenes, "_is_moved", False)
    fresh.loop.call_soon_threadsafe(fresh.desk.set, {"band/notice": "Hello"}, console("band"))
    fresh.loop.call_soon_threadsafe(fresh.desk.set, {NAME: None}, console("band"))
    fresh.loop.call_soon_threadsafe(fresh.desk.set, {NAME: "Kick"}, console("band"))
    await until(lambda: fresh.desk.values[NAME] == "Kick" and fresh.desk.values["band/notice"] == "Hello")
    assert not scenes._is_moved
    moved: dict[str, Value] = {MAIN: 0.31}
    fresh.loop.call_soon_threadsafe(there.move, moved)
    await until(lambda: scenes._is_moved)


async def test_a_scene_of_a_hundred_thousand_values_is_previewed_and_recalled(fresh: App) -> None:
    values: dict[str, Value] = {FADER: 0.1, **{f"old/ch{n}/fader": 0.5 for n in range(MOST_VALUES - 1)}}
    head = replace(fresh.rooms.scenes.head((await moment(fresh)).id), name="Big", count=len(values))
    kept = fresh.rooms.scenes._keep(head, Content(values, {}), THE_SERVER)
    big = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(kept, fresh.loop))
    async with joined(fresh, "anne") as anne:
        preview = await do(anne, "preview", scene=big.id, scope={"strips": ["band/ch1"]})
        assert preview["values"] == {FADER: [0.75, 0.1]}
        await over(anne, (await do(anne, "recall", scene=big.id))["recall"]["recall"])
        assert fresh.desk.values[FADER] == 0.1


async def moment(app: App) -> Head:
    """Keep a moment, and return its head."""
    kept = app.rooms.scenes.keep_moment("Now")
    number = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(kept, app.loop))
    return app.rooms.scenes.head(number)


async def test_values_from_outside_are_checked_whole(fresh: App) -> None:
    def load(values: object) -> int:
        return host(fresh).call("POST", "/scenes", {"name": "静か 🎸", "values": values}).status

    assert load({FADER: 0.4, "band/ch99/fader": 0.5, "else/where": None}) == 201
    assert load([]) == 400
    assert load({FADER: [1]}) == 422
    assert load({FADER: 10**400}) == 422
    assert load({"x" * 201: 0.5}) == 422
    number = host(fresh).call("GET", "/scenes").json["scenes"][-1]["id"]
    preview = host(fresh).call("POST", f"/scenes/{number}/preview", {}).json
    assert preview["values"] == {FADER: [0.75, 0.4]}
    assert preview["counts"]["missing"] == 2


def will(app: App, preview: str, count: int) -> bool:
    """Whether a preview names so many values that will move."""
    return bool(host(app).call("POST", preview, {}).json["counts"]["will"] == count)


async def test_a_consoles_own_file_brings_that_console_back_to_where_it_stood(tmp_path: Path) -> None:
    """A simulated X32 prints its scene; everybody moves things; the file is loaded and recalled."""
    async with Simulator("x32") as console:
        console.move("/ch/03/mix/fader", 0.4)
        printed = (console.console.text(node) for node in console.model.nodes if node.startswith(("/ch/", "/main/")))
        before = {one: value for one, value in console.values.items() if one.startswith(("/ch/", "/main/"))}
        text = '#4.0# "Soundcheck" "" %000000000 1\n' + "".join(line for line in printed if line)
        spec = f"x32://127.0.0.1:{console.address[1]}"
        with running(tmp_path, ("foh", spec)) as app:
            await online(app, "foh")
            for path, value in {"foh/ch3/fader": 0.1, "foh/ch9/mute": True, "foh/ch1/eq/2/gain": 0.1}.items():
                assert (
                    await asyncio.to_thread(host(app).call, "PUT", f"/params/{path}", {"value": value})
                ).status == 200
            await until(lambda: console.values["/ch/03/mix/fader"] != before["/ch/03/mix/fader"])
            loaded = (await asyncio.to_thread(host(app).call, "POST", "/scenes/file", {"text": text})).json
            assert (loaded["console"], loaded["scene"]["name"]) == ("foh", "Soundcheck")
            preview = f"/scenes/{loaded['scene']['id']}/preview"
            # On a busy machine an opening hands over what is read, and the rest comes later: from this very loop.
            await until_answered(lambda: asyncio.to_thread(will, app, preview, 3))
            recall = f"/scenes/{loaded['scene']['id']}/recall"
            assert (await asyncio.to_thread(host(app).call, "POST", recall, {})).status == 200
            await until(lambda: {one: console.values[one] for one in before} == pytest.approx(before, abs=6e-4))


async def test_scenes_safes_and_moments_are_still_there_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        await online(app)
        put(app, SCENE)
        made = host(app).call("POST", "/scenes", {"name": "Ballad"}).json["scene"]
        assert host(app).call("PUT", "/safes/band/ch1", {"sections": True}).status == 200
        app.loop.call_soon_threadsafe(app.rooms.scenes.mark, made["id"])
        scenes = app.rooms.scenes
        await until(lambda: scenes.current and not scenes._placed.is_set())  # kept at once, not only at the end
    with running(tmp_path) as app:
        await online(app)
        assert app.rooms.scenes.current == made["id"], "GO is the scene after it"
        listed = host(app).call("GET", "/scenes").json
        assert listed["scenes"] == [made]
        assert [moment["name"] for moment in listed["moments"]] == ["At the end"]
        assert "levels" in listed["safes"]["band/ch1"]
        assert host(app).call("GET", f"/scenes/{made['id']}").json["values"][FADER] == 0.5

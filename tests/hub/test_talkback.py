"""Talkback at the wire: a hand alone switches it, and it ends with the link of that hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from remote_mixer.app import App
from tests.hub.scenes import do, over
from tests.hub.test_history import undo
from tests.support.people import host, invited
from tests.support.running import Hand, joined, online
from tests.support.studio import running_studio
from tests.support.waiting import until

TALK, MUTE = "foh/talk/a", "foh/ch1/mute"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_studio(tmp_path_factory.mktemp("data")) as app:
        yield app


async def put(app: App, page: Hand, path: str, *, value: bool) -> None:
    await page.send(type="set", id=1, values={path: value})
    await until(lambda: app.desk.values[path] is value)


async def test_no_undo_redo_paste_or_recall_switches_talkback(studio: App) -> None:
    await online(studio, "foh")
    async with joined(studio, "anne") as anne:
        await put(studio, anne, MUTE, value=True)
        await put(studio, anne, TALK, value=True)
        assert (await undo(anne))["type"] == "ok"
        await until(lambda: studio.desk.values[MUTE] is False)
        assert studio.desk.values[TALK] is True
        await put(studio, anne, TALK, value=False)
        assert (await undo(anne, "redo"))["type"] == "ok"
        await until(lambda: studio.desk.values[MUTE] is True)
        await anne.send(type="paste", id=9, values={MUTE: False, TALK: True})
        assert [skipped["path"] for skipped in (await anne.until("ok", id=9))["skipped"]] == [TALK]
        await until(lambda: studio.desk.values[MUTE] is False)
        scene = host(studio).call("POST", "/scenes", {"values": {MUTE: True, TALK: True}}).json["scene"]["id"]
        await over(anne, (await do(anne, "recall", scene=scene))["recall"]["recall"])
        assert (studio.desk.values[MUTE], studio.desk.values[TALK]) == (True, False)


async def test_talkback_ends_when_its_client_leaves(studio: App) -> None:
    await online(studio, "foh")
    async with joined(studio, "anne") as anne:
        await put(studio, anne, TALK, value=True)
    await until(lambda: studio.desk.values[TALK] is False)


async def test_a_musician_has_no_talkback(studio: App) -> None:
    await online(studio, "foh")
    async with joined(studio, "bob", invited(studio, "musician", "foh/bus1").headers) as bob:
        await bob.send(type="set", id=3, values={TALK: True})
        assert (await bob.until("error", id=3))["code"] == "forbidden"

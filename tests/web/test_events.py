"""Server-sent events: what a script reads of the desk with one line of curl."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.desk.sources import CLIENT, Source
from tests.support.running import FADER, joined, running
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.web.test_api import call

README = Path(__file__).parents[2] / "README.md"
CURL_TIMED_OUT = 28
ANNE = Source(CLIENT, "anne", "Anne")


class Reader:
    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def event(self) -> Any:
        """Return the next event's object."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (line := await self._reader.readline()).startswith(b"data: "):
                assert line, "the stream has ended"
            return json.loads(line[6:])

    async def rest(self) -> bytes:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._reader.read()


@asynccontextmanager
async def events(app: App, paths: str) -> AsyncIterator[Reader]:
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    writer.write(f"GET /api/v1/events?paths={paths} HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\n\r\n".encode())
    try:
        yield Reader(reader)
    finally:
        writer.close()


def put(app: App, **values: float | bool) -> None:
    app.loop.call_soon_threadsafe(app.desk.set, {f"band/ch1/{local}": value for local, value in values.items()}, ANNE)


async def test_all_wanted_values_come_first_and_then_what_changes_with_its_text(app: App) -> None:
    put(app, fader=0.5)
    await until(lambda: app.desk.values[FADER] == 0.5)
    async with events(app, "band/ch1,band/main/fader") as stream:
        first = await stream.event()
        assert {path.rpartition("/")[0] for path in first["values"]} >= {"band/ch1", "band/main"}
        assert not any(path.startswith("band/ch2/") for path in first["values"])
        put(app, fader=0.75)
        event = await stream.event()
        assert (event["values"], event["texts"]) == ({FADER: 0.75}, {FADER: "0.0 dB"})
        app.loop.call_soon_threadsafe(app.desk.set, {"band/ch2/fader": 0.1}, ANNE)
        put(app, mute=True)
        assert (await stream.event())["values"] == {"band/ch1/mute": True}
        put(app, mute=False)


async def test_a_reader_that_leaves_is_no_client_any_more(app: App) -> None:
    async with events(app, "band/ch1") as stream:
        await stream.event()
        assert [client.name for client in app.hub.clients] == ["Events"]
    await until(lambda: len(app.hub.clients) == 0)


async def test_a_path_that_is_nothing_is_refused(app: App) -> None:
    assert call(app, "GET", "/api/v1/events?paths=band/ch99").status == 404


CALLS = re.findall(r"`(curl [^`]*\$URL[^`]*)`", README.read_text(encoding="utf-8"))


async def test_the_calls_of_the_readme_work_as_they_stand_there(app: App) -> None:
    assert len(CALLS) == 7
    async with joined(app, "page") as page:
        for name in ("Verse", "Chorus", "Bridge"):
            await page.send(type="scene", do="store", name=name, id=name)
            await page.until("ok", id=name)
        for call_ in CALLS:
            if "undo" not in call_:  # what another hand has moved since is not undone
                await page.send(type="set", values={FADER: 0.125})
                await until(lambda: app.desk.values[FADER] == 0.125)
            script = f'URL=http://127.0.0.1:{app.port}/api/v1; J="Content-Type: application/json"; {call_} -sf -m 2'
            done = await asyncio.create_subprocess_exec("sh", "-c", script, stdout=asyncio.subprocess.PIPE)
            said, _ = await done.communicate()
            is_stream = "events" in call_
            assert done.returncode == (CURL_TIMED_OUT if is_stream else 0), call_
            assert said.startswith(b"data: {" if is_stream else b"{"), call_


@pytest.mark.usefixtures("app")
async def test_a_server_that_stops_ends_its_streams(tmp_path: Any) -> None:
    with running(tmp_path) as other:
        async with events(other, "band") as stream:
            await stream.event()
            await asyncio.to_thread(other.stop)
            assert b"data: " not in await stream.rest()

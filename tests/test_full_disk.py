"""A disk that takes nothing while people come: they are in, it is said, and they are kept once it takes writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from remote_mixer.app import App
from tests.support.people import host, stranger
from tests.support.running import joined, running
from tests.support.waiting import until


async def order(app: App, pragma: str) -> None:
    """Let the database refuse or take writes."""
    database = app.rooms._database
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(database._run(database._db.execute, pragma), app.loop))


@pytest.mark.parametrize("gets_well", [True, False])
async def test_who_joins_on_a_disk_that_refuses_mixes_at_once_and_a_notice_says_how_long(
    tmp_path: Path, gets_well: bool
) -> None:
    with running(tmp_path) as app:
        await until(lambda: app.admission._records.settings.get("pin"))
        pin = str(app.admission.pin)
        await order(app, "PRAGMA query_only=ON")
        phone = stranger(app)
        answer = await asyncio.to_thread(phone.join, name="Anna", pin=pin)
        assert answer.status == 201
        await until(lambda: app.hub.notices)
        assert "join again after a restart" in app.hub.notices[-1]
        async with joined(app, "anna", phone.headers) as anna:
            await anna.send(type="set", id=1, values={"band/ch1/fader": 0.5})
            assert await anna.until("ok", id=1)
        assert (await asyncio.to_thread(host(app).call, "POST", "/pin", {})).status == 507
        assert app.admission.pin == pin
        if gets_well:
            await order(app, "PRAGMA query_only=OFF")
            await until(lambda: app.hub.notices == [] and not app.admission._records._unsaved)
    with running(tmp_path) as app:
        _, _, cookie = phone.headers["Cookie"].partition("=")
        assert bool(app.admission.of_cookie(cookie)) is gets_well
        assert (await asyncio.to_thread(stranger(app).join, name="Ben", pin=pin)).status == 201

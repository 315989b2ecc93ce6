"""Many hands over real links that get lost and come back: when all is quiet, everybody sees what the desk has."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from tests.support.model_page import DRAGS, ModelPage
from tests.support.running import demo_console, online, running
from tests.support.waiting import until

FADERS = ("band/ch1/fader", "band/ch2/fader")
PAGES = 6


@pytest.mark.parametrize("seed", range(3))
async def test_everybody_ends_where_the_desk_is(tmp_path: Path, seed: int) -> None:
    with running(tmp_path) as app:
        await online(app)
        pages = [ModelPage(app.port, f"page{n}", FADERS, random.Random(f"{seed} {n}")) for n in range(PAGES)]
        living = asyncio.gather(*(page.live() for page in pages))
        while not living.done():
            app.loop.call_soon_threadsafe(lambda: demo_console(app).move({FADERS[0]: round(random.random(), 5)}))
            await asyncio.sleep(0.05)
        await living
        await until(lambda: all({path: page.shows(path) for path in FADERS} == desk_has(app) for page in pages))
        assert all(page.resumed == DRAGS for page in pages)
        assert demo_console(app).values.items() >= desk_has(app).items()
        for page in pages:
            await page.go()
        for last in (0.1, 0.2):
            app.loop.call_soon_threadsafe(lambda last=last: demo_console(app).move({FADERS[0]: last}))  # type: ignore[misc]
            await until(lambda last=last: app.desk.values[FADERS[0]] == last)  # type: ignore[misc]
        for page in pages:
            await page.come()
            assert page.shows(FADERS[0]) == 0.2, "what is told on return is right by itself"
            await page.go()


def desk_has(app: App) -> dict[str, Any]:
    return {path: app.desk.values[path] for path in FADERS}

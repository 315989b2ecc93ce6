"""A console's own scene, recalled from here or at the desk: one move of the console's, which the crew puts back."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from remote_mixer.app import App
from remote_mixer.simulator.simulator import Simulator
from tests.support.people import host
from tests.support.running import online, running
from tests.support.waiting import until, until_answered

SCENE = 3
FADERS = [f"/ch/{n:02}/mix/fader" for n in range(1, 33)]
NEVER_KNOWN = re.compile(r"foh/(scene/current|aux\d/(gain|phantom))")
"""Auxiliary inputs have no preamplifier, and no scene has been recalled yet."""


def _known(app: App) -> dict[str, bool]:
    return {path: value is not None for path, value in app.desk.values.items()}


async def call(app: App, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    return (await asyncio.to_thread(host(app).call, method, path, body)).json


async def test_a_consoles_own_scene_is_one_move_of_many_controls_that_the_crew_puts_back(tmp_path: Path) -> None:
    async with Simulator("x32") as console:
        with running(tmp_path, ("foh", f"x32://127.0.0.1:{console.address[1]}")) as app:
            await online(app, "foh")
            await until(lambda: all(known or NEVER_KNOWN.fullmatch(path) for path, known in _known(app).items()))
            before = {address: console.values[address] for address in FADERS}
            assert await call(app, "POST", "/consoles/foh/recall", {"scene": SCENE}) is not None
            await until(lambda: sum(console.values[one] != before[one] for one in FADERS) > 3)
            moved = {one for one in FADERS if console.values[one] != before[one]}

            async def kept() -> dict[str, Any] | None:
                moves = (await call(app, "GET", "/history?limit=50&by=foh"))["moves"]
                return next((move for move in moves if len(move["values"]) > len(moved)), None)

            await until_answered(kept)
            move = await kept()
            assert move is not None
            assert (move["by"]["kind"], move["by"]["name"]) == ("console", "foh")
            back = await call(app, "POST", "/undo", {"move": move["id"]})
            assert not back["skipped"], back["skipped"][:3]
            await until(lambda: all(abs(float(console.values[one]) - float(before[one])) < 0.001 for one in moved))

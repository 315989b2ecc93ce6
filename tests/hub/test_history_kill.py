"""A server that is killed: whatever move it has told of, or acknowledged as an undo, is on the disk."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from remote_mixer.app import App
from remote_mixer.storage.database import Database
from remote_mixer.storage.moves import MoveTable
from tests.support.program import serve
from tests.support.running import FADER, Hand, joined

GESTURES = 40


async def gestures(page: Hand) -> set[int]:
    """Move a fader many times and undo every other move; return the numbers that were told."""
    for number in range(GESTURES):
        await page.send(type="hold", path=FADER)
        await page.send(type="set", id=2, values={FADER: number / 100})
        await page.send(type="release", path=FADER)
        await page.until("settle")
        if number % 2:
            await page.send(type="undo", id=9)
            page.heard.append(await page.until("ok", id=9))
    frames = [frame for frame in page.heard if isinstance(frame, dict)]
    told = {move["id"] for frame in frames if frame["type"] == "moves" for move in frame["moves"]}
    return told | {frame["move"]["id"] for frame in frames if "move" in frame}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")
async def test_no_move_that_was_told_is_lost_by_kill_9(tmp_path: Path) -> None:
    with serve(tmp_path) as program:
        there = cast("App", SimpleNamespace(port=int(program.url().rpartition(":")[2])))
        async with joined(there, "anne") as page:
            await online(page)
            await page.send(type="history", on=True, limit=0)
            numbers = await gestures(page)
            program.stop(signal.SIGKILL)
    database = Database.open(tmp_path)
    kept, _ = MoveTable(database).newest(10**6, 10**6)
    await database.close()
    assert len(numbers) > GESTURES
    assert numbers <= {move.id for move in kept}


async def online(page: Hand) -> None:
    """Wait until the console takes a set."""
    while True:
        await page.send(type="set", id=1, values={FADER: 0.5})
        answer: Any = await page.next()
        while not isinstance(answer, dict) or answer.get("id") != 1:
            answer = await page.next()
        if answer["type"] == "ok":
            return
        assert answer["code"] in ("offline", "unknown-path"), json.dumps(answer)

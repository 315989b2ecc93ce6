"""Scenes of the tests of this folder: where the controls stand, what is asked, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remote_mixer.app import App
from remote_mixer.desk.params import Value
from tests.support.people import host
from tests.support.running import FADER, Hand

MAIN, MUTE, NAME = "band/main/fader", "band/ch1/mute", "band/ch1/name"
START: dict[str, Value] = {FADER: 0.75, MAIN: 0.75, MUTE: False, NAME: "Kick"}
SCENE: dict[str, Value] = {FADER: 0.5, MAIN: 0.6, MUTE: True, NAME: "Snare"}


def put(app: App, values: Mapping[str, Value]) -> None:
    for path, value in values.items():
        assert host(app).call("PUT", f"/params/{path}", {"value": value}).status == 200


async def do(page: Hand, word: str, **more: Any) -> Any:
    """Return the answer to a frame about scenes."""
    await page.send(type="scene", id=9, do=word, **more)
    while True:
        frame = await page.next()
        if isinstance(frame, dict) and frame.get("id") == 9 and frame["type"] in ("ok", "error", "preview", "scenes"):
            return frame
        page.heard.append(frame)


async def over(page: Hand, recall: int) -> Any:
    """Return the last state of a recall."""
    for frame in page.heard:
        if isinstance(frame, dict) and frame["type"] == "fading" and frame["recall"] == recall and frame["over"]:
            return frame
    return await page.until("fading", recall=recall, over=True)


async def stored(app: App, page: Hand, **more: Any) -> int:
    """Store SCENE, bring everything back to START, and return the scene's number."""
    put(app, SCENE)
    answer = await do(page, "store", **more)
    assert answer["type"] == "ok", answer
    put(app, START)
    return int(answer["scene"]["id"])

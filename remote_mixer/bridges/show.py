"""Show: undo, the set list and recalls, as programs of every bridge ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from remote_mixer.desk.change import Cause
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.hub.history import Wanted
from remote_mixer.hub.messages import SceneDone
from remote_mixer.hub.scene_frames import SceneDesk
from remote_mixer.people.caller import CREW, refusal_text

STEERS = ("go", "back", "pause", "on", "finish")
"""Words that go through the set list, or steer the newest recall."""
UNKNOWN_TEXT = "There is no such scene: recall by name or number."


@dataclass(frozen=True, eq=False)
class Show:
    """Undo and scenes for sources whose rights are known. Each method may wait for the disk, and raises Refusal."""

    scenes: SceneDesk

    async def take_back(self, cause: Cause, source: Source) -> tuple[int, int]:
        """Undo or redo the source's own last move; return the number of params that moved, and that others have kept.

        cause  UNDO or REDO
        """
        history = self.scenes.history
        plan = await history.plan(cause, source, Wanted())
        await history.kept(history.carry_out(plan, source))
        return len(plan.values), len(plan.skipped)

    async def recall(self, wanted: object, fade: object, source: Source) -> str:
        """Recall a scene by its name or number, with a fade in seconds or, for None, its own; return its name."""
        check_crew(source.role)
        frame = {"do": "recall", "scene": self._scene(wanted)}
        return await self._answer(frame if fade is None else frame | {"fade": fade}, source)

    async def steer(self, word: str, source: Source) -> str:
        """Carry out one of STEERS; return the name of the scene."""
        check_crew(source.role)
        return await self._answer({"do": word}, source)

    async def _answer(self, frame: dict[str, Any], source: Source) -> str:
        done = await self.scenes.answer(frame, source, None)
        return str(done.scene["name"]) if isinstance(done, SceneDone) and done.scene else ""

    def _scene(self, wanted: object) -> int:
        found = [
            head.id
            for head in self.scenes.scenes.set_list()
            if wanted and wanted in (head.name, head.number, f"id={head.id}")
        ]
        if len(found) != 1:
            text = f"There are {len(found)} scenes “{str(wanted)[:40]}”: use the number." if found else UNKNOWN_TEXT
            raise Refusal(Code.UNKNOWN_PATH, text)
        return found[0]


def check_crew(role: str) -> None:
    """Raise Refusal `forbidden` for a role that is not of the crew."""
    if role not in CREW:
        raise Refusal(Code.FORBIDDEN, refusal_text(role, CREW))

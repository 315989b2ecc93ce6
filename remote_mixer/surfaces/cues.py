"""Cues of a surface: its own undo and redo, and the steps of the set list. They may wait for the disk."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from remote_mixer.desk.change import Cause
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.hub.conversation import Spawn
from remote_mixer.hub.history import Wanted
from remote_mixer.hub.messages import Message, SceneDone
from remote_mixer.hub.scene_frames import SceneDesk

CAUSES = {"undo": Cause.UNDO, "redo": Cause.REDO}
NO_SCENE_TEXT = "No scene {}"


@dataclass(frozen=True)
class Cues:
    """Cues of one hand.

    source  returns who it is to the desk
    spawn   runs work that may wait for the disk
    say     shows a short text to the person at the surface
    """

    scenes: SceneDesk
    source: Callable[[], Source]
    spawn: Spawn
    say: Callable[[str], None]

    def run(self, word: str, about: str) -> None:
        """Begin a cue; its result or refusal is shown."""
        self.spawn(self._guarded(word, about), self.say)

    async def _guarded(self, word: str, about: str) -> None:
        try:
            await self._carry_out(word, about)
        except Refusal as refusal:
            self.say(refusal.text)

    def _carry_out(self, word: str, about: str) -> Coroutine[Any, Any, None]:
        if word in CAUSES:
            return self._take_back(word)
        frame = {"do": "recall", "scene": self._scene(int(about))} if about else {"do": word}
        return self._steer(word, frame)

    async def _take_back(self, word: str) -> None:
        history, source = self.scenes.history, self.source()
        plan = await history.plan(CAUSES[word], source, Wanted())
        history.carry_out(plan, source)
        self.say(f"{word.capitalize()}: {len(plan.values)} controls")

    async def _steer(self, word: str, frame: dict[str, Any]) -> None:
        done: Message = await self.scenes.answer(frame, self.source(), None)
        name = done.scene["name"] if isinstance(done, SceneDone) and done.scene else ""
        self.say(f"{word.capitalize()} {name}")

    def _scene(self, number: int) -> int:
        found = [head.id for head in self.scenes.scenes.set_list() if head.number == number]
        if len(found) != 1:
            raise Refusal(Code.UNKNOWN, NO_SCENE_TEXT.format(number))
        return found[0]

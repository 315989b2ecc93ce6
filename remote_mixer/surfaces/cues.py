"""Cues of a surface: its own undo and redo, and the steps of the set list. They may wait for the disk."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from remote_mixer.desk.change import Cause
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.hub.conversation import Spawn

CAUSES = {"undo": Cause.UNDO, "redo": Cause.REDO}


class Show(Protocol):
    """Undo and scenes, as another room has them for programs. Each method may wait, and raises Refusal."""

    async def take_back(self, cause: Cause, source: Source) -> tuple[int, int]:
        """Undo or redo the source's own last move; return the number of params that moved, and that others kept."""

    async def recall(self, wanted: object, fade: object, source: Source) -> str:
        """Recall a scene by its name or number, with its own fade for None; return its name."""

    async def steer(self, word: str, source: Source) -> str:
        """Go through the set list, or steer the newest recall; return the name of the scene."""


@dataclass(frozen=True)
class Cues:
    """Cues of one hand.

    source  returns who it is to the desk
    spawn   runs work that may wait for the disk
    say     shows a short text to the person at the surface
    """

    show: Show
    source: Callable[[], Source]
    spawn: Spawn
    say: Callable[[str], None]

    def run(self, word: str, about: str) -> None:
        """Begin a cue; its result or refusal is shown."""
        self.spawn(self._guarded(word, self._carry_out(word, about)), self.say)

    async def _guarded(self, word: str, work: Coroutine[Any, Any, str]) -> None:
        try:
            self.say(f"{word.capitalize()} {await work}")
        except Refusal as refusal:
            self.say(refusal.text)

    def _carry_out(self, word: str, about: str) -> Coroutine[Any, Any, str]:
        if word in CAUSES:
            return self._take_back(CAUSES[word])
        return self.show.recall(int(about), None, self.source()) if about else self.show.steer(word, self.source())

    async def _take_back(self, cause: Cause) -> str:
        moved, kept = await self.show.take_back(cause, self.source())
        return f"{moved} moved" + (f", {kept} kept by others" if kept else "")

"""The console's own scenes and solos: recalled and cleared on request; a mark when the console recalls by itself."""

from __future__ import annotations

import asyncio

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.timing import soon

TRIES = 3
ANSWER_SECONDS = 1.0
"""Time for the question which scene stands to be asked again and answered, so that no recall is sent twice in doubt."""


class Recalls:
    """Recalls scenes; hears of those that the console recalled."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._scenes = talk.book.family.scenes
        self._ours: int | None = None
        self._one = asyncio.Lock()
        self.current: Value = None

    async def recall(self, scene: int) -> None:
        """Have the console recall a scene; DriverError where it does not.

        It is asked for once more only where the console says that it stands at another scene: a scene that stands is
        not put back twice, for somebody may have moved a fader meanwhile.
        """
        async with self._one:
            if not await self._recalled(scene):
                self._ours = None
                raise DriverError(f"The console did not recall scene {scene}: see whether it holds one, and try again.")

    async def _recalled(self, scene: int) -> bool:
        if self._stands(scene):  # it is put back as it was stored; that it arrived shows in what the console then says
            self._talk.line.send(self._scenes.recall, scene)
            return True
        self._ours = scene
        for _ in range(TRIES):
            self._talk.line.send(self._scenes.recall, scene)
            self._talk.ask_first(self._scenes.current)
            if await soon(lambda: self._stands(scene), ANSWER_SECONDS):
                return True
        return False

    def _stands(self, scene: int) -> bool:
        return self._talk.book.standing.get(self._scenes.current) == scene

    def told(self, current: Value) -> str | None:
        """Take the number of the current scene; return a word for people, empty for a recall of ours, None for none."""
        if current is None or current == self.current:
            return None
        former, self.current = self.current, current
        if former is None or not isinstance(current, float) or current < 0:
            return None
        if current == self._ours:
            self._ours = None
            return ""
        name = self._talk.book.values.get(f"scene/{current:.0f}/name")
        return f"The console recalled scene {current:.0f}{f' “{name}”' if name else ''}."

    def clear_solo(self) -> list[str]:
        """End all solos by the console's command, if it has one; return the paths of those to switch off singly."""
        book = self._talk.book
        solos = [path for path in book.by_path if path.endswith("/solo")]
        if book.family.clear:
            self._talk.line.send(book.family.clear, 1)
            self._talk.ask(book.by_path[path].address for path in solos)
        return [path for path in solos if self._talk.newest(path)]

"""The console's own scenes and solos: recall and clear on request, notice of a recall at the console."""

from __future__ import annotations

import asyncio

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.timing import soon

TRIES = 3
ANSWER_SECONDS = 1.0
"""Time for the answer to which scene is current, with retries, so that no recall is sent twice in doubt."""


class Recalls:
    """Recalls scenes, and detects recalls made at the console."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._scenes = conversation.addresses.family.scenes
        self._ours: int | None = None
        self._one = asyncio.Lock()
        self.current: Value = None

    async def recall(self, scene: int) -> None:
        """Have the console recall a scene; DriverError where it does not.

        The recall is repeated only where the console reports another current scene: a scene that is current is not
        restored twice, because somebody may have moved a fader meanwhile.
        """
        async with self._one:
            if not await self._recalled(scene):
                self._ours = None
                raise DriverError(f"The console did not recall scene {scene}: see whether it holds one, and try again.")

    async def _recalled(self, scene: int) -> bool:
        if self._stands(scene):  # restored as it was stored; the values that the console then sends show it
            self._conversation.line.send(self._scenes.recall, scene)
            return True
        self._ours = scene
        for _ in range(TRIES):
            self._conversation.line.send(self._scenes.recall, scene)
            self._conversation.ask_first(self._scenes.current)
            if await soon(lambda: self._stands(scene), ANSWER_SECONDS):
                return True
        return False

    def _stands(self, scene: int) -> bool:
        return self._conversation.addresses.arguments.get(self._scenes.current) == scene

    def note(self, current: Value) -> str | None:
        """Record the current scene's number; return a notice, "" after our own recall, None where it is the same."""
        if current is None or current == self.current:
            return None
        former, self.current = self.current, current
        if former is None or not isinstance(current, float) or current < 0:
            return None
        if current == self._ours:
            self._ours = None
            return ""
        name = self._conversation.addresses.values.get(f"scene/{current:.0f}/name")
        return f"The console recalled scene {current:.0f}{f' “{name}”' if name else ''}."

    def clear_solo(self) -> list[str]:
        """End all solos by the console's command, if it has one; return the paths of those to switch off singly."""
        addresses = self._conversation.addresses
        solos = [path for path in addresses.by_path if path.endswith("/solo")]
        if addresses.family.clear:
            self._conversation.line.send(addresses.family.clear, 1)
            self._conversation.ask(addresses.by_path[path].address for path in solos)
        return [path for path in solos if self._conversation.newest(path)]

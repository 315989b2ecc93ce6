"""The console's own scenes and solos: recall and clear on request, notice of a recall at the console.

An X Air tells which snapshot it loaded or saved last. An X32 tells only which line is highlighted, which anyone may
move: there a recall is known by the many values that change at once, and by nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.osc_line import soon

CURRENT = "scene/current"
TRIES = 3
ANSWER_SECONDS = 1.0
"""Time for the answer to which scene is current, with retries, so that no recall is sent twice in doubt."""
STORM_SECONDS = 1.0
"""Time within which the values of a recalled scene arrive."""
FEW = 8
"""Number of values pushed after our own recall that show that it was done: more than hands move meanwhile."""
PAUSE_SECONDS = 0.2
"""A silence this long after the first values of a recall is its end."""
MANY_CHANGED = "Many values changed at the console at once, as when it recalls a scene."


class Storm:
    """Counts the addresses that the console pushed within the last second. No clock; callers pass the time."""

    def __init__(self) -> None:
        self._pushed: dict[str, float] = {}

    def push(self, address: str, now: float) -> int:
        """Record a push; return the count."""
        self._pushed.pop(address, None)
        self._pushed[address] = now
        while (first := next(iter(self._pushed))) and self._pushed[first] < now - STORM_SECONDS:
            del self._pushed[first]
        return len(self._pushed)


class Own:
    """The values that the console pushes for a recall of ours: each address once, without a long pause.

    What comes again, or after the pause, is somebody else's recall, however soon it follows. No clock.
    """

    def __init__(self, until: float) -> None:
        self._until = until
        self._pushed: set[str] = set()
        self._at = until

    def take(self, address: str, now: float) -> bool:
        """Return whether a push belongs to the recall."""
        if self.is_shown and now > self._at + PAUSE_SECONDS:
            self._until = self._at
        if now > self._until or address in self._pushed:
            return False
        self._pushed.add(address)
        self._at = now
        return True

    @property
    def is_shown(self) -> bool:
        """Whether so many values came that the recall was done."""
        return len(self._pushed) >= FEW


class Recalls:
    """Recalls scenes, and detects recalls made at the console.

    changed  takes values that this class finds out, by path
    """

    def __init__(self, conversation: Conversation, changed: Callable[[Mapping[str, Value]], None]) -> None:
        self._conversation = conversation
        self._changed = changed
        self._scenes = conversation.addresses.family.scenes
        self._ours: int | None = None
        self._one = asyncio.Lock()
        self._storm = Storm()
        self._stormy = False
        self._own = Own(-STORM_SECONDS)
        self._clock = conversation.clock.time

    async def recall(self, scene: int) -> str:
        """Have the console recall a scene; return a notice for people, DriverError where it does not."""
        async with self._one:
            return await (self._recall_reported(scene) if self._scenes.current else self._recall_unreported(scene))

    async def _recall_reported(self, scene: int) -> str:
        """Recall a scene of a console that tells the current one.

        The recall is repeated only where the current scene has stayed the one before: a scene that is current is not
        restored twice, because somebody may have moved a fader meanwhile, and another one is somebody's own recall.
        """
        before = self._reported
        if before == scene:  # restored as it was stored; the values that the console then sends show it
            self._conversation.line.send(self._scenes.recall, scene)
            return ""
        self._ours = scene
        for _ in range(TRIES):
            self._conversation.line.send(self._scenes.recall, scene)
            self._conversation.ask_first(self._scenes.current)
            if await soon(lambda: self._reported == scene, ANSWER_SECONDS):
                return ""
            if self._reported != before:
                break
        self._ours = None
        raise DriverError(f"The console did not recall scene {scene}: see whether it holds one, and try again.")

    @property
    def _reported(self) -> Value:
        """The current scene's number, as the console told it last."""
        number = self._conversation.addresses.arguments.get(self._scenes.current)
        return number if isinstance(number, int) else None

    async def _recall_unreported(self, scene: int) -> str:
        """Recall a scene of a console that does not tell the current one: sent once, and shown by what changes."""
        self._own, self._storm, self._stormy = Own(self._clock() + 2 * STORM_SECONDS), Storm(), False
        self._conversation.line.send(self._scenes.recall, scene)
        shown = await soon(lambda: self._own.is_shown, STORM_SECONDS)
        if shown or self._current == scene:
            self._set_current(scene)
            return ""
        self._set_current(None)
        return (
            f"Scene {scene} was sent to the console, which has shown no change since: see there whether it is the"
            " current one, and recall it again if not."
        )

    @property
    def _current(self) -> Value:
        return self._conversation.addresses.values.get(CURRENT)

    def _set_current(self, scene: int | None) -> None:
        self._conversation.addresses.values[CURRENT] = scene
        self._changed({CURRENT: scene})

    def pushed(self, address: str) -> str:
        """Record a value that the console pushed; return a notice where many at once are somebody's recall."""
        now = self._clock()
        if self._scenes.current or self._own.take(address, now):
            return ""
        was, self._stormy = self._stormy, self._storm.push(address, now) > self._conversation.timing.storm
        if was or not self._stormy:
            return ""
        self._set_current(None)
        return MANY_CHANGED

    def note(self, before: Value, now: Value) -> str | None:
        """Return the notice of another current scene, "" after our own recall, None where it is no news."""
        if not self._scenes.current or before is None or not isinstance(now, int | float) or now in {before, -1}:
            return None
        if now == self._ours:
            self._ours = None
            return ""
        name = self._conversation.addresses.values.get(f"scene/{now:.0f}/name")
        return f"The console recalled or saved scene {now:.0f}{f' “{name}”' if name else ''}."

    def clear_solo(self) -> list[str]:
        """End all solos by the console's command; return the paths of those to switch off singly, should it be lost."""
        addresses = self._conversation.addresses
        solos = [path for path in addresses.by_path if path.endswith("/solo")]
        self._conversation.line.send(addresses.family.clear, 1)
        self._conversation.ask(addresses.by_path[path].address for path in solos)
        return [path for path in solos if self._conversation.newest(path)]

"""Frames about scenes: each `do` of a `scene` frame, and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from remote_mixer.desk import paths
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.scenes import NAME, NOTE, ConsoleScene, Head
from remote_mixer.desk.sources import Source
from remote_mixer.hub import own_scenes
from remote_mixer.hub.fields import typed, whole
from remote_mixer.hub.history import HistoryHandler, Wanted
from remote_mixer.hub.messages import Done, Id, Message, SceneDone, ScenePreview
from remote_mixer.hub.recalls import Recall, RecallHandler
from remote_mixer.hub.scenes import SceneHandler
from remote_mixer.people.caller import CREW

Frame = Mapping[str, Any]
MOST_WORD = 20


@dataclass(frozen=True, slots=True)
class SceneDesk:
    """Handlers that carry out frames about scenes.

    read_file  returns the scene in a console's own file; ValueError with a sentence for another file
    """

    scenes: SceneHandler
    recalls: RecallHandler
    history: HistoryHandler
    rev: Callable[[], int]
    read_file: Callable[[str], ConsoleScene]

    async def load_file(self, text: str, source: Source) -> tuple[Head, ConsoleScene]:
        """Keep the scene in a console's own file as a new one; Refusal where it is none."""
        try:
            found = await asyncio.to_thread(self.read_file, text)
        except ValueError as fault:
            raise Refusal(Code.BAD_VALUE, str(fault)) from fault
        fields = {"note": found.note[: NOTE.length], "values": dict(found.values)}
        head, _ = await self.scenes.load(source, fields | ({"name": found.name[: NAME.length]} if found.name else {}))
        return head, found

    async def answer(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 the wire's word
        """Carry out a frame and return the answer; Refusal where it cannot be done."""
        word = typed(frame, "do", str, MOST_WORD)
        if word not in DO:
            raise Refusal(Code.BAD_FRAME, f"“do” is one of {', '.join(DO)}, not “{word}”.")
        if word not in own_scenes.WORDS:
            own_scenes.check_crew(source)
        return await DO[word](self, frame, source, id)

    def _done(self, id: Id, head: Head | None = None, unknown: list[str] | None = None) -> SceneDone:  # noqa: A002 as above
        return SceneDone(id, self.rev(), head.as_json() if head else None, unknown or [])

    def _recalled(self, id: Id, recall: Recall) -> SceneDone:  # noqa: A002 as above
        return SceneDone(id, self.rev(), recall.head.as_json(), [], self.recalls.as_json(recall))

    async def send_list(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Return the list of scenes, and the newest recall: the way back from it outlives a page's reload."""
        last = self.recalls.last if source.role in CREW else None
        state = self.recalls.as_json(last) if last else None
        return replace(self.scenes.message(id, source), recall=state)

    async def store(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Store the present values."""
        return self._done(id, *await self.scenes.store(source, frame))

    async def update(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Change a scene."""
        return self._done(id, *await self.scenes.update(source, _scene(frame), frame))

    async def delete(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Put a scene into the bin."""
        return self._done(id, await self.scenes.delete(source, _scene(frame)))

    async def restore(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Take a scene out of the bin."""
        return self._done(id, await self.scenes.restore(source, _scene(frame)))

    async def mark(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Set where the set list stands."""
        self.scenes.mark(_scene(frame))
        return self._done(id)

    async def set_safe(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Set a strip's safe."""
        await self.scenes.set_safe(typed(frame, "strip", str, paths.MOST_LENGTH), frame.get("sections"))
        return self._done(id)

    async def preview(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Return what a recall would change."""
        found = await self.recalls.preview(source, _scene(frame), frame)
        return ScenePreview(id, _scene(frame), **found.as_json())

    async def recall(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Begin a recall."""
        return self._recalled(id, await self.recalls.recall(source, _scene(frame), frame))

    async def go(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Recall the next scene."""
        return self._recalled(id, await self.recalls.go(source, frame))

    async def pause(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Let the newest recall rest."""
        return self._recalled(id, self.recalls.pause())

    async def go_on(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Let the newest recall go on."""
        return self._recalled(id, self.recalls.go_on())

    async def finish(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Bring the newest recall to its end."""
        return self._recalled(id, self.recalls.finish())

    async def go_back(self, frame: Frame, source: Source, id: Id) -> Message:  # noqa: A002 as above
        """Go back to where all stood before the newest recall."""
        plan, move = await self.recalls.back(source, Wanted.of(frame))
        await self.history.kept(move)
        skipped = [one.as_json() for one in plan.skipped]
        return Done(id, self.rev(), self.history.as_json(move, source), skipped)


def _scene(frame: Frame) -> int:
    number = whole(frame, "scene")
    if number is None:
        raise Refusal(Code.BAD_FRAME, "“scene” has to be the number of a scene.")
    return number


Do = Callable[[SceneDesk, Frame, Source, Id], Awaitable[Message]]
DO: dict[str, Do] = {
    "list": SceneDesk.send_list,
    "store": SceneDesk.store,
    "update": SceneDesk.update,
    "delete": SceneDesk.delete,
    "restore": SceneDesk.restore,
    "mark": SceneDesk.mark,
    "safe": SceneDesk.set_safe,
    "preview": SceneDesk.preview,
    "recall": SceneDesk.recall,
    "go": SceneDesk.go,
    "pause": SceneDesk.pause,
    "on": SceneDesk.go_on,
    "finish": SceneDesk.finish,
    "back": SceneDesk.go_back,
}

"""Messages to the mixer: sets of params, scenes and undo."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from dataclasses import dataclass

from remote_mixer.bridges.mqtt.values import exact_value, text_of, typed_value
from remote_mixer.bridges.show import STEERS, Show
from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.mqtt.topics import SET, VALUE

RECALL, UNDO, REDO = "scene/recall", "undo", "redo"
STEER = {f"scene/{word}": word for word in STEERS}
COMMANDS = (*STEER, RECALL, UNDO, REDO)
"""Names of the topics that do something, beside those that end in `/set`."""
RECALL_TEXT = 'This topic takes a scene\'s name or number, or JSON as {"scene": "Chorus", "fade": 5}.'
KEPT_TEXT = "The broker had kept this message: it is left out, and may be old. Publish it without “retain”."


@dataclass(frozen=True, eq=False)
class Commands:
    """Messages carried out for a source whose rights are known."""

    desk: Desk
    show: Show

    def set_path(self, name: str) -> str | None:
        """Return the path that a topic's name sets, None for a command."""
        return name.removesuffix(SET).removesuffix(VALUE) if name.endswith(SET) else None

    def set(self, name: str, payload: bytes, source: Source) -> None:
        """Set a param by a text as people type it, or on `…/value/set` by JSON; Refusal where that cannot be."""
        path, text = name.removesuffix(SET), text_of(payload)
        is_exact = path.endswith(VALUE)
        path = path.removesuffix(VALUE)
        param, layout = self.desk.param(path), self.desk.layouts[paths.console_of(path)]
        self.desk.set({path: exact_value(param, text) if is_exact else typed_value(param, layout, text)}, source)

    def command(self, name: str, payload: bytes, source: Source) -> Awaitable[object]:
        """Return the work of a command, which may wait for the disk; Refusal where it has another form."""
        if name in STEER:
            return self.show.steer(STEER[name], source)
        if name == RECALL:
            return self.show.recall(*_scene_and_fade(text_of(payload)), source)
        return self.show.take_back(Cause.UNDO if name == UNDO else Cause.REDO, source)


def _scene_and_fade(text: str) -> tuple[str, object]:
    """Return a scene's name or number, and its fade; Refusal `bad-value` for another form."""
    if not text.lstrip().startswith("{"):
        return text.strip(), None
    try:
        match json.loads(text):
            case {"scene": str() | int() as scene, **rest} if rest.keys() <= {"fade"}:
                return str(scene), rest.get("fade")
    except (ValueError, RecursionError):
        pass
    raise Refusal(Code.BAD_VALUE, RECALL_TEXT)

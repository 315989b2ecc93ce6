"""A change: new values of params, with their source, their cause and the former values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from remote_mixer.desk import sources
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source


class Cause(Enum):
    """Reason for a change."""

    HAND = "hand"
    CONSOLE = "console"
    SERVER = "server"
    UNDO = "undo"
    REDO = "redo"
    RECALL = "recall"
    PASTE = "paste"
    GROUP = "group"
    API = "api"


USUAL_CAUSES = {sources.CLIENT: Cause.HAND, sources.CONSOLE: Cause.CONSOLE, sources.SERVER: Cause.SERVER}
"""Cause of a set that names none, by the kind of its source."""
TAKEN_BACK = frozenset({Cause.UNDO, Cause.REDO})
"""Causes of changes that belong to an undo or redo, which is recorded as a whole."""
RECORDED_WHOLE = TAKEN_BACK | {Cause.RECALL, Cause.PASTE}
"""Causes of changes that are one move of their own, recorded by whoever carries it out; no drag shifts them."""


@dataclass(frozen=True, slots=True)
class Change:
    """New values of one or more params, all from one gesture of one source.

    rev      the desk's revision with the new values
    at       time in seconds since 1970
    source   who set them
    cause    why
    gesture  number of the gesture, unique while the desk lives: one per hold, or per series of sets without a hold
    before   path → former value
    after    path → new value; the same paths as `before`
    passing  whether newer values of all these paths follow by themselves, as within a fade
    """

    rev: int
    at: float
    source: Source
    cause: Cause
    gesture: int
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    passing: bool = False

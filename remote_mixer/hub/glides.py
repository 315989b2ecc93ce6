"""Glides: faders that an undo or redo raises, at the pace of a double tap, so that no level leaps on a live console."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from remote_mixer.desk.change import TAKEN_BACK, Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import CLIENT, Source

GLIDE_SECONDS = 0.3
"""Duration, as on the page (ui/desk/drag.js, GLIDE_MS); longer where a limit of the rise asks for it."""
STEP_SECONDS = 0.02
STUCK_SECONDS = 2.0
"""Time without a step, because a limit allows none, after which a glide ends."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Glide:
    source: Source
    cause: Cause
    first: float
    last: float
    began: float
    moved: float

    def at(self, now: float) -> float:
        """Return the position for a time: a fast start and a soft landing, as the page's `glideAt`."""
        rest = 1 - min(1.0, (now - self.began) / GLIDE_SECONDS)
        return self.last if rest <= 0 else self.first + (self.last - self.first) * (1 - rest**3)


class Glides:
    """Path → its glide. A hand that lands on a gliding fader, or moves it, ends the glide.

    clock  seconds that never go back
    """

    def __init__(self, desk: Desk, clock: Callable[[], float]) -> None:
        self._desk, self._clock = desk, clock
        self._glides: dict[str, _Glide] = {}
        self._timer: asyncio.TimerHandle | None = None
        desk.change_listeners.append(self._changed)
        desk.hold_listeners.append(self._hold_changed)

    def ends(self) -> dict[str, float]:
        """Return path → position at the end of its glide."""
        return {path: glide.last for path, glide in self._glides.items()}

    def start(self, path: str, position: float, source: Source, cause: Cause) -> None:
        """Begin to glide from where a fader stands to a position; the first step is made at once."""
        present, now = self._desk.values[path], self._clock()
        first = present if isinstance(present, float) else 0.0
        self._glides[path] = _Glide(source, cause, first, position, now - STEP_SECONDS, now)
        self._step(path, now)
        self._schedule()

    def stop(self, path: str) -> None:
        """End a glide where it is."""
        self._glides.pop(path, None)

    def _changed(self, change: Change) -> None:
        if self._glides and change.source.kind == CLIENT and change.cause not in TAKEN_BACK:
            for path in change.after:
                self.stop(path)

    def _hold_changed(self, path: str, by: str | None, former: str | None) -> None:
        if by is not None:
            self.stop(path)

    def _schedule(self) -> None:
        if self._glides and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(STEP_SECONDS, self._step_all)

    def _step_all(self) -> None:
        self._timer, now = None, self._clock()
        for path in list(self._glides):
            self._step(path, now)
        self._schedule()

    def _step(self, path: str, now: float) -> None:
        """Make the next step of a glide, as high as the limits of its source allow now."""
        glide = self._glides[path]
        try:
            param, present = self._desk.param(path), self._desk.values[path]
            wanted = min(glide.at(now), self._desk.rights.highest(path, param, present, glide.source))
            self._desk.set({path: wanted}, glide.source, glide.cause)
        except Refusal as refusal:
            if refusal.code is not Code.LIMIT or now - glide.moved > STUCK_SECONDS:
                log.info("an undo of %s ended on its way: %s", path, refusal.text)
                self.stop(path)
            return
        if self._desk.values[path] != present:
            glide.moved = now
        if wanted >= glide.last or now - glide.moved > STUCK_SECONDS:
            self.stop(path)

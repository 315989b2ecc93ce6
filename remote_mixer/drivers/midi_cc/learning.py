"""Learning on the page: a person names a param, then moves the control for it at the far end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_mixer.drivers.midi_cc.control import Control
from remote_mixer.drivers.midi_cc.learn import Learner
from remote_mixer.drivers.midi_cc.model import Map
from remote_mixer.drivers.midi_cc.sharing import owner

LEARN_SECONDS = 60.0


class Learning:
    """Which param is being learned, if any.

    show     told its local path, or an empty text when nothing is learned any more
    learned  told (local path, control) once
    say      told why nothing is learned yet
    """

    def __init__(
        self, show: Callable[[str], None], learned: Callable[[str, Control], None], say: Callable[[str], None]
    ) -> None:
        self.path = ""
        self._show = show
        self._learned = learned
        self._say = say
        self._learner = Learner()
        self._timer: asyncio.TimerHandle | None = None

    def start(self, path: str) -> None:
        """Learn a param, by its local path, in place of any other."""
        self.stop()
        self._learner = Learner()
        self._timer = asyncio.get_running_loop().call_later(LEARN_SECONDS, self._give_up)
        self._set(path)

    def stop(self) -> None:
        """Learn nothing any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self.path:
            self._set("")

    def take(self, told: Map, channel: int, number: int, value: int) -> None:
        """Listen to a control change; what moves another param already is not meant, as a DAW's own movements."""
        control = self._learner.take(channel, number, value) if self.path else None
        if not control:
            return
        former = owner(told, control, self.path)
        if former:
            self._say(f"{control} moves {former} already: move another control, or take it off there first.")
            return
        path = self.path
        self.stop()
        self._learned(path, control)

    def _give_up(self) -> None:
        self.stop()
        self._say(f"No control was moved within {LEARN_SECONDS:g} s: nothing was learned.")

    def _set(self, path: str) -> None:
        self.path = path
        self._show(path)

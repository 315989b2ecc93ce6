"""Sound of single channels, from the looks of the mix, for what analyses it beside the mix (see `looks`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import pictures
from remote_mixer.engine.tables import Looks

STILL_TURNS = pictures.RATE // 2
"""Turns without a new frame of a look after which it counts as silent; a big block of JACK takes three."""


class Sight:
    """Sound of single channels, from the looks of the mix."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._taken, self._still = 0, 0

    def turn(self) -> None:
        """Count a turn; to be called at the begin of each."""
        taken = int(self._looks.taken[0])
        self._still = 0 if taken != self._taken else self._still + 1
        self._taken = taken

    def aim(self, place: int, channel: int) -> bool:
        """Let a place look at a channel, 0-based, negative for none; return whether it does.

        It takes a turn without any, so that nothing of the channel before is left.
        """
        present = self._looks.channels[place]
        if present == channel:
            return channel >= 0
        if present < 0:
            self._looks.sound[place] = 0
        self._looks.channels[place] = channel if present < 0 else -1
        return False

    def sound(self, place: int, frames: int) -> NDArray[np.float32]:
        """Return the last frames, (frames,), of the channel that a place looks at."""
        if self._still >= STILL_TURNS:
            return np.zeros(frames, np.float32)
        line = self._looks.sound[place]
        return np.asarray(line[np.arange(self._taken - frames, self._taken) % len(line)])

"""Looks at single strips: what they play, before all processing, kept for pictures of it (see `pictures`)."""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.inner import inner
from remote_mixer.engine.tables import Mix
from remote_mixer.engine.views import fence

HALF = np.float32(0.5)


@inner
def _find(mix: Mix, channel: int) -> int:
    """Return the strip that a channel is; −1 where there is none."""
    for strip in range(mix.sources.channels.shape[0]):
        if mix.sources.channels[strip] == channel:
            return strip
    return -1


@inner
def _take(mix: Mix, number: int, frames: int) -> None:
    sound, strip = mix.looks.sound, _find(mix, mix.looks.channels[number])
    for frame in range(frames):
        at = (mix.looks.taken[0] + frame) % sound.shape[1]
        sound[number, at] = HALF * (mix.left[frame, strip] + mix.right[frame, strip]) if strip >= 0 else 0


@inner
def look(mix: Mix, frames: int) -> None:
    """Keep the present block of the strips that are looked at, both sides as one."""
    for number in range(mix.looks.channels.shape[0]):
        if mix.looks.channels[number] >= 0:
            _take(mix, number, frames)
    fence()
    mix.looks.taken[0] += frames

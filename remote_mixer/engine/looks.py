"""Looks at single strips: what they play, before all processing, kept for pictures of it (see `pictures`)."""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.inner import inner
from remote_mixer.engine.rows import LANES, STEREO
from remote_mixer.engine.tables import Mix
from remote_mixer.engine.views import fence

HALF = np.float32(0.5)
SILENT = np.float32(0)


@inner
def look(mix: Mix, frames: int) -> None:
    """Keep the present block of the strips that are looked at, both sides as one; silence for one that is not there.

    One function, for each that gets the whole mix costs time of the compile.
    """
    sound, taken, wanted, channels = mix.looks.sound, mix.looks.taken, mix.looks.channels, mix.sources.channels
    left, right = mix.left, mix.right
    for number in range(wanted.shape[0]):
        if wanted[number] >= 0:
            strip, share = 0, SILENT
            for place in range(channels.shape[0]):
                if channels[place] == wanted[number]:
                    strip, share = place, HALF
            other = right if mix.chain.state[STEREO, strip // LANES] else left
            for frame in range(frames):
                at = (taken[0] + frame) % sound.shape[1]
                sound[number, at] = share * (left[frame, strip] + other[frame, strip])
    fence()
    taken[0] += frames

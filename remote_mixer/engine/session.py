"""A session: stems, each a looped piece of sound for one channel, and what could not be had."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


class EngineError(Exception):
    """The engine cannot start; the text tells a person what to do."""


@dataclass(frozen=True)
class Stem:
    """One channel's sound.

    name   what the strip is called
    audio  (frames, 1 or 2) float32 at 48 kHz, full scale ±1.0, at least one frame, finite
    """

    name: str
    audio: NDArray[np.float32]

    @property
    def stereo(self) -> bool:
        """Whether it is a pair."""
        return bool(self.audio.shape[1] == 2)


@dataclass(frozen=True)
class Session:
    """The stems in the order of the channels, and sentences about what was left out or mended."""

    stems: list[Stem]
    problems: list[str] = field(default_factory=list)

"""A session: stems, each a looped piece of sound for one channel, and sentences about missing ones."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


class EngineError(Exception):
    """Reason why the engine cannot start, or a folder cannot play; the text says what a person can do."""


@dataclass(frozen=True)
class Stem:
    """One channel's sound.

    name   of the strip
    audio  (frames, 1 or 2) float32 at 48 kHz, full scale ±1.0, at least one frame, finite
    """

    name: str
    audio: NDArray[np.float32]

    @property
    def stereo(self) -> bool:
        """Whether the sound has two sides."""
        return bool(self.audio.shape[1] == 2)


@dataclass(frozen=True)
class Session:
    """The stems in the order of the channels, and a sentence about each thing that was left out or repaired."""

    stems: list[Stem]
    problems: list[str] = field(default_factory=list)

"""A session: stems, each the sound of one channel on a timeline that all share, and sentences about missing ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class EngineError(Exception):
    """Reason why the engine cannot start, or a folder cannot play; the text says what a person can do."""


class Audio(Protocol):
    """Array of sound, or what reads like one: (frames, 1 or 2) float32 at the mix's rate, full scale ±1.0, finite."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Frames (at least one) and sides."""

    def __len__(self) -> int: ...

    def __getitem__(self, frames: slice, /) -> NDArray[np.float32]: ...


@dataclass(frozen=True, eq=False)
class Stem:
    """One channel's sound.

    name   of the strip
    audio  an array, or a file (see `files.FileSound`)
    file   name of the file, as people read it; empty where there is none
    """

    name: str
    audio: Audio
    file: str = ""

    @property
    def stereo(self) -> bool:
        """Whether the sound has two sides."""
        return bool(self.audio.shape[1] == 2)


@dataclass(frozen=True)
class Session:
    """The stems in the order of the channels.

    problems  a sentence about each thing that was left out or repaired
    """

    stems: list[Stem]
    problems: list[str] = field(default_factory=list)


def live_session(inputs: int) -> Session:
    """Return channels for so many inputs of a device; their stems are silent, and as short as can be."""
    return Session([Stem(f"Input {number}", np.zeros((1, 1), np.float32)) for number in range(1, inputs + 1)])

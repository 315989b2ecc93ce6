"""Sources: sound for the channels; they join and leave while the mix plays. So far there are stems only.

All stems play on one timeline, as long as the longest; shorter ones end in silence, so that loops stay in step. What is
in memory, or is small, is laid out there once (`Held`); everything else comes from disk while it plays (`streams`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import tables
from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.files import FileSound
from remote_mixer.engine.line import Refused
from remote_mixer.engine.rates import rate
from remote_mixer.engine.session import Stem
from remote_mixer.engine.turn_memory import END, Supplied, new_supplied

DAY_SECONDS = 86_400
ALWAYS = 1 << 62
HELD_SAMPLES = 1 << 23  # 32 MiB: 22 s of four stereo files, read in well under a second

Channels = Mapping[int, Stem]
"""Stem of each channel in use, 0-based."""


class SourceList:
    """The sources by name, each with its channels."""

    def __init__(self) -> None:
        self._named: dict[str, Channels] = {}

    def join(self, name: str, stems: Sequence[Stem]) -> list[int]:
        """Give the stems the first free channels; return these, 1-based. Raises Refused."""
        if name in self._named:
            raise Refused(f"There is a source {name!r} already.")
        used = self.channels()
        free = [channel for channel in range(MAX_CHANNELS) if channel not in used]
        if len(stems) > len(free):
            raise Refused(f"{len(stems)} channels are needed, and {len(free)} of {MAX_CHANNELS} are free.")
        self._named[name] = dict(zip(free, stems, strict=False))
        return [channel + 1 for channel in self._named[name]]

    def leave(self, name: str) -> None:
        """Free the channels of a source. Raises Refused."""
        if name not in self._named:
            raise Refused(f"There is no source {name!r}.")
        del self._named[name]

    def channels(self) -> Channels:
        """Return the channels of all sources."""
        return {channel: stem for source in self._named.values() for channel, stem in source.items()}

    def faults(self) -> list[str]:
        """Return a sentence about each fault of a file that was met while it was read."""
        sounds = (stem.audio for stem in self.channels().values())
        return [fault for sound in sounds if isinstance(sound, FileSound) for fault in sound.faults()]


class Supply(Protocol):
    """Sound of all strips for one mix.

    sources   as the kernels read it
    supplied  how much of it is there, for the mix
    frames    of the timeline; the mix's position, modulo this, is the place in it
    wrap      frame at which the mix's position begins again at 0
    """

    sources: tables.Sources
    supplied: Supplied
    frames: int
    wrap: int

    def start(self, position: NDArray[np.uint64]) -> None:
        """Supply the sound from the mix's position on, wherever that is put."""

    def faults(self) -> list[str]:
        """Return a sentence about each strip whose sound did not come in time."""

    def stop(self) -> None:
        """Supply no more; never waits."""


def timeline_frames(channels: Channels) -> int:
    """Return the length of the longest stem; a day where there is none."""
    return max((len(stem.audio) for stem in channels.values()), default=DAY_SECONDS * rate())


def groups_of(channels: Channels) -> list[list[int]]:
    """Return the channels with one side and those with two, the empty group left out.

    An odd channel and the next, numbered from 1, stand first where both are there: they can be linked.
    """
    groups = ({number for number, stem in channels.items() if stem.stereo is stereo} for stereo in (False, True))
    return [sorted(group, key=lambda number: (number ^ 1 not in group, number)) for group in groups if group]


def lay_out(channels: Channels, frames: int) -> tables.Sources:
    """Return memory for `frames` of all channels, silent, as the kernels read it."""
    groups = groups_of(channels)
    table, start, first = [], 0, 0
    for sides, numbers in ((1 + channels[group[0]].stereo, group) for group in groups):
        table.append((start, frames, first, len(numbers), sides))
        start, first = start + frames * sides * len(numbers), first + len(numbers)
    strips = np.array([number for group in groups for number in group], np.int64)
    stereo = np.array([channels[number].stereo for number in strips], np.bool_)
    pool = tables.zeros(start)
    return tables.Sources(pool, np.array(table, np.uint64).reshape(-1, 5), strips, stereo)


def columns(sources: tables.Sources) -> list[NDArray[np.float32]]:
    """Return the memory of each strip, (frames, sides), as views."""
    views = []
    for start, frames, _, strips, sides in sources.groups.astype(int).tolist():
        laid = sources.pool[start : start + frames * sides * strips].reshape(frames, sides, strips)
        views += [laid[:, :, strip] for strip in range(strips)]
    return views


def fits(channels: Channels) -> bool:
    """Whether the sound is in memory anyway, or small enough to be kept there."""
    samples = timeline_frames(channels) * sum(stem.audio.shape[1] for stem in channels.values())
    return samples <= HELD_SAMPLES or all(isinstance(stem.audio, np.ndarray) for stem in channels.values())


class Held:
    """Supply from memory: every sample is copied there at the start."""

    def __init__(self, channels: Channels) -> None:
        self.frames = self.wrap = timeline_frames(channels)
        self.sources = lay_out(channels, self.frames)
        self.supplied = new_supplied(len(self.sources.channels), self.frames)
        self.supplied.there[END] = ALWAYS
        for channel, column in zip(self.sources.channels, columns(self.sources), strict=True):
            audio = channels[int(channel)].audio
            column[: len(audio)] = audio[: len(audio)]

    def start(self, position: NDArray[np.uint64]) -> None:
        """Do nothing: all is there."""

    def faults(self) -> list[str]:
        """Return an empty list."""
        return []

    def stop(self) -> None:
        """Do nothing."""

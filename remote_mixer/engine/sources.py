"""Sources: what plays into the channels; they join and leave while it plays. The stems are the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from remote_mixer.engine import tables
from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.line import Refused
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import RATE

DAY_FRAMES = 86_400 * RATE

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


def _groups(channels: Channels) -> list[list[int]]:
    """Return the channels of the stems that share length and sides."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for channel, stem in channels.items():
        groups.setdefault(stem.audio.shape, []).append(channel)
    return list(groups.values())


def lay_out(channels: Channels) -> tables.Sources:
    """Return the stems as the kernels read them; copies every sample."""
    grouped = _groups(channels)
    pool = np.empty(sum(stem.audio.size for stem in channels.values()), np.float32)
    table, start, first = [], 0, 0
    for numbers in grouped:
        frames, sides = channels[numbers[0]].audio.shape
        laid = pool[start : start + frames * sides * len(numbers)].reshape(frames, sides, len(numbers))
        for column, number in enumerate(numbers):
            laid[:, :, column] = channels[number].audio
        table.append((start, frames, first, len(numbers), sides))
        start, first = start + laid.size, first + len(numbers)
    strips = np.array([number for numbers in grouped for number in numbers], np.int64)
    stereo = np.array([channels[number].stereo for number in strips], np.bool_)
    return tables.Sources(pool, np.array(table, np.uint64).reshape(-1, 5), strips, stereo)


def wrap_frames(channels: Channels) -> int:
    """Return one loop if all stems agree on its length, so that the position is a place in the song; else a day."""
    lengths = {len(stem.audio) for stem in channels.values()}
    return lengths.pop() if len(lengths) == 1 else DAY_FRAMES

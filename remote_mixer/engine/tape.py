"""Tape: the last seconds of every output, which the mix writes round and round, and sinks read.

Neither waits for the other. A reader that falls further behind than the tape is long has lost the sound in between; it
is given silence for it, so that what it writes stays in step.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

PIECE_FRAMES = 48_000
MARGIN_FRAMES = 24_000
"""Frames before the oldest that count as lost: the mix may write over them while they are read."""


class Tape:
    """Memory of the tape: (frames, columns) float32, and (1,) int64, the number of frames written so far."""

    def __init__(self, sound: NDArray[np.float32], written: NDArray[np.int64]) -> None:
        self._sound, self._written = sound, written

    def reader(self) -> Reader:
        """Return a reader of what is written from now on."""
        return Reader(self._sound, self._written)

    def newest(self, frames: int) -> NDArray[np.float32]:
        """Return what was written last, (frames, columns); silence before the first."""
        end = int(self._written[0])
        return self._sound[np.arange(end - frames, end) % len(self._sound)]


class Reader:
    """One reader's place on the tape; `lost_frames` counts what it came too late for."""

    def __init__(self, sound: NDArray[np.float32], written: NDArray[np.int64]) -> None:
        self._sound, self._written = sound, written
        self._place = int(written[0])
        self.lost_frames = 0

    def read(self) -> Iterator[NDArray[np.float32]]:
        """Return what was written since the last time, in pieces of (frames, columns)."""
        end = int(self._written[0])
        while self._place < end:
            at = self._place % len(self._sound)
            count = min(end - self._place, len(self._sound) - at, PIECE_FRAMES)
            piece = self._sound[at : at + count].copy()
            lost = min(max(int(self._written[0]) - len(self._sound) + MARGIN_FRAMES - self._place, 0), count)
            piece[:lost] = 0
            self.lost_frames += lost
            self._place += count
            yield piece

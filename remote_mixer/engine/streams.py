"""Stems from disk while they play: a thread for each fills a ring of the next seconds, from which the kernels read.

The mix never waits for a disk. It looks, before each turn, whether a strip's ring holds the next frames (see `turn`);
where it does not, that strip alone fades out, is silent, and fades in again where the timeline then is, in step with
the others. Frames are counted from 0 and on through every loop, so a frame has one place in the ring, and what is
written late is written where it belongs, or not heard at all.
"""

from __future__ import annotations

import threading
import time
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.rates import rate
from remote_mixer.engine.session import Stem
from remote_mixer.engine.sources import Channels, columns, lay_out, timeline_frames
from remote_mixer.engine.turn_memory import END, START, new_supplied

RING_FRAMES = 1 << 18  # 5.5 s at 48 kHz: a disk that wakes from sleep takes about so long
PIECE_FRAMES = 24_000
WATCH_SECONDS = 0.01

Sound = NDArray[np.float32]


class Streams:
    """Supply (see `sources`) from disk."""

    def __init__(self, channels: Channels) -> None:
        self.frames = timeline_frames(channels)
        self.wrap = self.frames * RING_FRAMES  # after millions of loops: both counts begin again together
        self.sources = lay_out(channels, RING_FRAMES)
        self._stems = [channels[int(channel)] for channel in self.sources.channels]
        self._rings = columns(self.sources)
        self.supplied = new_supplied(len(self._stems), self.frames)
        self._there = self.supplied.there
        self._busy = np.zeros(len(self._stems), np.bool_)
        self._stop = threading.Event()
        self._position = np.zeros(1, np.uint64)

    def start(self, position: NDArray[np.uint64]) -> None:
        """Fill the rings from the mix's position on, wherever that is put."""
        self._position = position
        jobs = [SimpleQueue[bool]() for _ in self._stems]
        for strip, job in enumerate(jobs):
            threading.Thread(target=self._fill, args=(strip, job), name="stem", daemon=True).start()
        threading.Thread(target=self._watch, args=(jobs,), name="streams", daemon=True).start()

    def faults(self) -> list[str]:
        """Return a sentence about each strip that was silent because its sound did not come in time."""
        return [_slow(stem, gaps) for stem, gaps in zip(self._stems, self.supplied.gaps.tolist(), strict=True) if gaps]

    def stop(self) -> None:
        """End the threads, each when its disk answers."""
        self._stop.set()

    # The threads that read

    def _watch(self, jobs: list[SimpleQueue[bool]]) -> None:
        """Let each ring be filled that has room for a piece, or that holds nothing of the present."""
        while not self._stop.wait(WATCH_SECONDS):
            position = int(self._position[0])
            start, end = self._there
            due = (end + PIECE_FRAMES <= position + RING_FRAMES) | (start > position) | (end < position)
            for strip in np.flatnonzero(due & ~self._busy).tolist():
                self._busy[strip] = True
                jobs[strip].put(True)
        for job in jobs:
            job.put(False)

    def _fill(self, strip: int, job: SimpleQueue[bool]) -> None:
        piece = PIECE_FRAMES
        while job.get():
            began = time.monotonic()
            self._read(strip, piece)
            late = round(2 * (time.monotonic() - began) * rate())  # a disk slow to answer is asked for more at a time
            piece = min(max(PIECE_FRAMES, late), RING_FRAMES // 2)
            self._busy[strip] = False

    def _read(self, strip: int, piece: int) -> None:
        """Read the next piece into a ring; where the position has leapt, from there on."""
        there, position = self._there[:, strip], int(self._position[0])
        if not there[START] <= position <= there[END]:
            there[END] = position
            there[START] = position
        end = int(there[END])
        count = min(piece, position + RING_FRAMES - end)
        sound = self._sound(self._stems[strip], end, count)
        there[START] = max(int(there[START]), end + count - RING_FRAMES)
        at = end % RING_FRAMES
        here = min(count, RING_FRAMES - at)
        self._rings[strip][at : at + here] = sound[:here]
        self._rings[strip][: count - here] = sound[here:]
        there[END] = end + count

    def _sound(self, stem: Stem, start: int, count: int) -> Sound:
        """Return (count, sides) of a stem, around the end of the timeline; silence from the stem's own end on."""
        out = np.zeros((count, stem.audio.shape[1]), np.float32)
        done = 0
        while done < count:
            place = (start + done) % self.frames
            here = min(count - done, self.frames - place)
            sound = stem.audio[place : min(place + here, len(stem.audio))] if place < len(stem.audio) else out[:0]
            out[done : done + len(sound)] = sound
            done += here
        return out


def _slow(stem: Stem, gaps: int) -> str:
    times = "once" if gaps == 1 else f"{gaps:,} times"
    return f"{stem.file or stem.name} was silent {times}: its disk was too slow. Play it from a faster disk."

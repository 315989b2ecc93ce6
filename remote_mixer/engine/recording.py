"""Recording of many tracks to one file while the mix plays: a ring that the mix fills, and a thread that empties it.

The mix waits for neither disk nor thread. A disk that stands still is waited for as long as the ring has room; then the
recording ends, and what the ring holds is written once the disk is back, so that the take is whole up to there. Every
second the samples are brought to the disk for good, then the header, so that a power cut loses no more than that.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import take_header
from remote_mixer.engine.deck_memory import ACTIVE, ADDRESS, FRAMES, TRACKS, WANTED, WRITTEN, Deck
from remote_mixer.engine.rates import rate
from remote_mixer.engine.take_header import HEADER_BYTES, SAMPLE_BYTES, Mark, Track

RING_SECONDS = 14  # a disk may stand still for 12.6 s: 2.7 MB a track
FULLEST = 0.9  # of the ring, at which a recording ends
SLOW = 0.25  # of the ring, at which it is said that the disk is slow
PIECE_SECONDS = 0.25
WRITE_SECONDS, HEADER_SECONDS = 0.1, 1.0
RESERVE_BYTES = 64 << 20  # of the disk, for everything else
SHORT_SECONDS = 600.0  # of room on the disk, from which on it is said
END_SECONDS = 0.6
FULL_SCALE, HIGHEST = 1 << 23, (1 << 23) - 1

SLOW_DISK = "The disk is slow: {:.0f} s of the recording wait for it, and there is room for {:.0f} s."
SHORT_DISK = "The disk has room for {} more minutes of this recording."
STOOD_STILL = "The recording ended by itself: the disk stood still for too long. The take is whole up to then."
FULL_DISK = "The recording ended by itself: the disk is full. The take is whole up to then."
FAILED = "The recording ended by itself: {}. The take is whole up to then."

Sound = NDArray[np.float32]


def packed(sound: Sound) -> bytes:
    """Return (frames, tracks) float32 as 24-bit samples; what goes over full scale is cut off there."""
    whole = np.clip(np.rint(sound * np.float32(FULL_SCALE)), -FULL_SCALE, HIGHEST).astype("<i4", order="C")
    content: bytes = whole.view(np.uint8).reshape(-1, 4)[:, :SAMPLE_BYTES].tobytes()
    return content


class TakeFile:
    """One take on the disk. All methods raise OSError, and what was written before stays whole."""

    def __init__(self, path: Path, tracks: Sequence[Track]) -> None:
        """Make the file, which must not be there yet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.tracks, self.marks = path, tracks, list[Mark]()
        self.frames = 0
        self._file = path.open("xb", buffering=0)
        self._file.write(take_header.made(tracks, (), rate(), 0))

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return SAMPLE_BYTES * len(self.tracks)

    def write(self, sound: Sound) -> None:
        """Append (frames, tracks); a frame that the disk had no room for whole does not count."""
        content = memoryview(packed(sound))
        self._file.seek(HEADER_BYTES + self.frames * self.frame_bytes)
        done = 0
        try:
            while done < len(content):
                done += self._file.write(content[done:]) or 0
        finally:
            self.frames += done // self.frame_bytes

    def refresh(self) -> None:
        """Bring the samples to the disk for good, and then the header that counts them."""
        os.fsync(self._file.fileno())
        self._file.seek(0)
        self._file.write(take_header.made(self.tracks, self.marks, rate(), self.frames * self.frame_bytes))

    def close(self) -> None:
        """Cut off what is no whole frame, and close."""
        with self._file:
            self._file.truncate(HEADER_BYTES + self.frames * self.frame_bytes)
            self.refresh()
            os.fsync(self._file.fileno())


class Recording:
    """One recording: from its creation until `stop`, or until it ends by itself.

    note  a sentence for people about the disk, or why it ended; else empty
    """

    def __init__(self, deck: Deck, file: TakeFile) -> None:
        """Begin with the next block; the deck's `armed` and `outputs` are set, and nothing else is recorded."""
        self.file, self.note, self._deck = file, "", deck
        self._ring = np.empty((len(file.tracks), RING_SECONDS * rate()), np.float32)
        self._ring.fill(0)  # so that the memory is there before the sound
        self._place = 0
        self._ending, self._began = threading.Event(), time.monotonic()
        self.left_seconds = self._room()
        deck.record[[ADDRESS, FRAMES, TRACKS]] = self._ring.ctypes.data, self._ring.shape[1], len(file.tracks)
        deck.record[WRITTEN] = 0
        deck.record[WANTED] = 1
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    @property
    def seconds(self) -> float:
        """Length so far."""
        return int(self._deck.record[WRITTEN]) / rate()

    @property
    def fill(self) -> float:
        """Share of the ring that waits for the disk, 0–1."""
        return (int(self._deck.record[WRITTEN]) - self._place) / self._ring.shape[1]

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be written."""
        return self._thread.is_alive()

    @property
    def is_recording(self) -> bool:
        """Whether the mix is still recorded."""
        return not self._ending.is_set()

    def mark(self, name: str) -> float:
        """Set a marker now; return its time in seconds. Raises take_header.Full."""
        marks = [*self.file.marks, Mark(int(self._deck.record[WRITTEN]), name)]
        take_header.made(self.file.tracks, marks, rate(), 0)
        self.file.marks = marks
        return self.seconds

    def watch(self) -> None:
        """Look after the disk; to be called a few times a second."""
        if not self.is_recording:
            return
        fill = self.fill
        if fill >= FULLEST:
            self._end(STOOD_STILL)
        elif self.left_seconds <= 0:
            self._end(FULL_DISK)
        elif fill >= SLOW:
            self.note = SLOW_DISK.format(fill * RING_SECONDS, FULLEST * RING_SECONDS)
        else:
            short = self.left_seconds < SHORT_SECONDS
            self.note = SHORT_DISK.format(int(self.left_seconds // 60)) if short else ""

    def stop(self) -> None:
        """End with the next block; the thread writes what is left, and closes."""
        self._end("")

    def wait(self) -> None:
        """Wait a short while for the file to be closed, where the program ends."""
        self._thread.join(END_SECONDS)

    def _end(self, note: str) -> None:
        self._deck.record[WANTED] = 0
        self.note = note
        self._ending.set()

    def _room(self) -> float:
        """Return how long the disk has room, in seconds. Raises OSError."""
        free = shutil.disk_usage(self.file.path.parent).free - RESERVE_BYTES
        return max(free, 0) / (self.file.frame_bytes * rate())

    # The thread

    def _run(self) -> None:
        try:
            refreshed = time.monotonic()
            while not self._ending.wait(WRITE_SECONDS):
                self._write()
                if time.monotonic() - refreshed >= HEADER_SECONDS:
                    self.file.refresh()
                    self.left_seconds, refreshed = self._room(), time.monotonic()
            self._write_rest()
            self.file.close()
        except OSError as error:
            self._end(FULL_DISK if not self._has_room() else FAILED.format(error.strerror))
            self._close_whole()

    def _write(self) -> None:
        end = int(self._deck.record[WRITTEN])
        while self._place < end:
            at = self._place % self._ring.shape[1]
            count = min(end - self._place, self._ring.shape[1] - at, int(PIECE_SECONDS * rate()))
            self.file.write(self._ring[:, at : at + count].T)
            self._place += count

    def _write_rest(self) -> None:
        """Write up to the block with which the mix has ended; an output that stands makes no more blocks."""
        end = time.monotonic() + END_SECONDS
        while self._deck.record[ACTIVE] and time.monotonic() < end:
            time.sleep(0.005)
        self._write()

    def _has_room(self) -> bool:
        try:
            return self._room() > 0
        except OSError:
            return True

    def _close_whole(self) -> None:
        try:
            self.file.close()
        except OSError as error:
            self.note += f" Its header could not be written ({error.strerror}): the mixer plays it all the same."

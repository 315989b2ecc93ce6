"""One sound file, read piece by piece while it plays: at the mix's rate, with one side or two, whatever its kind.

A fault of the file, or of its disk, is silence and a sentence, never an exception: see `FileSound.faults`.
"""

from __future__ import annotations

import io
import math
import os
import struct
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.headers import mended
from remote_mixer.engine.rates import rate

if TYPE_CHECKING:
    from soundfile import SoundFile

PLAYED = "wav wave bwf bw64 rf64 w64 wavex flac aif aiff aifc caf mp3 mp2 mp1 ogg oga opus au snd avr htk ircam"
RARE = "nist paf pvf sds sf svx voc wve xi"
KNOWN = "aac ape m4a wma wv"  # sound too; that they cannot be read is said
ENDINGS = frozenset(f"{PLAYED} {RARE} {KNOWN}".split())
SIDES = 2
LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000
MOST_CHANNELS_IN_FILE = 256
LONGEST_SECONDS = 86_400
READ_SAMPLES = 1 << 20  # of all channels of a file, at a time
MARGIN_FRAMES = 1024  # before and after a piece, for the filter of another rate
NOT_READ = "it is not a sound file that can be read"
FAULTS = (OSError, ValueError, RuntimeError, MemoryError, ArithmeticError, LookupError, TypeError, struct.error)
"""Errors that a file can raise, in Python or in the libraries that read it."""

Sound = NDArray[np.float32]


class Unplayable(Exception):  # an answer, not an error
    """A file that cannot be played; the text says why, as the end of a sentence."""


def shown(name: str) -> str:
    """Return a file's name as people can read it, whatever its bytes: no invisible characters, no lone surrogates."""
    text = os.fsencode(name).decode("utf-8", "replace") if os.name == "posix" else name
    visible = (letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter)[0] != "C")
    return "".join(visible).strip() or "(a file without a readable name)"


def opened(path: Path) -> SoundFile:
    """Open a file, by a header that is mended where that is needed."""
    import soundfile  # noqa: PLC0415  # 0.1 s

    file: BinaryIO = path.open("rb")
    try:
        spliced = mended(file)
    except BaseException:
        file.close()
        raise
    if spliced:
        return soundfile.SoundFile(io.BufferedReader(spliced))
    file.close()
    return soundfile.SoundFile(os.fsencode(path) if os.name == "posix" else path)  # bytes: for any name at all


class FileSound:
    """Sound of a file like an array (frames, 1 or 2) float32 at the mix's rate, finite, of which slices can be read.

    title    name of the file, for people
    remarks  sentences about what is not played of it
    """

    def __init__(self, path: Path) -> None:
        """Open the file, and look whether its end is where its header says. Raises Unplayable."""
        self._path, self.title, self.remarks = path, shown(path.name), list[str]()
        self._lock = threading.Lock()
        self._unread_frames = self._odd_samples = 0
        self._piece: tuple[int, Sound] | None = None
        self._rate = self._sides = self._frames = 0
        self._mix_rate = rate()
        try:
            self._file: SoundFile | None = opened(path)
            self._check(self._file)
            self._frames = self._true_frames(self._file.frames)
        except FAULTS as fault:
            raise Unplayable(NOT_READ) from fault
        if not self._frames:
            raise Unplayable("it is empty")
        self.shape = (max(round(self._frames * self._mix_rate / self._rate), 1), self._sides)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, frames: slice) -> Sound:
        """Return a piece of the sound; what cannot be read of it is silent, and counted."""
        start, stop, _ = frames.indices(len(self))
        with self._lock:
            if self._rate == self._mix_rate:
                return self._read(start, stop - start)
            out = np.zeros((max(stop - start, 0), self._sides), np.float32)
            each = self._mix_rate
            for second in range(start // each, -(-stop // each)):
                first, last = max(start, second * each), min(stop, (second + 1) * each)
                out[first - start : last - start] = self._resampled(second)[first - second * each :][: last - first]
            return out

    def faults(self) -> list[str]:
        """Return a sentence about each kind of fault that was met so far."""
        sentences = []
        if self._unread_frames:
            seconds = math.ceil(self._unread_frames / self._rate)
            sentences.append(f"{self.title} could not be read for {seconds} s in all: that was silent.")
        if self._odd_samples:
            sentences.append(f"{self.title} has samples that are not numbers: they are played as silence.")
        return sentences

    def _check(self, file: SoundFile) -> None:
        if file.format == "RAW":  # libsndfile plays what it does not know as raw samples, where the name ends in .au
            raise Unplayable(NOT_READ)
        if not file.seekable():
            raise Unplayable(f"its kind, {file.subtype_info}, can be read from its beginning only: save it as PCM")
        self._rate, channels = int(file.samplerate), int(file.channels)
        if not LOWEST_RATE <= self._rate <= HIGHEST_RATE:
            raise Unplayable(f"its header says {self._rate:,} samples a second")
        if not 0 < channels <= MOST_CHANNELS_IN_FILE:
            raise Unplayable(f"its header says {channels:,} channels")
        self._sides = min(channels, SIDES)
        if channels > SIDES:
            self.remarks.append(f"{self.title} has {channels} channels: only the first two are played.")

    def _true_frames(self, claimed: int) -> int:
        """Return how many frames can be read: a header that promises more does not make silence of hours.

        Of a FLAC file that does, the very last frame is not counted: libsndfile fails after reading it.
        """
        longest = LONGEST_SECONDS * self._rate
        claimed = min(claimed, longest)
        if claimed and self._reaches(claimed - 1):
            if claimed == longest:
                self.remarks.append(f"{self.title} is longer than a day: only that is played.")
            return claimed
        low, high = -1, claimed - 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._reaches(middle) else (low, middle)
        return low + 1

    def _reaches(self, frame: int) -> bool:
        """Whether this frame is there; after a failure the file is opened anew, for some decoders stay lost."""
        try:
            file = self._file = self._file or opened(self._path)
            file.seek(frame)
            if len(file.read(1)):
                return True
        except FAULTS:
            pass
        self._let_go()
        return False

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()

    def _read(self, start: int, count: int) -> Sound:
        """Return frames at the file's own rate, (count, sides)."""
        out = np.zeros((max(count, 0), self._sides), np.float32)
        self._unread_frames += len(out) - self._fill(out, start)
        odd = ~np.isfinite(out)
        if odd.any():
            self._odd_samples += int(odd.sum())
            out[odd] = 0
        return out

    def _fill(self, out: Sound, first: int) -> int:
        """Read from the frame `first` on into (frames, sides); return how many frames came."""
        done = 0
        try:
            file = self._file = self._file or opened(self._path)
            if file.tell() != first:
                file.seek(first)
            while done < len(out):
                here = min(len(out) - done, READ_SAMPLES // file.channels)
                audio = file.read(here, dtype="float32", always_2d=True)
                out[done : done + len(audio)] = audio[:, : self._sides]
                done += len(audio)
                if len(audio) < here:
                    break
        except FAULTS:  # a disk that is gone may be back: the file is opened again next time
            self._let_go()
        return done

    def _resampled(self, second: int) -> Sound:
        """Return one second, or what the file has of it, from as many or fewer frames on; the same in any order."""
        import soxr  # noqa: PLC0415  # only for files of another rate

        if not self._piece or self._piece[0] != second:
            unit = self._rate // math.gcd(self._rate, self._mix_rate)  # frames after which both rates meet again
            margin = unit * math.ceil(MARGIN_FRAMES * max(self._rate / self._mix_rate, 1) / unit)
            start = second * self._rate
            first, last = max(start - margin, 0), min(start + self._rate + margin, self._frames)
            sound = np.asarray(soxr.resample(self._read(first, last - first), self._rate, self._mix_rate), np.float32)
            self._piece = second, sound[(start - first) * self._mix_rate // self._rate :][: self._mix_rate]
        return self._piece[1]

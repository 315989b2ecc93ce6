"""Recording of main to disk while it plays, as a WAV file of 32-bit floats: what goes over full scale is not lost.

Blocks come from the tape (see `tape`); the disk may stall for nine seconds before a sample is lost. The lengths in the
header are updated once a second, so that an engine that dies leaves a file that plays up to then. An existing file is
never overwritten.
"""

from __future__ import annotations

import struct
import time
from itertools import chain, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.rates import rate

SIDES = 2
FRAME_BYTES = SIDES * 4
HEADER_SECONDS = 1.0
HEADER_BYTES = 58
FLOAT_FORMAT = 3
LONGEST_BYTES = (1 << 32) - (1 << 20)  # a WAV file counts its bytes in 32 bits; the next file goes on


def wav_header(data_bytes: int) -> bytes:
    """Return the header of a WAV file with `data_bytes` of 32-bit float stereo at the mix's rate: HEADER_BYTES long."""
    form = struct.pack("<HHIIHHH", FLOAT_FORMAT, SIDES, rate(), rate() * FRAME_BYTES, FRAME_BYTES, 32, 0)
    fact = struct.pack("<4sII", b"fact", 4, data_bytes // FRAME_BYTES)
    inner = b"WAVE" + struct.pack("<4sI", b"fmt ", len(form)) + form + fact + struct.pack("<4sI", b"data", data_bytes)
    return struct.pack("<4sI", b"RIFF", len(inner) + data_bytes) + inner


def unused(path: Path) -> Path:
    """Return this path, or the next that no file has: `FILE.wav`, `FILE-2.wav`, `FILE-3.wav`."""
    names = chain([path], (path.with_stem(f"{path.stem}-{number}") for number in count(2)))
    return next(name for name in names if not name.exists())


class _WavFile:
    """One file being recorded: `write` appends, `sync` makes what was written readable, `close` finishes.

    All raise OSError, for instance when the disk is full.
    """

    def __init__(self, wanted: Path) -> None:
        self.path = unused(wanted)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("xb")
        self._file.write(wav_header(0))
        self._header_time = time.monotonic()
        self.data_bytes = 0

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append (frames, 2) float32."""
        self.data_bytes += self._file.write(samples.astype("<f4", copy=False).tobytes())

    def sync(self) -> None:
        """Flush, and update the header once a second."""
        self._file.flush()
        if time.monotonic() - self._header_time >= HEADER_SECONDS:
            self._write_header()

    def close(self) -> None:
        """Write the final header, and close."""
        self._write_header()
        self._file.close()

    def _write_header(self) -> None:
        self._file.seek(0)
        self._file.write(wav_header(self.data_bytes))
        self._file.seek(HEADER_BYTES + self.data_bytes)
        self._header_time = time.monotonic()


class Recorder:
    """One recording, a sink of main (see `sinks`)."""

    def __init__(self, path: Path) -> None:
        """Begin a file at `path`, or beside it (`FILE-2.wav`) if that exists. Raises OSError."""
        self._wanted = path
        self._file = _WavFile(path)

    @property
    def path(self) -> Path:
        """The file that is being written."""
        return self._file.path

    def write(self, out: NDArray[np.float32]) -> None:
        """Write main, the first two columns of (frames, ≥ 2); go on in the next file when this one is full.

        Raises OSError.
        """
        self._file.write(out[:, :SIDES])
        self._file.sync()
        if self._file.data_bytes >= LONGEST_BYTES:
            self._file.close()
            self._file = _WavFile(self._wanted)

    def stop(self) -> None:
        """Finish the file. Raises OSError."""
        self._file.close()

"""The built-in song, played from disk at each rate: carried by the packaged program, else made at the first start.

A set is written into a folder of its own, which gets its final name only when it is complete, so a half-made set is
never mistaken for a whole one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.files import FileSound, Unplayable
from remote_mixer.engine.rates import rate
from remote_mixer.engine.session import Audio, Session, Stem
from remote_mixer.engine.shared import RATE

SONG = "song-1"  # bumped with every change of the song, so that an old set is not played as the new one
NAMES = ("Kick", "Snare", "Hats", "Bass", "Keys", "Guitar", "Pad", "Lead")
LOOP_FRAMES = 32 * RATE  # as it is made; a mix at another rate plays it resampled
JOINT_FRAMES = RATE // 10  # of the loop's other end, for the resampler
FORGOTTEN_SECONDS = 600.0
READABLE = 0o755  # what root has installed is for everybody

Progress = Callable[[str], None]


def default_session(carried: Path, data: Path, progress: Progress) -> Session:
    """Return the song's stems at the mix's rate, which play from disk; made first if no folder has them.

    carried   folder of what came with the program
    data      folder whose `stems` keeps a set for each rate; where it cannot be written, that is a problem of the
              session, and the stems play from memory
    progress  called with a sentence before a step that takes seconds
    """
    kept = data / "stems"
    for folder in (carried, kept):
        if stems := _read_set(_set(folder, rate()), FileSound, rate()):
            return Session(stems)
    progress("Making the music of the first session, once; a few seconds.")
    made = _made(carried, kept)
    problem = _keep(made, kept)
    if stems := _read_set(_set(kept, rate()), FileSound, rate()):  # perhaps another engine's, which was sooner
        return Session(stems)
    return Session(made, [problem] if problem else [])


def carry(folder: Path) -> None:
    """Write the set of the usual rate into a folder that will be `carried`, unless it is there."""
    if not _read_set(_set(folder, RATE), FileSound, RATE):
        _write_whole(_made(), folder)


def _set(folder: Path, frames: int) -> Path:
    """Return the folder of the set for a rate."""
    return folder / (SONG if frames == RATE else f"{SONG}-{frames}")


def _made(*folders: Path) -> list[Stem]:
    """Return the stems at the mix's rate, in memory: from a folder's set of the usual rate, or anew without one."""
    from remote_mixer.engine import song  # noqa: PLC0415  # needed once in the life of a machine

    if rate() == RATE:
        return list(song.stems())
    usual = (_read_set(_set(folder, RATE), _read_whole, RATE) for folder in folders)
    stems = next(filter(None, usual), None) or song.stems()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(lambda stem: Stem(stem.name, _resampled(stem.audio[:])), stems))


def _resampled(loop: NDArray[np.float32]) -> NDArray[np.float32]:
    import soxr  # noqa: PLC0415  # only for other rates

    around = np.concatenate([loop[-JOINT_FRAMES:], loop, loop[:JOINT_FRAMES]])
    joint, frames = JOINT_FRAMES * rate() // RATE, len(loop) * rate() // RATE
    return np.asarray(soxr.resample(around, RATE, rate()), np.float32)[joint : joint + frames]


def _file(folder: Path, number: int, name: str) -> Path:
    return folder / f"{number:02} {name}.flac"


def _read_set(folder: Path, read: Callable[[Path], Audio], frames: int) -> list[Stem]:
    """Return the whole set for a rate; an empty list where any of it is missing or damaged."""
    stems = []
    for number, name in enumerate(NAMES, start=1):
        try:
            stem = Stem(name, read(_file(folder, number, name)))
        except (OSError, RuntimeError, Unplayable):
            return []
        if len(stem.audio) != LOOP_FRAMES * frames // RATE:
            return []
        stems.append(stem)
    return stems


def _read_whole(file: Path) -> Audio:
    """Return a sound as it is in the file, to be resampled around the loop's end."""
    import soundfile  # noqa: PLC0415  # 0.1 s

    audio, _ = soundfile.read(file, dtype="float32", always_2d=True)
    return np.asarray(audio)


def _keep(stems: list[Stem], folder: Path) -> str:
    """Write the set; return a sentence where that is not possible, else nothing."""
    try:
        _write_whole(stems, folder)
    except OSError as error:
        return f"The music could not be kept in {folder} ({error.strerror}): it is made anew at each start."
    return ""


def _write_whole(stems: list[Stem], folder: Path) -> None:
    """Write the set of the mix's rate into the folder, under its name when it is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    _forget_half_made(folder)
    making, whole = Path(tempfile.mkdtemp(prefix="making-", dir=folder)), _set(folder, rate())
    try:
        _write_set(stems, making)
        making.chmod(READABLE)
        if not _read_set(whole, FileSound, rate()):  # else another engine was sooner, and may play it already
            shutil.rmtree(whole, ignore_errors=True)
            making.rename(whole)
    finally:
        shutil.rmtree(making, ignore_errors=True)  # a disk that is full has its room back


def _write_set(stems: list[Stem], folder: Path) -> None:
    import soundfile  # noqa: PLC0415

    def write(number: int, stem: Stem) -> None:
        try:
            soundfile.write(_file(folder, number, stem.name), stem.audio, rate(), subtype="PCM_24")
        except soundfile.SoundFileError as error:
            raise OSError(None, f"{error}") from error

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(write, count(1), stems))  # raises what one of them has raised


def _forget_half_made(folder: Path) -> None:
    """Remove incomplete sets of engines that were killed; one that is being written is younger."""
    for making in folder.glob("making-*"):
        with suppress(FileNotFoundError):  # its engine has finished it
            if time.time() - making.stat().st_mtime > FORGOTTEN_SECONDS:
                shutil.rmtree(making, ignore_errors=True)

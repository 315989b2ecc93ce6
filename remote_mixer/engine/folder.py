"""A session from a folder of sound files: one channel, or stereo pair, for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.session import EngineError, Session, Stem
from remote_mixer.engine.shared import RATE

ENDINGS = {".wav", ".flac", ".ogg"}
SIDES = 2
LONGEST_NAME = 32
MOST_SAMPLES = 1 << 30  # 4 GiB as float32: three hours of mono
LEADING_NUMBER = re.compile(r"^\d{1,3}\s*[-–._ ]+\s*(?=\S)")

Progress = Callable[[str], None]
Sound = NDArray[np.float32]


def strip_name(file_name: str) -> str:
    """Return the strip's name for a file name: `01 - Lead_Vox.wav` → `Lead Vox`."""
    stem = Path(file_name).stem.replace("_", " ").strip()
    return " ".join(LEADING_NUMBER.sub("", stem).split())[:LONGEST_NAME].rstrip() or stem


def folder_session(folder: Path, progress: Progress) -> Session:
    """Return every WAV, FLAC and OGG file of `folder` in the order of the names, at most 64.

    Raises EngineError where there is nothing to play. A file that cannot be played is named in the session's problems.
    """
    files = _files(folder)
    problems = [
        f"{file.name} is not played: a session has at most {MAX_CHANNELS} channels." for file in files[MAX_CHANNELS:]
    ]
    stems, samples = [], 0
    for number, file in enumerate(files[:MAX_CHANNELS], start=1):
        progress(f"Reading {file.name} ({number} of {min(len(files), MAX_CHANNELS)})")
        stem = _read(file, MOST_SAMPLES - samples, problems)
        if stem:
            stems.append(stem)
            samples += stem.audio.size
    if not stems:
        raise EngineError(
            f"No file in {folder} could be played. {' '.join(problems)} Export the tracks as WAV and try again."
        )
    return Session(stems, problems)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder}: check its name, or leave it out to play the built-in song.")
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS and file.is_file())
    except OSError as error:
        raise EngineError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    if not files:
        raise EngineError(f"There is no WAV, FLAC or OGG file in {folder}: put the tracks there, one file a channel.")
    return files


def _read(file: Path, samples_left: int, problems: list[str]) -> Stem | None:
    """Read one file; add a sentence to `problems` for each fault."""
    import soundfile  # noqa: PLC0415  # see stems

    try:
        with soundfile.SoundFile(file) as opened:
            if opened.frames * min(opened.channels, SIDES) * RATE / opened.samplerate > samples_left:
                problems.append(f"{file.name} is not played: the session would be larger than 4 GiB.")
                return None
            audio, rate, sides = opened.read(dtype="float32", always_2d=True), opened.samplerate, opened.channels
    except (OSError, soundfile.SoundFileError):
        problems.append(f"{file.name} is not played: it is not a sound file that can be read.")
        return None
    problems.extend(_complaints(file.name, audio, sides))
    return Stem(strip_name(file.name), _fit(audio, rate)) if len(audio) else None


def _complaints(name: str, audio: Sound, sides: int) -> Iterator[str]:
    """Return a sentence for each fault of a file's sound, (frames, sides)."""
    if not len(audio):
        yield f"{name} is not played: it is empty."
    if sides > SIDES:
        yield f"{name} has {sides} channels: only the first two are played."
    if not np.isfinite(audio).all():
        yield f"{name} has samples that are not numbers: they are played as silence."


def _fit(audio: Sound, rate: int) -> Sound:
    """Return the sound at RATE, finite, (frames ≥ 1, 1 or 2)."""
    audio = np.nan_to_num(audio[:, :SIDES], nan=0.0, posinf=0.0, neginf=0.0)
    if rate == RATE:
        return audio
    import soxr  # noqa: PLC0415  # only for files of another rate

    resampled: Sound = np.asarray(soxr.resample(audio, rate, RATE), np.float32)
    return resampled if len(resampled) else np.zeros((1, audio.shape[1]), np.float32)

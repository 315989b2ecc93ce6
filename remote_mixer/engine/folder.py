"""A session from a folder of sound files: one channel, or stereo pair, for each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.files import ENDINGS, FAULTS, FileSound, Unplayable, shown
from remote_mixer.engine.session import EngineError, Session, Stem

LONGEST_NAME = 32
MOST_NAMED = 100  # sentences about single files; the others are counted
LEADING_NUMBER = re.compile(r"^\d{1,3}\s*[-–._ ]+\s*(?=\S)")

Progress = Callable[[str], None]


def strip_name(file_name: str) -> str:
    """Return the strip's name for a file name, as `shown`: `01 - Lead_Vox.wav` → `Lead Vox`."""
    stem = Path(file_name).stem.replace("_", " ").strip()
    return " ".join(LEADING_NUMBER.sub("", stem).split())[:LONGEST_NAME].rstrip() or stem


def folder_session(folder: Path, progress: Progress) -> Session:
    """Return the sound files of `folder` that can be played, in the order of their names, at most 64.

    Raises EngineError where there is none. A file that cannot be played is named in the session's problems, and those
    that are too many are counted in the last of them.
    """
    files = _files(folder)
    stems, problems, seen = list[Stem](), list[str](), 0
    for file in files:
        if len(stems) == MAX_CHANNELS or len(problems) >= MOST_NAMED:
            break
        seen += 1
        progress(f"Reading {shown(file.name)} ({seen} of {len(files)})")
        _add(file, stems, problems)
    if not stems:
        raise EngineError(_nothing(folder, problems))
    return Session(stems, problems + _left_out(len(files) - seen))


def _files(folder: Path) -> list[Path]:
    """Return the files that may be sound by the end of their names; one that begins with a dot is no file."""
    name = shown(str(folder))
    if not folder.is_dir():
        raise EngineError(f"There is no folder {name}: check its name, or leave it out to play the built-in song.")
    try:
        files = sorted(file for file in folder.iterdir() if _may_be_sound(file))
    except OSError as error:
        raise EngineError(f"The folder {name} cannot be read: {error.strerror}.") from error
    if not files:
        raise EngineError(f"There is no sound file in {name}: put the tracks there as WAV or FLAC, one file a channel.")
    return files


def _may_be_sound(file: Path) -> bool:
    try:
        return not file.name.startswith(".") and file.suffix[1:].lower() in ENDINGS and file.is_file()
    except FAULTS:
        return False


def _add(file: Path, stems: list[Stem], problems: list[str]) -> None:
    """Add a stem for the file, and a sentence to `problems` for each fault."""
    name = shown(file.name)
    try:
        sound = FileSound(file)
    except Unplayable as reason:
        problems.append(f"{name} is not played: {reason}.")
    else:
        problems.extend(sound.remarks)
        stems.append(Stem(strip_name(name), sound, name))


def _left_out(count: int) -> list[str]:
    """Return the sentence about the files that nobody has looked at."""
    if not count:
        return []
    files = "1 more file is" if count == 1 else f"{count:,} more files are"
    return [f"{files} not played: a session has at most {MAX_CHANNELS} channels."]


def _nothing(folder: Path, problems: list[str]) -> str:
    more = [f"{len(problems) - 3:,} more are not played."] if len(problems) > 3 else []
    named = " ".join(problems[:3] + more)
    return f"No file in {shown(str(folder))} could be played. {named} Export the tracks as WAV and try again."

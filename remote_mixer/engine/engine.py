"""One life of the engine, from the session to the last block."""

from __future__ import annotations

import argparse
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.compiled import Enter, load
from remote_mixer.engine.folder import folder_session
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.player import Player
from remote_mixer.engine.recorder import Recorder
from remote_mixer.engine.session import EngineError, Session
from remote_mixer.engine.shared import RATE, SharedBlock
from remote_mixer.engine.stems import default_session
from remote_mixer.engine.voice import say

if TYPE_CHECKING:
    from remote_mixer.engine.process import Wish

WATCH_SECONDS = 0.05


def _progress(text: str) -> None:
    say(progress=text)


def _session(arguments: argparse.Namespace) -> Session:
    if arguments.stems:
        return folder_session(arguments.stems, _progress)
    return default_session(arguments.data, _progress)


def _compiled_folder(data: Path) -> Path:
    """Where compiled kernels are kept: a person's own choice of folder for numba counts here too."""
    return Path(os.environ.get("NUMBA_CACHE_DIR") or data / "compiled")


def _shared_block(path: Path) -> SharedBlock:
    try:
        return SharedBlock(path)
    except (OSError, ValueError) as error:
        raise EngineError(f"The shared block {path} cannot be used: {error}") from error


def _recorder(path: Path | None, problems: list[str]) -> Recorder | None:
    if not path:
        return None
    try:
        return Recorder(path)
    except OSError as error:
        problems.append(f"Nothing is recorded: {path} cannot be written ({error.strerror}).")
        return None


class Engine:
    """Mixer, output and recording together."""

    def __init__(self, arguments: argparse.Namespace, session: Session, enter: Enter, block: SharedBlock) -> None:
        """Open what is heard and what is written. Raises EngineError."""
        self._block = block
        self._mixer = Mixer(session, block, enter)
        problems = list(session.problems)
        self._recorder = _recorder(arguments.record, problems)
        self._player = Player(self._mix, arguments.output == "card", self._say_output)
        self._say_ready(session, problems)

    def run(self, stop: threading.Event) -> None:
        """Mix until `stop`."""
        while not stop.wait(WATCH_SECONDS):
            self._player.watch()
            self._block.words[shared.BEATS] = (self._block.words[shared.BEATS] + 1) & 0xFFFFFFFF
            self._block.words[shared.MISSED] = self._player.missed_blocks & 0xFFFFFFFF
            self._write()
        self._player.close()
        self._write()
        self._end_recording()

    def _mix(self, out: NDArray[np.float32]) -> None:
        """One turn of the output's thread."""
        self._mixer.mix(out)
        if self._recorder:
            self._recorder.push(out[:, :2])

    def _write(self) -> None:
        """Bring the recording to disk; mixing goes on when the disk is full."""
        if not self._recorder:
            return
        try:
            self._recorder.write()
        except OSError as error:
            say(problem=f"The recording {self._recorder.path} has ended: {error.strerror}.")
            self._end_recording()

    def _end_recording(self) -> None:
        recorder, self._recorder = self._recorder, None
        if not recorder:
            return
        try:
            recorder.close()
        except OSError as error:
            say(problem=f"The recording {recorder.path} may lack its last second: {error.strerror}.")

    def _say_output(self) -> None:
        say(output=self._player.title, heard=self._player.heard)

    def _say_ready(self, session: Session, problems: list[str]) -> None:
        say(
            ready=True,
            channels=[
                {"name": stem.name, "stereo": stem.stereo, "seconds": len(stem.audio) / RATE} for stem in session.stems
            ],
            problems=problems,
            output=self._player.title,
            heard=self._player.heard,
            recording=str(self._recorder.path) if self._recorder else None,
        )


def run(arguments: argparse.Namespace, wish: Wish) -> None:
    """Get ready, and mix when a block is wished for. Raises EngineError when it cannot start."""
    session = _session(arguments)
    enter = load(_compiled_folder(arguments.data), _progress)
    path = wish.block()
    if path:
        Engine(arguments, session, enter, _shared_block(path)).run(wish.stop)

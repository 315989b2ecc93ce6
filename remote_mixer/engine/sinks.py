"""Sinks: what takes the mix beside the output; they join and leave while it plays.

The mixing thread hands each block to every sink. A sink therefore copies what it needs into memory of a fixed size and
never waits; where its own far end is too slow, it drops and counts. Everything else is for the keeping thread, the
engine's main one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.line import Command, Refused, text_in
from remote_mixer.engine.recorder import Recorder

TURN_POLL_SECONDS = 0.001


class Sink(Protocol):
    """Takes blocks from its making, which is its start, until `stop`."""

    @property
    def path(self) -> Path:
        """The file that is written."""

    def feed(self, out: NDArray[np.float32]) -> None:
        """Take a block, (frames, OUTPUTS) float32, which is overwritten afterwards; the mixing thread, never waits."""

    def drain(self) -> None:
        """Bring on what was fed; called some 20 times a second. Raises OSError when nothing more can be taken."""

    def stop(self) -> None:
        """Finish what was drained. Raises OSError."""


def _start_recorder(command: Command) -> Sink:
    path = Path(text_in(command, "file"))
    try:
        return Recorder(path)
    except OSError as error:
        raise Refused(f"Nothing is recorded: {path} cannot be written ({error.strerror}).") from error


SINKS: dict[str, Callable[[Command], Sink]] = {"recorder": _start_recorder}
"""How each kind of sink starts from the command that joins it. Raises Refused."""


class Sinks:
    """The sinks by name. `feed` is for the mixing thread, the rest for the keeping thread."""

    def __init__(self, say_problem: Callable[[str], None]) -> None:
        self._say_problem = say_problem
        self._named: dict[str, Sink] = {}
        self._fed: tuple[Sink, ...] = ()
        self._feeding = False

    def join(self, command: Command) -> dict[str, object]:
        """Start a sink with the next block; return the answer. Raises Refused."""
        name, kind = text_in(command, "name"), text_in(command, "sink")
        if name in self._named:
            raise Refused(f"There is a sink {name!r} already.")
        if kind not in SINKS:
            raise Refused(f"There is no kind of sink {kind!r}; there are {', '.join(SINKS)}.")
        self._named[name] = SINKS[kind](command)
        self._fed = tuple(self._named.values())
        return {"joined": name, "file": str(self._named[name].path)}

    def leave(self, command: Command) -> dict[str, object]:
        """Finish a sink; return the answer. Raises Refused."""
        name = text_in(command, "name")
        if name not in self._named:
            raise Refused(f"There is no sink {name!r}.")
        self._finish(name)
        return {"left": name}

    def feed(self, out: NDArray[np.float32]) -> None:
        """Hand a block, (frames, OUTPUTS) float32, to every sink."""
        self._feeding = True
        try:
            for sink in self._fed:
                sink.feed(out)
        finally:
            self._feeding = False

    def drain(self) -> None:
        """Let every sink bring on what was fed; one that cannot is finished, and that is said."""
        for name, sink in list(self._named.items()):
            if not self._drain(sink):
                self._remove(name)
                self._stop(sink)

    def stop(self) -> None:
        """Finish them all."""
        for name in list(self._named):
            self._finish(name)

    def _finish(self, name: str) -> None:
        sink = self._remove(name)
        self._drain(sink)
        self._stop(sink)

    def _remove(self, name: str) -> Sink:
        """Feed this sink no more; return it once the mixing thread is out of it."""
        sink = self._named.pop(name)
        self._fed = tuple(self._named.values())
        while self._feeding:  # perhaps with the tuple of before
            time.sleep(TURN_POLL_SECONDS)
        return sink

    def _drain(self, sink: Sink) -> bool:
        try:
            sink.drain()
        except OSError as error:
            self._say_problem(f"The recording {sink.path} has ended: {error.strerror}.")
            return False
        return True

    def _stop(self, sink: Sink) -> None:
        try:
            sink.stop()
        except OSError as error:
            self._say_problem(f"The recording {sink.path} may lack its last second: {error.strerror}.")

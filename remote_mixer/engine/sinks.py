"""Sinks: receivers of the mix besides the output; they join and leave while it plays.

Each reads the tape (see `tape`) from where it joined, some 20 times a second; where its disk or network is too slow, it
loses sound and the mix does not notice.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.line import Command, Refused, text_in
from remote_mixer.engine.recorder import Recorder
from remote_mixer.engine.tape import Reader, Tape


class Sink(Protocol):
    """Receives blocks from its creation until `stop`."""

    @property
    def path(self) -> Path:
        """The file that is written."""

    def write(self, out: NDArray[np.float32]) -> None:
        """Write sound, (frames, OUTPUTS) float32. Raises OSError when the sink has to end."""

    def stop(self) -> None:
        """Close. Raises OSError."""


def _start_recorder(command: Command) -> Sink:
    path = Path(text_in(command, "file"))
    try:
        return Recorder(path)
    except OSError as error:
        raise Refused(f"Nothing is recorded: {path} cannot be written ({error.strerror}).") from error


SINKS: dict[str, Callable[[Command], Sink]] = {"recorder": _start_recorder}
"""Kind of sink → function that starts it, from the command that joins it. Raises Refused."""


class Sinks:
    """The sinks by name."""

    def __init__(self, tape: Tape, say_problem: Callable[[str], None]) -> None:
        self._tape, self._say_problem = tape, say_problem
        self._named: dict[str, tuple[Sink, Reader]] = {}

    def join(self, command: Command) -> dict[str, object]:
        """Start a sink with the next block; return the answer. Raises Refused."""
        name, kind = text_in(command, "name"), text_in(command, "sink")
        if name in self._named:
            raise Refused(f"There is a sink {name!r} already.")
        if kind not in SINKS:
            raise Refused(f"There is no kind of sink {kind!r}; there are {', '.join(SINKS)}.")
        sink = SINKS[kind](command)
        self._named[name] = sink, self._tape.reader()
        return {"joined": name, "file": str(sink.path)}

    def leave(self, command: Command) -> dict[str, object]:
        """Finish a sink; return the answer. Raises Refused."""
        name = text_in(command, "name")
        if name not in self._named:
            raise Refused(f"There is no sink {name!r}.")
        self._finish(name)
        return {"left": name}

    def drain(self) -> None:
        """Let every sink write what was mixed; one that cannot is stopped, and the problem is reported."""
        for name, (sink, reader) in list(self._named.items()):
            if not self._drain(sink, reader):
                del self._named[name]
                self._stop(sink)

    def stop(self) -> None:
        """Stop all sinks."""
        for name in list(self._named):
            self._finish(name)

    def _finish(self, name: str) -> None:
        sink, reader = self._named.pop(name)
        self._drain(sink, reader)
        self._stop(sink)

    def _drain(self, sink: Sink, reader: Reader) -> bool:
        try:
            for piece in reader.read():
                sink.write(piece)
        except OSError as error:
            self._say_problem(f"The recording {sink.path} has ended: {error.strerror}.")
            return False
        return True

    def _stop(self, sink: Sink) -> None:
        try:
            sink.stop()
        except OSError as error:
            self._say_problem(f"The recording {sink.path} may lack its last second: {error.strerror}.")

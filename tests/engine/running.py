"""A real engine in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.shared import SharedBlock

PATIENCE_SECONDS = 60.0


def until(there: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)  # the thing waited for is another process's


def unity(block: SharedBlock) -> None:
    """All faders at 0 dB, playing."""
    for path in TABLE.places:
        if path.endswith("/fader"):
            block.write(path, 1)
    block.write("transport/play", 1)
    block.commit()


def recorded(path: Path) -> NDArray[np.float32]:
    """(frames, 2) of a recording."""
    audio, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(audio)


@dataclass
class Running:
    """An engine that said it is ready."""

    process: subprocess.Popen[bytes]
    block: SharedBlock
    ready: dict[str, Any]

    def plays(self, seconds: float) -> None:
        """Wait until it has mixed that much."""
        end = self.block.words[shared.BLOCKS] + seconds * shared.RATE / shared.BLOCK_FRAMES
        until(lambda: self.block.words[shared.BLOCKS] >= end)

    def command(self, **command: object) -> None:
        """Send a command."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self, **command: object) -> dict[str, Any]:
        """Send a command and return its answer, without what other lines say."""
        self.command(id=7, **command)
        while (line := self.line()) and "answer" not in line:
            pass
        assert line.pop("answer") == 7
        return line

    def line(self) -> dict[str, Any]:
        """The next line it says; empty at its end."""
        assert self.process.stdout
        text = self.process.stdout.readline()
        line: dict[str, Any] = json.loads(text) if text else {}
        return line


@contextmanager
def engine(data: Path, *options: str) -> Iterator[Running]:
    """Start an engine; `data` has its block, made here if it is not there."""
    path = data / "block"
    block = SharedBlock(path) if path.exists() else SharedBlock.create(path)
    unity(block)
    command = [sys.executable, "-m", "remote_mixer.engine", f"--data={data}", "--output=clock"]
    with subprocess.Popen([*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        running = Running(process, block, {})
        with suppress(BrokenPipeError):  # it has ended already: its line says why
            running.command(do="mix", block=str(path))
        try:
            while "ready" not in running.ready and "error" not in running.ready:
                running.ready = running.line()
                assert running.ready, "it ended without a word"
            yield running
        finally:
            process.kill()

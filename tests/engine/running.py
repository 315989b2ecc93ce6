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
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "the condition never held"
        time.sleep(0.005)  # another process brings it about


def unity(block: SharedBlock) -> None:
    """Set all faders to 0 dB, and play."""
    for path in TABLE.places:
        if path.endswith("/fader"):
            block.write(path, 1)
    block.write("transport/play", 1)
    block.commit()


def recorded(path: Path) -> NDArray[np.float32]:
    """Return the sound of a recording, (frames, 2)."""
    audio, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(audio)


@dataclass
class Running:
    """An engine that is ready, or has said why it cannot start."""

    process: subprocess.Popen[bytes]
    block: SharedBlock
    ready: dict[str, Any]

    def plays(self, seconds: float) -> None:
        """Wait until the engine has mixed for that many seconds."""
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
        """Return the engine's next line; empty at its end."""
        assert self.process.stdout
        text = self.process.stdout.readline()
        line: dict[str, Any] = json.loads(text) if text else {}
        return line


@contextmanager
def engine(data: Path, *options: str) -> Iterator[Running]:
    """Start an engine with the block in `data`, made here where it is missing."""
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
                assert running.ready, "it ended without a line"
            yield running
        finally:
            process.kill()

"""The server's end of the engine's process: starts it, reads its lines, ends it. Standard library only.

What crosses while it runs is in `shared`; here is only birth, death and the odd word in between (see `process`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SILENT_START_SECONDS = 120.0  # a slow machine may compile this long without a word
END_SECONDS = 0.8
ENGINE_COMMAND = "engine-process"


class EngineGone(Exception):  # it is an event more than a fault
    """The engine cannot start or has ended; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Job:
    """What an engine is started for: see the arguments of `process`."""

    shared: Path
    data: Path
    stems: Path | None = None
    record: Path | None = None


def command(job: Job) -> list[str]:
    """How the engine is started: by the interpreter, or by the frozen program itself."""
    frozen = getattr(sys, "frozen", False)
    start = [sys.executable, ENGINE_COMMAND] if frozen else [sys.executable, "-m", "remote_mixer.engine"]
    options = [f"--shared={job.shared.absolute()}", f"--data={job.data.absolute()}"]
    options += [f"--stems={job.stems.absolute()}"] if job.stems else []
    options += [f"--record={job.record.absolute()}"] if job.record else []
    return start + options


class EngineLink:
    """One life of an engine."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, job: Job) -> EngineLink:
        """Start the process. Raises EngineGone."""
        try:
            return cls(await asyncio.create_subprocess_exec(*command(job), stdin=PIPE, stdout=PIPE))
        except OSError as error:
            raise EngineGone(f"The engine cannot be started: {error}.") from error

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    async def ready(self, progress: Callable[[str], None]) -> dict[str, Any]:
        """Wait for the line that says it is ready, and return it; pass on what takes a moment. Raises EngineGone."""
        while True:
            try:
                line = await asyncio.wait_for(self.line(), SILENT_START_SECONDS)
            except TimeoutError:
                raise EngineGone("The engine did not get ready in two minutes.") from None
            if "error" in line:
                raise EngineGone(str(line["error"]))
            if "progress" in line:
                progress(str(line["progress"]))
            if "ready" in line:
                return line

    async def line(self) -> dict[str, Any]:
        """Wait for the next line. Raises EngineGone at the end of the process."""
        assert self._process.stdout  # noqa: S101  # it was started with a pipe
        while line := await self._process.stdout.readline():
            with contextlib.suppress(ValueError):
                heard = json.loads(line)
                if isinstance(heard, dict):
                    return heard
        code = await self._process.wait()
        raise EngineGone(f"The engine has stopped (code {code}). It starts again by itself.")

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """Let it finish its recording; end it if that takes too long, or if who waits is called off."""
        assert self._process.stdin  # noqa: S101  # it was started with a pipe
        self._process.stdin.close()
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), END_SECONDS)
        finally:
            self.kill()
            await self._process.wait()

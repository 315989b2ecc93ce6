"""Server's end of the engine's process: start, commands, lines, end. Standard library only.

Controls and meters cross in `shared`; the commands and lines are those of `line`.

An engine that will be needed can be started before the rest of the program is loaded (`begin`): it gets ready on
another core, and mixes once it is sent a block. A thread, not asyncio, reads its lines: the process may be older than
any loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread
from typing import Any

SILENT_START_SECONDS = 120.0  # an engine that works says so each second (`beats`), for however long it compiles
STUCK = "The engine has done nothing for two minutes, and was ended. It starts again by itself."
END_SECONDS = 0.8
ENGINE_COMMAND = "engine-process"
LATENCY = "latency"  # command of that program: measure a device's round trip, see `process`


class EngineGone(Exception):  # an event, not an error
    """The engine cannot start or has ended; the text is for a person."""


class EngineRefused(Exception):  # an answer, not an error
    """The engine does not carry out a command; the text says why."""


@dataclass(frozen=True, slots=True)
class Job:
    """Arguments that an engine is started with, see `process`."""

    data: Path
    stems: Path | None = None
    record: Path | None = None
    inputs: int = 0
    card: str = ""
    frames: int = 0
    rate: int = 0
    input_card: str = ""


_begun: dict[Job, Popen[bytes]] = {}


def command(job: Job) -> list[str]:
    """Return the command line of the engine, for the interpreter or for the frozen program."""
    options = [f"--data={job.data.absolute()}"]
    options += [f"--stems={job.stems.absolute()}"] if job.stems else []
    options += [f"--record={job.record.absolute()}"] if job.record else []
    sound = {
        "inputs": job.inputs,
        "card": job.card,
        "frames": job.frames,
        "rate": job.rate,
        "input-card": job.input_card,
    }
    options += [f"--{name}={value}" for name, value in sound.items() if value]
    return ourselves(*options)


def ourselves(*arguments: str) -> list[str]:
    """Return the command line of the engine's program with these arguments."""
    frozen = getattr(sys, "frozen", False)
    start = [sys.executable, ENGINE_COMMAND] if frozen else [sys.executable, "-m", "remote_mixer.engine"]
    return [*start, *arguments]


def begin(job: Job) -> None:
    """Start the process for a job that will be needed soon; where that fails, `EngineLink.start` says why."""
    with contextlib.suppress(OSError):
        _begun[job] = _begun.get(job) or _spawn(job)


def let_go() -> None:
    """End the processes that were started by `begin` and not used."""
    while _begun:
        _, process = _begun.popitem()
        with process:  # closes its pipes and waits for its end
            process.kill()


def _spawn(job: Job) -> Popen[bytes]:
    return Popen(command(job), stdin=PIPE, stdout=PIPE)  # noqa: S603  # our own program


def _fields(text: bytes) -> dict[str, Any]:
    """Return the fields of a line; none where a library has printed something of its own."""
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


class EngineLink:
    """One run of an engine's process."""

    def __init__(self, process: Popen[bytes]) -> None:
        """Start to read the process's lines; they arrive on the running loop."""
        self._process = process
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[bytes] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        Thread(target=self._listen, name="engine", daemon=True).start()

    @classmethod
    def start(cls, job: Job, block: Path, ports: Mapping[str, object] | None = None) -> EngineLink:
        """Start to mix the block, with the process begun for the job or a new one. Raises EngineGone.

        ports  what the ports of JACK are joined to, see `line`
        """
        try:
            process = _begun.pop(job, None) or _spawn(job)
        except OSError as error:
            raise EngineGone(f"The engine cannot be started: {error}.") from error
        link = cls(process)
        link._write({"do": "mix", "block": str(block.absolute()), "ports": ports})
        return link

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    async def ready(self, progress: Callable[[str], None]) -> dict[str, Any]:
        """Return the engine's `ready` line; call `progress` with the sentences before it.

        Wait for as long as the engine lives and works. Raises EngineGone.
        """
        while True:
            try:
                async with asyncio.timeout(SILENT_START_SECONDS):
                    line = await self.line()
            except TimeoutError:
                raise EngineGone(STUCK) from None
            if "error" in line:
                raise EngineGone(str(line["error"]))
            if "progress" in line:
                progress(str(line["progress"]))
            if "ready" in line:
                return line

    async def line(self) -> dict[str, Any]:
        """Wait for the next line that answers no command. Raises EngineGone at the end of the process."""
        while text := await self._lines.get():
            line = _fields(text)
            if line and not self._settle(line):
                return line
        await self._gone.wait()
        for answer in self._answers.values():
            answer.set_exception(self._end())
        self._answers.clear()
        raise self._end()

    def send(self, do: str, **fields: object) -> None:
        """Send a command whose answer nobody waits for."""
        self._write({"do": do, **fields})

    async def request(self, do: str, **fields: object) -> dict[str, Any]:
        """Send a command of `line` and return its answer, while another task waits in `line`.

        Raises EngineRefused with the engine's sentence, and EngineGone at the end of the process.
        """
        if self._gone.is_set():
            raise self._end()
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._answers[number] = answer
        self._write({"do": do, "id": number, **fields})
        result = await answer
        if "refused" in result:
            raise EngineRefused(str(result["refused"]))
        return result

    def _end(self) -> EngineGone:
        return EngineGone(f"The engine has stopped (code {self._process.returncode}). It starts again by itself.")

    def kill(self) -> None:
        """Kill the process at once."""
        self._process.kill()

    async def close(self) -> None:
        """Close the engine's stdin so that it finishes its recordings; kill it after END_SECONDS or on cancellation."""
        assert self._process.stdin  # noqa: S101  # it was started with a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_SECONDS):
                    await self._gone.wait()
        finally:
            self.kill()
            await self._gone.wait()

    def _settle(self, line: dict[str, Any]) -> bool:
        """Return whether the line is an answer; if so, pass it to the task that waits for it."""
        answer = self._answers.pop(line.get("answer", 0), None)
        if answer and not answer.done():
            answer.set_result(line)
        return "answer" in line

    def _write(self, command: dict[str, Any]) -> None:
        assert self._process.stdin  # noqa: S101  # it was started with a pipe
        with contextlib.suppress(OSError):  # the process has ended; its lines say why
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        """Pass the engine's lines to the loop, then an empty one; runs in a thread of its own."""
        assert self._process.stdout  # noqa: S101  # it was started with a pipe
        with contextlib.suppress(RuntimeError), self._process.stdout as lines:  # the loop may have closed
            for line in lines:
                self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
            self._loop.call_soon_threadsafe(self._lines.put_nowait, b"")
            self._process.wait()
            self._loop.call_soon_threadsafe(self._gone.set)

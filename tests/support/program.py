"""The program as a person starts it: a process of its own, its words, its exit code."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import IO, Self, TypeAlias

import psutil

from tests.support.forked import Forked

COMMAND = (sys.executable, "-P", "-m", "remote_mixer")
PATIENCE_SECONDS = 120.0  # ends what hangs
# The promise is one second, and half of one is usual; two cores that also run tests get two. What has to show here is
# a server that hangs with a page open, which takes three seconds or for ever. The wait for a free core does not count.
STOP_SECONDS = 2.0
SAMPLE_SECONDS = 0.1
OWN_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def environment(**changes: str) -> dict[str, str]:
    """Return our environment without a display, so that no test opens a window by chance, and with these changes."""
    ours = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return ours | {"PYTHONIOENCODING": "utf-8"} | changes


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = _start(arguments, environment(**changes), out.fileno(), err.fileno())
        try:
            code = process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
            process.wait()
        said, complained = _all_of(out), _all_of(err)
    return subprocess.CompletedProcess([*COMMAND, *arguments], code, said, complained)


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


Process: TypeAlias = Forked | subprocess.Popen[bytes]


def _start(
    arguments: Sequence[str], env: Mapping[str, str], out: int, err: int, command: tuple[str, ...] = COMMAND
) -> Process:
    """Start a program; our own is forked where that is possible, which saves an interpreter's start."""
    if command == COMMAND and sys.platform == "linux":
        return Forked(arguments, env, out, err)
    return subprocess.Popen([*command, *arguments], env=env, stdout=out, stderr=err)


class Program:
    """A program that runs on until it is stopped; leaving the `with` ends it whatever happened."""

    def __init__(
        self, *arguments: str, command: tuple[str, ...] = COMMAND, env: Mapping[str, str] | None = None
    ) -> None:
        heard, said = os.pipe()
        self._stdout = open(heard, encoding="utf-8")  # noqa: SIM115 - closed at the end of the `with`
        self._process = _start(arguments, env or environment(), said, said, command)
        os.close(said)
        self._said = ""
        self._heard = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._listener.join()
        self._stdout.close()

    @property
    def said(self) -> str:
        """Return all it has said so far."""
        with self._heard:
            return self._said

    @property
    def id(self) -> int:
        """Return its process id."""
        return self._process.pid

    def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until it has said a text that often."""
        with self._heard:
            if not self._heard.wait_for(lambda: self._said.count(text) >= times, PATIENCE_SECONDS):
                raise AssertionError(f"{text!r} was not said {times} times; this was:\n{self._said}")

    def url(self) -> str:
        """Wait until it serves; return the address for this computer."""
        self.wait_for("Ctrl-C")
        found = OWN_ADDRESS.search(self.said)
        if not found:
            raise AssertionError(f"it did not say where it serves:\n{self.said}")
        return found[0]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send it a signal; return its exit code and the seconds it took to end, without the wait for a free core."""
        slowdown, before = _slowdown(), psutil.Process(self.id).cpu_times()
        ended_before, started = os.times(), time.monotonic()
        self._process.send_signal(number)
        code = self.end()
        seconds, ended = time.monotonic() - started, os.times()
        life = ended.children_user + ended.children_system - ended_before.children_user - ended_before.children_system
        if isinstance(self._process, Forked):
            life = self._process.processor_seconds
        worked = max(life - before.user - before.system, 0.0)
        return code, seconds - worked * (slowdown - 1)

    def end(self) -> int:
        """Wait until it has ended and all it said is heard; return its exit code."""
        code = self._process.wait(PATIENCE_SECONDS)
        self._listener.join()
        return code

    def _listen(self) -> None:
        for line in self._stdout:
            with self._heard:
                self._said += line
                self._heard.notify_all()


def _slowdown() -> float:
    """Return how many times longer work takes now than on a free core: 1 on an idle machine."""
    started, worked = time.perf_counter(), time.thread_time()
    while (work := time.thread_time() - worked) < SAMPLE_SECONDS:
        pass
    return max((time.perf_counter() - started) / work, 1.0)


def serve(data: object, *arguments: str, consoles: tuple[str, ...] = ("band=demo:",)) -> Program:
    """Start a server on a free port of loopback, with the console in memory unless told otherwise."""
    named = [word for console in consoles for word in ("--console", console)]
    return Program("--serve", "--host", "127.0.0.1", "--port", "0", "--data", str(data), *named, *arguments)

"""The program in a process of its own without an interpreter's start: a process that has loaded it forks for each.

A start of Python with all of the program's modules costs 0.4 to 1.5 s of processor time, a fork some milliseconds.
Arguments, environment, streams, signals and exit code are those of a program that a shell starts.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Final

REQUEST_BYTES: Final = 100_000
FILES: Final = 4
"""Passed with each request: the socket for the answers, then stdin, stdout and stderr."""
MODULES: Final = (
    "remote_mixer.app",
    "remote_mixer.command.launch",
    "remote_mixer.command.shell",
    "remote_mixer.command.tools",
    "remote_mixer.drivers.demo",
    "remote_mixer.simulator.simulator",
)


class Forked:
    """One run of the program; has what the tests use of `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], stdout: int, stderr: int) -> None:
        """Start it with the caller's stdin and folder; `stdout` and `stderr` are file numbers, which stay open."""
        self.returncode: int | None = None
        self.processor_seconds = 0.0
        """Processor seconds of its whole life; known once it has ended."""
        request = json.dumps([arguments, {**env}, os.getcwd()]).encode()
        self._answers, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(_loaded(), [request], (theirs.fileno(), 0, stdout, stderr))
        self.pid = int(self._answer())

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, negative after a signal. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._answers], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            code, self.processor_seconds = json.loads(self._answer())
            self.returncode = int(code)
            self._answers.close()
        return self.returncode

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def _answer(self) -> bytes:
        answer = self._answers.recv(REQUEST_BYTES)
        assert answer, "the process that forks has ended"
        return answer


@cache
def _loaded() -> socket.socket:
    """Start the process that forks; return the socket that takes requests. It ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = (sys.executable, "-P", __file__, str(theirs.fileno()))
        env = os.environ | {"PYTHONIOENCODING": "utf-8"}
        process = subprocess.Popen(command, env=env, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL)

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


# In the process that forks


def _next_program(requests: socket.socket) -> None:
    """Return in a process forked for the next request, with its arguments, environment, folder and streams."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the programs
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        request, files, _, _ = socket.recv_fds(requests, REQUEST_BYTES, FILES)
        if not request:
            os._exit(0)
        if not os.fork():
            break
        for file in files:
            os.close(file)
    requests.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    answers, *streams = files
    if program := os.fork():
        _keep(program, answers, streams)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.close(answers)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for the program's life
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    arguments, environment, folder = json.loads(request)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv[1:] = arguments


def _keep(program: int, answers: int, streams: Sequence[int]) -> None:
    """Answer the id of a program, and at its end its exit code and processor seconds; then end."""
    for stream in streams:
        os.close(stream)
    os.write(answers, str(program).encode())
    _, status, used = os.wait4(program, 0)
    with contextlib.suppress(OSError):  # nobody wants to know any more
        os.write(answers, json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime]).encode())
    os._exit(0)


if __name__ == "__main__":
    for module in MODULES:
        import_module(module)
    gc.collect()
    gc.freeze()  # what is there already is neither copied nor searched in each program
    _next_program(socket.socket(fileno=int(sys.argv[1])))
    from remote_mixer.command.main import main

    sys.exit(main())

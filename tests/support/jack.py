"""A JACK server of our own without hardware, beside any other that runs here, and what looks into its graph."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from remote_mixer.drivers.midi_link import end_idle
from remote_mixer.drivers.midi_rtmidi import release_idle
from tests.support.complete import need
from tests.support.waiting import LOOK_SECONDS, PATIENCE_SECONDS

SERVER_VARIABLE = "JACK_DEFAULT_SERVER"
VARIABLES = {"JACK_NO_AUDIO_RESERVATION": "1", "JACK_NO_START_SERVER": "1"}
RATE, FRAMES, FRAMES_WAITED_FOR = 48000, 256, 1024
"""Frames a second, and of a cycle; of one that waits for its clients: fewer cycles, more time for each."""
STOP_SECONDS = 10.0

SHARED = Path("/dev/shm")
MOUNTS, IPC = 0x00020000, 0x08000000
"""CLONE_NEWNS and CLONE_NEWIPC of Linux: what a process may have of its own."""

_numbers = count(1)


class Jack:
    """One server, that can be stopped and started again. All of this process's clients and children are its clients.

    End every client before the server's own end, and never by SIGKILL: one server in two does not survive that.

    frames       of a cycle; None for the usual number
    realtime     whether server and clients have priority over what else runs here
    synchronous  whether a cycle waits for every client: no message is lost where one of them is late
    """

    def __init__(
        self, frames: int | None = None, rate: int = RATE, *, realtime: bool = False, synchronous: bool = False
    ) -> None:
        self.frames, self.rate = frames or (FRAMES_WAITED_FOR if synchronous else FRAMES), rate
        priority = ("--realtime", "-P", "60") if realtime else ("--no-realtime",)
        self._options = (*priority, *(("--sync",) if synchronous else ()))
        self.name = f"remote-mixer-{os.getpid()}-{next(_numbers)}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        driver = ("-d", "dummy", "-r", str(self.rate), "-p", str(self.frames))
        command = ("jackd", "-n", self.name, *self._options, *driver)
        self._process = subprocess.Popen(
            command, env=os.environ | VARIABLES, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _until(lambda: "system:playback_1" in self.ports(), "the JACK server did not answer")

    def stop(self) -> None:
        """End it with SIGTERM; one that hangs is killed. Does nothing when it is not running."""
        if not self._process:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        for left in SHARED.glob(f"jack_*_{self.name}_*"):  # of clients that were there when the server ended
            left.unlink(missing_ok=True)

    def ports(self) -> list[str]:
        """Return the full names of all ports; none while the server does not run."""
        return self._ask("jack_lsp").splitlines()

    def joined(self, port: str) -> list[str]:
        """Return what a port is joined to."""
        lines = self._ask("jack_lsp", "-c", port).splitlines()
        return [line.strip() for line in lines if line.startswith(" ")]

    def join(self, source: str, goal: str) -> None:
        """Join an output to an input, by full names, as a person does in a patch bay."""
        for port in (source, goal):
            self.wait_for(port)
        subprocess.run(("jack_connect", source, goal), env=self.environment, check=True, capture_output=True)

    def part(self, source: str, goal: str) -> None:
        """Take two ports apart that are joined."""
        subprocess.run(("jack_disconnect", source, goal), env=self.environment, check=True, capture_output=True)

    def wait_for(self, port: str, *, there: bool = True) -> None:
        """Wait until a port is there, or is there no more."""
        _until(lambda: (port in self.ports()) is there, f"{port} is {'not ' * there}there")

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment in which a program becomes this server's client."""
        return os.environ | VARIABLES | {SERVER_VARIABLE: self.name}

    def _ask(self, *command: str) -> str:
        """Return what a program prints; it is run again where the server, busy or about to run, refuses it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._process and self._process.poll() is None:
            done = subprocess.run(
                command,
                env=self.environment,
                capture_output=True,
                encoding="utf-8",
                timeout=PATIENCE_SECONDS,
                check=False,
            )
            if not done.returncode:
                return done.stdout
            assert time.monotonic() < deadline, f"the JACK server refuses {command[0]}: {done.stderr}"
            time.sleep(LOOK_SECONDS)
        return ""


def have_shared_memory_of_our_own() -> None:
    """Give this thread and all that it starts a /dev/shm and semaphores of their own, where the system lets it.

    Each 40th client is refused (status 0x21) where another server's clients come at the same moment, and a new server
    where others were killed: all servers of a machine keep one list in shared memory.
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if not unshare or unshare(MOUNTS) or not shutil.which("mount"):
        return
    mounts = ("mount", "--make-rprivate", "/"), ("mount", "-t", "tmpfs", "tmpfs", str(SHARED))
    if all(subprocess.run(mount, capture_output=True, check=False).returncode == 0 for mount in mounts):
        unshare(IPC)  # not without the other: the list's lock is a semaphore


@contextmanager
def jack_server(
    frames: int | None = None, rate: int = RATE, *, realtime: bool = False, synchronous: bool = False
) -> Iterator[Jack]:
    """Run a server for a module's tests and make this process its client; skip where JACK is not installed."""
    need(shutil.which("jackd") and shutil.which("jack_lsp"), "jackd2 is not installed (apt-get install jackd2)")
    server = Jack(frames, rate, realtime=realtime, synchronous=synchronous)
    before = {name: os.environ.get(name) for name in (SERVER_VARIABLE, *VARIABLES)}
    os.environ.update(VARIABLES | {SERVER_VARIABLE: server.name})
    try:
        server.start()
        yield server
    finally:
        release_idle()
        end_idle()
        server.stop()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _until(there: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not there():
        assert time.monotonic() < deadline, otherwise
        time.sleep(LOOK_SECONDS)

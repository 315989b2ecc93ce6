"""A real Ardour without a window: a session with tracks, two buses and a VCA, its OSC and Mackie surfaces open.

Its Lua program runs it and is the second witness: `ask` evaluates in the running session. Without a JACK server it
plays to a backend of its own that has no ports outside; with one, its surfaces' MIDI ports and its sound are there.
"""

from __future__ import annotations

import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.support.complete import need
from tests.support.jack import Jack
from tests.support.program import environment
from tests.support.waiting import PATIENCE_SECONDS

PROGRAM = "ardour7-lua"
SCRIPT = Path(__file__).with_suffix(".lua")
STOP_SECONDS = 10.0
STARTS = 3
"""Most starts on a JACK server, which now and then drops Ardour while it loads its session (see the Lua program)."""
OSC_PORTS = range(3819, 3839)
"""Ardour takes the first one that is free."""
SILENCE, SINE = "Uniform Silence", "Sine Wave"
SINE_DB = -18.0
"""Level of the sine at each input."""
SURFACE = "mackie control"
"""Part of the names of its Mackie surface's ports."""
BUSES, VCA, MASTER = ("Bus 1", "Bus 2"), "VCA 1", "Master"


class Ardour:
    """One Ardour, that can be killed and started again with the same session.

    sound  device of its own backend: what comes in at every input
    """

    def __init__(self, folder: Path, tracks: int, jack: Jack | None = None, sound: str = SILENCE) -> None:
        self._folder, self._jack = folder, jack
        backend, device = ("JACK", "") if jack else ("None (Dummy)", sound)
        self._command = (PROGRAM, str(SCRIPT), str(folder / "session"), str(tracks), backend, device)
        own = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}
        self._environment = (jack.environment if jack else environment()) | own
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[str]
        self.port = 0

    def start(self) -> None:
        """Start it and wait until its session is loaded and its surfaces are open; again where JACK drops it."""
        for _ in range(STARTS if self._jack else 1):
            self._launch()
            try:
                self._answer()
            except AssertionError:  # it has ended, where JACK refused it a port
                if not self._jack:
                    raise
            else:
                if self._is_heard():
                    break
            self.stop()
        assert self._process, "JACK drops Ardour at each start"
        ports = {connection.laddr.port for connection in psutil.Process(self._process.pid).net_connections("udp4")}
        self.port = next(port for port in OSC_PORTS if port in ports)

    def _is_heard(self) -> bool:
        """Return whether its surface's ports are on the JACK server, where there is one."""
        return not self._jack or any(SURFACE in port for port in self._jack.ports())

    def _launch(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._answers = queue.SimpleQueue()
        self._listener = threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True)
        self._listener.start()

    def stop(self) -> None:
        """End it as a person does; one that hangs is killed. Does nothing when it is not running."""
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._end()

    def kill(self) -> None:
        """End it as a crash does; not for one on a JACK server."""
        assert self._process
        self._process.kill()
        self._end()

    def _end(self) -> None:
        assert self._process
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process = None

    def ask(self, expression: str) -> str:
        """Return what a Lua expression is in the running session."""
        return self.run(f"return {expression}")

    def run(self, statement: str) -> str:
        """Run a Lua statement in the running session; return its result as text."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(statement + "\n")
        self._process.stdin.flush()
        return self._answer()

    def set(self, control: str, value: float) -> None:
        """Move a control, given as a Lua expression, as a person does in Ardour's window."""
        self.run(f"{control}:set_value({value}, PBD.GroupControlDisposition.NoGroup)")

    def number(self, expression: str) -> float:
        """Return what a Lua expression is, as a number; a switch is 1 or 0."""
        return float({"true": "1", "false": "0"}.get(text := self.ask(expression), text))

    def _answer(self) -> str:
        text = self._answers.get(timeout=PATIENCE_SECONDS)
        assert text.startswith("= "), text
        return text.removeprefix("= ")


def _listen(process: subprocess.Popen[str], answers: queue.SimpleQueue[str]) -> None:
    for line in process.stdout or ():
        if line.startswith(("= ", "! ")):
            answers.put(line.rstrip("\n"))
    answers.put("! Ardour has ended")


@contextmanager
def headless_ardour(folder: Path, tracks: int, jack: Jack | None = None, sound: str = SILENCE) -> Iterator[Ardour]:
    """Run an Ardour for a module's tests; skip where it is not installed."""
    need(shutil.which(PROGRAM), "Ardour 7 is not installed (apt-get install ardour)")
    ardour = Ardour(folder, tracks, jack, sound)
    try:
        ardour.start()
        yield ardour
    finally:
        ardour.stop()

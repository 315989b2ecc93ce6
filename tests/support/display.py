"""A screen of our own (Xvfb with a small window manager), what is on it, and a hand that closes windows."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.complete import need
from tests.support.waiting import PATIENCE_SECONDS, until

TOOLS = ("Xvfb", "openbox", "wmctrl", "xdotool", "import", "convert")
SIZE = "1400x900x24"
# Well inside the window, which opens in the middle of the screen: its frame alone has hundreds of colours.
INSIDE = "1000x600+200+150"
WINDOW_SECONDS = 3 * PATIENCE_SECONDS  # the window's web engine starts with seconds of work on every core
DRAWN_COLOURS = 350  # an empty page has 1, one that still looks for the mixer 225, strips and faders nearly 500


@dataclass(frozen=True)
class Display:
    """One screen, by its name as `:97`."""

    name: str

    @property
    def environment(self) -> dict[str, str]:
        """Return what a program on this screen needs; tests run as root, which Chromium's sandbox does not take."""
        return {"DISPLAY": self.name, "QTWEBENGINE_DISABLE_SANDBOX": "1"}

    async def window(self, title: str) -> None:
        """Wait until a window has that title."""
        await until(lambda: title in self._run("wmctrl", "-l"), WINDOW_SECONDS)

    async def picture(self, path: Path) -> None:
        """Wait until the window shows more than blank ground; the picture of the screen is left at `path`."""
        await until(lambda: self._colours(path) > DRAWN_COLOURS, WINDOW_SECONDS)

    def enter(self, text: str) -> None:
        """Type a text into the window that has the focus, and Enter."""
        self._run("xdotool", "type", "--delay", "20", text)
        self._run("xdotool", "key", "Return")

    def close(self, title: str) -> None:
        """Close a window as a hand does, with its cross."""
        self._run("wmctrl", "-c", title)

    def _colours(self, path: Path) -> int:
        self._run("import", "-window", "root", str(path))
        return int(self._run("convert", str(path), "-crop", INSIDE, "+repage", "-format", "%k", "info:"))

    def _run(self, *command: str) -> str:
        env = os.environ | self.environment
        return subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
        ).stdout


@contextmanager
def display_for_tests() -> Iterator[Display]:
    """Run a screen; skip the test, or fail it in a complete run, where its programs are missing."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    need(not missing, f"a window's test needs {', '.join(missing)}")
    reading, writing = os.pipe()
    with quiet_process(
        "Xvfb", "-screen", "0", SIZE, "-nolisten", "tcp", "-displayfd", str(writing), pass_fds=(writing,)
    ):
        os.close(writing)
        with os.fdopen(reading) as told:
            display = Display(f":{told.readline().strip()}")
        with quiet_process("openbox", env=os.environ | display.environment):
            yield display


@contextmanager
def quiet_process(
    *command: str, env: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program whose words go nowhere until the `with` is left."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, pass_fds=pass_fds, stdout=quiet, stderr=quiet) as process:
        try:
            yield process
        finally:
            process.terminate()

"""Firefox, WebKit and Chromium behind one seam: a page, a finger, keys, the way back, and the sleep of a device."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil

from tests.support.browser import QUIET, WHOLE, sandbox
from tests.support.complete import need
from tests.support.display import display_for_tests, quiet_process
from tests.support.waiting import until
from tests.support.webdriver import Body, HttpSession, MarionetteSession, Session, ended

MINI_BROWSERS: Final = tuple(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
WINDOW: Final = {"x": 0, "y": 0, "width": 1000, "height": 700}
MIDDLE = """
  const box = document.querySelector(arguments[0]).getBoundingClientRect()
  return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]
"""
DRAG_STEPS, STEP_MS = 5, 16
"""A finger's path; WebKit makes a mouse of the finger."""


class Visitor:
    """One browser with one window."""

    def __init__(self, session: Session, browser: psutil.Process) -> None:
        """Control a browser by an open session."""
        self._session, self._browser = session, browser
        self.show()

    def open(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        self._session.ask("url", {"url": address})

    def back(self) -> None:
        """Go back in the history."""
        self._session.ask("back", {})

    def forward(self) -> None:
        """Go forward in the history."""
        self._session.ask("forward", {})

    def run(self, script: str, *arguments: object) -> Any:
        """Return what the body of a function returns in the page."""
        return self._session.ask("execute/sync", {"script": script, "args": arguments})

    async def sees(self, selector: str) -> None:
        """Wait until an element is there."""
        await until(lambda: self.run("return document.querySelector(arguments[0]) !== null", selector))

    def drag(self, selector: str, pixels: int = 0) -> None:
        """Drag from an element's middle up by so many pixels (down when negative); by none it is a tap."""
        x, y = self.run(MIDDLE, selector)
        steps = [y - pixels * step // DRAG_STEPS for step in range(1, DRAG_STEPS + 1)] if pixels else []
        path = [{"type": "pointerMove", "x": x, "y": at, "duration": STEP_MS} for at in (y, *steps)]
        down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        actions = [path[0], down, *path[1:], up]
        finger = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": actions}
        self._session.ask("actions", {"actions": [finger]})

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        keys = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self._session.ask("actions", {"actions": [{"type": "key", "id": "keys", "actions": keys}]})

    def hide(self) -> None:
        """Minimize the window: the page is hidden."""
        self._session.ask("window/minimize", {})

    def show(self) -> None:
        """Show the window."""
        self._session.ask("window/rect", WINDOW)

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Hide the page and let nothing of the browser run, as in a pocket or under a closed lid."""
        self.hide()
        processes = [self._browser, *self._browser.children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()
        self.show()


@asynccontextmanager
async def firefox(folder: Path) -> AsyncIterator[Visitor]:
    """Run Firefox without a screen, with its profile in a folder."""
    program, told = _program("firefox-esr", "firefox"), folder / "MarionetteActivePort"
    (folder / "user.js").write_text('user_pref("marionette.port", 0);\n')  # one that is free, written to that file
    with quiet_process(program, "--headless", "--no-remote", "--profile", str(folder), "--marionette") as process:
        await until(lambda: told.exists() and told.read_text())
        with ended(MarionetteSession(int(told.read_text()))) as session:
            yield Visitor(session, psutil.Process(process.pid))


@asynccontextmanager
async def webkit(folder: Path) -> AsyncIterator[Visitor]:
    """Run WebKitGTK's own small browser on a screen of its own; it keeps nothing."""
    program = MINI_BROWSERS[-1] if MINI_BROWSERS else None
    need(program, "no MiniBrowser of WebKitGTK is installed")
    options = {"binary": str(program), "args": ["--automation"]}
    with display_for_tests() as display:
        env = display.environment | {"HOME": str(folder)}
        async with _driven(_program("WebKitWebDriver"), {"webkitgtk:browserOptions": options}, env) as visitor:
            yield visitor


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Visitor]:
    """Run Chromium without a screen, with its profile in a folder."""
    program = _program(*WHOLE)
    options = {"binary": program, "args": [*QUIET, *sandbox(), "--headless=new", f"--user-data-dir={folder}"]}
    async with _driven(_program("chromedriver"), {"goog:chromeOptions": options}, {}) as visitor:
        yield visitor


BROWSERS: Final[dict[str, Callable[[Path], AbstractAsyncContextManager[Visitor]]]] = {
    "firefox": firefox,
    "webkit": webkit,
    "chromium": chromium,
}


def _program(*names: str) -> str:
    """Return the path of the first of these programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    need(found, f"no {names[0]} is installed")
    return str(found)


@asynccontextmanager
async def _driven(driver: str, capabilities: Body, env: dict[str, str]) -> AsyncIterator[Visitor]:
    """Run a browser below its driver program."""
    port = _free_port()
    with quiet_process(driver, f"--port={port}", env=os.environ | env) as process:
        await until(lambda: _listens(port))
        with ended(HttpSession(port, capabilities)) as session:
            yield Visitor(session, psutil.Process(process.pid).children()[0])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False

"""The native window; the only module that imports webview.

Whether a window can open is checked before Qt or GTK are loaded: without a display Qt aborts the process and GTK exits
it, and neither can be caught.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from types import FrameType
from typing import TYPE_CHECKING, Any

from remote_mixer.resources import APP_NAME, resource_path

if TYPE_CHECKING:
    import webview

SIZE = (1280, 800)
MIN_SIZE = (360, 480)
BACKGROUND = "#0b0c0e"  # until the page is drawn: white would flash on a dark stage
OVERDUE_SECONDS = 5.0
INTERNET_EXPLORER = "mshtml"  # pywebview's choice on a Windows without WebView2; it cannot show the page


def why_not() -> str | None:
    """Return why no window can open here, as a sentence for a person; None where one can be tried."""
    if find_spec("webview") is None:
        return "The native window is not installed (in a clone, `uv run --extra window remote-mixer` has it)."
    return _why_not_on_linux() if sys.platform.startswith("linux") else None


def show(url: str, data: Path, overdue: Callable[[], None]) -> bool:
    """Show the page in a window until it is closed; return False when no web view of this computer can show it.

    Only for the main thread. The page's own settings are kept in `data`/window. `overdue` is called, in another
    thread, when the window is still open OVERDUE_SECONDS after a signal asked it to close.
    """
    import webview

    webview.settings["ALLOW_DOWNLOADS"] = True
    shown = webview.create_window(
        APP_NAME, url, width=SIZE[0], height=SIZE[1], min_size=MIN_SIZE, background_color=BACKGROUND, text_select=True
    )
    if shown is None:  # a plug-in of pywebview refused the window
        return False
    engines: list[str] = []
    shown.events.initialized += lambda engine: accept_engine(engine, engines)
    with _signals_close(shown, overdue):
        try:
            webview.start(gui=_toolkit(), private_mode=False, storage_path=str(data / "window"), icon=_icon())
        except webview.WebViewException:
            return False
    return engines != [INTERNET_EXPLORER]


def accept_engine(engine: str, engines: list[str]) -> bool:
    """Record the web engine and return whether it can show the page; on False pywebview opens no window."""
    engines.append(engine)
    return engine != INTERNET_EXPLORER


@contextmanager
def _signals_close(shown: webview.Window, overdue: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM close the window as its close button does: toolkits run C loops that ignore them.

    The handlers are set again just before the window shows, at pywebview's own event: when pywebview starts Qt it sets
    a handler for Ctrl-C that quits Qt's loop under an open page, which does not always end.
    """

    def close(_number: int, _frame: FrameType | None) -> None:
        if watch.ident is None:  # not started by an earlier signal
            watch.start()
        shown.destroy()

    def set_handlers() -> None:
        for number in before:
            signal.signal(number, close)

    watch = Timer(OVERDUE_SECONDS, overdue)
    watch.daemon = True
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    set_handlers()
    shown.events.before_show += set_handlers
    try:
        yield
    finally:
        watch.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _toolkit() -> Any:  # noqa: ANN401 - pywebview's own Literal of names
    """Return "qt" where it is installed on Linux: pywebview would first try GTK, with a traceback."""
    return "qt" if sys.platform.startswith("linux") and find_spec("PySide6") else None


def _icon() -> str | None:
    icon = resource_path("icons", "icon-192.png")
    return str(icon) if icon.is_file() else None


def _why_not_on_linux() -> str | None:
    wayland = _wayland_answers()
    if not wayland and not _x_answers():
        return "There is no display here for a window."
    if find_spec("PySide6"):
        return _why_not_qt(wayland=wayland)
    return None if find_spec("gi") else "A window needs PySide6 (the `window` extra has it) or GTK's WebKit."


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    return bool(name) and (Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / str(name)).is_socket()


def _x_answers() -> bool:
    """Whether the X server of $DISPLAY accepts our connection, tried through the library that Qt uses."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    link = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = bool(xcb.xcb_connection_has_error(link) == 0)
    xcb.xcb_disconnect(link)
    return answers


def _why_not_qt(*, wayland: bool) -> str | None:
    if os.geteuid() == 0 and "QTWEBENGINE_DISABLE_SANDBOX" not in os.environ:
        return "The window's web engine does not run as root."
    return None if wayland else _missing_for_qt()


def _missing_for_qt() -> str | None:
    """Load Qt's X11 plug-in as Qt will do; with a system library missing, Qt would abort."""
    spec = find_spec("PySide6")
    folder = Path(str(spec.origin)).parent if spec else Path()
    try:
        ctypes.CDLL(str(folder / "Qt" / "plugins" / "platforms" / "libqxcb.so"))
    except OSError as error:
        return f"A library for the window is missing: {error}. (On Debian and Ubuntu: libxcb-cursor0.)"
    return None

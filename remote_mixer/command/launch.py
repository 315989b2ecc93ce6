"""The server with what is around it: a window, a browser, or the terminal alone; and an end that is clean."""

from __future__ import annotations

import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

from remote_mixer import lan
from remote_mixer.app import App, Options
from remote_mixer.command.process_signals import on_stop
from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, MISUSED, CommandError, say, welcome
from remote_mixer.desk.refusal import Refusal
from remote_mixer.engine.link import let_go
from remote_mixer.resources import APP_NAME
from remote_mixer.sockets import PortInUse
from remote_mixer.storage.errors import StorageError
from remote_mixer.tls.errors import TlsError

PROBE_SECONDS = 1.0
LINGER_SECONDS = 0.3
OPEN_TEXT = "Open to all (--open): everybody on this network can move everything, without a PIN."
HIDDEN_TEXT = (
    "The sound crew joins with the PIN. It cannot be shown; the host makes a new one on the page, under People."
)


def run(options: Options, *, headless: bool) -> int:
    """Serve until the window is closed, Ctrl-C or SIGTERM; return the exit code.

    Raises:
        CommandError: a console's spec is wrong, or the server cannot listen where it was told to.
    """
    try:
        app = App(options)
    except ValueError as error:
        raise CommandError(str(error), MISUSED) from error
    try:
        app.start()
    except PortInUse as error:
        let_go()
        return _port_taken(options, headless=headless, cause=error)
    except (StorageError, TlsError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(_cannot_listen(options, error)) from error
    _stop_by_signals(app)
    try:
        _serve(app, options, headless=headless)
    finally:
        app.stop()
    if not headless:
        _leave_stuck_threads()
    return DONE


def _serve(app: App, options: Options, *, headless: bool) -> None:
    url = lan.local_url(options.host, app.port)
    stop = "Ctrl-C stops the server." if headless else "Closing the window stops the server; so does Ctrl-C."
    at_home = options.host in lan.EVERYWHERE or lan.is_loopback(options.host)
    way_in = url if options.trust_local and at_home else _host_way(app, url)
    about = [
        *_about_https(options, app.addresses()[0].url),
        *_about_people(app, headless=headless, url=url, way_in=way_in),
    ]
    welcome(app.addresses(), url, *about, stop)
    if headless or not _show(way_in, options, partial(_leave, app)):
        app.wait()


def _host_way(app: App, url: str) -> str:
    """Return an address that makes the one page that opens it the host's, where this computer itself is not."""
    try:
        return f"{url}#join={app.invite_host()}"
    except Refusal as error:
        raise CommandError(str(error)) from error


def _about_people(app: App, *, headless: bool, url: str, way_in: str) -> Iterator[str]:
    if app.options.open:
        yield OPEN_TEXT
    else:
        yield f"The sound crew joins with the PIN {app.door.pin}." if app.door.pin else HIDDEN_TEXT
    if headless and way_in != url:
        yield f"To be the host, open this in your browser; it works once, until tomorrow morning: {way_in}"


def _about_https(options: Options, url: str) -> list[str]:
    if not options.https or options.https.certfile:  # who has a certificate of their own knows why
        return []
    return [f"https is to be trusted once on each device: {url}tls shows how."]


def _stop_by_signals(app: App) -> None:
    """Let Ctrl-C and its kin stop the server where they arrive; a second one ends the program on the spot.

    None raises KeyboardInterrupt here: Python before 3.13 takes a thread for ended when an exception interrupts its
    join, and the program would leave before the server has put its last values on disk.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        on_stop(signal.SIG_DFL)
        app.stop()

    on_stop(stop)


def _leave(app: App) -> None:
    """End without the window, which does not answer any more: what is on its way to disk is written first."""
    app.stop()
    os._exit(DONE)


def _leave_stuck_threads() -> None:
    """End at once where a thread does not: pywebview's own waits for ever for the answer of a page closed meanwhile."""
    others = [t for t in threading.enumerate() if not t.daemon and t is not threading.current_thread()]
    for thread in others:
        thread.join(LINGER_SECONDS)
    if any(thread.is_alive() for thread in others):
        os._exit(DONE)


def _show(url: str, options: Options, overdue: Callable[[], None]) -> bool:
    """Open the window and return True once it is closed; without one open the browser, or neither, and return False."""
    from remote_mixer.command import window

    reason = window.why_not()
    if reason is None and window.show(url, options.data, overdue):
        return True
    say(reason or "This computer has no web view that can show the page in a window.")
    say(f"The page opens in the browser: {url}" if _browse(url) else f"Open {url} in a browser.")
    return False


def _browse(url: str) -> bool:
    """Open the default browser; without a screen there is none but text browsers, which would take the terminal."""
    screen = sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and webbrowser.open(url)


def _port_taken(options: Options, *, headless: bool, cause: PortInUse) -> int:
    url = lan.local_url(options.host, cause.port)
    ours = cause.option == "--port" and _is_ours(url)
    if ours and not headless:
        say(f"{APP_NAME} is running already, at {url}")
        _show(url, options, partial(os._exit, DONE))
        return DONE
    who = f"{APP_NAME}, running already at {url}" if ours else "another program"
    other = cause.port + 1 if cause.port < 65535 else cause.port - 1
    raise CommandError(f"Port {cause.port} is in use by {who}. Take another one: {cause.option} {other}") from cause


def _is_ours(url: str) -> bool:
    try:
        return bool(ServerClient(url, timeout=PROBE_SECONDS).call("GET", "/health")["name"] == APP_NAME)
    except (CommandError, TypeError, KeyError):  # nothing answers, or another program does
        return False


def _cannot_listen(options: Options, error: OSError) -> str:
    reason = error.strerror or str(error)
    where = f"{options.host}, port {options.port}"
    return f"The server cannot listen on {where} ({reason}). Choose another place: --host 0.0.0.0 --port 5001"

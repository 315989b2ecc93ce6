"""Run the server with a window, a browser or the terminal alone, and stop it cleanly."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

from remote_mixer import lan
from remote_mixer.app import App, Options
from remote_mixer.command import host_page, sd_notify
from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, FAILED, MISUSED, CommandError, complain, on_stop_signal, tell, welcome
from remote_mixer.engine.link import let_go
from remote_mixer.resources import APP_NAME
from remote_mixer.sockets import CannotListen, PortInUse
from remote_mixer.storage.database import StorageError
from remote_mixer.tls.errors import TlsError

PROBE_SECONDS = 1.0
LINGER_SECONDS = 0.3  # for each thread to end by itself
WAYS_OUT = {
    "--port": "address: --host 0.0.0.0 --port 5001",
    "--tls-port": "port for https: --tls-port 5443",
    "--osc": "address for OSC: --osc 9000",
}
"""Option that named a port → the end of a sentence, where the system does not let us listen there."""
OPEN_TEXT = "Open to all (--open): everybody on this network can move everything, without a PIN."
HIDDEN_TEXT = (
    "The sound crew joins with the PIN. It cannot be shown; the host can make a new one on the page, under People."
)

log = logging.getLogger(__name__)


def run(options: Options, *, headless: bool) -> int:
    """Serve until the window is closed, Ctrl-C or SIGTERM; return the exit code.

    Raises:
        CommandError: a console's spec is wrong, the data folder or the certificate cannot be used, or the server
            cannot listen on this host and port.
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
    except CannotListen as error:
        raise CommandError(_cannot_listen(error)) from error
    except OSError as error:
        raise CommandError(f"The server cannot start ({error.strerror or error}).") from error
    gc.freeze()  # what stays for good is gone through by no later collection: of modules alone it holds the loop 40 ms
    _stop_by_signals(app)
    try:
        with sd_notify.notified(app.loop):
            _serve(app, options, headless=headless)
    finally:
        app.stop()
    code = _exit_code(app)
    if not headless:
        _exit_if_threads_hang(code)
    return code


def _serve(app: App, options: Options, *, headless: bool) -> None:
    host = app.rooms.sockets.host
    url = lan.local_url(host, app.port)
    stop = "Press Ctrl-C to stop the server." if headless else "Close the window or press Ctrl-C to stop the server."
    on_loopback = host in lan.EVERYWHERE or lan.is_loopback(host)
    page_url = url if options.trust_local and on_loopback else host_page.of_new_server(app, url)
    https = _about_https(app)
    joining = _about_joining(app, headless=headless, url=url, page_url=page_url)
    welcome(app.addresses(), url, *https, *joining, stop)
    if headless or not _show(page_url, options, partial(_exit_without_window, app)):
        app.wait()


def _about_joining(app: App, *, headless: bool, url: str, page_url: str) -> Iterator[str]:
    if app.options.open:
        yield OPEN_TEXT
    else:
        yield f"The sound crew joins with the PIN {app.admission.pin}." if app.admission.pin else HIDDEN_TEXT
    if headless and page_url != url:
        yield f"To be the host, open this in your browser (works once, until tomorrow morning): {page_url}"


def _about_https(app: App) -> list[str]:
    https, first = app.options.https, app.addresses()[0]
    if not https or https.certfile or not app.rooms.sockets.has_https:  # the host's own needs no steps on the phones
        return []
    return [f"Each device has to trust https once: {first.url}tls shows how."]


def _stop_by_signals(app: App) -> None:
    """Let Ctrl-C and the other stop signals stop the server; a second one ends the program at once.

    The handler does not raise KeyboardInterrupt: when an exception interrupts a thread's join, Python before 3.13
    counts the thread as ended, and the program would exit before the server has written its last values.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        on_stop_signal(signal.SIG_DFL)
        app.stop()

    on_stop_signal(stop)


def _exit_without_window(app: App) -> None:
    """Exit although the window does not close; the server stops first, so that its last values are written."""
    app.stop()
    os._exit(DONE)


def _exit_code(app: App) -> int:
    """Return DONE where a person ended the server; complain and return FAILED where it ended by itself."""
    if app.failure is None:
        return DONE
    log.critical("the server failed", exc_info=app.failure)
    complain("The server failed and has ended. Start it again, and please report the lines above.")
    return FAILED


def _exit_if_threads_hang(code: int) -> None:
    """Exit although a thread has not ended: a thread of pywebview may wait forever for the closed page."""
    others = [t for t in threading.enumerate() if not t.daemon and t is not threading.current_thread()]
    for thread in others:
        thread.join(LINGER_SECONDS)
    if any(thread.is_alive() for thread in others):
        os._exit(code)


def _show(url: str, options: Options, overdue: Callable[[], None]) -> bool:
    """Open a window and return True once it is closed; without one open the browser if possible and return False."""
    from remote_mixer.command import window

    reason = window.why_not()
    if reason is None and window.show(url, options.data, overdue):
        return True
    tell(reason or "No web view of this computer can show the page in a window.")
    tell(
        f"The page opens in the browser: {url}" if host_page.browse(url, options.data) else f"Open {url} in a browser."
    )
    return False


def _port_taken(options: Options, *, headless: bool, cause: PortInUse) -> int:
    url = lan.local_url(cause.host, cause.port)
    ours = cause.option == "--port" and _is_ours(url)
    if ours and not headless:
        tell(f"{APP_NAME} is running already, at {url}")
        _show(host_page.of_running_server(url, options.data), options, partial(os._exit, DONE))
        _exit_if_threads_hang(DONE)
        return DONE
    who = f"{APP_NAME}, running already at {url}" if ours else "another program"
    other = cause.port + 1 if cause.port < 65535 else cause.port - 1
    raise CommandError(f"Port {cause.port} is in use by {who}. Choose another: {cause.option} {other}") from cause


def _is_ours(url: str) -> bool:
    try:
        return bool(ServerClient(url, timeout=PROBE_SECONDS).call("GET", "/health")["name"] == APP_NAME)
    except (CommandError, TypeError, KeyError):  # nothing answers, or another program
        return False


def _cannot_listen(error: CannotListen) -> str:
    where = f"{error.host}, port {error.port}"
    return f"The server cannot listen on {where} ({error.strerror}). Choose another {WAYS_OUT[error.option]}"

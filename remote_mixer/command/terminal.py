"""The terminal: lines for the person who started the program, exit codes, and the signals that stop it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from remote_mixer import __version__
from remote_mixer.resources import APP_NAME

if TYPE_CHECKING:
    from remote_mixer.lan import Address

MARGIN = "  "
DONE, FAILED, MISUSED = 0, 1, 2  # exit codes
STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # Ctrl-C, a closed terminal, …; not all on every system

SignalHandler = Callable[[int, FrameType | None], Any]


class CommandError(Exception):
    """A failure of the command: its text says why and what to do, its code is the exit code."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """Print text and flush; nothing happens without a terminal.

    Raises BrokenPipeError where the reader has ended, CommandError where the text cannot be written.
    """
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        let_go_of_stdout()
        raise CommandError(f"The output cannot be written: {error.strerror or error}.") from error


def tell(text: str) -> None:
    """Print text of a server, which goes on where it cannot be printed: its reader has ended, or the disk is full."""
    try:
        _write(sys.stdout, text)
    except OSError:
        let_go_of_stdout()


def let_go_of_stdout() -> None:
    """Drop what stdout still holds and all that comes: Python would fail at its end with what could not be printed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(text: str) -> None:
    """Print an error to stderr, or show it in a message box where a Windows program has no terminal."""
    if sys.stderr is None and sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, APP_NAME, 0x30)
        return
    _write(sys.stderr, text)


def make_safe() -> None:
    """Print ? for characters that the terminal's encoding lacks (−∞ in cp1252), instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def on_stop_signal(handler: SignalHandler | signal.Handlers) -> None:
    """Set the handler of all STOP_SIGNALS, in the main thread; one that is ignored (nohup) stays ignored."""
    for name in STOP_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def welcome(addresses: Sequence[Address], local: str, *last: str) -> None:
    """Print name and version, the addresses, likeliest first, a QR code where it fits, then the `last` lines."""
    tell("\n".join([*_welcome_lines(addresses, local), *last]))


def _welcome_lines(addresses: Sequence[Address], local: str) -> Iterator[str]:
    yield f"{APP_NAME} {__version__}"
    yield ""
    rows = {address.url: address.interface for address in addresses} | {local: "this computer"}
    rows |= {address.secure_url: f"{address.interface}, https" for address in addresses if address.secure_url}
    width = max(map(len, rows))
    yield from (f"{MARGIN}{url:<{width}}  {name}" for url, name in rows.items())
    yield ""
    if phones := [address.url for address in addresses if address.url != local]:
        yield from code_lines(phones[0])
        yield "Phones and tablets on this network: open the first address, or scan its code (Join on the page)."


def code_lines(url: str) -> Iterator[str]:
    """Yield the lines of a QR code, where the terminal has room for it."""
    if not sys.stdout or not sys.stdout.isatty():
        return
    from remote_mixer.lan import qr_terminal

    lines = qr_terminal(url)
    size = shutil.get_terminal_size()
    if max(map(len, lines)) < size.columns and len(lines) + 10 < size.lines:
        yield from (MARGIN + line for line in lines)
        yield ""


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        stream.write(text + "\n")
        stream.flush()

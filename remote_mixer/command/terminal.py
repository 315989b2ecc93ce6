"""What the program says to the person who started it: in the terminal or, where there is none, in a box."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from remote_mixer import __version__
from remote_mixer.resources import APP_NAME

if TYPE_CHECKING:
    from remote_mixer.lan import Address

MARGIN = "  "
DONE, FAILED, MISUSED = 0, 1, 2  # exit codes


class CommandError(Exception):
    """The program cannot go on; its text tells the person why and what to do, its code is the exit code."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """Write a line for the person, at once; a program without a terminal says nothing."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Write a line about what went wrong, or show it in a box where a Windows program has no terminal."""
    if sys.stderr is None and sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, APP_NAME, 0x30)
        return
    _write(sys.stderr, text)


def make_safe() -> None:
    """Let a terminal that cannot show a character (cp1252 and −∞) show a ? instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def welcome(addresses: Sequence[Address], local: str, *last: str) -> None:
    """Say who we are, where phones find us, likeliest first; a code to scan where it fits; then the last lines."""
    say("\n".join([*_welcome_lines(addresses, local), *last]))


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
        yield "Phones and tablets on this network open the first address, or scan its code (Join on the page)."


def code_lines(url: str) -> Iterator[str]:
    """Give the lines of a code to scan, where there is a terminal with room for it."""
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

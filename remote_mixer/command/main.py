"""The command `remote-mixer`: which part of the program it starts.

Exit codes: 0 done or stopped by hand (Ctrl-C, SIGTERM, window closed), 1 it could not be done, 2 asked for wrongly.
"""

from __future__ import annotations

import argparse
import logging
import logging.handlers
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from remote_mixer.command import dev
from remote_mixer.command.arguments import parse
from remote_mixer.command.process_signals import on_stop
from remote_mixer.command.terminal import DONE, MISUSED, CommandError, complain, make_safe
from remote_mixer.resources import default_data_folder

if TYPE_CHECKING:
    from remote_mixer.sockets import HttpsOptions

DEFAULT_CONSOLES = (("band", "builtin:"),)

WITHOUT_SERVER = ("find", "simulate", "midi", "map")

ENGINE_PROCESS = "engine-process"
LOG_BYTES = 1_000_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [ENGINE_PROCESS]:
        return _engine_process(arguments[1:])
    make_safe()
    told = parse(arguments)
    try:
        on_stop(signal.default_int_handler)
        return _dispatch(told, arguments)
    except CommandError as error:
        complain(str(error))
        return error.code
    except KeyboardInterrupt:
        return DONE
    except BrokenPipeError:  # `remote-mixer get | head`: the reader has what it wants
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _dispatch(told: argparse.Namespace, arguments: list[str]) -> int:
    if told.command in WITHOUT_SERVER:
        from remote_mixer.command import tools

        return _run(tools, told)
    if told.command:
        from remote_mixer.command import shell

        return _run(shell, told)
    if told.dev and not dev.is_child():
        return dev.watch(arguments)
    return _launch(told)


def _run(room: ModuleType, told: argparse.Namespace) -> int:
    command: Callable[[argparse.Namespace], int] = getattr(room, f"run_{told.command}")
    return command(told)


def _launch(told: argparse.Namespace) -> int:
    data = told.data or default_data_folder()
    _make_writable(data)
    _log(data, verbose=told.verbose)
    consoles = tuple(told.console or DEFAULT_CONSOLES)
    _begin(consoles, data, told.record)
    from remote_mixer.app import Options
    from remote_mixer.command.launch import run

    options = Options(
        told.host,
        told.port,
        data,
        consoles,
        told.record,
        told.verbose,
        told.dev,
        _https(told),
        told.open,
        told.trust_local,
    )
    return run(options, headless=told.serve or told.dev)


def _begin(consoles: Sequence[tuple[str, str]], data: Path, record: Path | None) -> None:
    """Start what takes long on another core while this one loads the rest of the program, which takes as long."""
    from remote_mixer.drivers import registry
    from remote_mixer.drivers.base import Setup

    for name, console in consoles:
        registry.begin(name, console, Setup(name, "", data, record=record))


def _https(told: argparse.Namespace) -> HttpsOptions | None:
    if bool(told.certfile) != bool(told.keyfile):
        given, missing = ("--certfile", "--keyfile") if told.certfile else ("--keyfile", "--certfile")
        raise CommandError(f"{given} needs {missing} beside it: a certificate is nothing without its key.", MISUSED)
    if not told.tls and not told.certfile:
        return None
    from remote_mixer.sockets import HttpsOptions

    return HttpsOptions(told.tls_port, told.certfile, told.keyfile)


def _engine_process(arguments: list[str]) -> int:
    """Become the engine: how the server of a frozen build, which has no python to call, starts its own."""
    from remote_mixer.engine.process import main as engine

    return engine(arguments)


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or error
        raise CommandError(
            f"The data folder {folder} cannot be written ({reason}). Choose another one: --data FOLDER"
        ) from error


def _log(data: Path, *, verbose: bool) -> None:
    """Send the log to the terminal or, without one, to a file in the data folder; ours from INFO, -v from DEBUG."""
    handler: logging.Handler
    if sys.stderr is None:
        file = data / "remote-mixer.log"
        handler = logging.handlers.RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    else:
        handler = logging.StreamHandler()
    logging.basicConfig(level=logging.WARNING, handlers=[handler], format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("remote_mixer").setLevel(logging.DEBUG if verbose else logging.INFO)

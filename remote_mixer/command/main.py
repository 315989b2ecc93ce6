"""Entry point of the command `remote-mixer`: starts the server, a tool, or a command for a running server.

Exit codes: 0 done or stopped by a person (Ctrl-C, SIGTERM, window closed), 1 failed, 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import errno
import logging
import logging.handlers
import os
import re
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from remote_mixer.command import dev
from remote_mixer.command.arguments import parse
from remote_mixer.command.log_pace import LogPace
from remote_mixer.command.terminal import (
    DONE,
    MISUSED,
    CommandError,
    complain,
    let_go_of_stdout,
    make_safe,
    on_stop_signal,
)
from remote_mixer.resources import default_data_folder

if TYPE_CHECKING:
    from remote_mixer.bridges.mqtt.bridge import MqttOptions
    from remote_mixer.sockets import HttpsOptions

DEFAULT_CONSOLES = (("band", "builtin:"),)

TOOLS = ("find", "simulate", "midi", "map", "console", "record", "service", "doctor", "latency")
"""The commands of `tools`; every other one is in `shell`. Each module is loaded only when it is needed."""
ENGINE_PROCESS, MIDI_PROCESS = "engine-process", "midi-process"
"""Commands of a frozen build, which has no `python -m` to start the program's own processes with."""
LOG_BYTES = 1_000_000
FULL = {errno.ENOSPC, errno.EDQUOT}
STARVED = (MemoryError, ImportError, RuntimeError, OSError, SystemError)
"""Kinds of faults by which Python and libraries say that memory is short."""
NO_MEMORY = re.compile(
    r"failed to map segment|can't start new thread|cannot allocate memory|error return without exception set",
    re.IGNORECASE,
)
"""Their words; the last are Python's own, where it has no memory left for a MemoryError."""
NO_MEMORY_TEXT = "There is not enough memory. Close other programs, or raise the limit of this one (ulimit -v)."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; `argv` are the arguments after the program's name."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == [ENGINE_PROCESS]:
        return _engine_process(words[1:])
    if words == [MIDI_PROCESS]:
        return _midi_process()
    make_safe()
    arguments = parse(words)
    try:
        _take_stop_signals_for_ctrl_c()
        return _carry_out(arguments, words)
    except (CommandError, MemoryError) as fault:  # no memory was left to look at the fault by which a library said so
        error = fault if isinstance(fault, CommandError) else CommandError(NO_MEMORY_TEXT)
        complain(str(error))
        return error.code
    except KeyboardInterrupt:
        return DONE
    except BrokenPipeError:  # `remote-mixer get | head`: the reader has closed its end
        let_go_of_stdout()
        return DONE


def _take_stop_signals_for_ctrl_c() -> None:
    """Take SIGTERM and its like for Ctrl-C, which asyncio.run takes between two steps of a task.

    KeyboardInterrupt in the middle of a step can be lost there, and the program goes on.
    """
    on_stop_signal(_interrupt)
    if signal.getsignal(signal.SIGINT) is _interrupt:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Interrupt the program as Ctrl-C does, also where that is ignored (a shell's background job)."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def _carry_out(arguments: argparse.Namespace, words: Sequence[str]) -> int:
    """Run the command; CommandError where memory is short."""
    try:
        return _dispatch(arguments, words)
    except STARVED as fault:
        if _is_of_memory(fault):
            raise CommandError(NO_MEMORY_TEXT) from fault
        raise


def _is_of_memory(fault: BaseException) -> bool:
    """Whether memory was short at a fault, or at one that it came of."""
    cause = fault.__cause__ or fault.__context__
    is_it = isinstance(fault, MemoryError) or NO_MEMORY.search(str(fault)) is not None
    return is_it or (cause is not None and _is_of_memory(cause))


def _dispatch(arguments: argparse.Namespace, words: Sequence[str]) -> int:
    if arguments.command in TOOLS:
        from remote_mixer.command import tools

        return tools.COMMANDS[arguments.command](arguments)
    if arguments.command:
        from remote_mixer.command import shell

        return shell.COMMANDS[arguments.command](arguments)
    if arguments.dev and not dev.is_child():
        return dev.watch(words)
    return _launch(arguments)


def _launch(arguments: argparse.Namespace) -> int:
    """Start the server and run it to its end; a start that comes to nothing leaves no process behind."""
    from remote_mixer.engine.link import let_go

    on_stop_signal(_end)
    try:
        return _start(arguments)
    finally:
        let_go()


def _end(_number: int, _frame: FrameType | None) -> None:
    """End a start that a person has stopped.

    KeyboardInterrupt inside a text that a library executes, as dataclasses do, would end Python with 130 at last.
    """
    raise SystemExit(DONE)


def _start(arguments: argparse.Namespace) -> int:
    data = arguments.data or default_data_folder()
    os.umask(os.umask(0) & 0o077 | 0o002)  # we may read and write what we make, and strangers may not write it
    _make_writable(data)
    _set_up_log(data, verbose=arguments.verbose)
    consoles = tuple(arguments.console or DEFAULT_CONSOLES)
    _prepare(consoles, data, arguments.record)
    from remote_mixer.app import Options
    from remote_mixer.command.launch import run

    options = Options(
        host=arguments.host,
        port=arguments.port,
        data=data,
        consoles=consoles,
        record=arguments.record,
        verbose=arguments.verbose,
        dev=arguments.dev,
        https=_https(arguments),
        open=arguments.open,
        trust_local=arguments.trust_local,
        osc=arguments.osc,
        mqtt=_mqtt(arguments),
        surfaces=tuple(arguments.surface or ()),
    )
    return run(options, headless=arguments.serve or arguments.dev)


def _prepare(consoles: Sequence[tuple[str, str]], data: Path, record: Path | None) -> None:
    """Start the slow part of each console (the engine's process) while this process loads the rest of the program."""
    from remote_mixer.drivers import registry
    from remote_mixer.drivers.base import Setup

    for name, console in consoles:
        registry.begin(name, console, Setup(name, "", data, record=record))


def _mqtt(arguments: argparse.Namespace) -> MqttOptions | None:
    if not arguments.mqtt:
        return None
    from remote_mixer.bridges.mqtt.bridge import MqttOptions

    return MqttOptions(arguments.mqtt, arguments.mqtt_as)


def _https(arguments: argparse.Namespace) -> HttpsOptions | None:
    if bool(arguments.certfile) != bool(arguments.keyfile):
        given, missing = ("--certfile", "--keyfile") if arguments.certfile else ("--keyfile", "--certfile")
        raise CommandError(f"{given} needs {missing} as well: a certificate is of no use without its key.", MISUSED)
    if not arguments.tls and not arguments.certfile:
        return None
    from remote_mixer.sockets import HttpsOptions

    return HttpsOptions(arguments.tls_port, arguments.certfile, arguments.keyfile)


def _engine_process(arguments: list[str]) -> int:
    from remote_mixer.engine.process import main as engine

    return engine(arguments)


def _midi_process() -> int:
    from remote_mixer.drivers.midi_process import main as midi

    return midi()


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno in FULL and folder.is_dir():  # what is there can be read: the database says the rest
            return
        reason = error.strerror or error
        raise CommandError(
            f"The data folder {folder} cannot be written ({reason}). Choose another one: --data FOLDER"
        ) from error


def _set_up_log(data: Path, *, verbose: bool) -> None:
    """Log to stderr or, without a terminal, to a file in the data folder; from INFO, with -v from DEBUG."""
    handler = logging.StreamHandler() if sys.stderr else _log_file(data / "remote-mixer.log")
    handler.addFilter(LogPace())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("remote_mixer").setLevel(logging.DEBUG if verbose else logging.INFO)


def _log_file(file: Path) -> logging.Handler:
    """Return the handler that writes to a file; one that drops everything where it cannot be opened."""
    try:
        return logging.handlers.RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    except OSError:
        return logging.NullHandler()

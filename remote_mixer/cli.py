"""The command `remote-mixer`: its arguments, and which part of the program they start.

Exit codes: 0 done or stopped by hand (Ctrl-C, SIGTERM, window closed), 1 it could not be done, 2 asked for wrongly.
"""

from __future__ import annotations

import argparse
import logging
import logging.handlers
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from remote_mixer import __version__, dev
from remote_mixer.resources import APP_NAME, default_data_folder
from remote_mixer.signals import on_stop
from remote_mixer.terminal import DONE, MISUSED, CommandError, complain, make_safe

if TYPE_CHECKING:
    from remote_mixer.doors import HttpsWish

DEFAULT_HOST = "0.0.0.0"  # noqa: S104 - phones on the network are what this is for
DEFAULT_PORT = 5001
DEFAULT_TLS_PORT = 5443
DEFAULT_CONSOLES = (("band", "builtin:"),)
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"
URL_VARIABLE = "REMOTE_MIXER_URL"

WITHOUT_SERVER = ("find", "simulate", "midi", "map")
SIMULATED = ("x32", "m32", "xr18", "xr16", "xr12")

ENGINE_PROCESS = "engine-process"
LOG_BYTES = 1_000_000

_LOOKS_NEGATIVE = re.compile(r"-[\d.∞]|-inf", re.IGNORECASE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [ENGINE_PROCESS]:
        return _engine_process(arguments[1:])
    make_safe()
    told = _parser().parse_args([_as_value(argument) for argument in arguments])
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
        from remote_mixer import tools

        return _run(tools, told)
    if told.command:
        from remote_mixer import shell

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
    from remote_mixer.app import Options
    from remote_mixer.launch import run

    consoles = tuple(told.console or DEFAULT_CONSOLES)
    options = Options(told.host, told.port, data, consoles, told.record, told.verbose, told.dev, _https(told))
    return run(options, headless=told.serve or told.dev)


def _https(told: argparse.Namespace) -> HttpsWish | None:
    from remote_mixer.doors import HttpsWish

    if bool(told.certfile) != bool(told.keyfile):
        given, missing = ("--certfile", "--keyfile") if told.certfile else ("--keyfile", "--certfile")
        raise CommandError(f"{given} needs {missing} beside it: a certificate is nothing without its key.", MISUSED)
    wanted = told.tls or told.certfile
    return HttpsWish(told.tls_port, told.certfile, told.keyfile) if wanted else None


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("remote-mixer", description="Faders on every phone and tablet in the room.")
    add = parser.add_argument
    add("--serve", action="store_true", help="serve without a window")
    add("--host", default=DEFAULT_HOST, help="the address to listen on (all of them)")
    add("--port", type=_port, default=DEFAULT_PORT, help="the port to listen on (%(default)s; 0 takes any free one)")
    add("--tls", action="store_true", help="serve https as well: http://…/tls shows how devices come to trust it")
    add("--tls-port", type=_port, default=DEFAULT_TLS_PORT, metavar="PORT", help="the port for https (%(default)s)")
    add("--certfile", type=Path, metavar="FILE", help="https with a certificate of your own, in PEM; needs --keyfile")
    add("--keyfile", type=Path, metavar="FILE", help="the private key of that certificate, in PEM, without a password")
    add("--data", type=Path, metavar="DIR", help=f"where mixes and messages are kept ({default_data_folder()})")
    add("--console", type=_console, action="append", metavar="NAME=SPEC", help="a console (band=builtin:); repeatable")
    add("--record", type=_wav, metavar="FILE.wav", help="write the built-in engine's main mix to a file")
    add("--dev", action="store_true", help="start again when a file of the program or the page changes; no window")
    add("-v", "--verbose", action="store_true", help="a line for each change and each event of a link")
    add("--version", action="version", version=f"{APP_NAME} {__version__}")
    parser.set_defaults(command=None)
    _add_commands(parser)
    return parser


def _add_commands(parser: argparse.ArgumentParser) -> None:
    url = os.environ.get(URL_VARIABLE, DEFAULT_URL)
    server = argparse.ArgumentParser(add_help=False)
    server.add_argument("--url", default=url, help=f"the running server (%(default)s, or ${URL_VARIABLE})")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="a hand on a running server, and tools")
    check = commands.add_parser("check", help="say a line to it; report echo, round trip and versions")
    check.add_argument("url", nargs="?", default=url, metavar="URL")
    one = commands.add_parser("set", parents=[server], help="move one control")
    one.add_argument("path", metavar="PATH", help="as band/ch1/fader")
    one.add_argument("value", metavar="VALUE", help="0 to 1, -10dB, on, off, or a text")
    get = commands.add_parser("get", parents=[server], help="tell where controls stand")
    get.add_argument("path", nargs="*", metavar="PATH", help="one control, or a strip or console with all of its own")
    act = commands.add_parser("act", parents=[server], help="have a console do one of its actions, as recall scene=3")
    act.add_argument("console", metavar="CONSOLE", help="its nickname")
    act.add_argument("action", metavar="ACTION", help="one that its layout lists, as send_all")
    act.add_argument("argument", metavar="KEY=VALUE", type=_argument, nargs="*", help="what the action needs")
    commands.add_parser("watch", parents=[server], help="a line for each change and message, until Ctrl-C")
    say = commands.add_parser("say", parents=[server], help="send a message to everyone")
    say.add_argument("text", metavar="TEXT", nargs="+")
    commands.add_parser("find", help="list the consoles that answer on the network")
    _add_simulate(commands)
    _add_midi(commands)


def _add_midi(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    midi = commands.add_parser("midi", help="list the MIDI ports of this computer: midi ports")
    midi.add_subparsers(dest="about", metavar="ports", required=True).add_parser("ports", help="list them by name")
    about = commands.add_parser("map", help="check or convert a map of MIDI controls")
    kinds = about.add_subparsers(dest="about", metavar="check|convert", required=True)
    check = kinds.add_parser("check", help="say what is wrong with a map")
    check.add_argument("file", metavar="FILE", type=Path)
    convert = kinds.add_parser("convert", help="make a map of a former program's JSON file")
    convert.add_argument("old", metavar="OLD.json", type=Path)
    convert.add_argument("new", metavar="NEW.toml", type=Path)


def _add_simulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = commands.add_parser("simulate", help="be a console yourself: for a rehearsal at home, and for tests")
    add = simulate.add_argument
    add("model", choices=SIMULATED, help="which console")
    add("--host", default="127.0.0.1", help="the address to listen on (%(default)s; 0.0.0.0 for all of them)")
    add("--port", type=_port, help="the port to listen on (the console's own; 0 takes any free one)")
    add("--loss", type=_share, default=0.0, metavar="SHARE", help="how many datagrams get lost, 0 to 1 (%(default)s)")
    add("--delay", type=_milliseconds, default=0.0, metavar="MS", help="how late they come, in milliseconds")


def _as_value(argument: str) -> str:
    """Keep argparse from reading `-10dB` as an option: it leaves alone what starts with a space."""
    return f" {argument}" if _LOOKS_NEGATIVE.match(argument) else argument


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def _share(text: str) -> float:
    return _number(text, 1, "a share is a number from 0 to 1, as 0.1")


def _milliseconds(text: str) -> float:
    return _number(text, 10_000, "milliseconds are a number from 0 to 10000")


def _number(text: str, high: float, rule: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= high:
        raise argparse.ArgumentTypeError(f"{rule}, not {text!r}")
    return number


def _console(text: str) -> tuple[str, str]:
    name, equals, spec = text.partition("=")
    if not name or not equals or not spec:
        raise argparse.ArgumentTypeError(f"a console is NAME=SPEC, as band=builtin: or band=demo:, not {text!r}")
    return name, spec


def _argument(text: str) -> tuple[str, object]:
    key, equals, value = text.strip().partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"what an action needs is KEY=VALUE, as scene=3, not {text!r}")
    return key, int(value) if value.isascii() and value.isdecimal() else value


def _wav(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".wav" or not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(
            f"--record wants the name of a .wav file in a folder that exists, not {text!r}"
        )
    return path

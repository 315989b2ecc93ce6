"""Command-line arguments of `remote-mixer`."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

from remote_mixer import __version__
from remote_mixer.desk.policy import ENGINEER, GUEST, ROLES
from remote_mixer.mqtt.broker import Broker
from remote_mixer.resources import APP_NAME, default_data_folder

DEFAULT_HOST = "0.0.0.0"  # noqa: S104 - phones on the network are what this is for
DEFAULT_PORT = 5001
LOOPBACK = "127.0.0.1"
DEFAULT_TLS_PORT = 5443
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"
URL_VARIABLE, TOKEN_VARIABLE = "REMOTE_MIXER_URL", "REMOTE_MIXER_TOKEN"

RECORDABLE = "a console to record is x32://ADDRESS or xair://ADDRESS"
SIMULATED = ("x32", "m32", "xr18", "xr16", "xr12")

TOKEN_HELP = f"a token, needed from another computer; better in ${TOKEN_VARIABLE}, which process lists do not show"
SURFACE_HELP = "a control surface (foh=mackie:PORT); repeatable"
NO_TRUST_HELP = "this computer has to join like any other: for shared computers, and behind a proxy"

MQTT_AS_HELP = "role of whatever comes from the broker: guest looks (the default), engineer moves; or a token's secret"

DURATIONS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}
"""Ending of a time → its seconds."""
MOST_OF_A_UNIT = 100_000

_LOOKS_NEGATIVE = re.compile(r"-[\d.∞]|-inf", re.IGNORECASE)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments; exit with code 2 and a sentence where they are wrong."""
    return _parser().parse_args([_as_value(argument) for argument in arguments])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("remote-mixer", description="Faders on every phone and tablet in the room.")
    add = parser.add_argument
    add("--serve", action="store_true", help="serve without a window")
    add("--host", default=DEFAULT_HOST, help="the address to listen on (all of them)")
    add("--port", type=_port, default=DEFAULT_PORT, help="the port to listen on (%(default)s; 0 takes any free one)")
    add("--tls", action="store_true", help="serve https as well: http://…/tls shows how a device trusts it")
    add("--tls-port", type=_port, default=DEFAULT_TLS_PORT, metavar="PORT", help="the port for https (%(default)s)")
    add("--certfile", type=Path, metavar="FILE", help="https with a certificate of your own, in PEM; needs --keyfile")
    add("--keyfile", type=Path, metavar="FILE", help="the private key of that certificate, in PEM, without a password")
    add("--open", action="store_true", help="no PIN: everybody on this network can move everything")
    add("--no-trust-local", dest="trust_local", action="store_false", help=NO_TRUST_HELP)
    add("--data", type=_folder, metavar="DIR", help=f"where mixes and messages are kept ({default_data_folder()})")
    add("--console", type=_console, action="append", metavar="NAME=SPEC", help="a console (band=builtin:); repeatable")
    add("--surface", type=_surface, action="append", metavar="NAME=SPEC", help=SURFACE_HELP)
    add("--record", type=_wav, metavar="FILE.wav", help="write the built-in engine's main mix to a file")
    add("--osc", type=_place, metavar="[ADDRESS:]PORT", help="take OSC there; on this computer alone without ADDRESS")
    add("--mqtt", type=_broker, metavar="URL", help="publish all values on this broker, as mqtt://broker/prefix")
    add("--mqtt-as", type=_role_or_token, default=GUEST, metavar="ROLE", help=MQTT_AS_HELP)
    add("--dev", action="store_true", help="restart when a file of the program or the page changes; no window")
    add("-v", "--verbose", action="store_true", help="log each change and each connection event")
    add("--version", action="version", version=f"{APP_NAME} {__version__}")
    parser.set_defaults(command=None)
    _add_commands(parser)
    return parser


def _add_commands(parser: argparse.ArgumentParser) -> None:
    url = os.environ.get(URL_VARIABLE, DEFAULT_URL)
    token = argparse.ArgumentParser(add_help=False)
    token.add_argument("--token", default=os.environ.get(TOKEN_VARIABLE), help=TOKEN_HELP)
    server = argparse.ArgumentParser(add_help=False, parents=[token])
    server.add_argument("--url", default=url, help=f"the running server (%(default)s, or ${URL_VARIABLE})")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands for a running server, and tools"
    )
    check = commands.add_parser("check", parents=[token], help="send it a text; report echo, round trip and versions")
    check.add_argument("url", nargs="?", default=url, metavar="URL")
    one = commands.add_parser("set", parents=[server], help="set one control")
    one.add_argument("path", metavar="PATH", help="as band/ch1/fader")
    one.add_argument("value", metavar="VALUE", help="as `get` prints it: -10dB, 1.2kHz, L53, on; 0 to 1; or a text")
    get = commands.add_parser("get", parents=[server], help="print the values of controls")
    get.add_argument("path", nargs="*", metavar="PATH", help="a control, or a strip or console with all its controls")
    act = commands.add_parser("act", parents=[server], help="run an action of a console, as recall scene=3")
    act.add_argument("console", metavar="CONSOLE", help="its nickname")
    act.add_argument("action", metavar="ACTION", nargs="?", help="as send_all; none lists the actions")
    act.add_argument("argument", metavar="KEY=VALUE", type=_argument, nargs="*", help="an argument of the action")
    commands.add_parser("watch", parents=[server], help="print each change and message, until Ctrl-C")
    say = commands.add_parser("say", parents=[server], help="send a message to everyone")
    say.add_argument("text", metavar="TEXT", nargs="+")
    _add_history(commands, server)
    _add_scenes(commands, server)
    _add_groups(commands, server)
    _add_layers(commands, server)
    _add_announce(commands, server)
    _add_osc_session(commands, server)
    _add_access(commands, server)
    commands.add_parser(
        "doctor", parents=[server], help="print a report for a bug, with or without a server, no secrets"
    )
    latency = commands.add_parser(
        "latency", help="measure a sound device from output 1, by a cable or JACK, to input 1"
    )
    latency.add_argument("--data", type=Path, metavar="DIR", help="folder that has the engine's kernels")
    latency.add_argument("--card", default="", metavar="NAME", help="part of a card's name, or jack")
    latency.add_argument(
        "--frames", type=int, default=128, metavar="N", help="of a card's block: 128; JACK has its own"
    )
    latency.add_argument("--rate", type=int, default=0, metavar="HZ", help="of a card: 44100, 48000 or 96000")
    commands.add_parser("find", help="list the consoles that answer on the network")
    _add_simulate(commands)
    record = commands.add_parser(
        "record",
        parents=[server],
        help="write all values of a console to a file, without names; changes nothing",
    )
    record.add_argument(
        "console",
        type=_recorded,
        metavar="CONSOLE",
        help="its nickname at the running server, or without one as x32://192.168.1.32",
    )
    record.add_argument("file", type=Path, metavar="FILE.json", help="the file to write")
    _add_midi(commands)
    _add_console(commands)
    _add_service(commands)


def _add_history(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser
) -> None:
    history = commands.add_parser("history", parents=[server], help="print who moved what, the newest last")
    history.add_argument("--limit", type=_moves, default=20, metavar="N", help="most moves to print (%(default)s)")
    history.add_argument("path", nargs="?", metavar="PATH", help="only of this console, strip or control, as band/ch1")
    history.add_argument("--by", metavar="NAME", help="only of this person or console")
    history.add_argument("--last", type=_duration, metavar="TIME", help="only of the last 90s, 10m, 2h or 3d")
    undo = commands.add_parser("undo", parents=[server], help="take back the last move of this shell")
    one = undo.add_mutually_exclusive_group()
    one.add_argument("move", nargs="?", type=_moves, metavar="NUMBER", help="this move, as `history` numbers it")
    one.add_argument("--since", type=_moves, metavar="NUMBER", help="this move and all that followed, by anybody")
    undo.add_argument("--preview", action="store_true", help="only print what would change")
    redo = commands.add_parser("redo", parents=[server], help="give back what the last undo replaced")
    for parser in (undo, redo):
        parser.add_argument("--force", action="store_true", help="also where others have moved it since")


def _add_groups(commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser) -> None:
    groups = commands.add_parser(
        "groups", parents=[server], help="list the groups over consoles; add, delete, restore, catch-up"
    )
    kinds = ("list", "add", "delete", "restore", "catch-up")
    groups.add_argument("about", nargs="?", choices=kinds, default="list", metavar="|".join(kinds[1:]))
    groups.add_argument(
        "words", nargs="*", metavar="WORD", help="add dca|mutegroup NAME [MEMBER …]; delete, restore or catch-up GROUP"
    )


def _add_layers(commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser) -> None:
    layers = commands.add_parser("layers", parents=[server], help="list the layers; show, delete, save, load")
    kinds = ("list", "show", "delete", "save", "load")
    layers.add_argument("about", nargs="?", choices=kinds, default="list", metavar="|".join(kinds[1:]))
    layers.add_argument("words", nargs="*", metavar="WORD", help="show or delete NAME; save or load FILE")


def _add_osc_session(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser
) -> None:
    """Add the command for the session file of Open Stage Control."""
    session = commands.add_parser(
        "osc-session", parents=[server], help="write a session file of a console for Open Stage Control"
    )
    session.add_argument("console", metavar="CONSOLE")
    session.add_argument("file", type=Path, metavar="FILE")
    session.add_argument("--host", default="127.0.0.1", help="where the mixer's OSC is; default: %(default)s")
    session.add_argument("--port", type=int, default=9000, help="its port; default: %(default)s")


def _add_announce(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser
) -> None:
    announce = commands.add_parser(
        "announce", parents=[server], help="list what home automation finds by MQTT; add, remove"
    )
    announce.add_argument("about", nargs="?", choices=("list", "add", "remove"), default="list", metavar="add|remove")
    announce.add_argument(
        "words", nargs="*", metavar="WORD", help="strip band/ch1 …, layer band/Drums, mix band/bus2, scene 3"
    )


def _add_scenes(commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser) -> None:
    scenes = commands.add_parser("scenes", parents=[server], help="print the set list")
    scenes.add_argument("--moments", action="store_true", help="print the scenes that were kept by themselves")
    recall = commands.add_parser("recall", parents=[server], help="recall a scene")
    recall.add_argument("scene", metavar="SCENE", help="its name or number, or id=N")
    recall.add_argument("--fade", type=_seconds, metavar="SECONDS", help="0 to 60; the scene's own if not given")
    recall.add_argument("--sections", metavar="NAME,…", help="only these, as levels,mutes,input")
    recall.add_argument("--preview", action="store_true", help="only print what would change")
    commands.add_parser("go", parents=[server], help="recall the next scene of the set list")
    show = commands.add_parser(
        "show", parents=[server], help="save all scenes in a file, load them, compare: show save FILE"
    )
    show.add_argument("about", choices=("save", "load", "diff"), help="what to do")
    show.add_argument(
        "file", type=Path, metavar="FILE", help="readable JSON; load also takes .scn and .snp files of consoles"
    )


def _add_access(commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser) -> None:
    token = commands.add_parser(
        "token", parents=[server], help="create a token for a program or shell elsewhere; list, revoke ID"
    )
    token.add_argument("about", nargs="?", choices=("new", "list", "revoke"), default="new", metavar="list|revoke")
    token.add_argument("id", nargs="?", metavar="ID", help="the token to revoke")
    token.add_argument("--role", choices=ROLES, default="engineer", help="its role (%(default)s)")
    token.add_argument("--mix", default="", metavar="band/bus2", help="the mix of a musician or guest")
    token.add_argument("--name", default="Shell", help="the name that people see (%(default)s)")
    invite = commands.add_parser(
        "invite", parents=[server], help="create an invitation: joins without the PIN, by address or QR code"
    )
    invite.add_argument("role", choices=ROLES, help="their role")
    invite.add_argument("mix", nargs="?", default="", metavar="MIX", help="a musician's own, as band/bus2")
    invite.add_argument("--day", action="store_true", help="for any number of people, until tomorrow morning")


def _add_midi(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    midi = commands.add_parser("midi", help="list the MIDI ports of this computer: midi ports")
    midi.add_subparsers(dest="about", metavar="ports", required=True).add_parser("ports", help="list them by name")
    about = commands.add_parser("map", help="check or convert a map of MIDI controls")
    kinds = about.add_subparsers(dest="about", metavar="check|convert", required=True)
    check = kinds.add_parser("check", help="report the faults of a map")
    check.add_argument("file", metavar="FILE", type=Path)
    convert = kinds.add_parser("convert", help="convert a former program's JSON file into a map")
    convert.add_argument("old", metavar="OLD.json", type=Path)
    convert.add_argument("new", metavar="NEW.toml", type=Path)


def _add_console(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    console = commands.add_parser("console", help="print what is known of a console: console rows x32")
    kinds = console.add_subparsers(dest="about", metavar="rows", required=True)
    rows = kinds.add_parser("rows", help="print its params, their addresses, and who proves each")
    rows.add_argument("family", choices=("x32", "xair"), help="which family")


def _add_service(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    service = commands.add_parser("service", help="run from each start of this computer on: service install")
    kinds = service.add_subparsers(dest="about", metavar="install|status|remove", required=True)
    system = argparse.ArgumentParser(add_help=False)
    system.add_argument("--system", action="store_true", help="for the whole computer (with sudo), not for this person")
    install = kinds.add_parser("install", parents=[system], help="install it, with these options of the server")
    install.add_argument("options", nargs="*", metavar="-- OPTION", help="as -- --port 80 --console foh=x32://10.0.0.5")
    kinds.add_parser("status", parents=[system], help="report whether it runs")
    kinds.add_parser("remove", parents=[system], help="stop and remove it; nothing of the mixes is deleted")


def _add_simulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = commands.add_parser("simulate", help="simulate a console: for a rehearsal at home, and for tests")
    add = simulate.add_argument
    add("model", type=_simulated, metavar="MODEL|FILE", help=f"{', '.join(SIMULATED)}, or a recording of a console")
    add("--host", default="127.0.0.1", help="the address to listen on (%(default)s; 0.0.0.0 for all of them)")
    add("--port", type=_port, help="the port to listen on (the console's own; 0 takes any free one)")
    add("--loss", type=_share, default=0.0, metavar="SHARE", help="share of lost datagrams, 0 to 1 (%(default)s)")
    add("--delay", type=_milliseconds, default=0.0, metavar="MS", help="delay of datagrams, in milliseconds")


def _simulated(text: str) -> str | Path:
    """Return a model's name, or the file of a recording."""
    if text in SIMULATED:
        return text
    if not Path(text).is_file():
        models = ", ".join(SIMULATED)
        raise argparse.ArgumentTypeError(f"a simulated console is one of {models}, or a recording's file, not {text!r}")
    return Path(text)


def _as_value(argument: str) -> str:
    """Keep argparse from reading `-10dB` as an option: an argument that starts with a space is never one."""
    return f" {argument}" if _LOOKS_NEGATIVE.match(argument) else argument


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text.strip()!r}")
    return int(text)


def _place(text: str) -> tuple[str, int]:
    """Return address and port; the address is loopback unless it is given."""
    address, _, port = text.rpartition(":")
    return address.strip("[]") or LOOPBACK, _port(port)


def _broker(text: str) -> Broker:
    try:
        return Broker.parse(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


def _role_or_token(text: str) -> str:
    if text not in {GUEST, ENGINEER} and not text.startswith("rm_"):
        raise argparse.ArgumentTypeError("--mqtt-as is guest, engineer, or a token as rm_…")
    return text


def _moves(text: str) -> int:
    return int(_number(text, 1e12, "this is a whole number"))


def _share(text: str) -> float:
    return _number(text, 1, "a share is a number from 0 to 1, as 0.1")


def _seconds(text: str) -> float:
    return _number(text, 60, "a fade takes from 0 to 60 seconds")


def _duration(text: str) -> int:
    """Return the seconds of a time such as 90s, 10m, 2h or 3d; a plain number is in seconds."""
    number, factor = (text[:-1], DURATIONS[text[-1]]) if text[-1:] in DURATIONS else (text, 1)
    return int(_number(number, MOST_OF_A_UNIT, "a time is a number with s, m, h or d, as 10m") * factor)


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


def _surface(text: str) -> tuple[str, str]:
    name, equals, spec = text.partition("=")
    if not name or not equals or not spec:
        raise argparse.ArgumentTypeError(f"a surface is NAME=SPEC, as foh=mackie:X-Touch, not {text!r}")
    return name, spec


def _recorded(text: str) -> str:
    """Return the nickname of a server's console, or a spec; before a spec a nickname may stand, as after --console."""
    spec = text.rpartition("=")[2]
    if ":" in spec and not is_recordable(spec):
        raise argparse.ArgumentTypeError(f"{RECORDABLE}, not {text!r}")
    return spec


def is_recordable(spec: str) -> bool:
    """Return whether a console of this spec can be recorded."""
    return re.match(r"(x32|xair):", spec) is not None


def _argument(text: str) -> tuple[str, str]:
    key, equals, value = text.strip().partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"an action's argument is KEY=VALUE, as scene=3, not {text!r}")
    return key, value


def _folder(text: str) -> Path:
    if not text:  # a variable of a script that is not set; a path would mean the folder that it was started in
        raise argparse.ArgumentTypeError("it needs the name of a folder, and this one is empty")
    return Path(text)


def _wav(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".wav" or not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(
            f"--record needs the name of a .wav file in a folder that exists, not {text!r}"
        )
    return path

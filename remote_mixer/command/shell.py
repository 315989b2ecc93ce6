"""Commands for a running server: `check`, `set`, `get`, `act`, `watch`, `say`, `token`, `invite`; others beside it.

Each takes the parsed arguments and returns the exit code; CommandError where it fails.
"""

from __future__ import annotations

import argparse
import difflib
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from remote_mixer import __version__
from remote_mixer.command import actions, announce, groups, history, layers, osc_session, scenes
from remote_mixer.command.arguments import TOKEN_VARIABLE
from remote_mixer.command.server_client import Message, ServerClient, shell_name
from remote_mixer.command.terminal import DONE, FAILED, MISUSED, CommandError, code_lines, say
from remote_mixer.desk.policy import ENGINEER, HOST
from remote_mixer.desk.readings import Control, controls
from remote_mixer.resources import default_data_folder

PING_SECONDS = 1.0  # as a page does: the server drops a link that sends nothing
ROUND_TRIPS = 10
ECHO = "Server received: "


def _server(arguments: argparse.Namespace) -> ServerClient:
    return ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())


def check(arguments: argparse.Namespace) -> int:
    """Send a text to the server; report echo, round trip, versions and consoles."""
    server = _server(arguments)
    line = f"A check by the {shell_name().lower()}"
    with server.link() as link:
        link.send(line)
        echo = link.text()
        welcome = link.hello()
        milliseconds = 1000 * statistics.median(link.round_trip() for _ in range(ROUND_TRIPS))
    us = welcome["server"]
    say(f"{us['name']} {us['version']} at {server.url} (this command is {__version__})")
    say(f"echo        {'right' if echo == ECHO + line else f'wrong: {echo}'}")
    say(f"round trip  {milliseconds:.1f} ms, the median of {ROUND_TRIPS}")
    say(f"protocol    {welcome['protocol']}, page {us.get('page', 'not known')}")
    for console in welcome["consoles"]:
        status, notice = (welcome["values"].get(f"{console['name']}/{local}") for local in ("status", "notice"))
        say(f"console     {console['name']}: {console['title']}, {status}{f': {notice}' if notice else ''}")
    for kind, name, state in _links(server, welcome["you"]["role"]):
        say(f"{kind:11} {name}: {state}")
    return DONE if echo == ECHO + line else FAILED


def _links(server: ServerClient, role: str) -> list[tuple[str, str, str]]:
    """Return kind, name and state of each surface and broker, as a report for a bug has them; the crew's to know."""
    if role not in (HOST, ENGINEER):
        return []
    return [(link["kind"], link["name"], link["state"]) for link in server.call("GET", "/links")["links"]]


def set_control(arguments: argparse.Namespace) -> int:
    """Set one control and print its new value."""
    server = _server(arguments)
    control = _control(controls(server.call("GET", "/desk")["consoles"]), arguments.path)
    try:
        value = control.value_of(arguments.value)
    except ValueError as error:
        raise CommandError(f"{arguments.path}: {error}") from error
    answer = server.call("PUT", f"/params/{quote(arguments.path)}", {"value": value})
    say(_line(arguments.path, control, answer["value"]))
    return DONE


def get_controls(arguments: argparse.Namespace) -> int:
    """Print the values of the named controls, of a strip's or console's, or of all."""
    desk = _server(arguments).call("GET", "/desk")
    known = controls(desk["consoles"])
    paths = (
        dict.fromkeys(path for prefix in arguments.path for path in _within(known, prefix)) if arguments.path else known
    )
    width = max(map(len, paths), default=0)
    for path in paths:
        say(_line(path, known[path], desk["values"].get(path), width))
    return DONE


def act(arguments: argparse.Namespace) -> int:
    """Run an action of a console; without one, list what to write for each."""
    server = _server(arguments)
    console = _console(server.call("GET", "/desk")["consoles"], arguments.console)
    action, typed = arguments.action, dict(arguments.argument)
    if not action:
        say("\n".join(actions.commands(console)) or f"The console “{arguments.console}” has no actions.")
        return DONE
    values = actions.read(console, action, typed)
    try:
        server.call("POST", f"/consoles/{quote(arguments.console)}/{quote(action)}", values)
    except CommandError as error:
        raise CommandError(f"{error} {actions.hint(console, action, typed)}".rstrip()) from error
    return DONE


def send_message(arguments: argparse.Namespace) -> int:
    """Send a message to everyone."""
    _server(arguments).call("POST", "/messages", {"text": " ".join(arguments.text).strip(), "name": shell_name()})
    return DONE


def manage_tokens(arguments: argparse.Namespace) -> int:
    """Create a token for a shell or script on another computer and print it once; or list tokens, or revoke one."""
    server = _server(arguments)
    return TOKEN_TASKS[arguments.about](server, arguments)


def _create_token(server: ServerClient, arguments: argparse.Namespace) -> int:
    made = server.call("POST", "/tokens", {"name": arguments.name, "role": arguments.role, "mix": arguments.mix})
    say(f"{made['token']}\n\nThis token is shown once; whoever has it can use the mixer. In a shell:")
    say(f"  {TOKEN_VARIABLE}={made['token']} remote-mixer get --url ADDRESS")
    say(f"In a script, as a header:\n  Authorization: Bearer {made['token']}")
    say(f"`remote-mixer token revoke {made['id']}` revokes it.")
    return DONE


def _list_tokens(server: ServerClient, _: argparse.Namespace) -> int:
    for one in server.call("GET", "/tokens")["tokens"]:
        say("  ".join(filter(None, (one["id"], one["role"], one["mix"], one["name"], one["at"]))))
    return DONE


def _revoke_token(server: ServerClient, arguments: argparse.Namespace) -> int:
    if not arguments.id:
        raise CommandError(
            "Name the token: remote-mixer token revoke ID. `remote-mixer token list` shows the ids.", MISUSED
        )
    server.call("DELETE", f"/tokens/{quote(arguments.id, safe='')}")
    return DONE


TOKEN_TASKS = {"new": _create_token, "list": _list_tokens, "revoke": _revoke_token}


def invite(arguments: argparse.Namespace) -> int:
    """Create an invitation; print its addresses, and a QR code of the likeliest."""
    wanted = {"role": arguments.role, "mix": arguments.mix, "kind": "day" if arguments.day else "once"}
    made = _server(arguments).call("POST", "/invitations", wanted)
    for line in code_lines(made["urls"][0]["url"]):
        say(line)
    for way in made["urls"]:
        say(f"{way['url']}  {way['interface']}")
    ends = datetime.fromisoformat(made["ends"]).astimezone()
    whom = "For all who open it" if arguments.day else "For the first who opens it"
    say(f"{whom}, as {' of '.join(filter(None, (made['role'], made['mix'])))}, until {ends:%H:%M on %A}.")
    return DONE


def watch(arguments: argparse.Namespace) -> int:
    """Print each change and each message, until Ctrl-C."""
    server = _server(arguments)
    with server.link() as link:
        known = controls((welcome := link.hello())["consoles"])
        say(f"Watching {welcome['server']['name']} at {server.url}. Press Ctrl-C to stop.")
        pinged = time.monotonic()
        while True:
            frame = link.next(PING_SECONDS)
            if isinstance(frame, dict):
                _print_frame(frame, known)
            if time.monotonic() - pinged >= PING_SECONDS:
                pinged = time.monotonic()
                link.send({"type": "ping", "t": pinged})


def _print_frame(frame: Message, known: dict[str, Control]) -> None:
    match frame:
        case {"type": "changes", "values": values}:
            for path, value in values.items():
                say(_line(path, known.get(path, Control({})), value))
        case {"type": "message", "from": {"name": name}, "text": text}:
            say(f"{name}: {text}")
        case {"type": "layout", "console": console}:
            known.update(controls([console]))
            say(f"{console['name']} is {console['title']}, {len(console['strips'])} strips")
        case {"type": "bye", "text": text}:
            say(text)


def _line(path: str, control: Control, value: Any, width: int = 0) -> str:  # noqa: ANN401 - a Value that came as JSON
    reading = control.reading(value)
    exact = f"  ({value:g})" if control.taper is not None and isinstance(value, float | int) else ""
    return f"{path:<{width}}  {reading}{exact}"


def _control(known: Mapping[str, Control], path: str) -> Control:
    if path not in known:
        near = difflib.get_close_matches(path, known, n=3)
        raise CommandError(f"There is no {path} here." + (f" Perhaps {' or '.join(near)}?" if near else ""))
    return known[path]


def _console(consoles: Sequence[Message], name: str) -> Message:
    for console in consoles:
        if console["name"] == name:
            return console
    known = ", ".join(console["name"] for console in consoles)
    raise CommandError(f"There is no console “{name}”. Consoles here: {known}.")


def _within(known: Mapping[str, Control], prefix: str) -> list[str]:
    """Return the path itself or all paths below it; CommandError where there is none."""
    inside = [path for path in known if path == prefix or path.startswith(f"{prefix.rstrip('/')}/")]
    if not inside:
        _control(known, prefix)
    return inside


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": check,
    "set": set_control,
    "get": get_controls,
    "act": act,
    "watch": watch,
    "say": send_message,
    "token": manage_tokens,
    "invite": invite,
    **announce.COMMANDS,
    **osc_session.COMMANDS,
    **groups.COMMANDS,
    **history.COMMANDS,
    **layers.COMMANDS,
    **scenes.COMMANDS,
}

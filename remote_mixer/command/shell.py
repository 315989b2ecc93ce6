"""A person's shell as a hand on a running server: `check`, `set`, `get`, `act`, `watch`, `say`, `token`, `invite`."""

from __future__ import annotations

import argparse
import difflib
import statistics
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from remote_mixer import __version__
from remote_mixer.command.arguments import TOKEN_VARIABLE
from remote_mixer.command.readings import Control, controls
from remote_mixer.command.server_client import Message, ServerClient, our_name
from remote_mixer.command.terminal import DONE, FAILED, MISUSED, CommandError, code_lines, say

PING_SECONDS = 1.0  # as a page does: the server takes a silent link for dead
ROUND_TRIPS = 10
ECHO = "Server received: "


def run_check(told: argparse.Namespace) -> int:
    """Say a line to the server; report echo, round trip, versions and consoles."""
    server = ServerClient(told.url, token=told.token)
    line = f"A check by the {our_name().lower()}"
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
        status = welcome["values"].get(f"{console['name']}/status")
        say(f"console     {console['name']}: {console['title']}, {status}")
    return DONE if echo == ECHO + line else FAILED


def run_set(told: argparse.Namespace) -> int:
    """Move one control; say where it stands then."""
    server = ServerClient(told.url, token=told.token)
    control = _control(controls(server.call("GET", "/desk")["consoles"]), told.path)
    try:
        value = control.value_of(told.value)
    except ValueError as error:
        raise CommandError(f"{told.path}: {error}") from error
    answer = server.call("PUT", f"/params/{quote(told.path)}", {"value": value})
    say(_line(told.path, control, answer["value"]))
    return DONE


def run_get(told: argparse.Namespace) -> int:
    """Say where controls stand: those named, those of a strip or console, or all."""
    desk = ServerClient(told.url, token=told.token).call("GET", "/desk")
    known = controls(desk["consoles"])
    paths = dict.fromkeys(path for asked in told.path for path in _within(known, asked)) if told.path else known
    width = max(map(len, paths), default=0)
    for path in paths:
        say(_line(path, known[path], desk["values"].get(path), width))
    return DONE


def run_act(told: argparse.Namespace) -> int:
    """Have a console do one of its actions."""
    ServerClient(told.url, token=told.token).call(
        "POST", f"/consoles/{quote(told.console)}/{quote(told.action)}", dict(told.argument)
    )
    return DONE


def run_say(told: argparse.Namespace) -> int:
    """Send a message to everyone."""
    ServerClient(told.url, token=told.token).call(
        "POST", "/messages", {"text": " ".join(told.text).strip(), "name": our_name()}
    )
    return DONE


def run_token(told: argparse.Namespace) -> int:
    """Make a token for a shell or a script elsewhere and say it, this once; or list them, or revoke one."""
    server = ServerClient(told.url, token=told.token)
    return TOKEN_TASKS[told.about](server, told)


def _make_token(server: ServerClient, told: argparse.Namespace) -> int:
    made = server.call("POST", "/tokens", {"name": told.name, "role": told.role, "mix": told.mix})
    say(f"{made['token']}\n\nIt is told this once, and opens the mixer to whoever has it. A shell shows it by")
    say(f"  {TOKEN_VARIABLE}={made['token']} remote-mixer get --url ADDRESS")
    say(f"a script in the header\n  Authorization: Bearer {made['token']}")
    say(f"`remote-mixer token revoke {made['id']}` ends it.")
    return DONE


def _list_tokens(server: ServerClient, _: argparse.Namespace) -> int:
    for one in server.call("GET", "/tokens")["tokens"]:
        say("  ".join(filter(None, (one["id"], one["role"], one["mix"], one["name"], one["at"]))))
    return DONE


def _revoke_token(server: ServerClient, told: argparse.Namespace) -> int:
    if not told.id:
        raise CommandError(
            "Say which: remote-mixer token revoke ID, and `remote-mixer token list` has the ids.", MISUSED
        )
    server.call("DELETE", f"/tokens/{quote(told.id, safe='')}")
    return DONE


TOKEN_TASKS = {"new": _make_token, "list": _list_tokens, "revoke": _revoke_token}


def run_invite(told: argparse.Namespace) -> int:
    """Make an invitation; say its addresses, and draw the likeliest as a code."""
    wish = {"role": told.role, "mix": told.mix, "kind": "day" if told.day else "once"}
    made = ServerClient(told.url, token=told.token).call("POST", "/invitations", wish)
    for line in code_lines(made["urls"][0]["url"]):
        say(line)
    for way in made["urls"]:
        say(f"{way['url']}  {way['interface']}")
    ends = datetime.fromisoformat(made["ends"]).astimezone()
    whom = "For all who open it" if told.day else "For the first who opens it"
    say(f"{whom}, as {' of '.join(filter(None, (made['role'], made['mix'])))}, until {ends:%H:%M on %A}.")
    return DONE


def run_watch(told: argparse.Namespace) -> int:
    """Say each change and each message, until Ctrl-C."""
    server = ServerClient(told.url, token=told.token)
    with server.link() as link:
        known = controls((welcome := link.hello())["consoles"])
        say(f"Watching {welcome['server']['name']} at {server.url}; Ctrl-C ends it.")
        pinged = time.monotonic()
        while True:
            frame = link.next(PING_SECONDS)
            if isinstance(frame, dict):
                _watched(frame, known)
            if time.monotonic() - pinged >= PING_SECONDS:
                pinged = time.monotonic()
                link.send({"type": "ping", "t": pinged})


def _watched(frame: Message, known: dict[str, Control]) -> None:
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


def _within(known: Mapping[str, Control], asked: str) -> list[str]:
    inside = [path for path in known if path == asked or path.startswith(f"{asked.rstrip('/')}/")]
    return inside or [asked for _ in [_control(known, asked)]]

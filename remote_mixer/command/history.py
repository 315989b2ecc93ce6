"""Commands for the history of a running server: `history`, `undo`, `redo`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, say
from remote_mixer.desk.readings import Control, controls
from remote_mixer.resources import default_data_folder

Controls = Mapping[str, Control]


def list_moves(arguments: argparse.Namespace) -> int:
    """Print the newest moves, the newest last."""
    server, known = _server(arguments)
    chosen = {name: value for name in ("path", "by", "last") if (value := getattr(arguments, name)) is not None}
    found = server.call("GET", f"/history?{urlencode({'limit': arguments.limit, **chosen})}")["moves"]
    for move in found:
        for line in _lines(move, known):
            say(line)
    if not found:
        say("No such move is known." if chosen else "Nothing has been moved yet.")
    return DONE


def undo(arguments: argparse.Namespace) -> int:
    """Take back the newest move of this shell, or the one that is named."""
    return _take_back("undo", arguments)


def redo(arguments: argparse.Namespace) -> int:
    """Give back what the last undo of this shell replaced."""
    return _take_back("redo", arguments)


def _take_back(kind: str, arguments: argparse.Namespace) -> int:
    server, known = _server(arguments)
    wanted = {name: getattr(arguments, name) for name in ("force", "move", "since", "preview") if name in arguments}
    answer = server.call("POST", f"/{kind}", {name: value for name, value in wanted.items() if value is not None})
    for path, span in answer["values"].items():
        say(_change(path, span, known))
    for skipped in answer["skipped"]:
        say(f"{skipped['path']}  stays: {skipped['text']}")
    return DONE


def _server(arguments: argparse.Namespace) -> tuple[ServerClient, Controls]:
    """Return the server and its controls."""
    server = ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())
    return server, controls(server.call("GET", "/desk")["consoles"])


def _lines(move: Mapping[str, Any], known: Controls) -> Iterator[str]:
    at = datetime.fromisoformat(move["at"]).astimezone()
    cause = "" if move["cause"] in ("hand", "console", "server", "api") else f" ({move['cause']})"
    end = "  taken back" if move["undone"] else ""
    for path, span in move["values"].items():
        yield f"{move['id']:>6}  {at:%d %b %H:%M:%S}  {move['by']['name']}{cause}  {_change(path, span, known)}{end}"


def _change(path: str, span: list[Any], known: Controls) -> str:
    before, after = (known.get(path, Control({})).reading(value) for value in span)
    return f"{path}  {before} → {after}"


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"history": list_moves, "undo": undo, "redo": redo}

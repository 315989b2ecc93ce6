"""Command for the groups over consoles of a running server: list, add with members, delete, restore, catch up."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, CommandError, say
from remote_mixer.resources import default_data_folder

KINDS = ("dca", "mutegroup")
USAGE = "Write: groups add dca|mutegroup NAME [MEMBER …], or groups delete, restore or catch-up GROUP."

Form = dict[str, Any]


def manage_groups(arguments: argparse.Namespace) -> int:
    """List the groups, or add, delete or catch up one."""
    server = ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())
    TASKS[arguments.about](server, arguments.words)
    return DONE


def _list(server: ServerClient, _: list[str]) -> None:
    groups = server.call("GET", "/groups")["groups"]
    for group in groups:
        say(_line(group))
    if not groups:
        say("There are no groups yet.")


def _add(server: ServerClient, words: list[str]) -> None:
    if len(words) < 2 or words[0] not in KINDS:
        raise CommandError(USAGE)
    kind, name, *members = words
    group = server.call("POST", "/groups", {"kind": kind, "name": name})
    if members:
        server.call("PUT", f"/params/{quote(group['path'])}/members", {"value": " ".join(members)})
    say(_line(group | {"members": members}))


def _delete(server: ServerClient, words: list[str]) -> None:
    server.call("DELETE", f"/groups/{_group(words)}")


def _restore(server: ServerClient, words: list[str]) -> None:
    say(_line(server.call("POST", f"/groups/{_group(words)}/restore", {})))


def _catch_up(server: ServerClient, words: list[str]) -> None:
    server.call("POST", f"/groups/{_group(words)}/catch_up", {})


def _group(words: list[str]) -> str:
    """Return the one group that is named; CommandError for none or more."""
    if len(words) != 1:
        raise CommandError(USAGE)
    return quote(words[0])


def _line(group: Form) -> str:
    notes = [f"{word.replace('_', ' ')}: {' '.join(group[word])}" for word in ("missing", "behind") if group[word]]
    about = "; ".join([" ".join(group["members"]) or "no members", *notes])
    return f"{group['path']}  {group['name'] or '(no name)'}  {about}"


TASKS: dict[str, Callable[[ServerClient, list[str]], None]] = {
    "list": _list,
    "add": _add,
    "delete": _delete,
    "restore": _restore,
    "catch-up": _catch_up,
}
COMMANDS = {"groups": manage_groups}

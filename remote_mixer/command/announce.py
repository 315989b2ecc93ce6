"""Command for what home automation finds by MQTT: list, add, remove."""

from __future__ import annotations

import argparse
from typing import Any

from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, CommandError, say
from remote_mixer.resources import default_data_folder

KINDS = {"strip": "strips", "layer": "layers", "mix": "mixes", "scene": "scenes"}
USAGE = "Write: announce add strip band/ch1 (or layer band/Drums, mix band/bus2, scene 3), or remove for add."


def manage_announced(arguments: argparse.Namespace) -> int:
    """List what is announced, after adding to it or removing from it."""
    server = ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())
    announced: dict[str, list[Any]] = server.call("GET", "/announced")
    if arguments.about != "list":
        announced = server.call("PUT", "/announced", _changed(announced, arguments.about, arguments.words))
    for kind, key in KINDS.items():
        for entry in announced[key]:
            say(f"{kind} {entry}")
    return DONE


def _changed(announced: dict[str, list[Any]], about: str, words: list[str]) -> dict[str, list[Any]]:
    """Return what is announced with the named entries, or without them; CommandError where none is named."""
    kind, *entries = words or [""]
    if kind not in KINDS or not entries or (kind == "scene" and not all(entry.isdecimal() for entry in entries)):
        raise CommandError(USAGE)
    named = [int(entry) if kind == "scene" else entry for entry in entries]
    present = announced[KINDS[kind]]
    kept = [entry for entry in present if entry not in named]
    return announced | {KINDS[kind]: [*kept, *named] if about == "add" else kept}


COMMANDS = {"announce": manage_announced}

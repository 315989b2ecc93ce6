"""Command for the layers of a running server: list, show, delete, and all of them in a file and back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, CommandError, say
from remote_mixer.resources import default_data_folder

USAGE = "Write: layers show NAME, layers delete NAME, layers save FILE, or layers load FILE."
FIELDS = ("name", "shared", "roles", "items")
"""Fields of a layer in a file."""
MOST_BYTES = 1024 * 1024

Form = dict[str, Any]


def manage_layers(arguments: argparse.Namespace) -> int:
    """List the layers, show or delete one, save all in a file or load them."""
    server = ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())
    TASKS[arguments.about](server, arguments.words)
    return DONE


def _list(server: ServerClient, _: list[str]) -> None:
    layers = _layers(server)
    for layer in layers:
        say(_line(layer))
    if not layers:
        say("There are no layers yet.")


def _show(server: ServerClient, words: list[str]) -> None:
    layer, here = _named(server, _only(words)), _strips(server)
    say(_line(layer))
    for item in layer["items"]:
        if isinstance(item, dict):
            say(f"  — {item['separator']}".rstrip())
        else:
            say(f"  {item}" if item in here else f"  {item}  (not here)")


def _delete(server: ServerClient, words: list[str]) -> None:
    server.call("DELETE", f"/layers/{quote(_named(server, _only(words))['id'])}")


def _save(server: ServerClient, words: list[str]) -> None:
    file, layers = Path(_only(words)), [{key: layer[key] for key in FIELDS} for layer in _layers(server)]
    try:
        file.write_text(json.dumps({"layers": layers}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as fault:
        raise CommandError(f"{file} cannot be written: {fault.strerror}.") from fault
    say(f"{len(layers)} layers are in {file}.")


def _load(server: ServerClient, words: list[str]) -> None:
    """Bring the layers of a file to the server: one of the same name takes the file's strips, all others stay."""
    file = Path(_only(words))
    layers, known = _read(file), {_key(layer): layer["id"] for layer in _layers(server)}
    for number, layer in enumerate(layers):
        id_ = known.get(_key(layer))
        try:
            server.call("PUT", f"/layers/{quote(id_)}", layer) if id_ else server.call("POST", "/layers", layer)
        except CommandError as fault:
            raise CommandError(f"“{layer.get('name', '')}”: {fault} {number} layers before it were loaded.") from fault
    say(f"{len(layers)} layers came from {file}; others are there still.")


def _read(file: Path) -> list[Form]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise CommandError(f"{file} is larger than any file of layers.")
        found = json.loads(file.read_bytes())
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
    except ValueError as fault:
        raise CommandError(f"{file} holds no layers: it is no JSON.") from fault
    layers = found.get("layers") if isinstance(found, dict) else None
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise CommandError(f"{file} holds no layers: `remote-mixer layers save FILE` writes such a file.")
    return layers


def _layers(server: ServerClient) -> list[Form]:
    layers: list[Form] = server.call("GET", "/layers")["layers"]
    return layers


def _strips(server: ServerClient) -> set[str]:
    """Return the paths of all strips that consoles have now."""
    consoles = server.call("GET", "/desk")["consoles"]
    return {f"{console['name']}/{strip['id']}" for console in consoles for strip in console["strips"]}


def _named(server: ServerClient, name: str) -> Form:
    """Return the layer of this name or `id=ID`, one's own before a shared one; CommandError without one."""
    for layer in _layers(server):
        if name in (layer["name"], f"id={layer['id']}"):
            return layer
    raise CommandError(f"There is no layer “{name}”: `remote-mixer layers` lists them.")


def _only(words: list[str]) -> str:
    if len(words) != 1:
        raise CommandError(USAGE)
    return words[0]


def _key(layer: Form) -> tuple[str, bool]:
    return str(layer.get("name", "")).casefold(), layer.get("shared") is True


def _line(layer: Form) -> str:
    strips = sum(isinstance(item, str) for item in layer["items"])
    notes = ["shared", *layer["roles"]] if layer["shared"] else []
    return f"{layer['name']}  {strips} strips{''.join(f', {note}' for note in notes)}  (id={layer['id']})"


TASKS: dict[str, Callable[[ServerClient, list[str]], None]] = {
    "list": _list,
    "show": _show,
    "delete": _delete,
    "save": _save,
    "load": _load,
}
COMMANDS = {"layers": manage_layers}

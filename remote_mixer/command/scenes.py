"""Commands for the scenes of a running server: `scenes`, `recall`, `go`, and `show save|load|diff FILE`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, count
from typing import Any

from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, FAILED, CommandError, say
from remote_mixer.desk import laws, show
from remote_mixer.desk.laws import Laws
from remote_mixer.desk.params import Value
from remote_mixer.desk.readings import Control, controls
from remote_mixer.resources import default_data_folder

LOOK_SECONDS = 0.2
CONSOLE_FILES = (".scn", ".snp")
"""Endings of the files in which consoles keep their own scenes and snippets."""
COMPARED, MOST_SHOWN = ("color", "note", "fade", "scope", "laws"), 100
"""Fields of a scene that a diff compares, beside its number and name, which are its title, and the values; and the most
characters that it shows of one."""

Form = dict[str, Any]


def list_scenes(arguments: argparse.Namespace) -> int:
    """Print the set list, or the moments kept by themselves."""
    found = _server(arguments).call("GET", "/scenes")
    for head in found["moments" if arguments.moments else "scenes"]:
        mark = ">" if head["id"] == found["current"] else " "
        fade = f", fade {head['fade']:g} s" if head["fade"] else ""
        about = f"{head['count']} values by {head['by']}{fade}; id {head['id']}"
        say(f"{mark} {head['number']:>4}  {head['name']}  ({about})")
    return DONE


def recall(arguments: argparse.Namespace) -> int:
    """Recall a scene by its name, number or `id=N`, or print what that would change."""
    server = _server(arguments)
    head = _found(server, arguments.scene)
    body: Form = {"sections": arguments.sections.split(",")} if arguments.sections else {}
    wanted: Form = {"scope": {**head["scope"], **body}, "fade": arguments.fade}
    if arguments.preview:
        return _preview(server, head, wanted)
    return _follow(server, server.call("POST", f"/scenes/{head['id']}/recall", wanted))


def go(arguments: argparse.Namespace) -> int:
    """Recall the next scene of the set list."""
    server = _server(arguments)
    return _follow(server, server.call("POST", "/go", {}))


def keep_show(arguments: argparse.Namespace) -> int:
    """Save the show in a file, load one, or print how they differ."""
    return SHOW_TASKS[arguments.about](_server(arguments), arguments)


def _preview(server: ServerClient, head: Form, wanted: Form) -> int:
    found, known = server.call("POST", f"/scenes/{head['id']}/preview", wanted), _controls(server)
    for strip, meant in found["match"].items():
        say(f"{strip}  {meant['name']}  → {meant['to'] or 'no strip here'}")
    for path, (before, after) in found["values"].items():
        say(f"{path}  {_reading(known, path, before)} → {_reading(known, path, after)}")
    for path, stays in found["stays"].items():
        say(f"{path}  stays: {stays['text']}")
    say(f"{found['counts']['will']} controls would change, {len(found['stays'])} would stay.")
    return DONE


def _follow(server: ServerClient, state: Form) -> int:
    """Wait for the end of a recall, and print how far it came."""
    while not state["over"]:
        time.sleep(LOOK_SECONDS)
        newest = server.call("GET", "/recall")
        if newest["recall"] != state["recall"]:
            say("A later recall has begun.")
            return DONE
        state = newest
    for path, why in state["lost"].items():
        say(f"{path}  stays: {why}")
    say(f"{state['name']}: {state['done']} of {state['of']} controls. `remote-mixer undo` takes it back.")
    return DONE if state["done"] == state["of"] else FAILED


def _found(server: ServerClient, wanted: str) -> Form:
    """Return the one scene of this name, number or `id=N`."""
    lists = server.call("GET", "/scenes")
    scenes = [*lists["scenes"], *lists["moments"], *lists["own"]]
    by_name = [head for head in scenes if head["name"] == wanted]
    by_number = [head for head in scenes if str(head["number"]) == wanted and head["number"]]
    by_id = [head for head in scenes if f"id={head['id']}" == wanted]
    found: list[Form] = by_id or by_name or by_number
    if len(found) != 1:
        why = "There is no scene" if not found else f"There are {len(found)} scenes"
        raise CommandError(f"{why} “{wanted}”: `remote-mixer scenes` lists them; id=N names one.")
    return found[0]


# Files


def _save(server: ServerClient, arguments: argparse.Namespace) -> int:
    known, scenes = _controls(server), list(_whole_scenes(server))
    text = show.written(scenes, lambda path, value, kept: _reading(known, path, value, kept))
    try:
        arguments.file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise CommandError(f"{arguments.file} cannot be written: {fault.strerror}.") from fault
    say(f"{len(scenes)} scenes are in {arguments.file}.")
    return DONE


def _load(server: ServerClient, arguments: argparse.Namespace) -> int:
    if arguments.file.suffix.lower() in CONSOLE_FILES:
        return _load_console_file(server, arguments)
    scenes = _read(arguments)
    _add_all(server, scenes)
    say(f"{len(scenes)} scenes came from {arguments.file}; those that were there are there still.")
    return DONE


def _add_all(server: ServerClient, scenes: list[Form]) -> None:
    """Add scenes, all or none: each is looked at by the server before any is added.

    Where one is refused all the same, as by a disk that is full by then, those before it go into the bin.
    """
    for scene in scenes:
        _post(server, "/scenes/check", {**scene, "of": len(scenes)}, scene)
    added: list[int] = []
    for scene in scenes:
        try:
            added.append(_post(server, "/scenes", scene, scene)["scene"]["id"])
        except CommandError:
            for number in added:
                server.call("DELETE", f"/scenes/{number}")
            raise


def _post(server: ServerClient, path: str, body: Form, scene: Form) -> Form:
    try:
        answer: Form = server.call("POST", path, body)
    except CommandError as fault:
        raise CommandError(f"“{_title(scene).strip()}”: {fault} No scene was added.") from fault
    return answer


def _load_console_file(server: ServerClient, arguments: argparse.Namespace) -> int:
    """Load a console's own file, and print what of it the mixer does not know."""
    text = _bytes(arguments).decode("utf-8", "replace")
    found = server.call("POST", "/scenes/file", {"text": text})
    for kind in found["left"]:
        more = f", and {kind['count'] - len(kind['first'])} more" if kind["count"] > len(kind["first"]) else ""
        say(f"left out: {kind['kind']} ({', '.join(kind['first'])}{more})")
    scene = found["scene"]
    say(f"“{scene['name']}” came from {arguments.file}: {scene['count']} values for console “{found['console']}”.")
    return DONE


def _diff(server: ServerClient, arguments: argparse.Namespace) -> int:
    known = _controls(server)
    here, there = (_by_title(scenes) for scenes in (_whole_scenes(server), _read(arguments)))
    lines = [line for title in dict.fromkeys([*here, *there]) for line in _differences(title, here, there, known)]
    say("\n".join(lines) or "The file has what is here.")
    return FAILED if lines else DONE


def _differences(
    title: str, here: Mapping[str, Form], there: Mapping[str, Form], known: Mapping[str, Control]
) -> Iterator[str]:
    if title not in here or title not in there:
        yield f"{'+' if title in there else '-'} {title}"
        return
    for field in COMPARED:
        if field in there[title] and there[title][field] != here[title][field]:
            yield f"  {title}: {field}  {_shown(here[title][field])} → {_shown(there[title][field])}"
    ours, theirs = here[title]["values"], there[title]["values"]
    kept = [laws.of_json(one[title].get("laws", [])) for one in (here, there)]
    for path in sorted(ours.keys() | theirs.keys()):
        if ours.get(path) != theirs.get(path):
            before, after = (
                _reading(known, path, v.get(path), law) for v, law in zip((ours, theirs), kept, strict=True)
            )
            yield f"  {title}: {path}  {before} → {after}"


def _by_title(scenes: Iterable[Form]) -> dict[str, Form]:
    """Return scenes by number and name; of those that are called alike, each but the first is numbered."""
    found: dict[str, Form] = {}
    for scene in scenes:
        title = _title(scene)
        alike = (f"{title} ({place})" for place in count(2))
        found[next(one for one in chain([title], alike) if one not in found)] = scene
    return found


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _title(scene: Form) -> str:
    return f"{scene.get('number', 0)} {scene.get('name', '')}"


def _read(arguments: argparse.Namespace) -> list[Form]:
    """Return the scenes of a file, which is looked at whole before anything is changed."""
    try:
        return show.read(_bytes(arguments))
    except ValueError as fault:
        raise CommandError(str(fault)) from fault


def _bytes(arguments: argparse.Namespace) -> bytes:
    """Return what the file holds; CommandError where it cannot be read, or is far too large."""
    try:
        if arguments.file.stat().st_size > show.MOST_BYTES:
            raise CommandError(show.TOO_LARGE_TEXT)
        return bytes(arguments.file.read_bytes())
    except OSError as fault:
        raise CommandError(f"{arguments.file} cannot be read: {fault.strerror}.") from fault


def _whole_scenes(server: ServerClient) -> Iterator[Form]:
    for head in server.call("GET", "/scenes")["scenes"]:
        yield server.call("GET", f"/scenes/{head['id']}")


def _server(arguments: argparse.Namespace) -> ServerClient:
    return ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())


def _controls(server: ServerClient) -> dict[str, Control]:
    return controls(server.call("GET", "/desk")["consoles"])


def _reading(known: Mapping[str, Control], path: str, value: Value, kept: Laws | None = None) -> str:
    """Return a value's text: of the control here, else by the laws that its scene kept."""
    return known[path].reading(value) if path in known else laws.reading(path, value, kept or {})


SHOW_TASKS: dict[str, Callable[[ServerClient, argparse.Namespace], int]] = {"save": _save, "load": _load, "diff": _diff}
COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "scenes": list_scenes,
    "recall": recall,
    "go": go,
    "show": keep_show,
}

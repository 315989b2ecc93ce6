"""Text form of a console's actions: what to write for each, and the arguments that a person typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remote_mixer.desk.params import Value
from remote_mixer.desk.readings import Control
from remote_mixer.desk.tapers import Taper

Layout = Mapping[str, Any]
"""One console's Layout as received."""


def commands(console: Layout) -> list[str]:
    """Return a line for each action of a console: what to write, and its label."""
    written = {_command(console["name"], name, form): form["label"] for name, form in console["action_schema"].items()}
    width = max(map(len, written), default=0)
    return [f"  {command:<{width}}  {label}" for command, label in written.items()]


def hint(console: Layout, action: str, arguments: Mapping[str, str]) -> str:
    """Return what to write instead of an unknown action or of other arguments than it takes; else an empty text."""
    form = console["action_schema"].get(action)
    if form is None:
        return "\n".join(["Write one of:", *commands(console)]) if console["actions"] else "It has no actions."
    needed = form["params"].keys() - form["defaults"].keys()
    fits = needed <= arguments.keys() <= form["params"].keys()
    return "" if fits else f"Write: {_command(console['name'], action, form)}"


def read(console: Layout, action: str, arguments: Mapping[str, str]) -> dict[str, Value]:
    """Return typed arguments as values of their Params; the server refuses those that stay texts."""
    params = console["action_schema"].get(action, {"params": {}})["params"]
    return {name: _read(console, params.get(name), text) for name, text in arguments.items()}


def _read(console: Layout, param: Mapping[str, Any] | None, text: str) -> Value:
    if param is None:
        return text
    taper = console["tapers"].get(param.get("taper"))
    try:
        value = Control(param, taper and Taper.of_json(taper)).value_of(text)
    except ValueError:
        return text
    return int(value) if param["kind"] == "number" and isinstance(value, float) and value.is_integer() else value


def _command(console: str, action: str, form: Mapping[str, Any]) -> str:
    words = [_word(name, param, optional=name in form["defaults"]) for name, param in form["params"].items()]
    return " ".join(["remote-mixer act", console, action, *words])


def _word(name: str, param: Mapping[str, Any], *, optional: bool) -> str:
    names = "|".join(param.get("choices", ()))
    word = f"{name}={_PLACEHOLDERS[param['kind']].format(**param, names=names)}"
    return f"[{word}]" if optional else word


_PLACEHOLDERS = {
    "position": "0..1",
    "toggle": "on|off",
    "choice": "{names}",
    "text": "TEXT",
    "number": "{low:g}..{high:g}",
}

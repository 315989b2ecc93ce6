"""Reader of a Layout's JSON, as `Layout.as_json` writes it: for a console that another server has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import Layer, Layout, Strip
from remote_mixer.desk.params import Choice, Number, Param, Position, Text, Toggle
from remote_mixer.desk.tapers import Taper

Form = Mapping[str, Any]
OF_EVERY_CONSOLE = ("status", "notice")
KINDS: dict[str, Callable[..., Param]] = {
    "position": Position,
    "toggle": Toggle,
    "choice": Choice,
    "text": Text,
    "number": Number,
}
FIELDS = {kind: {field.name for field in fields(made)} for kind, made in KINDS.items()}  # type: ignore[arg-type] # each is a dataclass


def read(form: Form, name: str) -> Layout:
    """Return the layout of a JSON object under another nickname. ValueError where it is none that is known here.

    Params of a kind that a newer server has, and that is unknown here, are left out.
    """
    try:
        table = [_param(one) for one in form["table"]]
        own = _params({local: at for local, at in form["params"].items() if local not in OF_EVERY_CONSOLE}, table)
        return Layout(
            name,
            str(form["title"]),
            str(form["driver"]),
            tapers={key: Taper.of_json(one) for key, one in form["tapers"].items()},
            params=own,
            strips=tuple(_strip(one, table) for one in form["strips"]),
            layers=tuple(Layer(one["name"], tuple(one["strips"])) for one in form["layers"]),
            actions=tuple(_action(key, one, form["setup"]) for key, one in form["action_schema"].items()),
            addresses=dict(form["addresses"]),
        )
    except (KeyError, TypeError, AttributeError, IndexError) as fault:
        raise ValueError(f"this is no layout that is understood here ({type(fault).__name__}: {fault})") from fault


def _param(form: Form) -> Param | None:
    kind = form["kind"]
    if kind not in KINDS:
        return None
    given = {key: value for key, value in form.items() if key in FIELDS[kind]}
    if "choices" in given:
        given["choices"] = tuple(given["choices"])
    return KINDS[kind](**given)


def _params(form: Mapping[str, int], table: list[Param | None]) -> dict[str, Param]:
    found = ((local, table[at]) for local, at in form.items())
    return {local: param for local, param in found if param is not None}


def _strip(form: Form, table: list[Param | None]) -> Strip:
    params = _params(form["params"], table)
    return Strip(form["id"], form["kind"], form["number"], form["label"], params, tuple(form["taps"]))


def _action(name: str, form: Form, setup: list[str]) -> Action:
    params = {key: made for key, one in form["params"].items() if (made := _param(one))}
    return Action(name, form["label"], params, dict(form["defaults"]), setup=name in setup)

"""Show files: scenes as readable JSON, positions with their text in units beside, in a stable order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from remote_mixer.desk import laws
from remote_mixer.desk.laws import Laws
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.scenes import MOST_SCENES, MOST_VALUES, checked_values

FORM, VERSION = "remote-mixer-show", 1
MOST_BYTES = 100_000_000
FIELDS = ("name", "number", "color", "note", "fade", "scope", "laws")
"""Fields of a scene in a file, beside its values."""

TOO_LARGE_TEXT = f"The file is larger than {MOST_BYTES // 1_000_000} MB: a show is far smaller. Nothing was changed."
FOREIGN_TEXT = "This is no show file of Remote Mixer. Nothing was changed."
NEWER_TEXT = "A newer Remote Mixer wrote this show file (version {}): update this one. Nothing was changed."
DAMAGED_TEXT = "Scene {} of the file is damaged ({}). Nothing was changed."

Form = dict[str, Any]
Reading = Callable[[str, Value, Laws], str]


def written(scenes: Iterable[Mapping[str, Any]], reading: Reading) -> str:
    """Return the file of scenes, each with FIELDS and `values`.

    reading  (path, value, the scene's laws) → the value's text for people
    """
    shown = [{name: scene[name] for name in FIELDS} | {"values": _shown(scene, reading)} for scene in scenes]
    return json.dumps({FORM: VERSION, "scenes": shown}, ensure_ascii=False, indent=1) + "\n"


def _shown(scene: Mapping[str, Any], reading: Reading) -> Form:
    values, kept = scene["values"], laws.of_json(scene["laws"])
    return {path: {"value": values[path], "text": reading(path, values[path], kept)} for path in sorted(values)}


def read(data: bytes) -> list[Form]:
    """Return the scenes of a file, each with FIELDS as far as it has them and `values`; ValueError with a sentence."""
    if len(data) > MOST_BYTES:
        raise ValueError(TOO_LARGE_TEXT)
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise ValueError(FOREIGN_TEXT) from fault
    if not isinstance(whole, dict) or FORM not in whole or not isinstance(whole.get("scenes"), list):
        raise ValueError(FOREIGN_TEXT)
    _check_version(whole[FORM])
    if len(whole["scenes"]) > MOST_SCENES:
        raise ValueError(f"The file has more than {MOST_SCENES} scenes. Nothing was changed.")
    return [_scene(place, form) for place, form in enumerate(whole["scenes"], start=1)]


def _check_version(version: object) -> None:
    if isinstance(version, bool) or not isinstance(version, int | float) or version < VERSION:
        raise ValueError(FOREIGN_TEXT)
    if version != VERSION:
        raise ValueError(NEWER_TEXT.format(str(version)[:20]))


def _scene(place: int, form: object) -> Form:
    if not isinstance(form, dict) or not isinstance(form.get("values"), dict):
        raise ValueError(DAMAGED_TEXT.format(place, "it has no values"))
    if len(form["values"]) > MOST_VALUES:
        raise ValueError(DAMAGED_TEXT.format(place, f"more than {MOST_VALUES} values"))
    try:
        laws.of_json(form.get("laws", []))
        values = checked_values({path: _value(shown) for path, shown in form["values"].items()})
    except Refusal as refusal:
        raise ValueError(DAMAGED_TEXT.format(place, f"{refusal.path}: {refusal.text}")) from refusal
    except ValueError as fault:
        raise ValueError(DAMAGED_TEXT.format(place, fault)) from fault
    return {name: form[name] for name in FIELDS if name in form} | {"values": values}


def _value(shown: object) -> object:
    """Return the value of `{value, text}`, which is an object without one, or of a plain one that a person wrote."""
    return shown.get("value", shown) if isinstance(shown, dict) else shown

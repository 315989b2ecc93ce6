"""A recording of a real console, as `remote-mixer record` writes it: a simulated console then stands as that one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remote_mixer.simulator.kinds import Value

FORMAT = "remote-mixer recording 1"
MODELS = (("M32", "m32"), ("X32", "x32"), ("R12", "xr12"), ("R16", "xr16"), ("R18", "xr18"), ("X18", "xr18"))
"""Part of a model's name, and the model that plays it."""


@dataclass(frozen=True)
class Recording:
    """One console.

    model   the one of our models that plays it
    values  by address; those that the model does not know can be queried only
    texts   lines as the console printed them, by node
    """

    model: str
    firmware: str
    values: Mapping[str, Value]
    texts: Mapping[str, str]


def read(file: Path) -> Recording:
    """Return the recording in a file; ValueError with a sentence for a person where it holds none."""
    try:
        document = json.loads(file.read_text("utf-8"))
        if document["format"] != FORMAT:
            raise ValueError(f"{file} was written by another version: its format is {document['format']!r:.60}")
        model, firmware = str(document["model"]), str(document["firmware"])
        values, texts = dict(document["values"]), dict(document["texts"])
    except (OSError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise ValueError(f"{file} is no recording of a console ({fault}). `remote-mixer record` makes one.") from fault
    played = next((ours for part, ours in MODELS if part in model.upper()), None)
    if played is None:
        raise ValueError(f"No simulated console can play a {model!r:.40}.")
    known = {address: value for address, value in values.items() if isinstance(value, int | float | str)}
    return Recording(played, firmware, known, {node: str(text) for node, text in texts.items()})

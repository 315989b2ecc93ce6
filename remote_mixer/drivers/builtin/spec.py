"""Spec of the built-in engine, and the job that it means: the song, the files of a folder, or a device's inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from remote_mixer.drivers.base import Setup
from remote_mixer.engine.controls import MOST_INPUTS
from remote_mixer.engine.link import Job

LIVE = "live"
USUAL: dict[str, Any] = {"inputs": 8, "frames": 128}
FRAMES = (32, 64, 128, 256, 512)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


OPTIONS: dict[str, tuple[Callable[[str], Any], Callable[[Any], bool], str]] = {
    "inputs": (_count, lambda inputs: 1 <= inputs <= MOST_INPUTS, f"a number from 1 to {MOST_INPUTS}"),
    "frames": (_count, lambda frames: frames in FRAMES, f"one of {', '.join(map(str, FRAMES))}"),
    "card": (str.strip, bool, "part of a card’s name, or jack"),
    "input_card": (str.strip, bool, "part of another card’s name, for the inputs"),
}
"""Option of a live engine → how it is read, whether it can be used, and what it should be, for people."""


def job_of(setup: Setup) -> Job:
    """Return the engine's job; ValueError with a sentence for a person where the spec is wrong."""
    job, (kind, _, options) = Job(setup.data, record=setup.record), setup.spec.partition(":")
    if kind == LIVE:
        return replace(job, **USUAL | _options(options))
    return replace(job, stems=Path(setup.spec).expanduser() if setup.spec else None)


def _options(text: str) -> dict[str, Any]:
    return dict(_option(part) for part in text.split(",") if part)


def _option(part: str) -> tuple[str, Any]:
    name, _, value = part.partition("=")
    if name not in OPTIONS:
        raise ValueError(f"builtin:live has no option {name!r}; there are {', '.join(OPTIONS)}")
    read, fits, wanted = OPTIONS[name]
    if not fits(read(value)):
        raise ValueError(f"{name} of builtin:live is {wanted}, not {value!r}")
    return name, read(value)

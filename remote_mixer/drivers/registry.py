"""Every driver by its name in `--console NAME=DRIVER:SPEC`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pkgutil import resolve_name

from remote_mixer.desk import paths
from remote_mixer.desk.scenes import ConsoleScene
from remote_mixer.drivers.base import Driver, Setup

DRIVERS: dict[str, str] = {
    "ardour": "remote_mixer.drivers.osc_daw.driver:Ardour",
    "builtin": "remote_mixer.drivers.builtin.driver:Builtin",
    "demo": "remote_mixer.drivers.demo:Demo",
    "house": "remote_mixer.drivers.house:House",
    "mackie": "remote_mixer.drivers.mackie:Mackie",
    "midi": "remote_mixer.drivers.midi_cc:MidiCc",
    "mqtt": "remote_mixer.drivers.mqtt:Mqtt",
    "mqtts": "remote_mixer.drivers.mqtt:Mqtts",
    "remote-mixer": "remote_mixer.drivers.remote:Remote",
    "x32": "remote_mixer.drivers.behringer.driver:X32",
    "xair": "remote_mixer.drivers.behringer.driver:XAir",
}
"""Module and class of each driver. A module is imported when its kind of console is used: all take 0.1 s to load."""

SCENE_FILES = "remote_mixer.drivers.behringer.scene_files:read"
"""Function that reads the files of consoles' own scenes."""

_NICKNAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def begin(name: str, console: str, setup: Setup) -> None:
    """Start the slow work of a console's driver early; errors in its spec are raised by `make`."""
    with suppress(ValueError):
        make(name, console, setup).begin()


async def find() -> list[str]:
    """Return the consoles that answer now, as `DRIVER:SPEC` for `--console`; takes as long as the slowest family."""
    found = await asyncio.gather(*(driver(name).find() for name in DRIVERS))
    return [f"{name}:{spec}" for name, specs in zip(DRIVERS, found, strict=True) for spec in specs]


def driver(name: str) -> type[Driver]:
    """Return the driver class with this name in DRIVERS."""
    found: type[Driver] = resolve_name(DRIVERS[name])
    return found


def read_scene(text: str, consoles: Mapping[str, str]) -> ConsoleScene:
    """Return the scene in a console's own file; ValueError with a sentence for a file of another kind.

    consoles  nickname → spec: the scene is for the first console of the file's family, else for its family's word
    """
    found = resolve_name(SCENE_FILES)(text)
    ours = (name for name, spec in consoles.items() if spec.partition(":")[0] == found.word)
    console = next(ours, found.word)
    values = {paths.join(console, local): value for local, value in found.values.items()}
    return ConsoleScene(console, found.name, found.note, values, found.left_out())


def make(name: str, console: str, setup: Setup) -> Driver:
    """Return the driver for a console `DRIVER:SPEC`; raise ValueError with a sentence for a person."""
    kind, colon, spec = console.partition(":")
    if not _NICKNAME.fullmatch(name):
        raise ValueError(f"a console's nickname is small letters, digits, - and _ (at most 32), not “{name}”")
    if not colon or kind not in DRIVERS:
        raise ValueError(f"“{console}” names no console: write one of {', '.join(f'{kind}:' for kind in DRIVERS)}")
    return driver(kind)(replace(setup, spec=spec))

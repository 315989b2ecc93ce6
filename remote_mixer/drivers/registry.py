"""Every driver by the word that stands for it in `--console NAME=DRIVER:SPEC`."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from remote_mixer.drivers.base import Driver, Setup
from remote_mixer.drivers.behringer.driver import X32, XAir
from remote_mixer.drivers.builtin import Builtin
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.mackie import Mackie
from remote_mixer.drivers.midi_cc import MidiCc

DRIVERS: dict[str, type[Driver]] = {
    "builtin": Builtin,
    "demo": Demo,
    "mackie": Mackie,
    "midi": MidiCc,
    "x32": X32,
    "xair": XAir,
}

_NICKNAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


async def find() -> list[str]:
    """Return what answers here and now, as `DRIVER:SPEC` for `--console`; takes as long as the slowest family."""
    found = await asyncio.gather(*(driver.find() for driver in DRIVERS.values()))
    return [f"{word}:{spec}" for word, specs in zip(DRIVERS, found, strict=True) for spec in specs]


def make(name: str, console: str, setup: Setup) -> Driver:
    """Return the driver for a console `DRIVER:SPEC`; raise ValueError with a sentence for a person."""
    word, colon, spec = console.partition(":")
    if not _NICKNAME.fullmatch(name):
        raise ValueError(f"a console's nickname is small letters, digits, - and _ (at most 32), not “{name}”")
    if not colon or word not in DRIVERS:
        raise ValueError(f"“{console}” names no console: write one of {', '.join(f'{word}:' for word in DRIVERS)}")
    return DRIVERS[word](replace(setup, spec=spec))

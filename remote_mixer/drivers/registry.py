"""Every driver by the word that stands for it in `--console NAME=DRIVER:SPEC`."""

from __future__ import annotations

import re

from remote_mixer.drivers.base import Driver
from remote_mixer.drivers.demo import Demo

DRIVERS: dict[str, type[Driver]] = {
    "demo": Demo,
}

_NICKNAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def parse(console: str) -> tuple[str, str, str]:
    """Split `NAME=DRIVER:SPEC` into its three parts; raise ValueError with a sentence for a person."""
    name, equals, rest = console.partition("=")
    driver, colon, spec = rest.partition(":")
    if not equals or not colon:
        raise ValueError(f"a console is written NAME=DRIVER:SPEC, as band=builtin: — not “{console}”")
    if not _NICKNAME.fullmatch(name):
        raise ValueError(f"a console's nickname is small letters, digits, - and _ (at most 32), not “{name}”")
    if driver not in DRIVERS:
        raise ValueError(f"there is no driver “{driver}”: choose one of {', '.join(sorted(DRIVERS))}")
    return name, driver, spec

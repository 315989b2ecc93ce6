"""The text form of the console's values, as its scene files have them: `/ch/01/mix ON -10.0 ON +0 OFF   -oo`."""

from __future__ import annotations

import re

from remote_mixer.simulator.console import Console
from remote_mixer.simulator.kinds import Value
from remote_mixer.simulator.osc import Message

_TOKEN = re.compile(r'"([^"]*)"|(\S+)')


def line(console: Console, path: str) -> str | None:
    """Return the line of a node or of one value, ended; None where nothing is. The path needs no leading slash."""
    address = _address(path.strip())
    leaves = console.model.leaves
    below = (address,) if address in leaves else console.model.nodes.get(address)
    if not below:
        return None
    return " ".join((address, *(leaves[one].kind.text(console.values[one]) for one in below))) + "\n"


def apply(console: Console, text: str) -> list[Message]:
    """Set what a line says, from the node's first value on; what it cannot read is left as it is."""
    path, _, rest = text.strip().partition(" ")
    address = _address(path)
    leaves = console.model.leaves
    below = (address,) if address in leaves else console.model.nodes.get(address, ())
    tokens = [quoted or bare for quoted, bare in _TOKEN.findall(rest)]
    wanted: dict[str, Value | None] = {
        one: leaves[one].kind.read(token) for one, token in zip(below, tokens, strict=False) if not leaves[one].fixed
    }
    return [Message(one, (value,)) for one, value in console.put(wanted).items()]


def _address(path: str) -> str:
    return "/" + path.removeprefix("/")

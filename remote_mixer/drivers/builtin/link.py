"""Stereo links of the built-in engine: an odd channel and the next, in step in all but what is each side's own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value

OWN = frozenset({"name", "color", "source", "polarity", "pan", "link"})
"""Last segments of params that are not in step: each side's cable, its place between left and right, and the link."""
CENTRE, APART = 0.5, (0.0, 1.0)  # pans as positions
CHANNEL = re.compile(r"ch(\d+)")


def in_step(values: Mapping[str, Value], path: str, value: Value) -> dict[str, Value]:
    """Return what else changes when a param is set: the same one of the channel that is linked.

    A link that is made brings the even channel to the odd one's values, and takes pans apart that both stand at the
    centre; one that is taken off leaves all where it is.

    values  of the console, by full path, as they stood before
    """
    console, strip, param = paths.parse(path)
    found = CHANNEL.fullmatch(strip)
    if not found:
        return {}
    number = int(found[1])
    other = number + 1 if number % 2 else number - 1
    if param == "link":
        return {paths.join(console, f"ch{other}/link"): value, **(_begun(values, console, number) if value else {})}
    linked = values.get(paths.join(console, f"ch{number}/link")) is True
    return {paths.join(console, f"ch{other}/{param}"): value} if linked and _is_shared(param) else {}


def _is_shared(param: str) -> bool:
    return paths.segments(param)[-1] not in OWN


def _begun(values: Mapping[str, Value], console: str, number: int) -> dict[str, Value]:
    """Return what a link that is made changes."""
    odd = number - 1 + number % 2
    params = [param for _, strip, param in map(paths.parse, values) if strip == f"ch{odd}"]
    begun: dict[str, Value] = {}
    for param in params:
        left, right = (paths.join(console, f"ch{side}", param) for side in (odd, odd + 1))
        if _is_shared(param):
            begun[right] = values[left]
        elif paths.segments(param)[-1] == "pan" and values[left] == values.get(right) == CENTRE:
            begun |= {left: APART[0], right: APART[1]}
    return begun

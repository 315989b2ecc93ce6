"""Laws of the positions in a scene, kept with it: what its numbers mean where their console is gone, or another one.

Most controls of a kind have one law, so it is kept once for `foh/ch*/fader`; a path with a law of its own is named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.desk.readings import Control
from remote_mixer.desk.tapers import Taper

Laws = Mapping[str, Taper]
"""Path, or path with a star for each number → law of the position there."""
MOST_LAWS, MOST_POINTS, MOST_UNIT = 1_000, 1_000, 20
GREATEST = 1e15
"""Bound of the numbers in a law, and in a scene: all that is shown or computed of one is a number again."""

LAW_TEXT = "“laws” is a list of laws, each with “unit”, “points” that rise from 0 to 1, “off_at_zero” and “of”"

_NUMBER = re.compile(r"\d+")


def starred(path: str) -> str:
    """Return a path with a star for each number."""
    strip = paths.strip_of(path)
    return _starred(strip) + _starred(path[len(strip) :])


@lru_cache(maxsize=8192)
def _starred(part: str) -> str:
    """Return a strip, or a param below one, in that form: a console has few of either, and thousands of paths."""
    return _NUMBER.sub("*", part)


def of(laws: Mapping[str, Taper | None]) -> dict[str, Taper]:
    """Return the laws of paths, each once for its kind of control; None is no law."""
    kept: dict[str, Taper] = {}
    for path, law in laws.items():
        if law is None:
            continue
        usual = kept.setdefault(starred(path), law)
        if usual is not law and usual != law:  # of thousands of paths most have the very same law
            kept[path] = law
    return kept


def law_of(path: str, laws: Laws) -> Taper | None:
    """Return the law of a path; None where none is kept."""
    return laws.get(path) or laws.get(starred(path))


def reading(path: str, value: Value, laws: Laws) -> str:
    """Return the text of a value by the laws that are kept; a position without one is a plain number."""
    law = law_of(path, laws)
    if law is None or isinstance(value, bool) or not isinstance(value, int | float):
        return (
            str(value) if isinstance(value, int | float) and not isinstance(value, bool) else Control({}).reading(value)
        )
    return Control({}, law).reading(value)


def as_json(laws: Laws) -> list[dict[str, Any]]:
    """Return the JSON form, in a stable order: each law once, with the paths that it is of."""
    by_law: dict[Taper, list[str]] = defaultdict(list)
    for path in sorted(laws):
        by_law[laws[path]].append(path)
    return [law.as_json() | {"of": of} for law, of in by_law.items()]


def of_json(form: object) -> dict[str, Taper]:
    """Return the laws that `as_json` wrote; ValueError with a sentence for anything else."""
    if not isinstance(form, list) or len(form) > MOST_LAWS:
        raise ValueError(LAW_TEXT)
    try:
        return {path: law for one in form for law in [_law(one)] for path in _paths(one["of"])}
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(LAW_TEXT) from fault


def _law(form: Mapping[str, Any]) -> Taper:
    law = Taper.of_json(form)
    numbers = [number for point in law.points for number in point]
    whole = isinstance(law.unit, str) and isinstance(law.off_at_zero, bool)
    whole = whole and all(abs(number) <= GREATEST for number in numbers)  # a NaN is not
    if not whole or len(law.unit) > MOST_UNIT or len(law.points) > MOST_POINTS:
        raise ValueError("not a law")
    return law


def _paths(form: object) -> list[str]:
    if not isinstance(form, list) or not all(isinstance(one, str) and len(one) <= paths.MOST_LENGTH for one in form):
        raise ValueError("not a list of paths")
    return form

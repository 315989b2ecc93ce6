"""Addresses of params: `/band/ch1/fader`, and by the names of strips `/band/Kick/fader`; patterns of OSC 1.0.

With `/text` behind it an address is the value as people read it. No I/O.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Refusal

TEXT = "text"
SEND = "send"
MOST_WILDCARDS = 4
"""Most wildcards between two slashes: each more could multiply the time of a match."""

_FORBIDDEN = re.compile(r"[\s#*,/?\[\]{}\x00-\x1f]+")
"""Characters that no part of an address has (OSC 1.0, “OSC Address Spaces”)."""
_SPECIAL = re.compile(r"[*?\[{]")
_PIECE = re.compile(r"\*+|\?|\[!?[^\[\]/]+\]|\{[^{}/]*\}|[^*?\[\]{}]+")


class Target(NamedTuple):
    """Param that an address means, and whether as text."""

    path: str
    is_text: bool


class Pattern:
    """Address with or without wildcards: `*`, `?`, `[a-c]`, `[!a]` and `{kick,snare}` match within one part.

    `/` alone means every param.
    """

    def __init__(self, address: str) -> None:
        """Refusal `bad-value` where the pattern is malformed or has too many wildcards."""
        self.address = address
        parts = [_part(part) for part in address.lstrip("/").split("/")]
        self.is_plain = not _SPECIAL.search(address) and any(parts)
        self._form = re.compile("/".join(parts)) if any(parts) else None
        self._slashes = len(parts) - 1

    def matches(self, address: str) -> bool:
        """Whether an address, without its first slash, is meant."""
        if self._form is None:
            return True
        return address.count("/") == self._slashes and self._form.fullmatch(address) is not None


def _part(part: str) -> str:
    """Return the regular expression of one part of a pattern."""
    pieces = _PIECE.findall(part)
    if "".join(pieces) != part or sum(piece[0] in "*?[{" for piece in pieces) > MOST_WILDCARDS:
        raise Refusal(
            Code.BAD_VALUE, f"“{part[:40]}” is no pattern of OSC, or has more than {MOST_WILDCARDS} wildcards."
        )
    return "".join(map(_expression, pieces))


def _expression(piece: str) -> str:
    match piece[0]:
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
        case "[":
            inner = piece[1:-1]
            is_not = inner.startswith("!")
            ends = [re.escape(end) for end in inner.removeprefix("!").split("-")]
            return f"[{'^' * is_not}{'-'.join(ends)}]"
        case "{":
            return f"(?:{'|'.join(map(re.escape, piece[1:-1].split(',')))})"
    return re.escape(piece)


def as_part(name: str) -> str:
    """Return a name as one part of an address: what OSC keeps for itself is `_`."""
    return _FORBIDDEN.sub("_", name.strip())


def names_of(layout: Layout, values: Mapping[str, Value]) -> dict[str, str]:
    """Return strip → the name by which an address may call it, in the layout's order.

    The second strip of a name is `Vox_2`. A strip that has none, or the id of another, is called by its id alone.
    """
    taken = {strip.id for strip in layout.strips}
    found: dict[str, str] = {}
    for strip in layout.strips:
        name = values.get(paths.join(layout.name, strip.id, "name"))
        if isinstance(name, str) and (part := as_part(name)):
            number = next(n for n in range(1, len(taken) + 2) if _numbered(part, n) not in taken)
            found[strip.id] = _numbered(part, number)
            taken.add(found[strip.id])
    return found


def _numbered(part: str, number: int) -> str:
    return part if number == 1 else f"{part}_{number}"


class Addresses:
    """Addresses of all params of some consoles.

    layouts  the consoles, by nickname
    values   the desk's values, by path
    """

    def __init__(self, layouts: Mapping[str, Layout], values: Mapping[str, Value]) -> None:
        self._layouts, self._values = layouts, values

    def find(self, pattern: Pattern) -> list[Target]:
        """Return the params that a pattern means, in the order of consoles and strips; each once."""
        if pattern.is_plain:
            target = self._plain(pattern.address.lstrip("/"))
            return [target] if target else []
        return [target for _, target in self.matching(pattern, self._every())]

    def matching(self, pattern: Pattern, some: Iterable[str]) -> Iterator[tuple[str, Target]]:
        """Yield those of some paths that a pattern means, each with the first of its addresses that fits."""
        names: dict[str, dict[str, str]] = {}
        for path in some:
            console = paths.console_of(path)
            if console not in names:
                names[console] = self._names(console)
            for address, is_text in self._addresses(path, names[console]):
                if pattern.matches(address):
                    yield f"/{address}", Target(path, is_text)
                    break

    def children(self, address: str) -> list[str]:
        """Return the next parts below an address that is no param: consoles, then strips, then params."""
        above = [part for part in address.split("/") if part]
        every = map(paths.segments, self._every())
        return list(dict.fromkeys(s[len(above)] for s in every if s[: len(above)] == above and len(s) > len(above)))

    def _every(self) -> Iterator[str]:
        """Yield the paths of all params that clients see."""
        yield from (path for layout in self._layouts.values() if layout.is_shown for path, _ in layout.paths())

    def _addresses(self, path: str, names: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
        """Yield all addresses of a path, without their first slash, and whether each is of its text."""
        yield path, False
        yield f"{path}/{TEXT}", True
        named = "/".join(_replaced(paths.segments(path), names))
        if named != path:
            yield named, False
            yield f"{named}/{TEXT}", True

    def _names(self, console: str) -> dict[str, str]:
        layout = self._layouts.get(console)
        return names_of(layout, self._values) if layout else {}

    def _plain(self, address: str) -> Target | None:
        """Return the param of an address without wildcards; None where it is none."""
        for is_text in (False, True):
            path = address.removesuffix(f"/{TEXT}") if is_text else address
            if path in self._values:
                return Target(path, is_text)
            parts = paths.segments(path)
            ids = {name: strip for strip, name in self._names(parts[0]).items()}
            by_name = "/".join(_replaced(parts, ids))
            if by_name in self._values:
                return Target(by_name, is_text)
        return None


def _replaced(parts: list[str], names: Mapping[str, str]) -> list[str]:
    """Return the parts with strip, and bus of a send, called otherwise where `names` has them."""
    at = {1, 3} if parts[2:3] == [SEND] else {1}
    return [names.get(part, part) if index in at else part for index, part in enumerate(parts)]

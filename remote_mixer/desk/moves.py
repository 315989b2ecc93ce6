"""Moves: one gesture's effect, with its author, time and cause; and the collection of changes into moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from remote_mixer.desk.change import RECORDED_WHOLE, Cause, Change
from remote_mixer.desk.holds import SERIES_SECONDS
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, CONSOLE, Source
from remote_mixer.desk.times import rfc3339

LONGEST_SECONDS = 60.0
"""Longest move of a console: one that plays automation never rests."""

Span = tuple[Value, Value]
"""Value before a move, and value after it."""


@dataclass(frozen=True, slots=True)
class Author:
    """Person, console or program that made a move.

    kind  client, console or server, as of a Source
    id    identity that outlives links and restarts (`Source.identity`)
    name  name shown to people, as it was at the move
    """

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """One gesture's effect.

    id      rising with time, never given twice
    at      time of the last change, in seconds since 1970
    values  path → (value before, value after)
    of      moves that an undo took back, or that a redo gave back; empty for any other move
    """

    id: int
    at: float
    by: Author
    cause: Cause
    values: Mapping[str, Span]
    of: tuple[int, ...] = ()

    @property
    def roots(self) -> tuple[int, ...]:
        """The moves that this one undoes or redoes, else its own id."""
        return self.of or (self.id,)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object; the time is RFC 3339."""
        by = {"kind": self.by.kind, "id": self.by.id, "name": self.by.name}
        values = {path: list(span) for path, span in self.values.items()}
        whole = {"id": self.id, "at": rfc3339(self.at), "by": by, "cause": self.cause.value, "values": values}
        return whole | {"of": list(self.of)}


@dataclass(frozen=True, slots=True)
class Choice:
    """Choice among moves.

    path   only moves of this param, strip or console; "" for any
    by     only moves of the person or console with this name; "" for any
    since  only moves from this time on, in seconds since 1970
    """

    path: str = ""
    by: str = ""
    since: float = 0.0

    def has(self, move: Move) -> bool:
        """Whether a move is among those that are chosen."""
        concerned = not self.path or any(one == self.path or one.startswith(f"{self.path}/") for one in move.values)
        return concerned and self.by in ("", move.by.name) and move.at >= self.since


ALL_MOVES = Choice()


class Ended(NamedTuple):
    """A gesture that has ended, and will be a move."""

    at: float
    by: Author
    cause: Cause
    values: Mapping[str, Span]


@dataclass(slots=True)
class _Open:
    """A gesture that goes on. `began` and `last` are seconds of the caller's clock."""

    source: Source
    cause: Cause
    at: float
    began: float
    last: float
    values: dict[str, Span] = field(default_factory=dict)

    def is_held(self, holds: Mapping[str, str]) -> bool:
        """Whether a finger of its own is on one of its params."""
        return self.source.kind == CLIENT and any(holds.get(path) == self.source.id for path in self.values)

    def due(self) -> float:
        """Return when it ends, unless it goes on or is held."""
        rest = self.last + SERIES_SECONDS
        return rest if self.source.kind == CLIENT else min(rest, self.began + LONGEST_SECONDS)


def author_of(source: Source) -> Author:
    """Return the author of a source's moves."""
    return Author(source.kind, source.identity, source.name or source.id)


class OpenMoves:
    """Gestures that go on. Callers give the time `now`, in seconds of a clock that never goes back.

    is_setting  whether a param can be set, and is no position in the music: only such ones are kept
    """

    def __init__(self, is_setting: Callable[[str], bool]) -> None:
        self._is_setting = is_setting
        self._open: dict[tuple[str, str, int], _Open] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def note(self, change: Change, now: float) -> None:
        """Add a change to its gesture; a console's or the program's own changes are one gesture until they rest.

        A console's value that was unknown before is no move: it is read, or heard for the first time.
        """
        if change.cause in RECORDED_WHOLE:
            return
        source = change.source
        key = (source.kind, source.identity, change.gesture if source.kind == CLIENT else 0)
        move = self._open.get(key)
        if move is None:
            move = _Open(source, change.cause, change.at, now, now)
        values = move.values
        for path, after in change.after.items():
            if path in values:
                values[path] = (values[path][0], after)
            elif self._is_setting(path) and (source.kind != CONSOLE or change.before[path] is not None):
                values[path] = (change.before[path], after)
        if values:
            move.at, move.last = change.at, now
            self._open[key] = move

    def ended(self, now: float, holds: Mapping[str, str]) -> list[Ended]:
        """Return, and forget, the gestures that have ended by now; `holds` is path → client."""
        return self._take(lambda move: move.due() <= now and not move.is_held(holds))

    def released(self, path: str, holds: Mapping[str, str]) -> list[Ended]:
        """Return, and forget, the gestures that ended with a hold on this path."""
        return self._take(lambda move: path in move.values and move.source.kind == CLIENT and not move.is_held(holds))

    def closed(self, author: str | None = None) -> list[Ended]:
        """Return, and forget, the gestures of one author's identity, or all."""
        return self._take(lambda move: author in (None, move.source.identity))

    def due(self, holds: Mapping[str, str]) -> float | None:
        """Return when the next gesture ends, None while none can end by itself."""
        return min((move.due() for move in self._open.values() if not move.is_held(holds)), default=None)

    def _take(self, is_over: Callable[[_Open], bool]) -> list[Ended]:
        over = [key for key, move in self._open.items() if is_over(move)]
        return list(_ended(self._open.pop(key) for key in over))


def _ended(moves: Iterator[_Open]) -> Iterator[Ended]:
    """Give the moves that changed something: a gesture that ends where it began is none."""
    for move in moves:
        values = {path: span for path, span in move.values.items() if span[0] != span[1]}
        if values:
            yield Ended(move.at, author_of(move.source), move.cause, values)

"""Drags of values that the desk does not know: remembered or unknown ones.

Each waits for its console's own value and begins there, so that nothing leaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source

FLICK_SECONDS = 2.0
"""Longest time that the travel of a hand which has let go meanwhile waits for the console."""


class Rebase(NamedTuple):
    """Start of a drag that has waited.

    hand   who drags, or has dragged
    holds  whether the hand is still on the control
    value  the console's own value, from which the hand counts now
    moved  position to set now, with the hand's travel up to here; None where that would be a leap
    """

    hand: Source
    holds: bool
    value: float
    moved: float | None


@dataclass(slots=True)
class _Drag:
    hand: Source
    base: float  # the position that the hand saw when it landed
    wanted: float  # its newest position
    shift: float | None = None  # from the hand's positions to the console's; None while it waits
    ends: float | None = None  # latest time for the travel of a hand that has let go


class Drags:
    """Path → the drag that waits for its value, or whose hand still counts from the one that it saw first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._drags: dict[str, _Drag] = {}

    def __bool__(self) -> bool:
        return bool(self._drags)

    def __iter__(self) -> Iterator[str]:
        return iter(self._drags)

    def begin(self, path: str, hand: Source, seen: Value) -> None:
        """Let the drag of a hand wait that sees `seen`; pages draw an unknown fader at 0."""
        base = seen if isinstance(seen, float) else 0.0
        self._drags[path] = _Drag(hand, base, base)

    def shifted(self, values: Mapping[str, Value], client: str) -> dict[str, Value]:
        """Return what a client's values mean for the console; those that have to wait are noted and left out."""
        out: dict[str, Value] = {}
        for path, value in values.items():
            drag = self._drags.get(path)
            if drag is None or drag.hand.id != client or isinstance(value, bool) or not isinstance(value, int | float):
                out[path] = value
            elif drag.shift is not None:
                out[path] = _inside(value + drag.shift)
            else:
                drag.wanted = _inside(value)
        return out

    def start(self, path: str, value: float, same: Callable[[Value, Value], bool]) -> Rebase | None:
        """Begin a waiting drag at the console's own value; None where nothing waited for it.

        same  the param's own: where the hand saw this very value when it landed, all of its travel counts
        """
        drag = self._drags.get(path)
        if drag is None or drag.shift is not None:
            return None
        travel = drag.wanted - drag.base
        if drag.ends is not None:
            del self._drags[path]
            late = self._clock() > drag.ends
            return None if late or not travel else Rebase(drag.hand, False, value, _inside(value + travel))
        if same(drag.base, value):
            del self._drags[path]
            return Rebase(drag.hand, True, value, drag.wanted) if travel else None
        drag.shift = value - drag.wanted
        return Rebase(drag.hand, True, value, None)

    def rebased(self, path: str, client: str) -> None:
        """Note that a hand counts from the console's value now."""
        drag = self._drags.get(path)
        if drag and drag.hand.id == client and drag.shift is not None:
            del self._drags[path]

    def release(self, path: str) -> None:
        """End a drag; the travel of one that still waits is kept for FLICK_SECONDS."""
        drag = self._drags.get(path)
        if drag and drag.shift is None and drag.wanted != drag.base:
            drag.ends = self._clock() + FLICK_SECONDS
        else:
            self.forget(path)

    def forget(self, path: str) -> None:
        """Drop a drag, its travel too."""
        self._drags.pop(path, None)


def _inside(position: float) -> float:
    return min(1.0, max(0.0, position))

"""Journal of changed paths, for clients that return. Bounded: it holds each path once, at its last change."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile


class Journal:
    """Path → revision of its last change, the newest last."""

    def __init__(self) -> None:
        self._revs: dict[str, int] = {}
        self._floor = 0

    def note(self, paths: Iterable[str], rev: int) -> None:
        """Record that these paths changed at this revision."""
        for path in paths:
            self._revs.pop(path, None)
            self._revs[path] = rev

    def restart(self, rev: int) -> None:
        """Forget all changes before this revision: an older client needs a full snapshot."""
        self._revs.clear()
        self._floor = rev

    def since(self, rev: int) -> list[str] | None:
        """Return the paths changed after a revision, or None when the journal does not go back that far."""
        if rev < self._floor:
            return None
        return [path for path, _ in takewhile(lambda item: item[1] > rev, reversed(self._revs.items()))]

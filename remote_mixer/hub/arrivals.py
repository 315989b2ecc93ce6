"""Arrivals of an order's values at their consoles: when the next stage may begin, and which values were not taken.

A value is at its console once that has confirmed it, or once it has left, where the console cannot confirm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import ONLINE
from remote_mixer.hub.glides import Work

CONFIRM_SECONDS = 0.3
"""Longest wait of a stage for the confirmation of the one before."""
LEAVE_SECONDS = 1.0
"""The same while values wait to leave for the console, a hand's among them: some of the stage before may be there."""
KNOWN_SECONDS = 6.0
"""Longest wait of a recall's end for confirmations: drivers give a value up after five, and ask what stands there."""
PATIENCE_SECONDS = 10.0
"""Time for which what is left waits for a console that is offline or being read."""

OTHER_TEXT = "The console has another value: it did not take this one, or somebody has moved it there."
UNCONFIRMED_TEXT = "The console has not confirmed it."
GONE_TEXT = "The console “{}” is offline."

UnderWay = Callable[[str], tuple[int, Collection[str], int]]
"""Takes a console's nickname; returns how many of its values wait to leave, the paths not confirmed yet, those that
wait to leave among them, and how many more values may leave now."""


class Arrivals:
    """Look at what was set and is not known to be at its console."""

    def __init__(self, desk: Desk, under_way: UnderWay) -> None:
        self._desk, self._under_way = desk, under_way

    def are_there(self, work: Work) -> bool:
        """Whether all that was set is at its console, or its confirmation takes too long for the next stage to wait."""
        for console, some in _by_console(work.unseen).items():
            waiting, unconfirmed, _ = self._under_way(console)
            most = LEAVE_SECONDS if waiting else CONFIRM_SECONDS
            if work.waited <= most and not some.isdisjoint(unconfirmed):
                return False
        self.look(work)
        work.doubtful |= work.unseen
        work.unseen.clear()
        return True

    def are_known(self, work: Work) -> bool:
        """Whether it is known of all that a recall has set whether its console has it; what it has not is named."""
        if work.order.cause is not Cause.RECALL:
            return True
        self.look(work)
        gone = {console for console in map(paths.console_of, work.doubtful) if not self._is_online(console)}
        if work.doubtful and work.waited <= (PATIENCE_SECONDS if gone else KNOWN_SECONDS):
            return False
        for path in work.doubtful:
            console = paths.console_of(path)
            work.lost.setdefault(path, GONE_TEXT.format(console) if console in gone else UNCONFIRMED_TEXT)
        work.doubtful.clear()
        return True

    def look(self, work: Work) -> None:
        """Forget what consoles have confirmed since the last look; what they have at another value they did not take.

        Called often: what a console moves later is somebody's move there.
        """
        for console, some in _by_console(work.unseen | work.doubtful).items():
            if not self._is_online(console):
                continue
            unconfirmed = self._under_way(console)[1]
            for path in [path for path in some if path not in unconfirmed]:
                work.forget(path)
                if not self._has(path, work):
                    work.lost.setdefault(path, OTHER_TEXT)
                elif work.lost.get(path) == OTHER_TEXT:  # a stage before
                    del work.lost[path]

    def _has(self, path: str, work: Work) -> bool:
        """Whether a param stands where a recall has set it; other orders make nothing of it."""
        if work.order.cause is not Cause.RECALL:
            return True
        present = self._desk.values.get(path)
        return present is not None and self._desk.param(path).same(present, work.values[path][1])

    def _is_online(self, console: str) -> bool:
        return self._desk.values.get(paths.status(console)) == ONLINE


def _by_console(some: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in some:
        found[paths.console_of(path)].add(path)
    return found

"""Newest value per path, waiting to leave for a console at the console's pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from remote_mixer.desk.params import Value

CallLater = Callable[[float, Callable[[], None]], object]


class Outbox:
    """Hands values on at once when idle, else one by one at the pace, the last value of each path always.

    send        takes (path, value); never waits, never raises
    pace        path → least time in seconds before the next value; 0 hands on at once
    call_later  the loop's, in seconds
    """

    def __init__(self, send: Callable[[str, Value], None], pace: Callable[[str], float], call_later: CallLater) -> None:
        self._send = send
        self._pace = pace
        self._call_later = call_later
        self._waiting: dict[str, Value] = {}
        self._resting = False

    def put(self, values: Mapping[str, Value]) -> None:
        """Take values in; an older one of the same path is forgotten and the newer leaves in its turn."""
        self._waiting |= values
        if not self._resting:
            self._hand_on()

    def clear(self) -> None:
        """Forget what waits: nothing stale reaches a console that comes back."""
        self._waiting.clear()

    def _hand_on(self) -> None:
        self._resting = False
        while self._waiting and not self._resting:
            path = next(iter(self._waiting))
            self._send(path, self._waiting.pop(path))
            pause = self._pace(path)
            if pause:
                self._resting = True
                self._call_later(pause, self._hand_on)

"""Steps of fades that have left lately: what a console tells beside them is a hand's there, which ends the fade."""

from __future__ import annotations

from collections import defaultdict, deque

from remote_mixer.desk.params import Value

LATELY_SECONDS = 0.5
MOST_STEPS = 32
NEAR = 1e-4
"""Difference of what was written and read again as a number."""


class Steps:
    """The last steps of each path, for a far end that tells each change of its own and of ours."""

    def __init__(self) -> None:
        self._steps: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_STEPS))
        self._left_at: dict[str, float] = {}

    def left(self, path: str, value: Value, now: float) -> None:
        """Record that a step leaves; those of a former fade are forgotten."""
        if now - self._left_at.get(path, now) > LATELY_SECONDS:
            self._steps[path].clear()
        self._left_at[path] = now
        if isinstance(value, float):
            self._steps[path].append(value)

    def is_hand(self, path: str, value: Value, now: float) -> bool:
        """Whether a value is none of the steps of a fade that is under way."""
        if path not in self._left_at or now - self._left_at[path] > LATELY_SECONDS:
            return False
        return isinstance(value, float) and not any(abs(value - step) < NEAR for step in self._steps[path])

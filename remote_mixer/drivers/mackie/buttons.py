"""Buttons that toggle: pressed only where the light is not as wanted, and believed only when the light says so."""

from __future__ import annotations

from collections.abc import Callable

Key = tuple[int, str]
"""A strip of the surface (−1 for none) and its light."""
LIGHT_SECONDS = 0.6
"""How long a DAW may take to answer a press with its light."""


class Buttons:
    """What has been pressed and not answered yet.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._expected: dict[Key, tuple[bool, float]] = {}

    def needs_press(self, key: Key, lit: bool | None, wanted: bool) -> bool:
        """Tell whether to press; a light that is not known, or was pressed a moment ago, is no reason not to."""
        coming = self._expected[key][0] if key in self._expected else lit
        self._expected[key] = (wanted, self._clock() + LIGHT_SECONDS)
        return coming is not wanted

    @property
    def busy(self) -> bool:
        """Whether any press is not answered yet."""
        return bool(self._expected)

    def waits(self, key: Key) -> bool:
        """Tell whether a press is not answered yet."""
        return key in self._expected

    def heard(self, key: Key, lit: bool | None) -> None:
        """Take a light: the last press is answered when it is as wanted."""
        if key in self._expected and self._expected[key][0] is lit:
            del self._expected[key]

    def overdue(self) -> set[Key]:
        """Return, once, whose light never came as wanted: it shows the truth."""
        now = self._clock()
        late = {key for key, (_, until) in self._expected.items() if until <= now}
        for key in late:
            del self._expected[key]
        return late

    def clear(self) -> None:
        """Forget them all."""
        self._expected.clear()

"""Whose finger is on which fader: touch before moving, release after, and no fight with the DAW's own motors."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Protocol

PAUSE_SECONDS = 0.3
"""From the last move without a finger to the release."""
LIFT_SECONDS = 0.05
"""From a finger's leaving to the release: its last value may still be on its way here."""
DEAF_SECONDS = 0.2
"""After the release, in which a DAW may still answer to moves that are over."""


class TouchNote(Protocol):
    """Says that a finger has landed on a fader, or left it."""

    def __call__(self, fader: int, *, down: bool) -> None:
        """Say it."""


class Touch:
    """The faders of a surface by number.

    note   told of a finger that the DAW shall hear of
    clock  seconds
    """

    def __init__(self, note: TouchNote, clock: Callable[[], float]) -> None:
        self._note = note
        self._clock = clock
        self._fingers: set[int] = set()
        self._release_at: dict[int, float] = {}  # by touched fader; ∞ while a finger is there
        self._deaf_until: dict[int, float] = {}
        self._unheard: dict[int, int] = {}

    def is_down(self, fader: int) -> bool:
        """Tell whether the DAW takes this fader for touched."""
        return fader in self._release_at

    def land(self, fader: int) -> None:
        """Put a finger on."""
        self._fingers.add(fader)
        self._touch(fader, inf)

    def lift(self, fader: int) -> None:
        """Take the finger off."""
        self._fingers.discard(fader)
        if fader in self._release_at:
            self._release_at[fader] = self._clock() + LIFT_SECONDS

    def move(self, fader: int) -> None:
        """Note that a value is about to leave: what the DAW said before it is out of date."""
        self._touch(fader, inf if fader in self._fingers else self._clock() + PAUSE_SECONDS)
        self._unheard.pop(fader, None)

    def _touch(self, fader: int, release_at: float) -> None:
        if fader not in self._release_at:
            self._note(fader, down=True)
        self._release_at[fader] = release_at
        self._deaf_until[fader] = inf

    def takes(self, fader: int, value: int) -> bool:
        """Tell whether what the DAW says counts at once; if not, the last of it counts when the quiet time is over."""
        if fader not in self._deaf_until:
            return True
        self._unheard[fader] = value
        return False

    def is_deaf(self, fader: int) -> bool:
        """Tell whether what the DAW says of a fader does not count yet."""
        return fader in self._deaf_until

    def tend(self) -> dict[int, int | None]:
        """Release what is due; return the faders that are listened to again, with the DAW's last word if any."""
        now = self._clock()
        for fader in [fader for fader, at in self._release_at.items() if at <= now]:
            self._release(fader, now)
        over = [fader for fader, until in self._deaf_until.items() if until <= now]
        for fader in over:
            del self._deaf_until[fader]
        return {fader: self._unheard.pop(fader, None) for fader in over}

    def release_all(self) -> None:
        """Let go of everything, as before a bank moves or a link closes."""
        self._fingers.clear()
        for fader in list(self._release_at):
            self._release(fader, self._clock())

    def _release(self, fader: int, now: float) -> None:
        del self._release_at[fader]
        self._deaf_until[fader] = now + DEAF_SECONDS
        self._note(fader, down=False)

"""Pick-up: a fader without a motor moves a param only from where the two have met, so that nothing leaps. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from remote_mixer.desk.refusal import Refusal
from remote_mixer.surfaces.hand import Hand
from remote_mixer.surfaces.motor_fader import REST_SECONDS

GHOST_SECONDS = 5.0
"""Time for which a ghost stays where its fader rests."""
PACE_SECONDS = 0.05
"""Least time between two places of a ghost."""

GhostListener = Callable[[str, float | None], None]
"""Called with a path, and where a fader stands that has not picked it up yet; None where it stands no more."""


class PickUp:
    """One fader or knob with two ends.

    step      its own least step (0–1)
    on_ghost  called as it moves without the param, and once it has picked it up
    """

    def __init__(self, hand: Hand, clock: Callable[[], float], step: float, on_ghost: GhostListener) -> None:
        self._hand, self._clock, self._step, self._on_ghost = hand, clock, step, on_ghost
        self.path = ""
        self._at: float | None = None
        self._set: float | None = None
        self._moved_at = 0.0
        self._holds = False
        self._ghost: float | None = None
        self._shown: float | None = None
        self._shown_at = -inf

    def assign(self, path: str) -> None:
        """Move another param from now on, "" for none: it has to be picked up first."""
        if path != self.path:
            self.let_go()
            self.path, self._set = path, None

    def lost(self) -> None:
        """Wait to pick it up again: another hand has the param, or its console has gone."""
        self._holds, self._set = False, None

    def rebased(self, position: float) -> None:
        """Wait to pick up the console's own position."""
        self._set = None

    def move(self, position: float) -> Refusal | None:
        """Take where the fader stands now (0–1); return the refusal of the desk, if any."""
        former, self._at, self._moved_at = self._at, position, self._clock()
        present = self._hand.position(self.path) if self.path else None
        if present is None or not self._has(present, former, position):
            self._show_ghost(position if present is not None else None)
            return None
        self._show_ghost(None)
        refusal = None if self._holds else self._hand.hold(self.path, self)
        self._holds = refusal is None
        refusal = refusal or self._hand.move(self.path, position)
        self._set = None if refusal else self._hand.position(self.path)
        return refusal

    def _has(self, present: float, former: float | None, position: float) -> bool:
        """Whether the fader has the param already, or meets it with this move."""
        if self._set is not None and present == self._set:
            return True
        ends = position if former is None else former, position
        return min(ends) - self._step / 2 <= present <= max(ends) + self._step / 2

    def _show_ghost(self, position: float | None) -> None:
        """Show where the fader stands, at a pace that pages take; show at once that it stands nowhere."""
        self._ghost = position
        due = position is None or self._clock() - self._shown_at >= PACE_SECONDS
        if due and position != self._shown:
            self._shown, self._shown_at = position, self._clock()
            self._on_ghost(self.path, position)

    def tick(self) -> None:
        """End the hold of a fader that has rested, and later its ghost."""
        rested = self._clock() - self._moved_at
        if rested >= REST_SECONDS:
            self._end_hold()
        self._show_ghost(None if rested >= GHOST_SECONDS else self._ghost)

    def let_go(self) -> None:
        """End the hold, and show no ghost."""
        self._end_hold()
        self._show_ghost(None)

    def _end_hold(self) -> None:
        if self._holds:
            self._holds = False
            self._hand.release(self.path, self)

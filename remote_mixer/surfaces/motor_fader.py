"""Motor fader: follows the desk while nobody touches it, and moves the desk while somebody does. No I/O.

A move is the travel from where the fader really stands: where that is not the desk's own place, because a motor was
still on its way, the difference stays for this touch, and nothing leaps.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.midi.mackie import FADER_STEPS
from remote_mixer.surfaces.hand import Hand

REST_SECONDS = 0.3
"""Time after a touch before the motor moves: a finger that lifts and lands again finds the fader where it was."""
TRAVEL_SECONDS = 0.5
"""Longest time of a motor on its way; until then nobody knows where its fader stands."""
REPEAT_SECONDS = 0.7
"""Time after which a motor is sent to its place once more: no unit answers, and the first message may be lost."""
PROLONG_SECONDS = 3.0
STEP = 1 / (FADER_STEPS - 1)
NEAR = 1.01 * STEP
"""Difference below which two positions are one to a fader."""


class MotorFader:
    """One fader.

    drive      sends the motor to a position (0–1)
    refused    called with each refusal
    has_touch  whether it notices a finger; where it does not, a move is a touch, until it has rested
    """

    def __init__(
        self,
        hand: Hand,
        clock: Callable[[], float],
        drive: Callable[[float], None],
        refused: Callable[[Refusal], None] = lambda _: None,
        *,
        has_touch: bool = True,
    ) -> None:
        self._hand, self._clock, self._drive, self._refused = hand, clock, drive, refused
        self._has_touch = has_touch
        self.path = ""
        self._next_path = ""
        self.touched = False
        self.lifted_at = -inf
        self._at = 0.0
        self._way = (0.0, 0.0)
        self._driven_at = -inf
        self._rests_at = -inf
        self._repeats_at = inf
        self._is_stale = True
        self._moved_at = -inf
        self._holds = False
        self._held_at = -inf
        self._anchor: float | None = None
        self._base: float | None = None
        self._limited: float | None = None

    # The desk's side

    def assign(self, path: str) -> None:
        """Move another param from now on, "" for none; under a finger only once it has lifted."""
        self._next_path = path
        if not self.touched:
            self.path = path

    def repaint(self) -> None:
        """Send the motor to its place again, wherever it stands."""
        self._is_stale = True

    def lost(self) -> None:
        """Move nothing until the next touch: another hand has the param, or its console has gone."""
        self._holds = False

    def rebased(self, position: float) -> None:
        """Count from the console's own position, from where the fader stands."""
        self._base, self._anchor = position, self._at

    def tick(self) -> None:
        """Do what is due by now; about fifty times a second."""
        now = self._clock()
        if self.touched and not self._has_touch and now - self._moved_at >= REST_SECONDS:
            self.release()
        if self.touched:
            self._keep_hold(now)
        elif now >= self._rests_at:
            self._follow(now)

    def _follow(self, now: float) -> None:
        target = self._hand.position(self.path) if self.path else 0.0
        is_there = not self._is_stale and target is not None and self._is_at(target)
        if target is None or (is_there and now < self._repeats_at):
            return
        self._repeats_at = inf if is_there else now + REPEAT_SECONDS
        if not is_there:
            self._way = min(self._at, target), max(self._at, target)
            self._at, self._driven_at, self._is_stale = target, now, False
        self._drive(target)

    # The finger's side

    def touch(self, *, take: bool = False) -> None:
        """Begin a touch; `take` takes the param over from another hand."""
        now = self._clock()
        arrived = now - self._driven_at >= TRAVEL_SECONDS
        self.touched, self._is_stale, self._limited = True, True, None
        self._anchor = self._at if arrived else None
        self._base = self._hand.position(self.path)
        self._held_at, self._holds = now, False
        if self.path:
            self._holds = self._may(self._hand.hold(self.path, self, take=take))

    def move(self, position: float) -> None:
        """Take where the fader stands now (0–1)."""
        now = self._clock()
        if not self.touched and self._is_on_its_way(position, now):
            if not self._is_at(position):  # where it comes to rest it is sent on from
                self._at, self._is_stale, self._rests_at = position, True, now + TRAVEL_SECONDS
            return
        if not self.touched and not self._has_touch:
            self.touch()
        self._at, self._moved_at = position, now
        if self.touched:
            self._travel(position)
        else:  # no finger moved it
            self._is_stale, self._rests_at = True, now + REST_SECONDS

    def release(self) -> None:
        """End a touch."""
        if not self.touched:
            return
        self.touched, self._holds, self._limited = False, False, None
        self._hand.release(self.path, self)
        self.lifted_at = self._clock()
        self._rests_at = self.lifted_at + REST_SECONDS
        self.path = self._next_path

    def _is_on_its_way(self, position: float, now: float) -> bool:
        """Whether a motor reports its own travel, or its end."""
        if self._is_at(position):
            return True
        low, high = self._way
        return now - self._driven_at < TRAVEL_SECONDS and low - NEAR <= position <= high + NEAR

    def _is_at(self, position: float) -> bool:
        return round(position / STEP) == round(self._at / STEP)

    def _travel(self, position: float) -> None:
        if self._anchor is None:  # nobody knew where it stood: its first position is where the move begins
            self._anchor = position
        if self._holds:
            self._push(self._meant(position, self._anchor))

    def _meant(self, position: float, anchor: float) -> float:
        """Return the position that is meant by where the fader stands."""
        if self._base is None or abs(self._base - anchor) <= NEAR:
            return position
        return min(max(self._base + position - anchor, 0.0), 1.0)

    def _push(self, wanted: float) -> None:
        refusal = self._hand.move(self.path, wanted)
        is_limit = refusal is not None and refusal.code is Code.LIMIT
        self._limited = wanted if is_limit else None
        self._holds = self._may(refusal) or is_limit

    def _may(self, refusal: Refusal | None) -> bool:
        if refusal:
            self._refused(refusal)
        return refusal is None

    def _keep_hold(self, now: float) -> None:
        """Prolong the hold, and rise as fast as a limit allows."""
        if not self._holds:
            return
        if now - self._held_at >= PROLONG_SECONDS:
            self._held_at = now
            self._holds = self._may(self._hand.hold(self.path, self))
        if self._limited is not None:
            self._push(self._limited)

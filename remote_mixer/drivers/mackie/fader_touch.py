"""Touch of faders as the DAW sees it, and the moves that it has not echoed yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from typing import Protocol

PAUSE_SECONDS = 0.3
"""Time from the last move without a finger to the release."""
LIFT_SECONDS = 0.05
"""Time from a finger's lift to the release: its last value may still be on its way here."""
IGNORE_SECONDS = 0.2
"""Time after the release in which a DAW may still answer earlier moves; where its echo is known to be quicker, twice
that echo's time, and at least SHORT_SECONDS."""
SHORT_SECONDS = 0.05
ECHO_STEPS = 2
"""Difference to the sent step (of 1,024) that still counts as its echo once it was sent again: a DAW may keep coarser
values. At first an echo beside the step may be that of an earlier move."""
BESIDE_STEPS = ECHO_STEPS + 1
"""Difference at which a fader is moved beside its place before a move is sent again: an echo of that is none of the
move, which may be lost once more."""
ECHO_SECONDS = 0.25
"""Time without an echo after which a move counts as lost, for a DAW that echoes at once; see `FaderTouch.lost`."""
MOST_ECHO_SECONDS = 0.5
"""The same for a slow DAW: a lost move, whose echo is late by its repair, does not let the next one wait for longer."""
MOST_SENDS = 8
"""Times that one move is sent, for two seconds at the least; then the DAW's own value counts."""


@dataclass
class _Move:
    """The last move of a fader, until the DAW has echoed it."""

    step: int
    first_at: float
    at: float
    sends: int = 1


class TouchNote(Protocol):
    """A function that sends touch or release of a fader."""

    def __call__(self, fader: int, *, down: bool) -> None:
        """Send it."""


class FaderTouch:
    """Touch state of a surface's faders: touch before a move, release after it, no fight with the DAW's motors.

    note   called with each touch and release for the DAW
    clock  seconds
    """

    def __init__(self, note: TouchNote, clock: Callable[[], float]) -> None:
        self._note = note
        self._clock = clock
        self._fingers: set[int] = set()
        self._release_at: dict[int, float] = {}  # by touched fader; ∞ while a finger is there
        self._ignore_until: dict[int, float] = {}
        self._ignored: dict[int, int] = {}
        self._moves: dict[int, _Move] = {}
        self._echo_seconds: float | None = None
        self.arrived: set[int] = set()
        """Faders whose last move the DAW has echoed."""

    @property
    def echoes(self) -> bool:
        """Whether this DAW is known to echo moves, so that a missing echo is news."""
        return self._echo_seconds is not None

    def is_down(self, fader: int) -> bool:
        """Return whether the fader is touched, as seen by the DAW."""
        return fader in self._release_at

    def land(self, fader: int) -> None:
        """Record that a finger is on the fader."""
        self._fingers.add(fader)
        self._touch(fader, inf)

    def lift(self, fader: int) -> None:
        """Record that the finger has left the fader."""
        self._fingers.discard(fader)
        if fader in self._release_at:
            self._release_at[fader] = self._clock() + LIFT_SECONDS

    def move(self, fader: int, step: int) -> None:
        """Touch the fader for a step (0–1023) about to be sent: earlier values from the DAW are out of date."""
        self._again(fader)
        self._moves[fader] = _Move(step, self._clock(), self._clock())
        self.arrived.discard(fader)  # an earlier move

    def _again(self, fader: int) -> None:
        self._touch(fader, inf if fader in self._fingers else self._clock() + PAUSE_SECONDS)
        self._ignored.pop(fader, None)

    def lost(self) -> list[tuple[int, int]]:
        """Return what is to be sent again, (fader, step), and touch those faders again: the touch may have been lost.

        A move is lost when its echo takes twice as long as any before. As it may be the echo that was lost, and a DAW
        says nothing of a fader that stands there already (Ardour 7.3), a step beside it goes first, unless the DAW's
        last word is so near that the fader does not stand there or the DAW is a coarse one. Where no echo is known,
        each last move is sent twice: it is absolute, and one message may be lost.
        """
        patience = min(max(ECHO_SECONDS, 2 * (self._echo_seconds or 0.0)), MOST_ECHO_SECONDS)
        late = [fader for fader, move in self._moves.items() if self._clock() - move.at > patience]
        ending = [fader for fader, at in self._release_at.items() if at <= self._clock()]
        due = [fader for fader in late if self._may_repeat(self._moves[fader])] if self.echoes else self._unsure(ending)
        return self._send_again(due)

    def unsure(self) -> list[tuple[int, int]]:
        """Return, as `lost` does, what is to be sent again where no echo is known and all faders are to be released."""
        return [] if self.echoes else self._send_again(self._unsure(self._release_at))

    def _send_again(self, due: Iterable[int]) -> list[tuple[int, int]]:
        again = list[tuple[int, int]]()
        for fader in due:
            move = self._moves[fader]
            move.at, move.sends = self._clock(), move.sends + 1
            self._note(fader, down=True)
            if self.echoes:
                if not self._is_near(fader, move):
                    again.append((fader, move.step + (BESIDE_STEPS if move.step < BESIDE_STEPS else -BESIDE_STEPS)))
                self._again(fader)
            again.append((fader, move.step))
        return again

    def _is_near(self, fader: int, move: _Move) -> bool:
        """Return whether the DAW's last word is beside the step of a move."""
        return fader in self._ignored and abs((self._ignored[fader] >> 4) - move.step) <= ECHO_STEPS

    def _unsure(self, ending: Iterable[int]) -> list[int]:
        """Return the faders about to be released whose moves were sent once, and of which the DAW has sent nothing."""
        unheard = (fader for fader in ending if fader in self._moves and fader not in self._ignored)
        return [fader for fader in unheard if self._moves[fader].sends == 1]

    def _may_repeat(self, move: _Move) -> bool:
        return self.echoes and move.sends < MOST_SENDS

    @property
    def waits(self) -> bool:
        """Whether a DAW that echoes has not echoed a move yet."""
        return self.echoes and bool(self._moves)

    def unanswered(self) -> list[int]:
        """Return the faders whose moves a DAW that echoes has not echoed, and forget these moves."""
        faders = list(self._moves) if self.echoes else []
        self._moves.clear()
        return faders

    def _touch(self, fader: int, release_at: float) -> None:
        if fader not in self._release_at:
            self._note(fader, down=True)
        self._release_at[fader] = release_at
        self._ignore_until[fader] = inf

    def takes(self, fader: int, value: int) -> bool:
        """Return whether a value from the DAW counts now; if not, the last one counts after the ignore time."""
        self._take_echo(fader, value)
        if fader not in self._ignore_until:
            self._end(fader)
            return True
        self._ignored[fader] = value
        return False

    def _take_echo(self, fader: int, value: int) -> None:
        move = self._moves.get(fader)
        away = abs((value >> 4) - move.step) if move else inf
        if move is None or away > ECHO_STEPS:
            return
        if self.is_down(fader):  # at a release any DAW may tell where the fader stands
            self._echo_seconds = max(self._echo_seconds or 0.0, self._clock() - move.first_at)
        if not away or move.sends > 1:
            self._end(fader)

    def _end(self, fader: int) -> None:
        """End the move of a fader: the DAW has said where it stands."""
        if self._moves.pop(fader, None):
            self.arrived.add(fader)

    def ignores(self, fader: int) -> bool:
        """Return whether values from the DAW do not count yet."""
        return fader in self._ignore_until

    def tend(self) -> dict[int, int | None]:
        """Release what is due; return faders whose ignore time is over, with the DAW's last value if any."""
        now = self._clock()
        for fader in [fader for fader, at in self._release_at.items() if at <= now]:
            self._release(fader, now)
        over = [fader for fader, until in self._ignore_until.items() if until <= now and not self._repeats(fader)]
        for fader in over:
            del self._ignore_until[fader]
            if fader in self._ignored:
                self._end(fader)  # the DAW's own value is what counts
        return {fader: self._ignored.pop(fader, None) for fader in over}

    def _repeats(self, fader: int) -> bool:
        move = self._moves.get(fader)
        return move is not None and self._may_repeat(move)

    def release_all(self) -> None:
        """Release all faders, as before a bank moves or a link closes."""
        self._fingers.clear()
        for fader in list(self._release_at):
            self._release(fader, self._clock())

    def _release(self, fader: int, now: float) -> None:
        del self._release_at[fader]
        self._ignore_until[fader] = now + self._ignore_seconds()
        self._note(fader, down=False)

    def _ignore_seconds(self) -> float:
        if self._echo_seconds is None:
            return IGNORE_SECONDS
        return min(max(2 * self._echo_seconds, SHORT_SECONDS), IGNORE_SECONDS)

"""Looks at what the DAW paints without being asked for it: at the banks behind the window, and at the window itself.

A DAW cannot be queried: it sends what has changed, once, and paints all of a window only when the window moves. So a
message from the DAW that is lost is noticed where something was waiting for it (a press without an LED), and otherwise
by the look at all banks, which ends with the window where it began. A session that fits into one window cannot be
painted again: what is lost there stands until its control moves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from remote_mixer.drivers.mackie.controls import Controls
from remote_mixer.drivers.mackie.navigator import Navigator
from remote_mixer.drivers.mackie.tracks import Match, Tracks
from remote_mixer.drivers.mackie.turns import Turns
from remote_mixer.midi.mackie import BANK_LEFT, BANK_RIGHT

SWEEP_SECONDS = 4.0
"""Time at rest after which the banks behind the window are looked at."""
SWEEP_PACE_SECONDS = 0.3
"""Time between two banks of such a look: the pace of a person, as the window of a surface beside ours moves too."""

Move = Callable[[Callable[[], Awaitable[bool]]], Awaitable[bool]]
"""Function that moves the window by a function of the navigator, and returns whether it is at a known place."""


class Looks:
    """Looks at rest and at a press without an answer; never while a finger is down.

    move  moves the window
    """

    def __init__(
        self,
        controls: Controls,
        tracks: Tracks,
        turns: Turns,
        navigator: Navigator,
        move: Move,
    ) -> None:
        self._controls, self._tracks, self._turns, self._navigator = controls, tracks, turns, navigator
        self._move, self._clock = move, turns.now
        self._rested_at = turns.now()
        self.sweeping = False
        """Whether the other banks are being looked at."""
        self.stale = False
        """Whether the tracks have to be learned again."""

    def may_sweep(self) -> bool:
        """Return whether the surface has been at rest for long enough to look at the other banks."""
        if not self._turns.resting or self.stale or self._tracks.match is not Match.SURE or self._tracks.alike:
            self._rested_at = self._clock()
        return self._clock() - self._rested_at > SWEEP_SECONDS

    async def sweep(self) -> None:
        """Look at all other banks, to notice new and moved tracks there, and come back; a hand ends it at once."""
        home = self._tracks.offset or 0
        self.sweeping = True
        if await self._look(BANK_RIGHT):
            await self._look(BANK_LEFT)
        if self._calm:
            await self._move(lambda: self._navigator.home(home))
        self.sweeping, self._rested_at = False, self._clock()

    @property
    def _calm(self) -> bool:
        return self._turns.resting and not self.stale

    async def _look(self, button: int) -> bool:
        """Look at the banks on one side, up to the key that changes nothing: there may be more than were known.

        At the pace of a person; returns whether all is as expected.
        """
        while self._calm:
            before = self._tracks.offset or 0
            self.stale |= not await self._move(lambda: self._navigator.step(button))
            # Where a full bank follows, a key that is not answered leaves open where the window is.
            self.stale |= self._tracks.offset == before and self._follows(button, before)
            if self.stale or self._tracks.offset in {before, None}:
                break
            await asyncio.sleep(SWEEP_PACE_SECONDS)
        return self._calm

    def _follows(self, button: int, offset: int) -> bool:
        """Return whether a button leads to another full bank."""
        return offset + 2 * self._width <= len(self._tracks.names) if button == BANK_RIGHT else offset > 0

    @property
    def _width(self) -> int:
        return len(self._tracks.window(0))

    def will_nudge(self) -> bool:
        """Return whether the window can be painted again, if need be later: more tracks than strips, no finger."""
        return len(self._tracks.names) > self._width and not self._tracks.alike and not self._turns.touched(frozenset())

    def can_nudge(self) -> bool:
        """Return whether the window can be painted again now."""
        return self.will_nudge() and self._tracks.sure and not self.stale

    async def nudge(self) -> list[str]:
        """Have the window painted again, as LEDs have not answered presses, and press again where that is needed.

        Returns the paths of the buttons whose tracks have left the window meanwhile, or where its place is open.
        """
        home, presses = self._tracks.offset or 0, self._controls.take_late()
        moved = await self._move(self._navigator.nudge)
        if moved and self._tracks.offset == home:
            self._controls.press_again(presses)
            return []
        self.stale |= not moved
        wanted = {self._tracks.path(home + strip, led): press.wanted for (strip, led), press in presses.items()}
        self._tracks.values |= wanted  # in place of what the lights say, as the presses were forgotten meanwhile
        return list(wanted)

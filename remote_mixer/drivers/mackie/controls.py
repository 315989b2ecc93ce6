"""Controls of the surface as the DAW sees them moved: touched faders, V-pots and buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import Protocol

from remote_mixer.drivers.mackie.feedback import Buttons, VPots
from remote_mixer.drivers.mackie.protocol import GLOBAL_LEDS, RING_STEPS
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.units import Units

PAUSE_SECONDS = 0.3
"""Time from the last move without a finger to the release."""
LIFT_SECONDS = 0.05
"""Time from a finger's lift to the release: its last value may still be on its way here."""
IGNORE_SECONDS = 0.2
"""Time after the release in which a DAW may still answer earlier moves."""


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

    def move(self, fader: int) -> None:
        """Touch the fader for a value about to be sent: earlier values from the DAW are out of date."""
        self._touch(fader, inf if fader in self._fingers else self._clock() + PAUSE_SECONDS)
        self._ignored.pop(fader, None)

    def _touch(self, fader: int, release_at: float) -> None:
        if fader not in self._release_at:
            self._note(fader, down=True)
        self._release_at[fader] = release_at
        self._ignore_until[fader] = inf

    def takes(self, fader: int, value: int) -> bool:
        """Return whether a value from the DAW counts now; if not, the last one counts after the ignore time."""
        if fader not in self._ignore_until:
            return True
        self._ignored[fader] = value
        return False

    def ignores(self, fader: int) -> bool:
        """Return whether values from the DAW do not count yet."""
        return fader in self._ignore_until

    def tend(self) -> dict[int, int | None]:
        """Release what is due; return faders whose ignore time is over, with the DAW's last value if any."""
        now = self._clock()
        for fader in [fader for fader, at in self._release_at.items() if at <= now]:
            self._release(fader, now)
        over = [fader for fader, until in self._ignore_until.items() if until <= now]
        for fader in over:
            del self._ignore_until[fader]
        return {fader: self._ignored.pop(fader, None) for fader in over}

    def release_all(self) -> None:
        """Release all faders, as before a bank moves or a link closes."""
        self._fingers.clear()
        for fader in list(self._release_at):
            self._release(fader, self._clock())

    def _release(self, fader: int, now: float) -> None:
        del self._release_at[fader]
        self._ignore_until[fader] = now + IGNORE_SECONDS
        self._note(fader, down=False)


NO_STRIP = -1
LOOK_SECONDS = 0.01
MOST_SECONDS = 1.5
"""Longest time that the window waits for moves to finish."""


class Controls:
    """Moves the strips in the window; a value from the DAW does not count while our own move settles.

    clock  seconds
    """

    def __init__(self, units: Units, clock: Callable[[], float]) -> None:
        self._units, self._clock = units, clock
        self._touch = FaderTouch(units.touch, clock)
        self._vpots = VPots(clock)
        self._buttons = Buttons(clock)
        self.surface = Surface(units.count, self._touch.takes, clock)

    def finger(self, fader: int, *, down: bool) -> None:
        """Record that a finger is on a fader, or has left it."""
        (self._touch.land if down else self._touch.lift)(fader)

    def holds(self, fader: int) -> bool:
        """Return whether a fader is touched, as seen by the DAW."""
        return self._touch.is_down(fader)

    def fader(self, fader: int, position: float) -> None:
        """Touch and move a fader."""
        self._touch.move(fader)
        self.surface.faders[fader] = position
        self._units.fader(fader, position)

    def pan(self, strip: int, position: float) -> None:
        """Turn a V-pot until its ring shows a position (0–1); one whose ring is dark stays."""
        self._vpots.want(strip, round(position * (RING_STEPS - 1)))

    def set_button(self, strip: int, led: str, *, on: bool) -> None:
        """Press a strip's button if its LED differs from the wanted state."""
        if self._buttons.needs_press((strip, led), self.surface.leds[led][strip], on):
            self._units.press(strip, led)

    def key(self, local: str, *, on: bool) -> None:
        """Press a button of the surface itself; transport buttons always, whatever their LEDs show."""
        needs = self._buttons.needs_press((NO_STRIP, local), self.surface.globals[local], on)
        if needs or local.startswith("transport/"):
            self._units.tap(GLOBAL_LEDS[local])

    def settled(self, strip: int, what: str) -> bool:
        """Return whether the shown value is final, not an intermediate one of our own move."""
        if what == "fader":
            return not self._touch.ignores(strip)
        if what == "pan":
            return not self._vpots.turning(strip)
        lit = self.surface.globals.get(what) if strip == NO_STRIP else self._lit(strip, what)
        self._buttons.on_led((strip, what), lit)
        return not self._buttons.waits((strip, what))

    def _lit(self, strip: int, what: str) -> bool | None:
        return self.surface.leds[what][strip] if what in self.surface.leds else None

    def tend(self) -> None:
        """Send due releases and V-pot ticks, and accept values of the DAW that were ignored so far."""
        for fader, value in self._touch.tend().items():
            if value is not None:
                self.surface.set_fader(fader, value)
            self.surface.fresh.add((fader, "fader"))
        ticks, turned = self._vpots.tend(self.surface.rings)
        for strip, count in ticks.items():
            self._units.pot(strip, count)
        self.surface.fresh |= {(strip, "pan") for strip in turned}
        self.surface.fresh |= self._buttons.overdue()

    async def done(self) -> None:
        """Wait until every V-pot has arrived and every press is answered; `tend` has to be called meanwhile."""
        await self._until(lambda: not self._vpots.busy and not self._buttons.busy)

    async def faders_settled(self) -> None:
        """Wait until values from the DAW count again for every fader."""
        await self._until(lambda: not any(map(self._touch.ignores, range(self.surface.width))))

    async def _until(self, there: Callable[[], bool]) -> None:
        end = self._clock() + MOST_SECONDS
        while not there() and self._clock() < end:  # noqa: ASYNC110 - the driver's pulse brings it about
            await asyncio.sleep(LOOK_SECONDS)

    def let_go(self) -> None:
        """Release all controls: the strips are about to change, or the link is about to close."""
        self._touch.release_all()
        self._vpots.clear()
        self._buttons.clear()

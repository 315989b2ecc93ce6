"""Our hands on the surface: faders with touch, V-pots, and buttons, by strip of the surface."""

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
"""From the last move without a finger to the release."""
LIFT_SECONDS = 0.05
"""From a finger's leaving to the release: its last value may still be on its way here."""
IGNORE_SECONDS = 0.2
"""After the release, in which a DAW may still answer to moves that are over."""


class TouchNote(Protocol):
    """Says that a finger has landed on a fader, or left it."""

    def __call__(self, fader: int, *, down: bool) -> None:
        """Say it."""


class FaderTouch:
    """The faders of a surface by number.

    note   told of a finger that the DAW shall receive of
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
        self._ignored.pop(fader, None)

    def _touch(self, fader: int, release_at: float) -> None:
        if fader not in self._release_at:
            self._note(fader, down=True)
        self._release_at[fader] = release_at
        self._ignore_until[fader] = inf

    def takes(self, fader: int, value: int) -> bool:
        """Tell whether what the DAW says counts at once; if not, the last of it counts when the quiet time is over."""
        if fader not in self._ignore_until:
            return True
        self._ignored[fader] = value
        return False

    def ignores(self, fader: int) -> bool:
        """Tell whether what the DAW says of a fader does not count yet."""
        return fader in self._ignore_until

    def tend(self) -> dict[int, int | None]:
        """Release what is due; return the faders that are listened to again, with the DAW's last word if any."""
        now = self._clock()
        for fader in [fader for fader, at in self._release_at.items() if at <= now]:
            self._release(fader, now)
        over = [fader for fader, until in self._ignore_until.items() if until <= now]
        for fader in over:
            del self._ignore_until[fader]
        return {fader: self._ignored.pop(fader, None) for fader in over}

    def release_all(self) -> None:
        """Let go of everything, as before a bank moves or a link closes."""
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
"""Longest that the window waits for what hands have begun."""


class Controls:
    """Moves what is in the window; whatever is on its way is not believed from the DAW until it has settled.

    clock  seconds
    """

    def __init__(self, units: Units, clock: Callable[[], float]) -> None:
        self._units, self._clock = units, clock
        self._touch = FaderTouch(units.touch, clock)
        self._vpots = VPots(clock)
        self._buttons = Buttons(clock)
        self.surface = Surface(units.count, self._touch.takes, clock)

    def finger(self, fader: int, *, down: bool) -> None:
        """Note that a finger landed on a fader or left it."""
        (self._touch.land if down else self._touch.lift)(fader)

    def holds(self, fader: int) -> bool:
        """Tell whether the DAW takes a fader for touched."""
        return self._touch.is_down(fader)

    def fader(self, fader: int, position: float) -> None:
        """Move a fader, touched as it must be."""
        self._touch.move(fader)
        self.surface.faders[fader] = position
        self._units.fader(fader, position)

    def pan(self, strip: int, position: float) -> None:
        """Turn a V-pot until its ring stands at a position (0–1); one whose ring is dark stays."""
        self._vpots.want(strip, round(position * (RING_STEPS - 1)))

    def led(self, strip: int, led: str, *, on: bool) -> None:
        """Press a strip's button where its led is not as wanted."""
        if self._buttons.needs_press((strip, led), self.surface.leds[led][strip], on):
            self._units.press(strip, led)

    def key(self, local: str, *, on: bool) -> None:
        """Press a button of the surface's own; those of the transport always, whatever their leds say."""
        needs = self._buttons.needs_press((NO_STRIP, local), self.surface.globals[local], on)
        if needs or local.startswith("transport/"):
            self._units.tap(GLOBAL_LEDS[local])

    def settled(self, strip: int, what: str) -> bool:
        """Tell whether what the DAW has painted there is the truth and not on its way; takes a led for an answer."""
        if what == "fader":
            return not self._touch.ignores(strip)
        if what == "pan":
            return not self._vpots.turning(strip)
        lit = self.surface.globals.get(what) if strip == NO_STRIP else self._lit(strip, what)
        self._buttons.heard((strip, what), lit)
        return not self._buttons.waits((strip, what))

    def _lit(self, strip: int, what: str) -> bool | None:
        return self.surface.leds[what][strip] if what in self.surface.leds else None

    def tend(self) -> None:
        """Do what is due: releases, ticks, and what the DAW said last while it was not listened to."""
        for fader, value in self._touch.tend().items():
            if value is not None:
                self.surface.put_fader(fader, value)
            self.surface.fresh.add((fader, "fader"))
        ticks, turned = self._vpots.tend(self.surface.rings)
        for strip, count in ticks.items():
            self._units.pot(strip, count)
        self.surface.fresh |= {(strip, "pan") for strip in turned}
        self.surface.fresh |= self._buttons.overdue()

    async def done(self) -> None:
        """Wait until every V-pot has been turned and every press is answered; `tend` gets them there."""
        await self._until(lambda: not self._vpots.busy and not self._buttons.busy)

    async def faders_settled(self) -> None:
        """Wait until the DAW is listened to again about every strip's fader."""
        await self._until(lambda: not any(map(self._touch.ignores, range(self.surface.width))))

    async def _until(self, there: Callable[[], bool]) -> None:
        end = self._clock() + MOST_SECONDS
        while not there() and self._clock() < end:  # noqa: ASYNC110 - what is waited for comes with the driver's pulse
            await asyncio.sleep(LOOK_SECONDS)

    def let_go(self) -> None:
        """Take all fingers off: the strips under them are about to be others, or the link is about to close."""
        self._touch.release_all()
        self._vpots.clear()
        self._buttons.clear()

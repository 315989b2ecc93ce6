"""Controls of the surface as the DAW sees them moved: touched faders, V-pots and buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from remote_mixer.drivers.mackie.fader_touch import FaderTouch
from remote_mixer.drivers.mackie.feedback import LED_SECONDS, MOST_LOOKS, MOST_PRESSES, Buttons, Key, Press, VPots
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.units import Units
from remote_mixer.midi.mackie import FADER_STEPS, GLOBAL_KEYS

NO_STRIP = -1
ALWAYS_PRESSED = GLOBAL_KEYS.keys() - {"flip", "transport/beats"}
"""Buttons of the transport: each press means something, whatever their LEDs show."""
GLIDE_STEP = 0.06
"""Part of the travel that a glide covers in one pulse."""
GLIDE_AFTER_SECONDS = 0.3
"""Waiting time from which a move that arrives late glides: nothing old arrives as one step."""
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
        self._glides: dict[int, float] = {}
        self._arrived: set[Key] = set()
        self._let_go_at = clock()
        self.surface = Surface(units.count, self._touch.takes, clock)

    def finger(self, fader: int, *, down: bool) -> None:
        """Record that a finger is on a fader, or has left it."""
        (self._touch.land if down else self._touch.lift)(fader)

    def holds(self, fader: int) -> bool:
        """Return whether a fader is touched, as seen by the DAW."""
        return self._touch.is_down(fader)

    def fader(self, fader: int, position: float, waited: float = 0.0) -> None:
        """Touch and move a fader; after a long wait, or during a glide, it glides there."""
        stands = self.surface.faders[fader]
        far = stands is not None and abs(position - stands) > GLIDE_STEP
        if far and (waited > GLIDE_AFTER_SECONDS or fader in self._glides):
            self._glides[fader] = position
            self._glide(fader)
        else:
            self._glides.pop(fader, None)
            self._move(fader, position)

    def _glide(self, fader: int) -> None:
        """Move a gliding fader one step on."""
        goal, stands = self._glides[fader], self.surface.faders[fader] or 0.0
        if abs(goal - stands) <= GLIDE_STEP:
            del self._glides[fader]
            self._move(fader, goal)
        else:
            self._move(fader, stands + (GLIDE_STEP if goal > stands else -GLIDE_STEP))

    def _move(self, fader: int, position: float) -> None:
        self._touch.move(fader, round(position * (FADER_STEPS - 1)))
        self.surface.faders[fader] = position
        self._units.fader(fader, position)

    def pan(self, strip: int, position: float) -> None:
        """Turn or push a V-pot until its pan stands at a position (0–1); one whose ring is dark stays."""
        self._vpots.want(strip, position)

    def set_button(self, strip: int, led: str, *, on: bool) -> None:
        """Press a strip's button if its LED differs from the wanted state."""
        rests = self._clock() - self._let_go_at > LED_SECONDS  # no light of the former window is to come
        painted = rests or self.surface.was_painted(strip, led)
        if self._buttons.needs_press((strip, led), self.surface.leds[led][strip], on, painted=painted):
            self._units.press(strip, led)

    @property
    def echoes(self) -> bool:
        """Whether the DAW is known to echo the moves of faders."""
        return self._touch.echoes

    def arrived(self) -> set[Key]:
        """Return the controls, by (strip, item), whose last values the DAW has; each once."""
        faders = {(fader, "fader") for fader in self._touch.arrived - self._glides.keys()}
        self._touch.arrived.clear()
        there = self._arrived | self._buttons.arrived | faders
        self._arrived, self._buttons.arrived = set(), set()
        return there

    def unanswered(self) -> set[Key]:
        """Return the controls whose last values the DAW has not answered, before their strips change."""
        faders = {(fader, "fader") for fader in (*self._touch.unanswered(), *self._glides)}
        return faders | {(pot, "pan") for pot in self._vpots.unanswered()} | self._buttons.unanswered()

    def key(self, local: str, *, on: bool) -> None:
        """Press a button of the surface itself; transport buttons always, whatever their LEDs show."""
        needs = self._buttons.needs_press((NO_STRIP, local), self.surface.globals[local], on)
        if needs or local in ALWAYS_PRESSED:
            self._units.tap(GLOBAL_KEYS[local])

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

    @property
    def late(self) -> bool:
        """Whether the LED of a strip's button has not answered in time."""
        return bool(self._buttons.late)

    def take_late(self) -> dict[Key, Press]:
        """Return the unanswered presses of strips' buttons, and forget them until the DAW has painted their LEDs."""
        return self._buttons.take_late()

    def press_again(self, presses: Mapping[Key, Press]) -> None:
        """Press again the buttons whose LEDs are not as wanted; wait again for those that were not painted just now.

        After some times the LED counts if it was painted, and its state is not known if it was not.
        """
        for (strip, led), press in presses.items():
            painted = self.surface.is_painted(strip, led)
            lit = self._lit(strip, led) if painted else None
            if painted and lit is not press.wanted and press.presses < MOST_PRESSES:
                self._buttons.again((strip, led), press)
                self._units.press(strip, led)
            elif not painted and press.looks < MOST_LOOKS:
                self._buttons.wait_again((strip, led), press)
            else:
                self._buttons.arrived.add((strip, led))
                self.surface.leds[led][strip] = lit

    def tend(self, *, repaints: bool, sure: bool) -> None:
        """Send due releases and V-pot ticks, and accept values of the DAW that were ignored so far.

        repaints  whether the DAW will paint the LEDs that have not answered
        sure      whether each strip shows the track that it is expected to
        """
        self._units.tend()
        for fader in list(self._glides):
            self._glide(fader)
        self._send_steps(self._touch.lost())
        if sure:
            self._see_lights()
        if not (repaints and self.late):
            self._end_late(sure=sure)
        for fader, value in self._touch.tend().items():
            if value is not None:
                self.surface.set_fader(fader, value)
            self.surface.fresh.add((fader, "fader"))
        moves, turned = self._vpots.tend(self.surface.pan)
        for strip, move in moves.items():
            self._units.pot(strip, move)
        self._arrived |= {(strip, "pan") for strip in turned}
        self.surface.fresh |= {(strip, "pan") for strip in turned}

    def _send_steps(self, steps: Iterable[tuple[int, int]]) -> None:
        for fader, step in steps:
            self._units.fader(fader, step / (FADER_STEPS - 1))

    def _see_lights(self) -> None:
        """Take the lights of strips as answers: one that came while they were in doubt must not be pressed away.

        One that came after its button was left as it was is pressed: it had been the former window's.
        """
        for strip, led in self._buttons.expected:
            if strip != NO_STRIP:
                self._buttons.on_led((strip, led), self._lit(strip, led))
        for strip, led in self._buttons.stand(self._lit, self.surface.was_painted):
            self._units.press(strip, led)

    def _end_late(self, *, sure: bool) -> None:
        """Press again what is due; where no LED answers at all, its state is not known."""
        for strip, led in self._buttons.repeat() if sure else ():
            self._units.press(strip, led)
        for (strip, what), believed in self._buttons.overdue(sure=sure).items():
            if not believed:
                self.surface.leds[what][strip] = None
            self.surface.fresh.add((strip, what))

    async def done(self) -> None:
        """Wait until all moves have arrived and presses are answered or late; `tend` has to be called meanwhile."""
        await self._until(lambda: not (self._glides or self._vpots.busy or self._buttons.busy or self._touch.waits))

    async def faders_settled(self) -> None:
        """Wait until values from the DAW count again for every fader."""
        await self._until(lambda: not any(map(self._touch.ignores, range(self.surface.width))))

    async def _until(self, there: Callable[[], bool]) -> None:
        end = self._clock() + MOST_SECONDS
        while not there() and self._clock() < end:  # noqa: ASYNC110 - the driver's pulse brings it about
            await asyncio.sleep(LOOK_SECONDS)

    def send_unsure(self) -> None:
        """Send once more what may be lost, before the strips change: the release that would do so comes too late."""
        self._send_steps(self._touch.unsure())

    def let_go(self) -> None:
        """Release all controls: the strips are about to change, or the link is about to close."""
        self._let_go_at = self._clock()
        self._touch.release_all()
        self._glides.clear()
        self._vpots.clear()
        self._buttons.clear()

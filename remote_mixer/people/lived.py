"""Clock of lifetimes: it counts the seconds that pass, so a leap of the computer's clock ends nobody's time.

A board without a battery starts in 1970 or at its last shutdown, and meets the true time in the middle of a soundcheck.
Times of people, sessions, invitations and requests are of this clock: seconds since 1970 as the computer's clock has
them while it does not leap, and counted on where it does. The account is kept in the database.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count

from remote_mixer.desk.refusal import Refusal
from remote_mixer.people.person import Setting
from remote_mixer.people.records import Records

CLOCK_SETTING = "clock"
LATEST = 253_402_300_799.0
"""The last second of the year 9999, the latest that can be shown."""
LEAP_SECONDS = 300.0
"""Smallest difference between both clocks that is a leap: a time server corrects less without a word."""
LONGEST_ABSENCE_SECONDS = 14 * 24 * 3600.0
"""Longest time without the program that is taken from the computer's clock; a longer one may be a leap."""
LOOK_SECONDS, LOOKS_PER_SAVE = 10.0, 6
"""Time between looks at the computer's clock, and the number of looks from one save of the account to the next."""

log = logging.getLogger(__name__)


def seconds_passed() -> float:
    """Return seconds from an arbitrary moment that never go back, with those in which the computer slept."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)  # Linux; elsewhere the monotonic clock does not stop in sleep
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class LivedClock:
    """Clock for lifetimes: call it for the present time.

    wall    the computer's clock, seconds since 1970; it may leap
    passed  seconds that never go back
    """

    def __init__(self, saved: Setting | None, wall: Callable[[], float], passed: Callable[[], float]) -> None:
        """Go on from the saved account; without one, begin at the computer's time."""
        self._wall, self._passed = wall, passed
        self.notices: list[str] = []
        """Sentences for a person about leaps of the computer's clock, the newest alone."""
        self._start = wall()
        self._started = passed()
        if saved and (account := _read(saved)):
            self._go_on(*account)
        self._known_offset = self.offset

    def _go_on(self, lived: float, wall: float) -> None:
        absence = self._wall() - wall
        is_leap = not -LEAP_SECONDS <= absence <= LONGEST_ABSENCE_SECONDS
        self._start = lived + (0.0 if is_leap else max(absence, 0.0))
        if is_leap:
            self._note(absence)

    def __call__(self) -> float:
        """Return the present time."""
        return self._start + self._passed() - self._started

    @property
    def offset(self) -> float:
        """Seconds by which the computer's clock is ahead of this one."""
        return self._wall() - self()

    @property
    def ahead(self) -> float:
        """`offset` in whole seconds, to show times in; 0 while there was no leap."""
        return float(round(self.offset)) if abs(self.offset) >= LEAP_SECONDS else 0.0

    def computer_time(self) -> float:
        """Return the computer's present time, for what another program of this computer has dated."""
        return self._wall()

    def lasting(self, until: Callable[[float], float]) -> float:
        """Return the time of this clock at a moment that is a function of the computer's present time."""
        now = self._wall()
        return self() + until(now) - now

    def setting(self) -> Setting:
        """Return the account, to be saved."""
        return Setting(CLOCK_SETTING, json.dumps({"lived": self(), "wall": self._wall()}))

    def look(self) -> bool:
        """Note a leap of the computer's clock since the last look; return whether there was one."""
        leap = self.offset - self._known_offset
        if abs(leap) < LEAP_SECONDS:
            return False
        self._known_offset = self.offset
        self._note(leap)
        return True

    def follow(self) -> None:
        """Take the computer's time; for a moment at which nothing has a lifetime."""
        self._start, self._started = self._wall(), self._passed()
        self._known_offset = self.offset

    def _note(self, leap: float) -> None:
        direction = "forward" if leap > 0 else "back"
        notice = (
            f"The clock of this computer leapt {direction} by {_words(abs(leap))}. Nobody was removed, no "
            "invitation ended and nothing was deleted for that: times count on from before. See that date and time are "
            "right."
        )
        self.notices = [notice]
        log.warning(notice)


class ClockWatch:
    """Looks at the computer's clock, and saves the account of the lived time."""

    def __init__(self, records: Records, clock: LivedClock) -> None:
        self._records, self._clock = records, clock
        self.leapt: list[Callable[[], None]] = []
        """Called after a leap of the computer's clock."""
        self.keeps_more: Callable[[], bool] = lambda: False
        """Asked whether anything but people and invitations has a lifetime here, as moves and scenes in the bin."""

    async def tend(self) -> None:
        """Look every ten seconds and save once a minute, until cancelled."""
        for looks in count():
            self.look()
            if looks % LOOKS_PER_SAVE == 0:
                with suppress(Refusal):  # the disk's own notice says it; the account lives on in memory
                    await self.save()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Notice a leap; while nothing has a lifetime the computer's time is simply taken."""
        if not self._records.people and not self._records.invitations and not self.keeps_more():
            self._clock.follow()
        elif self._clock.look():
            for listener in self.leapt:
                listener()

    async def save(self) -> None:
        """Save the account. Raises Refusal: not-kept."""
        setting = self._clock.setting()
        self._records.upsert(setting)
        await self._records.save(setting)


def _words(seconds: float) -> str:
    whole = timedelta(seconds=round(seconds))
    return f"{whole.days} days" if whole.days > 1 else f"{seconds / 3600:.1f} hours"


def _read(saved: Setting) -> tuple[float, float] | None:
    """Return a saved account (lived, wall); None where it is damaged."""
    try:
        account = json.loads(saved.value)
        lived, wall = float(account["lived"]), float(account["wall"])
    except (ValueError, LookupError, TypeError, OverflowError):
        return None
    return (lived, wall) if 0 <= lived <= LATEST and 0 <= wall <= LATEST else None

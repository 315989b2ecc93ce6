"""Turns of the banks: which track the window goes to next, so that hands in several banks all move on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from math import inf

Key = tuple[int, str]
"""A track (from 0) and the local path of one of its params."""
POSITIONS = frozenset({"fader", "pan"})
"""Params that a hand moves on and on; the others are buttons, and go first."""
SLICE_SECONDS = 0.15
"""Longest time that a moving hand keeps its bank while a hand in another one waits."""
MOVING_SECONDS = 0.1
"""Time after its last value in which a hand counts as moving."""
CALL_SECONDS = 0.3
"""Time after which a call that was not repeated is over: its value has been dropped."""
QUERY_SECONDS = 3.0
"""Longest time that a hand's call to hear a value lasts."""


@dataclass
class Call:
    """One param that waits for its track; `until` is when the call ends by itself."""

    since: float
    until: float


class Turns:
    """Calls for tracks, by values that wait in the guard's outbox and by hands that must first hear where a fader is.

    Buttons go first, then the call that has waited longest. A resting finger keeps no bank.

    strip  track → the strip that shows it; None outside the window
    clock  seconds
    """

    def __init__(self, strip: Callable[[int], int | None], clock: Callable[[], float]) -> None:
        self._strip = strip
        self.now = clock
        self.wake = asyncio.Event()
        """Set when the window may have to move."""
        self._calls: dict[Key, Call] = {}
        self._fingers: dict[Key, None] = {}
        self._arrived_at = self._moved_at = -inf

    def held(self, local: str) -> list[int]:
        """Return the tracks on whose fader or other param (by local path) a finger is."""
        return [track for track, held in self._fingers if held == local]

    def touched(self, but: Set[int]) -> bool:
        """Return whether any finger is down, but on these tracks."""
        return any(track not in but for track, _ in self._fingers)

    @property
    def waiting(self) -> bool:
        """Whether any call waits."""
        return bool(self._calls)

    @property
    def resting(self) -> bool:
        """Whether no finger is down, no call waits and no hand is moving."""
        return not self._fingers and not self._calls and self.now() - self._moved_at > MOVING_SECONDS

    def hold(self, track: int, local: str, *, down: bool) -> None:
        """Record a finger's landing or lifting."""
        if down:
            self._fingers[track, local] = None
        else:
            self._fingers.pop((track, local), None)

    def call(self, track: int, local: str, seconds: float = CALL_SECONDS) -> None:
        """Call for a track, or repeat the call."""
        now = self.now()
        call = self._calls.setdefault((track, local), Call(now, now))
        call.until = max(call.until, now + seconds)
        self.wake.set()

    def served(self, track: int, local: str) -> float:
        """End a call, as its value leaves now; return how long it has waited, in seconds."""
        self._moved_at = self.now()
        call = self._calls.pop((track, local), None)
        return self._moved_at - call.since if call else 0.0

    def arrived(self) -> None:
        """Record that the window has come to another place, and what it shows is heard: calls to hear it end soon."""
        self._arrived_at = self.now()
        for (track, _), call in self._calls.items():
            if self._strip(track) is not None:
                call.until = min(call.until, self._arrived_at + CALL_SECONDS)

    def next(self, but: Set[int]) -> int | None:
        """Return the track that the window goes to now, none of `but`; None to stay."""
        now = self.now()
        self._calls = {key: call for key, call in self._calls.items() if call.until > now}
        away = [key for key in self._calls if self._strip(key[0]) is None and key[0] not in but]
        if not away:
            return None
        track, local = min(away, key=lambda key: (key[1] in POSITIONS, self._calls[key].since))
        return None if self._stays(now, now - self._moved_at < MOVING_SECONDS and local in POSITIONS) else track

    def _stays(self, now: float, moving: bool) -> bool:
        """Return whether the window stays: what called it is not served yet, or a hand there is moving."""
        return now - self._arrived_at < SLICE_SECONDS and (moving or len(self._calls) > self._count_away())

    def _count_away(self) -> int:
        return sum(self._strip(track) is None for track, _ in self._calls)

    def forget(self, track: int) -> list[Key]:
        """Drop the calls for a track that cannot be found; return their keys."""
        dropped = [key for key in self._calls if key[0] == track]
        for key in dropped:
            del self._calls[key]
        return dropped

    def keep(self, tracks: Set[int]) -> Iterable[Key]:
        """Drop fingers and calls of all other tracks; return the keys of the dropped calls."""
        dropped = [key for key in self._calls if key[0] not in tracks]
        self._calls = {key: call for key, call in self._calls.items() if key[0] in tracks}
        self._fingers = {key: None for key in self._fingers if key[0] in tracks}
        return dropped
